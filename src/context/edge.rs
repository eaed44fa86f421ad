//! Gateway, routes, issuer and certificate.

use serde::Serialize;

use super::pod::Metadata;
use super::value;
use crate::catalog::Context;
use crate::model::{Issuer, Listener};
use crate::resolve::ResolvedProject;

fn metadata(project: &ResolvedProject, name: &str, component: &str) -> Metadata {
    Metadata { name: name.to_owned(), labels: project.labels(project.name(), component) }
}

/// The Gateway; `None` without domains.
pub fn gateway(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Gateway {
        #[serde(flatten)]
        metadata: Metadata,
        class: String,
        listeners: Vec<Listener>,
        certificate: String,
    }
    with_domains(project)?;
    Some(value(Gateway {
        metadata: metadata(project, project.name(), "gateway"),
        class: project.gateway_class(),
        listeners: project.listeners(),
        certificate: project.certificate(),
    }))
}

/// A route of the Gateway.
#[derive(Serialize)]
struct Route {
    #[serde(flatten)]
    metadata: Metadata,
    gateway: String,
    listeners: Vec<Listener>,
    hosts: Vec<String>,
    service: String,
}

/// The route from the hosts to the main process; `None` without domains.
pub fn http_route(project: &ResolvedProject) -> Context {
    with_domains(project)?;
    Some(value(route(project, project.name())))
}

/// The route that sends HTTP to HTTPS; `None` without domains.
pub fn http_route_redirect(project: &ResolvedProject) -> Context {
    with_domains(project)?;
    Some(value(route(project, &project.redirect_route())))
}

fn route(project: &ResolvedProject, name: &str) -> Route {
    Route {
        metadata: metadata(project, name, "gateway"),
        gateway: project.name().to_owned(),
        listeners: project.listeners(),
        hosts: project.hosts(),
        service: project.name().to_owned(),
    }
}

/// The issuer of Let's Encrypt; `None` without domains, or for an issuer that exists already.
pub fn issuer(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Acme {
        #[serde(flatten)]
        metadata: Metadata,
        server: &'static str,
        email: Option<String>,
        account: String,
        gateway: String,
    }
    match project.issuer()? {
        Issuer::Existing { .. } => None,
        Issuer::LetsEncrypt { name, server, email } => Some(value(Acme {
            metadata: metadata(project, &name, "certificate"),
            server,
            email,
            account: format!("{name}-account"),
            gateway: project.name().to_owned(),
        })),
    }
}

/// The certificate of all hosts; `None` without domains.
pub fn certificate(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Certificate {
        #[serde(flatten)]
        metadata: Metadata,
        hosts: Vec<String>,
        issuer: String,
        issuer_kind: &'static str,
    }
    let issuer = project.issuer()?;
    Some(value(Certificate {
        metadata: metadata(project, &project.certificate(), "certificate"),
        hosts: project.hosts(),
        issuer: issuer.name().to_owned(),
        issuer_kind: issuer.kind(),
    }))
}

fn with_domains(project: &ResolvedProject) -> Option<()> {
    (!project.hosts().is_empty()).then_some(())
}
