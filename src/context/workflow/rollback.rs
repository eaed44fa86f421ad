//! Rollback by hand.

use std::collections::BTreeMap;

use serde::Serialize;

use super::actions::actions;
use super::health::Health;
use super::minutes;
use super::waivers::{ROLLBACK, mark};
use crate::catalog::Context;
use crate::context::value;
use crate::resolve::{Resolved, ResolvedProject};

#[derive(Serialize)]
struct Rollback {
    actions: BTreeMap<&'static str, String>,
    waiver: String,
    choices: Vec<String>,
    deployment: String,
    minutes: u64,
    /// Whether a deployment that waits for its reviewer may be in the way.
    approval: bool,
    checks: Checks,
    targets: Vec<Target>,
}

/// How some environment is asked for its health.
#[derive(Serialize)]
struct Checks {
    /// At public addresses.
    public: bool,
    /// Behind a forwarded port.
    local: bool,
    /// At a host whose certificate a runner may not trust.
    untrusted: bool,
}

/// What a choice stands for.
#[derive(Serialize)]
struct Target {
    environment: String,
    namespace: String,
    health: Health,
}

/// Whether some environment has this way back.
pub(super) fn has_rollback(project: &Resolved) -> bool {
    project.environments.iter().any(|one| one.ways_back().manual)
}

/// The workflow; `None` if no environment has this way back.
pub fn rollback(project: &Resolved) -> Context {
    let environments = || project.environments.iter().filter(|one| one.ways_back().manual);
    let targets: Vec<Target> = environments().filter_map(target).collect();
    if targets.is_empty() {
        return None;
    }
    let some = |is: fn(&Health) -> bool| targets.iter().any(|target| is(&target.health));
    let deployment = project.base.name().to_owned();
    Some(value(Rollback {
        actions: actions(),
        waiver: mark(&ROLLBACK),
        choices: targets.iter().map(|target| target.environment.clone()).collect(),
        deployment,
        minutes: environments().map(minutes::rollback).max().unwrap_or_default(),
        approval: environments().any(ResolvedProject::needs_approval),
        checks: Checks {
            public: some(Health::is_public),
            local: some(Health::is_local),
            untrusted: some(Health::is_untrusted),
        },
        targets,
    }))
}

fn target(project: &ResolvedProject) -> Option<Target> {
    Some(Target {
        environment: project.environment.as_ref()?.to_string(),
        namespace: project.namespace()?,
        health: Health::new(project),
    })
}
