//! Names: DNS labels (RFC 1123) and names of environment variables.

use super::checked::{Checked, Form};
use crate::text::visible;

/// A DNS label of at most 63 characters: lower-case letters, digits and inner hyphens.
pub type Name = Checked<Label>;
/// The project's name.
pub type ProjectName = Checked<ProjectLabel>;
/// An environment's name.
pub type EnvName = Checked<EnvironmentLabel>;
/// The name of an environment variable.
pub type SecretKey = Checked<VariableName>;

/// Rule of [`Name`].
pub enum Label {}
/// Rule of [`ProjectName`].
pub enum ProjectLabel {}
/// Rule of [`EnvName`].
pub enum EnvironmentLabel {}
/// Rule of [`SecretKey`].
pub enum VariableName {}

impl Form for Label {
    const NAME: &'static str = "Name";
    const DESCRIPTION: &'static str =
        "A DNS label of at most 63 characters: lower-case letters, digits and inner hyphens.";

    fn check(text: &str) -> Result<(), String> {
        label(text, 63)
    }
}

impl Form for ProjectLabel {
    const NAME: &'static str = "ProjectName";
    const DESCRIPTION: &'static str =
        "A DNS label that begins with a letter, of at most 50 characters, so that the names made from it fit.";

    fn check(text: &str) -> Result<(), String> {
        label(text, 50)?;
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(format!(
                "\"{}\" begins with a digit; the name of a Service must begin with a letter",
                visible(text)
            ));
        }
        Ok(())
    }
}

impl Form for EnvironmentLabel {
    const NAME: &'static str = "EnvironmentName";
    const DESCRIPTION: &'static str = "A DNS label of at most 20 characters, since it becomes part of other names.";

    fn check(text: &str) -> Result<(), String> {
        label(text, 20)
    }
}

impl Form for VariableName {
    const NAME: &'static str = "VariableName";
    const DESCRIPTION: &'static str =
        "The name of an environment variable: upper-case letters, digits and underscores, not beginning with a digit.";

    fn check(text: &str) -> Result<(), String> {
        let valid = (1..=128).contains(&text.len())
            && !text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if valid {
            return Ok(());
        }
        if text.contains("://") || text.contains('=') {
            return Err(format!(
                "\"{}\" is a value, but only the name of a variable belongs here, such as `DATABASE_URL`; keep the value in the secret store",
                visible(text)
            ));
        }
        Err(format!(
            "\"{}\" is no name of an environment variable; use upper-case letters, digits and underscores, such as `API_KEY`",
            visible(text)
        ))
    }
}

fn label(text: &str, longest: usize) -> Result<(), String> {
    if text.is_empty() {
        return Err("a name cannot be empty".to_owned());
    }
    if text.chars().count() > longest {
        return Err(format!(
            "\"{}\" has {} characters; at most {longest} fit into the names made from it",
            visible(text),
            text.chars().count()
        ));
    }
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.chars().all(inner) && !text.starts_with('-') && !text.ends_with('-') {
        return Ok(());
    }
    let suggestion = suggest(text);
    let hint = if suggestion.is_empty() { String::new() } else { format!(", such as `{suggestion}`") };
    Err(format!("\"{}\" is no DNS label; use lower-case letters, digits and inner hyphens{hint}", visible(text)))
}

/// The nearest DNS label to a text; empty if nothing of it can stay.
pub fn suggest(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(50) {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_matches('-').to_owned()
}
