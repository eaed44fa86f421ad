//! What must exist before the first apply: Secrets that no manifest holds, and what other objects rely on.

use serde::Serialize;

use super::alerts::Source;
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
const PROMETHEUS: &str = "3";
const KUBE_STATE_METRICS: &str = "2.20";
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

    /// What the objects and the pages' commands rely on in the cluster.
    pub fn requirements(&self) -> Vec<Requirement> {
        let mut found = vec![requirement("Kubernetes", KUBERNETES, "all objects", "kubectl version")];
        let labels = self.node_labels();
        if !labels.is_empty() {
            let pairs: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            found.push(requirement(
                format!("nodes with the labels {}", pairs.join(", ")),
                ANY,
                "the pods of the project",
                format!("kubectl get nodes --selector {}", pairs.join(",")),
            ));
        }
        if self.spec.security.network_policy == NetworkPolicyMode::Strict {
            found.push(requirement(
                "a network plugin that enforces NetworkPolicies",
                ANY,
                "NetworkPolicies, which are silently ignored otherwise",
                "kubectl get daemonsets --all-namespaces",
            ));
        }
        let metrics_server = |needed_by: &str| {
            requirement("metrics-server", ANY, needed_by, "kubectl get apiservices v1beta1.metrics.k8s.io")
        };
        found.push(metrics_server("kubectl top"));
        if self.is_autoscaled() {
            found.push(metrics_server("HorizontalPodAutoscaler"));
        }
        found.extend(self.edge_requirements());
        found.extend(self.monitoring_requirements());
        found
    }

    fn edge_requirements(&self) -> Vec<Requirement> {
        if self.hosts().is_empty() {
            return Vec::new();
        }
        let class = self.gateway_class();
        let mut found = vec![
            requirement(
                "Gateway API",
                GATEWAY_API,
                "Gateway, HTTPRoute",
                "kubectl get crds httproutes.gateway.networking.k8s.io",
            ),
            requirement(
                format!("Envoy Gateway in namespace {ENVOY_NAMESPACE} with GatewayClass {class}"),
                ENVOY_GATEWAY,
                "Gateway, NetworkPolicy",
                format!("kubectl get gatewayclasses {class}"),
            ),
        ];
        let check = "kubectl get crds certificates.cert-manager.io";
        match self.issuer() {
            None => {}
            // Only the HTTP challenge makes routes.
            Some(Issuer::LetsEncrypt { .. }) => found.push(requirement(
                "cert-manager with its Gateway API support enabled",
                CERT_MANAGER,
                "Certificate, Issuer",
                check,
            )),
            Some(Issuer::Existing { name }) => found.extend([
                requirement("cert-manager", CERT_MANAGER, "Certificate", check),
                requirement(
                    format!("ClusterIssuer {name}, which must sign for the hosts"),
                    ANY,
                    "Certificate",
                    format!("kubectl get clusterissuers {name}"),
                ),
            ]),
        }
        found
    }

    fn monitoring_requirements(&self) -> Vec<Requirement> {
        let Some(alerting) = self.alerting() else {
            return Vec::new();
        };
        let namespace = self.monitoring_namespace();
        let mut found = Vec::new();
        if self.spec.metrics.is_some() || !alerting.groups.is_empty() {
            found.push(requirement(
                format!("Prometheus in namespace {namespace}"),
                PROMETHEUS,
                "monitoring/prometheus",
                format!("kubectl get pods --namespace {namespace}"),
            ));
        }
        if !alerting.metrics_of(Source::KubeStateMetrics).is_empty() {
            found.push(requirement(
                format!("kube-state-metrics in namespace kube-system or {namespace}"),
                KUBE_STATE_METRICS,
                "alerts",
                "kubectl get pods --all-namespaces --selector app.kubernetes.io/name=kube-state-metrics",
            ));
        }
        if !alerting.groups.is_empty() {
            found.push(requirement(
                format!("Alertmanager: Service alertmanager in namespace {namespace}, port 9093"),
                ANY,
                "alerts",
                format!("kubectl get service alertmanager --namespace {namespace}"),
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
