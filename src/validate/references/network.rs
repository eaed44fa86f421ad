//! NetworkPolicies: whom they select, which ports they open, and that what must get through does.

use std::borrow::Cow;

use serde_json::Value;

use super::parsed::{Object, Parsed, Workload, pairs};
use super::workload::{container_ports, pod_labels, target_port};
use super::{Mention, Relation, exact, scrape, within};
use crate::model::ENVOY_NAMESPACE;
use crate::validate::json::{items, keys, scalar};

pub(super) const RELATIONS: &[Relation] = &[
    within("policy-selector", "selects pods by `{}`, which no pod template has", policy_selectors, selectable),
    exact("policy-port", "opens port `{}`, which no container of its pods opens", policy_ports, container_ports),
    exact("policy-namespace", "names namespace `{}`, which is none that this project knows", peers, known_namespaces),
    exact("policy-for-pods", "is selected by no policy but the one that denies everything", denied, allowed),
    exact("policy-admits-gateway", "routes to port `{}` of pods that admit no gateway there", routed, admitted),
    exact("policy-admits-scrape", "scrapes port `{}` of pods that admit no Prometheus there", scraped, admitted),
];

/// Pods that cert-manager starts; the label's value is fixed by cert-manager.
const SOLVER: &str = "acme.cert-manager.io/http01-solver=true";

fn policies<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = Object<'a>> {
    parsed.of_kind("NetworkPolicy")
}

/// The labels by which a policy selects; none for all pods.
fn selector(policy: Object<'_>) -> &Value {
    &policy.spec()["podSelector"]["matchLabels"]
}

fn selects_all(policy: Object<'_>) -> bool {
    keys(selector(policy)).next().is_none()
}

fn policy_selectors<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    policies(parsed)
        .filter(|policy| !selects_all(*policy))
        .map(|policy| Mention::parts(policy.place(), policy.layer.scope(), pairs(selector(policy))))
        .collect()
}

fn selectable<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = pod_labels(parsed);
    // cert-manager starts solver pods where a Certificate is.
    found.extend(parsed.of_kind("Certificate").map(|certificate| certificate.names(SOLVER)));
    found
}

/// Ingress rules of policies with each workload that the policy selects.
fn ingress<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (Object<'a>, Workload<'a>, &'a Value)> {
    policies(parsed).flat_map(move |policy| {
        let workloads = parsed.selected(policy.layer, selector(policy));
        workloads
            .flat_map(move |workload| items(&policy.spec()["ingress"]).iter().map(move |rule| (policy, workload, rule)))
    })
}

fn policy_ports<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    ingress(parsed)
        .flat_map(|(policy, workload, rule)| {
            let ports = items(&rule["ports"]).iter();
            ports.map(move |port| Mention::new(policy.place(), workload.object.scope(), scalar(&port["port"])))
        })
        .collect()
}

/// Namespaces of other ends, in the scope of the environment.
fn peers<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for policy in policies(parsed) {
        let spec = policy.spec();
        let inward = items(&spec["ingress"]).iter().flat_map(|rule| items(&rule["from"]));
        let outward = items(&spec["egress"]).iter().flat_map(|rule| items(&rule["to"]));
        let names = inward.chain(outward).filter_map(peer_namespace);
        found.extend(names.map(|name| Mention::new(policy.place(), [policy.layer.environment, "", "", ""], name)));
    }
    found
}

fn peer_namespace(peer: &Value) -> Option<&str> {
    peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"].as_str()
}

fn known_namespaces<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (environment, project) in parsed.environments() {
        let own = project.namespace().unwrap_or_default();
        let names =
            [Cow::Borrowed("kube-system"), ENVOY_NAMESPACE.into(), project.monitoring_namespace().into(), own.into()];
        let place = super::place::Place::file("");
        found.extend(names.into_iter().map(|name| Mention::new(place, [environment, "", "", ""], name)));
    }
    found
}

/// Workloads in layers of environments in which everything is denied that no policy allows.
fn denied<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let denies = |environment: &str| policies(parsed).any(|it| it.layer.environment == environment && selects_all(it));
    let workloads = parsed.workloads.iter().map(|workload| workload.object);
    workloads.filter(|object| denies(object.layer.environment)).map(Object::defines).collect()
}

fn allowed<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    policies(parsed)
        .filter(|policy| !selects_all(*policy))
        .flat_map(|policy| parsed.selected(policy.layer, selector(policy)))
        .map(|workload| workload.object.defines())
        .collect()
}

/// Whether any policy restricts who may call the workload.
fn is_guarded(parsed: &Parsed<'_>, workload: Workload<'_>) -> bool {
    policies(parsed)
        .any(|policy| parsed.selected(policy.layer, selector(policy)).any(|it| it.object.is(workload.object)))
}

/// A port of a workload's pods and the namespace that calls it.
fn call<'a>(mention: Mention<'a>, workload: Workload<'a>, namespace: &'a str) -> Mention<'a> {
    let layer = workload.object.layer;
    Mention { scope: [layer.environment, layer.part, workload.object.name, namespace], ..mention }
}

/// Ports that the gateway's proxies call, for the pods behind each route.
fn routed<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (route, service) in super::edge::routed_services(parsed) {
        for workload in parsed.selected(service.layer, &service.spec()["selector"]) {
            if is_guarded(parsed, workload) {
                let ports = items(&service.spec()["ports"]).iter().map(target_port);
                found.extend(ports.map(|port| call(route.names(port), workload, ENVOY_NAMESPACE)));
            }
        }
    }
    found
}

/// Ports that Prometheus calls, by the scrape jobs of the application.
fn scraped<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (mention, workload) in scrape::scraped_ports(parsed) {
        let from = scrape::namespace(parsed, workload.object.layer.environment);
        if is_guarded(parsed, workload) {
            found.push(call(mention, workload, from));
        }
    }
    found
}

/// Ports that policies open, by the namespace that may call.
fn admitted<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (policy, workload, rule) in ingress(parsed) {
        for namespace in items(&rule["from"]).iter().filter_map(peer_namespace) {
            let ports = items(&rule["ports"]).iter().map(|port| scalar(&port["port"]));
            found.extend(ports.map(|port| call(policy.names(port), workload, namespace)));
        }
    }
    found
}
