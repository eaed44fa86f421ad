//! `.infragen.lock`: which files infragen wrote, and their hashes when it did.
//!
//! Lines as `sha256sum` writes them. A line that is not of that form, or whose path leads out of the tree, is ignored: a
//! broken or forged ledger makes infragen own less, never more.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::render::Format;

/// Name of the ledger in the output folder.
pub const LEDGER_FILE: &str = ".infragen.lock";

/// The states in which infragen knows its files: one hash a path, two while a run is writing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger(BTreeMap<String, BTreeSet<String>>);

impl Ledger {
    /// Reads a ledger's text.
    pub fn parse(text: &str) -> Self {
        let mut ledger = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((hash, path)) = line.split_once("  ") else { continue };
            let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
            if is_hash && stays_inside(path) {
                ledger.0.entry(path.to_owned()).or_default().insert(hash.to_owned());
            }
        }
        ledger
    }

    /// The text to write.
    pub fn text(&self) -> String {
        let mut text = format!(
            "{}\n# Every file that infragen wrote and its SHA-256 then; one that differs was edited by hand and is kept.\n",
            Format::Yaml.header()
        );
        for (path, hashes) in &self.0 {
            for hash in hashes {
                text.push_str(&format!("{hash}  {path}\n"));
            }
        }
        text
    }

    /// Whether infragen wrote the file at a path.
    pub fn lists(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// Whether infragen wrote this very content at a path.
    pub fn wrote(&self, path: &str, content: &[u8]) -> bool {
        self.0.get(path).is_some_and(|hashes| hashes.contains(&hash(content)))
    }

    /// All paths.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Notes a file's only state.
    pub fn set(&mut self, path: &str, content: &str) {
        self.0.insert(path.to_owned(), BTreeSet::from([hash(content.as_bytes())]));
    }

    /// Forgets a file.
    pub fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// The states of both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut union = self.clone();
        for (path, hashes) in &other.0 {
            union.0.entry(path.clone()).or_default().extend(hashes.iter().cloned());
        }
        union
    }
}

fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a path is relative and has no part that leads elsewhere.
pub(super) fn stays_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', '\0'])
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_reads_what_it_wrote_and_ignores_the_rest() {
        let mut ledger = Ledger::default();
        ledger.set("k8s/base/service.yaml", "a");
        assert_eq!(Ledger::parse(&ledger.text()), ledger);
        let hash = "0".repeat(64);
        for line in [
            format!("{hash}  ../x"),
            format!("{hash}  /etc/passwd"),
            format!("{hash}  a//b"),
            "x  y".to_owned(),
            "{{{".to_owned(),
        ] {
            assert_eq!(Ledger::parse(&line), Ledger::default(), "{line}");
        }
    }
}
