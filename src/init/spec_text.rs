//! The spec that `init` writes: settled values as settings, everything else as commented lines with the reason.

use super::clues::{Hint, Language};
use super::container::is_secret_name;
use super::draft::Draft;
use super::evidence::{Certainty, Evidence, Verdict};
use super::page::{Open, Page, because};
use crate::yaml::scalar;

/// The provider for which gates are written.
pub const GATES_PROVIDER: &str = "github";
/// Stands where the spec needs an image and nothing says which; the domain is reserved, so nothing can be pushed there.
pub const PLACEHOLDER_REGISTRY: &str = "registry.example";
/// Stands where the spec needs a name and nothing gives one.
pub const PLACEHOLDER_NAME: &str = "app";
/// The readiness path of the base profile.
const READINESS: &str = "/readyz";
/// Longest namespace, a DNS label.
const MAX_NAMESPACE: usize = 63;

/// The complete text of `infragen.yaml`.
pub fn spec_text(draft: &Draft) -> String {
    let mut page = Page::default();
    page.prose(0, "What infragen renders for this project. `infragen init` wrote it once; it is yours to edit.");
    page.prose(
        0,
        "The comment behind a setting names its evidence. Settings that are commented out wait for your word: no file \
        says them, or files contradict each other. `infragen explain KEY` describes every key.",
    );
    page.setting(0, "version", "1", "");
    push_identity(&mut page, draft);
    push_image(&mut page, draft);
    push_http(&mut page, draft);
    push_jobs_and_data(&mut page, draft);
    push_delivery(&mut page, draft);
    push_environments(&mut page, draft);
    page.finish()
}

/// The key that a suggestion is about.
pub fn hint_key(hint: Hint) -> &'static str {
    match hint {
        Hint::Postgres => "datastores.postgres",
        Hint::Redis => "datastores.redis",
        Hint::Mongodb => "datastores.mongodb",
        Hint::Mysql => "MySQL, which infragen has no store for",
        Hint::Metrics => "metrics",
        Hint::WebSocket => "WebSocket connections",
    }
}

/// Words as one YAML flow sequence of strings.
pub fn sequence(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| scalar(word)).collect();
    format!("[{}]", words.join(", "))
}

/// The name that stands in the spec.
fn name(draft: &Draft) -> &str {
    draft.name.value().map_or(PLACEHOLDER_NAME, String::as_str)
}

fn push_identity(page: &mut Page, draft: &Draft) {
    match draft.name.value() {
        Some(name) => page.setting(0, "name", name, &because(&draft.name)),
        None => page.placeholder(0, "name", PLACEHOLDER_NAME, &draft.name),
    }
    match &draft.language {
        Verdict::Found { value, .. } => page.setting(0, "profile", value.profile(), &because(&draft.language)),
        open => {
            page.placeholder(0, "profile", Language::Node.profile(), open);
            page.prose(0, "The profiles are node, python and go. Remove this file and run `infragen init --profile NAME` to have the \
                rest of it filled in from what the repository says.");
        }
    }
    let example = format!("https://github.com/OWNER/{}", name(draft));
    page.verdict(0, "repository", &draft.home, |home| scalar(&home.url()), Open::Example(&example));
}

fn push_image(page: &mut Page, draft: &Draft) {
    page.blank();
    page.open(0, "image");
    match draft.image.value() {
        Some(image) => page.setting(2, "repository", &scalar(image), &because(&draft.image)),
        None => page.placeholder(2, "repository", &format!("{PLACEHOLDER_REGISTRY}/{}", name(draft)), &draft.image),
    }
    let Some(language) = draft.language.value() else { return };
    if language.has_package_manager() {
        let own = Open::Default(&draft.defaults.package_manager);
        page.verdict(2, "packageManager", &draft.package_manager, |manager| (*manager).to_owned(), own);
    }
    let own = format!("\"{}\"", draft.defaults.runtime);
    page.verdict(2, "runtime", &draft.runtime, |version| format!("\"{version}\""), Open::Default(&own));
    if language.has_main_package() {
        push_main_package(page, draft);
    } else {
        if *language == Language::Node || draft.build.value().is_some() {
            page.verdict(2, "build", &draft.build, |line| scalar(line), Open::Example("npm run build"));
        }
        let own = sequence(&draft.defaults.start);
        page.verdict(2, "start", &draft.start, |words| sequence(words), Open::Default(&own));
    }
    if let Some((user, evidence)) = &draft.user {
        page.prose(
            2,
            &format!("{evidence}; infragen's own user is 10001. Keep the old one if files on volumes belong to it."),
        );
        page.off(2, "user", &user.to_string());
    }
}

fn push_main_package(page: &mut Page, draft: &Draft) {
    // The binary goes where the profile's start command looks for it.
    let binary = draft.defaults.start.first().map_or("", String::as_str);
    let command = |package: &str| scalar(&format!("go build -o {binary} {package}"));
    match &draft.main_package {
        Verdict::Found { value, certainty: Certainty::Certain, .. } if value == "." => {}
        verdict => {
            let example = command("./cmd/server");
            page.verdict(2, "build", verdict, |package| command(package), Open::Example(&example));
        }
    }
}

