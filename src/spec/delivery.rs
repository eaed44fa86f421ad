//! `delivery`: continuous integration and delivery.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::StoreKind;
use super::value::{Checked, Duration, Form, Line, Name, Ratio};
use crate::text::visible;

/// Continuous integration and delivery.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Delivery {
    /// What runs the workflows. Default `github`. Example: `provider: github`
    pub provider: Option<Provider>,
    /// Time limit of a job that builds or tests, 1m to 6h. Default 30m. Example: `timeout: 10m`
    pub timeout: Option<Duration>,
    /// Checks that a change must pass, in order. Example: `gates: [{name: lint, run: npm run lint}]`
    pub gates: Option<Vec<Gate>>,
    /// Scanners. The image is always scanned. Example: `scan: {image: trivy}`
    pub scan: Option<Scan>,
    /// How image tags are made besides the digest: `semver` from git tags. Example: `tags: semver`
    pub tags: Option<Tags>,
    /// Whether a person may start a deployment. Default false. Example: `dispatch: true`
    pub dispatch: Option<bool>,
    /// Whether each pull request gets a namespace of its own. Default false. Example: `preview: true`
    pub preview: Option<bool>,
    /// Whether Dependabot proposes updates. Default true. Example: `dependabot: true`
    pub dependabot: Option<bool>,
    /// What is checked after a deployment. Default `[health]`. Example: `verify: [health]`
    pub verify: Option<Vec<Verification>>,
    /// Ways back. Default: both; a stated map names those that are wanted. Example: `rollback: {automatic: true, manual: true}`
    pub rollback: Option<Rollback>,
    /// Channels of `notify` that hear of deployments. Example: `notify: [slack]`
    pub notify: Option<Vec<NotifyChannel>>,
    /// What starts the deployment of an environment. Default: a person who chooses it. Example: `trigger: {branch: main}`
    pub trigger: Option<Trigger>,
    /// Whether a person must agree to the deployment of an environment. Example: `approval: required`
    pub approval: Option<Approval>,
    /// How an environment gets a new version. Default `rolling`. Example: `strategy: rolling`
    pub strategy: Option<Strategy>,
}

/// What runs the workflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// GitHub Actions.
    Github,
}

/// A check that a change must pass: a command or scanners.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Gate {
    /// Its name, a DNS label; the job is called so. Example: `name: unit`
    pub name: Name,
    /// Command, run by a shell. Example: `run: npm test -- --coverage`
    pub run: Option<Line>,
    /// Stores that run beside it. Example: `services: [postgres]`
    pub services: Option<Vec<DatastoreService>>,
    /// Share of lines that tests must cover. Example: `coverage: 80%`
    pub coverage: Option<Ratio>,
    /// Scanners that run instead of a command. Example: `scan: [trivy]`
    pub scan: Option<Vec<Scanner>>,
}

/// A store that runs beside a gate.
pub type DatastoreService = StoreKind;

/// A scanner of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scanner {
    /// Trivy.
    Trivy,
    /// Snyk.
    Snyk,
    /// npm audit.
    NpmAudit,
}

/// Scanners.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Scan {
    /// Scanner of the image. Example: `image: trivy`
    pub image: Option<ImageScanner>,
    /// Scanner of the dependencies. Example: `dependencies: npm-audit`
    pub dependencies: Option<DependencyScanner>,
}

/// Scanner of images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImageScanner {
    /// Trivy.
    Trivy,
}

/// Scanner of dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DependencyScanner {
    /// npm audit.
    NpmAudit,
    /// Snyk.
    Snyk,
}

/// How image tags are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tags {
    /// From git tags `vX.Y.Z`.
    Semver,
}

/// What is checked after a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verification {
    /// The health paths answer on the public hosts.
    Health,
    /// They answer fast enough.
    Latency,
    /// Security headers are sent.
    Headers,
    /// The certificate is valid.
    Certificate,
    /// The database answers.
    Database,
    /// The cache answers.
    Cache,
    /// Prometheus sees the targets.
    Metrics,
    /// A recent backup exists.
    Backup,
}

/// Ways back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rollback {
    /// Whether a failed deployment is undone by itself. Default false. Example: `automatic: true`
    pub automatic: Option<bool>,
    /// Whether a person may roll back to a revision. Default false. Example: `manual: true`
    pub manual: Option<bool>,
    /// Values that undo a deployment during its watch. Example: `thresholds: {errorRate: 5%, latency: 2s}`
    pub thresholds: Option<RollbackThresholds>,
}

/// Values that undo a deployment.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RollbackThresholds {
    /// Share of requests answered with 5xx. Example: `errorRate: 5%`
    pub error_rate: Option<Ratio>,
    /// Duration of requests. Example: `latency: 2s`
    pub latency: Option<Duration>,
}

/// A channel of `notify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NotifyChannel {
    /// Slack.
    Slack,
    /// E-mail.
    Email,
}

/// What starts the deployment of an environment; one of the three keys.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Trigger {
    /// A push to this branch. Example: `branch: main`
    pub branch: Option<GitRef>,
    /// A push of a tag that matches this pattern. Example: `tag: "v*.*.*"`
    pub tag: Option<GitRef>,
    /// A published release. Example: `release: true`
    pub release: Option<bool>,
}

/// A branch or tag, or a pattern of them.
pub(super) type GitRef = Checked<GitRefForm>;

/// Rule of [`GitRef`].
pub enum GitRefForm {}

impl Form for GitRefForm {
    const NAME: &'static str = "GitRef";
    const DESCRIPTION: &'static str = "A branch or tag, or a pattern of them, such as main or v*.*.*.";

    fn check(text: &str) -> Result<(), String> {
        let valid = (1..=200).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "-._/*".contains(c))
            && !text.starts_with(['-', '/', '.'])
            && !text.ends_with(['/', '.'])
            && !text.contains("..");
        if valid { Ok(()) } else { Err(format!("\"{}\" is no branch or tag", visible(text))) }
    }
}

/// Whether a person must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Approval {
    /// A reviewer of the GitHub environment must agree.
    Required,
}

/// How an environment gets a new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Strategy {
    /// Replica by replica.
    Rolling,
    /// A second set, then a switch.
    BlueGreen,
    /// A growing share of the traffic.
    Canary,
}
