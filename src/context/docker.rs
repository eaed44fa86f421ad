//! What the Dockerfile, `.dockerignore` and `.hadolint.yaml` may see.

mod development;
mod ignore;
mod runtime;
mod waivers;

use minijinja::Value;
use serde::Serialize;

use super::value;
use crate::catalog::Context;
use crate::model::Waiver;
use crate::model::toolchain::{Language, installed_tools};
use crate::resolve::{Resolved, ResolvedProject};
use crate::spec::value::Port;
use crate::spec::{Image, PackageManager, Variant};

/// The Dockerfile; `None` if no package manager tells how the image is built.
pub fn dockerfile(resolved: &Resolved) -> Context {
    docker(resolved).map(value)
}

/// `.dockerignore`.
pub fn ignored(resolved: &Resolved) -> Context {
    ignore::ignore(resolved).map(value)
}

/// `.hadolint.yaml`; `None` if no rule is broken.
pub fn waivers(resolved: &Resolved) -> Context {
    #[derive(Serialize)]
    struct Hadolint {
        ignored: Vec<Waiver>,
    }
    let ignored = accepted(resolved);
    (!ignored.is_empty()).then(|| value(Hadolint { ignored }))
}

/// The rules of hadolint that the Dockerfile breaks.
pub fn accepted(resolved: &Resolved) -> Vec<Waiver> {
    docker(resolved).map(|docker| waivers::waivers(&docker)).unwrap_or_default()
}

/// The source of the health check, if the image needs a program for it.
pub fn go_health_check(resolved: &Resolved) -> Context {
    docker(resolved)?.runtime.compiled_health_check.map(Value::from)
}

/// The Dockerfile.
#[derive(Debug, Serialize)]
struct Docker {
    project: String,
    /// Which partial describes the stages before production.
    language: &'static str,
    manager: PackageManager,
    /// Image that the stages before production start from.
    base: String,
    workdir: String,
    user: u32,
    ports: Vec<u16>,
    build: Option<Instruction>,
    /// Shell of the build stage, if it is not the image's.
    build_shell: Option<&'static [&'static str]>,
    node: Option<Node>,
    python_tools: &'static [&'static str],
    go: Option<Go>,
    development: Vec<String>,
    runtime: runtime::Runtime,
    labels: Vec<Label>,
    start: Vec<String>,
}

/// What follows `RUN`: a line for the image's shell, or words that run without one.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Instruction {
    Line(String),
    Words(Vec<String>),
}

/// What differs between the package managers of Node.js.
#[derive(Debug, Serialize)]
struct Node {
    tool: Option<&'static str>,
    lock: &'static str,
    /// Patterns of further files that the manager reads; each may match nothing.
    settings: &'static str,
    /// Folders that the manager reads, if there are any: changes of dependencies, and its own plugins.
    folders: &'static [&'static str],
    /// What production does without: settings that may hold a token of a registry, and what only an installation reads.
    dropped: &'static str,
    cache: &'static str,
    install: &'static str,
    prune: &'static str,
    /// Whether `src` is only input of the build and stays out of the image.
    drops_sources: bool,
}

/// What only Go has.
#[derive(Debug, Serialize)]
struct Go {
    /// Whether the compiler runs on the builder's platform for another one.
    crosses: bool,
}

/// One of the `org.opencontainers.image` labels.
#[derive(Debug, Serialize)]
struct Label {
    name: &'static str,
    value: String,
}

/// The generated program that the health check of an image without shell and interpreter runs.
const GO_HEALTH_CHECK: &str = "scripts/healthcheck.go";

