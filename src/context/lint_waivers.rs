//! The page of findings that the output accepts, from the same list that its marks are rendered from.

use serde::Serialize;

use super::{docker, value, workflow};
use crate::catalog::Context;
use crate::model::{Scanner, Waiver};
use crate::resolve::{Resolved, ResolvedProject};

/// A line of the page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Accepted {
    /// The scanner.
    tool: &'static str,
    /// Its name of the check.
    check: &'static str,
    /// Objects or files that carry the mark.
    places: Vec<String>,
    /// Why.
    reason: &'static str,
}

/// The page.
pub fn page(resolved: &Resolved) -> Context {
    #[derive(Serialize)]
    struct Page {
        project: String,
        accepted: Vec<Accepted>,
        /// Whether rules of hadolint are among them, whose mark is in a file of its own.
        has_hadolint: bool,
    }
    let accepted = accepted(resolved);
    let has_hadolint = accepted.iter().any(|finding| finding.tool == Scanner::Hadolint.name());
    Some(value(Page { project: resolved.base.name().to_owned(), accepted, has_hadolint }))
}

/// All accepted findings, by scanner and check, each with the places that carry its mark.
fn accepted(resolved: &Resolved) -> Vec<Accepted> {
    let mut lines: Vec<Accepted> = Vec::new();
    let of_objects = resolved.all().flat_map(marks);
    let of_dockerfile = docker::accepted(resolved).into_iter().map(|waiver| ("Dockerfile".to_owned(), waiver));
    for (place, waiver) in of_objects.chain(of_dockerfile).chain(workflow::waivers(resolved)) {
        let same = |line: &&mut Accepted| line.check == waiver.check && line.reason == waiver.reason;
        match lines.iter_mut().find(same) {
            Some(line) if line.places.contains(&place) => {}
            Some(line) => line.places.push(place),
            None => lines.push(Accepted {
                tool: waiver.tool.name(),
                check: waiver.check,
                places: vec![place],
                reason: waiver.reason,
            }),
        }
    }
    lines.sort();
    lines
}

/// What carries a mark, and which.
fn marks(project: &ResolvedProject) -> Vec<(String, Waiver)> {
    let mut marks = Vec::new();
    let mut mark =
        |place: String, waivers: Vec<Waiver>| marks.extend(waivers.into_iter().map(|waiver| (place.clone(), waiver)));
    mark(format!("Deployment {}", project.name()), super::workload::waivers(project));
    mark(format!("HorizontalPodAutoscaler {}", project.name()), super::workload::autoscaler_waivers(project));
    mark(format!("NetworkPolicy {}", project.acme_solver()), super::network_policy::acme_solver_waivers(project));
    for (name, _) in super::jobs::before_deploy(project) {
        mark(format!("Job {}", project.job(&name)), super::pod::waivers(project));
    }
    for (name, _) in super::jobs::scheduled(project) {
        mark(format!("CronJob {}", project.job(&name)), super::pod::waivers(project));
    }
    mark(format!("CronJob {}", project.backup(crate::spec::StoreKind::Postgres)), super::backup::waivers(project));
    marks
}
