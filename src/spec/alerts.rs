//! `alerts`, `slo` and `dashboards`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::StoreKind;
use super::value::{Checked, Duration, Form, Line, Name, Ratio, ScalarOr, Whole};
use crate::text::visible;

/// How loud an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Look at it in working hours.
    Warning,
    /// Wakes somebody.
    Critical,
}

impl Severity {
    /// The value of the `severity` label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// A severity alone, or with a duration.
pub type SeverityAlert = ScalarOr<Severity, SeverityRule>;

/// An alert without a threshold.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SeverityRule {
    /// How loud it is. Example: `severity: critical`
    pub severity: Severity,
    /// How long the condition must hold. Default: see the rule. Example: `for: 5m`
    pub r#for: Option<Duration>,
}

/// Values from which on an alert fires; at least one of the two.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Threshold<T> {
    /// Value above which a warning fires. Example: `warning: 1%`
    pub warning: Option<T>,
    /// Value above which it is critical; beyond the warning's. Example: `critical: 5%`
    pub critical: Option<T>,
    /// How long the condition must hold. Default: see the rule. Example: `for: 10m`
    pub r#for: Option<Duration>,
}

/// Thresholds by quantile.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LatencyAlert {
    /// Half of the requests are faster. Example: `p50: {warning: 100ms}`
    pub p50: Option<Threshold<Duration>>,
    /// 90 % of the requests are faster. Example: `p90: {warning: 300ms}`
    pub p90: Option<Threshold<Duration>>,
    /// 95 % of the requests are faster. Example: `p95: {warning: 500ms, critical: 1s}`
    pub p95: Option<Threshold<Duration>>,
    /// 99 % of the requests are faster. Example: `p99: {critical: 2s, for: 10m}`
    pub p99: Option<Threshold<Duration>>,
}

/// What to be told of.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Alerts {
    /// No replica answers. Example: `down: critical`
    pub down: Option<SeverityAlert>,
    /// A data store does not answer. Example: `datastoreDown: critical`
    pub datastore_down: Option<DatastoreDown>,
    /// Share of requests answered with 5xx. Example: `errorRate: {warning: 1%, critical: 5%}`
    pub error_rate: Option<Threshold<Ratio>>,
    /// Duration of requests, by quantile. Example: `latency: {p95: {warning: 500ms}}`
    pub latency: Option<LatencyAlert>,
    /// Share of requests answered well; fires below. Example: `availability: {critical: 99.9%}`
    pub availability: Option<Threshold<Ratio>>,
    /// CPU use in percent of the limit. Example: `cpu: {warning: 80%}`
    pub cpu: Option<Threshold<Ratio>>,
    /// Memory use in percent of the limit. Example: `memory: {warning: 85%, critical: 95%, for: 10m}`
    pub memory: Option<Threshold<Ratio>>,
    /// Use of volumes in percent. Example: `disk: {warning: 90%}`
    pub disk: Option<Threshold<Ratio>>,
    /// A container that restarts again and again. Example: `crashLoop: critical`
    pub crash_loop: Option<SeverityAlert>,
    /// A rollout or a change of scale. Example: `rollout: info`
    pub rollout: Option<SeverityAlert>,
    /// Cost of the cloud account. Example: `cost: {budget: 1000, currency: USD, warning: 80%}`
    pub cost: Option<CostAlert>,
    /// Alerts of the application's own. Example: `custom: [{name: PaymentFailures, expr: …, for: 3m, severity: critical, summary: …}]`
    pub custom: Option<Vec<CustomAlert>>,
}

/// One severity for all stores, or a map by store.
pub type DatastoreDown = ScalarOr<Severity, BTreeMap<StoreKind, SeverityRule>>;

/// Cost of the cloud account.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CostAlert {
    /// Monthly budget in whole units of the currency. Example: `budget: 1000`
    pub budget: Whole<1, 1_000_000_000>,
    /// Currency, ISO 4217. Example: `currency: USD`
    pub currency: Line,
    /// Share of the budget from which on a warning is sent. Example: `warning: 80%`
    pub warning: Ratio,
}

