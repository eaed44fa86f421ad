//! What environments must not share: namespaces, and hosts.

use super::super::{ResolvedProject, fault, risk};
use crate::diagnostic::{Code, Diagnostic};

/// Findings between environments.
pub(in super::super) fn across(environments: &[ResolvedProject]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (at, project) in environments.iter().enumerate() {
        findings.extend(system_namespace(project));
        for other in &environments[..at] {
            findings.extend(same_namespace(project, other));
            findings.extend(same_hosts(project, other));
        }
    }
    findings
}

fn name(project: &ResolvedProject) -> String {
    project.environment.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn system_namespace(project: &ResolvedProject) -> Option<Diagnostic> {
    let namespace = project.spec.namespace.as_ref()?.as_str();
    (namespace == "default" || namespace.starts_with("kube-")).then(|| {
        fault(
            project,
            Code::InvalidValue,
            &["namespace"],
            format!("the namespace `{namespace}` belongs to the cluster; give the project one of its own"),
        )
    })
}

/// Two environments in one namespace would be one: their objects have the same names.
fn same_namespace(project: &ResolvedProject, other: &ResolvedProject) -> Option<Diagnostic> {
    let namespace = project.namespace()?;
    if other.namespace()? != namespace {
        return None;
    }
    let named = if project.spec.namespace.is_some() { project } else { other };
    Some(
        fault(
            named,
            Code::Contradiction,
            &["namespace"],
            format!("{} and {} have the same namespace, `{namespace}`", name(other), name(project)),
        )
        .help("objects have the same names in every environment, so each one needs a namespace of its own"),
    )
}

fn same_hosts(project: &ResolvedProject, other: &ResolvedProject) -> Vec<Diagnostic> {
    let others: Vec<&str> = super::edge::hosts(other).collect();
    super::edge::hosts(project)
        .enumerate()
        .filter(|(_, host)| others.contains(host))
        .map(|(at, host)| {
            risk(
                project,
                &["domains", &at.to_string()],
                format!("{} and {} have the same host, `{host}`", name(other), name(project)),
            )
            .help("its DNS record leads to only one of them; give each environment hosts of its own")
        })
        .collect()
}
