//! Findings for programs: JSON, annotations of GitHub Actions, SARIF.

mod github;
mod json;
mod sarif;

pub use github::github;
pub use json::json;
pub use sarif::sarif;

use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::spec::document::Sources;

/// A finding with its place worked out.
struct Placed<'a> {
    finding: &'a Diagnostic,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
}

fn placed<'a>(findings: &'a [Diagnostic], sources: &Sources) -> Vec<Placed<'a>> {
    findings
        .iter()
        .map(|finding| match &finding.location {
            Some(Location::Input(span)) => {
                let position = sources.position(*span);
                Placed {
                    finding,
                    file: position.map(|position| position.name.to_owned()),
                    line: position.map(|position| position.line),
                    column: position.map(|position| position.column),
                }
            }
            Some(Location::Output { path, line }) => {
                Placed { finding, file: Some(path.clone()), line: *line, column: None }
            }
            None => Placed { finding, file: None, line: None, column: None },
        })
        .collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
