//! Rules between values: what types alone cannot say. One file a section; each rule names the place it complains about.

mod alerts;
mod datastores;
mod edge;
mod jobs;
mod replicas;
mod resources;
mod secrets;

use super::ResolvedProject;
use crate::diagnostic::Diagnostic;

/// All findings on one resolved project.
pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let rules: [fn(&ResolvedProject) -> Vec<Diagnostic>; 7] =
        [replicas::check, resources::check, jobs::check, secrets::check, datastores::check, edge::check, alerts::check];
    rules.iter().flat_map(|rule| rule(project)).collect()
}
