//! Jobs that run before a deployment. They are no part of the overlay: a Job cannot be changed in place, so a second
//! apply with a new image would fail.

use serde::Serialize;

use super::network_policy::{Policy, is_strict};
use super::pod::{Metadata, Pod, waivers};
use super::{value, workload};
use crate::catalog::Contexts;
use crate::model::{Annotation, PolicyRule, annotations};
use crate::resolve::ResolvedProject;
use crate::spec::JobMoment;
use crate::spec::document::Node;

/// Names of the jobs before a deployment with their commands, in the order of the spec: they run one after the other.
pub fn before_deploy(project: &ResolvedProject) -> Vec<(String, &crate::spec::Job)> {
    let written = project.document.get("jobs").map(Node::entries).unwrap_or_default();
    let place = |name: &str| written.iter().position(|entry| entry.key == name);
    let mut jobs: Vec<(String, &crate::spec::Job)> = project
        .spec
        .jobs
        .iter()
        .flatten()
        .filter(|(_, job)| job.when == Some(JobMoment::BeforeDeploy))
        .map(|(name, job)| (name.to_string(), job))
        .collect();
    jobs.sort_by_key(|(name, _)| place(name));
    jobs
}

/// The Jobs.
pub fn job(project: &ResolvedProject) -> Contexts {
    #[derive(Serialize)]
    struct Job {
        #[serde(flatten)]
        metadata: Metadata,
        container: String,
        waivers: Vec<Annotation>,
        arguments: Vec<String>,
        rollback: Option<String>,
        pod: Pod,
    }
    before_deploy(project)
        .into_iter()
        .map(|(name, job)| {
            let instance = project.job(&name);
            let context = value(Job {
                metadata: Metadata { labels: project.labels(&instance, &name), name: instance },
                container: name.clone(),
                waivers: annotations(&waivers(project)),
                arguments: job.command.arguments().to_vec(),
                rollback: job.rollback.as_ref().map(crate::spec::value::Command::shown),
                pod: Pod::new(project, Vec::new()),
            });
            (name, context)
        })
        .collect()
}

/// The account that the jobs share with the main process, so that the first deployment's jobs have it too.
pub fn service_account(project: &ResolvedProject) -> Contexts {
    let account = workload::service_account(project).filter(|_| !before_deploy(project).is_empty());
    account.map(|account| (String::new(), account)).into_iter().collect()
}

/// Policies of the jobs: nobody calls them, and they call what the main process may call.
pub fn network_policy(project: &ResolvedProject) -> Contexts {
    if !is_strict(project) {
        return Vec::new();
    }
    let nobody: [PolicyRule; 0] = [];
    before_deploy(project)
        .into_iter()
        .map(|(name, _)| {
            let policy = Policy::new(project, &project.job(&name), &name, &nobody, &project.main_egress());
            (name, value(policy))
        })
        .collect()
}
