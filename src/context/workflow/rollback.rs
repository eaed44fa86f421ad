//! Rollback by hand.

use std::collections::BTreeMap;

use serde::Serialize;

use super::actions::actions;
use crate::catalog::Context;
use crate::context::value;
use crate::model::{Scanner, Waiver};
use crate::render::shell_word;
use crate::resolve::{Resolved, ResolvedProject};

/// Time limit in minutes: a roll-out, the health of the hosts, and what else there is.
const MINUTES: u64 = 30;

#[derive(Serialize)]
struct Rollback {
    actions: BTreeMap<&'static str, String>,
    choices: Vec<String>,
    deployment: String,
    minutes: u64,
    targets: Vec<Target>,
    waiver: Waiver,
}

/// Inputs of any workflow are suspected of changing what is built.
const WAIVER: Waiver = Waiver {
    tool: Scanner::Checkov,
    check: "CKV_GHA_7",
    reason: "a rollback has to be told where to and how far; nothing is built here",
};

/// What a choice stands for.
#[derive(Serialize)]
struct Target {
    environment: String,
    namespace: String,
    /// A word of the shell: addresses separated by blanks, none without hosts.
    health_urls_word: String,
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
        choices: targets.iter().map(|target| target.environment.clone()).collect(),
        deployment,
        minutes: MINUTES,
        targets,
        waiver: WAIVER,
    }))
}

/// The finding about the workflow that is accepted, if there is a workflow.
pub(super) fn waiver(project: &Resolved) -> Option<Waiver> {
    project.environments.iter().any(|one| one.ways_back().manual).then_some(WAIVER)
}

fn target(project: &ResolvedProject) -> Option<Target> {
    Some(Target {
        environment: project.environment.as_ref()?.to_string(),
        namespace: project.namespace()?,
        health_urls_word: shell_word(&project.health_urls().join(" ")),
    })
}
