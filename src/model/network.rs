//! What may talk to what: the edges from which network policies and the picture in the documentation are made.

use serde::Serialize;

use super::edge::ENVOY_NAMESPACE;
use crate::resolve::ResolvedProject;
use crate::spec::{Egress, EgressMode, StoreMode};

/// The other end of an allowed connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Peer {
    /// All pods of a namespace.
    Namespace(String),
    /// The cluster's DNS.
    Dns,
    /// Addresses, IPv4 and IPv6, without exceptions.
    Ranges(Vec<String>),
    /// All addresses but the metadata services of cloud providers.
    Anywhere,
    /// Public addresses only: neither metadata nor private ranges.
    Internet,
}

/// An allowed connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyRule {
    /// Why it is allowed, for the comment.
    pub why: String,
    /// The other end.
    pub peer: Peer,
    /// TCP ports: numbers, or names of container ports; none means all ports of all protocols.
    pub ports: Vec<String>,
}

impl PolicyRule {
    pub(super) fn new(why: impl Into<String>, peer: Peer, ports: Vec<String>) -> Self {
        Self { why: why.into(), peer, ports }
    }
}

impl ResolvedProject {
    /// The namespace of Prometheus.
    pub fn monitoring_namespace(&self) -> String {
        let stated = self.spec.monitoring.as_ref().and_then(|monitoring| monitoring.namespace.as_ref());
        stated.map_or_else(|| "monitoring".to_owned(), ToString::to_string)
    }

    /// The container port that Prometheus scrapes, by name; `None` without metrics.
    pub fn metrics_port_name(&self) -> Option<&'static str> {
        let metrics = self.spec.metrics.as_ref()?;
        Some(if Some(metrics.port) == self.spec.port { "http" } else { "metrics" })
    }

    /// The path that Prometheus scrapes.
    pub fn metrics_path(&self) -> Option<String> {
        let metrics = self.spec.metrics.as_ref()?;
        Some(metrics.path.as_ref().map_or_else(|| "/metrics".to_owned(), ToString::to_string))
    }

    /// Who may call the main process.
    pub fn main_ingress(&self) -> Vec<PolicyRule> {
        let mut rules = Vec::new();
        if !self.hosts().is_empty() {
            let proxies = Peer::Namespace(ENVOY_NAMESPACE.to_owned());
            rules.push(PolicyRule::new("requests from the gateway's proxies", proxies, vec!["http".to_owned()]));
        }
        if let Some(port) = self.metrics_port_name() {
            let prometheus = Peer::Namespace(self.monitoring_namespace());
            rules.push(PolicyRule::new("scrapes by Prometheus", prometheus, vec![port.to_owned()]));
        }
        rules
    }

    /// What the main process, and jobs that run its image, may call.
    pub fn main_egress(&self) -> Vec<PolicyRule> {
        let mut rules = vec![PolicyRule::new("names, answered by the cluster's DNS", Peer::Dns, vec!["53".to_owned()])];
        for (kind, store) in self.spec.datastores.iter().flat_map(crate::spec::Datastores::iter) {
            if store.mode == Some(StoreMode::External) {
                let port = store.port.map_or(kind.default_port(), crate::spec::value::Port::number);
                let why = format!("the external store `{}`, whose address only its URI knows", kind.key());
                rules.push(PolicyRule::new(why, Peer::Anywhere, vec![port.to_string()]));
            }
        }
        let https = vec!["443".to_owned()];
        match &self.spec.security.egress {
            Egress::Mode(EgressMode::Internet) => {
                rules.push(PolicyRule::new("public addresses, but no private ones", Peer::Internet, https));
            }
            Egress::Mode(EgressMode::None) => {}
            Egress::Ranges(ranges) => {
                let ranges = ranges.iter().map(|range| range.network().to_string()).collect();
                rules.push(PolicyRule::new(
                    "the address ranges of `security.egress`",
                    Peer::Ranges(ranges),
                    Vec::new(),
                ));
            }
        }
        rules
    }
}
