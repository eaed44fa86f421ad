//! All integration tests in one binary. `support` holds what they share.

// One binary: nothing is visible outside.
#![allow(unreachable_pub)]

mod backup;
mod cases;
mod commands;
mod docker;
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
