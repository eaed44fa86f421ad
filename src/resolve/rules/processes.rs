//! Further processes, and references to them.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{listed, nearest};

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (name, process) in project.spec.processes.iter().flatten() {
        let name = name.as_str();
        let at = |key: &'static str| ["processes", name, key];
        if name == project.process() {
            let message = format!("`{name}` is the main process's name already");
            findings.push(fault(project, Code::DuplicateKey, &["processes", name], message));
        }
        if let Some(replicas) = &process.replicas {
            findings.extend(super::replicas::bounds(project, replicas, &at("replicas")));
        }
        if let Some(resources) = &process.resources {
            findings.extend(super::resources::bounds(project, resources, &at("resources")));
        }
        if process.health.as_ref().is_some_and(|health| health.liveness == health.readiness) {
            findings.push(fault(
                project,
                Code::Contradiction,
                &at("health"),
                "liveness and readiness have the same path",
            ));
        }
        if process.port.is_none() {
            let needing = [
                ("websocket", process.websocket == Some(true)),
                ("sessionAffinity", process.session_affinity.is_some()),
                ("health", process.health.is_some()),
            ];
            for (key, _) in needing.into_iter().filter(|(_, is_set)| *is_set) {
                findings.push(
                    fault(
                        project,
                        Code::Contradiction,
                        &at(key),
                        format!("`{key}` needs a port, but the process `{name}` has none"),
                    )
                    .help("add the port that it listens on, for example `port: 8080`"),
                );
            }
        }
    }
    findings
}

/// A finding if nothing defines a process.
pub(super) fn undefined(project: &ResolvedProject, name: &str, path: &[&str]) -> Option<Diagnostic> {
    let known: Vec<&str> = std::iter::once(project.process())
        .chain(project.spec.processes.iter().flatten().map(|(name, _)| name.as_str()))
        .collect();
    if known.contains(&name) {
        return None;
    }
    let help = match nearest(name, known.iter().copied()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("the processes are {}", listed(&known)),
    };
    Some(fault(project, Code::UndefinedReference, path, format!("there is no process `{name}`")).help(help))
}

/// A finding if a process that HTTP is led to has no port.
pub(super) fn without_port(project: &ResolvedProject, name: &str, path: &[&str]) -> Option<Diagnostic> {
    let port = match project.spec.processes.iter().flatten().find(|(key, _)| key.as_str() == name) {
        Some((_, process)) => process.port,
        None => project.spec.port,
    };
    port.is_none().then(|| {
        fault(project, Code::Contradiction, path, format!("the process `{name}` has no `port`, so it cannot answer"))
            .help("add the port that it listens on, for example `port: 8080`")
    })
}
