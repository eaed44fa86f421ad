//! Checks of everything that was rendered, before a byte is written.

/// Structs that exist to be typed: every field is read by serde and by nothing else, and no other field is allowed.
macro_rules! shapes {
    (rename_all = $case:literal; $($(#[$attribute:meta])* $name:ident { $($(#[$of_field:meta])* $field:ident: $kind:ty,)* })*) => {
        $($(#[$attribute])*
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields, rename_all = $case)]
        #[allow(dead_code, reason = "fields are there to be typed, not to be read")]
        pub(in crate::validate) struct $name { $($(#[$of_field])* $field: $kind,)* })*
    };
}

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
