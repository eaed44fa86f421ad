//! The last stage of the Dockerfile: what runs in production.

use serde::Serialize;

use super::{GO_HEALTH_CHECK, commands, named_files, shell_line, user, workdir};
use crate::model::toolchain::{DISTROLESS, Language, installed_tools, plain_base};
use crate::resolve::Resolved;
use crate::spec::{HealthCheck, Image, Init, PackageManager, Variant};

/// Users up to this number belong to the base image, such as `node`; they exist already or have no need of a name.
const LAST_OF_BASE_IMAGE: u32 = 1000;

/// The last stage.
#[derive(Debug, Serialize)]
pub(super) struct Runtime {
    /// What it starts from.
    pub image: String,
    /// Whether there is neither a shell nor a package manager.
    bare: bool,
    pub alpine: bool,
    pub packages: Vec<&'static str>,
    user_name: Option<&'static str>,
    /// Package manager that a command needs when it runs, for `npm install --global`.
    tool: Option<&'static str>,
    environment: Vec<Variable>,
    copies: Vec<Copied>,
    entrypoint: Option<Vec<&'static str>>,
    health_check: Option<Vec<String>>,
    /// Why there is no health check.
    no_health_check: &'static str,
    /// Path of the generated health check's source, if it is compiled for this image.
    pub compiled_health_check: Option<&'static str>,
}

/// An environment variable of the image.
#[derive(Debug, Serialize)]
struct Variable {
    name: &'static str,
    value: String,
}

/// Files taken from an earlier stage.
#[derive(Debug, Serialize)]
struct Copied {
    stage: &'static str,
    from: String,
    to: String,
}

pub(super) fn runtime(resolved: &Resolved, image: &Image, language: Language, base: &str) -> Runtime {
    let mut packages = packages(image);
    let start_image = match language {
        Language::Node | Language::Python => base.to_owned(),
        Language::Go => go_base(resolved, image, &packages).to_owned(),
    };
    let distroless = start_image == DISTROLESS;
    if language == Language::Go && !distroless {
        // Plain bases have neither authorities nor time zones.
        packages.extend(["ca-certificates", "tzdata"]);
        packages.sort_unstable();
    }
    let health_check = health_check(resolved, image, language);
    let compiles =
        language == Language::Go && health_check.as_ref().is_some_and(|words| words[0] == HEALTH_CHECK_BINARY);
    Runtime {
        bare: distroless,
        alpine: image.variant == Some(Variant::Alpine),
        user_name: (!distroless && user(image) > LAST_OF_BASE_IMAGE).then(|| user_name(language)),
        tool: runtime_tool(resolved, image),
        environment: environment(resolved, image, language),
        copies: copies(resolved, image, language, compiles),
        entrypoint: image.init.map(|Init::Tini| tini(image)),
        compiled_health_check: compiles.then_some(GO_HEALTH_CHECK),
        no_health_check: match image.healthcheck {
            Some(HealthCheck::None) => "The spec wants no check.",
            _ => "There is no port to call.",
        },
        image: start_image,
        packages,
        health_check,
    }
}

fn packages(image: &Image) -> Vec<&'static str> {
    let curl = (image.healthcheck == Some(HealthCheck::Curl)).then_some("curl");
    let tini = image.init.map(|Init::Tini| "tini");
    curl.into_iter().chain(tini).collect()
}

fn tini(image: &Image) -> Vec<&'static str> {
    match image.variant {
        Some(Variant::Alpine) => vec!["/sbin/tini", "--"],
        _ => vec!["/usr/bin/tini", "--"],
    }
}

/// Nothing but certificates, unless the spec asks for something that must be installed or found by its name.
fn go_base(resolved: &Resolved, image: &Image, packages: &[&str]) -> &'static str {
    match image.variant {
        Some(variant) => plain_base(variant),
        None if packages.is_empty() && !runs_programs_of_the_system(resolved) => DISTROLESS,
        None => plain_base(Variant::Slim),
    }
}

fn runs_programs_of_the_system(resolved: &Resolved) -> bool {
    commands(resolved).iter().any(|words| !program(words).contains('/'))
}

fn program(words: &[String]) -> &str {
    words.first().map_or("", String::as_str)
}

fn user_name(language: Language) -> &'static str {
    match language {
        Language::Node => "nodejs",
        Language::Python | Language::Go => "app",
    }
}

/// pnpm and yarn are not in the base image; a command that runs a script with them needs them in the last stage too.
fn runtime_tool(resolved: &Resolved, image: &Image) -> Option<&'static str> {
    let manager = image.package_manager?;
    runs_word(resolved, &["pnpm", "pnpx", "yarn"]).then(|| installed_tools(manager).first().copied())?
}

