//! What the tests share: running the library's flow on a spec, and the program on a folder.

use std::path::{Path, PathBuf};

use infragen::cli::SpecArgs;
use infragen::generate::{Generated, generate};

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All specs that are rendered as cases, by name: the examples that render whole, and `tests/cases`.
pub fn cases() -> Vec<(String, PathBuf)> {
    let named = |folder: &str, names: Option<&[&str]>| {
        let mut found: Vec<(String, PathBuf)> = std::fs::read_dir(root().join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.join("infragen.yaml").is_file())
            .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path.join("infragen.yaml")))
            .filter(|(name, _)| names.is_none_or(|names| names.contains(&name.as_str())))
            .collect();
        found.sort();
        found
    };
    let mut cases = named("examples", Some(&RENDERED_EXAMPLES));
    cases.extend(named("tests/cases", None));
    cases
}

/// Examples that use nothing that is not generated yet.
pub const RENDERED_EXAMPLES: [&str; 2] = ["hello", "orders"];

/// Runs the flow on a spec's file.
pub fn generated(spec: &Path) -> Generated {
    let args = SpecArgs { spec: Some(spec.to_path_buf()), sets: Vec::new() };
    generate(&args).unwrap()
}

/// The smallest spec.
pub const HELLO: &str = include_str!("../../examples/hello/infragen.yaml");

/// A folder with a spec, and the program to run in it.
pub struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// A folder whose `infragen.yaml` is the text; none for an empty one.
    pub fn new(spec: &str) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        if !spec.is_empty() {
            project.write("infragen.yaml", spec);
        }
        project
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).unwrap()
    }

    pub fn append(&self, path: &str, text: &str) {
        self.write(path, &(self.read(path) + text));
    }

    #[track_caller]
    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replace(from, to));
    }

    pub fn create_folder(&self, path: &str) {
        std::fs::create_dir_all(self.path().join(path)).unwrap();
    }

    pub fn modified(&self, path: &str) -> std::time::SystemTime {
        std::fs::metadata(self.path().join(path)).unwrap().modified().unwrap()
    }

    /// All files but the ledger, sorted.
    pub fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        list(self.path(), "", &mut found);
        found.retain(|path| path != ".infragen.lock");
        found.sort();
        found
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        Self::execute(self.path(), arguments, "")
    }

    pub fn run_in(&self, folder: &str, arguments: &[&str]) -> Run {
        Self::execute(&self.path().join(folder), arguments, "")
    }

    pub fn run_with(&self, arguments: &[&str], stdin: &str) -> Run {
        Self::execute(self.path(), arguments, stdin)
    }

    fn execute(folder: &Path, arguments: &[&str], stdin: &str) -> Run {
        use std::io::Write as _;
        let mut child = command(folder).args(arguments).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The program in a folder, without anything of the environment that changes what it does.
pub fn command(folder: &Path) -> std::process::Command {
    use std::process::Stdio;
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_infragen"));
    command.current_dir(folder).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn list(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() && !path.is_symlink() {
            list(&path, &format!("{name}/"), found);
        } else {
            found.push(name);
        }
    }
}

/// What a run gave.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    #[track_caller]
    pub fn code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn success(self) -> Self {
        self.code(0)
    }

    #[track_caller]
    pub fn stdout(self, expected: &str) -> Self {
        assert_eq!(self.stdout, expected);
        self
    }

    #[track_caller]
    pub fn stderr(self, expected: &str) -> Self {
        assert_eq!(self.stderr, expected);
        self
    }

    #[track_caller]
    pub fn stderr_ends(self, expected: &str) -> Self {
        assert!(self.stderr.ends_with(expected), "{}", self.stderr);
        self
    }
}
