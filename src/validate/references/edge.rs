//! Gateway, routes, certificates and issuers.

use std::borrow::Cow;

use serde_json::Value;

use super::parsed::{Object, Parsed};
use super::place::Place;
use super::{Mention, Relation, exact};
use crate::model::Issuer;
use crate::validate::json::{items, scalar, text, texts};

pub(super) const RELATIONS: &[Relation] = &[
    exact("route-gateway", "attaches to Gateway `{}`, which does not exist", parents, gateways),
    exact("route-listener", "attaches to listener `{}`, which the Gateway lacks", sections, listeners),
    exact("route-service", "routes to Service `{}`, which does not exist", backends, services),
    exact("route-port", "routes to port {} of a Service, which lacks it", backend_ports, service_ports),
    exact("route-host", "serves host `{}`, for which its listeners do not listen", route_hosts, listener_hosts),
    exact("listener-host", "listens for host `{}`, which no route of the listener serves", listener_hosts, route_hosts),
    exact("listener-certificate", "uses certificate `{}`, which no Certificate writes", secrets_used, secrets_written),
    exact("certificate-host", "shows a certificate for `{}` that is not for this host", hosts_shown, hosts_certified),
    exact("certificate-needed", "is for host `{}`, for which no listener shows it", hosts_certified, hosts_shown),
    exact("certificate-issuer", "is signed by {}, which does not exist", issuers_used, issuers),
];

fn routes<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = Object<'a>> {
    parsed.of_kind("HTTPRoute")
}

/// Objects with their references to Gateways: routes, and issuers that make routes.
fn parent_references<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (Object<'a>, &'a Value)> {
    let of_routes =
        routes(parsed).flat_map(|route| items(&route.spec()["parentRefs"]).iter().map(move |it| (route, it)));
    let of_issuers = parsed.of_kind("Issuer").flat_map(|issuer| {
        let solvers = items(&issuer.spec()["acme"]["solvers"]).iter();
        let parents = solvers.flat_map(|solver| items(&solver["http01"]["gatewayHTTPRoute"]["parentRefs"]));
        parents.map(move |parent| (issuer, parent))
    });
    of_routes.chain(of_issuers)
}

fn parents<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parent_references(parsed).map(|(object, parent)| object.names(text(&parent["name"]))).collect()
}

fn gateways<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.of_kind("Gateway").map(Object::defines).collect()
}

/// Listeners that parents name, in the scope of their Gateway.
fn sections<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parent_references(parsed)
        .filter_map(|(object, parent)| {
            let scope = [object.layer.environment, object.layer.part, text(&parent["name"]), ""];
            Some(Mention::new(object.place(), scope, parent["sectionName"].as_str()?))
        })
        .collect()
}

fn gateway_listeners<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (Object<'a>, &'a Value)> {
    let gateways = parsed.of_kind("Gateway");
    gateways.flat_map(|gateway| items(&gateway.spec()["listeners"]).iter().map(move |listener| (gateway, listener)))
}

fn listeners<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let listeners = gateway_listeners(parsed);
    listeners.map(|(gateway, it)| Mention::new(gateway.place(), gateway.scope(), text(&it["name"]))).collect()
}

/// Routes with the Services that they name.
fn backend_references<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (Object<'a>, &'a Value)> {
    routes(parsed).flat_map(|route| {
        let rules = items(&route.spec()["rules"]).iter();
        rules.flat_map(|rule| items(&rule["backendRefs"])).map(move |backend| (route, backend))
    })
}

fn backends<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    backend_references(parsed).map(|(route, backend)| route.names(text(&backend["name"]))).collect()
}

fn services<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.of_kind("Service").map(Object::defines).collect()
}

/// Routes with the Services that they lead to.
pub(super) fn routed_services<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (Object<'a>, Object<'a>)> {
    backend_references(parsed).filter_map(|(route, backend)| {
        let mut services = parsed.of_kind("Service").filter(move |service| service.layer == route.layer);
        Some((route, services.find(|service| service.name == text(&backend["name"]))?))
    })
}

fn backend_ports<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    backend_references(parsed)
        .map(|(route, backend)| {
            let scope = [route.layer.environment, route.layer.part, text(&backend["name"]), ""];
            Mention::new(route.place(), scope, scalar(&backend["port"]))
        })
        .collect()
}