/// Whether any command is, or as a line for a shell contains, one of the programs.
fn runs_word(resolved: &Resolved, programs: &[&str]) -> bool {
    commands(resolved).iter().any(|words| {
        let mut parts = shell_line(words).unwrap_or(program(words)).split_ascii_whitespace();
        parts.any(|word| programs.contains(&word))
    })
}

fn environment(resolved: &Resolved, image: &Image, language: Language) -> Vec<Variable> {
    let variable = |name, value: &str| Variable { name, value: value.to_owned() };
    let mut variables = match language {
        Language::Node => vec![variable("NODE_ENV", "production")],
        Language::Python => vec![variable("PYTHONDONTWRITEBYTECODE", "1"), variable("PYTHONUNBUFFERED", "1")],
        Language::Go => Vec::new(),
    };
    if language == Language::Node && runs_word(resolved, &["npm", "npx"]) {
        // npm wants to write, and only /tmp can be written.
        variables.extend([variable("NPM_CONFIG_CACHE", "/tmp/.npm"), variable("NPM_CONFIG_UPDATE_NOTIFIER", "false")]);
    }
    if image.package_manager == Some(PackageManager::Yarn) && runtime_tool(resolved, image).is_some() {
        // Its settings may hold a token and stay out of the image: it must not look for a Plug'n'Play file.
        variables.push(variable("YARN_NODE_LINKER", "node-modules"));
    }
    variables.extend(resolved.base.spec.port.map(|port| variable("PORT", &port.number().to_string())));
    variables
}

/// Where the compiled health check is in the image.
const HEALTH_CHECK_BINARY: &str = "/healthcheck";

fn copies(resolved: &Resolved, image: &Image, language: Language, compiles: bool) -> Vec<Copied> {
    let folder = workdir(image);
    let copied = |stage, from: &str, to: &str| Copied { stage, from: from.to_owned(), to: to.to_owned() };
    match language {
        Language::Node => vec![copied("release", &folder, "./")],
        Language::Python => vec![copied("build", "/opt/venv", "/opt/venv"), copied("build", &folder, "./")],
        Language::Go => {
            let check = compiles.then(|| copied("build", HEALTH_CHECK_BINARY, HEALTH_CHECK_BINARY));
            let files = if runs_programs_of_the_system(resolved) {
                // A line for a shell may name anything.
                vec![copied("build", &folder, "./")]
            } else {
                go_files(resolved, image).iter().map(|path| copied("build", path, path)).collect()
            };
            check.into_iter().chain(files).collect()
        }
    }
}

/// The programs and files that commands name, as absolute paths.
fn go_files(resolved: &Resolved, image: &Image) -> Vec<String> {
    let folder = workdir(image);
    let (in_folder, outside): (Vec<String>, Vec<String>) = commands(resolved)
        .iter()
        .map(|words| program(words).to_owned())
        .filter(|program| program.starts_with('/'))
        .partition(|program| program.starts_with(&format!("{folder}/")));
    let named = named_files(resolved, image).into_iter().map(|file| format!("{folder}/{file}"));
    let mut paths: Vec<String> = Vec::new();
    // A program in the folder needs no ending to be told from other words.
    for path in in_folder.into_iter().chain(named).chain(outside) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// The words of HEALTHCHECK; `None` without a port or when the spec wants none.
fn health_check(resolved: &Resolved, image: &Image, language: Language) -> Option<Vec<String>> {
    let spec = &resolved.base.spec;
    let url = format!("http://127.0.0.1:{}{}", spec.port?.number(), spec.health.liveness);
    // The URL is an argument of its own, so nothing in it can become code.
    let words: &[&str] = match (image.healthcheck, language) {
        (Some(HealthCheck::None), _) => return None,
        (Some(HealthCheck::Curl), _) => {
            &["curl", "--fail", "--silent", "--show-error", "--max-time", "4", "--output", "/dev/null"]
        }
        (_, Language::Node) => {
            &["node", "-e", "fetch(process.argv[1]).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
        }
        (_, Language::Python) => &[
            "python",
            "-c",
            "import sys, urllib.request as u; u.build_opener(u.ProxyHandler({})).open(sys.argv[1], timeout=4)",
        ],
        (_, Language::Go) => &[HEALTH_CHECK_BINARY],
    };
    Some(words.iter().map(|word| (*word).to_owned()).chain([url]).collect())
}
