//! Evidence of a Node project: `package.json`, lock files, version files.

use super::clues::{Clues, Gate, hint_of};
use super::command_line::{self, CommandLine};
use super::evidence::{Certainty, Clue, Evidence, Verdict, weigh};
use super::json::Object;
use super::release::{self, Statement};
use super::snapshot::Snapshot;
use crate::text::visible;

const MANIFEST: &str = "package.json";
/// Most lines of `.tool-versions` that are read.
const MOST_TOOLS: usize = 50;
/// How far one script may hand over to another (`start` -> `start:prod` -> …).
const MAX_HANDOVERS: usize = 5;

/// Reads everything that speaks about a Node project.
pub fn read(snapshot: &Snapshot) -> Clues {
    let mut clues = Clues { package_manager_missing: MISSING_LOCK.to_owned(), ..Clues::default() };
    add_lock_files(snapshot, &mut clues);
    add_version_files(snapshot, &mut clues);
    let Some(text) = snapshot.text(MANIFEST) else { return clues };
    match Object::parse(text) {
        Ok(package) => add_manifest(&package, &mut clues),
        Err(error) => clues.notes.push(Evidence::line(MANIFEST, error.line(), format!("is not JSON: {error}"))),
    }
    clues
}

/// Whether `package.json` describes something that runs, rather than tools of a project in another language.
pub fn is_application(snapshot: &Snapshot) -> bool {
    let Some(text) = snapshot.text(MANIFEST) else { return snapshot.has(MANIFEST) };
    Object::parse(text).map_or(true, |package| {
        let scripts = package.object("scripts");
        scripts.line_of("start").is_some()
            || !package.object("dependencies").is_empty()
            || package.line_of("main").is_some()
    })
}

/// The script that a command hands over to, if it does: `npm start`, `npm run x`, `yarn x`, `pnpm x`.
pub fn script_of(words: &[String]) -> Option<&str> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["npm" | "pnpm" | "yarn", "start"] => Some("start"),
        ["npm" | "pnpm" | "yarn", "run" | "run-script", script] => Some(script),
        ["pnpm" | "yarn", script] if !script.starts_with('-') => Some(script),
        _ => None,
    }
}

/// Follows `words` through the scripts of `package.json` to the command that really runs.
///
/// # Errors
/// Why that command cannot be taken over.
pub fn resolve_script(snapshot: &Snapshot, words: &[String]) -> Result<CommandLine, &'static str> {
    let package = snapshot.text(MANIFEST).and_then(|text| Object::parse(text).ok());
    follow(package.as_ref(), command_line::from_words(words)?)
}

const MISSING_LOCK: &str = "there is no lock file, and an image cannot be built the same way twice without one; \
     create one (npm install --package-lock-only) and commit it";

fn add_lock_files(snapshot: &Snapshot, clues: &mut Clues) {
    let locks = [
        ("npm-shrinkwrap.json", "npm"),
        ("package-lock.json", "npm"),
        ("pnpm-lock.yaml", "pnpm"),
        ("yarn.lock", "yarn"),
    ];
    let present = locks.into_iter().filter(|(file, _)| snapshot.has(file));
    clues.package_manager.extend(present.map(|(file, manager)| Clue::certain(manager, Evidence::file(file))));
    for file in ["bun.lock", "bun.lockb"].into_iter().filter(|file| snapshot.has(file)) {
        clues.notes.push(Evidence::file(file).remark("is Bun's; the profile node builds with npm, pnpm or yarn"));
    }
}

fn add_version_files(snapshot: &Snapshot, clues: &mut Clues) {
    for file in [".nvmrc", ".node-version"] {
        let line = snapshot.text(file).and_then(|text| super::lines::meaningful(text).next());
        if let Some((number, version)) = line {
            add_release(version, Evidence::line(file, number, version), clues);
        }
    }
    let tools = snapshot.text(".tool-versions").unwrap_or_default();
    for (number, line) in super::lines::meaningful(tools).take(MOST_TOOLS) {
        if let Some(version) = line.strip_prefix("nodejs ").or(line.strip_prefix("node ")) {
            add_release(version, Evidence::line(".tool-versions", number, line), clues);
        }
    }
}

