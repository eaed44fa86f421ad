//! How many entries sections may have: limits of what they become, and bounds on what one spec can cost.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::document::Value;

/// Sections with their most entries and the reason.
const LIMITS: [(&[&str], usize, &str); 7] = [
    (&["domains"], 16, "an HTTPRoute takes no more hosts"),
    (&["jobs"], 50, "each becomes objects in every environment"),
    (&["processes"], 50, "each becomes objects in every environment"),
    (&["volumes"], 50, "each becomes an object in every environment"),
    (&["delivery", "gates"], 50, "each becomes a job of the workflow"),
    (&["secrets", "keys"], 500, "each becomes an entry of every container"),
    (&["config"], 1000, "a ConfigMap holds 1 MiB"),
];

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    LIMITS
        .iter()
        .filter_map(|(path, most, reason)| {
            let entries = match &project.document.at(path)?.value {
                Value::Map(entries) => entries.len(),
                Value::List(items) => items.len(),
                _ => 0,
            };
            let message = format!("`{}` has {entries} entries; {most} are possible: {reason}", path.join("."));
            (entries > *most).then(|| fault(project, Code::InvalidValue, path, message))
        })
        .collect()
}