/// An alert of the application's own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CustomAlert {
    /// Its name in CamelCase. Example: `name: PaymentFailures`
    pub name: AlertName,
    /// PromQL expression that holds while it fires. Example: `expr: sum(rate(payments_failed_total[5m])) > 1`
    pub expr: String,
    /// How long the condition must hold. Example: `for: 3m`
    pub r#for: Option<Duration>,
    /// How loud it is. Example: `severity: critical`
    pub severity: Severity,
    /// One sentence for the person who is woken. Example: `summary: More than 5 % of payments fail`
    pub summary: Line,
}

/// Name of an alert.
pub type AlertName = Checked<AlertNameForm>;

/// Rule of [`AlertName`].
pub enum AlertNameForm {}

impl Form for AlertNameForm {
    const NAME: &'static str = "AlertName";
    const DESCRIPTION: &'static str = "Name of an alert in CamelCase: letters and digits.";

    fn check(text: &str) -> Result<(), String> {
        let valid = (1..=80).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.chars().all(|c| c.is_ascii_alphanumeric());
        if valid {
            Ok(())
        } else {
            Err(format!(
                "\"{}\" is no name of an alert; write it in CamelCase, such as `PaymentFailures`",
                visible(text)
            ))
        }
    }
}

/// Service level objectives.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Slo {
    /// Share of requests that must succeed over 30 days. Example: `availability: 99.9%`
    pub availability: Option<Ratio>,
    /// Share of requests that may fail. Example: `errorRate: 0.1%`
    pub error_rate: Option<Ratio>,
    /// Duration of requests, by quantile. Example: `latency: {p95: 300ms}`
    pub latency: Option<LatencyObjective>,
    /// How fast people react. Example: `recovery: {mttr: 15m, response: 5m}`
    pub recovery: Option<Recovery>,
    /// Further objectives. Example: `targets: [{name: Cache hit ratio, above: 80%, expr: …}]`
    pub targets: Option<Vec<SloTarget>>,
}

/// Objectives by quantile.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LatencyObjective {
    /// Half of the requests are faster. Example: `p50: 100ms`
    pub p50: Option<Duration>,
    /// 90 % of the requests are faster. Example: `p90: 200ms`
    pub p90: Option<Duration>,
    /// 95 % of the requests are faster. Example: `p95: 300ms`
    pub p95: Option<Duration>,
    /// 99 % of the requests are faster. Example: `p99: 2s`
    pub p99: Option<Duration>,
}

/// How fast people react.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Recovery {
    /// Mean time to recovery. Example: `mttr: 15m`
    pub mttr: Option<Duration>,
    /// Time to the first response. Example: `response: 5m`
    pub response: Option<Duration>,
}

/// A further objective.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SloTarget {
    /// What it is about. Example: `name: Cache hit ratio`
    pub name: Line,
    /// Value that must not be reached. Example: `below: 100ms`
    pub below: Option<Line>,
    /// Value that must be exceeded. Example: `above: 80%`
    pub above: Option<Line>,
    /// PromQL expression of the value. Example: `expr: sum(rate(cache_hits_total[5m]))`
    pub expr: String,
    /// Whether it alerts. Default true. Example: `alert: false`
    pub alert: Option<bool>,
}

/// A Grafana dashboard.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Dashboard {
    /// Its name. `service`, `executive`, `operations`, `security` and `performance` have panels of their own. Example: `name: service`
    pub name: Name,
    /// Further panels. Example: `panels: [{title: Cache hit ratio, expr: …, unit: percentunit}]`
    pub panels: Option<Vec<Panel>>,
}

/// A panel of a dashboard.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Panel {
    /// Its title. Example: `title: Orders per minute`
    pub title: Line,
    /// PromQL expression. Example: `expr: sum(rate(orders_total[5m])) * 60`
    pub expr: String,
    /// Unit in Grafana's words. Example: `unit: short`
    pub unit: Line,
}
