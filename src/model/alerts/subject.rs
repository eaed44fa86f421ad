//! What the alerts of one environment are about.

use super::scenario::{Series, levels};
use crate::resolve::ResolvedProject;
use crate::spec::{Datastores, StoreKind};

/// Names and numbers of one environment, as the other generated files have them.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The project's name: label `app.kubernetes.io/name`, scrape job.
    pub project: String,
    /// The environment's name.
    pub environment: String,
    /// Its namespace.
    pub namespace: String,
    /// Name of the main process's Deployment and autoscaler.
    pub deployment: String,
    /// Name of the main process: container, label `component`.
    pub process: String,
    /// CPU limit of a container, in cores.
    pub cpu_limit: f64,
    /// Memory limit of a container, in bytes.
    pub memory_limit: f64,
    /// Most replicas that the autoscaler may start, if there is one.
    pub most_replicas: Option<u32>,
    /// Whether the main process serves HTTP.
    pub has_port: bool,
    /// Whether the application exposes metrics.
    pub has_metrics: bool,
    /// Backups, one per store.
    pub backups: Vec<Backup>,
    /// Names of the Certificates that cert-manager issues.
    pub certificates: Vec<String>,
    /// Name of the `ResourceQuota`, if there is one.
    pub quota: Option<String>,
}

/// The backup of a store.
#[derive(Debug, Clone)]
pub struct Backup {
    /// The store's name.
    pub store: String,
    /// Name of the `CronJob`.
    pub cron_job: String,
    /// Its schedule.
    pub schedule: String,
    /// Longest time from a run to the second one after it, in hours.
    pub age_hours: u64,
}

impl Subject {
    /// The subject of an environment; `None` for the base, which has no namespace.
    pub fn new(project: &ResolvedProject) -> Option<Self> {
        let limits = &project.spec.resources.limits;
        Some(Self {
            project: project.name().to_owned(),
            environment: project.environment.as_ref()?.to_string(),
            namespace: project.namespace()?,
            deployment: project.name().to_owned(),
            process: project.process().to_owned(),
            cpu_limit: float(limits.cpu.millicores()) / 1000.0,
            memory_limit: float(limits.memory.bytes()),
            most_replicas: project.is_autoscaled().then(|| project.most_replicas()),
            has_port: project.spec.port.is_some(),
            has_metrics: project.spec.metrics.is_some(),
            backups: backups(project),
            certificates: project.issuer().map(|_| project.certificate()).into_iter().collect(),
            quota: (project.spec.security.quota == Some(true)).then(|| project.name().to_owned()),
        })
    }

    /// How texts call it: `orders in production`.
    pub fn title(&self) -> String {
        format!("{} in {}", self.project, self.environment)
    }

    /// Matchers of what kube-state-metrics says about this namespace.
    pub fn kube(&self, rest: &str) -> String {
        format!("job=\"kube-state-metrics\", namespace=\"{}\", {rest}", self.namespace)
    }

    /// Matchers of the application's own series.
    pub fn app(&self) -> String {
        format!("job=\"{}\", namespace=\"{}\"", self.project, self.namespace)
    }

    /// Matcher of the project's pods, also where a namespace is shared.
    pub fn pods(&self) -> String {
        format!("pod=~\"{}-.+\"", self.project)
    }

    /// A made-up pod of the main process for tests.
    pub fn test_pod(&self) -> String {
        format!("{}-7d9c5b8f4-x2x7p", self.deployment)
    }

    /// Matchers of the made-up pod's container.
    pub fn test_container(&self) -> String {
        format!("namespace=\"{}\", pod=\"{}\", container=\"{}\"", self.namespace, self.test_pod(), self.process)
    }

    /// Labels of an alert on the made-up pod's container.
    pub fn test_container_labels(&self) -> Vec<(&'static str, String)> {
        vec![("pod", self.test_pod()), ("container", self.process.clone())]
    }

    /// Labels of the made-up pod's own series, and a further one.
    pub fn test_app(&self, rest: &str) -> String {
        format!("{{{}, pod=\"{}\", component=\"{}\"{rest}}}", self.app(), self.test_pod(), self.process)
    }
}

/// A scrape of a job that succeeds (1) or not (0), for numbers of minutes.
pub(super) fn scrape(job: &str, parts: &[(f64, u32)]) -> Series {
    Series::new(format!("up{{job=\"{job}\", instance=\"10.0.0.9:8080\"}}"), levels(parts))
}

/// The backups of an environment: one for each store that has a `CronJob`.
fn backups(project: &ResolvedProject) -> Vec<Backup> {
    let Some(backup) = &project.spec.backup else {
        return Vec::new();
    };
    let stores = project.spec.datastores.iter().flat_map(Datastores::iter);
    // The other stores have no dump yet.
    stores
        .filter(|(kind, _)| *kind == StoreKind::Postgres)
        .map(|(kind, _)| Backup {
            store: kind.key().to_owned(),
            cron_job: project.backup(kind),
            schedule: backup.schedule.to_string(),
            age_hours: backup.schedule.longest_two_pauses_hours(),
        })
        .collect()
}

/// Cores and bytes are far below 2^53, so no digit is lost.
#[allow(clippy::cast_precision_loss)]
fn float(number: u64) -> f64 {
    number as f64
}
