//! Strategic merge patches: the difference of two objects, and its application.

use serde_json::{Map, Value, json};

/// Lists that Kubernetes merges by a key, by their path of field names below the object (list levels left out); the
/// API marks them with `x-kubernetes-patch-merge-key`. All other lists, and all of custom resources, are replaced.
const POD_LISTS: [(&[&str], &str); 9] = [
    (&["containers"], "name"),
    (&["initContainers"], "name"),
    (&["volumes"], "name"),
    (&["imagePullSecrets"], "name"),
    (&["topologySpreadConstraints"], "topologyKey"),
    (&["containers", "env"], "name"),
    (&["containers", "ports"], "containerPort"),
    (&["containers", "volumeMounts"], "mountPath"),
    (&["initContainers", "env"], "name"),
];

/// Where the pod template's spec is, by kind.
fn pod_spec(kind: &str) -> Option<&'static [&'static str]> {
    match kind {
        "Deployment" | "StatefulSet" | "DaemonSet" | "Job" => Some(&["spec", "template", "spec"]),
        "CronJob" => Some(&["spec", "jobTemplate", "spec", "template", "spec"]),
        _ => None,
    }
}

fn merge_key(kind: &str, path: &[String]) -> Option<&'static str> {
    let below = |prefix: &[&str]| path.len() > prefix.len() && path.iter().zip(prefix).all(|(a, b)| a == b);
    if kind == "Service" && path == ["spec", "ports"] {
        return Some("port");
    }
    let prefix = pod_spec(kind).filter(|prefix| below(prefix))?;
    let rest = &path[prefix.len()..];
    POD_LISTS.iter().find(|(fields, _)| *fields == rest).map(|(_, key)| *key)
}

/// The smallest patch that turns `base` into `target`, with the object's identity; `None` when they are equal.
pub fn diff(base: &Value, target: &Value) -> Option<Value> {
    let kind = base["kind"].as_str().unwrap_or_default();
    let changes = diff_value(kind, base, target, &mut Vec::new())?;
    let mut patch = Map::new();
    patch.insert("apiVersion".to_owned(), base["apiVersion"].clone());
    patch.insert("kind".to_owned(), base["kind"].clone());
    patch.insert("metadata".to_owned(), json!({"name": base["metadata"]["name"]}));
    merge_identity(&mut patch, changes);
    Some(Value::Object(patch))
}

/// Adds the changes to the identity; only `metadata` is in both.
fn merge_identity(patch: &mut Map<String, Value>, changes: Value) {
    let Value::Object(changes) = changes else { return };
    for (key, value) in changes {
        match (patch.get_mut(&key), value) {
            (Some(Value::Object(into)), Value::Object(more)) => into.extend(more),
            (_, value) => {
                patch.insert(key, value);
            }
        }
    }
}

fn diff_value(kind: &str, base: &Value, target: &Value, path: &mut Vec<String>) -> Option<Value> {
    match (base, target) {
        (a, b) if a == b => None,
        (Value::Object(a), Value::Object(b)) => diff_maps(kind, a, b, path),
        (Value::Array(a), Value::Array(b)) => Some(match merge_key(kind, path) {
            Some(key) => diff_lists(kind, a, b, key, path),
            None => target.clone(),
        }),
        _ => Some(target.clone()),
    }
}

