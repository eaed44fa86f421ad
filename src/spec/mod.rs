//! The spec language, version 1: what a user may write, as serde and schemars structs, one file a section.
//!
//! Doc comments are the reference: `infragen explain`, the JSON Schema and editor completion come from them.

pub mod de;
pub mod document;
pub mod read;
pub mod schema;
pub mod value;

mod alerts;
mod backup;
mod datastores;
mod delivery;
mod edge;
mod image;
mod operations;
mod process;
mod project;
mod scaling;
mod security;
mod syntax;

pub use alerts::{
    AlertName, Alerts, CostAlert, CustomAlert, Dashboard, DatastoreDown, LatencyAlert, LatencyObjective, Panel,
    Severity, SeverityAlert, SeverityRule, Slo, SloTarget, Threshold,
};
pub use backup::{Backup, FilesBackup, Objectives, PointInTime, RecoveryObjective, ReplicateTo};
pub use datastores::{Datastore, Datastores, Operator, Pooler, ServerVersion, StoreKind, StoreMode};
pub use delivery::{
    Approval, DatastoreService, Delivery, DependencyScanner, Gate, ImageScanner, NotifyChannel, Provider, Rollback,
    RollbackThresholds, Scan, Scanner, Strategy, Tags, Trigger, Verification,
};
pub use edge::{
    Allow, Controller, Cors, Domain, DomainEntry, Edge, EmailAddress, Headers, RateLimit, Route, Tls, TlsVersion, Waf,
    WafRules,
};
pub use image::{
    Digest, HealthCheck, Image, ImageEntry, Init, PackageManager, Platform, Repository, RuntimeVersion, Tag, UserId,
    Variant,
};
pub use operations::{
    Contact, Cost, CostItem, DocPage, Email, LoadTest, Local, LocalService, LogFormat, LogRetention, LogStack, Logging,
    Metrics, Monitoring, MonitoringStack, Notify, Owner, Pagerduty, Slack,
};
pub use process::{
    Health, Job, JobMoment, LoadBalancer, LoadBalancerClass, Placement, Process, ResourceList, Resources, Service,
    SessionAffinity, Shutdown, Spread, Volume, VolumeAccess,
};
pub use project::{Project, parse_project};
pub use scaling::{
    Autoscaling, Count, CustomMetric, CustomMetricType, Disruption, Replicas, ScaleRule, VerticalScaling,
};
pub use security::{
    Arn, CircuitBreaker, Compliance, Egress, EgressMode, Encryption, Mesh, NetworkPolicyMode, Secrets, SecretsAs,
    SecretsStore, Security, ServiceAccount, StoreReference,
};
