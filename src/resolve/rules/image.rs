//! The image: what cannot be built, and what is rendered as asked but costs safety.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::toolchain::Language;
use crate::model::{is_secret_file, named_files};
use crate::spec::value::Command;
use crate::spec::{HealthCheck, Image};

/// Scanners take smaller numbers for users of the host.
const FIRST_SAFE_USER: u32 = 10_000;

/// Programs that projects have among their development dependencies.
const DEVELOPMENT_TOOLS: [&str; 8] = ["ts-node", "ts-node-dev", "tsx", "tsc", "nodemon", "jest", "vitest", "pytest"];

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let Some(image) = project.image() else { return Vec::new() };
    let Some(language) = image.package_manager.map(Language::of) else { return Vec::new() };
    let mut findings: Vec<Diagnostic> = mismatch(project, language).into_iter().collect();
    findings.extend(end_of_life(project, image, language));
    findings.extend(low_user(project, image));
    findings.extend(curl(project, image));
    findings.extend(homeless_binary(project, image, language));
    for (path, command) in commands(project) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        findings.extend(development_tool(project, &path, command));
        findings.extend(secret_file(project, &path, command));
    }
    findings
}

/// A built-in profile with another language's package manager.
fn mismatch(project: &ResolvedProject, language: Language) -> Option<Diagnostic> {
    let own = match project.spec.profile.as_str() {
        "node" => Language::Node,
        "python" => Language::Python,
        "go" => Language::Go,
        _ => return None,
    };
    (own != language).then(|| {
        let message = format!(
            "the profile `{}` is for {}, this package manager for {}",
            project.spec.profile,
            own.name(),
            language.name()
        );
        fault(project, Code::Contradiction, &["image", "packageManager"], message)
    })
}

fn end_of_life(project: &ResolvedProject, image: &Image, language: Language) -> Option<Diagnostic> {
    let runtime = image.runtime.as_ref()?;
    let oldest = language.oldest_supported(runtime.as_str())?;
    let message = format!("{} {runtime} is past its end of life: nobody mends its faults any more", language.name());
    Some(
        warning(project, &["image", "runtime"], message)
            .help(format!("the oldest release that is still mended is \"{oldest}\"")),
    )
}

fn low_user(project: &ResolvedProject, image: &Image) -> Option<Diagnostic> {
    let user = u32::from(image.user?);
    (user < FIRST_SAFE_USER).then(|| {
        warning(project, &["image", "user"], format!("the user {user} may be one of the node's own users"))
            .help("leave `user` out for 10001, or choose a number from 10000 on")
    })
}

fn curl(project: &ResolvedProject, image: &Image) -> Option<Diagnostic> {
    (image.healthcheck == Some(HealthCheck::Curl)).then(|| {
        warning(project, &["image", "healthcheck"], "curl in the image gives an intruder a tool")
            .help("leave `healthcheck` out: the runtime itself can call the path")
    })
}

/// Without a command of its own, the build of a Go program puts the binary where the start command finds it.
fn homeless_binary(project: &ResolvedProject, image: &Image, language: Language) -> Option<Diagnostic> {
    if language != Language::Go || image.build.is_some() {
        return None;
    }
    let (path, start): (&[&str], _) = match &project.spec.command {
        Some(command) => (&["command"], command),
        None => (&["image", "start"], image.start.as_ref()?),
    };
    let program = match start.arguments() {
        [shell, option, line] if shell == "sh" && option == "-c" => {
            let is_plain = line.chars().all(|c| c.is_ascii_alphanumeric() || " -._/:@%+,".contains(c));
            line.split_ascii_whitespace().next().filter(|_| is_plain)
        }
        words => words.first().map(String::as_str),
    };
    (!program.is_some_and(|program| program.contains('/'))).then(|| {
        fault(project, Code::MissingKey, path, "nothing says where the build puts the binary that this starts")
            .help("begin with the binary's path, for example `start: [/app/server]`, or give `image.build`")
    })
}

/// The commands of the image with the paths of their keys.
fn commands(project: &ResolvedProject) -> Vec<(Vec<String>, &Command)> {
    let path = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    let spec = &project.spec;
    let start = project.image().and_then(|image| image.start.as_ref()).map(|start| (path(&["image", "start"]), start));
    let main = spec.command.as_ref().map(|command| (path(&["command"]), command));
    let processes = spec.processes.iter().flatten();
    let processes = processes.map(|(name, process)| (path(&["processes", name.as_str(), "command"]), &process.command));
    let jobs = spec.jobs.iter().flatten().filter(|(_, job)| job.datastore.is_none());
    let jobs = jobs.flat_map(|(name, job)| {
        let command = (path(&["jobs", name.as_str(), "command"]), &job.command);
        let rollback = job.rollback.as_ref().map(|rollback| (path(&["jobs", name.as_str(), "rollback"]), rollback));
        std::iter::once(command).chain(rollback)
    });
    start.into_iter().chain(main).chain(processes).chain(jobs).collect()
}

/// The image has production dependencies only.
fn development_tool(project: &ResolvedProject, path: &[&str], command: &Command) -> Option<Diagnostic> {
    let words = command.arguments().iter().flat_map(|word| word.split_ascii_whitespace());
    let tool = DEVELOPMENT_TOOLS.iter().find(|tool| words.clone().any(|word| word == **tool))?;
    let message = format!(
        "`{tool}` is a development dependency in most projects, and the image has production dependencies only"
    );
    Some(
        warning(project, path, message)
            .help(format!("run what the build makes, or make `{tool}` a production dependency")),
    )
}

/// No command can bring a secret into the image.
fn secret_file(project: &ResolvedProject, path: &[&str], command: &Command) -> Option<Diagnostic> {
    let folder = project.image()?.workdir.as_ref().map_or("/app", |workdir| workdir.as_str());
    let file = named_files(command.arguments(), folder).into_iter().find(|file| is_secret_file(file))?;
    let message =
        format!("the command names `{file}`, a file of secrets by its name; such files never get into an image");
    Some(
        fault(project, Code::SecretInSpec, path, message)
            .help("name its values under `secrets.keys` and read them from the environment"),
    )
}

fn warning(project: &ResolvedProject, path: &[&str], message: impl Into<String>) -> Diagnostic {
    Diagnostic::warning(Code::Risky, message).at(project.span(path))
}
