//! Network policies, made from the edges that [`crate::model`] knows.

use serde::Serialize;

use super::pod::Metadata;
use super::value;
use crate::catalog::Context;
use crate::model::{Annotation, Labels, Peer, PolicyRule, Scanner, Waiver, annotations};
use crate::resolve::ResolvedProject;
use crate::spec::NetworkPolicyMode;

/// Private, shared and link-local ranges (RFC 1918, 6598, 3927), metadata addresses among them.
const NOT_PUBLIC_V4: [&str; 5] = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
/// Unique local and link-local ranges (RFC 4193, 4291), metadata addresses among them.
const NOT_PUBLIC_V6: [&str; 2] = ["fc00::/7", "fe80::/10"];
/// Metadata services of cloud providers.
const METADATA_V4: [&str; 1] = ["169.254.169.254/32"];
const METADATA_V6: [&str; 1] = ["fd00:ec2::254/128"];

/// A policy for the pods of one controller.
#[derive(Serialize)]
pub struct Policy {
    #[serde(flatten)]
    metadata: Metadata,
    selector: Labels,
    ingress: Vec<Rule>,
    egress: Vec<Rule>,
}

#[derive(Serialize)]
struct Rule {
    why: String,
    namespace: Option<String>,
    dns: bool,
    blocks: Vec<Block>,
    ports: Vec<PolicyPort>,
}

#[derive(Serialize)]
struct Block {
    cidr: String,
    except: Vec<&'static str>,
}

#[derive(Serialize)]
struct PolicyPort {
    protocol: &'static str,
    /// A number or a container port's name.
    port: serde_json::Value,
}

impl Policy {
    /// The policy of a controller's pods.
    pub fn new(
        project: &ResolvedProject,
        instance: &str,
        component: &str,
        ingress: &[PolicyRule],
        egress: &[PolicyRule],
    ) -> Self {
        Self {
            metadata: Metadata { name: instance.to_owned(), labels: project.labels(instance, component) },
            selector: project.instance_selector(instance),
            ingress: ingress.iter().map(rule).collect(),
            egress: egress.iter().map(rule).collect(),
        }
    }
}

fn rule(rule: &PolicyRule) -> Rule {
    let dns = rule.peer == Peer::Dns;
    let (namespace, blocks) = match &rule.peer {
        Peer::Namespace(name) => (Some(name.clone()), Vec::new()),
        Peer::Dns => (None, Vec::new()),
        Peer::Ranges(ranges) => (None, ranges.iter().map(|range| block(range, &[])).collect()),
        Peer::Anywhere => (None, vec![block("0.0.0.0/0", &METADATA_V4), block("::/0", &METADATA_V6)]),
        Peer::Internet => (None, vec![block("0.0.0.0/0", &NOT_PUBLIC_V4), block("::/0", &NOT_PUBLIC_V6)]),
    };
    let protocols: &[&'static str] = if dns { &["UDP", "TCP"] } else { &["TCP"] };
    let ports = rule
        .ports
        .iter()
        .flat_map(|port| protocols.iter().map(|protocol| PolicyPort { protocol, port: number_or_name(port) }))
        .collect();
    Rule { why: rule.why.clone(), namespace, dns, blocks, ports }
}

fn block(cidr: &str, except: &[&'static str]) -> Block {
    Block { cidr: cidr.to_owned(), except: except.to_vec() }
}

fn number_or_name(port: &str) -> serde_json::Value {
    port.parse::<u16>().map_or_else(|_| port.into(), Into::into)
}

/// The policy that denies everything to pods of the namespace that no other policy selects.
pub fn default_deny(project: &ResolvedProject) -> Context {
    is_strict(project)
        .then(|| value(Metadata { name: project.default_deny(), labels: project.labels(project.name(), "network") }))
}

/// The main process's policy.
pub fn main(project: &ResolvedProject) -> Context {
    is_strict(project).then(|| {
        value(Policy::new(project, project.name(), project.process(), &project.main_ingress(), &project.main_egress()))
    })
}

/// Lets a certificate authority reach the pods that answer its HTTP challenge, which cert-manager starts in this namespace;
/// also for an issuer that exists already, since it may use them too.
pub fn acme_solver(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Solver {
        #[serde(flatten)]
        metadata: Metadata,
        waivers: Vec<Annotation>,
        namespace: &'static str,
    }
    has_acme_solver(project).then(|| {
        value(Solver {
            metadata: Metadata { name: project.acme_solver(), labels: project.labels(project.name(), "certificate") },
            waivers: annotations(&acme_solver_waivers(project)),
            namespace: crate::model::ENVOY_NAMESPACE,
        })
    })
}

/// Findings on that policy that are accepted.
pub fn acme_solver_waivers(project: &ResolvedProject) -> Vec<Waiver> {
    let reason = "it selects pods that cert-manager starts for the minutes that a challenge takes";
    let waiver = Waiver { tool: Scanner::KubeScore, check: "networkpolicy-targets-pod", reason };
    has_acme_solver(project).then_some(waiver).into_iter().collect()
}

/// Whether pods of cert-manager may have to answer challenges in the namespace.
pub fn has_acme_solver(project: &ResolvedProject) -> bool {
    is_strict(project) && project.issuer().is_some()
}

/// Whether policies are rendered.
pub fn is_strict(project: &ResolvedProject) -> bool {
    project.spec.security.network_policy == NetworkPolicyMode::Strict
}
