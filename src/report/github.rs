//! Findings as workflow commands of GitHub Actions:
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.

use super::{level, placed};
use crate::diagnostic::Diagnostic;
use crate::spec::document::Sources;

/// One line for each finding.
pub fn github(findings: &[Diagnostic], sources: &Sources) -> String {
    placed(findings, sources)
        .into_iter()
        .map(|placed| {
            let mut properties = vec![format!("title={}", property(placed.finding.code.id()))];
            properties.extend(placed.file.as_deref().map(|file| format!("file={}", property(file))));
            properties.extend(placed.line.map(|line| format!("line={line}")));
            properties.extend(placed.column.map(|column| format!("col={column}")));
            let help = placed.finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
            let message = data(&format!("{}{help}", placed.finding.message));
            format!("::{} {}::{message}\n", level(placed.finding.severity), properties.join(","))
        })
        .collect()
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
