//! Checks of everything that was rendered, before a byte is written.

mod custom;
mod documents;
mod formats;
mod json;
mod kubernetes;
pub mod references;

use crate::diagnostic::Diagnostic;
use crate::resolve::Resolved;
use crate::tree::Tree;

use references::Broken;

/// All findings on the output.
pub fn check(resolved: &Resolved, tree: &Tree) -> Vec<Diagnostic> {
    let (documents, mut findings) = documents::parse(tree);
    findings.extend(kubernetes::check(tree));
    findings.extend(formats::check(&documents));
    findings.extend(references::broken(resolved, tree, &documents).into_iter().map(|broken| broken.diagnostic));
    findings
}

/// The references that do not resolve, with the relations that say so.
pub fn broken_references(resolved: &Resolved, tree: &Tree) -> Vec<Broken> {
    let (documents, _) = documents::parse(tree);
    references::broken(resolved, tree, &documents)
}
