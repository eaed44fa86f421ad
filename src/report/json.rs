//! Findings as JSON. The form is stable and separate from the internal one.

use serde::Serialize;

use super::{level, placed};
use crate::diagnostic::Diagnostic;
use crate::spec::document::Sources;

#[derive(Serialize)]
struct Report<'a> {
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
}

/// The document, with a newline at its end.
///
/// # Errors
/// None that can happen: all values are strings and numbers.
pub fn json(findings: &[Diagnostic], sources: &Sources) -> anyhow::Result<String> {
    let findings = placed(findings, sources)
        .into_iter()
        .map(|placed| Finding {
            code: placed.finding.code.id(),
            severity: level(placed.finding.severity),
            message: &placed.finding.message,
            help: placed.finding.help.as_deref(),
            file: placed.file,
            line: placed.line,
            column: placed.column,
        })
        .collect();
    Ok(format!("{}\n", serde_json::to_string_pretty(&Report { findings })?))
}
