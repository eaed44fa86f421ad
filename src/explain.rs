//! What a key of the language means: its documentation, its default, and where a spec sets it.

use serde_json::Value;

use crate::resolve::ResolvedProject;
use crate::spec::document::{Node, Sources, Value as NodeValue};
use crate::spec::schema::json_schema;

/// A key of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its path, `*` for any name or item.
    pub path: String,
    /// What it means.
    pub description: String,
    /// Keys below it.
    pub keys: Vec<(String, String)>,
}

/// Looks a path up in the language.
///
/// # Errors
/// The part that is not there, and the keys at its place.
pub fn key(path: &str) -> Result<Key, (String, Vec<String>)> {
    let schema = json_schema();
    // `namespace` is a key of environments only.
    let in_environment = step(&schema, &schema, path.split('.').next().unwrap_or_default()).0.is_none();
    let mut here = if in_environment { &schema["$defs"]["Environment"] } else { &schema };
    let mut description = text(&schema);
    for part in path.split('.') {
        let (next, known) = step(&schema, here, part);
        let Some(next) = next else {
            return Err((part.to_owned(), known));
        };
        // A key's own description says more than that of its type.
        description = if text(next).is_empty() { text(resolve(&schema, next)) } else { text(next) };
        here = next;
    }
    let keys =
        properties(&schema, here).into_iter().map(|(key, schema)| (key, first_sentence(&text(schema)))).collect();
    Ok(Key { path: path.to_owned(), description, keys })
}

fn text(schema: &Value) -> String {
    schema["description"].as_str().unwrap_or_default().to_owned()
}

fn first_sentence(text: &str) -> String {
    text.split_once(". ").map_or(text, |(sentence, _)| sentence).trim_end_matches('.').to_owned()
}

fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    schema["$ref"].as_str().and_then(|reference| root.pointer(reference.trim_start_matches('#'))).unwrap_or(schema)
}

/// The alternatives of a schema: itself, what it refers to, and the branches of `anyOf`.
fn branches<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolve(root, schema);
    let mut all = vec![schema];
    for branch in schema["anyOf"].as_array().into_iter().flatten() {
        all.extend(branches(root, branch));
    }
    all
}

fn properties<'a>(root: &'a Value, schema: &'a Value) -> Vec<(String, &'a Value)> {
    branches(root, schema)
        .into_iter()
        .flat_map(|branch| branch["properties"].as_object().into_iter().flatten())
        .map(|(key, schema)| (key.clone(), schema))
        .collect()
}

/// The schema of a key below another, and the keys that are there.
fn step<'a>(root: &'a Value, schema: &'a Value, part: &str) -> (Option<&'a Value>, Vec<String>) {
    let known = properties(root, schema);
    if let Some((_, next)) = known.iter().find(|(key, _)| key == part) {
        return (Some(next), Vec::new());
    }
    // Maps by name and lists: any name, or any index.
    let open = branches(root, schema).into_iter().find_map(|branch| {
        let values = &branch["additionalProperties"];
        if values.is_object() { Some(values) } else { branch.get("items") }
    });
    (open, known.into_iter().map(|(key, _)| key).collect())
}

/// The value at a path of a project and where it was written: `3 (infragen.yaml:7:11)`.
pub fn value(project: &ResolvedProject, path: &str, sources: &Sources) -> Option<String> {
    let parts: Vec<&str> = path.split('.').collect();
    let node = project.document.at(&parts)?;
    let position = sources.position(node.span)?;
    Some(format!("{} ({}:{}:{})", shown(node), position.name, position.line, position.column))
}

fn shown(node: &Node) -> String {
    match &node.value {
        NodeValue::Null => "null".to_owned(),
        NodeValue::Bool(value) => value.to_string(),
        NodeValue::Integer(number) => number.to_string(),
        NodeValue::Float(number) => number.to_string(),
        NodeValue::String(text) => crate::yaml::scalar(text),
        NodeValue::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        NodeValue::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|entry| format!("{}: {}", entry.key, shown(&entry.value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}
