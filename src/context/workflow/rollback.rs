//! Rollback by hand.

use std::collections::BTreeMap;

use serde::Serialize;

use super::actions::actions;
use super::waivers::{ROLLBACK, mark};
use crate::catalog::Context;
use crate::context::value;
use crate::render::shell_word;
use crate::resolve::{Resolved, ResolvedProject};

/// Time limit in minutes: a roll-out, the health of the hosts, and what else there is.
const MINUTES: u64 = 30;

#[derive(Serialize)]
struct Rollback {
    actions: BTreeMap<&'static str, String>,
    waiver: String,
    choices: Vec<String>,
    deployment: String,
    minutes: u64,
    targets: Vec<Target>,
}

/// What a choice stands for.
#[derive(Serialize)]
struct Target {
    environment: String,
    namespace: String,
    /// A word of the shell: addresses separated by blanks, none without hosts.
    health_urls_word: String,
}

/// Whether some environment has this way back.
pub(super) fn has_rollback(project: &Resolved) -> bool {
    project.environments.iter().any(|one| one.ways_back().manual)
}

/// The workflow; `None` if no environment has this way back.
pub fn rollback(project: &Resolved) -> Context {
    let targets: Vec<Target> =
        project.environments.iter().filter(|one| one.ways_back().manual).filter_map(target).collect();
    if targets.is_empty() {
        return None;
    }
    let deployment = project.base.name().to_owned();
    Some(value(Rollback {
        actions: actions(),
        waiver: mark(&ROLLBACK),
        choices: targets.iter().map(|target| target.environment.clone()).collect(),
        deployment,
        minutes: MINUTES,
        targets,
    }))
}

fn target(project: &ResolvedProject) -> Option<Target> {
    Some(Target {
        environment: project.environment.as_ref()?.to_string(),
        namespace: project.namespace()?,
        health_urls_word: shell_word(&project.health_urls().join(" ")),
    })
}
