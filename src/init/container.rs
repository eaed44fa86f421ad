//! Evidence in an existing `Dockerfile`, in a `Procfile` and in `.env.example`: what runs today, in any language.

use super::clues::{Clues, Hint, Language};
use super::command_line;
use super::dockerfile::{Dockerfile, Instruction, exec_words, image_and_tag};
use super::evidence::{Clue, Evidence};
use super::release::{self, Statement};
use super::snapshot::Snapshot;

const DOCKERFILE: &str = "Dockerfile";
const DOTENV: &str = ".env.example";
/// Most lines of `.env.example` that are read; a longer list is no help as a comment.
const MOST_VARIABLES: usize = 200;

/// Languages whose base images the Dockerfile uses.
pub fn languages(snapshot: &Snapshot) -> Vec<Clue<Language>> {
    let bases = snapshot.text(DOCKERFILE).map(Dockerfile::parse).unwrap_or_default().bases;
    bases.iter().filter_map(|from| Some(Clue::likely(language_of(from)?, at(from, &from.arguments)))).collect()
}

/// Reads what the files say for a project in `language`.
pub fn read(snapshot: &Snapshot, language: Language) -> Clues {
    let mut clues = Clues::default();
    if let Some(text) = snapshot.text(DOCKERFILE) {
        let dockerfile = Dockerfile::parse(text);
        add_releases(&dockerfile, language, &mut clues);
        add_ports(&dockerfile, &mut clues);
        add_start(&dockerfile, snapshot, language, &mut clues);
        add_user(&dockerfile, &mut clues);
    }
    add_procfile(snapshot, language, &mut clues);
    add_dotenv(snapshot, &mut clues);
    clues
}

fn at(instruction: &Instruction, says: &str) -> Evidence {
    Evidence::line(DOCKERFILE, instruction.line, format!("{} {says}", instruction.keyword))
}

fn language_of(from: &Instruction) -> Option<Language> {
    match image_and_tag(from)?.0 {
        "node" => Some(Language::Node),
        "python" => Some(Language::Python),
        "golang" => Some(Language::Go),
        _ => None,
    }
}

fn add_releases(dockerfile: &Dockerfile, language: Language, clues: &mut Clues) {
    for from in dockerfile.bases.iter().filter(|from| language_of(from) == Some(language)) {
        let tag = image_and_tag(from).map_or("", |(_, tag)| tag);
        let version = tag.split('-').next().unwrap_or_default();
        let is_version = version.starts_with(|c: char| c.is_ascii_digit());
        let allowed = match language {
            Language::Node => release::node(version),
            Language::Python => release::python(version),
            Language::Go => release::go_exact(version),
        };
        let statement =
            allowed.filter(|_| is_version).map(|allowed| Statement { allowed, evidence: at(from, &from.arguments) });
        clues.releases.extend(statement);
    }
}

/// `EXPOSE`, `ENV PORT`, and the address that `HEALTHCHECK` calls.
fn add_ports(dockerfile: &Dockerfile, clues: &mut Clues) {
    for expose in dockerfile.all("EXPOSE") {
        let ports = expose.arguments.split_whitespace().filter_map(|word| match word.split_once('/') {
            Some((port, protocol)) if protocol.eq_ignore_ascii_case("tcp") => port.parse().ok(),
            Some(_) => None,
            None => word.parse().ok(),
        });
        clues.port.extend(ports.map(|port: u16| Clue::certain(port, at(expose, &expose.arguments))));
    }
    for env in dockerfile.all("ENV") {
        let value = env.arguments.strip_prefix("PORT=").or(env.arguments.strip_prefix("PORT "));
        let port = value.and_then(|value| value.trim().trim_matches('"').parse().ok());
        clues.port.extend(port.map(|port| Clue::likely(port, at(env, &env.arguments))));
    }
    let Some(check) = dockerfile.effective("HEALTHCHECK") else { return };
    if let Some((port, path)) = called_address(&check.arguments) {
        clues.port.extend(port.map(|port| Clue::likely(port, at(check, &format!("calls port {port}")))));
        if path.len() > 1 {
            clues.health.push(Clue::likely(path.clone(), at(check, &format!("calls {path}"))));
        }
    }
}

/// Port and path of the first `http://localhost:…` in a command.
fn called_address(command: &str) -> Option<(Option<u16>, String)> {
    let (_, rest) = command.split_once("http://")?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-._~/:[]%".contains(c)).unwrap_or(rest.len());
    let (authority, path) = rest[..end].split_once('/').unwrap_or((&rest[..end], ""));
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
    let is_local = matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "[::1]" | "[:");
    is_local.then(|| (port.parse().ok(), format!("/{path}")))
}

