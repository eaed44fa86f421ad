//! The runbooks: one page per alert, with the names that its commands need.

use minijinja::Value;
use serde::Serialize;

use super::value;
use crate::catalog::Contexts;
use crate::model::alerts::{Alerting, FEWEST_REQUESTS, Source, Subject, shown};
use crate::render::shell_word;
use crate::resolve::{Resolved, ResolvedProject};

/// What the runbook of an alert may name. Its commands are for one environment, and say how to choose another.
#[derive(Serialize)]
struct Runbook {
    alert: &'static str,
    rows: Vec<Row>,
    project: String,
    environment: String,
    namespace: String,
    /// The first command: which namespace it is about.
    namespace_line: String,
    monitoring: String,
    deployment: String,
    process: String,
    selector: Selectors,
    secret: String,
    quota: Option<String>,
    /// Path of the readiness probe, if there is a port.
    readiness: Option<String>,
    fewest_requests: &'static str,
    /// The sources of metrics that the rules use.
    uses: Vec<&'static str>,
    metrics: Option<Metrics>,
    autoscaler: Option<Autoscaler>,
    backup: Option<Backup>,
    issuer: Option<Issuer>,
    host: Option<String>,
    owner: String,
}

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
}

#[derive(Serialize)]
struct Autoscaler {
    /// Half as many pods again as its maximum.
    raised: u32,
}

#[derive(Serialize)]
struct Backup {
    store: String,
    cron_job: String,
    schedule: String,
    time_zone: String,
    age_limit: String,
    selector: String,
    /// The arguments of `aws s3 ls`.
    folder: String,
    uri_key: Option<String>,
    /// Secret with the credentials, unless a role stands in for them.
    s3_secret: Option<String>,
    account: String,
}

#[derive(Serialize)]
struct Issuer {
    resource: String,
    name: String,
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
    let (project, subject) = (shown.project, Subject::new(shown.project)?);
    let others: Vec<&str> = with
        .iter()
        .filter(|other| other.environment != shown.environment)
        .map(|other| other.namespace.as_str())
        .collect();
    let owner = project.spec.owner.as_ref();
    Some(value(Runbook {
        alert,
        rows: with.iter().flat_map(|alerting| rows(alerting, alert)).collect(),
        namespace_line: namespace_line(&subject.namespace, &others),
        monitoring: project.monitoring_namespace(),
        selector: Selectors {
            project: format!("app.kubernetes.io/name={}", subject.project),
            main: format!("app.kubernetes.io/name={},app.kubernetes.io/component={}", subject.project, subject.process),
        },
        secret: project.secret(),
        quota: subject.quota.clone(),
        readiness: project.spec.port.map(|_| project.spec.health.readiness.to_string()),
        fewest_requests: FEWEST_REQUESTS,
        uses: uses(shown),
        metrics: metrics(project),
        autoscaler: subject.most_replicas.map(|most| Autoscaler { raised: most + most.div_ceil(2) }),
        backup: backup(project, &subject),
        issuer: project
            .issuer()
            .map(|issuer| Issuer { resource: issuer.kind().to_lowercase(), name: issuer.name().to_owned() }),
        host: project.hosts().into_iter().next(),
        owner: owner
            .map_or("the owner".to_owned(), |owner| format!("the owner (team {}, {})", owner.team, owner.email)),
        project: subject.project,
        environment: subject.environment,
        namespace: subject.namespace,
        deployment: subject.deployment,
        process: subject.process,
    }))
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

fn namespace_line(shown: &str, others: &[&str]) -> String {
    if others.is_empty() {
        return format!("namespace={shown}");
    }
    format!("namespace={shown} # or {}; the alert's label `namespace` says which", others.join(", "))
}

/// The sources of metrics that the rules use, in the templates' words.
fn uses(alerting: &Alerting<'_>) -> Vec<&'static str> {
    let words = [
        (Source::Application, "application"),
        (Source::KubeStateMetrics, "kube-state-metrics"),
        (Source::Cadvisor, "cadvisor"),
        (Source::CertManager, "cert-manager"),
    ];
    words.into_iter().filter(|(source, _)| !alerting.metrics_of(*source).is_empty()).map(|(_, word)| word).collect()
}

fn metrics(project: &ResolvedProject) -> Option<Metrics> {
    let port = project.spec.metrics.as_ref()?.port.to_string();
    let local_url = shell_word(&format!("http://127.0.0.1:{port}{}", project.metrics_path()?));
    Some(Metrics { port, local_url })
}

fn backup(project: &ResolvedProject, subject: &Subject) -> Option<Backup> {
    let backup = subject.backups.first()?;
    let settings = project.spec.backup.as_ref()?;
    let role = project.spec.security.service_account.as_ref().and_then(|account| account.aws_role.as_ref());
    let folder =
        format!("{}/{}/{}/", settings.destination.as_str().trim_end_matches('/'), subject.environment, backup.store);
    let endpoint =
        settings.endpoint.as_ref().map(|endpoint| format!(" --endpoint-url {}", shell_word(endpoint.as_str())));
    Some(Backup {
        store: backup.store.clone(),
        cron_job: backup.cron_job.clone(),
        schedule: backup.schedule.clone(),
        time_zone: settings.time_zone.to_string(),
        age_limit: backup.age_limit_text(),
        selector: format!("app.kubernetes.io/component=backup-{}", backup.store),
        folder: format!("{}{}", shell_word(&folder), endpoint.unwrap_or_default()),
        uri_key: project.spec.datastores.as_ref()?.postgres.as_ref()?.uri.as_ref().map(ToString::to_string),
        s3_secret: role.is_none().then(|| project.backup_secret()),
        account: project.backup_account(),
    })
}
