//! The runbooks: one page per alert, with the names that its commands need.

use serde::Serialize;

use super::value;
use crate::catalog::Context;
use crate::model::alerts::{Alert, FEWEST_REQUESTS, Subject};
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
    readiness: Option<String>,
    fewest_requests: &'static str,
    metrics: Option<Metrics>,
    autoscaler: Option<Autoscaler>,
    backup: Option<Backup>,
    issuer: Option<Issuer>,
    host: Option<String>,
    owner: Option<String>,
}

/// When the alert fires in an environment.
#[derive(Serialize)]
pub struct Row {
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
    raised: String,
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
    s3_secret: Option<String>,
    account: String,
}

#[derive(Serialize)]
struct Issuer {
    resource: String,
    name: String,
}

/// The runbook of an alert; `None` if no environment has that alert.
pub fn page(resolved: &Resolved, alert: &'static str) -> Context {
    let with: Vec<&ResolvedProject> =
        resolved.environments.iter().filter(|project| !rows(project, alert).is_empty()).collect();
    let shown = with.iter().find(|project| name(project) == "production").or(with.last())?;
    let others = with.iter().filter(|project| name(project) != name(shown)).filter_map(|project| project.namespace());
    let subject = Subject::new(shown)?;
    Some(value(Runbook {
        alert,
        rows: with.iter().flat_map(|project| rows(project, alert)).collect(),
        namespace_line: namespace_line(&subject.namespace, &others.collect::<Vec<_>>()),
        monitoring: shown.monitoring_namespace(),
        selector: Selectors {
            project: format!("app.kubernetes.io/name={}", subject.project),
            main: format!("app.kubernetes.io/name={},app.kubernetes.io/component={}", subject.project, subject.process),
        },
        secret: shown.secret(),
        quota: subject.quota.clone(),
        readiness: shown.spec.port.map(|_| shown.spec.health.readiness.to_string()),
        fewest_requests: FEWEST_REQUESTS,
        metrics: metrics(shown),
        autoscaler: subject.most_replicas.map(|most| Autoscaler { raised: (most + most.div_ceil(2)).to_string() }),
        backup: backup(shown, &subject),
        issuer: shown
            .issuer()
            .map(|issuer| Issuer { resource: issuer.kind().to_lowercase(), name: issuer.name().to_owned() }),
        host: shown.hosts().into_iter().next(),
        owner: shown.spec.owner.as_ref().map(|owner| format!("team {}, {}", owner.team, owner.email)),
        project: subject.project,
        environment: subject.environment,
        namespace: subject.namespace,
        deployment: subject.deployment,
        process: subject.process,
    }))
}

fn name(project: &ResolvedProject) -> String {
    project.environment.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// The rows of an environment for an alert.
pub fn rows(project: &ResolvedProject, name: &str) -> Vec<Row> {
    let groups = project.alerts();
    let alerts = groups
        .iter()
        .flat_map(|group| &group.families)
        .filter(|family| family.name == name)
        .flat_map(|family| &family.alerts);
    let row = |alert: &Alert| Row {
        environment: self::name(project),
        severity: alert.severity.label(),
        when: alert.when.clone(),
        wait: alert.wait.prometheus(),
    };
    alerts.map(row).collect()
}

fn namespace_line(shown: &str, others: &[String]) -> String {
    if others.is_empty() {
        return format!("namespace={shown}");
    }
    format!("namespace={shown} # or {}; the alert's label `namespace` says which", others.join(", "))
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
