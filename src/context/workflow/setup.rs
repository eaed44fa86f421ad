//! How a job gets the language and the dependencies of the application.

use serde::Serialize;

use crate::resolve::ResolvedProject;
use crate::spec::PackageManager;

/// Whether a workflow may keep downloads from run to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cache {
    /// It may: nothing of it is published.
    Kept,
    /// It must not: a pull request could have put anything into the cache.
    Refused,
}

/// The steps that install language and dependencies.
#[derive(Serialize)]
pub(super) struct Setup {
    /// The partial template with the steps.
    partial: String,
    /// Version of the language.
    version: String,
    /// Version of the package manager, for those that are installed first.
    tool_version: &'static str,
    /// Whether downloads are kept.
    cached: bool,
}

impl Setup {
    /// The set-up of a project; `None` if its profile names no package manager.
    pub(super) fn new(project: &ResolvedProject, cache: Cache) -> Option<Self> {
        let image = project.image()?;
        let manager = image.package_manager?;
        Some(Self {
            partial: format!("_workflow/setup/{}", name(manager)),
            version: image.runtime.as_ref()?.to_string(),
            tool_version: tool_version(manager),
            cached: cache == Cache::Kept,
        })
    }
}

/// The language of a project, as far as workflows differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// JavaScript and TypeScript.
    Node,
    /// Python.
    Python,
    /// Go.
    Go,
}

/// The language that a package manager is for.
pub(super) fn language(project: &ResolvedProject) -> Option<Language> {
    Some(match project.image()?.package_manager? {
        PackageManager::Npm | PackageManager::Pnpm | PackageManager::Yarn => Language::Node,
        PackageManager::Pip | PackageManager::Uv | PackageManager::Poetry => Language::Python,
        PackageManager::Go => Language::Go,
    })
}

fn name(manager: PackageManager) -> &'static str {
    match manager {
        PackageManager::Npm => "npm",
        PackageManager::Pnpm => "pnpm",
        PackageManager::Yarn => "yarn",
        PackageManager::Pip => "pip",
        PackageManager::Uv => "uv",
        PackageManager::Poetry => "poetry",
        PackageManager::Go => "go",
    }
}

/// Version of a package manager that does not come with its language.
fn tool_version(manager: PackageManager) -> &'static str {
    match manager {
        PackageManager::Pnpm => "10.34.8",
        PackageManager::Yarn => "4.18.1",
        PackageManager::Uv => "0.13.8",
        PackageManager::Poetry => "2.5.1",
        PackageManager::Npm | PackageManager::Pip | PackageManager::Go => "",
    }
}
