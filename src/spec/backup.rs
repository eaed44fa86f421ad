//! `backup`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::value::{Checked, Cron, Destination, Duration, Form, HttpsUrl, TimeZone};
use crate::text::visible;

/// Backup of the data stores.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Backup {
    /// Cron schedule of full backups. Example: `schedule: "0 3 * * *"`
    pub schedule: Cron,
    /// Time zone of all schedules. Example: `timeZone: Europe/Berlin`
    pub time_zone: TimeZone,
    /// How long backups are kept, from 1d. The newest one is never removed. Example: `retention: 14d`
    pub retention: Duration,
    /// Where they go; the environment's name becomes part of every key. Example: `destination: s3://shop-backups/orders`
    pub destination: Destination,
    /// Region of the bucket. Default `us-east-1`. Example: `region: eu-central-1`
    pub region: Option<Region>,
    /// Endpoint of an S3-compatible store other than AWS. Example: `endpoint: https://s3.example.com`
    pub endpoint: Option<HttpsUrl>,
    /// Cron schedule of incremental backups. Example: `incremental: "0 */4 * * *"`
    pub incremental: Option<Cron>,
    /// Backup of files. Example: `files: {schedule: "0 */6 * * *"}`
    pub files: Option<FilesBackup>,
    /// Second place that backups are copied to. Example: `replicateTo: {region: ap-southeast-1, destination: s3://backups-dr}`
    pub replicate_to: Option<ReplicateTo>,
    /// Cron schedule of a restore into a scratch database. Example: `restoreTest: "0 4 * * 0"`
    pub restore_test: Option<Cron>,
    /// Recovery to any moment: `true`, or `provider` if the store's provider does it. Example: `pointInTime: true`
    pub point_in_time: Option<PointInTime>,
    /// What must be reached: for all, or by kind of failure. Example: `objectives: {rpo: 5m, rto: 15m}`
    pub objectives: Option<Objectives>,
}

/// Region of object storage.
pub(super) type Region = Checked<RegionForm>;

/// Rule of [`Region`].
pub enum RegionForm {}

impl Form for RegionForm {
    const NAME: &'static str = "Region";
    const DESCRIPTION: &'static str = "Region of object storage, such as eu-central-1.";

    fn check(text: &str) -> Result<(), String> {
        let valid = (2..=40).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if valid {
            Ok(())
        } else {
            Err(format!("\"{}\" is no region; write for example `eu-central-1`", visible(text)))
        }
    }
}

/// Recovery to any moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointInTime {
    /// By continuous archiving that infragen renders.
    Archive,
    /// By the store's provider.
    Provider,
    /// Not at all.
    Off,
}

impl<'de> Deserialize<'de> for PointInTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl serde::de::Visitor<'_> for Words {
            type Value = PointInTime;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("true, false or `provider`")
            }

            fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<PointInTime, E> {
                Ok(if value { PointInTime::Archive } else { PointInTime::Off })
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<PointInTime, E> {
                match word {
                    "provider" => Ok(PointInTime::Provider),
                    other => Err(E::invalid_value(serde::de::Unexpected::Str(other), &self)),
                }
            }
        }
        deserializer.deserialize_any(Words)
    }
}

impl JsonSchema for PointInTime {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PointInTime".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"enum": [true, false, "provider"]})
    }
}

/// Backup of files.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FilesBackup {
    /// Cron schedule. Example: `schedule: "0 */6 * * *"`
    pub schedule: Cron,
}

/// Second place that backups are copied to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReplicateTo {
    /// Its region. Example: `region: ap-southeast-1`
    pub region: Region,
    /// Its bucket, another one than the destination's. Example: `destination: s3://hasivu-backups-dr`
    pub destination: Destination,
}

/// What recovery must reach.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Objectives {
    /// Data that may be lost, as time. Example: `rpo: 5m`
    pub rpo: Option<Duration>,
    /// Time until service is back. Example: `rto: 15m`
    pub rto: Option<Duration>,
    /// After a failure of the database. Example: `databaseFailure: {rto: 30m}`
    pub database_failure: Option<RecoveryObjective>,
    /// After a failure of the application. Example: `applicationFailure: {rto: 5m}`
    pub application_failure: Option<RecoveryObjective>,
    /// After a failure of nodes or a zone. Example: `infrastructureFailure: {rto: 0m}`
    pub infrastructure_failure: Option<RecoveryObjective>,
    /// After data was damaged. Example: `corruption: {rto: 1h}`
    pub corruption: Option<RecoveryObjective>,
}

/// What recovery from one kind of failure must reach.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecoveryObjective {
    /// Data that may be lost, as time. Example: `rpo: 5m`
    pub rpo: Option<Duration>,
    /// Time until service is back. Example: `rto: 30m`
    pub rto: Option<Duration>,
}
