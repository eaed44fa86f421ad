//! The spec's text under construction: settings, settings that are commented out, and prose.
//!
//! Everything that reaches a comment is made harmless here, so that no file of a repository can write into the spec.

use super::evidence::{Certainty, Evidence, Verdict};
use crate::text::is_invisible;

/// Column at which comments behind settings begin, where the setting leaves room.
const COMMENT_COLUMN: usize = 44;
/// Columns of a comment line of its own.
const WIDTH: usize = 110;

/// The places that speak for a value, and what else there is to know, for a comment behind it.
pub(super) fn because<T>(verdict: &Verdict<T>) -> String {
    let Verdict::Found { certainty, evidence, note, .. } = verdict else { return String::new() };
    let places: Vec<String> = evidence.iter().map(Evidence::place).collect();
    let sure = if *certainty == Certainty::Certain { String::new() } else { format!("{certainty}: ") };
    let parts = [places.join(", "), note.clone()].into_iter().filter(|part| !part.is_empty());
    format!("{sure}{}", parts.collect::<Vec<String>>().join("; "))
}

/// What a commented setting shows that nothing could decide.
#[derive(Clone, Copy)]
pub(super) enum Open<'a> {
    /// What such a setting could look like.
    Example(&'a str),
    /// What holds as long as the setting stays commented out.
    Default(&'a str),
}

/// The text.
#[derive(Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    /// The finished text.
    pub(super) fn finish(self) -> String {
        self.text
    }

    /// A setting, a commented setting, or an example, as the verdict is settled, guessed or open.
    pub(super) fn verdict<T>(
        &mut self,
        indent: usize,
        key: &str,
        verdict: &Verdict<T>,
        show: impl Fn(&T) -> String,
        open: Open<'_>,
    ) {
        match verdict {
            Verdict::Found { value, certainty, .. } if *certainty > Certainty::Guess => {
                self.setting(indent, key, &show(value), &because(verdict));
            }
            Verdict::Found { value, .. } => {
                self.prose(indent, &format!("A {}.", because(verdict)));
                self.off(indent, key, &show(value));
            }
            undecided => {
                self.reason(indent, key, undecided);
                match open {
                    Open::Example(example) => self.off(indent, key, example),
                    Open::Default(own) => {
                        self.prose(indent, "Until you decide, the profile's own is used:");
                        self.off(indent, key, own);
                    }
                }
            }
        }
    }

    /// A setting that must be there although nothing says it.
    pub(super) fn placeholder<T>(&mut self, indent: usize, key: &str, value: &str, verdict: &Verdict<T>) {
        self.reason(indent, key, verdict);
        self.setting(indent, key, value, "placeholder: replace it");
    }

    fn reason<T>(&mut self, indent: usize, key: &str, verdict: &Verdict<T>) {
        match verdict {
            Verdict::Conflict { evidence, note } => {
                let places: Vec<String> = evidence.iter().map(ToString::to_string).collect();
                let note = if note.is_empty() { String::new() } else { format!("; {note}") };
                self.prose(indent, &format!("Contradiction about {key}: {}{note}.", places.join(" against ")));
            }
            Verdict::Missing { note } => self.prose(indent, &format!("Not known, {key}: {note}.")),
            Verdict::Found { .. } => {}
        }
    }

    pub(super) fn setting(&mut self, indent: usize, key: &str, value: &str, comment: &str) {
        self.line(&format!("{:indent$}{key}: {value}", ""), comment);
    }

    /// A key whose value follows in further lines.
    pub(super) fn open(&mut self, indent: usize, key: &str) {
        self.line(&format!("{:indent$}{key}:", ""), "");
    }

    /// A setting that is commented out; a key may begin with blanks to stand below another one.
    pub(super) fn off(&mut self, indent: usize, key: &str, value: &str) {
        let line = format!("{:indent$}# {key}: {value}", "");
        self.line(line.trim_end(), "");
    }

    /// A line of YAML with a comment behind it, or above it where the comment is long.
    pub(super) fn line(&mut self, yaml: &str, comment: &str) {
        let comment = harmless(comment);
        let width = yaml.chars().count().max(COMMENT_COLUMN - 1) + 3 + comment.chars().count();
        if comment.is_empty() {
            self.text.push_str(yaml);
        } else if width <= WIDTH {
            let column = COMMENT_COLUMN - 1;
            self.push(&format!("{yaml:column$} # {comment}"));
        } else {
            let indent = yaml.len() - yaml.trim_start().len();
            self.prose(indent, &comment);
            self.text.push_str(yaml);
        }
        self.text.push('\n');
    }

    /// A comment of its own, broken into lines between words.
    pub(super) fn prose(&mut self, indent: usize, comment: &str) {
        let mut line = String::new();
        for word in harmless(comment).split(' ') {
            if !line.is_empty() && indent + 2 + line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.push(&format!("{:indent$}# {line}\n", ""));
                line.clear();
            } else if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.push(&format!("{:indent$}# {line}\n", ""));
    }

    /// An empty line.
    pub(super) fn blank(&mut self) {
        self.push("\n");
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }
}

/// `text` without anything that could end a comment or disguise it.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if is_invisible(c) { '\u{fffd}' } else { c }).collect()
}