/// `ENTRYPOINT` and `CMD` as one command, an init process taken off.
fn add_start(dockerfile: &Dockerfile, snapshot: &Snapshot, language: Language, clues: &mut Clues) {
    let entrypoint = dockerfile.effective("ENTRYPOINT");
    let command = dockerfile.effective("CMD");
    let Some(place) = command.or(entrypoint) else { return };
    let mut words = Vec::new();
    for instruction in [entrypoint, command].into_iter().flatten() {
        let evidence = at(instruction, "");
        match exec_words(&instruction.arguments) {
            Some(exec) => words.extend(exec),
            None => match command_line::read(&instruction.arguments) {
                Ok(line) if line.variables.is_empty() => words.extend(line.words),
                Ok(_) => return clues.refuse_start("it sets variables, which needs a shell", evidence),
                Err(reason) => return clues.refuse_start(reason, evidence),
            },
        }
    }
    let inits = ["tini", "dumb-init", "/sbin/tini", "/usr/bin/tini", "/usr/bin/dumb-init", "--"];
    let skipped = words.iter().take_while(|word| inits.contains(&word.as_str())).count();
    words.drain(..skipped);
    let first = words.first().cloned().unwrap_or_default();
    if first.ends_with("entrypoint.sh") || first.ends_with("entrypoint") {
        return clues.refuse_start("it goes through an entrypoint script; say what that script starts", at(place, ""));
    }
    let shown = words.join(" ");
    let line = match language {
        Language::Node => super::node::resolve_script(snapshot, &words),
        Language::Python | Language::Go => command_line::from_words(&words),
    };
    let says = if line.is_ok() { shown } else { String::new() };
    clues.add_start(line, at(place, &says));
}

/// A numeric user other than root; files on volumes may belong to it.
fn add_user(dockerfile: &Dockerfile, clues: &mut Clues) {
    let Some(user) = dockerfile.effective("USER") else { return };
    let number = user.arguments.split(':').next().and_then(|user| user.parse::<u32>().ok());
    if let Some(number) = number.filter(|number| *number > 0) {
        clues.user = Some((number, at(user, &user.arguments)));
    }
}

/// The `web` line of a Procfile.
fn add_procfile(snapshot: &Snapshot, language: Language, clues: &mut Clues) {
    let mut lines = super::lines::meaningful(snapshot.text("Procfile").unwrap_or_default());
    let Some((number, command)) = lines.find_map(|(number, line)| Some((number, line.strip_prefix("web:")?))) else {
        return;
    };
    let command = command_line::read(command.trim()).and_then(|command| match language {
        Language::Node => super::node::resolve_script(snapshot, &command.words),
        Language::Python | Language::Go => Ok(command),
    });
    let says = command.as_ref().map_or(String::new(), |command| command.words.join(" "));
    clues.add_start(command, Evidence::line("Procfile", number, says));
}

/// Names in `.env.example`; of the values only `PORT` is looked at.
fn add_dotenv(snapshot: &Snapshot, clues: &mut Clues) {
    for (number, line) in super::lines::meaningful(snapshot.text(DOTENV).unwrap_or_default()).take(MOST_VARIABLES) {
        let Some((name, value)) = line.strip_prefix("export ").unwrap_or(line).split_once('=') else { continue };
        let name = name.trim();
        let is_name = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if !is_name || name.len() > 64 {
            continue;
        }
        let evidence = Evidence::line(DOTENV, number, name);
        if name == "PORT" {
            let port = value.trim().trim_matches('"').parse().ok();
            clues
                .port
                .extend(port.map(|port| Clue::likely(port, Evidence::line(DOTENV, number, format!("PORT={port}")))));
        } else {
            let hint = match name {
                "REDIS_URL" => Some(Hint::Redis),
                "MONGODB_URI" | "MONGO_URL" => Some(Hint::Mongodb),
                _ => None,
            };
            clues.hints.extend(hint.map(|hint| (hint, evidence.clone())));
            clues.variables.push((name.to_owned(), evidence));
        }
    }
}

/// Whether a variable of this name usually holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    const PARTS: &[&str] = &[
        "PASSWORD",
        "PASSWD",
        "SECRET",
        "TOKEN",
        "KEY",
        "CREDENTIALS",
        "DSN",
        "DATABASE_URL",
        "REDIS_URL",
        "MONGODB_URI",
        "MONGO_URL",
        "AMQP_URL",
    ];
    PARTS.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::snapshot::Content;

    fn clues(dockerfile: &str) -> Clues {
        let files = [(DOCKERFILE.to_owned(), Content::Text(dockerfile.to_owned()))].into();
        read(&Snapshot { files, ..Snapshot::default() }, Language::Python)
    }

    fn start(dockerfile: &str) -> String {
        clues(dockerfile).start.first().map(|clue| clue.value.join(" ")).unwrap_or_default()
    }

    #[test]
    fn commands() {
        assert_eq!(start("FROM a\nENTRYPOINT [\"tini\", \"--\"]\nCMD [\"uvicorn\", \"a:b\"]\n"), "uvicorn a:b");
        assert_eq!(start("FROM a\nENTRYPOINT [\"python\"]\nCMD [\"a.py\"]\n"), "python a.py");
        assert_eq!(start("FROM a\nCMD gunicorn a:b\n"), "gunicorn a:b");
        assert_eq!(start("FROM a\nCMD gunicorn --bind :$PORT a:b\n"), "");
        assert_eq!(start("FROM a\nENTRYPOINT [\"/docker-entrypoint.sh\"]\nCMD [\"x\"]\n"), "");
    }

    #[test]
    fn ports_and_health() {
        let found =
            clues("FROM a\nEXPOSE 8000/tcp 53/udp\nHEALTHCHECK CMD curl -f http://localhost:8000/healthz || exit 1\n");
        assert_eq!(found.port.iter().map(|clue| clue.value).collect::<Vec<_>>(), [8000, 8000]);
        assert_eq!(found.health[0].value, "/healthz");
        assert!(called_address("curl http://db.internal:5432/x").is_none());
    }
}
