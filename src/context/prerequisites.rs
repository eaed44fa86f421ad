//! The page of what must exist before the first deployment, computed from the objects of every environment.

use serde::Serialize;

use super::{choice, deployer, value};
use crate::catalog::Context;
use crate::model::backup::RCLONE_VERSION;
use crate::model::{Issuer, RequiredSecret, Requirement, SECRET_FOLDER, SecretUse, Start, shortened};
use crate::resolve::{Resolved, ResolvedProject};
use crate::spec::{NetworkPolicyMode, StoreKind};

/// The page.
#[derive(Serialize)]
struct Prerequisites {
    project: String,
    programs: Vec<Program>,
    requirements: Vec<Requirement>,
    environments: Vec<Environment>,
    has_secrets: bool,
    /// Namespaces in which pods may ask only the DNS pods of the cluster for names.
    restricted: String,
    /// Whether something follows the first deployment.
    has_afterwards: bool,
    public_image: Option<PublicImage>,
    /// The registry that the workflows need credentials for.
    registry: Option<String>,
    /// The account that deploys.
    deployer: String,
    /// What it may do.
    rules: Vec<deployer::Rule>,
    /// All namespaces.
    namespaces: String,
    edge: Option<Edge>,
    monitoring: Option<Monitoring>,
}

/// A program on the machine of whoever operates the project.
#[derive(Serialize)]
struct Program {
    name: &'static str,
    version: String,
    purpose: &'static str,
}

/// An image that nodes pull without credentials.
#[derive(Serialize)]
struct PublicImage {
    repository: String,
    /// Whether it is a package on GitHub.
    on_github: bool,
}

/// That some environment has public hosts.
#[derive(Serialize)]
struct Edge {
    /// Whether a deployment waits for them to answer.
    waits: bool,
}

/// What Prometheus is given.
#[derive(Serialize)]
struct Monitoring {
    namespace: String,
    config_map: String,
    rules_config_map: String,
    /// Names of the files with rules.
    rules: Vec<String>,
}

/// What one environment needs.
#[derive(Serialize)]
struct Environment {
    name: String,
    namespace: String,
    secrets: Vec<RequiredSecret>,
    /// The folder of the application's secrets, if they are files.
    secret_files: Option<&'static str>,
    hosts: Vec<String>,
    gateway: String,
    /// The ClusterIssuer that signs, if the Issuer is not rendered.
    cluster_issuer: Option<String>,
    bucket: Option<Bucket>,
    /// Whether a reviewer must agree to its deployments.
    approval: bool,
    start: Trigger,
}

/// What starts a deployment.
#[derive(Serialize)]
struct Trigger {
    /// `branch`, `tag`, `release` or `hand`.
    kind: &'static str,
    /// Name or pattern of the branch or tag.
    pattern: String,
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
    let environments: Vec<Environment> = resolved.environments.iter().filter_map(environment).collect();
    let restricted: Vec<String> = resolved
        .environments
        .iter()
        .filter(|project| is_strict(project))
        .filter_map(ResolvedProject::namespace)
        .collect();
    let monitoring = monitoring(resolved);
    Some(value(Prerequisites {
        project: resolved.base.name().to_owned(),
        programs: programs(resolved),
        requirements: requirements(resolved),
        has_secrets: environments.iter().any(|environment| !environment.secrets.is_empty()),
        has_afterwards: monitoring.is_some() || environments.iter().any(|environment| environment.bucket.is_some()),
        edge: edge(resolved),
        namespaces: environments.iter().map(|environment| environment.namespace.as_str()).collect::<Vec<_>>().join(" "),
        environments,
        restricted: restricted.join(" "),
        public_image: public_image(&resolved.base),
        registry: super::workflow::foreign_registry(&resolved.base),
        deployer: shortened(&format!("{}-deployer", resolved.base.name()), 63),
        rules: deployer::rules(&resolved.environments),
        monitoring,
    }))
}

