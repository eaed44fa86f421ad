//! `datastores`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{Checked, Form, Line, Memory, Name, Port, SecretKey, SpecFile, Whole};
use crate::text::visible;

/// The stores of the project, at most one of a kind.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Datastores {
    /// A PostgreSQL database. Example: `postgres: {mode: external, version: "18", uri: DATABASE_URL}`
    pub postgres: Option<Datastore>,
    /// A Redis cache. Example: `redis: {version: "8", storage: 5Gi}`
    pub redis: Option<Datastore>,
    /// A MongoDB database. Example: `mongodb: {mode: external, version: "8.0", uri: MONGODB_URI}`
    pub mongodb: Option<Datastore>,
}

impl Datastores {
    /// The stores that are there, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (StoreKind, &Datastore)> {
        [(StoreKind::Postgres, &self.postgres), (StoreKind::Redis, &self.redis), (StoreKind::Mongodb, &self.mongodb)]
            .into_iter()
            .filter_map(|(kind, store)| store.as_ref().map(|store| (kind, store)))
    }
}

/// What a store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum StoreKind {
    /// PostgreSQL.
    Postgres,
    /// Redis.
    Redis,
    /// MongoDB.
    Mongodb,
}

impl StoreKind {
    /// The key under `datastores`, which names the store everywhere.
    pub fn key(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Redis => "redis",
            Self::Mongodb => "mongodb",
        }
    }

    /// The TCP port that the server listens on by default.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Postgres => 5432,
            Self::Redis => 6379,
            Self::Mongodb => 27017,
        }
    }
}

/// A version of a server.
pub type ServerVersion = Checked<ServerVersionForm>;
/// The name of a database or an extension.
pub(super) type Identifier = Checked<IdentifierForm>;

/// Rule of [`ServerVersion`].
pub enum ServerVersionForm {}
/// Rule of [`Identifier`].
pub enum IdentifierForm {}

impl Form for ServerVersionForm {
    const NAME: &'static str = "ServerVersion";
    const DESCRIPTION: &'static str = "A version in digits and points, such as \"18\" or \"8.0\".";

    fn check(text: &str) -> Result<(), String> {
        let valid = text.len() <= 20
            && text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        if valid {
            Ok(())
        } else {
            Err(format!("\"{}\" is no version; write digits and points, such as \"18\"", visible(text)))
        }
    }
}

impl Form for IdentifierForm {
    const NAME: &'static str = "Identifier";
    const DESCRIPTION: &'static str =
        "A lower-case identifier: letters, digits, underscores and hyphens, beginning with a letter.";

    fn check(text: &str) -> Result<(), String> {
        let valid = (1..=63).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-');
        if valid {
            Ok(())
        } else {
            Err(format!("\"{}\" is no identifier; use lower-case letters, digits and underscores", visible(text)))
        }
    }
}

/// One store. Which keys apply depends on `mode`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Datastore {
    /// Where it runs: in the cluster, or elsewhere (`external`). Default `cluster`. Example: `mode: external`
    pub mode: Option<StoreMode>,
    /// Version of the server, as text. Example: `version: "18"`
    pub version: ServerVersion,
    /// Secret key that holds the connection URI of an external store. Example: `uri: DATABASE_URL`
    pub uri: Option<SecretKey>,
    /// Secret key that holds the password of an external store, if it is not in the URI. Example: `password: REDIS_PASSWORD`
    pub password: Option<SecretKey>,
    /// TCP port of an external store; network policies open it. Default: the server's usual one. Example: `port: 6432`
    pub port: Option<Port>,
    /// Remark for the pages. Example: `note: "Atlas M30, 3 nodes"`
    pub note: Option<Line>,
    /// Size of the volume of each node. Example: `storage: 50Gi`
    pub storage: Option<Memory>,
    /// Storage class of the volumes. Default: the cluster's. Example: `storageClass: gp3`
    pub storage_class: Option<Name>,
    /// Name of the database. Default: the project's name with underscores. Example: `database: logistics`
    pub database: Option<Identifier>,
    /// Extensions to create (PostgreSQL). Example: `extensions: [uuid-ossp]`
    pub extensions: Option<Vec<Identifier>>,
    /// SQL file that prepares a new database. Example: `initSql: db/init.sql`
    pub init_sql: Option<SpecFile>,
    /// Connection pooler between application and database. Example: `pooler: pgbouncer`
    pub pooler: Option<Pooler>,
    /// Operator that runs it. Example: `operator: cnpg`
    pub operator: Option<Operator>,
    /// Number of nodes, 1 to 9. Default 1. Example: `instances: 3`
    pub instances: Option<Whole<1, 9>>,
    /// Whether an exporter of metrics runs beside it. Default false. Example: `exporter: true`
    pub exporter: Option<bool>,
    /// Whether it is a cluster of shards (Redis). Default false. Example: `cluster: true`
    pub cluster: Option<bool>,
    /// Memory for data (Redis), in the server's own notation. Example: `maxmemory: 256mb`
    pub maxmemory: Option<Line>,
    /// What to drop when memory is full (Redis). Example: `eviction: allkeys-lru`
    pub eviction: Option<Name>,
    /// CPU and memory of each node. Example: `resources: {requests: {cpu: 1000m, memory: 2Gi}}`
    pub resources: Option<StoreResources>,
}

/// CPU and memory of each node of a store.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StoreResources {
    /// What the scheduler reserves. Example: `requests: {cpu: 1000m, memory: 2Gi}`
    pub requests: Option<StoreResourceList>,
    /// What a node may use at most. Example: `limits: {cpu: 2000m, memory: 4Gi}`
    pub limits: Option<StoreResourceList>,
}

/// Amounts.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StoreResourceList {
    /// CPU cores or thousandths. Example: `cpu: 1000m`
    pub cpu: Option<super::value::Cpu>,
    /// Bytes of memory. Example: `memory: 2Gi`
    pub memory: Option<Memory>,
}

/// Where a store runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum StoreMode {
    /// In the cluster.
    Cluster,
    /// Elsewhere.
    External,
}

/// Operator that runs a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    /// CloudNativePG.
    Cnpg,
}

/// Connection pooler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pooler {
    /// PgBouncer.
    Pgbouncer,
}
