//! Workloads and what stands in front of them: selectors, ports, probes, autoscalers, disruption budgets.

use std::borrow::Cow;

use serde_json::Value;

use super::parsed::{Container, Object, Parsed, pairs};
use super::{Mention, Relation, exact, never, within};
use crate::validate::json::{items, scalar, text};

pub(super) const RELATIONS: &[Relation] = &[
    within("service-selector", "selects pods by `{}`, which no pod template has", service_selectors, pod_labels),
    exact("service-port", "sends to port `{}`, which no container of its pods opens", service_ports, container_ports),
    within("workload-selector", "selects its pods by `{}`, which its pod template lacks", own_selectors, own_labels),
    exact("autoscaler-target", "scales {}, which does not exist", autoscaler_targets, scalable),
    never("autoscaler-owns-replicas", "has `{}`, although an autoscaler sets them", replicas_beside_autoscaler),
    exact("replicas", "has neither replicas nor an autoscaler", without_replicas, autoscaler_targets),
    exact("autoscaler-metric", "is measured by its use of {}, which it does not request", scaled_by, requested),
    within("disruption-selector", "selects pods by `{}`, which no pod template has", budget_selectors, pod_labels),
    exact("service-account", "runs as ServiceAccount `{}`, which does not exist", accounts_used, accounts),
    exact("probe-port", "is probed at port `{}`, which it does not open", probe_ports, own_ports),
    exact("port-variable", "is told by PORT to listen on {}, which it does not open", port_variables, own_ports),
    never("port-once", "opens port `{}` twice", repeated_ports),
];

fn service_selectors<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.of_kind("Service").map(|service| selector(service, &service.spec()["selector"])).collect()
}

fn budget_selectors<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let budgets = parsed.of_kind("PodDisruptionBudget");
    budgets.map(|budget| selector(budget, &budget.spec()["selector"]["matchLabels"])).collect()
}

/// A selector in the scope of its layer.
fn selector<'a>(object: Object<'a>, labels: &'a Value) -> Mention<'a> {
    Mention::parts(object.place(), object.layer.scope(), pairs(labels))
}

/// The pods' labels, in the scope of their layer.
pub(super) fn pod_labels<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let workloads = parsed.workloads.iter();
    workloads
        .map(|workload| Mention::parts(workload.object.place(), workload.object.layer.scope(), workload.label_parts()))
        .collect()
}

/// The labels by which workloads, and the rules that spread their pods, select these pods.
fn own_selectors<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for workload in &parsed.workloads {
        let mut add = |labels: &'a Value| {
            if labels.is_object() {
                found.push(Mention::parts(workload.object.place(), workload.object.scope(), pairs(labels)));
            }
        };
        add(&workload.object.spec()["selector"]["matchLabels"]);
        for constraint in items(&workload.pod["topologySpreadConstraints"]) {
            add(&constraint["labelSelector"]["matchLabels"]);
        }
        let affinity = &workload.pod["affinity"]["podAntiAffinity"];
        for term in items(&affinity["preferredDuringSchedulingIgnoredDuringExecution"]) {
            add(&term["podAffinityTerm"]["labelSelector"]["matchLabels"]);
        }
        for term in items(&affinity["requiredDuringSchedulingIgnoredDuringExecution"]) {
            add(&term["labelSelector"]["matchLabels"]);
        }
    }
    found
}

fn own_labels<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let workloads = parsed.workloads.iter();
    workloads
        .map(|workload| Mention::parts(workload.object.place(), workload.object.scope(), workload.label_parts()))
        .collect()
}

/// Target ports of Services, in the scope of each workload that the Service selects.
fn service_ports<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for service in parsed.of_kind("Service") {
        for workload in parsed.selected(service.layer, &service.spec()["selector"]) {
            found.extend(
                items(&service.spec()["ports"])
                    .iter()
                    .map(|port| Mention::new(service.place(), workload.object.scope(), target_port(port))),
            );
        }
    }
    found
}

/// Where a port of a Service leads to: its own number if nothing else is said.
pub(super) fn target_port(port: &Value) -> Cow<'_, str> {
    scalar(if port["targetPort"].is_null() { &port["port"] } else { &port["targetPort"] })
}

/// Names and numbers of container ports, in the scope of their workload.
pub(super) fn container_ports<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.containers().flat_map(|container| ports(container).map(move |port| container.shares(port))).collect()
}

