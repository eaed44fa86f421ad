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
