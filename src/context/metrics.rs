//! The page of metrics: what the application must expose, what exporters give, what is recorded, what fires.

use std::collections::BTreeSet;

use serde::Serialize;

use super::prometheus::metrics_of;
use super::value;
use crate::catalog::Context;
use crate::model::alerts::{Family, Record, Source};
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
    /// Whether rules use its metrics.
    is_used: bool,
    path: String,
    port: String,
    port_name: &'static str,
    namespace: String,
    deployment: String,
    local_url: String,
    /// Paths that must not be counted.
    uncounted: Vec<String>,
    /// Bounds of buckets that latency alerts need, and one above them; empty without such alerts.
    buckets: Vec<String>,
    beyond: String,
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
    let sources = exporters(resolved);
    let application = application(resolved);
    if sources.is_empty() && application.is_none() {
        return None;
    }
    Some(value(Page {
        needs: needs(resolved, &sources),
        application,
        sources,
        records: records(resolved),
        alerts: alerts(resolved),
    }))
}

fn application(resolved: &Resolved) -> Option<Application> {
    let with = || resolved.environments.iter().filter(|project| project.spec.metrics.is_some());
    let project = with().find(|project| is_production(project)).or(with().last())?;
    let (path, port) = (project.metrics_path()?, project.spec.metrics.as_ref()?.port.to_string());
    let bounds = bounds(resolved);
    let health = &project.spec.health;
    let mut uncounted = vec![health.liveness.to_string(), health.readiness.to_string(), path.clone()];
    uncounted.dedup();
    Some(Application {
        is_used: with().any(|project| !metrics_of(&project.alerts(), Source::Application).is_empty()),
        local_url: shell_word(&format!("http://127.0.0.1:{port}{path}")),
        path,
        port,
        port_name: project.metrics_port_name()?,
        namespace: project.namespace()?,
        deployment: project.name().to_owned(),
        uncounted,
        beyond: bounds.last().map(|most| seconds(most * 2)).unwrap_or_default(),
        buckets: bounds.into_iter().map(seconds).collect(),
    })
}

fn is_production(project: &ResolvedProject) -> bool {
    project.environment.as_ref().is_some_and(|name| name.as_str() == "production")
}

/// The latency thresholds of all environments in milliseconds, each once.
fn bounds(resolved: &Resolved) -> BTreeSet<u64> {
    let latency = resolved.environments.iter().filter_map(|project| project.spec.alerts.as_ref()?.latency.as_ref());
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

fn exporters(resolved: &Resolved) -> Vec<ExporterRow> {
    let monitoring = resolved.base.monitoring_namespace();
    let row = |source: Source, job, needs: String| {
        let metrics: BTreeSet<&'static str> =
            resolved.environments.iter().flat_map(|project| metrics_of(&project.alerts(), source)).collect();
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

fn needs(resolved: &Resolved, sources: &[ExporterRow]) -> Needs {
    let monitoring = resolved.base.monitoring_namespace();
    let scraped = resolved.environments.iter().filter(|project| project.spec.metrics.is_some());
    let mut pod_namespaces: Vec<String> = scraped.filter_map(ResolvedProject::namespace).collect();
    for source in sources {
        match source.job {
            "kube-state-metrics" => pod_namespaces.extend(["kube-system".to_owned(), monitoring.clone()]),
            "cert-manager" => pod_namespaces.push("cert-manager".to_owned()),
            _ => {}
        }
    }
    Needs {
        alertmanager: format!("alertmanager.{monitoring}.svc:9093"),
        monitoring,
        pod_namespaces,
        has_nodes: sources.iter().any(|source| source.job == "kubelet-cadvisor"),
        has_rules: resolved.environments.iter().any(|project| !project.alerts().is_empty()),
    }
}

/// The recorded series of all environments, each once.
fn records(resolved: &Resolved) -> Vec<RecordRow> {
    let mut rows: Vec<RecordRow> = Vec::new();
    for family in families(resolved) {
        for Record { name, unit, meaning, .. } in family.1.records {
            if rows.iter().all(|row| row.name != name) {
                rows.push(RecordRow { name, unit, meaning });
            }
        }
    }
    rows
}

/// The alerts, with the environments that have each.
fn alerts(resolved: &Resolved) -> Vec<AlertRow> {
    let mut rows: Vec<AlertRow> = Vec::new();
    for (environment, family) in families(resolved) {
        for alert in family.alerts {
            let (name, severity, when, wait) =
                (family.name, alert.severity.label(), alert.when, alert.wait.prometheus());
            let same = rows
                .iter_mut()
                .find(|row| row.name == name && row.severity == severity && row.when == when && row.wait == wait);
            match same {
                Some(row) => row.environments = format!("{}, {environment}", row.environments),
                None => rows.push(AlertRow { name, severity, when, wait, environments: environment.clone() }),
            }
        }
    }
    // Rows of one alert stand together, in the order in which the alerts first come.
    let order: Vec<&'static str> = rows.iter().map(|row| row.name).collect();
    rows.sort_by_key(|row| order.iter().position(|name| *name == row.name));
    rows
}

/// The families of all environments with the environment's name.
fn families(resolved: &Resolved) -> Vec<(String, Family)> {
    let of = |project: &ResolvedProject| {
        let environment = project.environment.as_ref().map(ToString::to_string).unwrap_or_default();
        project.alerts().into_iter().flat_map(|group| group.families).map(move |family| (environment.clone(), family))
    };
    resolved.environments.iter().flat_map(of).collect()
}
