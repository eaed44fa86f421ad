//! Which resources of an environment are added, changed and removed, and which of their fields.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::kustomize::config_map_suffix;

/// The resources of an environment that differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EnvironmentDiff {
    /// The environment.
    pub environment: String,
    /// The resources in the order of kinds and names.
    pub resources: Vec<ResourceChange>,
}

/// What becomes of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ResourceState {
    /// It is new.
    Added,
    /// Some fields change.
    Changed,
    /// It goes away.
    Removed,
}

/// A resource that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResourceChange {
    /// Its kind.
    pub kind: String,
    /// Its name, without the suffix of generated ConfigMaps.
    pub name: String,
    /// What becomes of it.
    pub state: ResourceState,
    /// Its fields that change.
    pub fields: Vec<FieldChange>,
}

/// A field that changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Its path, list items by name.
    pub path: String,
    /// Its old value; `null` if there is none.
    pub old: Value,
    /// Its new value; `null` if there is none.
    pub new: Value,
}

/// Compares the objects of an environment.
pub fn resources(environment: &str, old: &[Value], new: &[Value]) -> EnvironmentDiff {
    let (old, new) = (by_identity(old), by_identity(new));
    let mut keys: Vec<_> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    let resources = keys
        .into_iter()
        .filter_map(|key| {
            let (state, fields) = match (old.get(key), new.get(key)) {
                (Some(old), Some(new)) => (ResourceState::Changed, fields(old, new)),
                (None, _) => (ResourceState::Added, Vec::new()),
                (_, None) => (ResourceState::Removed, Vec::new()),
            };
            let differs = state != ResourceState::Changed || !fields.is_empty();
            differs.then(|| ResourceChange { kind: key.0.clone(), name: key.1.clone(), state, fields })
        })
        .collect();
    EnvironmentDiff { environment: environment.to_owned(), resources }
}

fn by_identity(objects: &[Value]) -> BTreeMap<(String, String), &Value> {
    objects
        .iter()
        .map(|object| {
            let kind = object["kind"].as_str().unwrap_or_default().to_owned();
            ((kind, plain_name(object)), object)
        })
        .collect()
}

/// The name without the suffix that a generated ConfigMap's content gives it.
fn plain_name(object: &Value) -> String {
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let data: BTreeMap<String, String> = object["data"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect();
    let suffix = format!("-{}", config_map_suffix(&data));
    let is_generated = object["kind"] == "ConfigMap" && name.ends_with(&suffix);
    if is_generated { name[..name.len() - suffix.len()].to_owned() } else { name.to_owned() }
}

fn fields(old: &Value, new: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    walk(&mut changes, String::new(), old, new);
    changes
}

fn walk(changes: &mut Vec<FieldChange>, path: String, old: &Value, new: &Value) {
    match (old, new) {
        (old, new) if old == new => {}
        (Value::Object(a), Value::Object(b)) => {
            let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                walk(changes, path, a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null));
            }
        }
        (Value::Array(a), Value::Array(b)) => walk_lists(changes, &path, a, b),
        _ => changes.push(FieldChange { path, old: old.clone(), new: new.clone() }),
    }
}

/// Named items are compared by name, others by position.
fn walk_lists(changes: &mut Vec<FieldChange>, path: &str, old: &[Value], new: &[Value]) {
    let name = |item: &Value, at: usize| item["name"].as_str().map_or_else(|| at.to_string(), str::to_owned);
    let named =
        |items: &[Value]| items.iter().enumerate().map(|(at, item)| (name(item, at), item.clone())).collect::<Vec<_>>();
    let (a, b) = (named(old), named(new));
    let find = |items: &[(String, Value)], key: &str| {
        items.iter().find(|(name, _)| name == key).map_or(Value::Null, |(_, item)| item.clone())
    };
    let mut keys: Vec<&String> = a.iter().chain(&b).map(|(name, _)| name).collect();
    keys.dedup();
    let mut seen: Vec<&String> = Vec::new();
    for key in keys {
        if !seen.contains(&key) {
            walk(changes, format!("{path}[{key}]"), &find(&a, key), &find(&b, key));
            seen.push(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_named_by_their_path() {
        let object = |memory: &str| json!({"kind": "Deployment", "metadata": {"name": "web"}, "spec": {"containers": [{"name": "web", "memory": memory}]}});
        let diff = resources("staging", &[object("1Gi")], &[object("2Gi")]);
        assert_eq!(
            diff.resources[0].fields,
            [FieldChange { path: "spec.containers[web].memory".to_owned(), old: json!("1Gi"), new: json!("2Gi") }]
        );
    }

    #[test]
    fn resources_come_and_go() {
        let object = |name: &str| json!({"kind": "Service", "metadata": {"name": name}});
        let diff = resources("staging", &[object("a")], &[object("b")]);
        let states: Vec<_> = diff.resources.iter().map(|change| change.state).collect();
        assert_eq!(states, [ResourceState::Removed, ResourceState::Added]);
    }
}
