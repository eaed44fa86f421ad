//! Domains, ports and what is reached over them.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::document::SourceId;
use crate::spec::{Domain, DomainEntry};

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let hosts: Vec<&str> = hosts(project).collect();
    for at in super::repeated(&hosts) {
        let message = format!("the host `{}` is listed twice", hosts[at]);
        findings.push(fault(project, Code::DuplicateKey, &["domains", &at.to_string()], message));
    }
    for (at, entry) in project.spec.domains.iter().flatten().enumerate() {
        findings.extend(domain(project, at, entry));
    }
    findings.extend(health(project));
    findings.extend(cors(project));
    findings
}

/// The hosts of a project.
pub(super) fn hosts(project: &ResolvedProject) -> impl Iterator<Item = &str> {
    project.spec.domains.iter().flatten().map(|entry| match entry {
        DomainEntry::Scalar(host) => host.as_str(),
        DomainEntry::Map(domain) => domain.host.as_str(),
    })
}

fn domain(project: &ResolvedProject, at: usize, entry: &DomainEntry) -> Vec<Diagnostic> {
    let index = at.to_string();
    let path = ["domains", index.as_str()];
    match entry {
        DomainEntry::Scalar(_) => {
            super::processes::without_port(project, project.process(), &path).into_iter().collect()
        }
        DomainEntry::Map(domain) => {
            let main = domain.process.as_ref().map_or(project.process(), |process| process.as_str());
            let mut findings = leads_to(project, main, &["domains", &index, "process"]);
            findings.extend(routes(project, &index, domain, main));
            findings
        }
    }
}

fn routes(project: &ResolvedProject, index: &str, domain: &Domain, main: &str) -> Vec<Diagnostic> {
    let routes = domain.routes.as_deref().unwrap_or_default();
    let paths: Vec<&str> = routes.iter().map(|route| route.path.as_str()).collect();
    let mut findings: Vec<Diagnostic> = super::repeated(&paths)
        .into_iter()
        .map(|at| {
            let message = format!("the path `{}` of `{}` is listed twice", paths[at], domain.host);
            fault(project, Code::DuplicateKey, &["domains", index, "routes", &at.to_string()], message)
        })
        .collect();
    for (at, route) in routes.iter().enumerate() {
        let process = route.process.as_ref().map_or(main, |process| process.as_str());
        if process != main {
            findings.extend(leads_to(project, process, &["domains", index, "routes", &at.to_string(), "process"]));
        }
    }
    findings
}

fn leads_to(project: &ResolvedProject, process: &str, path: &[&str]) -> Vec<Diagnostic> {
    match super::processes::undefined(project, process, path) {
        Some(finding) => vec![finding],
        None => super::processes::without_port(project, process, path).into_iter().collect(),
    }
}

fn health(project: &ResolvedProject) -> Option<Diagnostic> {
    let health = &project.spec.health;
    // The profile always gives paths; only those of the spec itself say that HTTP is expected.
    let is_written =
        |key: &&str| project.document.at(&["health", key]).is_some_and(|node| node.span.source == SourceId::SPEC);
    let written = ["liveness", "readiness", "startup"].into_iter().find(is_written);
    match (project.spec.port, written) {
        (None, Some(key)) => Some(
            fault(project, Code::Contradiction, &["health", key], "probes call `port`, but the main process has none")
                .help("add the port that it listens on, for example `port: 8080`, or leave `health` out"),
        ),
        (Some(_), _) if health.liveness == health.readiness => Some(
            fault(project, Code::Contradiction, &["health", "readiness"], "liveness and readiness have the same path")
                .help("a process that cannot take traffic must not be restarted for it; give readiness its own path"),
        ),
        _ => None,
    }
}

fn cors(project: &ResolvedProject) -> Option<Diagnostic> {
    let cors = project.spec.edge.cors.as_ref()?;
    let any = cors.origins.iter().position(|origin| origin.as_str() == "*")?;
    (cors.credentials == Some(true)).then(|| {
        fault(
            project,
            Code::Contradiction,
            &["edge", "cors", "origins", &any.to_string()],
            "with `credentials`, the origin `*` would let every site act as the user",
        )
        .help("list the origins that may send cookies")
    })
}
