//! Replicas, autoscaling and disruption.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::Replicas;

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let least = match &project.spec.replicas {
        Replicas::Scalar(count) => count.number(),
        Replicas::Map(scaling) => {
            if scaling.min.number() == 0 {
                findings.push(fault(
                    project,
                    Code::InvalidValue,
                    &["replicas", "min"],
                    "an autoscaler needs at least one replica",
                ));
            }
            if scaling.max <= scaling.min {
                findings.push(fault(
                    project,
                    Code::Contradiction,
                    &["replicas", "max"],
                    format!("`max` ({}) must be above `min` ({})", scaling.max.number(), scaling.min.number()),
                ));
            }
            for (key, target) in [("cpu", &scaling.cpu), ("memory", &scaling.memory)] {
                if target
                    .as_ref()
                    .is_some_and(|ratio| ratio.percent().is_none_or(|percent| percent == 0 || percent > 100))
                {
                    findings.push(fault(
                        project,
                        Code::InvalidValue,
                        &["replicas", key],
                        "the target is a whole percentage from 1% to 100%",
                    ));
                }
            }
            scaling.min.number()
        }
    };
    findings.extend(disruption(project, least));
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
            fault(
                project,
                Code::Contradiction,
                &["disruption", "minAvailable"],
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
