//! The namespace and its guard rails.

use std::collections::BTreeMap;

use serde::Serialize;

use super::pod::Metadata;
use super::value;
use crate::catalog::Context;
use crate::model::backup::{LIMITS, REQUESTS};
use crate::resolve::ResolvedProject;

/// Kubernetes version whose rules of the restricted pod security standard are enforced: the oldest that is supported.
const POD_SECURITY_VERSION: &str = "v1.35";
/// What is added to the computed need, in percent: pods that are ending still count while their successors start, and the alert
/// on a quota that is nearly full must be silent while everything runs at its maximum.
const MARGIN: u64 = 25;

/// The namespace of an environment.
pub fn namespace(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Namespace {
        name: String,
        labels: BTreeMap<String, String>,
        pod_security_version: &'static str,
    }
    let mut labels: BTreeMap<String, String> =
        project.labels(project.name(), "namespace").into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    labels.extend(project.environment_labels());
    Some(value(Namespace { name: project.namespace()?, labels, pod_security_version: POD_SECURITY_VERSION }))
}

/// Defaults for containers that state nothing; `None` unless `security.quota` asks for it.
pub fn limit_range(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct LimitRange {
        #[serde(flatten)]
        metadata: Metadata,
        requests: crate::spec::ResourceList,
        limits: crate::spec::ResourceList,
    }
    with_quota(project)?;
    Some(value(LimitRange {
        metadata: quota_metadata(project),
        requests: project.spec.resources.requests.clone(),
        limits: project.spec.resources.limits.clone(),
    }))
}

/// What the namespace may use; `None` unless `security.quota` asks for it.
pub fn resource_quota(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Quota {
        #[serde(flatten)]
        metadata: Metadata,
        replicas: u64,
        surge: u64,
        jobs: u64,
        solvers: u64,
        backups: u64,
        margin: u64,
        pods: u64,
        cpu_requests: String,
        cpu_limits: String,
        memory_requests: String,
        memory_limits: String,
        storage_requests: String,
        storage_limits: String,
    }
    with_quota(project)?;
    let (requests, limits) = (&project.spec.resources.requests, &project.spec.resources.limits);
    let replicas = u64::from(project.most_replicas());
    let jobs = project.spec.jobs.as_ref().map_or(0, BTreeMap::len) as u64;
    let backups = u64::from(project.postgres_backup().is_some());
    let surge = 1;
    // cert-manager proves all hosts of a certificate at once, with a pod for each.
    let solvers = if project.issuer().is_some() { project.hosts().len() as u64 } else { 0 };
    let pods = replicas + surge + jobs + solvers;
    let millicores = |each: u64, backup: u64| format!("{}m", with_margin(each * pods + backup * backups));
    let mebibytes =
        |bytes: u64, backup: u64| format!("{}Mi", with_margin((bytes * pods).div_ceil(1024 * 1024) + backup * backups));
    Some(value(Quota {
        metadata: quota_metadata(project),
        replicas,
        surge,
        jobs,
        solvers,
        backups,
        margin: MARGIN,
        pods: with_margin(pods + backups),
        cpu_requests: millicores(requests.cpu.millicores(), REQUESTS.millicores),
        cpu_limits: millicores(limits.cpu.millicores(), LIMITS.millicores),
        memory_requests: mebibytes(requests.memory.bytes(), REQUESTS.memory_mebibytes),
        memory_limits: mebibytes(limits.memory.bytes(), LIMITS.memory_mebibytes),
        storage_requests: mebibytes(requests.ephemeral_storage.bytes(), REQUESTS.storage_mebibytes),
        storage_limits: mebibytes(limits.ephemeral_storage.bytes(), LIMITS.storage_mebibytes),
    }))
}

fn with_margin(need: u64) -> u64 {
    (need * (100 + MARGIN)).div_ceil(100)
}

fn with_quota(project: &ResolvedProject) -> Option<()> {
    (project.spec.security.quota == Some(true)).then_some(())
}

fn quota_metadata(project: &ResolvedProject) -> Metadata {
    Metadata { name: project.name().to_owned(), labels: project.labels(project.name(), "namespace") }
}
