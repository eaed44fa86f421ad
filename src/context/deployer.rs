//! What the account that deploys must be allowed to do in an environment's namespace, from the kinds that are applied.

use serde::Serialize;

use crate::catalog::{CATALOG, Source};
use crate::resolve::ResolvedProject;

/// A rule of a Role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    group: &'static str,
    resources: Vec<&'static str>,
    verbs: Vec<&'static str>,
}

/// The API group and resource of each manifest, by its template.
const RESOURCES: [(&str, &str, &str); 25] = [
    ("k8s/base/service-account.yaml", "", "serviceaccounts"),
    ("k8s/base/limit-range.yaml", "", "limitranges"),
    ("k8s/base/resource-quota.yaml", "", "resourcequotas"),
    ("k8s/base/network-policy-default-deny.yaml", NETWORKING, "networkpolicies"),
    ("k8s/base/network-policy.yaml", NETWORKING, "networkpolicies"),
    ("k8s/base/network-policy-acme-solver.yaml", NETWORKING, "networkpolicies"),
    ("k8s/base/deployment.yaml", "apps", "deployments"),
    ("k8s/base/service.yaml", "", "services"),
    ("k8s/base/horizontal-pod-autoscaler.yaml", "autoscaling", "horizontalpodautoscalers"),
    ("k8s/base/pod-disruption-budget.yaml", "policy", "poddisruptionbudgets"),
    ("k8s/base/network-policy-job-[name].yaml", NETWORKING, "networkpolicies"),
    ("k8s/base/cron-job-[name].yaml", "batch", "cronjobs"),
    ("k8s/base/gateway.yaml", GATEWAY, "gateways"),
    ("k8s/base/http-route.yaml", GATEWAY, "httproutes"),
    ("k8s/base/http-route-redirect.yaml", GATEWAY, "httproutes"),
    ("k8s/base/issuer.yaml", CERT_MANAGER, "issuers"),
    ("k8s/base/certificate.yaml", CERT_MANAGER, "certificates"),
    ("k8s/base/backup-service-account.yaml", "", "serviceaccounts"),
    ("k8s/base/backup-network-policy.yaml", NETWORKING, "networkpolicies"),
    ("k8s/base/backup-cron-job.yaml", "batch", "cronjobs"),
    ("k8s/base/backup-postgres-dump.sh", "", "configmaps"),
    ("k8s/base/backup-postgres-upload.sh", "", "configmaps"),
    ("k8s/jobs/[env]/service-account.yaml", "", "serviceaccounts"),
    ("k8s/jobs/[env]/network-policy-[name].yaml", NETWORKING, "networkpolicies"),
    ("k8s/jobs/[env]/job-[name].yaml", "batch", "jobs"),
];
const NETWORKING: &str = "networking.k8s.io";
const GATEWAY: &str = "gateway.networking.k8s.io";
const CERT_MANAGER: &str = "cert-manager.io";

/// The rules of the account's Role, the same in every namespace: what an apply, its difference, a rollout, the way back,
/// logs and the health check ask for in some environment.
pub fn rules(environments: &[ResolvedProject]) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for (group, resource) in environments.iter().flat_map(applied) {
        match rules.iter_mut().find(|rule| rule.group == group) {
            Some(rule) if rule.resources.contains(&resource) => {}
            Some(rule) => rule.resources.push(resource),
            None => rules.push(rule(group, &[resource], &["get", "list", "watch", "create", "patch"])),
        }
    }
    rules.push(rule("apps", &["replicasets"], &["get", "list"]));
    let (reads, forwards) = (environments.iter().any(reads_logs), environments.iter().any(forwards));
    if reads || forwards {
        rules.push(rule("", &["pods"], &["get", "list"]));
    }
    if reads {
        rules.push(rule("", &["pods/log"], &["get"]));
    }
    if forwards {
        rules.push(rule("", &["pods/portforward"], &["get", "create"]));
    }
    rules
}

/// The log of a job is printed.
fn reads_logs(project: &ResolvedProject) -> bool {
    applied(project).any(|(_, resource)| resource == "jobs")
}

/// Without a public host the health check goes through the API server to a pod.
fn forwards(project: &ResolvedProject) -> bool {
    project.verifies_health() && project.hosts().is_empty()
}

fn rule(group: &'static str, resources: &[&'static str], verbs: &[&'static str]) -> Rule {
    Rule { group, resources: resources.to_vec(), verbs: verbs.to_vec() }
}

/// The groups and resources of what is applied.
fn applied(project: &ResolvedProject) -> impl Iterator<Item = (&'static str, &'static str)> {
    let rendered = CATALOG.iter().filter(|entry| match entry.source {
        Source::Manifest(context) => context(project).is_some(),
        Source::ConfigFile(context) => context(project).is_some(),
        Source::Manifests(contexts) | Source::JobManifest(contexts) => !contexts(project).is_empty(),
        // Namespaces among them, which somebody with rights on the whole cluster applies.
        Source::Project(_) | Source::Each(_) | Source::Environment(_) | Source::EachEnvironment(_) => false,
    });
    let manifests = rendered.filter_map(|entry| {
        let found = RESOURCES.iter().find(|(template, ..)| *template == entry.template)?;
        Some((found.1, found.2))
    });
    manifests.chain((!project.config().is_empty()).then_some(("", "configmaps")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_manifest_has_its_resource() {
        let is_applied = |source: Source| {
            !matches!(
                source,
                Source::Project(_) | Source::Each(_) | Source::Environment(_) | Source::EachEnvironment(_)
            )
        };
        for entry in CATALOG.iter().filter(|entry| is_applied(entry.source)) {
            assert!(RESOURCES.iter().any(|(template, ..)| *template == entry.template), "{}", entry.template);
        }
    }
}