fn diff_maps(
    kind: &str,
    base: &Map<String, Value>,
    target: &Map<String, Value>,
    path: &mut Vec<String>,
) -> Option<Value> {
    let mut patch = Map::new();
    for (key, value) in target {
        match base.get(key) {
            Some(old) => {
                path.push(key.clone());
                if let Some(change) = diff_value(kind, old, value, path) {
                    patch.insert(key.clone(), change);
                }
                path.pop();
            }
            None => {
                patch.insert(key.clone(), value.clone());
            }
        }
    }
    for key in base.keys().filter(|key| !target.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    (!patch.is_empty()).then_some(Value::Object(patch))
}

/// Items that stay in place are patched by key; a list whose items come, go or move is replaced whole. A merge puts the
/// items that a patch names first, so those before the last change are named, too, and nothing moves.
fn diff_lists(kind: &str, base: &[Value], target: &[Value], key: &str, path: &mut Vec<String>) -> Value {
    let same_items =
        base.len() == target.len() && base.iter().zip(target).all(|(a, b)| !a[key].is_null() && a[key] == b[key]);
    if !same_items {
        let mut whole = target.to_vec();
        whole.push(json!({"$patch": "replace"}));
        return Value::Array(whole);
    }
    let last_change = base.iter().zip(target).rposition(|(old, new)| old != new).unwrap_or_default();
    let named = base.iter().zip(target).take(last_change + 1).map(|(old, new)| {
        let mut item = Map::new();
        item.insert(key.to_owned(), new[key].clone());
        if let Some(Value::Object(change)) = diff_value(kind, old, new, path) {
            item.extend(change);
        }
        Value::Object(item)
    });
    Value::Array(named.collect())
}

/// Applies a patch to its object, as kustomize does.
pub fn apply(base: &mut Value, patch: &Value) {
    let kind = base["kind"].as_str().unwrap_or_default().to_owned();
    apply_value(&kind, base, patch, &mut Vec::new());
}

fn apply_value(kind: &str, base: &mut Value, patch: &Value, path: &mut Vec<String>) {
    match (base, patch) {
        (Value::Object(into), Value::Object(changes)) => {
            for (key, change) in changes {
                path.push(key.clone());
                match into.get_mut(key) {
                    _ if change.is_null() => {
                        into.remove(key);
                    }
                    Some(old) => apply_value(kind, old, change, path),
                    None => {
                        into.insert(key.clone(), change.clone());
                    }
                }
                path.pop();
            }
        }
        (Value::Array(into), Value::Array(changes)) if merge_key(kind, path).is_some() => {
            let key = merge_key(kind, path).unwrap_or_default();
            apply_list(kind, into, changes, key, path);
        }
        (base, patch) => *base = patch.clone(),
    }
}

fn apply_list(kind: &str, into: &mut Vec<Value>, changes: &[Value], key: &str, path: &mut Vec<String>) {
    let directive = |item: &&Value| item.get("$patch").is_some();
    if changes.iter().any(|item| directive(&item)) {
        *into = changes.iter().filter(|item| !directive(item)).cloned().collect();
        return;
    }
    let mut merged = Vec::with_capacity(into.len());
    for change in changes {
        let old = into.iter().position(|item| item[key] == change[key]).map(|at| into.remove(at));
        merged.push(match old {
            Some(mut item) => {
                apply_value(kind, &mut item, change, path);
                item
            }
            None => change.clone(),
        });
    }
    merged.append(into);
    *into = merged;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(env: &Value, replicas: u32) -> Value {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": replicas,
            "template": {"spec": {"containers": [{"name": "web", "image": "a", "env": env}]}}}})
    }

    fn round_trip(base: &Value, target: &Value) -> Value {
        let patch = diff(base, target).unwrap();
        let mut patched = base.clone();
        apply(&mut patched, &patch);
        assert_eq!(&patched, target, "{patch}");
        patch
    }

    #[test]
    fn a_patch_holds_only_what_differs() {
        let base = deployment(&json!([{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]), 1);
        let target = deployment(&json!([{"name": "A", "value": "9"}, {"name": "B", "value": "2"}]), 3);
        let patch = round_trip(&base, &target);
        assert_eq!(patch["spec"]["template"]["spec"]["containers"][0]["env"], json!([{"name": "A", "value": "9"}]));
    }

    #[test]
    fn an_item_that_changes_keeps_its_place() {
        let base = deployment(
            &json!([{"name": "A", "value": "1"}, {"name": "B", "value": "2"}, {"name": "C", "value": "3"}]),
            1,
        );
        let target = deployment(
            &json!([{"name": "A", "value": "1"}, {"name": "B", "value": "9"}, {"name": "C", "value": "3"}]),
            1,
        );
        let patch = round_trip(&base, &target);
        let named = json!([{"name": "A"}, {"name": "B", "value": "9"}]);
        assert_eq!(patch["spec"]["template"]["spec"]["containers"][0]["env"], named);
    }

    #[test]
    fn lists_whose_items_change_are_replaced() {
        let base = deployment(&json!([{"name": "A", "value": "1"}]), 1);
        round_trip(&base, &deployment(&json!([{"name": "C", "value": "1"}, {"name": "A", "value": "1"}]), 1));
        round_trip(&base, &deployment(&json!([]), 1));
    }

    #[test]
    fn equal_objects_need_no_patch() {
        let base = deployment(&json!([]), 1);
        assert_eq!(diff(&base, &base), None);
    }
}
