//! The tree on disk: what infragen owns there, what would change, and writing that leaves each file old or new.

mod compare;
mod disk;
mod ledger;

pub use compare::{Change, State, compare};
pub use disk::{Disk, Entry};
pub use ledger::{LEDGER_FILE, Ledger};

use crate::printer::Printer;
use crate::tree::File;

/// What a run takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adoption {
    /// Only files that the ledger lists.
    Owned,
    /// Also files in the way that infragen did not write, and files edited by hand.
    Everything,
}

/// Writes the changes and the ledger.
///
/// The ledger goes first and lists both the old and the new state of each file, so that a run killed at any moment leaves
/// only files that the next run knows as its own; the final one lists the new states.
///
/// # Errors
/// The first file that cannot be written or removed.
pub fn write(
    disk: &Disk,
    files: &[File],
    changes: &[Change],
    adoption: Adoption,
    printer: &Printer,
) -> anyhow::Result<()> {
    let old = disk.ledger();
    let ours = |change: &&Change| change.is_written(adoption);
    let mut new = old.clone();
    for change in changes.iter().filter(|change| ours(change) || change.state == State::Unchanged) {
        match files.iter().find(|file| file.path == change.path) {
            Some(file) => new.set(&file.path, &file.content),
            None => new.remove(&change.path),
        }
    }
    for path in old.paths().filter(|path| disk.entry(path) == Entry::Nothing) {
        if !files.iter().any(|file| file.path == path) {
            new.remove(path);
        }
    }
    if changes.iter().any(|change| ours(&change)) {
        disk.write_ledger(&old.union(&new))?;
        let progress = printer.progress(changes.iter().filter(ours).count(), "writing");
        for change in changes.iter().filter(ours) {
            progress.inc(1);
            match files.iter().find(|file| file.path == change.path) {
                Some(file) => disk.write(&file.path, &file.content, file.is_executable())?,
                None => disk.remove(&change.path)?,
            }
        }
    }
    disk.write_ledger(&new)
}
