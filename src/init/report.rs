//! What `init` prints: every decision, how sure it is, and the places that speak for it.

use std::fmt::Write;

use super::clues::Language;
use super::draft::Draft;
use super::evidence::{Evidence, Verdict};
use super::snapshot::{Content, Snapshot};
use super::spec_text::{hint_key, sequence};

/// Most files or keys that one line lists.
const MOST_LISTED: usize = 8;

/// One line of the report.
struct Row {
    sure: String,
    key: &'static str,
    value: String,
    places: Vec<Evidence>,
    note: String,
}

/// The whole report, one decision a line, its places and notes below it.
pub fn report(snapshot: &Snapshot, draft: &Draft) -> String {
    let read = snapshot.files.values().filter(|content| matches!(content, Content::Text(_))).count();
    let mut text =
        format!("Read {read} of {} files in {}\n\n", snapshot.files.len(), crate::text::visible(&snapshot.folder));
    for row in rows(draft) {
        push_row(&mut text, &row);
    }
    push_seen(&mut text, draft);
    push_section(&mut text, "Mind", draft.notes.iter().map(|note| format!("{} {}", note.place(), note.says)));
    text
}

/// What there is to do after the spec was written to `path`; `in_the_way` are files where infragen's own will be.
pub fn next_steps(path: &str, draft: &Draft, in_the_way: &[String]) -> Vec<String> {
    let list = |items: &[&str]| match items.len().checked_sub(MOST_LISTED) {
        Some(more @ 1..) => format!("{} and {more} more", items[..MOST_LISTED].join(", ")),
        _ => items.join(", "),
    };
    let mut lines = vec![format!("wrote {path}")];
    let open = open_keys(draft);
    if !open.is_empty() {
        lines.push(format!("to decide in it: {}", list(&open)));
    }
    lines.push("next: `infragen render` writes the files that it describes".to_owned());
    if !in_the_way.is_empty() {
        let paths: Vec<&str> = in_the_way.iter().map(String::as_str).collect();
        lines.push(format!("in the way of these: {}; `infragen render --adopt` replaces them", list(&paths)));
    }
    lines
}

/// Keys for which a person's word is needed, in the order of the spec.
///
/// A repository, a build command and a health path may be missing for good; what is only guessed of the commands and
/// the port stands in a comment.
fn open_keys(draft: &Draft) -> Vec<&'static str> {
    let may_miss = ["repository", "image.build", "health"];
    let is_comment_if_guessed = ["image.build", "image.start", "image.packageManager", "port"];
    let is_open = |row: &Row| match row.sure.as_str() {
        "conflict" => true,
        "missing" => !may_miss.contains(&row.key),
        "guess" => is_comment_if_guessed.contains(&row.key),
        _ => false,
    };
    rows(draft).into_iter().filter(is_open).map(|row| row.key).collect()
}

fn rows(draft: &Draft) -> Vec<Row> {
    let mut rows = vec![
        row("profile", &draft.language, |language| language.profile().to_owned()),
        row("name", &draft.name, Clone::clone),
        row("repository", &draft.home, super::git::Home::url),
        row("image.repository", &draft.image, Clone::clone),
    ];
    if let Some(language) = draft.language.value() {
        if language.has_package_manager() {
            rows.push(row("image.packageManager", &draft.package_manager, |manager| (*manager).to_owned()));
        }
        rows.push(row("image.runtime", &draft.runtime, Clone::clone));
        if language.has_main_package() {
            rows.push(row("main package", &draft.main_package, Clone::clone));
        } else {
            if draft.build.value().is_some() || *language == Language::Node {
                rows.push(row("image.build", &draft.build, Clone::clone));
            }
            rows.push(row("image.start", &draft.start, |words| sequence(words)));
        }
        rows.push(row("port", &draft.port, u16::to_string));
        rows.push(row("health", &draft.health, Clone::clone));
    }
    rows.push(row("environments", &draft.environments, |names| names.join(", ")));
    rows
}

fn row<T>(key: &'static str, verdict: &Verdict<T>, show: impl Fn(&T) -> String) -> Row {
    let (sure, value, places, note) = match verdict {
        Verdict::Found { value, certainty, evidence, note } => {
            (certainty.to_string(), show(value), evidence.clone(), note)
        }
        Verdict::Conflict { evidence, note } => ("conflict".to_owned(), "-".to_owned(), evidence.clone(), note),
        Verdict::Missing { note } => ("missing".to_owned(), "-".to_owned(), Vec::new(), note),
    };
    Row { sure, key, value, places, note: note.clone() }
}

fn push_row(text: &mut String, row: &Row) {
    push_line(text, &format!("{:9} {:20} {}", row.sure, row.key, row.value));
    for place in &row.places {
        push_line(text, &format!("{:30} {place}", ""));
    }
    if !row.note.is_empty() {
        push_line(text, &format!("{:30} {}", "", row.note));
    }
}

/// What the spec suggests in commented lines.
fn push_seen(text: &mut String, draft: &Draft) {
    let hints = draft.hints.iter().map(|(hint, place)| format!("{}: {place}", hint_key(*hint)));
    let gates = draft.gates.iter().map(|gate| format!("gate {}: {}, {}", gate.name, gate.run, gate.evidence.place()));
    let migrate =
        draft.migrate.iter().map(|(words, place)| format!("job migrate: {}, {}", words.join(" "), place.place()));
    push_section(text, "Also seen", gates.chain(migrate).chain(hints));
}

fn push_section(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    for (index, line) in lines.enumerate() {
        if index == 0 {
            push_line(text, &format!("\n{title}:"));
        }
        push_line(text, &format!("  {line}"));
    }
}

fn push_line(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", line.trim_end());
}
