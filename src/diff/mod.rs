//! Differences for people: of files as unified diffs, of resources field by field.

mod files;
mod resources;

pub use files::unified;
pub use resources::{EnvironmentDiff, FieldChange, ResourceChange, ResourceState, resources};
