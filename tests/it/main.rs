//! All integration tests in one binary. `support` holds what they share.

// One binary: nothing is visible outside.
#![allow(unreachable_pub)]
// A failing helper fails its test, which is what it is for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc, clippy::must_use_candidate)]
// infragen's own file names are lower case.
#![allow(clippy::case_sensitive_file_extension_comparisons)]

mod backup;
mod cases;
mod commands;
mod docker;
mod documents;
mod init;
mod injection;
mod language;
mod mutations;
mod properties;
mod random;
mod rejected;
mod support;
mod workflows;
mod writing;