fn add_release(version: &str, evidence: Evidence, clues: &mut Clues) {
    match release::node(version) {
        Some(allowed) => clues.releases.push(Statement { allowed, evidence }),
        None => clues.notes.push(evidence.remark(format!("says \"{}\", which names no release", visible(version)))),
    }
}

fn add_manifest(package: &Object<'_>, clues: &mut Clues) {
    let at = |line: usize, says: String| Evidence::line(MANIFEST, line, says);
    if let Some(name) = package.string("name") {
        let evidence = at(name.line, name.value.clone());
        clues.name.push(Clue::certain(name.value, evidence));
    }
    if let Some(manager) = package.string("packageManager") {
        let evidence = at(manager.line, format!("packageManager {}", manager.value));
        let known = ["npm", "pnpm", "yarn"].into_iter().find(|known| manager.value.split('@').next() == Some(known));
        match known {
            Some(known) => clues.package_manager.push(Clue::certain(known, evidence)),
            None => clues.notes.push(evidence.remark("names a package manager that the profile node does not know")),
        }
    }
    for (section, key) in [("engines", "node"), ("volta", "node")] {
        if let Some(version) = package.object(section).string(key) {
            add_release(&version.value, at(version.line, format!("{section}.{key} {}", version.value)), clues);
        }
    }
    add_scripts(package, clues);
    let dependencies = package.object("dependencies");
    let hints =
        dependencies.strings().filter_map(|(name, version)| Some((hint_of(name)?, at(version.line, name.to_owned()))));
    clues.hints.extend(hints);
}

fn add_scripts(package: &Object<'_>, clues: &mut Clues) {
    let scripts = package.object("scripts");
    let at = |line: usize, script: &str| Evidence::line(MANIFEST, line, format!("scripts.{script}"));
    let manager = match weigh(&clues.package_manager, "") {
        Verdict::Found { value, .. } => value,
        _ => "npm",
    };
    if let Some(build) = scripts.string("build") {
        clues.build.push(Clue::certain(format!("{manager} run build"), at(build.line, "build")));
    }
    add_start(package, clues);
    for (name, script) in [("lint", "lint"), ("types", "typecheck"), ("types", "type-check"), ("unit", "test")] {
        let Some(line) = scripts.string(script) else { continue };
        // What `npm init` writes: it always fails.
        let is_placeholder = line.value.contains("no test specified");
        if !is_placeholder {
            let run = if script == "test" { format!("{manager} test") } else { format!("{manager} run {script}") };
            clues.gates.push(Gate { name, run, evidence: at(line.line, script) });
        }
    }
    let migrations = ["migrate", "db:migrate", "migrate:deploy", "migrate:up", "migration:run", "prisma:migrate"];
    clues.migrate = migrations.into_iter().find_map(|script| {
        let line = scripts.line_of(script)?;
        Some((vec![manager.to_owned(), "run".to_owned(), script.to_owned()], at(line, script)))
    });
}

/// The production variant of the start script, where there is one, else `start`, else what `main` implies.
fn add_start(package: &Object<'_>, clues: &mut Clues) {
    let scripts = package.object("scripts");
    let found =
        ["start:prod", "start:production", "start"].into_iter().find_map(|name| Some((name, scripts.string(name)?)));
    let Some((name, line)) = found else {
        if let Some(main) = package.string("main") {
            let words = vec!["node".to_owned(), main.value.clone()];
            let evidence = Evidence::line(MANIFEST, main.line, format!("main {}", main.value));
            clues.start.push(Clue { value: words, certainty: Certainty::Guess, evidence });
        }
        return;
    };
    let command = command_line::read(&line.value).and_then(|command| follow(Some(package), command));
    let says = match &command {
        Ok(command) => format!("scripts.{name}: {}", command.words.join(" ")),
        Err(_) => format!("scripts.{name}"),
    };
    clues.add_start(command, Evidence::line(MANIFEST, line.line, says));
    if let Some(hook) = scripts.line_of(&format!("pre{name}")) {
        let note = format!("scripts.pre{name} is run by the package manager only, not in the container");
        clues.notes.push(Evidence::line(MANIFEST, hook, "").remark(note));
    }
}

