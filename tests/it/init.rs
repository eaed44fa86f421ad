//! `infragen init` on small repositories: `tests/init/<case>`, each with what is printed and written as a snapshot.
//!
//! A fixture's `dot-git` stands for `.git`, which git would not keep.

// Clippy allows it in tests, but does not see that the helpers here are parts of tests.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::{Run, command, root};

/// A folder with the files of a case, called like it, in a folder of its own.
struct Repository {
    _parent: TempDir,
    folder: PathBuf,
}

impl Repository {
    fn of_case(case: &str) -> Self {
        let repository = Self::empty(case);
        copy(&root().join("tests/init").join(case), &repository.folder);
        repository
    }

    fn empty(name: &str) -> Self {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join(name);
        fs::create_dir(&folder).unwrap();
        Self { _parent: parent, folder }
    }

    fn with(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let file = self.folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
        self
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let output = command(&self.folder).args(arguments).stdin(Stdio::null()).output().unwrap();
        Run { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// Runs `init --yes`, which must succeed, and gives what it printed.
    fn init(&self) -> String {
        self.run(&["init", "--yes"]).success().stdout
    }

    fn spec(&self) -> String {
        fs::read_to_string(self.folder.join("infragen.yaml")).unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        let target = to.join(if name == "dot-git" { ".git".as_ref() } else { name.as_os_str() });
        if entry.path().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn case_names() -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("tests/init")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_case_is_as_reviewed_and_renders_at_once() {
    let mut failures = Vec::new();
    for case in case_names() {
        let repository = Repository::of_case(&case);
        let output = repository.run(&["init", "--yes"]);
        assert_eq!(output.code, Some(0), "{case}: {}", output.stderr);
        let shown = format!("{}\n==> infragen.yaml\n{}", output.stdout, repository.spec());
        failures.extend(std::panic::catch_unwind(|| assert_case(&case, &shown)).err().map(|_| case.clone()));
        // Into a folder of its own: files of the repository may stand in the way beside the spec.
        let render = repository.run(&["render", "--out", "rendered"]);
        assert_eq!(render.code, Some(0), "{case}: {}\n{shown}", render.stderr);
    }
    assert!(failures.is_empty(), "snapshots differ: {failures:?}");
}

fn assert_case(case: &str, shown: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots/init"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(case, shown));
}

#[test]
fn no_snapshot_of_init_is_left_over() {
    let snapshots = fs::read_dir(root().join("snapshots/init")).unwrap();
    let names = snapshots.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found: BTreeSet<String> = names.filter_map(|name| Some(name.strip_suffix(".snap")?.to_owned())).collect();
    assert_eq!(found, case_names());
}

#[test]
fn an_existing_spec_is_never_overwritten() {
    for flags in [&["init"][..], &["init", "--yes"], &["init", "--yes", "--spec", "infragen.yaml"]] {
        let repository = Repository::of_case("node-npm").with("infragen.yaml", "mine");
        let output = repository.run(flags);
        assert_eq!(output.code, Some(1));
        assert_eq!(output.stdout, "");
        let said = output.stderr;
        assert!(said.starts_with("error: infragen.yaml exists already"), "{said}");
        assert_eq!(repository.spec(), "mine");
    }
}

#[test]
#[cfg(unix)]
fn a_link_in_the_place_of_the_spec_is_not_followed() {
    let repository = Repository::of_case("node-npm");
    let target = repository.folder.join("elsewhere.yaml");
    std::os::unix::fs::symlink(&target, repository.folder.join("infragen.yaml")).unwrap();
    assert_eq!(repository.run(&["init", "--yes"]).code, Some(1));
    assert!(!target.exists());
}

#[test]
fn without_a_terminal_it_does_as_with_yes() {
    let asked = Repository::of_case("python-uv");
    assert_eq!(asked.run(&["init"]).code, Some(0));
    let unasked = Repository::of_case("python-uv");
    unasked.init();
    assert_eq!(asked.spec(), unasked.spec());
}

#[test]
fn what_is_left_to_do_is_said() {
    let repository = Repository::of_case("conflict-node-version").with("k8s/base/kustomization.yaml", "");
    let output = repository.run(&["init", "--yes"]);
    let said = output.stderr;
    assert!(
        said.starts_with("wrote infragen.yaml\nto decide in it: image.repository, image.runtime, port\n"),
        "{said}"
    );
    assert!(said.contains("in the way of these: k8s/base/kustomization.yaml; "), "{said}");
    Repository::of_case("empty").run(&["init", "--yes", "--quiet"]).success().stderr("");
}

#[test]
fn what_was_written_renders_in_place() {
    for case in ["node-npm", "python-uv", "go-several-commands"] {
        let repository = Repository::of_case(case);
        repository.init();
        repository.run(&["render"]).success();
        repository.run(&["render", "--check"]).success();
    }
}

#[test]
fn a_huge_list_of_variables_stays_a_readable_spec() {
    let lines: Vec<String> = (0..50_000).map(|number| format!("VARIABLE_{number}=1")).collect();
    let repository = Repository::empty("shop").with("package.json", "{}").with(".env.example", lines.join("\n"));
    repository.init();
    assert!(repository.spec().len() < 20_000);
    assert_eq!(repository.run(&["render", "--out", "rendered"]).code, Some(0));
}

#[test]
fn running_twice_gives_the_same_bytes() {
    let repository = Repository::of_case("node-npm");
    let printed = repository.init();
    let spec = repository.spec();
    fs::remove_file(repository.folder.join("infragen.yaml")).unwrap();
    assert_eq!(repository.init(), printed);
    assert_eq!(repository.spec(), spec);
}

#[test]
fn the_profile_flag_decides_what_files_leave_open() {
    let repository = Repository::of_case("conflict-languages");
    assert_eq!(repository.run(&["init", "--yes", "--profile", "python"]).code, Some(0));
    let spec = repository.spec();
    assert!(spec.contains("\nprofile: python") && !spec.contains("placeholder: replace it\n# The profiles"), "{spec}");
    let unknown = Repository::of_case("conflict-languages").run(&["init", "--profile", "cobol"]);
    assert_eq!(unknown.code, Some(2));
}

#[test]
fn the_spec_flag_names_file_and_folder() {
    let repository = Repository::of_case("monorepo-workspaces");
    assert_eq!(repository.run(&["init", "--yes", "--spec", "packages/api/infragen.yaml"]).code, Some(0));
    let spec = fs::read_to_string(repository.folder.join("packages/api/infragen.yaml")).unwrap();
    assert!(spec.contains("\nname: api "), "{spec}");
    // The remote is the one of the repository around the package.
    assert!(spec.contains("../../.git/config:4"), "{spec}");
}

#[test]
fn the_worktree_of_a_repository_has_its_remote() {
    let repository = Repository::of_case("node-npm");
    let worktree = Repository::empty("worktree").with("package.json", "{}");
    let own = repository.folder.join(".git/worktrees/w");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("commondir"), "../..\n").unwrap();
    let worktree = worktree.with(".git", format!("gitdir: {}\n", own.display()));
    worktree.init();
    assert!(worktree.spec().contains("repository: https://github.com/shop/orders"), "{}", worktree.spec());
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let repository = Repository::empty("shop")
        .with("package.json", vec![b' '; (1 << 20) + 1])
        .with("pyproject.toml/x", "")
        .with("Dockerfile", [0xff, 0xfe]);
    let printed = repository.init();
    assert!(printed.contains("package.json is not read: it is larger than 1 MiB"), "{printed}");
    assert!(printed.contains("Dockerfile is not read: it is not UTF-8"), "{printed}");
}

#[test]
#[cfg(unix)]
fn links_out_of_the_folder_and_pipes_are_not_read() {
    let outside = Repository::empty("outside").with("package.json", "{\"name\": \"outside\"}");
    let repository = Repository::empty("shop");
    let link = |target: &Path, name: &str| std::os::unix::fs::symlink(target, repository.folder.join(name)).unwrap();
    link(&outside.folder.join("package.json"), "package.json");
    link(&outside.folder.join("nothing"), "go.mod");
    let fifo = Command::new("mkfifo").arg(repository.folder.join(".nvmrc")).status();
    let printed = repository.init();
    assert!(printed.contains("package.json is not read: it is a link that leads out of this folder"), "{printed}");
    assert!(!repository.spec().contains("outside"));
    if fifo.is_ok_and(|status| status.success()) {
        assert!(printed.contains(".nvmrc is not read: it is not a regular file"), "{printed}");
    }
}

#[test]
fn secrets_in_scripts_and_remotes_are_not_repeated() {
    for (case, secrets) in
        [("secrets-in-scripts", &["hunter2", "abc123"][..]), ("python-uv", &["s3cret"]), ("node-npm", &["password"])]
    {
        let repository = Repository::of_case(case);
        let printed = repository.init();
        for secret in secrets {
            assert!(!printed.contains(secret) && !repository.spec().contains(secret), "{case}: {secret}");
        }
    }
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let output = Repository::empty("shop").run(&["init", "--yes", "--spec", "nowhere/infragen.yaml"]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.starts_with("error: cannot look at the folder nowhere"));
    let output = Repository::empty("shop").run(&["init", "--spec", "-"]);
    assert_eq!(output.code, Some(2));
}
