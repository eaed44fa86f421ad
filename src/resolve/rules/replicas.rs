//! Replicas, autoscaling and disruption.

use super::super::{ResolvedProject, clash, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::Replicas;

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let mut findings = bounds(project, &project.spec.replicas, &["replicas"]);
    let least = match &project.spec.replicas {
        Replicas::Scalar(count) => count.number(),
        Replicas::Map(scaling) => scaling.min.number(),
    };
    findings.extend(disruption(project, least));
    findings
}

/// Findings on bounds and targets at a path.
pub(super) fn bounds(project: &ResolvedProject, replicas: &Replicas, path: &[&str]) -> Vec<Diagnostic> {
    let Replicas::Map(scaling) = replicas else {
        return Vec::new();
    };
    let at = |key: &'static str| [path, &[key]].concat();
    let mut findings = Vec::new();
    if scaling.min.number() == 0 {
        findings.push(fault(project, Code::InvalidValue, &at("min"), "an autoscaler needs at least one replica"));
    }
    if scaling.max <= scaling.min {
        let message = format!("`max` ({}) must be above `min` ({})", scaling.max.number(), scaling.min.number());
        findings.push(
            clash(project, [&at("min"), &at("max")], message)
                .help("for a fixed number write for example `replicas: 3`"),
        );
    }
    for (key, target) in [("cpu", &scaling.cpu), ("memory", &scaling.memory)] {
        let percent = target.as_ref().map(|ratio| ratio.percent().unwrap_or(0));
        if percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
            let message = "the target is a whole percentage from 1% to 100%";
            findings.push(fault(project, Code::InvalidValue, &at(key), message));
        }
    }
    for (key, rule) in [("scaleUp", &scaling.scale_up), ("scaleDown", &scaling.scale_down)] {
        if rule.as_ref().is_some_and(|rule| rule.window.seconds() > 3600) {
            let path = [path, &[key, "window"]].concat();
            findings.push(fault(project, Code::InvalidValue, &path, "`window` is 0s to 1h"));
        }
    }
    findings
}

fn disruption(project: &ResolvedProject, least: u32) -> Option<Diagnostic> {
    let disruption = project.spec.disruption.as_ref()?;
    match (disruption.min_available, disruption.max_unavailable) {
        (Some(_), Some(_)) => Some(fault(
            project,
            Code::Contradiction,
            &["disruption", "maxUnavailable"],
            "`minAvailable` and `maxUnavailable` exclude each other; keep one",
        )),
        (Some(stay), None) if stay.number() >= least => Some(
            clash(
                project,
                [&["disruption", "minAvailable"], &["replicas"]],
                format!(
                    "`minAvailable` ({}) must be below the fewest replicas ({least}), or no node can be drained",
                    stay.number()
                ),
            )
            .help("lower it, or give more replicas"),
        ),
        (None, Some(away)) if away.number() == 0 => Some(fault(
            project,
            Code::InvalidValue,
            &["disruption", "maxUnavailable"],
            "`maxUnavailable` of 0 means that no node can be drained",
        )),
        (None, None) => {
            Some(fault(project, Code::MissingKey, &["disruption"], "give `minAvailable` or `maxUnavailable`"))
        }
        _ => None,
    }
}