fn push_http(page: &mut Page, draft: &Draft) {
    page.blank();
    if draft.port.settled().is_none() {
        page.prose(0, "Without a port nothing serves HTTP: no Service, no probes, no domains.");
    }
    page.verdict(0, "port", &draft.port, u16::to_string, Open::Example("8080"));
    match &draft.health {
        verdict if verdict.settled().is_some_and(|path| path != READINESS) && draft.port.settled().is_some() => {
            page.prose(0, "Readiness needs a path of its own: /readyz unless you say otherwise. The application must answer both.");
            let path = verdict.settled().map_or_else(String::new, |path| scalar(path));
            page.setting(0, "health", &format!("{{liveness: {path}, readiness: {READINESS}}}"), &because(verdict));
        }
        _ => {
            page.prose(0, "The probes call /livez and /readyz; the application must answer both, or say other paths.");
            page.off(0, "health", "{liveness: /livez, readiness: /readyz}");
        }
    }
    if let Some(place) = draft.hints.get(&Hint::Metrics) {
        page.prose(0, &format!("{place} can export metrics; say where Prometheus reads them."));
        let port = draft.port.settled().copied().unwrap_or(8080);
        page.off(0, "metrics", &format!("{{port: {port}, path: /metrics}}"));
    }
}

fn push_jobs_and_data(page: &mut Page, draft: &Draft) {
    if let Some((words, evidence)) = &draft.migrate {
        page.blank();
        page.prose(
            0,
            &format!(
                "{evidence} looks like a migration. Uncomment it to run before each deployment; the tool that it \
            starts must be among the production dependencies."
            ),
        );
        page.off(0, "jobs", "");
        page.off(0, "  migrate", &format!("{{command: {}, when: beforeDeploy}}", sequence(words)));
    }
    push_variables(page, draft);
    let stores: Vec<(&Hint, &Evidence)> =
        draft.hints.iter().filter(|(hint, _)| store_example(**hint).is_some()).collect();
    if !stores.is_empty() {
        page.blank();
        let places: Vec<String> = stores.iter().map(|(_, place)| place.to_string()).collect();
        page.prose(
            0,
            &format!(
                "Client libraries or variables of these stores were seen: {}. Say which versions run, and which \
            secret holds the address.",
                places.join(", ")
            ),
        );
        page.off(0, "datastores", "");
        for (key, example) in stores.iter().filter_map(|(hint, _)| store_example(**hint)) {
            page.off(0, &format!("  {key}"), example);
        }
    }
}

fn store_example(hint: Hint) -> Option<(&'static str, &'static str)> {
    match hint {
        Hint::Postgres => Some(("postgres", "{mode: external, version: \"18\", uri: DATABASE_URL}")),
        Hint::Redis => Some(("redis", "{mode: external, version: \"8\", uri: REDIS_URL}")),
        Hint::Mongodb => Some(("mongodb", "{mode: external, version: \"8.0\", uri: MONGODB_URI}")),
        Hint::Mysql | Hint::Metrics | Hint::WebSocket => None,
    }
}

/// Names of variables, secret or not by their name only; values are never repeated.
fn push_variables(page: &mut Page, draft: &Draft) {
    let (secret, plain): (Vec<_>, Vec<_>) = draft.variables.iter().partition(|(name, _)| is_secret_name(name));
    if !plain.is_empty() {
        page.blank();
        page.prose(0, ".env.example names these variables; say the values for production.");
        page.off(0, "config", "");
        for (name, _) in plain {
            page.off(0, &format!("  {name}"), "\"\"");
        }
    }
    if !secret.is_empty() {
        page.blank();
        page.prose(
            0,
            ".env.example names these, too; by their names they are secrets. Values never stand in this file.",
        );
        page.off(0, "secrets", "");
        page.off(0, "  store", "kubernetes");
        let names: Vec<String> = secret.iter().map(|(name, _)| name.clone()).collect();
        page.off(0, "  keys", &sequence(&names));
    }
}

/// Gates are settings where the repository is on GitHub, suggestions elsewhere.
fn push_delivery(page: &mut Page, draft: &Draft) {
    if draft.gates.is_empty() {
        return;
    }
    page.blank();
    let on_github = draft.home.settled().is_some_and(|home| home.host == "github.com");
    let manager_is_settled = draft.package_manager.settled().is_some() || draft.language.value() == Some(&Language::Go);
    let lines = draft
        .gates
        .iter()
        .map(|gate| (format!("    - {{name: {}, run: {}}}", gate.name, scalar(&gate.run)), gate.evidence.to_string()));
    if on_github && manager_is_settled {
        page.open(0, "delivery");
        page.setting(2, "provider", GATES_PROVIDER, "");
        page.open(2, "gates");
        for (line, evidence) in lines {
            page.line(&line, &evidence);
        }
    } else {
        page.prose(0, "Checks that the repository can run; GitHub Actions would run them.");
        page.off(0, "delivery", "");
        page.off(0, "  provider", GATES_PROVIDER);
        page.off(0, "  gates", "");
        for (line, _) in lines {
            page.line(&format!("# {line}"), "");
        }
    }
}

fn push_environments(page: &mut Page, draft: &Draft) {
    page.blank();
    let Some(names) = draft.environments.value() else { return };
    page.line("environments:", &because(&draft.environments));
    for environment in names {
        page.open(2, environment);
        let namespace = format!("{}-{environment}", name(draft));
        if namespace.len() <= MAX_NAMESPACE {
            page.setting(4, "namespace", &scalar(&namespace), "");
        } else {
            page.setting(4, "replicas", "2", "");
        }
        match draft.domains.get(environment) {
            Some(domains) if !domains.is_empty() => page.setting(4, "domains", &sequence(domains), ""),
            _ if draft.port.settled().is_some() => {
                page.off(4, "domains", &format!("[{environment}.{}.example]", name(draft)));
            }
            _ => {}
        }
    }
}