/// Replaces `npm run x` by what `x` runs, and a bare program by its path below `node_modules`.
fn follow(package: Option<&Object<'_>>, mut command: CommandLine) -> Result<CommandLine, &'static str> {
    for _ in 0..MAX_HANDOVERS {
        let Some(script) = script_of(&command.words) else { return runnable(package, command) };
        let line = package.and_then(|package| package.object("scripts").string(script));
        let next = command_line::read(&line.ok_or("it runs a script that package.json does not have")?.value)?;
        let variables = [command.variables, next.variables].concat();
        command = CommandLine { variables, port: next.port.or(command.port), ..next };
    }
    Err("its scripts call each other in a circle")
}

/// Refuses tools that only develop, and names installed programs by path, since no package manager looks them up.
fn runnable(package: Option<&Object<'_>>, mut command: CommandLine) -> Result<CommandLine, &'static str> {
    let program = command.words[0].clone();
    let develops =
        ["nodemon", "ts-node", "ts-node-dev", "tsx", "nest", "vite", "webpack", "react-scripts", "ng", "concurrently"];
    let is_dependency = package.is_some_and(|package| package.object("dependencies").line_of(&program).is_some());
    let watches = command.words.iter().any(|word| matches!(word.as_str(), "--watch" | "dev" | "--reload"));
    if watches || develops.contains(&program.as_str()) && !is_dependency {
        return Err("it starts a development server");
    }
    let known = ["node", "npm", "npx", "pnpm", "yarn", "sh", "bash", "bun", "deno"];
    if !program.contains('/') && !known.contains(&program.as_str()) {
        command.words[0] = format!("node_modules/.bin/{program}");
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::snapshot::Content;

    fn package(text: &str) -> Snapshot {
        Snapshot { files: [(MANIFEST.to_owned(), Content::Text(text.to_owned()))].into(), ..Snapshot::default() }
    }

    fn start(scripts: &str) -> Result<String, String> {
        let clues = read(&package(&format!("{{\"scripts\": {{{scripts}}}}}")));
        match clues.start.first() {
            Some(clue) => Ok(clue.value.join(" ")),
            None => Err(clues.start_refused.first().map(|refused| refused.says.clone()).unwrap_or_default()),
        }
    }

    #[test]
    fn start_scripts() {
        assert_eq!(start(r#""start": "node x.js""#).as_deref(), Ok("node x.js"));
        assert_eq!(start(r#""start": "nest start", "start:prod": "node dist/main""#).as_deref(), Ok("node dist/main"));
        assert_eq!(
            start(r#""start": "npm run serve", "serve": "next start -p 4000""#).as_deref(),
            Ok("node_modules/.bin/next start -p 4000")
        );
        assert!(start(r#""start": "npm start""#).unwrap_err().contains("circle"));
        assert!(start(r#""start": "nodemon x""#).unwrap_err().contains("development"));
        assert!(start(r#""start": "npm run build && node x""#).unwrap_err().contains("shell"));
    }

    #[test]
    fn the_placeholder_test_is_no_gate() {
        let clues = read(&package(
            r#"{"scripts": {"test": "echo \"Error: no test specified\" && exit 1", "lint": "eslint ."}}"#,
        ));
        assert_eq!(clues.gates.iter().map(|gate| gate.run.as_str()).collect::<Vec<_>>(), ["npm run lint"]);
    }

    #[test]
    fn tools_are_no_application() {
        assert!(!is_application(&package(r#"{"devDependencies": {"prettier": "3"}}"#)));
        assert!(is_application(&package(r#"{"dependencies": {"express": "5"}}"#)));
    }
}
