//! `processes`, `jobs`, `volumes`, `service` and what every process has: health, shutdown, resources, placement.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scaling::Replicas;
use super::value::{
    AbsolutePath, Cidr, Command, Cpu, Cron, Duration, HttpPath, LabelKey, LabelValue, Memory, Name, Port, TimeZone,
};

/// HTTP paths of the probes. Liveness and readiness must differ: one restarts, the other only takes traffic away.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Health {
    /// Path that answers 2xx as long as the process itself works. Default `/livez`. Example: `liveness: /livez`
    pub liveness: HttpPath,
    /// Path that answers 2xx while the process can take traffic. Default `/readyz`. Example: `readiness: /readyz`
    pub readiness: HttpPath,
    /// Path that answers 2xx once the process has started. Default: the liveness path. Example: `startup: /livez`
    pub startup: Option<HttpPath>,
}

/// How a process is stopped.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Shutdown {
    /// Time from the stop signal to the kill, at least 10 s, of which 5 s pass before the signal so that traffic has
    /// ended. Default 30s. Example: `gracePeriod: 60s`
    pub grace_period: Duration,
}

/// CPU, memory and scratch space of one replica.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Resources {
    /// What the scheduler reserves. Example: `requests: {cpu: 250m, memory: 256Mi}`
    pub requests: ResourceList,
    /// What the replica may use at most. Example: `limits: {cpu: 1000m, memory: 512Mi}`
    pub limits: ResourceList,
}

/// Amounts of the three resources.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ResourceList {
    /// CPU cores or thousandths. Example: `cpu: 250m`
    pub cpu: Cpu,
    /// Bytes of memory. Example: `memory: 256Mi`
    pub memory: Memory,
    /// Bytes of scratch space on the node: logs, emptyDir volumes, the writable layer. Example: `ephemeralStorage: 128Mi`
    pub ephemeral_storage: Memory,
}

/// Where replicas run.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Placement {
    /// Failure domains that replicas are spread over. Default `[zone, host]`. Example: `spread: [zone, host]`
    pub spread: Vec<Spread>,
    /// Labels that a node must have. Example: `nodeLabels: {workload: general}`
    pub node_labels: Option<BTreeMap<LabelKey, LabelValue>>,
    /// Storage class of volumes that name none. Example: `storageClass: gp3`
    pub storage_class: Option<Name>,
}

/// A failure domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Spread {
    /// Zones of the provider (`topology.kubernetes.io/zone`).
    Zone,
    /// Single machines (`kubernetes.io/hostname`).
    Host,
}

/// A volume of the processes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Volume {
    /// Where it is mounted, absolute. Example: `path: /app/uploads`
    pub path: AbsolutePath,
    /// Its size in bytes. Example: `size: 50Gi`
    pub size: Memory,
    /// Who may mount it at once; several replicas need `ReadWriteMany`. Default `ReadWriteOnce`. Example: `access: ReadWriteMany`
    pub access: Option<VolumeAccess>,
    /// Storage class. Default: the cluster's. Example: `storageClass: efs`
    pub storage_class: Option<Name>,
    /// Scratch space that ends with the pod, instead of a claim. Default false. Example: `emptyDir: true`
    pub empty_dir: Option<bool>,
    /// Processes that mount it. Default: the main process. Example: `processes: [web, assets]`
    pub processes: Option<Vec<Name>>,
}

/// Access mode of a volume, in Kubernetes' words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum VolumeAccess {
    /// One node at a time.
    ReadWriteOnce,
    /// One pod at a time.
    ReadWriteOncePod,
    /// Many nodes, reading.
    ReadOnlyMany,
    /// Many nodes, reading and writing.
    ReadWriteMany,
}

/// Services beside the internal one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Service {
    /// A Service of type LoadBalancer. Example: `loadBalancer: {class: aws-nlb, internal: true}`
    pub load_balancer: Option<LoadBalancer>,
    /// A headless Service `<name>-headless`. Default false. Example: `headless: true`
    pub headless: Option<bool>,
    /// A Service `<name>-health` for health paths only. Default false. Example: `health: true`
    pub health: Option<bool>,
}

/// A Service of type LoadBalancer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LoadBalancer {
    /// Which balancer the cluster offers. Example: `class: aws-nlb`
    pub class: LoadBalancerClass,
    /// Whether it has only private addresses. Default true for `aws-nlb`. Example: `internal: true`
    pub internal: Option<bool>,
    /// Address ranges that may connect. Example: `sourceRanges: [10.0.0.0/8]`
    pub source_ranges: Option<Vec<Cidr>>,
    /// Whether a client stays with one replica. Example: `sessionAffinity: clientIP`
    pub session_affinity: Option<SessionAffinity>,
}

/// Which load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LoadBalancerClass {
    /// The cluster's default.
    Default,
    /// A network load balancer of the AWS load balancer controller.
    AwsNlb,
}

/// Whether a client stays with one replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum SessionAffinity {
    /// By the client's address.
    #[serde(rename = "clientIP")]
    ClientIp,
    /// Not at all.
    #[serde(rename = "none")]
    None,
}

/// A further process of the same image.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Process {
    /// What runs, under the image's init. Example: `command: [node, dist/worker.js]`
    pub command: Command,
    /// TCP port on which it serves HTTP, 1024 to 65535. Without it there is no HTTP. Example: `port: 8080`
    pub port: Option<Port>,
    /// Whether it keeps connections open for long. Default false. Example: `websocket: true`
    pub websocket: Option<bool>,
    /// Whether a client stays with one replica. Example: `sessionAffinity: clientIP`
    pub session_affinity: Option<SessionAffinity>,
    /// Replicas, as at the top level. Default 2. Example: `replicas: 2`
    pub replicas: Option<Replicas>,
    /// Resources; default: those of the top level. Example: `resources: {limits: {memory: 256Mi}}`
    pub resources: Option<Resources>,
    /// Probe paths; default: those of the top level. Example: `health: {liveness: /livez, readiness: /readyz}`
    pub health: Option<Health>,
}

/// A task that runs to an end.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Job {
    /// What runs, under the image's init. Example: `command: [npm, run, migrate]`
    pub command: Command,
    /// What undoes it; the runbook names it, nothing runs it by itself. Example: `rollback: [npm, run, "migrate:down"]`
    pub rollback: Option<Command>,
    /// When it runs, if not on a schedule. Example: `when: beforeDeploy`
    pub when: Option<JobMoment>,
    /// Cron schedule on which it runs; needs `timeZone`. Example: `schedule: "15 3 * * 0"`
    pub schedule: Option<Cron>,
    /// Time zone of the schedule. Example: `timeZone: Asia/Kolkata`
    pub time_zone: Option<TimeZone>,
    /// Store whose own tools it runs with, instead of the application's image. Example: `datastore: postgres`
    pub datastore: Option<super::StoreKind>,
}

/// When a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum JobMoment {
    /// Before each deployment, which waits for it.
    BeforeDeploy,
}
