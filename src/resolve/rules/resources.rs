//! Requests and limits, and the time to stop.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let (requests, limits) = (&project.spec.resources.requests, &project.spec.resources.limits);
    let pairs = [
        ("cpu", requests.cpu.millicores() > limits.cpu.millicores(), requests.cpu.to_string(), limits.cpu.to_string()),
        (
            "memory",
            requests.memory.bytes() > limits.memory.bytes(),
            requests.memory.to_string(),
            limits.memory.to_string(),
        ),
        (
            "ephemeralStorage",
            requests.ephemeral_storage.bytes() > limits.ephemeral_storage.bytes(),
            requests.ephemeral_storage.to_string(),
            limits.ephemeral_storage.to_string(),
        ),
    ];
    let mut findings: Vec<Diagnostic> = pairs
        .into_iter()
        .filter(|(_, above, _, _)| *above)
        .map(|(key, _, request, limit)| {
            fault(
                project,
                Code::Contradiction,
                &["resources", "requests", key],
                format!("the request of `{key}` ({request}) is above its limit ({limit})"),
            )
        })
        .collect();
    let grace = project.spec.shutdown.grace_period.seconds();
    if !(10..=3600).contains(&grace) {
        findings.push(fault(
            project,
            Code::InvalidValue,
            &["shutdown", "gracePeriod"],
            "`gracePeriod` is 10s to 1h: 5 s of it pass before the stop signal",
        ));
    }
    findings
}
