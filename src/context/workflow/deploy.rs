//! Delivery.

use std::collections::BTreeMap;

use serde::Serialize;

use super::actions::actions;
use super::gate::{GateJob, gates};
use super::image::{Build, Registry, repository};
use super::setup::Cache;
use super::trigger::{Triggers, condition, words};
use super::waivers::{CHOICE, mark};
use crate::catalog::Context;
use crate::context::{jobs, value};
use crate::resolve::{Resolved, ResolvedProject};
use crate::spec::Tags;

/// How long a job before a deployment is waited for, in seconds: a minute more than its own deadline.
const JOB_SECONDS: u64 = 960;
/// The longest that a roll-out may take, in minutes, as the template says to `kubectl rollout status`.
const ROLLOUT_MINUTES: u64 = 10;
/// The longest that a host's health is asked for, in minutes, as the template says to curl.
const HEALTH_MINUTES: u64 = 5;
/// What the other steps take together, in minutes.
const OTHER_MINUTES: u64 = 10;

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
    /// For a shell loop; `None` without hosts.
    health_urls: Option<String>,
    /// Behind a forwarded port, for a project with a port and no host.
    local_health_url: Option<String>,
    service: String,
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
    let urls = project.health_urls();
    let has_local_health = urls.is_empty() && project.verifies_health();
    Some(Target {
        job: format!("deploy-{environment}"),
        title: format!("Deploy to {environment}"),
        trigger: words(&start),
        condition: condition(&start, &environment, triggers),
        minutes: minutes(project, jobs.len(), urls.len()),
        approval: project.needs_approval(),
        url: project.hosts().first().map(|host| format!("https://{host}")),
        group: format!("deploy-{environment}"),
        namespace: project.namespace()?,
        deployments: project.deployments().join(" "),
        job_names: jobs.join(" "),
        jobs,
        job_seconds: JOB_SECONDS,
        health_urls: (!urls.is_empty()).then(|| urls.join(" ")),
        local_health_url: has_local_health.then(|| format!("http://127.0.0.1:18080{}", project.spec.health.readiness)),
        service: project.name().to_owned(),
        automatic_rollback: project.ways_back().automatic,
        environment,
    })
}

/// The sum of all that a deployment may wait for, so that no limit cuts it off before its own rollback.
fn minutes(project: &ResolvedProject, jobs: usize, hosts: usize) -> u64 {
    let times = |count: usize, minutes: u64| u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(minutes);
    let rollouts = times(2 * project.deployments().len(), ROLLOUT_MINUTES);
    rollouts + times(jobs, JOB_SECONDS / 60) + times(hosts, HEALTH_MINUTES) + OTHER_MINUTES
}
