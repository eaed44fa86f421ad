//! The page of what must exist before the first deployment, computed from the objects of every environment.

use serde::Serialize;

use super::value;
use crate::catalog::Context;
use crate::model::backup::RCLONE_VERSION;
use crate::model::{RequiredSecret, Requirement};
use crate::resolve::{Resolved, ResolvedProject};
use crate::spec::StoreKind;

/// The page.
#[derive(Serialize)]
struct Prerequisites {
    project: String,
    programs: Vec<Program>,
    requirements: Vec<Requirement>,
    environments: Vec<Environment>,
    /// Whether the image's package must be readable without credentials.
    public_image: Option<String>,
    /// The registry that the workflows need credentials for.
    registry: Option<String>,
}

/// A program on the machine of whoever operates the project.
#[derive(Serialize)]
struct Program {
    name: &'static str,
    version: String,
    purpose: &'static str,
}

/// What one environment needs.
#[derive(Serialize)]
struct Environment {
    name: String,
    namespace: String,
    secrets: Vec<RequiredSecret>,
    hosts: Vec<String>,
    gateway: String,
    bucket: Option<Bucket>,
    /// Whether a reviewer must agree to its deployments.
    approval: bool,
}

/// Where an environment's backups go.
#[derive(Serialize)]
struct Bucket {
    name: String,
    /// The `CronJob`.
    job: String,
    endpoint: Option<String>,
    /// What keys begin with, up to the last slash.
    folder: String,
    /// The role that has the rights, if not a user with a key.
    role: Option<String>,
}

/// The page.
pub fn page(resolved: &Resolved) -> Context {
    let mut requirements: Vec<Requirement> = Vec::new();
    for requirement in resolved.environments.iter().flat_map(ResolvedProject::requirements) {
        if !requirements.contains(&requirement) {
            requirements.push(requirement);
        }
    }
    Some(value(Prerequisites {
        registry: super::workflow::foreign_registry(&resolved.base),
        project: resolved.base.name().to_owned(),
        programs: programs(resolved),
        requirements,
        environments: resolved.environments.iter().filter_map(environment).collect(),
        public_image: resolved
            .base
            .image()
            .filter(|image| image.pull_secret.is_none())
            .map(|image| image.repository.to_string()),
    }))
}

fn programs(resolved: &Resolved) -> Vec<Program> {
    let program = |name, version: &str, purpose| Program { name, version: version.to_owned(), purpose };
    let mut programs = vec![
        program("kubectl", "1.35 or newer", "all commands below; it contains kustomize"),
        program("gh", "2", "the settings of the repository"),
    ];
    if let Some(postgres) = resolved.environments.iter().find_map(ResolvedProject::postgres_backup) {
        let version = format!("{} or newer", postgres.major_version());
        programs.push(program("pg_restore and psql", &version, "scripts/restore-postgres.sh"));
        programs.push(program("rclone", &format!("{RCLONE_VERSION} or newer"), "scripts/restore-postgres.sh"));
    }
    programs
}

fn environment(project: &ResolvedProject) -> Option<Environment> {
    Some(Environment {
        name: project.environment.as_ref()?.to_string(),
        namespace: project.namespace()?,
        secrets: project.required_secrets(),
        hosts: project.hosts(),
        gateway: project.name().to_owned(),
        bucket: bucket(project),
        approval: project.needs_approval(),
    })
}

fn bucket(project: &ResolvedProject) -> Option<Bucket> {
    let backup = project.postgres_backup()?.backup;
    let place = project.backup_place()?;
    let prefix = backup.destination.prefix();
    let slash = if prefix.is_empty() { "" } else { "/" };
    Some(Bucket {
        name: backup.destination.bucket().to_owned(),
        job: project.backup(StoreKind::Postgres),
        endpoint: backup.endpoint.as_ref().map(ToString::to_string),
        folder: format!("{prefix}{slash}{}/postgres/", place.environment),
        role: project.aws_role(),
    })
}
