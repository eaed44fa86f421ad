//! How a job gets the language and the dependencies of the application.

use serde::Serialize;

use crate::model::toolchain::{Language, installed_tools};
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
    /// The package manager with its version as its installer takes it, for those that are installed first.
    tool: &'static str,
    /// The version alone.
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
            tool: tool(manager),
            tool_version: tool_version(manager),
            cached: cache == Cache::Kept,
        })
    }
}

/// The language of a project.
pub(super) fn language(project: &ResolvedProject) -> Option<Language> {
    Some(Language::of(project.image()?.package_manager?))
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

/// A package manager that does not come with its language, such as `pnpm@10.34.8`; empty for one that does.
fn tool(manager: PackageManager) -> &'static str {
    installed_tools(manager).first().copied().unwrap_or_default()
}

fn tool_version(manager: PackageManager) -> &'static str {
    tool(manager).rsplit(['@', '=']).next().unwrap_or_default()
}
