//! YAML as an expert writes it: plain scalars where YAML 1.1 and 1.2 agree, quotes where not, block collections.
//!
//! Kubernetes' tools read YAML 1.1 (`yes` is a boolean there), newer ones 1.2. A string is left plain only if every
//! reader sees the same string.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// A string as a scalar of a block or flow collection. In the latter, readers of YAML 1.1 end a plain one at `?`, too.
pub fn scalar(text: &str) -> String {
    if is_plain(text) && !text.contains([',', '[', ']', '{', '}', '?']) { text.to_owned() } else { quoted(text) }
}

/// A string as a scalar that ends its line and stands in no flow collection; commas and brackets may stay plain.
pub fn line_scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Whether every YAML reader takes the bare text for this very string.
fn is_plain(text: &str) -> bool {
    let starts_well =
        text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '_' | '.' | '(' | '$' | '^' | '+'));
    starts_well
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(|c| c == ' ' || (!crate::text::is_invisible(c) && !c.is_whitespace()))
        && !is_special(text)
}

/// Whether YAML 1.1 or 1.2 reads the text as null, boolean, number, date or merge key.
fn is_special(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let word = matches!(
        lower.as_str(),
        "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | ".inf" | "+.inf" | ".nan" | "." | ".."
    );
    // Whatever starts like a number and has only characters of numbers, times and dates is quoted.
    let numeric_start = lower.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+'));
    let numeric = numeric_start
        && lower.chars().all(|c| c.is_ascii_hexdigit() || "xo._:-+tz ".contains(c))
        && lower.chars().any(|c| c.is_ascii_digit());
    word || numeric
}

/// A quoted scalar: single quotes if the text has double ones or backslashes, escapes if it has invisible characters.
fn quoted(text: &str) -> String {
    let visible = !text.chars().any(crate::text::is_invisible);
    if visible && text.contains(['"', '\\']) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if crate::text::is_invisible(c) => {
                let code = u32::from(c);
                // Infallible: writing to a String.
                let _ = if code <= 0xffff { write!(out, "\\u{code:04x}") } else { write!(out, "\\U{code:08x}") };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A value in block style without a newline at its end; lines after the first are indented by `indent` blanks.
pub fn block(value: &Value, indent: usize) -> String {
    let mut out = String::new();
    write_block(&mut out, value, indent);
    out
}

/// A whole document: the value in block style and a newline.
pub fn document(value: &Value) -> String {
    let mut out = block(value, 0);
    out.push('\n');
    out
}

fn write_block(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => write_map(out, map, indent),
        Value::Array(items) if !items.is_empty() => write_list(out, items, indent),
        other => write_inline(out, other, indent),
    }
}

fn write_map(out: &mut String, map: &Map<String, Value>, indent: usize) {
    for (index, (key, value)) in map.iter().enumerate() {
        if index > 0 {
            newline(out, indent);
        }
        out.push_str(&scalar(key));
        out.push(':');
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                newline(out, indent + 2);
                write_map(out, inner, indent + 2);
            }
            Value::Array(items) if !items.is_empty() => {
                newline(out, indent + 2);
                write_list(out, items, indent + 2);
            }
            other => {
                out.push(' ');
                write_inline(out, other, indent + 2);
            }
        }
    }
}

fn write_list(out: &mut String, items: &[Value], indent: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            newline(out, indent);
        }
        out.push_str("- ");
        write_block(out, item, indent + 2);
    }
}

fn write_inline(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) if is_literal(text) => write_literal(out, text, indent),
        Value::String(text) => out.push_str(&line_scalar(text)),
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
    }
}

/// Text of several lines that a literal block carries byte for byte.
fn is_literal(text: &str) -> bool {
    let visible = text.chars().all(|c| c == '\n' || !crate::text::is_invisible(c));
    text.trim_end_matches('\n').contains('\n')
        && visible
        && !text.starts_with([' ', '\n'])
        && !text.lines().any(|line| line.ends_with(' '))
}

fn write_literal(out: &mut String, text: &str, indent: usize) {
    let body = text.trim_end_matches('\n');
    out.push_str(match text.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    });
    for line in body.split('\n') {
        if line.is_empty() {
            out.push('\n');
        } else {
            newline(out, indent);
            out.push_str(line);
        }
    }
    // Kept line ends beyond the first are empty lines.
    out.extend(std::iter::repeat_n('\n', (text.len() - body.len()).saturating_sub(1)));
}

fn newline(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ambiguous_words_are_quoted() {
        for text in [
            "yes",
            "a?b",
            "a?",
            "No",
            "on",
            "null",
            "~",
            "",
            "1",
            "1.5",
            "0x1f",
            "1_000",
            "12:30:45",
            "2026-01-01",
            "1e3",
            ".5",
            "-",
            "- a",
            "# a",
            "a: b",
            "a #b",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "'a",
            " a",
            "a ",
            "a\nb",
            "=",
            "<<",
            "{a",
            "[a",
            "a:",
            "|",
            ">",
            "?",
            ",",
        ] {
            assert_ne!(scalar(text), text, "{text:?} must not stand plain");
        }
        for text in [
            "a",
            "10.0.0.0/8",
            "250m",
            "256Mi",
            "ghcr.io/shop/orders:v1",
            "/livez",
            "v1.2.3",
            "a:b",
            "a#b",
            "30s",
            "sha256:0a",
        ] {
            assert_eq!(scalar(text), text);
        }
    }

    #[test]
    fn every_string_survives_a_round_trip() {
        for text in [
            "a\nb\n",
            "a\nb",
            "a\n\n",
            "\u{202e}x",
            "tab\tx",
            "'\"\\",
            "  lead\nx",
            "x \ny",
            "\n",
            "é",
            "\u{1f600}",
            "a\r\nb",
            "---\na",
            "a\n---\n",
        ] {
            let value = serde_json::json!({"key": text, "list": [text, {"a": text, "b": 1}]});
            let read: Value = serde_yaml::from_str(&document(&value)).unwrap();
            assert_eq!(read, value, "{}", document(&value));
        }
    }
}
