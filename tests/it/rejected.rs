//! Specs that must be refused: what the program says about each is a snapshot, `snapshots/rejected/<case>.snap`.
//!
//! A case is a folder below `tests/rejected`. Those whose names begin with `unreadable-` end with exit code 2, all
//! others with 1.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::root;

fn cases() -> Vec<(String, PathBuf)> {
    let folders = std::fs::read_dir(root().join("tests/rejected")).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<(String, PathBuf)> =
        folders.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path)).collect();
    cases.sort();
    cases
}

/// Runs `infragen render` in a folder, into another one.
fn render(folder: &Path, out: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_infragen"))
        .args(["--color", "never", "render", "--spec", "infragen.yaml", "--out"])
        .arg(out)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .output()
        .unwrap()
}

/// Checks what holds for every refusal, and gives the message.
fn refusal(folder: &Path, exit: i32) -> String {
    let out = tempfile::tempdir().unwrap();
    let output = render(folder, out.path());
    let said = String::from_utf8(output.stderr).expect("messages are UTF-8");
    assert_eq!(output.status.code(), Some(exit), "{said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "standard output is for data");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0, "nothing is written");
    assert!(said.chars().all(|c| c == '\n' || !c.is_control()), "control characters in {said:?}");
    assert!(said.len() < 16_000, "{} bytes are no message", said.len());
    assert!(!said.contains("hunter2") && !said.contains("sk_live_51"), "a secret is repeated: {said}");
    said
}

#[test]
fn every_refusal_is_as_reviewed() {
    let mut failures = Vec::new();
    for (case, folder) in cases() {
        let result = std::panic::catch_unwind(|| {
            let said = refusal(&folder, if case.starts_with("unreadable-") { 2 } else { 1 });
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(root().join("snapshots/rejected"));
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| insta::assert_snapshot!(case.as_str(), said));
        });
        failures.extend(result.err().map(|_| case));
    }
    assert!(failures.is_empty(), "{} cases differ: {failures:#?}", failures.len());
}

#[test]
fn no_snapshot_is_left_over() {
    let known: BTreeSet<String> = cases().into_iter().map(|(case, _)| format!("{case}.snap")).collect();
    let found: BTreeSet<String> = std::fs::read_dir(root().join("snapshots/rejected"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".snap"))
        .collect();
    assert_eq!(found, known);
}
