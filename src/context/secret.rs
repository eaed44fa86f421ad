//! The template of an environment's Secrets: names, no values.

use serde::Serialize;

use super::value;
use crate::catalog::Context;
use crate::model::{Labels, RequiredSecret};
use crate::resolve::ResolvedProject;

/// The Secrets that an environment's pods read; `None` if there is none.
pub fn example(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Example {
        namespace: String,
        labels: Labels,
        secrets: Vec<RequiredSecret>,
    }
    let secrets = project.required_secrets();
    if secrets.is_empty() {
        return None;
    }
    Some(value(Example { namespace: project.namespace()?, labels: project.labels(project.name(), "secret"), secrets }))
}
