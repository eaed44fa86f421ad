//! What a run would change on disk.

use super::{Adoption, Disk, Entry};
use crate::tree::File;

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is not there yet.
    New,
    /// infragen wrote it, and the spec gives something else now.
    Changed,
    /// It is as the spec gives it.
    Unchanged,
    /// infragen wrote it, and the spec gives it no more.
    Removed,
    /// It was edited since infragen wrote it; it stays.
    EditedByHand,
    /// Something that infragen did not write stands in its way; it stays.
    Foreign,
}

/// A file and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its path in the tree.
    pub path: String,
    /// What becomes of it.
    pub state: State,
    /// What it is now; `None` if it is no file.
    pub old: Option<String>,
    /// What the spec gives; `None` if nothing.
    pub new: Option<String>,
    /// Whether the thing in its way could be taken over: a link or folder cannot.
    pub replaceable: bool,
}

impl Change {
    /// Whether a run writes or removes the file.
    pub fn is_written(&self, adoption: Adoption) -> bool {
        match self.state {
            State::New | State::Changed | State::Removed => true,
            State::Unchanged => false,
            State::EditedByHand | State::Foreign => {
                adoption == Adoption::Everything && self.replaceable && self.new.is_some()
            }
        }
    }
}

/// Compares the files that a run is about with the disk. `all` are the paths of the whole tree, other environments
/// included: what the ledger lists beside them is left over, unless it belongs to one of the environments in `others`.
pub fn compare(disk: &Disk, files: &[File], all: &[&str], others: &[String]) -> Vec<Change> {
    let ledger = disk.ledger();
    let mut changes: Vec<Change> = files
        .iter()
        .map(|file| {
            let (state, old) = match disk.entry(&file.path) {
                Entry::Nothing => (State::New, None),
                Entry::Other(_) => {
                    return Change {
                        path: file.path.clone(),
                        state: State::Foreign,
                        old: None,
                        new: Some(file.content.clone()),
                        replaceable: false,
                    };
                }
                Entry::File(bytes) if bytes == file.content.as_bytes() => (State::Unchanged, Some(bytes)),
                Entry::File(bytes) if ledger.wrote(&file.path, &bytes) => (State::Changed, Some(bytes)),
                Entry::File(bytes) if ledger.lists(&file.path) => (State::EditedByHand, Some(bytes)),
                Entry::File(bytes) => (State::Foreign, Some(bytes)),
            };
            Change {
                path: file.path.clone(),
                state,
                old: old.map(lossy),
                new: Some(file.content.clone()),
                replaceable: true,
            }
        })
        .collect();
    let belongs_to_others = |path: &str| {
        path.split('/')
            .any(|part| others.iter().any(|other| part == other || part.strip_suffix(".yaml") == Some(other)))
    };
    for path in ledger.paths().filter(|path| !all.contains(path) && !belongs_to_others(path)) {
        let state = match disk.entry(path) {
            Entry::Nothing | Entry::Other(_) => continue,
            Entry::File(bytes) if ledger.wrote(path, &bytes) => (State::Removed, bytes),
            Entry::File(bytes) => (State::EditedByHand, bytes),
        };
        changes.push(Change {
            path: path.to_owned(),
            state: state.0,
            old: Some(lossy(state.1)),
            new: None,
            replaceable: true,
        });
    }
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
