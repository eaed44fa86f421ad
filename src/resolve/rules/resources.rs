//! Requests and limits, and the time to stop.

use std::fmt::Display;

use super::super::{ResolvedProject, clash, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::Resources;

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let mut findings = bounds(project, &project.spec.resources, &["resources"]);
    let grace = project.spec.shutdown.grace_period.seconds();
    if !(10..=3600).contains(&grace) {
        let message = "`gracePeriod` is 10s to 1h: 5 s of it pass before the stop signal";
        findings.push(fault(project, Code::InvalidValue, &["shutdown", "gracePeriod"], message));
    }
    findings
}

/// Requests at a path that are above their limits.
pub(super) fn bounds(project: &ResolvedProject, resources: &Resources, path: &[&str]) -> Vec<Diagnostic> {
    let (requests, limits) = (&resources.requests, &resources.limits);
    [
        (
            "cpu",
            requests.cpu.millicores() > limits.cpu.millicores(),
            &requests.cpu as &dyn Display,
            &limits.cpu as &dyn Display,
        ),
        ("memory", requests.memory.bytes() > limits.memory.bytes(), &requests.memory, &limits.memory),
        (
            "ephemeralStorage",
            requests.ephemeral_storage.bytes() > limits.ephemeral_storage.bytes(),
            &requests.ephemeral_storage,
            &limits.ephemeral_storage,
        ),
    ]
    .into_iter()
    .filter(|(_, is_above, _, _)| *is_above)
    .map(|(key, _, request, limit)| {
        let at = |list: &'static str| [path, &[list, key]].concat();
        let message = format!("the request of `{key}` ({request}) is above its limit ({limit})");
        clash(project, [&at("requests"), &at("limits")], message)
    })
    .collect()
}
