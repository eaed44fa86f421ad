//! The backup of PostgreSQL: job, scripts, account and policy, and the script that restores.

use minijinja::Value;
use serde::Serialize;

use super::network_policy::{Policy, is_strict};
use super::pod::Metadata;
use super::value;
use crate::catalog::Context;
use crate::model::backup::{BackupPlace, JobResources, LIMITS, REQUESTS, SPOOL, STORAGE_KEYS, USER};
use crate::model::{Annotation, Labels, PolicyRule, Scanner, Waiver, annotations};
use crate::resolve::{Resolved, ResolvedProject};
use crate::spec::StoreKind;

/// The nightly job.
#[derive(Serialize)]
struct CronJob {
    #[serde(flatten)]
    metadata: Metadata,
    waivers: Vec<Annotation>,
    schedule: String,
    time_zone: String,
    account: String,
    config_map: String,
    dump_image: String,
    newer_programs: bool,
    upload_image: String,
    user: u32,
    /// Secret with the keys of the database.
    secret: String,
    uri_key: String,
    password_key: Option<String>,
    /// Secret with the keys of the object storage.
    storage_secret: String,
    /// Empty when the account has a role.
    storage_keys: Vec<&'static str>,
    #[serde(flatten)]
    place: BackupPlace,
    retention: String,
    retention_seconds: String,
    spool: &'static str,
    requests: Quantities,
    limits: Quantities,
}

/// Resources as Kubernetes writes them.
#[derive(Serialize)]
struct Quantities {
    cpu: String,
    memory: String,
    ephemeral_storage: String,
}

impl From<JobResources> for Quantities {
    fn from(resources: JobResources) -> Self {
        Self {
            cpu: format!("{}m", resources.millicores),
            memory: format!("{}Mi", resources.memory_mebibytes),
            ephemeral_storage: format!("{}Gi", resources.storage_mebibytes / 1024),
        }
    }
}

/// The `CronJob`; `None` without a backup.
pub fn cron_job(project: &ResolvedProject) -> Context {
    let postgres = project.postgres_backup()?;
    Some(value(CronJob {
        metadata: metadata(project),
        waivers: annotations(&waivers(project)),
        schedule: postgres.backup.schedule.to_string(),
        time_zone: postgres.backup.time_zone.to_string(),
        account: project.backup_account(),
        config_map: project.backup(StoreKind::Postgres),
        dump_image: postgres.dump_image(),
        newer_programs: postgres.has_newer_programs(),
        upload_image: postgres.upload_image(),
        user: USER,
        secret: project.secret(),
        uri_key: postgres.store.uri.as_ref()?.to_string(),
        password_key: postgres.store.password.as_ref().map(ToString::to_string),
        storage_secret: project.backup_secret(),
        storage_keys: if project.aws_role().is_some() { Vec::new() } else { STORAGE_KEYS.to_vec() },
        place: project.backup_place()?,
        retention: postgres.backup.retention.to_string(),
        retention_seconds: postgres.backup.retention.seconds().to_string(),
        spool: SPOOL,
        requests: REQUESTS.into(),
        limits: LIMITS.into(),
    }))
}

/// Findings of scanners about the job that are accepted.
pub fn waivers(project: &ResolvedProject) -> Vec<Waiver> {
    if project.postgres_backup().is_none() {
        return Vec::new();
    }
    vec![
        Waiver {
            tool: Scanner::Checkov,
            check: "CKV_K8S_35",
            reason: "the clients of database and storage read their credentials from environment variables",
        },
        Waiver {
            tool: Scanner::Checkov,
            check: "CKV_K8S_43",
            reason: "images of other projects are named by version, so that their rebuilds bring security fixes",
        },
        Waiver {
            tool: Scanner::Polaris,
            check: "missingNetworkPolicy",
            reason: "it wants a policy with ingress; nothing calls a backup",
        },
    ]
}

/// The account of all backups.
pub fn service_account(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Account {
        #[serde(flatten)]
        metadata: Metadata,
        aws_role: Option<String>,
    }
    project.postgres_backup()?;
    let labels = project.labels(project.name(), "backup");
    Some(value(Account { metadata: Metadata { name: project.backup_account(), labels }, aws_role: project.aws_role() }))
}

/// The policy of the job's pods.
pub fn network_policy(project: &ResolvedProject) -> Context {
    project.postgres_backup()?;
    let nobody: [PolicyRule; 0] = [];
    is_strict(project).then(|| {
        let component = project.backup_component(StoreKind::Postgres);
        value(Policy::new(project, &project.backup(StoreKind::Postgres), &component, &nobody, &project.backup_egress()))
    })
}

/// A script of the job, with the `ConfigMap` that holds it. The scripts say nothing of the spec: the job's environment does.
pub fn script(project: &ResolvedProject) -> Option<(String, Value)> {
    #[derive(Serialize)]
    struct Nothing {}
    project.postgres_backup()?;
    Some((project.backup(StoreKind::Postgres), value(Nothing {})))
}

/// The script that restores; `None` if no environment has backups.
pub fn restore_script(resolved: &Resolved) -> Context {
    #[derive(Serialize)]
    struct Script {
        project: String,
        job: String,
        places: Vec<BackupPlace>,
        environments: String,
        default_environment: String,
        missing_environment: String,
    }
    let places: Vec<BackupPlace> = resolved.environments.iter().filter_map(ResolvedProject::backup_place).collect();
    let names: Vec<&str> = places.iter().map(|place| place.environment.as_str()).collect();
    let environments = names.join(", ");
    let default_environment = match names.as_slice() {
        [] => return None,
        [only] => (*only).to_owned(),
        _ => String::new(),
    };
    Some(value(Script {
        project: resolved.base.name().to_owned(),
        job: resolved.base.backup(StoreKind::Postgres),
        missing_environment: format!("--env is needed: {environments}"),
        environments,
        default_environment,
        places,
    }))
}

fn metadata(project: &ResolvedProject) -> Metadata {
    let name = project.backup(StoreKind::Postgres);
    let labels: Labels = project.labels(&name, &project.backup_component(StoreKind::Postgres));
    Metadata { name, labels }
}