/// The Dockerfile's values.
fn docker(resolved: &Resolved) -> Option<Docker> {
    let project = &resolved.base;
    let image = project.image()?;
    let manager = image.package_manager?;
    let language = Language::of(manager);
    let variant = image.variant.unwrap_or(Variant::Slim);
    let base = language.image(image.runtime.as_ref()?.as_str(), variant);
    let start = main_words(project)?;
    let runtime = runtime::runtime(resolved, image, language, &base);
    Some(Docker {
        project: project.spec.name.to_string(),
        language: partial(language),
        manager,
        workdir: workdir(image),
        user: user(image),
        ports: ports(resolved),
        build: build(image, language, &start),
        build_shell: build_shell(image),
        node: node(manager, drops_sources(resolved, image)),
        python_tools: installed_tools(manager),
        go: (language == Language::Go)
            .then(|| Go { crosses: image.platforms.as_ref().is_some_and(|platforms| platforms.len() > 1) }),
        development: development::development(language, manager, image, &start),
        labels: labels(project, &runtime.image),
        runtime,
        base,
        start,
    })
}

fn partial(language: Language) -> &'static str {
    match language {
        Language::Node => "node",
        Language::Python => "python",
        Language::Go => "go",
    }
}

/// What starts the main process.
///
/// A line that needs no shell gets none, so that the stop signal reaches the process itself.
fn main_words(project: &ResolvedProject) -> Option<Vec<String>> {
    let command = project.spec.command.as_ref().or_else(|| project.image()?.start.as_ref())?;
    Some(match shell_line(command.arguments()) {
        Some(line) if line.chars().all(|c| c.is_ascii_alphanumeric() || " -._/:@%+,".contains(c)) => {
            line.split_ascii_whitespace().map(str::to_owned).collect()
        }
        _ => command.arguments().to_vec(),
    })
}

/// The line, if the words run one in a shell.
fn shell_line(words: &[String]) -> Option<&str> {
    match words {
        [shell, option, line] if shell == "sh" && option == "-c" => Some(line.trim()),
        _ => None,
    }
}

fn workdir(image: &Image) -> String {
    image.workdir.as_ref().map_or_else(|| "/app".to_owned(), ToString::to_string)
}

fn user(image: &Image) -> u32 {
    image.user.map_or(10001, u32::from)
}

/// Every port that a process of the image listens on in any environment, in ascending order.
fn ports(resolved: &Resolved) -> Vec<u16> {
    let mut ports: Vec<u16> = resolved
        .all()
        .flat_map(|project| {
            let spec = &project.spec;
            let processes = spec.processes.iter().flatten().filter_map(|(_, process)| process.port);
            let metrics = spec.metrics.as_ref().map(|metrics| metrics.port);
            spec.port.into_iter().chain(metrics).chain(processes)
        })
        .map(Port::number)
        .collect();
    ports.sort_unstable();
    ports.dedup();
    ports
}

/// Every command that the image has to be able to run: of the main process, further processes and jobs.
fn commands(resolved: &Resolved) -> Vec<Vec<String>> {
    resolved
        .all()
        .flat_map(|project| {
            let processes = project.spec.processes.iter().flatten().map(|(_, process)| &process.command);
            // A job of a data store runs in that store's image.
            let jobs = project.spec.jobs.iter().flatten().map(|(_, job)| job).filter(|job| job.datastore.is_none());
            let jobs = jobs.flat_map(|job| std::iter::once(&job.command).chain(&job.rollback));
            main_words(project).into_iter().chain(processes.chain(jobs).map(|command| command.arguments().to_vec()))
        })
        .collect()
}

/// The files of the repository that any of the commands names.
fn named_files(resolved: &Resolved, image: &Image) -> Vec<String> {
    let workdir = workdir(image);
    let mut files: Vec<String> = Vec::new();
    for file in commands(resolved).iter().flat_map(|words| crate::model::named_files(words, &workdir)) {
        if !files.contains(&file) {
            files.push(file);
        }
    }
    files
}

fn drops_sources(resolved: &Resolved, image: &Image) -> bool {
    image.build.is_some() && !named_files(resolved, image).iter().any(|file| file == "src" || file.starts_with("src/"))
}

