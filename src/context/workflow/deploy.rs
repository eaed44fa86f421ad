//! Delivery.

use std::collections::BTreeMap;

use serde::Serialize;

use super::actions::actions;
use super::gate::{GateJob, gates};
use super::health::Health;
use super::image::{Build, Registry, repository};
use super::minutes;
use super::setup::Cache;
use super::trigger::{Triggers, condition, words};
use super::waivers::{CHOICE, mark};
use crate::catalog::Context;
use crate::context::{jobs, value};
use crate::resolve::{Resolved, ResolvedProject};
use crate::spec::Tags;

#[derive(Serialize)]
struct Deploy {
    actions: BTreeMap<&'static str, String>,
    triggers: Triggers,
    waiver: String,
    image: String,
    registry: Registry,
    gates: Vec<GateJob>,
    gate_jobs: Vec<String>,
    build: Build,
    /// How docker/metadata-action makes tags.
    tag_rules: Vec<&'static str>,
    /// Whether some environment waits for a reviewer.
    approval: bool,
    targets: Vec<Target>,
}

/// The job of an environment.
#[derive(Serialize)]
struct Target {
    job: String,
    title: String,
    environment: String,
    /// The trigger in words.
    trigger: String,
    /// The trigger as an expression.
    condition: String,
    minutes: u64,
    approval: bool,
    url: Option<String>,
    group: String,
    namespace: String,
    /// For a shell loop.
    deployments: String,
    jobs: Vec<String>,
    /// For a shell loop.
    job_names: String,
    job_seconds: u64,
    health: Health,
    automatic_rollback: bool,
}

/// The workflow that publishes and deploys; `None` without environments.
pub fn deploy(project: &Resolved) -> Context {
    if project.environments.is_empty() {
        return None;
    }
    let image = repository(&project.base);
    let gates = gates(&project.base, Cache::Refused);
    let triggers = Triggers::of(&project.environments);
    Some(value(Deploy {
        actions: actions(),
        waiver: mark(&CHOICE),
        registry: Registry::of(&image),
        image,
        gate_jobs: gates.iter().map(|gate| gate.job.clone()).collect(),
        gates,
        build: Build::new(&project.base),
        tag_rules: tag_rules(&project.base),
        approval: project.environments.iter().any(ResolvedProject::needs_approval),
        targets: project.environments.iter().filter_map(|environment| target(environment, &triggers)).collect(),
        triggers,
    }))
}

fn tag_rules(project: &ResolvedProject) -> Vec<&'static str> {
    let semver = project.spec.delivery.as_ref().and_then(|delivery| delivery.tags) == Some(Tags::Semver);
    let of_tag = if semver { "type=semver,pattern=v{{version}}" } else { "type=ref,event=tag" };
    vec!["type=sha,format=long", of_tag]
}

fn target(project: &ResolvedProject, triggers: &Triggers) -> Option<Target> {
    let environment = project.environment.as_ref()?.to_string();
    let start = project.start();
    let jobs: Vec<String> = jobs::before_deploy(project).iter().map(|(name, _)| project.job(name)).collect();
    Some(Target {
        job: format!("deploy-{environment}"),
        title: format!("Deploy to {environment}"),
        trigger: words(&start),
        condition: condition(&start, &environment, triggers),
        minutes: minutes::deployment(project, jobs.len()),
        approval: project.needs_approval(),
        url: project.hosts().first().map(|host| format!("https://{host}")),
        group: format!("deploy-{environment}"),
        namespace: project.namespace()?,
        deployments: project.deployments().join(" "),
        job_names: jobs.join(" "),
        jobs,
        job_seconds: minutes::JOB_SECONDS,
        health: Health::new(project),
        automatic_rollback: project.ways_back().automatic,
        environment,
    })
}
