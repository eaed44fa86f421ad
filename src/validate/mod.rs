//! Checks of everything that was rendered, before a byte is written.

mod kubernetes;

use crate::diagnostic::Diagnostic;
use crate::resolve::Resolved;
use crate::tree::Tree;

/// All findings on the output.
pub fn check(_resolved: &Resolved, tree: &Tree) -> Vec<Diagnostic> {
    let checks: [fn(&Tree) -> Vec<Diagnostic>; 1] = [kubernetes::check];
    checks.iter().flat_map(|check| check(tree)).collect()
}
