//! How deployments and rollbacks ask whether the service answers.

use serde::Serialize;

use crate::model::Issuer;
use crate::resolve::ResolvedProject;

/// The question to one environment; at most one of the addresses is there.
#[derive(Serialize)]
pub(super) struct Health {
    /// Public addresses, separated by blanks.
    urls: Option<String>,
    /// Address behind a forwarded port, for a project with a port and no host.
    local_url: Option<String>,
    /// The Service that the port is forwarded to.
    service: String,
    /// Whose certificates a runner may not trust, if it is asked at a public address.
    untrusted_issuer: Option<String>,
}

impl Health {
    pub(super) fn new(project: &ResolvedProject) -> Self {
        let urls = project.health_urls();
        let is_local = urls.is_empty() && project.verifies_health();
        let issuer = project.issuer().filter(|issuer| !urls.is_empty() && !issuer.is_publicly_trusted());
        Self {
            urls: (!urls.is_empty()).then(|| urls.join(" ")),
            local_url: is_local.then(|| format!("http://127.0.0.1:18080{}", project.spec.health.readiness)),
            service: project.name().to_owned(),
            untrusted_issuer: issuer.as_ref().map(Issuer::name).map(str::to_owned),
        }
    }

    pub(super) fn is_public(&self) -> bool {
        self.urls.is_some()
    }

    pub(super) fn is_local(&self) -> bool {
        self.local_url.is_some()
    }

    pub(super) fn is_untrusted(&self) -> bool {
        self.untrusted_issuer.is_some()
    }
}
