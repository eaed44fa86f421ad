//! The runbooks: one page per alert, with the names that its commands need.

use std::collections::BTreeSet;

use minijinja::Value;
use serde::Serialize;

use super::network_policy::is_strict;
use super::{choice, jobs, value};
use crate::catalog::Contexts;
use crate::model::Issuer;
use crate::model::alerts::{Alerting, FEWEST_REQUESTS, Source, Subject, shown};
use crate::render::shell_word;
use crate::resolve::{Resolved, ResolvedProject};
use crate::spec::{Datastores, StoreKind};

/// What the runbook of an alert may name. Its commands are for one environment, and say how to choose another; the text
/// is about all environments that have the alert.
#[derive(Serialize)]
struct Runbook {
    alert: &'static str,
    rows: Vec<Row>,
    /// The names of the alerts that the same environments have.
    alerts: BTreeSet<&'static str>,
    /// Those of them that fire when there is more load than pods.
    overload: Vec<&'static str>,
    /// Whether it is critical in one case and milder in another.
    is_graded: bool,
    project: String,
    namespace: String,
    /// The first commands: which environment they are about.
    namespace_line: String,
    environment_line: String,
    monitoring: String,
    deployment: String,
    process: String,
    selector: Selectors,
    /// The project's Secret, if it has keys.
    secret: Option<String>,
    quota: Option<String>,
    /// Path of the readiness probe, if there is a port.
    readiness: Option<String>,
    /// What else the environments have, in the templates' words.
    has: Vec<&'static str>,
    fewest_requests: &'static str,
    /// The sources of metrics that the rules use.
    uses: Vec<&'static str>,
    metrics: Option<Metrics>,
    /// The quantiles that are alerted on.
    quantiles: Vec<Quantile>,
    autoscaler: Option<Autoscaler>,
    backup: Option<Backup>,
    issuers: Issuers,
    certificate: String,
    host: Option<String>,
    owner: String,
}

/// Alerts that fire when there is more load than the pods can carry.
const OVERLOAD: [&str; 3] = ["HighLatency", "HighCpuUsage", "AutoscalerAtMaximum"];

/// When the alert fires in an environment.
#[derive(Serialize)]
struct Row {
    environment: String,
    severity: &'static str,
    when: String,
    wait: String,
}

#[derive(Serialize)]
struct Selectors {
    project: String,
    main: String,
}

#[derive(Serialize)]
struct Metrics {
    port: String,
    local_url: String,
    /// The application's metrics that the rules use.
    names: BTreeSet<&'static str>,
}

#[derive(PartialEq, Serialize)]
struct Quantile {
    percent: String,
    decimal: String,
}

#[derive(Serialize)]
struct Autoscaler {
    /// Half as many pods again as its maximum.
    raised: u32,
    /// The same of other environments that differ.
    others: Vec<Raised>,
}

#[derive(Serialize)]
struct Raised {
    environment: String,
    replicas: u32,
}

#[derive(Serialize)]
struct Backup {
    store: String,
    cron_job: String,
    schedule: String,
    time_zone: String,
    age_limit: String,
    /// Value of the label `component` of its objects.
    component: String,
    selector: String,
    uri_key: Option<String>,
    /// Secret with the credentials, unless a role stands in for them.
    s3_secret: Option<String>,
    account: String,
}

/// Who signs the certificates.
#[derive(Serialize)]
struct Issuers {
    /// Whether some environment has an Issuer of its own, which proves hosts to Let's Encrypt over HTTP.
    acme: bool,
    /// ClusterIssuers that others look after.
    existing: Vec<String>,
}

/// A page for each alert that some environment has.
pub fn pages(resolved: &Resolved) -> Contexts {
    let environments = resolved.alerting();
    let mut names: Vec<&'static str> = Vec::new();
    for family in environments.iter().flat_map(Alerting::families) {
        if !names.contains(&family.name) {
            names.push(family.name);
        }
    }
    names.into_iter().filter_map(|name| Some((name.to_owned(), page(&environments, name)?))).collect()
}

