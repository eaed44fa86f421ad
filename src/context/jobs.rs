//! Jobs that run the project's image: before a deployment, or on a schedule.
//!
//! Those before a deployment are no part of the overlay: a Job cannot be changed in place, so a second apply with a new
//! image would fail.

use serde::Serialize;

use super::network_policy::{Policy, is_strict};
use super::pod::{Metadata, Pod, waivers};
use super::{value, workload};
use crate::catalog::Contexts;
use crate::model::{Annotation, PolicyRule, annotations};
use crate::resolve::ResolvedProject;
use crate::spec::JobMoment;
use crate::spec::document::Node;

/// A job of the spec with its name.
pub type Named<'a> = (String, &'a crate::spec::Job);

/// The jobs before a deployment, in the order of the spec: they run one after the other.
pub fn before_deploy(project: &ResolvedProject) -> Vec<Named<'_>> {
    written(project, |job| job.when == Some(JobMoment::BeforeDeploy))
}

/// The jobs that run on a schedule, in the order of the spec.
pub fn scheduled(project: &ResolvedProject) -> Vec<Named<'_>> {
    written(project, |job| job.schedule.is_some())
}

fn written(project: &ResolvedProject, wanted: fn(&crate::spec::Job) -> bool) -> Vec<Named<'_>> {
    let written = project.document.get("jobs").map(Node::entries).unwrap_or_default();
    let place = |name: &str| written.iter().position(|entry| entry.key == name);
    let jobs = project.spec.jobs.iter().flatten().filter(|(_, job)| wanted(job));
    let mut jobs: Vec<Named<'_>> = jobs.map(|(name, job)| (name.to_string(), job)).collect();
    jobs.sort_by_key(|(name, _)| place(name));
    jobs
}

/// What Jobs and CronJobs have in common.
#[derive(Serialize)]
struct Task {
    #[serde(flatten)]
    metadata: Metadata,
    container: String,
    waivers: Vec<Annotation>,
    arguments: Vec<String>,
    pod: Pod,
}

fn task(project: &ResolvedProject, name: &str, job: &crate::spec::Job) -> Task {
    let instance = project.job(name);
    Task {
        metadata: Metadata { labels: project.labels(&instance, name), name: instance },
        container: name.to_owned(),
        waivers: annotations(&waivers(project)),
        arguments: job.command.arguments().to_vec(),
        pod: Pod::new(project, Vec::new()),
    }
}

/// The Jobs before a deployment.
pub fn job(project: &ResolvedProject) -> Contexts {
    #[derive(Serialize)]
    struct Job {
        #[serde(flatten)]
        task: Task,
        rollback: Option<String>,
    }
    let context = |name: &str, job: &crate::spec::Job| {
        value(Job {
            task: task(project, name, job),
            rollback: job.rollback.as_ref().map(crate::spec::value::Command::shown),
        })
    };
    before_deploy(project).into_iter().map(|(name, job)| (name.clone(), context(&name, job))).collect()
}

/// The CronJobs.
pub fn cron_job(project: &ResolvedProject) -> Contexts {
    #[derive(Serialize)]
    struct CronJob {
        #[serde(flatten)]
        task: Task,
        schedule: String,
        time_zone: String,
    }
    let context = |(name, job): Named<'_>| {
        let (schedule, time_zone) = (job.schedule.as_ref()?.to_string(), job.time_zone.as_ref()?.to_string());
        Some((name.clone(), value(CronJob { task: task(project, &name, job), schedule, time_zone })))
    };
    scheduled(project).into_iter().filter_map(context).collect()
}

/// The account that the jobs share with the main process, so that the first deployment's jobs have it too.
pub fn service_account(project: &ResolvedProject) -> Contexts {
    let account = workload::service_account(project).filter(|_| !before_deploy(project).is_empty());
    account.map(|account| (String::new(), account)).into_iter().collect()
}

/// Policies of the jobs before a deployment.
pub fn network_policy(project: &ResolvedProject) -> Contexts {
    policies(project, before_deploy(project))
}

/// Policies of the jobs on a schedule.
pub fn scheduled_network_policy(project: &ResolvedProject) -> Contexts {
    policies(project, scheduled(project))
}

/// Nobody calls jobs, and they call what the main process may call.
fn policies(project: &ResolvedProject, jobs: Vec<Named<'_>>) -> Contexts {
    if !is_strict(project) {
        return Vec::new();
    }
    let nobody: [PolicyRule; 0] = [];
    let policy = |name: &str| value(Policy::new(project, &project.job(name), name, &nobody, &project.main_egress()));
    jobs.into_iter().map(|(name, _)| (name.clone(), policy(&name))).collect()
}
