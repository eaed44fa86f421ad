//! `.dockerignore`: what of the repository the builder does not see.

use serde::Serialize;

use super::named_files;
use crate::model::toolchain::Language;
use crate::model::{SECRET_FILES, excludes, is_secret_file};
use crate::resolve::Resolved;

/// `.dockerignore`.
#[derive(Debug, Serialize)]
pub(super) struct Ignore {
    groups: Vec<Group>,
    /// Files that a group excludes and a command names.
    needed: Vec<String>,
    secrets: &'static [&'static str],
}

/// Patterns with one reason.
#[derive(Debug, Serialize)]
struct Group {
    reason: &'static str,
    patterns: Vec<&'static str>,
}

/// What infragen and the repository's tools write, which no image needs.
const INFRASTRUCTURE: [&str; 15] = [
    "infragen.yaml",
    ".infragen.lock",
    "Dockerfile",
    ".dockerignore",
    ".hadolint.yaml",
    "compose*.yaml",
    "k8s",
    "monitoring",
    "cloud",
    "docs",
    "scripts/restore-*.sh",
    ".github",
    ".git",
    ".gitignore",
    ".gitattributes",
];

/// The values of `.dockerignore`; `None` if the spec has no image of its own.
pub(super) fn ignore(resolved: &Resolved) -> Option<Ignore> {
    let image = resolved.base.image()?;
    let language = Language::of(image.package_manager?);
    let mut groups = vec![
        Group {
            reason: "The repository itself, and what only runs beside the image.",
            patterns: INFRASTRUCTURE.to_vec(),
        },
        Group { reason: "Made anew inside the image.", patterns: made(language, image.build.is_some()) },
        Group { reason: "Tests and the tools of a developer.", patterns: tests(language) },
    ];
    groups.retain(|group| !group.patterns.is_empty());
    let built = |file: &String| image.build.is_some() && file.split('/').next().is_some_and(|first| first == "dist");
    let mut needed: Vec<String> = named_files(resolved, image)
        .into_iter()
        .filter(|file| {
            !built(file) && groups.iter().flat_map(|group| &group.patterns).any(|pattern| excludes(pattern, file))
        })
        .collect();
    needed.retain(|file| !is_secret_file(file));
    Some(Ignore { groups, needed, secrets: &SECRET_FILES })
}

fn made(language: Language, builds: bool) -> Vec<&'static str> {
    let mut patterns = match language {
        Language::Node => vec!["**/node_modules", ".next", ".turbo", "*.tsbuildinfo"],
        Language::Python => vec!["**/__pycache__", "**/*.pyc", ".venv", "venv", "*.egg-info"],
        Language::Go => Vec::new(),
    };
    if builds && language == Language::Node {
        patterns.push("dist");
    }
    patterns
}

fn tests(language: Language) -> Vec<&'static str> {
    let mut patterns = vec!["coverage", ".idea", ".vscode", "**/.DS_Store", "*.log"];
    patterns.extend(match language {
        Language::Node => ["test", "tests", "e2e", "**/__tests__", "**/*.test.*", "**/*.spec.*"].as_slice(),
        Language::Python => {
            ["tests", "**/test_*.py", "**/*_test.py", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".coverage*"]
                .as_slice()
        }
        Language::Go => ["**/*_test.go", "**/testdata"].as_slice(),
    });
    patterns
}
