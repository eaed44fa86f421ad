//! The JSON Schema of the language, made from the structs and their doc comments.
//!
//! The structs describe a project after its layers are merged; what a person writes is one layer. So a key that a profile
//! or the top level may give is optional here, `null` may stand for any value that it removes, and an environment is a
//! definition of its own.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Project;

/// Keys that every spec has.
const REQUIRED: [&str; 5] = ["version", "name", "profile", "image", "environments"];
/// Keys that only the top level of a spec has.
const TOP_LEVEL_ONLY: [&str; 5] = ["version", "name", "profile", "process", "environments"];
/// Keys of profiles or environments, which the top level of a spec does not have.
const NOT_AT_TOP_LEVEL: [&str; 2] = ["extends", "namespace"];

/// The schema of a spec, JSON Schema draft 2020-12.
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(Project).to_value();
    let in_lists = listed(&schema);
    relax(&mut schema, &in_lists);
    let environment = environment(&schema);
    schema["$defs"]["Environment"] = environment;
    if let Some(properties) = schema["properties"].as_object_mut() {
        for key in NOT_AT_TOP_LEVEL {
            properties.shift_remove(key);
        }
        if let Some(environments) = properties.get_mut("environments").and_then(Value::as_object_mut) {
            environments.insert("type".to_owned(), json!("object"));
            environments.insert("minProperties".to_owned(), json!(1));
            let value = json!({"anyOf": [{"$ref": "#/$defs/Environment"}, {"type": "null"}]});
            environments.insert("additionalProperties".to_owned(), value);
        }
    }
    schema["required"] = json!(REQUIRED);
    schema["title"] = json!("infragen spec");
    schema
}

/// The schema of an environment: any key of a project that is not the top level's own.
fn environment(project: &Value) -> Value {
    let mut properties = project["properties"].as_object().cloned().unwrap_or_default();
    properties.retain(|key, _| !TOP_LEVEL_ONLY.contains(&key.as_str()) && key != "extends");
    json!({
        "type": "object",
        "description": "What one environment has otherwise: maps are merged, lists are replaced, `null` removes.",
        "additionalProperties": false,
        "properties": properties,
    })
}

/// The definitions that items of lists refer to. Lists are replaced as a whole, so their items are complete.
fn listed(schema: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    visit(schema, &mut |map| {
        if let Some(items) = map.get("items") {
            let branches = items["anyOf"].as_array().map_or_else(|| vec![items], |branches| branches.iter().collect());
            names.extend(branches.iter().filter_map(|branch| branch["$ref"].as_str()).filter_map(definition));
        }
    });
    names
}

fn definition(reference: &str) -> Option<String> {
    reference.strip_prefix("#/$defs/").map(str::to_owned)
}

fn visit(value: &Value, found: &mut dyn FnMut(&Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            found(map);
            map.values().for_each(|inner| visit(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|item| visit(item, found)),
        _ => {}
    }
}

/// Makes keys optional, except those of items of lists, and lets `null` stand in maps by name.
fn relax(schema: &mut Value, in_lists: &BTreeSet<String>) {
    for (name, definition) in schema["$defs"].as_object_mut().into_iter().flatten() {
        relax_map(definition, !in_lists.contains(name));
    }
    relax_map(schema, true);
}

fn relax_map(schema: &mut Value, optional: bool) {
    let Some(map) = schema.as_object_mut() else { return };
    if optional {
        map.shift_remove("required");
    }
    for property in map.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        let values = property.1.get_mut("additionalProperties").filter(|values| values.is_object());
        if let Some(values) = values {
            *values = json!({"anyOf": [values.clone(), {"type": "null"}]});
        }
    }
}
