//! `infragen init`: from what a repository holds to a first spec.
//!
//! A [`snapshot`] of the folder goes in; readers, one for each language and one for what runs already, turn it into
//! [`clues`]; [`draft`] weighs them into one verdict for each setting; [`report`] prints the verdicts and [`spec_text`]
//! writes them. Everything here is a pure function: the command reads the disk, asks, and writes.

pub mod admit;
pub mod clues;
pub mod command_line;
pub mod container;
pub mod dockerfile;
pub mod draft;
pub mod evidence;
pub mod git;
pub mod go;
pub mod json;
pub mod language;
pub mod layout;
pub mod lines;
pub mod name;
pub mod node;
mod page;
pub mod python;
pub mod questions;
pub mod release;
pub mod report;
pub mod snapshot;
pub mod spec_text;

#[cfg(test)]
mod tests;
