//! What must exist before the first apply: Secrets that no manifest holds, and what other objects rely on.

use serde::Serialize;

use super::backup::STORAGE_KEYS;
use super::edge::{ENVOY_NAMESPACE, Issuer};
use crate::resolve::ResolvedProject;
use crate::spec::NetworkPolicyMode;

/// A Secret that somebody creates by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequiredSecret {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: &'static str,
    /// What it is for, as half a sentence.
    pub purpose: &'static str,
    /// Its keys.
    pub keys: Vec<String>,
    /// What the command reads from the terminal.
    pub input: &'static str,
    /// The lines of the command that creates it.
    pub command: Vec<String>,
}

/// Something in the cluster that objects rely on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// What it is.
    pub what: String,
    /// Its version: that of which the manifests are known to work.
    pub version: &'static str,
    /// Which objects need it.
    pub needed_by: String,
    /// The command that shows it, if it is there.
    pub check: String,
}

// Versions that conformance checks the manifests against.
const KUBERNETES: &str = "1.35 to 1.37";
const GATEWAY_API: &str = "1.6.1, standard channel";
const ENVOY_GATEWAY: &str = "1.9.0";
const CERT_MANAGER: &str = "1.21.1";
const ANY: &str = "any";

impl ResolvedProject {
    /// The Secrets that an environment's pods refer to and that no manifest holds; empty for the base.
    pub fn required_secrets(&self) -> Vec<RequiredSecret> {
        let Some(namespace) = self.namespace() else {
            return Vec::new();
        };
        let create = |name: &str| format!("kubectl create secret generic {name} --namespace {namespace} \\");
        let opaque = |name: String, purpose, keys| RequiredSecret {
            command: vec![create(&name), "  --from-env-file=/dev/stdin".to_owned()],
            name,
            kind: "Opaque",
            purpose,
            keys,
            input: "a line KEY=value for each key",
        };
        let mut secrets = Vec::new();
        let keys = self.secret_keys();
        if !keys.is_empty() {
            secrets.push(opaque(self.secret(), "secrets of the application", keys));
        }
        if self.postgres_backup().is_some() && self.aws_role().is_none() {
            let keys = STORAGE_KEYS.iter().map(|key| (*key).to_owned()).collect();
            secrets.push(opaque(self.backup_secret(), "credentials of the object storage that backups go to", keys));
        }
        if let Some(name) = self.image().and_then(|image| image.pull_secret.as_ref()) {
            let lines = ["  --type=kubernetes.io/dockerconfigjson --from-file=.dockerconfigjson=/dev/stdin".to_owned()];
            secrets.push(RequiredSecret {
                command: [create(name.as_str())].into_iter().chain(lines).collect(),
                name: name.to_string(),
                kind: "kubernetes.io/dockerconfigjson",
                purpose: "credentials of the image registry",
                keys: vec![".dockerconfigjson".to_owned()],
                input: "the text of a Docker config.json",
            });
        }
        secrets
    }

    /// What the objects rely on in the cluster.
    pub fn requirements(&self) -> Vec<Requirement> {
        let mut found = vec![requirement("Kubernetes", KUBERNETES, "all objects", "kubectl version")];
        if self.spec.security.network_policy == NetworkPolicyMode::Strict {
            let why = "NetworkPolicies, which any other plugin ignores without a word";
            found.push(requirement(
                "a network plugin that enforces NetworkPolicies",
                ANY,
                why,
                "kubectl get daemonsets --all-namespaces",
            ));
        }
        if self.is_autoscaled() {
            let check = "kubectl get apiservices v1beta1.metrics.k8s.io";
            found.push(requirement("metrics-server", ANY, "HorizontalPodAutoscaler", check));
        }
        if !self.hosts().is_empty() {
            let class = self.gateway_class();
            found.push(requirement(
                "Gateway API",
                GATEWAY_API,
                "Gateway, HTTPRoute",
                "kubectl get crds httproutes.gateway.networking.k8s.io",
            ));
            found.push(requirement(
                format!("Envoy Gateway in namespace {ENVOY_NAMESPACE} with GatewayClass {class}"),
                ENVOY_GATEWAY,
                "Gateway, NetworkPolicy",
                format!("kubectl get gatewayclasses {class}"),
            ));
        }
        if let Some(issuer) = self.issuer() {
            let check = "kubectl get crds certificates.cert-manager.io";
            found.push(requirement(
                "cert-manager with its Gateway API support enabled",
                CERT_MANAGER,
                "Certificate, Issuer",
                check,
            ));
            if let Issuer::Existing { name } = issuer {
                found.push(requirement(
                    format!("ClusterIssuer {name}"),
                    ANY,
                    "Certificate",
                    format!("kubectl get clusterissuers {name}"),
                ));
            }
        }
        if self.spec.metrics.is_some() || self.spec.alerts.is_some() {
            let namespace = self.monitoring_namespace();
            found.push(requirement(
                format!("Prometheus and kube-state-metrics in namespace {namespace}"),
                ANY,
                "the files under monitoring/prometheus",
                format!("kubectl get pods --namespace {namespace}"),
            ));
        }
        found
    }
}

fn requirement(
    what: impl Into<String>,
    version: &'static str,
    needed_by: impl Into<String>,
    check: impl Into<String>,
) -> Requirement {
    Requirement { what: what.into(), version, needed_by: needed_by.into(), check: check.into() }
}
