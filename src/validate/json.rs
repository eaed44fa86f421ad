//! Short ways into parsed documents. What is missing or of another type reads as nothing: types are checked elsewhere.

use std::borrow::Cow;

use serde_json::Value;

/// A string; empty for anything else.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A string, number or boolean as text; empty for anything else.
pub(super) fn scalar(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        _ => Cow::Borrowed(""),
    }
}

/// The items of a list.
pub(super) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The strings of a list, or a string alone.
pub(super) fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_str().into_iter().chain(items(value).iter().map(text))
}

/// The entries of a map.
pub(super) fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// The keys of a map.
pub(super) fn keys(value: &Value) -> impl Iterator<Item = &str> {
    entries(value).map(|(key, _)| key)
}

/// All strings in a value, however deep.
pub(super) fn strings(value: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    collect(value, &mut found);
    found
}

fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(map) => map.values().for_each(|item| collect(item, found)),
        _ => {}
    }
}
