//! The template of the project's Secret: names, no values.

use serde::Serialize;

use super::pod::Metadata;
use super::value;
use crate::catalog::Context;
use crate::resolve::ResolvedProject;

/// The Secret of an environment; `None` without secret keys.
pub fn example(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Secret {
        #[serde(flatten)]
        metadata: Metadata,
        namespace: String,
        keys: Vec<String>,
    }
    let keys = project.secret_keys();
    if keys.is_empty() {
        return None;
    }
    Some(value(Secret {
        metadata: Metadata { name: project.secret(), labels: project.main_labels() },
        namespace: project.namespace()?,
        keys,
    }))
}
