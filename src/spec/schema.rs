//! The JSON Schema of the language, made from the structs and their doc comments.

use serde_json::Value;

use super::Project;

/// The schema, JSON Schema draft 2020-12.
pub fn json_schema() -> Value {
    schemars::schema_for!(Project).to_value()
}
