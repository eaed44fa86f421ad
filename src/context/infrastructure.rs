//! The page for newcomers: what there is, what talks to what, and the commands with the real names.

use serde::Serialize;

use super::{jobs, value};
use crate::catalog::Context;
use crate::model::{Peer, PolicyRule};
use crate::resolve::{Resolved, ResolvedProject};

#[derive(Serialize)]
struct Page {
    project: String,
    process: String,
    team: Option<String>,
    email: Option<String>,
    folders: Vec<Folder>,
    /// Whether there is a page of metrics.
    has_metrics: bool,
    environments: Vec<Environment>,
    jobs: Vec<Job>,
}

#[derive(Serialize)]
struct Folder {
    path: &'static str,
    what: &'static str,
}

#[derive(Serialize)]
struct Environment {
    name: String,
    namespace: String,
    replicas: String,
    autoscaled: bool,
    hosts: Vec<String>,
    edges: Vec<Edge>,
}

/// A connection that the network policies allow.
#[derive(Serialize)]
struct Edge {
    from: Node,
    to: Node,
    ports: String,
    why: String,
}

#[derive(Clone, Serialize)]
struct Node {
    id: String,
    label: String,
}

#[derive(Serialize)]
struct Job {
    name: String,
    command: String,
    rollback: Option<String>,
}

/// The page of the project.
pub fn page(resolved: &Resolved) -> Context {
    let base = &resolved.base;
    let owner = base.spec.owner.as_ref();
    Some(value(Page {
        project: base.name().to_owned(),
        process: base.process().to_owned(),
        team: owner.map(|owner| owner.team.to_string()),
        email: owner.map(|owner| owner.email.to_string()),
        folders: folders(resolved),
        has_metrics: is_monitored(resolved),
        environments: resolved.environments.iter().map(environment).collect(),
        jobs: resolved.all().find(|project| !jobs::before_deploy(project).is_empty()).map(tasks).unwrap_or_default(),
    }))
}

/// Whether anything of the project is scraped or watched.
fn is_monitored(resolved: &Resolved) -> bool {
    resolved.environments.iter().any(|project| project.spec.metrics.is_some()) || has_alerts(resolved)
}

fn has_alerts(resolved: &Resolved) -> bool {
    resolved.alerting().iter().any(|alerting| !alerting.groups.is_empty())
}

/// The folders that this project has, in the order in which a newcomer reads them.
fn folders(resolved: &Resolved) -> Vec<Folder> {
    // What no environment has is not rendered, whatever the top level says.
    let any = |has: fn(&ResolvedProject) -> bool| resolved.environments.iter().any(has);
    let all = [
        ("Dockerfile", "how the image is built", true),
        ("k8s/base", "the manifests that all environments share", true),
        ("k8s/overlays", "what each environment has otherwise; this is what is applied", true),
        (
            "k8s/jobs",
            "tasks that run before a deployment, by environment",
            any(|project| !jobs::before_deploy(project).is_empty()),
        ),
        (
            "monitoring/prometheus",
            "scrape configuration, rules by environment, and their unit tests",
            is_monitored(resolved),
        ),
        ("scripts", "programs for operators", any(|project| project.spec.backup.is_some())),
        (".github/workflows", "what runs on changes, on deployments, and for rolling back", true),
        ("docs/runbooks", "a page for each alert: what it means and what to do first", has_alerts(resolved)),
        (".infragen.lock", "the list of generated files with their hashes; commit it", true),
    ];
    all.into_iter().filter(|(_, _, there)| *there).map(|(path, what, _)| Folder { path, what }).collect()
}

fn environment(project: &ResolvedProject) -> Environment {
    let (least, most) = (project.least_replicas(), project.most_replicas());
    let ingress = project.main_ingress().into_iter().map(|rule| edge(project, rule, Direction::In));
    let egress = project.main_egress().into_iter().map(|rule| edge(project, rule, Direction::Out));
    Environment {
        name: project.environment.as_ref().map(ToString::to_string).unwrap_or_default(),
        namespace: project.namespace().unwrap_or_default(),
        replicas: if project.is_autoscaled() {
            format!("{least} to {most}, by an autoscaler")
        } else {
            least.to_string()
        },
        autoscaled: project.is_autoscaled(),
        hosts: project.hosts(),
        edges: ingress.chain(egress).collect(),
    }
}

#[derive(Clone, Copy)]
enum Direction {
    In,
    Out,
}

fn edge(project: &ResolvedProject, rule: PolicyRule, direction: Direction) -> Edge {
    let main = Node { id: "main".to_owned(), label: project.process().to_owned() };
    let peer = node(&rule);
    let (from, to) = match direction {
        Direction::In => (peer, main),
        Direction::Out => (main, peer),
    };
    Edge { from, to, ports: rule.ports.join(", "), why: rule.why }
}

fn node(rule: &PolicyRule) -> Node {
    let (id, label) = match &rule.peer {
        Peer::Namespace(name) => (format!("ns_{}", name.replace('-', "_")), format!("namespace {name}")),
        Peer::Dns => ("dns".to_owned(), "cluster DNS".to_owned()),
        Peer::Ranges(ranges) => ("ranges".to_owned(), ranges.join(", ")),
        Peer::Anywhere => {
            (format!("store_{}", rule.ports.join("_")), format!("external store, port {}", rule.ports.join(", ")))
        }
        Peer::Internet => ("internet".to_owned(), "public addresses".to_owned()),
    };
    Node { id, label }
}

fn tasks(project: &ResolvedProject) -> Vec<Job> {
    jobs::before_deploy(project)
        .into_iter()
        .map(|(name, job)| Job {
            name: project.job(&name),
            command: job.command.shown(),
            rollback: job.rollback.as_ref().map(crate::spec::value::Command::shown),
        })
        .collect()
}
