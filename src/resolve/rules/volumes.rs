//! `volumes`: each at a path of its own, mounted by processes that exist.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::Volume;

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let volumes: Vec<(&str, &Volume)> =
        project.spec.volumes.iter().flatten().map(|(name, volume)| (name.as_str(), volume)).collect();
    let mut findings = Vec::new();
    for (at, (name, volume)) in volumes.iter().enumerate() {
        if let Some((other, _)) = volumes[..at].iter().find(|(_, other)| other.path == volume.path) {
            findings.push(fault(
                project,
                Code::Contradiction,
                &["volumes", name, "path"],
                format!("the volumes `{other}` and `{name}` have the same path"),
            ));
        }
        for (at, process) in volume.processes.iter().flatten().enumerate() {
            let path = ["volumes", name, "processes", &at.to_string()];
            findings.extend(super::processes::undefined(project, process.as_str(), &path));
        }
    }
    findings
}
