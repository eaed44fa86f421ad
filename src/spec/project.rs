//! The root of a spec.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::de::Fault;
use super::document::{Node, Span};
use super::value::{Command, EnvName, HttpsUrl, Name, Port, ProjectName, SecretKey, Whole};
use super::{
    Alerts, Backup, Cost, Dashboard, Datastores, Delivery, Disruption, DocPage, DomainEntry, Edge, Health, ImageEntry,
    Job, LoadTest, Local, Logging, Metrics, Monitoring, Notify, Owner, Placement, Process, Replicas, Resources,
    Secrets, Security, Service, Shutdown, Slo, VerticalScaling, Volume,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::alternatives;

/// One project. The top level describes the main process and what all environments share.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Project {
    /// Version of the spec language. Always 1. Example: `version: 1`
    pub version: Whole<1, 1>,
    /// Name of the project; every generated object is named after it. A DNS label that begins with a letter, at most 50
    /// characters. Example: `name: orders`
    pub name: ProjectName,
    /// Profile that gives the defaults: `node`, `python`, `go`, or the path of a local one. Example: `profile: node`
    pub profile: String,
    /// Who runs the project. Example: `owner: {team: shop, email: oncall@shop.example}`
    pub owner: Option<Owner>,
    /// URL of the source repository; runbook links and image labels use it. Example: `repository: https://github.com/shop/orders`
    pub repository: Option<HttpsUrl>,
    /// Container image: its repository, or a map with how it is built. Example: `image: ghcr.io/acme/hello`
    pub image: ImageEntry,
    /// Name of the main process; container and component label use it. Default `web`. Example: `process: api`
    pub process: Name,
    /// TCP port on which the main process serves HTTP, 1024 to 65535. Without it there is no HTTP. Example: `port: 8080`
    pub port: Option<Port>,
    /// HTTP paths of the probes on `port`. Default `/livez` and `/readyz`. Example: `health: {liveness: /livez, readiness: /readyz}`
    pub health: Health,
    /// How the process is stopped. Example: `shutdown: {gracePeriod: 30s}`
    pub shutdown: Shutdown,
    /// Number of replicas, or bounds and targets of an autoscaler. Default 2. Example: `replicas: {min: 3, max: 12, cpu: 70%}`
    pub replicas: Replicas,
    /// Vertical advice by a VerticalPodAutoscaler that never acts. Example: `verticalScaling: recommend`
    pub vertical_scaling: Option<VerticalScaling>,
    /// How many replicas a node drain leaves running. Default: all but one. Example: `disruption: {minAvailable: 2}`
    pub disruption: Option<Disruption>,
    /// CPU, memory and scratch space of each replica. Example: `resources: {limits: {memory: 512Mi}}`
    pub resources: Resources,
    /// Where replicas run. Default: spread over zones and hosts. Example: `placement: {spread: [zone, host]}`
    pub placement: Placement,
    /// Volumes by name. Example: `volumes: {uploads: {path: /app/uploads, size: 50Gi, access: ReadWriteMany}}`
    pub volumes: Option<BTreeMap<Name, Volume>>,
    /// Services beside the internal one. Example: `service: {headless: true}`
    pub service: Option<Service>,
    /// Further processes of the same image, by name. Example: `processes: {worker: {command: [node, dist/worker.js]}}`
    pub processes: Option<BTreeMap<Name, Process>>,
    /// Tasks that run to an end, by name. Example: `jobs: {migrate: {command: [npm, run, migrate], when: beforeDeploy}}`
    pub jobs: Option<BTreeMap<Name, Job>>,
    /// Environment variables without secrets; every process and job gets all of them. Example: `config: {LOG_LEVEL: info}`
    pub config: Option<BTreeMap<SecretKey, String>>,
    /// Names of the secret environment variables and where their values come from. Example: `secrets: {store: kubernetes, keys: [API_KEY]}`
    pub secrets: Option<Secrets>,
    /// Databases and caches, in the cluster or external. Example: `datastores: {postgres: {mode: external, uri: DATABASE_URL}}`
    pub datastores: Option<Datastores>,
    /// Public host names, each a host or a map with its process and routes. Example: `domains: [orders.shop.example]`
    pub domains: Option<Vec<DomainEntry>>,
    /// How the public reaches the domains. Example: `edge: {controller: gateway, tls: {issuer: letsencrypt}}`
    pub edge: Edge,
    /// Where Prometheus reads the application's metrics. Example: `metrics: {port: 9464, path: /metrics}`
    pub metrics: Option<Metrics>,
    /// Form and fate of the logs. Example: `logging: {format: json}`
    pub logging: Option<Logging>,
    /// The monitoring stack. Example: `monitoring: {stack: prometheus-operator, retention: 30d}`
    pub monitoring: Option<Monitoring>,
    /// Grafana dashboards. Example: `dashboards: [{name: service}]`
    pub dashboards: Option<Vec<Dashboard>>,
    /// What to be told of, and from which value on. Example: `alerts: {errorRate: {warning: 1%, critical: 5%}}`
    pub alerts: Option<Alerts>,
    /// Service level objectives. Example: `slo: {availability: 99.9%}`
    pub slo: Option<Slo>,
    /// Backup of the data stores. Example: `backup: {schedule: "0 3 * * *", timeZone: Etc/UTC, retention: 14d, destination: s3://backups}`
    pub backup: Option<Backup>,
    /// Network policies, quota, mesh, identity. Example: `security: {networkPolicy: strict}`
    pub security: Security,
    /// Continuous integration and delivery. Example: `delivery: {provider: github, gates: [{name: lint, run: npm run lint}]}`
    pub delivery: Option<Delivery>,
    /// The local compose environment. Example: `local: {services: [prometheus]}`
    pub local: Option<Local>,
    /// Channels that alerts and deliveries report to. Example: `notify: {slack: {channel: "#ops", webhook: SLACK_WEBHOOK_URL}}`
    pub notify: Option<Notify>,
    /// Profile of a load test. Example: `loadTest: {users: 1000}`
    pub load_test: Option<LoadTest>,
    /// Monthly cost, for the cost page. Example: `cost: {currency: USD, monthly: [{item: Redis, low: 50, high: 100}]}`
    pub cost: Option<Cost>,
    /// Further pages to write. Example: `docs: [runbook, rollback]`
    pub docs: Option<Vec<DocPage>>,
    /// Kubernetes namespace; only inside an environment. Default `<name>-<environment>`. Example: `namespace: orders-staging`
    pub namespace: Option<Name>,
    /// Environments by name; each may set any key above except version, name, profile and process. Example: `environments: {production: {replicas: 3}}`
    // Environments are typed after their layer is merged; here only their names count.
    #[expect(clippy::zero_sized_map_values)]
    #[schemars(with = "Option<BTreeMap<EnvName, Project>>")]
    pub environments: Option<BTreeMap<EnvName, serde::de::IgnoredAny>>,
    /// Another profile that this one refines; only inside profiles. Example: `extends: node`
    pub extends: Option<String>,
    /// What runs in the main process, if it is not `image.start`. Example: `command: [node, dist/server.js]`
    pub command: Option<Command>,
}

