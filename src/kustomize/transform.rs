//! The transformers that an overlay's kustomization asks for, applied to whole objects.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::hash::config_map_suffix;

/// What an overlay adds to every object.
#[derive(Debug, Clone)]
pub struct Overlay {
    /// The namespace of every namespaced object.
    pub namespace: String,
    /// Labels of every object's metadata, and of the pods that it makes.
    pub labels: BTreeMap<String, String>,
    /// Generated ConfigMaps by name: they get a suffix, and references follow.
    pub config_maps: BTreeMap<String, BTreeMap<String, String>>,
}

/// Kinds without a namespace, among those that infragen renders.
const CLUSTER_KINDS: [&str; 4] = ["Namespace", "PriorityClass", "StorageClass", "ClusterIssuer"];

/// Where objects have templates of others, as kustomize's `includeTemplates` knows them.
const TEMPLATES: [&str; 3] = ["/spec/template", "/spec/jobTemplate", "/spec/jobTemplate/spec/template"];

/// Applies an overlay's transformers to finished objects.
pub fn finish(objects: &mut [Value], overlay: &Overlay) {
    let suffixed: BTreeMap<&str, String> = overlay
        .config_maps
        .iter()
        .map(|(name, data)| (name.as_str(), format!("{name}-{}", config_map_suffix(data))))
        .collect();
    for object in objects {
        let cluster = object["kind"].as_str().is_some_and(|kind| CLUSTER_KINDS.contains(&kind));
        if !cluster {
            object["metadata"]["namespace"] = json!(overlay.namespace);
        }
        for (key, value) in &overlay.labels {
            label(object, key, value);
        }
        if object["kind"] == "ConfigMap" {
            rename(&mut object["metadata"]["name"], &suffixed);
        }
        rename_references(object, &suffixed);
    }
}

/// Labels an object and the templates in it.
fn label(object: &mut Value, key: &str, value: &str) {
    object["metadata"]["labels"][key] = json!(value);
    for templates in TEMPLATES {
        if let Some(template) = object.pointer_mut(templates) {
            template["metadata"]["labels"][key] = json!(value);
        }
    }
}

/// Follows the new names in `configMapRef`, `configMapKeyRef` and `configMap` volumes.
fn rename_references(value: &mut Value, names: &BTreeMap<&str, String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                match key.as_str() {
                    "configMapRef" | "configMapKeyRef" | "configMap" if inner.get("name").is_some() => {
                        rename(&mut inner["name"], names);
                    }
                    _ => rename_references(inner, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_references(item, names)),
        _ => {}
    }
}

fn rename(name: &mut Value, names: &BTreeMap<&str, String>) {
    if let Some(new) = name.as_str().and_then(|old| names.get(old)) {
        *name = json!(new);
    }
}