/// Names and numbers of container ports, in the scope of their container.
fn own_ports<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.containers().flat_map(|container| ports(container).map(move |port| container.names(port))).collect()
}

fn ports(container: Container<'_>) -> impl Iterator<Item = Cow<'_, str>> {
    items(&container.value["ports"]).iter().flat_map(|port| [scalar(&port["name"]), scalar(&port["containerPort"])])
}

fn repeated_ports<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for workload in &parsed.workloads {
        let mut seen = Vec::new();
        for container in workload.containers() {
            for port in ports(container) {
                if seen.contains(&port) {
                    found.push(container.names(port));
                } else {
                    seen.push(port);
                }
            }
        }
    }
    found
}

const PROBES: [&str; 3] = ["startupProbe", "livenessProbe", "readinessProbe"];
const PROBE_KINDS: [&str; 3] = ["httpGet", "tcpSocket", "grpc"];

fn probe_ports<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for container in parsed.containers() {
        let probes =
            PROBES.iter().map(|probe| &container.value[probe]).chain([&container.value["lifecycle"]["preStop"]]);
        for probe in probes {
            let ports = PROBE_KINDS.iter().map(|kind| &probe[kind]["port"]).filter(|port| !port.is_null());
            found.extend(ports.map(|port| container.names(scalar(port))));
        }
    }
    found
}

/// The variable PORT of containers that open ports.
fn port_variables<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let serving = parsed.containers().filter(|container| !items(&container.value["ports"]).is_empty());
    serving
        .flat_map(|container| {
            let variables = items(&container.value["env"]).iter().filter(|variable| text(&variable["name"]) == "PORT");
            variables.map(move |variable| container.names(scalar(&variable["value"])))
        })
        .collect()
}

/// Kind and name of what an autoscaler scales.
fn target(autoscaler: Object<'_>) -> (&str, &str) {
    let target = &autoscaler.spec()["scaleTargetRef"];
    (text(&target["kind"]), text(&target["name"]))
}

fn autoscaler_targets<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let autoscalers = parsed.of_kind("HorizontalPodAutoscaler");
    autoscalers
        .map(|autoscaler| {
            let (kind, name) = target(autoscaler);
            autoscaler.names(format!("{kind} `{name}`"))
        })
        .collect()
}

fn scalable<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let workloads = parsed.workloads.iter().map(|workload| workload.object);
    let scalable = workloads.filter(|object| matches!(object.kind, "Deployment" | "StatefulSet"));
    scalable.map(|object| object.names(format!("{} `{}`", object.kind, object.name))).collect()
}

/// Workloads that say nothing of replicas: an autoscaler must, or there is one only.
fn without_replicas<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = scalable(parsed);
    found.retain(|mention| match mention.place {
        super::place::Place::Object { object, .. } => object.spec()["replicas"].is_null(),
        super::place::Place::File { .. } => false,
    });
    found
}

/// Autoscalers with the workloads that they scale.
fn scaled<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (Object<'a>, super::parsed::Workload<'a>)> {
    parsed.of_kind("HorizontalPodAutoscaler").flat_map(|autoscaler| {
        let is_target = move |object: Object<'_>| {
            object.layer == autoscaler.layer && (object.kind, object.name) == target(autoscaler)
        };
        parsed.workloads.iter().filter(move |it| is_target(it.object)).map(move |workload| (autoscaler, *workload))
    })
}

fn replicas_beside_autoscaler<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let both = scaled(parsed).filter(|(_, workload)| !workload.object.spec()["replicas"].is_null());
    both.map(|(_, workload)| workload.object.names("replicas")).collect()
}

fn scaled_by<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (autoscaler, workload) in scaled(parsed) {
        let resources = items(&autoscaler.spec()["metrics"]).iter().map(|metric| text(&metric["resource"]["name"]));
        for resource in resources {
            found.extend(workload.containers().map(|container| container.names(resource)));
        }
    }
    found
}

fn requested<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let requests = |container: Container<'a>| crate::validate::json::keys(&container.value["resources"]["requests"]);
    parsed.containers().flat_map(|container| requests(container).map(move |name| container.names(name))).collect()
}

fn accounts_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let workloads = parsed.workloads.iter();
    workloads.map(|workload| workload.object.names(text(&workload.pod["serviceAccountName"]))).collect()
}

fn accounts<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.of_kind("ServiceAccount").map(Object::defines).collect()
}
