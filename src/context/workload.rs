//! The main process: account, Deployment, Service, autoscaler and disruption budget.

use serde::Serialize;

use super::pod::{self, Metadata, Pod, Topology, topologies};
use super::value;
use crate::catalog::Context;
use crate::model::{Annotation, Labels, Scanner, Waiver, annotations};
use crate::resolve::ResolvedProject;
use crate::spec::value::{Duration, HttpPath};
use crate::spec::{Replicas, ScaleRule};

/// Seconds between "take no more traffic" and the stop signal; load balancers need about as long to notice.
pub const DRAIN_SECONDS: u64 = 5;

/// The account that the pods run as.
pub fn service_account(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Account {
        #[serde(flatten)]
        metadata: Metadata,
        aws_role: Option<String>,
    }
    let aws_role = project.spec.security.service_account.as_ref().and_then(|account| account.aws_role.as_ref());
    Some(value(Account { metadata: main_metadata(project), aws_role: aws_role.map(ToString::to_string) }))
}

fn main_metadata(project: &ResolvedProject) -> Metadata {
    Metadata { name: project.name().to_owned(), labels: project.main_labels() }
}

#[derive(Serialize)]
struct Deployment {
    #[serde(flatten)]
    metadata: Metadata,
    waivers: Vec<Annotation>,
    selector: Labels,
    /// `None` when an autoscaler sets them.
    replicas: Option<u32>,
    container: String,
    grace_period: u64,
    drain: u64,
    ports: Vec<Port>,
    probes: Option<Probes>,
    affinity: bool,
    topologies: Vec<Topology>,
    pod: Pod,
}

#[derive(Serialize)]
struct Port {
    name: &'static str,
    number: u16,
}

#[derive(Serialize)]
struct Probes {
    startup: String,
    liveness: String,
    readiness: String,
}

/// Findings on the Deployment that are accepted.
pub fn waivers(project: &ResolvedProject) -> Vec<Waiver> {
    let mut waivers = pod::waivers(project);
    if project.spec.port.is_none() {
        let reason = "a process without a port cannot be asked how it is; one that ends is started again";
        waivers.extend(["CKV_K8S_8", "CKV_K8S_9"].map(|check| Waiver { tool: Scanner::Checkov, check, reason }));
    }
    if project.least_replicas() < 2 {
        let check = if project.is_autoscaled() { "deployment-has-poddisruptionbudget" } else { "deployment-replicas" };
        waivers.push(Waiver { tool: Scanner::KubeScore, check, reason: SINGLE });
    }
    waivers
}

/// Findings on the autoscaler that are accepted.
pub fn autoscaler_waivers(project: &ResolvedProject) -> Vec<Waiver> {
    let single = project.is_autoscaled() && project.least_replicas() < 2;
    single
        .then_some(Waiver { tool: Scanner::KubeScore, check: "horizontalpodautoscaler-replicas", reason: SINGLE })
        .into_iter()
        .collect()
}

/// Why one replica is accepted.
const SINGLE: &str =
    "the spec allows a single replica, which no disruption budget could protect without blocking node drains";

/// The main process's pods.
pub fn deployment(project: &ResolvedProject) -> Context {
    let health = &project.spec.health;
    let shown = |path: &HttpPath| path.to_string();
    let probes = project.spec.port.map(|_| Probes {
        startup: shown(health.startup.as_ref().unwrap_or(&health.liveness)),
        liveness: shown(&health.liveness),
        readiness: shown(&health.readiness),
    });
    Some(value(Deployment {
        metadata: main_metadata(project),
        waivers: annotations(&waivers(project)),
        selector: project.main_selector(),
        replicas: (!project.is_autoscaled()).then(|| project.least_replicas()),
        container: project.process().to_owned(),
        grace_period: project.spec.shutdown.grace_period.seconds(),
        drain: DRAIN_SECONDS,
        ports: ports(project),
        probes,
        affinity: project.most_replicas() > 1,
        topologies: if project.most_replicas() > 1 { topologies(project) } else { Vec::new() },
        pod: Pod::new(project, project.own_variables()),
    }))
}

fn ports(project: &ResolvedProject) -> Vec<Port> {
    let http = project.spec.port.map(|port| Port { name: "http", number: port.number() });
    let metrics = project
        .spec
        .metrics
        .as_ref()
        .filter(|metrics| Some(metrics.port) != project.spec.port)
        .map(|metrics| Port { name: "metrics", number: metrics.port.number() });
    http.into_iter().chain(metrics).collect()
}

/// The internal Service; `None` without a port.
pub fn service(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Service {
        #[serde(flatten)]
        metadata: Metadata,
        selector: Labels,
    }
    project.spec.port?;
    Some(value(Service { metadata: main_metadata(project), selector: project.main_selector() }))
}

#[derive(Serialize)]
struct Autoscaler {
    #[serde(flatten)]
    metadata: Metadata,
    waivers: Vec<Annotation>,
    min: u32,
    max: u32,
    targets: Vec<Target>,
    scale_up: Behavior,
    scale_down: Behavior,
}

#[derive(Serialize)]
struct Target {
    resource: &'static str,
    percent: u32,
}

#[derive(Serialize)]
struct Behavior {
    window: u64,
    percent: u32,
}

/// The autoscaler; `None` for a fixed number of replicas.
pub fn horizontal_pod_autoscaler(project: &ResolvedProject) -> Context {
    let Replicas::Map(scaling) = &project.spec.replicas else {
        return None;
    };
    let percent = |ratio: &crate::spec::value::Ratio| ratio.percent().unwrap_or(70);
    let mut targets: Vec<Target> = [("cpu", &scaling.cpu), ("memory", &scaling.memory)]
        .into_iter()
        .filter_map(|(resource, ratio)| ratio.as_ref().map(|ratio| Target { resource, percent: percent(ratio) }))
        .collect();
    if targets.is_empty() {
        targets.push(Target { resource: "cpu", percent: 70 });
    }
    Some(value(Autoscaler {
        metadata: main_metadata(project),
        waivers: annotations(&autoscaler_waivers(project)),
        min: scaling.min.number(),
        max: scaling.max.number(),
        targets,
        scale_up: behavior(scaling.scale_up.as_ref(), 0, 100),
        scale_down: behavior(scaling.scale_down.as_ref(), 300, 10),
    }))
}

fn behavior(rule: Option<&ScaleRule>, window: u64, percent: u32) -> Behavior {
    rule.map_or(Behavior { window, percent }, |rule| Behavior {
        window: Duration::seconds(&rule.window),
        percent: rule.percent.number(),
    })
}

/// The disruption budget; `None` for a single replica, which it would either not protect or never let go.
pub fn pod_disruption_budget(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Budget {
        #[serde(flatten)]
        metadata: Metadata,
        selector: Labels,
        min_available: Option<u32>,
        max_unavailable: Option<u32>,
    }
    if project.least_replicas() < 2 {
        return None;
    }
    let disruption = project.spec.disruption.as_ref();
    let min_available = disruption.and_then(|disruption| disruption.min_available).map(crate::spec::Count::number);
    let away = disruption.and_then(|disruption| disruption.max_unavailable).map_or(1, crate::spec::Count::number);
    Some(value(Budget {
        metadata: main_metadata(project),
        selector: project.main_selector(),
        min_available,
        max_unavailable: min_available.is_none().then_some(away),
    }))
}
