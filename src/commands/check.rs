//! `infragen check`: every finding on the spec, the output and the tree on disk.

use super::Exit;
use crate::cli::{CheckArgs, CheckFormat};
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::generate::generate;
use crate::printer::Printer;
use crate::report;
use crate::selection::Selection;
use crate::text::count;
use crate::write::{Change, Disk, State};

/// Prints the findings; writes nothing.
///
/// # Errors
/// What infragen could not do.
pub(super) fn run(args: &CheckArgs, printer: Printer) -> anyhow::Result<Exit> {
    let generated = generate(&args.spec)?;
    let mut findings = generated.findings;
    if let Some(output) = &generated.output {
        match Selection::new(&args.out, &generated.folder, output) {
            Ok(selection) => findings.extend(drift(&selection.changes(&Disk::reading(&selection.root)))),
            Err(finding) => findings.push(finding),
        }
    }
    match args.format {
        CheckFormat::Text => {
            printer.findings(&findings, &generated.sources);
            let number = |errors: bool| {
                findings.iter().filter(|finding| has_errors(std::slice::from_ref(finding)) == errors).count()
            };
            printer.note(&format!("{}, {}", count(number(true), "error"), count(number(false), "warning")));
        }
        CheckFormat::Json => printer.data(&report::json(&findings, &generated.sources)?)?,
        CheckFormat::Github => printer.data(&report::github(&findings, &generated.sources))?,
        CheckFormat::Sarif => printer.data(&report::sarif(&findings, &generated.sources)?)?,
    }
    Ok(Exit::of(&findings))
}

/// What differs between the tree on disk and the spec.
fn drift(changes: &[Change]) -> Vec<Diagnostic> {
    changes
        .iter()
        .filter_map(|change| {
            let (code, message) = match change.state {
                State::Unchanged => return None,
                State::New => (Code::Drift, "the file is missing"),
                State::Changed => (Code::Drift, "the file is out of date"),
                State::Removed => (Code::Drift, "the file is left over: the spec gives it no more"),
                State::EditedByHand => (Code::EditedByHand, "the file was edited by hand"),
                State::Foreign => (Code::ForeignFile, "infragen did not write what stands here"),
            };
            let finding = Diagnostic::error(code, message).in_file(change.path.clone(), None);
            Some(if code == Code::Drift { finding.help("run `infragen render`") } else { finding })
        })
        .collect()
}
