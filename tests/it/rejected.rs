//! Specs that must be refused or warned of: what the program says about each is a snapshot,
//! `snapshots/rejected/<case>.snap` and `snapshots/warned/<case>.snap`.
//!
//! A case is a folder below `tests/rejected` or `tests/warned`. Refused ones whose names begin with `unreadable-` end with
//! exit code 2, the others with 1; warnings change no exit code.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::root;

fn cases(kind: &str) -> Vec<(String, PathBuf)> {
    let folders = std::fs::read_dir(root().join("tests").join(kind)).unwrap().map(|entry| entry.unwrap().path());
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

/// Checks what holds for every message, and gives it.
fn message(folder: &Path, exit: i32) -> String {
    let out = tempfile::tempdir().unwrap();
    let output = render(folder, out.path());
    let said = String::from_utf8(output.stderr).expect("messages are UTF-8");
    assert_eq!(output.status.code(), Some(exit), "{said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "standard output is for data");
    let written = std::fs::read_dir(out.path()).unwrap().count();
    assert_eq!(written == 0, exit != 0, "files are written exactly if nothing is wrong");
    assert!(said.chars().all(|c| c == '\n' || !infragen::text::is_invisible(c)), "control characters in {said:?}");
    assert!(said.len() < 8_000, "{} bytes are no message", said.len());
    // What was written is no message.
    let said: String = said.lines().filter(|line| !line.ends_with(" new")).map(|line| format!("{line}\n")).collect();
    assert!(!said.contains("hunter2") && !said.contains("sk_live_51"), "a secret is repeated: {said}");
    said
}

fn assert_reviewed(kind: &str, exit: fn(&str) -> i32) {
    let mut failures = Vec::new();
    for (case, folder) in cases(kind) {
        let result = std::panic::catch_unwind(|| {
            let said = message(&folder, exit(&case));
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(root().join("snapshots").join(kind));
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| insta::assert_snapshot!(case.as_str(), said));
        });
        failures.extend(result.err().map(|_| case));
    }
    assert!(failures.is_empty(), "{} cases differ: {failures:#?}", failures.len());
}

#[test]
fn every_refusal_is_as_reviewed() {
    assert_reviewed("rejected", |case| if case.starts_with("unreadable-") { 2 } else { 1 });
}

#[test]
fn every_warning_is_as_reviewed() {
    assert_reviewed("warned", |_| 0);
}

#[test]
fn no_message_is_left_over() {
    for kind in ["rejected", "warned"] {
        let known: BTreeSet<String> = cases(kind).into_iter().map(|(case, _)| format!("{case}.snap")).collect();
        let found: BTreeSet<String> = std::fs::read_dir(root().join("snapshots").join(kind))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".snap"))
            .collect();
        assert_eq!(found, known, "{kind}");
    }
}

/// A spec in a folder of its own.
fn spec(text: impl AsRef<[u8]>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("infragen.yaml"), text).unwrap();
    folder
}

const SMALL: &str = "version: 1\nname: shop\nprofile: node\nimage: ghcr.io/acme/shop\nenvironments: {production: {}}\n";

#[test]
fn a_huge_spec_is_refused_at_once() {
    let said = message(spec(format!("{SMALL}# {}\n", "x".repeat(1 << 20))).path(), 2);
    assert!(said.contains("at most 1048576 are read"), "{said}");
    let many: String = (0..60_000).map(|at| format!("  K{at}: x\n")).collect();
    let said = message(spec(format!("{SMALL}config:\n{many}")).path(), 2);
    assert!(said.contains("too large once its aliases are expanded"), "{said}");
    let big: String = (0..900).map(|at| format!("  K{at}: *a\n")).collect();
    let said = message(spec(format!("{SMALL}config:\n  A: &a {}\n{big}", "x".repeat(500_000))).path(), 2);
    assert!(said.contains("too large once its aliases are expanded"), "{said}");
    let twice: String = (0..40_000).map(|_| "  K: x\n").collect();
    let said = message(spec(format!("{SMALL}config:\n{twice}")).path(), 1);
    assert!(said.contains("`K` stands twice in this map"), "{said}");
}

#[test]
fn bombs_end_early() {
    let block: String = (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth))).take(700).collect();
    let keys = "? ".repeat(5000);
    for bomb in
        [block, format!("a: {}", "[".repeat(100_000)), format!("{keys}x"), "- ".repeat(100_000), "a: ".repeat(9)]
    {
        let said = message(spec(&bomb).path(), 2);
        assert!(said.contains("unreadable-spec"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_leads_no_profile_out_of_the_folder() {
    let outside = spec("extends: node\nreplicas: 3\n");
    let folder = spec(SMALL.replace("profile: node", "profile: profiles/base.yaml"));
    let profiles = folder.path().join("profiles");
    std::fs::create_dir(&profiles).unwrap();
    std::os::unix::fs::symlink(outside.path().join("infragen.yaml"), profiles.join("base.yaml")).unwrap();
    let said = message(folder.path(), 1);
    assert!(said.contains("leads out of the spec's folder"), "{said}");
    std::fs::remove_dir_all(&profiles).unwrap();
    std::os::unix::fs::symlink(outside.path(), &profiles).unwrap();
    std::fs::rename(outside.path().join("infragen.yaml"), outside.path().join("base.yaml")).unwrap();
    let said = message(folder.path(), 1);
    assert!(said.contains("leads out of the spec's folder"), "{said}");
}

#[test]
fn a_byte_order_mark_and_line_ends_of_windows_are_fine() {
    let windows = format!("\u{feff}{}", SMALL.replace('\n', "\r\n"));
    assert_eq!(message(spec(windows).path(), 0), "");
}
