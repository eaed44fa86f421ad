//! Everything that a spec says outside `config`: no text of it is a credential.

use super::super::ResolvedProject;
use crate::diagnostic::{Code, Diagnostic};
use crate::secret::{command_has_credential, has_credential};
use crate::spec::document::{Node, Span, Value};

/// Keys whose values are commands.
const COMMANDS: [&str; 5] = ["command", "rollback", "start", "build", "run"];

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let mut places = Vec::new();
    for entry in project.document.entries().iter().filter(|entry| entry.key != "config") {
        search(&entry.value, COMMANDS.contains(&entry.key.as_str()), &mut places);
    }
    places
        .into_iter()
        .map(|span| {
            Diagnostic::error(Code::SecretInSpec, "this text contains what looks like a secret")
                .at(span)
                .help("change the secret, list a key for it under `secrets.keys`, and read that variable: `\"$NAME\"`")
        })
        .collect()
}

fn search(node: &Node, is_command: bool, places: &mut Vec<Span>) {
    match &node.value {
        Value::String(text) if has_credential(text) || (is_command && command_has_credential(text)) => {
            places.push(node.span);
        }
        Value::List(items)
            if is_command && !items.iter().any(|item| item.as_str().is_some_and(command_has_credential)) =>
        {
            // A flag and its value may be two arguments.
            let words: Vec<&str> = items.iter().filter_map(Node::as_str).collect();
            if command_has_credential(&words.join(" ")) {
                places.push(node.span);
            }
        }
        Value::List(items) => items.iter().for_each(|item| search(item, is_command, places)),
        Value::Map(entries) => {
            for entry in entries {
                search(&entry.value, COMMANDS.contains(&entry.key.as_str()), places);
            }
        }
        _ => {}
    }
}
