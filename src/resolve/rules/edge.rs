//! Domains, ports and what is reached over them.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::DomainEntry;

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let domains = project.spec.domains.as_deref().unwrap_or_default();
    if !domains.is_empty() && project.spec.port.is_none() {
        findings.push(
            fault(project, Code::Contradiction, &["domains"], "there are domains, but the main process has no `port`")
                .help("add the port that it listens on, for example `port: 8080`"),
        );
    }
    let hosts: Vec<&str> = domains.iter().map(host).collect();
    for (at, name) in hosts.iter().enumerate() {
        if hosts[..at].contains(name) {
            let index = at.to_string();
            findings.push(fault(
                project,
                Code::DuplicateKey,
                &["domains", &index],
                format!("the host `{name}` is listed twice"),
            ));
        }
    }
    if project.spec.port.is_some() && project.spec.health.liveness == project.spec.health.readiness {
        findings.push(
            fault(project, Code::Contradiction, &["health", "readiness"], "liveness and readiness have the same path")
                .help("a process that cannot take traffic must not be restarted for it; give readiness its own path"),
        );
    }
    findings
}

fn host(domain: &DomainEntry) -> &str {
    match domain {
        DomainEntry::Scalar(host) => host.as_str(),
        DomainEntry::Map(domain) => domain.host.as_str(),
    }
}
