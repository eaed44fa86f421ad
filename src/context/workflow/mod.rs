//! Workflows of GitHub Actions and Dependabot's settings.

mod actions;
mod ci;
mod dependabot;
mod deploy;
mod gate;
mod image;
mod rollback;
mod setup;
mod trigger;

pub use ci::ci;
pub use dependabot::dependabot;
pub use deploy::deploy;
pub use rollback::rollback;

use crate::model::Waiver;
use crate::resolve::Resolved;

/// Findings about the workflows that are accepted, with the file that each is about.
pub fn accepted(project: &Resolved) -> Vec<(String, Waiver)> {
    let of = |name: &'static str| move |waiver| (format!(".github/workflows/{name}.yaml"), waiver);
    let deploy = trigger::Triggers::of(&project.environments).waiver().map(of("deploy"));
    deploy.into_iter().chain(rollback::waiver(project).map(of("rollback"))).collect()
}
