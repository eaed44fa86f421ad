//! The page of metrics: what the application must expose, what exporters give, what is recorded, what fires.

use std::collections::BTreeSet;

use serde::Serialize;

use super::value;
use crate::catalog::Context;
use crate::model::alerts::{Alerting, Source, shown};
use crate::render::shell_word;
use crate::resolve::{Resolved, ResolvedProject};
use crate::spec::LatencyAlert;

#[derive(Serialize)]
struct Page {
    application: Option<Application>,
    sources: Vec<ExporterRow>,
    needs: Needs,
    records: Vec<RecordRow>,
    alerts: Vec<AlertRow>,
}

/// What the application must expose.
#[derive(Serialize)]
struct Application {
    /// Where it is scraped, by environments that are alike.
    endpoints: Vec<Endpoint>,
    /// Environments in which it is not scraped.
    without: Vec<String>,
    /// Whether rules use the counter of requests.
    counter: bool,
    /// Whether rules use the histogram of their durations.
    histogram: bool,
    port: String,
    namespace: String,
    deployment: String,
    local_url: String,
    /// Paths that must not be counted.
    uncounted: BTreeSet<String>,
    /// Bounds of buckets that latency alerts need; empty without such alerts.
    buckets: Vec<String>,
    /// A bound above them.
    beyond: String,
    sample: Sample,
}

/// Where pods answer scrapes.
#[derive(Serialize)]
struct Endpoint {
    environments: Vec<String>,
    path: String,
    port: String,
    port_name: &'static str,
}

/// An answer that is shown.
#[derive(Serialize)]
struct Sample {
    buckets: Vec<Bucket>,
    total: u64,
    succeeded: u64,
    failed: u64,
    /// Seconds that all requests took.
    sum: String,
}

#[derive(Serialize)]
struct Bucket {
    bound: String,
    /// Requests that took no longer.
    count: u64,
}

#[derive(Serialize)]
struct ExporterRow {
    job: &'static str,
    needs: String,
    metrics: Vec<&'static str>,
}

/// What Prometheus must be allowed to read.
#[derive(Serialize)]
struct Needs {
    monitoring: String,
    pod_namespaces: Vec<String>,
    has_nodes: bool,
    alertmanager: String,
    has_rules: bool,
}

#[derive(Serialize)]
struct RecordRow {
    name: String,
    unit: &'static str,
    meaning: String,
}

#[derive(Serialize)]
struct AlertRow {
    name: &'static str,
    severity: &'static str,
    when: String,
    wait: String,
    environments: String,
}

/// The page; `None` if nothing is scraped.
pub fn page(resolved: &Resolved) -> Context {
    let environments = resolved.alerting();
    let monitoring = resolved.base.monitoring_namespace();
    let sources = exporters(&environments, &monitoring);
    let application = application(&environments);
    if sources.is_empty() && application.is_none() {
        return None;
    }
    Some(value(Page {
        needs: needs(&environments, &sources, monitoring),
        application,
        sources,
        records: records(&environments),
        alerts: alerts(&environments),
    }))
}

