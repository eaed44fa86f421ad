//! The page for newcomers: what there is, what talks to what, and the commands with the real names.

use serde::Serialize;

use super::network_map::NetworkMap;
use super::{choice, jobs, pod, value};
use crate::catalog::Context;
use crate::model::{SECRET_FOLDER, SecretUse};
use crate::plan;
use crate::resolve::{Resolved, ResolvedProject};

#[derive(Serialize)]
struct Page {
    project: String,
    process: String,
    team: Option<String>,
    email: Option<String>,
    folders: Vec<Folder>,
    environments: Vec<Environment>,
    /// Jobs before a deployment.
    jobs: Vec<Job>,
    /// Jobs on a schedule.
    scheduled: Vec<Job>,
    /// The commands that undo jobs.
    undo: Vec<String>,
    by_hand: ByHand,
}

/// A file or folder of the tree.
#[derive(Serialize)]
struct Folder {
    path: &'static str,
    what: &'static str,
    /// The page, seen from this one.
    link: Option<&'static str>,
}

#[derive(Serialize)]
struct Environment {
    name: String,
    namespace: String,
    replicas: String,
    hosts: Vec<String>,
    /// The folder of the Secret's files, if they are files.
    secret_files: Option<&'static str>,
    network: Option<NetworkMap>,
    autoscaled: bool,
    /// The replicas of the example that scales up.
    more_replicas: u32,
}

/// A job before a deployment, and the environments that have it.
#[derive(Serialize)]
struct Job {
    environments: String,
    name: String,
    command: String,
    rollback: Option<String>,
    /// Cron schedule, unless it runs before a deployment.
    schedule: Option<String>,
    time_zone: Option<String>,
}

/// What a deployment without the workflow needs.
#[derive(Serialize)]
struct ByHand {
    /// The image that the manifests name.
    image: String,
    repository: String,
    environment_line: String,
    namespace_line: String,
    /// Whether a rollback may be started as a workflow.
    has_rollback: bool,
}

/// The page of the project.
pub fn page(resolved: &Resolved) -> Context {
    let base = &resolved.base;
    let owner = base.spec.owner.as_ref();
    let jobs = all_jobs(resolved, jobs::before_deploy);
    Some(value(Page {
        project: base.name().to_owned(),
        process: base.process().to_owned(),
        team: owner.map(|owner| owner.team.to_string()),
        email: owner.map(|owner| owner.email.to_string()),
        folders: folders(resolved),
        environments: resolved.environments.iter().filter_map(environment).collect(),
        undo: jobs.iter().filter_map(|job| job.rollback.clone()).collect(),
        jobs,
        scheduled: all_jobs(resolved, jobs::scheduled),
        by_hand: by_hand(resolved),
    }))
}

/// What may be in the tree, in the order in which a newcomer reads it.
const FOLDERS: [(&str, &str); 17] = [
    ("docs/prerequisites.md", "what must exist before the first deployment, and what follows it"),
    ("docs/metrics.md", "the metrics that rules use, who gives them, and all alerts"),
    ("docs/runbooks", "a page for each alert: what it means and what to do first"),
    ("docs/lint-waivers.md", "findings of scanners that are accepted"),
    ("Dockerfile", "how the image is built"),
    ("scripts/healthcheck.go", "the health check inside the image, which has no shell"),
    ("k8s/namespaces", "the namespace of each environment, applied once by hand"),
    ("k8s/base", "the manifests that all environments share"),
    ("k8s/overlays", "what differs in each environment; this is what is applied"),
    ("k8s/jobs", "tasks that run before a deployment, by environment"),
    ("monitoring/prometheus", "scrape configuration, rules by environment, and their unit tests"),
    ("scripts/restore-postgres.sh", "lists and restores backups of the database"),
    (".github/workflows/ci.yaml", "checks every change"),
    (".github/workflows/deploy.yaml", "publishes the image and deploys it"),
    (".github/workflows/rollback.yaml", "takes an environment back to an earlier revision"),
    (".github/dependabot.yml", "updates of dependencies"),
    (LEDGER, "the list of generated files with their hashes; commit it"),
];
/// Written beside the catalog's files.
const LEDGER: &str = ".infragen.lock";

fn folders(resolved: &Resolved) -> Vec<Folder> {
    let is_there = |path: &str| path == LEDGER || plan::renders(resolved, path);
    let there = FOLDERS.into_iter().filter(|(path, _)| is_there(path));
    there.map(|(path, what)| Folder { path, what, link: page_beside(path) }).collect()
}

/// Pages are beside this one; runbooks are a folder.
fn page_beside(path: &'static str) -> Option<&'static str> {
    let (folder, name) = path.split_once('/')?;
    (folder == "docs" && name.contains('.')).then_some(name)
}

fn environment(project: &ResolvedProject) -> Option<Environment> {
    let (least, most) = (project.least_replicas(), project.most_replicas());
    let autoscaled = project.is_autoscaled();
    Some(Environment {
        name: project.environment.as_ref()?.to_string(),
        namespace: project.namespace()?,
        replicas: if autoscaled { format!("{least} to {most}, by an autoscaler") } else { least.to_string() },
        hosts: project.hosts(),
        secret_files: match project.secret_use() {
            SecretUse::Files(keys) if !keys.is_empty() => Some(SECRET_FOLDER),
            _ => None,
        },
        network: NetworkMap::new(project),
        autoscaled,
        more_replicas: if autoscaled { least + (most - least).div_ceil(2) } else { least + 1 },
    })
}

/// The jobs of a kind of all environments, each once.
fn all_jobs(resolved: &Resolved, of: fn(&ResolvedProject) -> Vec<jobs::Named<'_>>) -> Vec<Job> {
    let mut found: Vec<(Job, Vec<&str>)> = Vec::new();
    for project in &resolved.environments {
        let environment = project.environment.as_ref().map_or("", |name| name.as_str());
        for (name, job) in of(project) {
            let job = Job {
                environments: String::new(),
                name: project.job(&name),
                command: job.command.shown(),
                rollback: job.rollback.as_ref().map(crate::spec::value::Command::shown),
                schedule: job.schedule.as_ref().map(ToString::to_string),
                time_zone: job.time_zone.as_ref().map(ToString::to_string),
            };
            match found.iter_mut().find(|(other, _)| job.is_like(other)) {
                Some((_, environments)) => environments.push(environment),
                None => found.push((job, vec![environment])),
            }
        }
    }
    let all = resolved.environments.len();
    let named = |environments: &[&str]| if environments.len() == all { "all".into() } else { environments.join(", ") };
    found.into_iter().map(|(job, environments)| Job { environments: named(&environments), ..job }).collect()
}

impl Job {
    /// Whether another one differs by its environments only.
    fn is_like(&self, other: &Self) -> bool {
        (&self.name, &self.command, &self.rollback, &self.schedule, &self.time_zone)
            == (&other.name, &other.command, &other.rollback, &other.schedule, &other.time_zone)
    }
}

fn by_hand(resolved: &Resolved) -> ByHand {
    let image = resolved.base.image();
    ByHand {
        image: pod::image_reference(&resolved.base),
        repository: image.map(|image| image.repository.to_string()).unwrap_or_default(),
        environment_line: choice::of_environments(resolved, "environment", choice::name),
        namespace_line: choice::of_environments(resolved, "namespace", ResolvedProject::namespace),
        has_rollback: plan::renders(resolved, ".github/workflows/rollback.yaml"),
    }
}
