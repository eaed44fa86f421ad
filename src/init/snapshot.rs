//! What `init` may see of a repository: paths, and the text of the few files that are evidence.
//!
//! A snapshot is plain data. The command fills it from the disk, tests fill it from fixtures, and everything
//! after it is a pure function.

use std::collections::BTreeMap;

/// The largest file that is read, in bytes. Manifests are far smaller; whatever is larger was not written by hand.
pub const MAX_FILE_BYTES: u64 = 1 << 20;

/// The files of one folder, paths relative to it with `/` as separator.
///
/// Files of folders above it (only `.git/config`) begin with `../`.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Name of the folder itself, the weakest evidence for the project's name.
    pub folder: String,
    /// Every file that was listed.
    pub files: BTreeMap<String, Content>,
    /// Whether the listing stopped before the end because the folder has too many files.
    pub truncated: bool,
}

/// What is known of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// It exists; its text is no evidence and was not read.
    Listed,
    /// Its text, without a byte order mark.
    Text(String),
    /// It is evidence but could not be used; the reason completes "NAME is not read: …".
    Unusable(String),
}

impl Content {
    /// Turns bytes of an evidence file into text, or says why that is impossible.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Self::too_large(bytes.len() as u64);
        }
        match String::from_utf8(bytes) {
            Ok(text) if text.contains('\0') => Self::Unusable("it has a NUL byte".to_owned()),
            Ok(text) => Self::Text(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                Self::Unusable(format!("it is not UTF-8 (byte {})", valid + 1))
            }
        }
    }

    /// A file of `size` bytes that is beyond [`MAX_FILE_BYTES`].
    pub fn too_large(size: u64) -> Self {
        Self::Unusable(format!("it is larger than 1 MiB ({} MiB)", size.div_ceil(1 << 20)))
    }
}

impl Snapshot {
    /// Text of the file at `path`, if it was read.
    pub fn text(&self, path: &str) -> Option<&str> {
        match self.files.get(path) {
            Some(Content::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Whether there is a file at `path`, readable or not.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Paths below `folder`, relative to it.
    pub fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a str> {
        let prefix = format!("{folder}/");
        self.files.range(prefix.clone()..).map_while(move |(path, _)| path.strip_prefix(&prefix))
    }

    /// Paths of all files called `name`, at any depth, the one at the top first.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let nested = self.files.keys().filter(move |path| path.rsplit_once('/').is_some_and(|(_, last)| last == name));
        let top = self.files.keys().filter(move |path| *path == name);
        top.chain(nested).map(String::as_str).filter(|path| !path.starts_with("../"))
    }
}

/// Files at the top whose text is evidence.
const EVIDENCE: &[&str] = &[
    ".env.example",
    ".node-version",
    ".nvmrc",
    ".python-version",
    ".tool-versions",
    "Dockerfile",
    "Procfile",
    "go.mod",
    "package.json",
    "pnpm-workspace.yaml",
    "pyproject.toml",
    "requirements.txt",
    "runtime.txt",
];

/// Whether the text of the file at `path` is worth reading.
pub fn is_evidence(path: &str) -> bool {
    EVIDENCE.contains(&path) || path.ends_with(".git/config") && path.trim_start_matches("../") == ".git/config"
}

/// Whether a folder of this name holds other people's or generated files, and is not entered.
pub fn is_skipped_folder(name: &str) -> bool {
    const SKIPPED: &[&str] = &[
        ".cache",
        ".git",
        ".idea",
        ".mypy_cache",
        ".next",
        ".pytest_cache",
        ".ruff_cache",
        ".tox",
        ".venv",
        ".vscode",
        "__pycache__",
        "bin",
        "build",
        "coverage",
        "dist",
        "node_modules",
        "out",
        "site-packages",
        "target",
        "testdata",
        "vendor",
        "venv",
    ];
    SKIPPED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_say_where() {
        assert_eq!(Content::from_bytes(b"ab\xff".to_vec()), Content::Unusable("it is not UTF-8 (byte 3)".to_owned()));
        assert_eq!(Content::from_bytes(b"a\0".to_vec()), Content::Unusable("it has a NUL byte".to_owned()));
        assert_eq!(Content::from_bytes(b"\xef\xbb\xbf{}".to_vec()), Content::Text("{}".to_owned()));
    }

    #[test]
    fn only_the_git_configuration_is_read_from_above() {
        assert!(is_evidence("../../.git/config"));
        assert!(is_evidence("package.json"));
        assert!(!is_evidence("../package.json"));
        assert!(!is_evidence("packages/api/package.json"));
    }
}
