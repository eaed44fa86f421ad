//! The order in which objects are applied, kustomize's own: what others need comes first.

use serde_json::Value;

/// Kinds that come first; all others follow in the order of their kinds.
const FIRST: [&str; 11] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ConfigMap",
    "Secret",
    "Service",
    "LimitRange",
    "PriorityClass",
];

/// Sorts objects into that order; equal kinds by name.
pub fn in_apply_order(mut objects: Vec<Value>) -> Vec<Value> {
    objects.sort_by_cached_key(|object| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let kind = text(&object["kind"]);
        let rank = FIRST.iter().position(|first| *first == kind).unwrap_or(FIRST.len());
        (rank, kind, text(&object["metadata"]["name"]))
    });
    objects
}