fn application(environments: &[Alerting<'_>]) -> Option<Application> {
    let with: Vec<&Alerting<'_>> =
        environments.iter().filter(|alerting| alerting.project.spec.metrics.is_some()).collect();
    let Alerting { project, namespace, .. } = shown(&with)?;
    let (path, port) = (project.metrics_path()?, project.spec.metrics.as_ref()?.port.to_string());
    let used: BTreeSet<&str> = with.iter().flat_map(|alerting| alerting.metrics_of(Source::Application)).collect();
    let bounds = bounds(environments);
    let beyond = bounds.last().map(|most| most * 2);
    let shown_bounds: Vec<u64> = bounds.iter().copied().chain(beyond).collect();
    Some(Application {
        endpoints: endpoints(&with),
        without: environments
            .iter()
            .filter(|alerting| alerting.project.spec.metrics.is_none())
            .map(|alerting| alerting.environment.to_owned())
            .collect(),
        counter: used.contains("http_requests_total"),
        histogram: used.contains("http_request_duration_seconds_bucket"),
        local_url: shell_word(&format!("http://127.0.0.1:{port}{path}")),
        port,
        namespace: namespace.clone(),
        deployment: project.name().to_owned(),
        uncounted: with.iter().flat_map(|alerting| uncounted(alerting.project)).collect(),
        sample: sample(&shown_bounds),
        beyond: beyond.map(seconds).unwrap_or_default(),
        buckets: bounds.into_iter().map(seconds).collect(),
    })
}

fn endpoints(with: &[&Alerting<'_>]) -> Vec<Endpoint> {
    let mut found: Vec<Endpoint> = Vec::new();
    for Alerting { project, environment, .. } in with {
        let (Some(metrics), Some(path), Some(port_name)) =
            (&project.spec.metrics, project.metrics_path(), project.metrics_port_name())
        else {
            continue;
        };
        let port = metrics.port.to_string();
        match found.iter_mut().find(|other| other.path == path && other.port == port) {
            Some(same) => same.environments.push((*environment).to_owned()),
            None => found.push(Endpoint { environments: vec![(*environment).to_owned()], path, port, port_name }),
        }
    }
    found
}

/// What probes and scrapes call.
fn uncounted(project: &ResolvedProject) -> Vec<String> {
    let health = &project.spec.health;
    let probes = project.spec.port.map(|_| [health.liveness.to_string(), health.readiness.to_string()]);
    probes.into_iter().flatten().chain(project.metrics_path()).collect()
}

/// A thousand requests in the lowest bucket and ten more in each of the others, each as slow as its bucket allows.
fn sample(bounds: &[u64]) -> Sample {
    const LOWEST: u64 = 1000;
    const EACH: u64 = 10;
    const FAILED: u64 = 3;
    let mut sample = Sample { buckets: Vec::new(), total: LOWEST, succeeded: 0, failed: FAILED, sum: String::new() };
    let mut milliseconds = 0;
    for (at, bound) in bounds.iter().enumerate() {
        let more = if at == 0 { LOWEST } else { EACH };
        milliseconds += more * bound;
        sample.total = if at == 0 { LOWEST } else { sample.total + EACH };
        sample.buckets.push(Bucket { bound: seconds(*bound), count: sample.total });
    }
    sample.succeeded = sample.total - FAILED;
    sample.sum = seconds(milliseconds);
    sample
}

/// The latency thresholds of all environments in milliseconds, each once.
fn bounds(environments: &[Alerting<'_>]) -> BTreeSet<u64> {
    let latency = environments.iter().filter_map(|alerting| alerting.project.spec.alerts.as_ref()?.latency.as_ref());
    let thresholds = |latency: &LatencyAlert| {
        let quantiles = [&latency.p50, &latency.p90, &latency.p95, &latency.p99];
        let values = quantiles.into_iter().flatten().flat_map(|threshold| [&threshold.warning, &threshold.critical]);
        values.flatten().map(crate::spec::value::Duration::milliseconds).collect::<Vec<u64>>()
    };
    latency.flat_map(thresholds).collect()
}

fn seconds(milliseconds: u64) -> String {
    let text = format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn exporters(environments: &[Alerting<'_>], monitoring: &str) -> Vec<ExporterRow> {
    let row = |source: Source, job, needs: String| {
        let metrics: BTreeSet<&'static str> =
            environments.iter().flat_map(|alerting| alerting.metrics_of(source)).collect();
        (!metrics.is_empty()).then(|| ExporterRow { job, needs, metrics: metrics.into_iter().collect() })
    };
    [
        row(
            Source::KubeStateMetrics,
            "kube-state-metrics",
            format!("kube-state-metrics 2.20, pods labelled `app.kubernetes.io/name=kube-state-metrics`, port 8080, in namespace `kube-system` or `{monitoring}`"),
        ),
        row(Source::Cadvisor, "kubelet-cadvisor", "the kubelet of every node, port 10250".to_owned()),
        row(
            Source::CertManager,
            "cert-manager",
            "cert-manager from 1.18, pods labelled `app.kubernetes.io/name=cert-manager`, port 9402, in namespace `cert-manager`".to_owned(),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn needs(environments: &[Alerting<'_>], sources: &[ExporterRow], monitoring: String) -> Needs {
    let scraped = environments.iter().filter(|alerting| alerting.project.spec.metrics.is_some());
    let mut pod_namespaces: Vec<String> = scraped.map(|alerting| alerting.namespace.clone()).collect();
    for source in sources {
        match source.job {
            "kube-state-metrics" => pod_namespaces.extend(["kube-system".to_owned(), monitoring.clone()]),
            "cert-manager" => pod_namespaces.push("cert-manager".to_owned()),
            _ => {}
        }
    }
    pod_namespaces.dedup();
    Needs {
        alertmanager: format!("alertmanager.{monitoring}.svc:9093"),
        monitoring,
        pod_namespaces,
        has_nodes: sources.iter().any(|source| source.job == "kubelet-cadvisor"),
        has_rules: environments.iter().any(|alerting| !alerting.groups.is_empty()),
    }
}

/// The recorded series of all environments, each once.
fn records(environments: &[Alerting<'_>]) -> Vec<RecordRow> {
    let mut rows: Vec<RecordRow> = Vec::new();
    for record in environments.iter().flat_map(Alerting::families).flat_map(|family| &family.records) {
        if rows.iter().all(|row| row.name != record.name) {
            rows.push(RecordRow { name: record.name.clone(), unit: record.unit, meaning: record.meaning.clone() });
        }
    }
    rows
}

/// The alerts, with the environments that have each.
fn alerts(environments: &[Alerting<'_>]) -> Vec<AlertRow> {
    let mut rows: Vec<AlertRow> = Vec::new();
    for (environment, family) in environments.iter().flat_map(|of| of.families().map(|family| (of.environment, family)))
    {
        for alert in &family.alerts {
            let row = AlertRow {
                name: family.name,
                severity: alert.severity.label(),
                when: alert.when.clone(),
                wait: alert.wait.prometheus(),
                environments: environment.to_owned(),
            };
            match rows.iter_mut().find(|other| other.is_like(&row)) {
                Some(same) => same.environments = format!("{}, {environment}", same.environments),
                None => rows.push(row),
            }
        }
    }
    // Rows of one alert stand together, in the order in which the alerts first come.
    let order: Vec<&'static str> = rows.iter().map(|row| row.name).collect();
    rows.sort_by_key(|row| order.iter().position(|name| *name == row.name));
    rows
}

impl AlertRow {
    /// Whether another row differs by its environments only.
    fn is_like(&self, other: &Self) -> bool {
        let key = |row: &Self| (row.name, row.severity, row.when.clone(), row.wait.clone());
        key(self) == key(other)
    }
}
