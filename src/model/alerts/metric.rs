//! The metrics that rules may use, and which scrape job gives them.

use std::collections::BTreeSet;

/// Who gives a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The application itself, as `docs/metrics.md` asks of it.
    Application,
    /// kube-state-metrics: the state of the Kubernetes objects.
    KubeStateMetrics,
    /// cAdvisor in each node's kubelet: what containers use.
    Cadvisor,
    /// cert-manager: the state of the certificates.
    CertManager,
}

impl Source {
    /// The scrape job, and with it the value of the label `job`, in a project.
    pub fn job(self, project: &str) -> &str {
        match self {
            Self::Application => project,
            Self::KubeStateMetrics => "kube-state-metrics",
            Self::Cadvisor => "kubelet-cadvisor",
            Self::CertManager => "cert-manager",
        }
    }

    /// What the alerts that need it are about.
    pub fn subject(self) -> &'static str {
        match self {
            Self::Application => "requests",
            Self::KubeStateMetrics => "the state of pods, jobs and limits",
            Self::Cadvisor => "CPU and memory",
            Self::CertManager => "TLS certificates",
        }
    }
}

/// Every metric that a rule may use: the stable ones of kube-state-metrics 2.20, of cAdvisor as the kubelet serves it,
/// of cert-manager from 1.18, and those that the application must expose.
pub const KNOWN: &[(&str, Source)] = &[
    ("http_request_duration_seconds_bucket", Source::Application),
    ("http_requests_total", Source::Application),
    ("kube_cronjob_created", Source::KubeStateMetrics),
    ("kube_cronjob_status_last_successful_time", Source::KubeStateMetrics),
    ("kube_deployment_status_replicas_available", Source::KubeStateMetrics),
    ("kube_horizontalpodautoscaler_spec_max_replicas", Source::KubeStateMetrics),
    ("kube_horizontalpodautoscaler_status_current_replicas", Source::KubeStateMetrics),
    ("kube_job_failed", Source::KubeStateMetrics),
    ("kube_job_status_start_time", Source::KubeStateMetrics),
    ("kube_pod_container_resource_limits", Source::KubeStateMetrics),
    ("kube_pod_container_status_waiting_reason", Source::KubeStateMetrics),
    ("kube_resourcequota", Source::KubeStateMetrics),
    ("container_cpu_usage_seconds_total", Source::Cadvisor),
    ("container_memory_working_set_bytes", Source::Cadvisor),
    ("certmanager_certificate_not_after_timestamp_seconds", Source::CertManager),
    ("certmanager_certificate_not_before_timestamp_seconds", Source::CertManager),
    ("certmanager_certificate_ready_status", Source::CertManager),
];

/// The known metrics that an expression names, by source.
pub fn used_in(expr: &str) -> BTreeSet<(Source, &'static str)> {
    let words = expr.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':');
    let known = words.filter_map(|word| KNOWN.iter().find(|(name, _)| *name == word));
    known.map(|(name, source)| (*source, *name)).collect()
}