/// Most faults of one document that are reported: enough for a bad day, few enough to read.
pub(super) const MOST_FAULTS: usize = 50;

/// Types a merged document.
///
/// serde ends at the first fault; the faulty node is then taken out and the rest typed again, so that one run reports
/// all faults.
///
/// # Errors
/// All faults, in the order in which they were met.
pub fn parse_project(document: &Node) -> Result<Project, Vec<Diagnostic>> {
    let mut faults = missing_keys(document);
    let mut removed: Vec<(Span, String)> = Vec::new();
    let mut rest = document.clone();
    while faults.len() < MOST_FAULTS {
        match Project::deserialize(&rest) {
            Ok(project) if faults.is_empty() => return Ok(project),
            Ok(_) => break,
            Err(fault) => {
                let span = fault.span(&rest);
                if !is_consequence(&fault, span, &removed) {
                    let finding = with_path(&fault, document);
                    if !faults.contains(&finding) {
                        faults.push(finding);
                    }
                }
                remember(&rest, span, &mut removed);
                // The key that was meant is not missing on top of it.
                if let (Some(meant), Some((map, _))) = (fault.suggested(), removed.last()) {
                    removed.push((*map, meant.to_owned()));
                }
                if !rest.remove_at(span) {
                    break;
                }
            }
        }
    }
    Err(faults)
}

/// Keys that every spec has.
const REQUIRED: [&str; 4] = ["version", "name", "profile", "image"];

/// Required keys that are missing: serde would end at the first.
fn missing_keys(document: &Node) -> Vec<Diagnostic> {
    let missing = REQUIRED.iter().filter(|key| document.get(key).is_none());
    missing.map(|key| missing_key(key, key).at(document.span)).collect()
}

fn missing_key(path: &str, key: &str) -> Diagnostic {
    let finding = Diagnostic::error(Code::MissingKey, format!("the key `{path}` is missing"));
    match key {
        "version" => finding.help("write `version: 1`"),
        "name" => finding.help("write for example `name: orders`"),
        "profile" => finding.help(format!("write `profile: …` with {}", alternatives(&crate::resolve::BUILT_IN))),
        "image" => finding.help("write for example `image: ghcr.io/shop/orders`"),
        _ => finding,
    }
}

/// The finding; a missing key with the path to where it belongs.
fn with_path(fault: &Fault, document: &Node) -> Diagnostic {
    let finding = fault.diagnostic(document);
    let (Some(key), Some(path)) = (fault.missing(), document.path_of(fault.span(document))) else {
        return finding;
    };
    let path: Vec<&str> = path.iter().map(String::as_str).chain([key]).collect();
    missing_key(&path.join("."), if path.len() == 1 { key } else { "" }).at(fault.span(document))
}

/// A key that is missing only because its faulty value was taken out.
fn is_consequence(fault: &Fault, span: Span, removed: &[(Span, String)]) -> bool {
    fault.missing().is_some_and(|key| removed.iter().any(|(map, name)| *map == span && name == key))
}

/// Notes which key of which map is about to be taken out.
fn remember(node: &Node, span: Span, removed: &mut Vec<(Span, String)>) {
    for entry in node.entries() {
        if entry.value.span == span || entry.key_span == span {
            removed.push((node.span, entry.key.clone()));
        }
        remember(&entry.value, span, removed);
    }
    if let super::document::Value::List(items) = &node.value {
        for item in items {
            remember(item, span, removed);
        }
    }
}