fn page(environments: &[Alerting<'_>], alert: &'static str) -> Option<Value> {
    let with: Vec<&Alerting<'_>> =
        environments.iter().filter(|alerting| alerting.named(alert).next().is_some()).collect();
    let shown = shown(&with)?;
    let (project, subject) = (shown.project, shown.subject);
    let rows: Vec<Row> = with.iter().flat_map(|alerting| rows(alerting, alert)).collect();
    let alerts: BTreeSet<&'static str> =
        with.iter().flat_map(|alerting| alerting.families()).map(|family| family.name).collect();
    let any = |has: fn(&ResolvedProject) -> bool| with.iter().any(|alerting| has(alerting.project));
    Some(value(Runbook {
        alert,
        overload: OVERLOAD.into_iter().filter(|name| alerts.contains(name)).collect(),
        alerts,
        is_graded: rows.iter().any(|row| row.severity != "critical")
            && rows.iter().any(|row| row.severity == "critical"),
        rows,
        namespace_line: choice_line("namespace", &with, shown, |alerting| alerting.namespace.as_str()),
        environment_line: choice_line("environment", &with, shown, |alerting| alerting.environment),
        monitoring: project.monitoring_namespace(),
        selector: Selectors {
            project: format!("app.kubernetes.io/name={}", subject.project),
            main: format!("app.kubernetes.io/name={},app.kubernetes.io/component={}", subject.project, subject.process),
        },
        secret: any(|project| !project.secret_keys().is_empty()).then(|| project.secret()),
        quota: subject.quota.clone(),
        readiness: project.spec.port.map(|_| project.spec.health.readiness.to_string()),
        has: [
            ("database", any(has_database)),
            ("jobs", any(|project| !jobs::before_deploy(project).is_empty())),
            ("policies", any(is_strict)),
        ]
        .into_iter()
        .filter_map(|(word, has)| has.then_some(word))
        .collect(),
        fewest_requests: FEWEST_REQUESTS,
        uses: uses(&with),
        metrics: metrics(project, &with),
        quantiles: quantiles(&with, alert),
        autoscaler: autoscaler(&with, shown),
        backup: backup(project, subject),
        issuers: issuers(&with),
        certificate: project.certificate(),
        host: project.hosts().into_iter().next(),
        owner: owner(project),
        project: subject.project.clone(),
        namespace: subject.namespace.clone(),
        deployment: subject.deployment.clone(),
        process: subject.process.clone(),
    }))
}

fn owner(project: &ResolvedProject) -> String {
    let owner = project.spec.owner.as_ref();
    owner.map_or("the owner".to_owned(), |owner| format!("the owner (team {}, {})", owner.team, owner.email))
}

fn has_database(project: &ResolvedProject) -> bool {
    let stores = project.spec.datastores.iter().flat_map(Datastores::iter);
    stores.into_iter().any(|(kind, _)| kind != StoreKind::Redis)
}

fn rows(alerting: &Alerting<'_>, name: &str) -> Vec<Row> {
    let alerts = alerting.named(name);
    alerts
        .map(|alert| Row {
            environment: alerting.environment.to_owned(),
            severity: alert.severity.label(),
            when: alert.when.clone(),
            wait: alert.wait.prometheus(),
        })
        .collect()
}

fn choice_line<'a>(
    variable: &str,
    with: &'a [&Alerting<'_>],
    shown: &'a Alerting<'_>,
    value: fn(&'a Alerting<'_>) -> &'a str,
) -> String {
    let others: Vec<&str> =
        with.iter().map(|alerting| value(alerting)).filter(|other| *other != value(shown)).collect();
    let line = choice::line(variable, value(shown), &others);
    if others.is_empty() { line } else { format!("{line}; the alert's label `{variable}` says which") }
}

/// The sources of metrics that the rules use, in the templates' words.
fn uses(with: &[&Alerting<'_>]) -> Vec<&'static str> {
    let words = [
        (Source::Application, "application"),
        (Source::KubeStateMetrics, "kube-state-metrics"),
        (Source::Cadvisor, "cadvisor"),
        (Source::CertManager, "cert-manager"),
    ];
    let is_used = |source: Source| with.iter().any(|alerting| !alerting.metrics_of(source).is_empty());
    words.into_iter().filter(|(source, _)| is_used(*source)).map(|(_, word)| word).collect()
}

fn metrics(project: &ResolvedProject, with: &[&Alerting<'_>]) -> Option<Metrics> {
    let port = project.spec.metrics.as_ref()?.port.to_string();
    let local_url = shell_word(&format!("http://127.0.0.1:{port}{}", project.metrics_path()?));
    let used = with.iter().flat_map(|alerting| alerting.metrics_of(Source::Application));
    Some(Metrics { port, local_url, names: used.map(|name| name.trim_end_matches("_bucket")).collect() })
}

/// The quantiles by the labels of the alerts, `p95`.
fn quantiles(with: &[&Alerting<'_>], alert: &str) -> Vec<Quantile> {
    let mut found = Vec::new();
    for (key, word) in with.iter().flat_map(|alerting| alerting.named(alert)).flat_map(|alert| &alert.labels) {
        let Some(percent) = word.strip_prefix('p').filter(|_| *key == "quantile") else {
            continue;
        };
        let quantile = Quantile { percent: percent.to_owned(), decimal: format!("0.{percent}") };
        if !found.contains(&quantile) {
            found.push(quantile);
        }
    }
    found
}

fn autoscaler(with: &[&Alerting<'_>], shown: &Alerting<'_>) -> Option<Autoscaler> {
    let raised = |alerting: &Alerting<'_>| {
        let most = alerting.project.is_autoscaled().then(|| alerting.project.most_replicas())?;
        Some(Raised { environment: alerting.environment.to_owned(), replicas: most + most.div_ceil(2) })
    };
    let all: Vec<Raised> = with.iter().filter_map(|alerting| raised(alerting)).collect();
    let first = raised(shown).map(|shown| shown.replicas).or(all.first().map(|first| first.replicas))?;
    Some(Autoscaler { raised: first, others: all.into_iter().filter(|other| other.replicas != first).collect() })
}

fn issuers(with: &[&Alerting<'_>]) -> Issuers {
    let mut issuers = Issuers { acme: false, existing: Vec::new() };
    for issuer in with.iter().filter_map(|alerting| alerting.project.issuer()) {
        match issuer {
            Issuer::LetsEncrypt { .. } => issuers.acme = true,
            Issuer::Existing { name } if issuers.existing.contains(&name) => {}
            Issuer::Existing { name } => issuers.existing.push(name),
        }
    }
    issuers
}

fn backup(project: &ResolvedProject, subject: &Subject) -> Option<Backup> {
    let backup = subject.backups.first()?;
    let settings = project.spec.backup.as_ref()?;
    let role = project.spec.security.service_account.as_ref().and_then(|account| account.aws_role.as_ref());
    let component = project.backup_component(StoreKind::Postgres);
    Some(Backup {
        store: backup.store.clone(),
        cron_job: backup.cron_job.clone(),
        schedule: backup.schedule.clone(),
        time_zone: settings.time_zone.to_string(),
        age_limit: backup.age_limit_text(),
        component: component.clone(),
        selector: format!("app.kubernetes.io/component={component}"),
        uri_key: project.spec.datastores.as_ref()?.postgres.as_ref()?.uri.as_ref().map(ToString::to_string),
        s3_secret: role.is_none().then(|| project.backup_secret()),
        account: project.backup_account(),
    })
}
