//! Findings as SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use serde_json::{Value, json};

use super::{level, placed};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::document::Sources;

/// The document, with a newline at its end.
///
/// # Errors
/// None that can happen: all values are strings and numbers.
pub fn sarif(findings: &[Diagnostic], sources: &Sources) -> anyhow::Result<String> {
    let rules: Vec<Value> = Code::ALL
        .iter()
        .map(|code| json!({"id": code.id(), "fullDescription": {"text": code.explanation()}}))
        .collect();
    let results: Vec<Value> = placed(findings, sources)
        .into_iter()
        .map(|placed| {
            let help = placed.finding.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
            let mut result = json!({
                "ruleId": placed.finding.code.id(),
                "level": level(placed.finding.severity),
                "message": {"text": format!("{}{help}", placed.finding.message)},
            });
            if let Some(file) = placed.file {
                let mut place = json!({"artifactLocation": {"uri": file}});
                if let Some(line) = placed.line {
                    place["region"] = json!({"startLine": line, "startColumn": placed.column.unwrap_or(1)});
                }
                result["locations"] = json!([{"physicalLocation": place}]);
            }
            result
        })
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "infragen", "rules": rules}}, "results": results}],
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&document)?))
}
