//! Free text and commands.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use super::checked::{Checked, Form};
use crate::text::{is_invisible, visible};

/// One line of text without control or bidirectional characters, at most 1000 characters.
pub type Line = Checked<LineForm>;

/// Rule of [`Line`].
pub enum LineForm {}

impl Form for LineForm {
    const NAME: &'static str = "Line";
    const DESCRIPTION: &'static str = "One line of text without control characters, at most 1000 characters.";

    fn check(text: &str) -> Result<(), String> {
        let shown = visible(text);
        if text.trim().is_empty() {
            return Err("this text cannot be empty".to_owned());
        }
        if text.chars().count() > 1000 {
            return Err(format!("\"{shown}\" is longer than 1000 characters"));
        }
        if text.chars().any(is_invisible) {
            return Err(format!("\"{shown}\" has control or text-direction characters; write one visible line"));
        }
        if text.contains("${{") {
            return Err(format!(
                "\"{shown}\" contains `${{{{`, which GitHub would evaluate; values never become expressions"
            ));
        }
        Ok(())
    }
}

/// A command as a list of arguments (`[node, dist/server.js]`), run without a shell, or as one line run by `sh -c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command(Vec<String>);

impl Command {
    /// The arguments, the program first.
    pub fn arguments(&self) -> &[String] {
        &self.0
    }

    /// The command as a person types it into a shell.
    pub fn shown(&self) -> String {
        self.0.iter().map(|word| crate::render::shell_word(word)).collect::<Vec<_>>().join(" ")
    }

    fn new(arguments: Vec<String>) -> Result<Self, String> {
        if arguments.is_empty() {
            return Err("a command cannot be empty".to_owned());
        }
        for argument in &arguments {
            if argument.chars().any(is_invisible) || argument.contains("${{") || argument.len() > 4096 {
                return Err(format!(
                    "the argument \"{}\" has control or text-direction characters, `${{{{`, or more than 4096 bytes",
                    visible(argument)
                ));
            }
        }
        if arguments[0].trim().is_empty() {
            return Err("the program's name cannot be empty".to_owned());
        }
        Ok(Self(arguments))
    }
}

struct CommandVisitor;

impl<'de> Visitor<'de> for CommandVisitor {
    type Value = Command;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of strings or one string")
    }

    fn visit_str<E: Error>(self, line: &str) -> Result<Command, E> {
        let shell = ["sh", "-c"].into_iter().chain([line]).map(str::to_owned).collect();
        LineForm::check(line).and_then(|()| Command::new(shell)).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Command, A::Error> {
        let mut arguments = Vec::new();
        while let Some(argument) = items.next_element::<String>()? {
            arguments.push(argument);
        }
        Command::new(arguments).map_err(A::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Command {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CommandVisitor)
    }
}

impl Serialize for Command {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl JsonSchema for Command {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Command".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "description": "A command as a list of arguments, run without a shell, or as one line run by `sh -c`.",
            "anyOf": [{"type": "array", "items": {"type": "string"}, "minItems": 1}, {"type": "string"}]
        })
    }
}
