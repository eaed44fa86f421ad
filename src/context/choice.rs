//! The line of a page's commands that chooses an environment, and names the others.

use crate::resolve::{Resolved, ResolvedProject};

/// `variable=shown`, with a comment that names the other values, if there are any.
pub fn line(variable: &str, shown: &str, others: &[&str]) -> String {
    if others.is_empty() {
        return format!("{variable}={shown}");
    }
    format!("{variable}={shown} # or {}", others.join(", "))
}

/// The line that chooses an environment's name or namespace: production's, or else that of the last one.
pub fn of_environments(resolved: &Resolved, variable: &str, value: fn(&ResolvedProject) -> Option<String>) -> String {
    let is_production = |project: &&ResolvedProject| name(project).as_deref() == Some("production");
    let shown = resolved.environments.iter().find(is_production).or(resolved.environments.last());
    let shown = shown.and_then(value).unwrap_or_default();
    let values: Vec<String> = resolved.environments.iter().filter_map(value).collect();
    let others: Vec<&str> = values.iter().map(String::as_str).filter(|value| *value != shown).collect();
    line(variable, &shown, &others)
}

/// An environment's name.
pub fn name(project: &ResolvedProject) -> Option<String> {
    project.environment.as_ref().map(ToString::to_string)
}
