//! Hosts, listeners and certificates.

use serde::Serialize;

use super::names::shortened;
use crate::resolve::ResolvedProject;
use crate::spec::DomainEntry;

/// An HTTPS listener of the Gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listener {
    /// Its name, which routes refer to by `sectionName`.
    pub name: String,
    /// The host that it serves.
    pub host: String,
}

/// Who signs the certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issuer {
    /// Let's Encrypt, by an Issuer that is rendered.
    LetsEncrypt {
        /// The Issuer's name.
        name: String,
        /// The ACME directory.
        server: &'static str,
        /// Where Let's Encrypt writes to.
        email: Option<String>,
    },
    /// A ClusterIssuer that exists already.
    Existing {
        /// Its name.
        name: String,
    },
}

impl Issuer {
    /// The issuer's name.
    pub fn name(&self) -> &str {
        match self {
            Self::LetsEncrypt { name, .. } | Self::Existing { name } => name,
        }
    }

    /// Whether everybody trusts its certificates. Nothing is known of an existing issuer: it may be a company's own.
    pub fn is_publicly_trusted(&self) -> bool {
        matches!(self, Self::LetsEncrypt { server, .. } if *server == LETS_ENCRYPT)
    }

    /// The issuer's kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::LetsEncrypt { .. } => "Issuer",
            Self::Existing { .. } => "ClusterIssuer",
        }
    }
}

/// Directory of Let's Encrypt: <https://letsencrypt.org/docs/acme-protocol-updates/>.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";
/// Directory for tests, whose certificates nobody trusts: <https://letsencrypt.org/docs/staging-environment/>.
const LETS_ENCRYPT_STAGING: &str = "https://acme-staging-v02.api.letsencrypt.org/directory";
/// Namespace in which Envoy Gateway runs the proxies, by its own default.
pub const ENVOY_NAMESPACE: &str = "envoy-gateway-system";
/// The GatewayClass that Envoy Gateway's documentation creates.
const ENVOY_CLASS: &str = "envoy";

impl ResolvedProject {
    /// The public hosts in the order written; empty without a port.
    pub fn hosts(&self) -> Vec<String> {
        self.spec
            .domains
            .iter()
            .flatten()
            .map(|domain| match domain {
                DomainEntry::Scalar(host) => host.to_string(),
                DomainEntry::Map(domain) => domain.host.to_string(),
            })
            .collect()
    }

    /// The HTTPS listeners, one a host.
    pub fn listeners(&self) -> Vec<Listener> {
        self.hosts()
            .into_iter()
            .map(|host| Listener { name: shortened(&format!("https-{}", host.replace('.', "-")), 63), host })
            .collect()
    }

    /// The GatewayClass.
    pub fn gateway_class(&self) -> String {
        self.spec.edge.class.as_ref().map_or_else(|| ENVOY_CLASS.to_owned(), ToString::to_string)
    }

    /// Who signs the certificate of the hosts; `None` without hosts.
    pub fn issuer(&self) -> Option<Issuer> {
        if self.hosts().is_empty() {
            return None;
        }
        let name = self.spec.edge.tls.issuer.as_ref()?.to_string();
        let server = match name.as_str() {
            "letsencrypt" => LETS_ENCRYPT,
            "letsencrypt-staging" => LETS_ENCRYPT_STAGING,
            _ => return Some(Issuer::Existing { name }),
        };
        let name = self.rendered_issuer(&name);
        let email = self.spec.edge.tls.email.as_ref().or(self.spec.owner.as_ref().map(|owner| &owner.email));
        Some(Issuer::LetsEncrypt { name, server, email: email.map(ToString::to_string) })
    }
}
