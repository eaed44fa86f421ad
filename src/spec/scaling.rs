//! `replicas`, `verticalScaling` and `disruption`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{Checked, Duration, Form, Ratio, ScalarOr, Whole};
use crate::text::visible;

/// A fixed number, or an autoscaler.
pub type Replicas = ScalarOr<Count, Autoscaling>;

/// A number of replicas, 0 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "i64", into = "u32")]
#[schemars(with = "u32", extend("minimum" = 0, "maximum" = 1000))]
pub struct Count(u32);

impl Count {
    /// The number.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl TryFrom<i64> for Count {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        match u32::try_from(number) {
            Ok(count) if count <= 1000 => Ok(Self(count)),
            _ => Err(format!("{number} is no number of replicas from 0 to 1000")),
        }
    }
}

impl From<Count> for u32 {
    fn from(count: Count) -> Self {
        count.0
    }
}

/// Bounds and targets of an autoscaler (HorizontalPodAutoscaler).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Autoscaling {
    /// Fewest replicas, from 1. Example: `min: 3`
    pub min: Count,
    /// Most replicas, above `min`. Example: `max: 12`
    pub max: Count,
    /// Average CPU use in percent of the request that is aimed at. Default 70% if no target is given. Example: `cpu: 70%`
    pub cpu: Option<Ratio>,
    /// Average memory use in percent of the request that is aimed at. Example: `memory: 80%`
    pub memory: Option<Ratio>,
    /// Further metrics; their adapter rules are rendered. Example: `metrics: [{name: lulupay_active_builds, type: pods, target: 5}]`
    pub metrics: Option<Vec<CustomMetric>>,
    /// How fast it grows. Default: at once, doubling. Example: `scaleUp: {window: 60s, percent: 100}`
    pub scale_up: Option<ScaleRule>,
    /// How fast it shrinks. Default: 10 % a minute after 300 s. Example: `scaleDown: {window: 300s, percent: 10}`
    pub scale_down: Option<ScaleRule>,
}

/// A metric of the application that the autoscaler follows.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CustomMetric {
    /// The metric's name. Example: `name: http_requests_per_second`
    pub name: MetricName,
    /// What it is measured per. Example: `type: pods`
    pub r#type: CustomMetricType,
    /// Average value per pod that is aimed at, from 1. Example: `target: 100`
    pub target: Whole<1, 1_000_000_000>,
}

/// Name of a Prometheus metric.
pub(super) type MetricName = Checked<MetricForm>;

/// Rule of [`MetricName`].
pub enum MetricForm {}

impl Form for MetricForm {
    const NAME: &'static str = "MetricName";
    const DESCRIPTION: &'static str =
        "Name of a Prometheus metric: letters, digits and underscores, not beginning with a digit.";

    fn check(text: &str) -> Result<(), String> {
        let valid = (1..=200).contains(&text.len())
            && !text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if valid { Ok(()) } else { Err(format!("\"{}\" is no name of a Prometheus metric", visible(text))) }
    }
}

/// What a custom metric is measured per.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum CustomMetricType {
    /// Per pod of the workload.
    Pods,
}

/// Speed of scaling in one direction.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ScaleRule {
    /// How long the metric must ask for it, 0s to 3600s. Example: `window: 300s`
    pub window: Duration,
    /// Change per minute in percent of the present number, 1 to 1000. Example: `percent: 10`
    pub percent: Whole<1, 1000>,
}

/// Vertical advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum VerticalScaling {
    /// A VerticalPodAutoscaler that only advises, so that it cannot fight the horizontal one.
    Recommend,
}

/// How many replicas a node drain leaves running; one of the two keys.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Disruption {
    /// Replicas that stay, below the fewest that run. Example: `minAvailable: 2`
    pub min_available: Option<Count>,
    /// Replicas that may be away, from 1. Default 1. Example: `maxUnavailable: 1`
    pub max_unavailable: Option<Count>,
}
