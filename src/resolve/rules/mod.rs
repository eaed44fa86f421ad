//! Rules between values: what types alone cannot say. One file a section; each rule names the place it complains about.

mod alerts;
mod commands;
mod config;
mod datastores;
mod delivery;
mod edge;
mod environments;
mod image;
mod jobs;
mod processes;
mod replicas;
mod resources;
mod secrets;
mod security;
mod sizes;
mod volumes;

use super::ResolvedProject;
use crate::diagnostic::Diagnostic;

pub(super) use environments::across;

/// A rule: what is wrong with a project, by its own measure.
type Rule = fn(&ResolvedProject) -> Vec<Diagnostic>;

/// All rules.
const RULES: &[Rule] = &[
    alerts::check,
    commands::check,
    config::check,
    datastores::check,
    delivery::check,
    edge::check,
    image::check,
    jobs::check,
    processes::check,
    replicas::check,
    resources::check,
    secrets::check,
    security::check,
    sizes::check,
    volumes::check,
];

/// All findings on one resolved project.
pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    RULES.iter().flat_map(|rule| rule(project)).collect()
}

/// The indices of items that an earlier item equals.
fn repeated<T: PartialEq>(items: &[T]) -> Vec<usize> {
    (0..items.len()).filter(|at| items[..*at].contains(&items[*at])).collect()
}