fn service_ports<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let ports = |service: Object<'a>| items(&service.spec()["ports"]).iter().map(|port| scalar(&port["port"]));
    let services = parsed.of_kind("Service");
    services
        .flat_map(|service| ports(service).map(move |port| Mention::new(service.place(), service.scope(), port)))
        .collect()
}

/// Routes with the listeners that they attach to.
fn attachments<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (Object<'a>, Object<'a>, &'a Value)> {
    routes(parsed).flat_map(move |route| {
        items(&route.spec()["parentRefs"]).iter().flat_map(move |parent| {
            let listeners = gateway_listeners(parsed).filter(move |(gateway, listener)| {
                let is_named = parent["sectionName"].is_null() || parent["sectionName"] == listener["name"];
                gateway.layer == route.layer && gateway.name == text(&parent["name"]) && is_named
            });
            listeners.map(move |(gateway, listener)| (route, gateway, listener))
        })
    })
}

/// Hosts of routes, in the scope of the Gateway that they attach to. A listener without a host takes every host.
fn route_hosts<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (route, gateway, _) in attachments(parsed).filter(|(_, _, listener)| listener["hostname"].is_string()) {
        let hosts = texts(&route.spec()["hostnames"]);
        found.extend(hosts.map(|host| Mention::new(route.place(), gateway.scope(), host)));
    }
    found
}

/// Hosts of listeners, in the scope of their Gateway.
fn listener_hosts<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    gateway_listeners(parsed)
        .filter_map(|(gateway, it)| Some(Mention::new(gateway.place(), gateway.scope(), it["hostname"].as_str()?)))
        .collect()
}

/// Listeners with the Secrets of their certificates.
fn certificate_references<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (Object<'a>, &'a Value, &'a str)> {
    gateway_listeners(parsed).flat_map(|(gateway, listener)| {
        let references = items(&listener["tls"]["certificateRefs"]).iter();
        references.map(move |reference| (gateway, listener, text(&reference["name"])))
    })
}

fn secrets_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    certificate_references(parsed).map(|(gateway, _, secret)| gateway.names(secret)).collect()
}

fn certificates<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = Object<'a>> {
    parsed.of_kind("Certificate")
}

fn secrets_written<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    certificates(parsed).map(|certificate| certificate.names(text(&certificate.spec()["secretName"]))).collect()
}

/// Hosts of listeners, in the scope of the certificate's Secret.
fn hosts_shown<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    certificate_references(parsed)
        .map(|(gateway, listener, secret)| {
            let scope = [gateway.layer.environment, gateway.layer.part, secret, ""];
            Mention::new(gateway.place(), scope, text(&listener["hostname"]))
        })
        .collect()
}

fn hosts_certified<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for certificate in certificates(parsed) {
        let secret = text(&certificate.spec()["secretName"]);
        let scope = [certificate.layer.environment, certificate.layer.part, secret, ""];
        let names = texts(&certificate.spec()["dnsNames"]);
        found.extend(names.map(|name| Mention::new(certificate.place(), scope, name)));
    }
    found
}

fn issuers_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    certificates(parsed)
        .map(|certificate| {
            let issuer = &certificate.spec()["issuerRef"];
            certificate.names(signer(text(&issuer["kind"]), text(&issuer["name"])))
        })
        .collect()
}

fn signer(kind: &str, name: &str) -> String {
    format!("{kind} `{name}`")
}

/// Issuers that are rendered, and ClusterIssuers that the spec says exist.
fn issuers<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let rendered = parsed.of_kind("Issuer").map(|issuer| issuer.names(signer("Issuer", issuer.name)));
    let existing = parsed.environments().filter_map(|(environment, project)| match project.issuer()? {
        Issuer::Existing { name } => {
            let scope = [environment, crate::tree::OVERLAYS, "", ""];
            let name: Cow<'_, str> = signer("ClusterIssuer", &name).into();
            Some(Mention::new(Place::file("docs/prerequisites.md"), scope, name))
        }
        Issuer::LetsEncrypt { .. } => None,
    });
    rendered.chain(existing).collect()
}
