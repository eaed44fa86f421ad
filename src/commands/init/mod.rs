//! `infragen init`: looks at the repository, says what it found, and writes a first spec.

mod ask;
mod collect;

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use inquire::InquireError;

use super::Exit;
use crate::cli::{InitArgs, SpecArgs};
use crate::generate::generate;
use crate::init::clues::Language;
use crate::init::draft::{Defaults, Draft, draft};
use crate::init::report::{next_steps, report};
use crate::init::snapshot::Snapshot;
use crate::init::spec_text::spec_text;
use crate::load::SPEC_FILE;
use crate::printer::Printer;
use crate::resolve::built_in;
use crate::spec::document::{Node, SourceId, Value};
use crate::spec::read;

/// Looks, reports, asks on a terminal, and writes.
///
/// # Errors
/// What infragen could not do: list the folder, or write the file.
pub(super) fn run(args: &InitArgs, printer: Printer) -> anyhow::Result<Exit> {
    let path = args.spec.clone().unwrap_or_else(|| PathBuf::from(SPEC_FILE));
    anyhow::ensure!(path.as_os_str() != "-", "`init` writes a file; name one after `--spec`");
    if path.symlink_metadata().is_ok() {
        return Ok(refuse(&path, printer));
    }
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let snapshot = collect::collect(folder)
        .map_err(|error| anyhow::anyhow!("cannot look at the folder {}: {error}", folder.display()))?;
    let chosen = args.profile.as_deref().and_then(Language::of_profile);
    let found = draft(&snapshot, chosen, defaults);
    printer.data(&report(&snapshot, &found))?;
    if !printer.is_styled() {
        ask::without_colour();
    }
    let answered = if args.yes || !is_interactive() { Ok(found) } else { asked(&snapshot, found, chosen) };
    let draft = match answered {
        Ok(draft) => draft,
        Err(InquireError::OperationCanceled | InquireError::OperationInterrupted) => {
            printer.complain("nothing was written");
            return Ok(Exit::Findings);
        }
        Err(error) => return Err(error.into()),
    };
    if !write_new(&path, &spec_text(&draft))
        .map_err(|error| anyhow::anyhow!("cannot write {}: {error}", path.display()))?
    {
        return Ok(refuse(&path, printer));
    }
    let in_the_way = in_the_way(&path, folder);
    for line in next_steps(&path.display().to_string(), &draft, &in_the_way) {
        printer.note(&line);
    }
    Ok(Exit::Fine)
}

fn refuse(path: &Path, printer: Printer) -> Exit {
    printer.complain(&format!("error: {} exists already, and `init` never overwrites a spec", path.display()));
    printer.complain("hint: remove it first, or write another one with `--spec FILE`");
    Exit::Findings
}

/// Questions go to standard error and answers come from standard input.
fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// The draft after the person's answers; another language than the files' means to look again.
fn asked(snapshot: &Snapshot, found: Draft, chosen: Option<Language>) -> Result<Draft, InquireError> {
    let mut answered = if chosen.is_some() {
        found
    } else {
        let language = ask::profile(&found.language)?;
        if found.language.settled() == Some(&language) { found } else { draft(snapshot, Some(language), defaults) }
    };
    ask::following(&mut answered)?;
    Ok(answered)
}

/// What the language's built-in profile says of the image.
fn defaults(language: Language) -> Defaults {
    let profile = built_in(language.profile()).and_then(|profile| read::parse(profile.text, SourceId(0)).ok());
    let image = profile.as_ref().and_then(|profile| profile.get("image"));
    let text = |key: &str| image.and_then(|image| image.get(key)?.as_str()).unwrap_or_default().to_owned();
    let start = image.and_then(|image| image.get("start"));
    let start = match start.map(|node| &node.value) {
        Some(Value::List(words)) => words.iter().filter_map(Node::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    Defaults { runtime: text("runtime"), package_manager: text("packageManager"), start }
}

/// Files of the folder that stand where the first `render` will write.
fn in_the_way(spec: &Path, folder: &Path) -> Vec<String> {
    let args = SpecArgs { spec: Some(spec.to_path_buf()), sets: Vec::new() };
    let output = generate(&args).ok().and_then(|generated| generated.output);
    let files = output.map(|output| output.tree.files).unwrap_or_default();
    files.into_iter().map(|file| file.path).filter(|path| folder.join(path).symlink_metadata().is_ok()).collect()
}

/// Writes a file that must not be there yet; false if it is, also when another process was faster.
fn write_new(path: &Path, text: &str) -> io::Result<bool> {
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(error),
    };
    if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
        // Half a spec is worse than none; that it could not be removed either adds nothing to the first error.
        let _ = std::fs::remove_file(path);
        return Err(error);
    }
    Ok(true)
}