fn build(image: &Image, language: Language, start: &[String]) -> Option<Instruction> {
    match (&image.build, language) {
        (Some(build), _) => Some(instruction(build.arguments(), build_shell(image))),
        (None, Language::Go) => {
            let binary = start.first().filter(|program| program.contains('/'))?;
            let words = ["go", "build", "-ldflags=-s -w", "-o", binary, "."];
            Some(if is_plain(binary) && !binary.contains(' ') {
                Instruction::Line(format!("go build -ldflags='-s -w' -o {binary} ."))
            } else {
                Instruction::Words(words.map(str::to_owned).to_vec())
            })
        }
        (None, _) => None,
    }
}

/// A line stays a line if neither the builder nor a reader could take it for anything else; otherwise it is quoted.
fn instruction(words: &[String], shell: Option<&[&'static str]>) -> Instruction {
    match shell_line(words) {
        None => Instruction::Words(words.to_vec()),
        Some(line) if is_plain(line) => Instruction::Line(line.to_owned()),
        Some(line) => {
            let shell = shell.unwrap_or(&["/bin/sh", "-c"]);
            Instruction::Words(shell.iter().copied().chain([line]).map(str::to_owned).collect())
        }
    }
}

/// The shell that the build needs instead of the image's: a pipe must fail when any of its commands does.
fn build_shell(image: &Image) -> Option<&'static [&'static str]> {
    let line = shell_line(image.build.as_ref()?.arguments())?;
    let piped = line.replace("||", "").contains('|');
    piped.then_some(match image.variant {
        Some(Variant::Alpine) => &["/bin/ash", "-o", "pipefail", "-c"],
        _ => &["/bin/bash", "-o", "pipefail", "-c"],
    })
}

/// Letters, digits and signs that mean the same to the builder as to a shell; no here-document, comment or option first.
fn is_plain(line: &str) -> bool {
    let signs = " -._/:@%+=,'&|;~()";
    line.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.' || c == '/')
        && line.chars().all(|c| c.is_ascii_alphanumeric() || signs.contains(c))
}

fn node(manager: PackageManager, drops_sources: bool) -> Option<Node> {
    let tool = installed_tools(manager).first().copied();
    let node = match manager {
        PackageManager::Npm => Node {
            tool,
            lock: "package-lock.json",
            settings: ".npmrc*",
            folders: &[],
            dropped: ".npmrc",
            cache: "/root/.npm",
            install: "npm ci --include=dev",
            prune: "npm prune --omit=dev",
            drops_sources,
        },
        PackageManager::Pnpm => Node {
            tool,
            lock: "pnpm-lock.yaml",
            settings: ".npmrc* pnpm-workspace.yaml* .pnpmfile.cjs*",
            folders: &["patches"],
            dropped: ".npmrc patches/pnpm-lock.yaml",
            cache: "/root/.local/share/pnpm/store",
            install: "pnpm install --frozen-lockfile --prod=false",
            prune: "pnpm prune --prod",
            drops_sources,
        },
        PackageManager::Yarn => Node {
            tool,
            lock: "yarn.lock",
            settings: ".yarnrc.yml*",
            folders: &[".yarn/patches", ".yarn/plugins"],
            dropped: ".yarnrc.yml .yarn/patches .yarn/plugins",
            cache: "/root/.cache/yarn",
            install: "yarn install --immutable",
            prune: "yarn workspaces focus --production",
            drops_sources,
        },
        PackageManager::Pip | PackageManager::Uv | PackageManager::Poetry | PackageManager::Go => return None,
    };
    Some(node)
}

/// The labels that are the same for every build.
fn labels(project: &ResolvedProject, runtime_image: &str) -> Vec<Label> {
    let spec = &project.spec;
    let label = |name, value: &dyn ToString| Label { name, value: value.to_string() };
    let mut labels = vec![label("title", &spec.name)];
    labels.extend(spec.owner.as_ref().map(|owner| label("vendor", &owner.team)));
    labels.extend(spec.repository.as_ref().map(|url| label("source", url)));
    labels.push(label("base.name", &qualified(runtime_image)));
    labels
}

/// An image reference with its registry, as the label wants it.
fn qualified(image: &str) -> String {
    if image.contains('/') { image.to_owned() } else { format!("docker.io/library/{image}") }
}
