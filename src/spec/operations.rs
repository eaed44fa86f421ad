//! What people and tools around the project need: owner, metrics, logging, monitoring, notify, local, cost, docs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Severity;
use super::edge::EmailAddress;
use super::value::{Duration, Host, HttpPath, Line, Memory, Name, Port, SecretKey, Whole};

/// Who runs the project.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Owner {
    /// Name of the team. Example: `team: shop`
    pub team: Line,
    /// Address that reaches it. Example: `email: oncall@shop.example`
    pub email: EmailAddress,
    /// Further people, for the pages. Example: `contacts: [{role: DevOps lead, reach: devops@shop.example}]`
    pub contacts: Option<Vec<Contact>>,
}

/// A person or group.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Contact {
    /// What they do. Example: `role: DevOps lead`
    pub role: Line,
    /// How to reach them. Example: `reach: devops@shop.example`
    pub reach: Line,
}

/// Where Prometheus reads the application's metrics.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Metrics {
    /// TCP port; may be the process's own. Example: `port: 9464`
    pub port: Port,
    /// Path. Default `/metrics`. Example: `path: /metrics`
    pub path: Option<HttpPath>,
}

/// Form and fate of the logs.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Logging {
    /// Form of a line; the processes get it as LOG_FORMAT. Example: `format: json`
    pub format: Option<LogFormat>,
    /// Where lines are collected. Example: `stack: loki`
    pub stack: Option<LogStack>,
    /// How long they are kept. Example: `retention: {app: 14d}`
    pub retention: Option<LogRetention>,
}

/// Form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
}

/// Where log lines are collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogStack {
    /// Grafana Loki.
    Loki,
    /// Elasticsearch, Logstash, Kibana.
    Elk,
}

/// How long logs are kept.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LogRetention {
    /// Logs of the application. Example: `app: 14d`
    pub app: Option<Duration>,
    /// Audit logs. Example: `audit: 2555d`
    pub audit: Option<Duration>,
}

/// The monitoring stack.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Monitoring {
    /// What runs Prometheus. Example: `stack: prometheus-operator`
    pub stack: Option<MonitoringStack>,
    /// Namespace of Prometheus. Default `monitoring`. Example: `namespace: observability`
    pub namespace: Option<Name>,
    /// How long metrics are kept. Example: `retention: 30d`
    pub retention: Option<Duration>,
    /// Size of Prometheus' volume. Example: `storage: 100Gi`
    pub storage: Option<Memory>,
    /// Public host of Grafana. Example: `grafanaHost: grafana.hasivu.com`
    pub grafana_host: Option<Host>,
    /// Whether the nodes' exporter is rendered. Default false. Example: `nodeExporter: true`
    pub node_exporter: Option<bool>,
}

/// What runs Prometheus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MonitoringStack {
    /// A Prometheus that reads the rendered configuration file.
    Prometheus,
    /// The Prometheus Operator.
    PrometheusOperator,
}

/// The local compose environment.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Local {
    /// Services beside the application and its stores. Example: `services: [prometheus, grafana]`
    pub services: Vec<LocalService>,
}

/// A service of the local environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LocalService {
    /// MongoDB.
    Mongodb,
    /// Prometheus.
    Prometheus,
    /// Grafana.
    Grafana,
    /// nginx.
    Nginx,
}

/// Channels that alerts and deliveries report to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Notify {
    /// A Slack channel. Example: `slack: {channel: "#ops", webhook: SLACK_WEBHOOK_URL}`
    pub slack: Option<Slack>,
    /// PagerDuty. Example: `pagerduty: {routingKey: PAGERDUTY_ROUTING_KEY}`
    pub pagerduty: Option<Pagerduty>,
    /// E-mail by a mail server. Example: `email: {to: [sre@hasivu.com], smarthost: "smtp.hasivu.com:587", from: alerts@hasivu.com}`
    pub email: Option<Email>,
}

/// A Slack channel.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Slack {
    /// Name of the channel with its `#`. Example: `channel: "#ops-alerts"`
    pub channel: Line,
    /// Secret key that holds the webhook's URL. Example: `webhook: SLACK_WEBHOOK_URL`
    pub webhook: SecretKey,
}

/// PagerDuty.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Pagerduty {
    /// Secret key that holds the routing key. Example: `routingKey: PAGERDUTY_ROUTING_KEY`
    pub routing_key: SecretKey,
    /// Severities that page. Default `[critical]`. Example: `severities: [critical]`
    pub severities: Option<Vec<Severity>>,
}

/// E-mail.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Email {
    /// Receivers. Example: `to: [sre@hasivu.com]`
    pub to: Vec<EmailAddress>,
    /// Mail server with port. Example: `smarthost: "smtp.hasivu.com:587"`
    pub smarthost: Line,
    /// Address of the sender. Example: `from: alerts@hasivu.com`
    pub from: EmailAddress,
}

/// Profile of a load test.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LoadTest {
    /// Users at a time, from 1. Example: `users: 1000`
    pub users: Whole<1, 1_000_000_000>,
    /// Requests a second, from 1. Example: `rps: 500`
    pub rps: Option<Whole<1, 1_000_000_000>>,
    /// Duration that 95 % of requests must keep. Example: `p95: 200ms`
    pub p95: Option<Duration>,
}

/// Monthly cost.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Cost {
    /// Currency, ISO 4217. Example: `currency: USD`
    pub currency: Line,
    /// The items. Example: `monthly: [{item: Redis, low: 50, high: 100}]`
    pub monthly: Vec<CostItem>,
}

/// An item of the cost page.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CostItem {
    /// What it is. Example: `item: Load balancer`
    pub item: Line,
    /// Least cost a month. Example: `low: 20`
    pub low: Whole<0, 1_000_000_000>,
    /// Most cost a month, at least `low`. Example: `high: 20`
    pub high: Whole<0, 1_000_000_000>,
}

/// A page to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DocPage {
    /// Checklist before, at and after a deployment.
    DeploymentChecklist,
    /// Guide to rolling back.
    Rollback,
    /// Runbook of production.
    Runbook,
    /// Guide to deploying.
    Deployment,
    /// Guide to the cluster.
    Kubernetes,
    /// Guide to monitoring.
    Monitoring,
    /// Which control supports which rule.
    Compliance,
    /// Cost table.
    Cost,
}
