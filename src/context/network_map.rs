//! What may talk to what in an environment, as a table and as a picture.

use serde::Serialize;

use super::jobs;
use super::network_policy::{has_acme_solver, is_strict};
use crate::model::{ENVOY_NAMESPACE, Peer, PolicyRule};
use crate::resolve::ResolvedProject;
use crate::spec::StoreKind;

/// The connections that the network policies allow.
#[derive(Serialize)]
pub struct NetworkMap {
    /// For the picture.
    edges: Vec<Edge>,
    /// For the table.
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Edge {
    from: Node,
    to: Node,
    ports: String,
}

#[derive(Clone, Serialize)]
struct Node {
    id: String,
    label: String,
}

#[derive(Serialize)]
struct Row {
    from: String,
    to: String,
    ports: String,
    why: String,
}

/// The pods of a policy: how the picture and how the table calls them.
struct Pods {
    node: Node,
    label: String,
}

#[derive(Clone, Copy)]
enum Direction {
    In,
    Out,
}

impl NetworkMap {
    /// The map of an environment; `None` where no policy is rendered.
    pub fn new(project: &ResolvedProject) -> Option<Self> {
        if !is_strict(project) {
            return None;
        }
        let mut map = Self { edges: Vec::new(), rows: Vec::new() };
        let process = project.process().to_owned();
        map.add(&pods("main", &process, process.clone()), &project.main_ingress(), Direction::In);
        map.add(&pods("main", &process, callers(project)), &project.main_egress(), Direction::Out);
        let backup = format!("backup of {}", StoreKind::Postgres.key());
        map.add(&pods("backup", &backup, backup.clone()), &project.backup_egress(), Direction::Out);
        if has_acme_solver(project) {
            let solver = "cert-manager's solver pods";
            map.add(&pods("solver", solver, solver.to_owned()), &[challenge()], Direction::In);
        }
        Some(map)
    }

    fn add(&mut self, pods: &Pods, rules: &[PolicyRule], direction: Direction) {
        for rule in rules {
            let (peer, ports) = (node(rule), ports(rule));
            let (from, to) = match direction {
                Direction::In => ((peer.label.clone(), peer), (pods.label.clone(), pods.node.clone())),
                Direction::Out => ((pods.label.clone(), pods.node.clone()), (peer.label.clone(), peer)),
            };
            self.rows.push(Row { from: from.0, to: to.0, ports: ports.clone(), why: rule.why.clone() });
            self.edges.push(Edge { from: from.1, to: to.1, ports });
        }
    }
}

fn ports(rule: &PolicyRule) -> String {
    if rule.ports.is_empty() { "all".to_owned() } else { rule.ports.join(", ") }
}

fn pods(id: &str, name: &str, label: String) -> Pods {
    Pods { node: Node { id: id.to_owned(), label: name.to_owned() }, label }
}

/// The main process and the jobs, which may call the same.
fn callers(project: &ResolvedProject) -> String {
    let jobs =
        jobs::before_deploy(project).into_iter().chain(jobs::scheduled(project)).map(|(name, _)| format!("job {name}"));
    std::iter::once(project.process().to_owned()).chain(jobs).collect::<Vec<_>>().join(", ")
}

fn challenge() -> PolicyRule {
    PolicyRule {
        why: "HTTP challenges of the certificate authority, by way of the gateway's proxies".to_owned(),
        peer: Peer::Namespace(ENVOY_NAMESPACE.to_owned()),
        ports: vec!["8089".to_owned()],
    }
}

fn node(rule: &PolicyRule) -> Node {
    let ports = rule.ports.join("_");
    let (id, label) = match &rule.peer {
        Peer::Namespace(name) => (format!("ns_{}", name.replace('-', "_")), format!("namespace {name}")),
        Peer::Dns => ("dns".to_owned(), "cluster DNS".to_owned()),
        Peer::Ranges(ranges) => ("ranges".to_owned(), ranges.join(", ")),
        Peer::Anywhere => (format!("any_{ports}"), format!("any address, port {}", rule.ports.join(", "))),
        Peer::Internet => ("internet".to_owned(), "public addresses".to_owned()),
    };
    Node { id, label }
}