fn edge(resolved: &Resolved) -> Option<Edge> {
    let has = |has: fn(&ResolvedProject) -> bool| resolved.environments.iter().any(has);
    has(|project| !project.hosts().is_empty()).then(|| Edge { waits: has(|project| !project.health_urls().is_empty()) })
}

fn is_strict(project: &ResolvedProject) -> bool {
    project.spec.security.network_policy == NetworkPolicyMode::Strict
}

/// What some environment needs, each once, with all that needs it.
fn requirements(resolved: &Resolved) -> Vec<Requirement> {
    let mut found: Vec<Requirement> = Vec::new();
    for requirement in resolved.environments.iter().flat_map(ResolvedProject::requirements) {
        match found.iter_mut().find(|other| other.what == requirement.what) {
            Some(same) if same.needed_by.contains(&requirement.needed_by) => {}
            Some(same) => same.needed_by = format!("{}, {}", same.needed_by, requirement.needed_by),
            None => found.push(requirement),
        }
    }
    found
}

fn programs(resolved: &Resolved) -> Vec<Program> {
    let program = |name, version: &str, purpose| Program { name, version: version.to_owned(), purpose };
    let mut programs = vec![
        program("kubectl", "1.35 or newer", "the commands of all pages; it contains kustomize"),
        program("infragen", "that of the project", "rendering"),
        program("gh", "2", "the settings of the repository"),
    ];
    if resolved.environments.iter().any(|project| project.issuer().is_some()) {
        programs.push(program("cmctl", "2", "the runbooks of certificates"));
    }
    if monitoring(resolved).is_some() {
        programs.push(program("promtool", "3", "checks of `monitoring/prometheus`"));
    }
    if let Some(postgres) = resolved.environments.iter().find_map(ResolvedProject::postgres_backup) {
        let version = format!("{} or newer", postgres.major_version());
        programs.push(program("pg_restore and psql", &version, "`scripts/restore-postgres.sh`"));
        programs.push(program("rclone", &format!("{RCLONE_VERSION} or newer"), "`scripts/restore-postgres.sh`"));
    }
    programs
}

fn public_image(project: &ResolvedProject) -> Option<PublicImage> {
    let image = project.image().filter(|image| image.pull_secret.is_none())?;
    let on_github = super::workflow::foreign_registry(project).is_none();
    Some(PublicImage { repository: image.repository.to_string(), on_github })
}

/// What Prometheus is given; `None` if nothing is scraped.
fn monitoring(resolved: &Resolved) -> Option<Monitoring> {
    let with_rules = resolved.alerting().into_iter().filter(|alerting| !alerting.groups.is_empty());
    let rules: Vec<String> = with_rules.map(|alerting| format!("{}.yaml", alerting.environment)).collect();
    let is_scraped = resolved.environments.iter().any(|project| project.spec.metrics.is_some());
    (is_scraped || !rules.is_empty()).then(|| Monitoring {
        namespace: resolved.base.monitoring_namespace(),
        config_map: format!("{}-prometheus", resolved.base.name()),
        rules_config_map: format!("{}-prometheus-rules", resolved.base.name()),
        rules,
    })
}

fn environment(project: &ResolvedProject) -> Option<Environment> {
    Some(Environment {
        name: choice::name(project)?,
        namespace: project.namespace()?,
        secrets: project.required_secrets(),
        secret_files: match project.secret_use() {
            SecretUse::Files(keys) if !keys.is_empty() => Some(SECRET_FOLDER),
            _ => None,
        },
        hosts: project.hosts(),
        gateway: project.name().to_owned(),
        cluster_issuer: project.issuer().and_then(|issuer| match issuer {
            Issuer::Existing { name } => Some(name),
            Issuer::LetsEncrypt { .. } => None,
        }),
        bucket: bucket(project),
        approval: project.needs_approval(),
        start: trigger(project.start()),
    })
}

fn trigger(start: Start) -> Trigger {
    let (kind, pattern) = match start {
        Start::Branch(branch) => ("branch", branch),
        Start::Tag(tag) => ("tag", tag),
        Start::Release => ("release", String::new()),
        Start::Hand => ("hand", String::new()),
    };
    Trigger { kind, pattern }
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
