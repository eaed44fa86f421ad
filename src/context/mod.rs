//! What templates may see: one small struct a family, finished values only. Templates hold no defaults, no arithmetic and
//! build no strings.

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

pub mod backup;
pub mod choice;
pub mod deployer;
pub mod docker;
pub mod edge;
pub mod infrastructure;
pub mod jobs;
pub mod kustomization;
pub mod lint_waivers;
pub mod metrics;
pub mod namespace;
pub mod network_map;
pub mod network_policy;
pub mod pod;
pub mod prerequisites;
pub mod prometheus;
pub mod runbook;
pub mod secret;
pub mod workflow;
pub mod workload;

/// A struct as a template's context.
fn value(context: impl Serialize) -> Value {
    Value::from(Serde(context))
}
