//! Checks of everything that was rendered, before a byte is written.

/// Structs that exist to be typed: every field is read by serde and by nothing else, and no other field is allowed.
macro_rules! shapes {
    (rename_all = $case:literal; $($(#[$attribute:meta])* $name:ident { $($(#[$of_field:meta])* $field:ident: $kind:ty,)* })*) => {
        $($(#[$attribute])*
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields, rename_all = $case)]
        #[allow(clippy::struct_field_names, reason = "the names are the formats' own")]
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
    let (mut findings, broken) = findings(resolved, tree);
    findings.extend(broken.into_iter().map(|broken| broken.diagnostic));
    findings
}

/// What has not the form that its tool requires, and the references that do not resolve.
pub fn findings(resolved: &Resolved, tree: &Tree) -> (Vec<Diagnostic>, Vec<Broken>) {
    let (documents, mut findings) = documents::parse(tree);
    findings.extend(kubernetes::check(tree));
    findings.extend(formats::check(&documents));
    (findings, references::broken(resolved, tree, &documents))
}
