//! `infragen render`: writes the output tree.

use serde::Serialize;

use super::{Exit, diff};
use crate::cli::{Format, RenderArgs};
use crate::diagnostic::{Code, Diagnostic};
use crate::generate::generate;
use crate::printer::Printer;
use crate::selection::Selection;
use crate::text::count;
use crate::write::{Adoption, Change, Disk, State, write};

/// Writes the files of the environments asked for and of the project; with `--check` only says what differs.
///
/// # Errors
/// What infragen could not do.
pub(super) fn run(args: &RenderArgs, printer: Printer) -> anyhow::Result<Exit> {
    let generated = generate(&args.spec)?;
    printer.findings(&generated.findings, &generated.sources);
    let Some(output) = &generated.output else {
        return Ok(Exit::of(&generated.findings));
    };
    let selection = match Selection::new(&args.out, &generated.folder, output) {
        Ok(selection) => selection,
        Err(finding) => {
            printer.findings(&[finding], &generated.sources);
            return Ok(Exit::Findings);
        }
    };
    if args.check {
        return check(args, &selection, printer);
    }
    let disk = Disk::writing(&selection.root)?;
    let changes = selection.changes(&disk);
    let adoption = if args.adopt { Adoption::Everything } else { Adoption::Owned };
    write(&disk, &selection.files, &changes, adoption, &printer)?;
    for change in &changes {
        printer.detail(&format!("{:<10} {}", word(change, adoption), change.path));
    }
    let kept = kept(&changes, adoption);
    printer.findings(&kept, &generated.sources);
    summarize(args.format, &changes, adoption, printer)?;
    Ok(Exit::of(&kept))
}

/// Prints the difference and says whether there is one.
fn check(args: &RenderArgs, selection: &Selection, printer: Printer) -> anyhow::Result<Exit> {
    let changes = selection.changes(&Disk::reading(&selection.root));
    let differs = changes.iter().any(|change| change.state != State::Unchanged);
    match args.format {
        Format::Text => printer.data(&diff::file_diffs(&changes))?,
        Format::Json => summarize(args.format, &changes, Adoption::Owned, printer)?,
    }
    if differs {
        let number = changes.iter().filter(|change| change.state != State::Unchanged).count();
        printer.complain(&format!(
            "{} differ from the spec; `infragen render` brings them up to date",
            count(number, "file")
        ));
    }
    Ok(if differs { Exit::Findings } else { Exit::Fine })
}

/// Findings on files that stay although the spec gives something else.
fn kept(changes: &[Change], adoption: Adoption) -> Vec<Diagnostic> {
    changes
        .iter()
        .filter(|change| !change.is_written(adoption))
        .filter_map(|change| {
            let finding = match change.state {
                State::EditedByHand => {
                    Diagnostic::warning(Code::EditedByHand, "the file was edited by hand and is kept")
                        .help("move the change into the spec, or delete the file and render again")
                }
                State::Foreign if change.replaceable => {
                    Diagnostic::error(Code::ForeignFile, "infragen did not write this file, so it is kept")
                        .help("move it away, or let infragen take it over by `infragen render --adopt`")
                }
                State::Foreign => {
                    Diagnostic::error(Code::ForeignFile, "a link or a folder stands in the way and is kept")
                        .help("move it away; infragen never writes through links")
                }
                _ => return None,
            };
            Some(finding.in_file(change.path.clone(), None))
        })
        .collect()
}

fn word(change: &Change, adoption: Adoption) -> &'static str {
    match change.state {
        State::New => "new",
        State::Changed => "changed",
        State::Unchanged => "unchanged",
        State::Removed => "removed",
        State::EditedByHand | State::Foreign if change.is_written(adoption) => "adopted",
        State::EditedByHand | State::Foreign => "kept",
    }
}

/// The summary of a run, as programs read it.
#[derive(Serialize)]
struct Summary<'a> {
    files: Vec<SummaryFile<'a>>,
}

#[derive(Serialize)]
struct SummaryFile<'a> {
    path: &'a str,
    state: &'static str,
}

fn summarize(format: Format, changes: &[Change], adoption: Adoption, printer: Printer) -> anyhow::Result<()> {
    if format == Format::Json {
        let files =
            changes.iter().map(|change| SummaryFile { path: &change.path, state: word(change, adoption) }).collect();
        printer.data(&format!("{}\n", serde_json::to_string_pretty(&Summary { files })?))?;
        return Ok(());
    }
    let of = |name: &str| changes.iter().filter(|change| word(change, adoption) == name).count();
    let parts: Vec<String> = ["new", "changed", "adopted", "unchanged", "removed", "kept"]
        .into_iter()
        .map(|name| (of(name), name))
        .filter(|(number, _)| *number > 0)
        .map(|(number, name)| format!("{number} {name}"))
        .collect();
    printer.note(&format!("{}: {}", count(changes.len(), "file"), parts.join(", ")));
    Ok(())
}
