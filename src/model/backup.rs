//! Backup of data stores: which one, from where to where, by which programs.

use serde::Serialize;

use super::network::{Peer, PolicyRule};
use crate::resolve::ResolvedProject;
use crate::spec::value::{HttpsUrl, Port};
use crate::spec::{Backup, Datastore, StoreKind, StoreMode};

/// The user of backup pods: above 10000, so that it is nobody on the node.
pub const USER: u32 = 10001;
/// What each container of a backup reserves; the containers run one after the other.
pub const REQUESTS: JobResources = JobResources { millicores: 100, memory_mebibytes: 128, storage_mebibytes: 1024 };
/// What each container of a backup may use. The storage is that of the spool and a gibibyte for logs.
pub const LIMITS: JobResources = JobResources { millicores: 1000, memory_mebibytes: 512, storage_mebibytes: 11 * 1024 };
/// The largest dump.
pub const SPOOL: &str = "10Gi";
/// Keys of the Secret with the credentials of the object storage.
pub const STORAGE_KEYS: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
/// rclone, whose official images carry its releases' numbers.
pub const RCLONE_VERSION: &str = "1.75.1";
/// Oldest PostgreSQL that has images on Debian 13; its programs dump older servers too.
const OLDEST_POSTGRES: u32 = 14;

/// Resources of a container.
#[derive(Debug, Clone, Copy)]
pub struct JobResources {
    /// CPU in thousandths of a core.
    pub millicores: u64,
    /// Memory in MiB.
    pub memory_mebibytes: u64,
    /// Scratch space in MiB.
    pub storage_mebibytes: u64,
}

/// The backup of an external PostgreSQL database in one environment.
#[derive(Debug, Clone, Copy)]
pub struct PostgresBackup<'a> {
    /// The store.
    pub store: &'a Datastore,
    /// Schedule, retention and destination.
    pub backup: &'a Backup,
}

/// Where the dumps of an environment are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupPlace {
    /// The environment; `base` for the base, which is never applied.
    pub environment: String,
    /// Bucket and prefix, `s3://bucket/prefix`.
    pub destination: String,
    /// Region of the bucket; empty if the spec names none.
    pub region: String,
    /// URL of a store other than AWS; empty for AWS.
    pub endpoint: String,
}

impl ResolvedProject {
    /// The backup of PostgreSQL that is rendered; `None` without `backup` or without an external database.
    pub fn postgres_backup(&self) -> Option<PostgresBackup<'_>> {
        let backup = self.spec.backup.as_ref()?;
        let store = self.spec.datastores.as_ref()?.postgres.as_ref()?;
        (store.mode == Some(StoreMode::External)).then_some(PostgresBackup { store, backup })
    }

    /// Stores that `backup` covers and for which no backup is rendered yet. A cache needs none beside a database.
    pub fn stores_without_backup(&self) -> Vec<StoreKind> {
        if self.spec.backup.is_none() {
            return Vec::new();
        }
        let has_dump = self.postgres_backup().is_some();
        let stores = self.spec.datastores.iter().flat_map(crate::spec::Datastores::iter);
        stores
            .map(|(kind, _)| kind)
            .filter(|kind| match kind {
                StoreKind::Postgres | StoreKind::Redis => !has_dump,
                StoreKind::Mongodb => true,
            })
            .collect()
    }

    /// The component label of a store's backup.
    pub fn backup_component(&self, store: StoreKind) -> String {
        format!("backup-{}", store.key())
    }

    /// The AWS role of the pods; with it they need no credentials.
    pub fn aws_role(&self) -> Option<String> {
        let account = self.spec.security.service_account.as_ref()?;
        account.aws_role.as_ref().map(ToString::to_string)
    }

    /// Where the environment's dumps are; `None` without a backup.
    pub fn backup_place(&self) -> Option<BackupPlace> {
        let backup = self.postgres_backup()?.backup;
        Some(BackupPlace {
            environment: self.environment.as_ref().map_or_else(|| "base".to_owned(), ToString::to_string),
            destination: backup.destination.to_string(),
            region: backup.region.as_ref().map(ToString::to_string).unwrap_or_default(),
            endpoint: backup.endpoint.as_ref().map(ToString::to_string).unwrap_or_default(),
        })
    }

    /// What the backup of PostgreSQL may call; nothing may call it.
    pub fn backup_egress(&self) -> Vec<PolicyRule> {
        let Some(PostgresBackup { store, backup }) = self.postgres_backup() else {
            return Vec::new();
        };
        let port = store.port.map_or(StoreKind::Postgres.default_port(), Port::number);
        // A store of one's own often has a private address.
        let (why, peer, storage_port) = match &backup.endpoint {
            Some(endpoint) => {
                ("the object storage, whose address only its URL knows", Peer::Anywhere, port_of(endpoint))
            }
            None => ("the object storage, at public addresses", Peer::Internet, 443),
        };
        vec![
            PolicyRule::new("names, answered by the cluster's DNS", Peer::Dns, vec!["53".to_owned()]),
            PolicyRule::new("the database, whose address only its URI knows", Peer::Anywhere, vec![port.to_string()]),
            PolicyRule::new(why, peer, vec![storage_port.to_string()]),
        ]
    }
}

impl PostgresBackup<'_> {
    /// The image with `pg_dump` of the server's major version, in its newest release.
    pub fn dump_image(&self) -> String {
        format!("docker.io/library/postgres:{}-trixie", self.major_version())
    }

    /// The major version of the programs that dump and restore.
    pub fn major_version(&self) -> u32 {
        self.server_version().max(OLDEST_POSTGRES)
    }

    /// Whether the programs are newer than the server.
    pub fn has_newer_programs(&self) -> bool {
        self.server_version() < OLDEST_POSTGRES
    }

    fn server_version(&self) -> u32 {
        let major = self.store.version.as_str().split('.').next().and_then(|major| major.parse().ok());
        major.unwrap_or(OLDEST_POSTGRES)
    }

    /// The image that uploads.
    pub fn upload_image(&self) -> String {
        format!("docker.io/rclone/rclone:{RCLONE_VERSION}")
    }
}

/// The TCP port of a URL: the one that it names, or that of HTTPS.
fn port_of(url: &HttpsUrl) -> u16 {
    let rest = url.as_str().trim_start_matches("https://");
    let authority = rest.split('/').next().unwrap_or(rest);
    authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(443)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_without_a_port_is_https() {
        let port = |url: &str| port_of(&HttpsUrl::new(url).unwrap());
        assert_eq!(port("https://s3.shop.example"), 443);
        assert_eq!(port("https://s3.shop.example:9000/store"), 9000);
    }
}
