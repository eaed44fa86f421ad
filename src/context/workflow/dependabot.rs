//! Dependabot's settings.

use serde::Serialize;

use super::setup::language;
use crate::catalog::Context;
use crate::context::value;
use crate::model::toolchain::Language;
use crate::resolve::{Resolved, ResolvedProject};
use crate::spec::PackageManager;

#[derive(Serialize)]
struct Settings {
    updates: Vec<Update>,
}

#[derive(Serialize)]
struct Update {
    /// Dependabot's word for the package manager.
    ecosystem: &'static str,
    /// Whether major versions stay apart.
    minor_only: bool,
}

/// The settings; `None` if the spec declines them.
pub fn dependabot(project: &Resolved) -> Context {
    let declined = project.base.spec.delivery.as_ref().and_then(|delivery| delivery.dependabot) == Some(false);
    if declined {
        return None;
    }
    let of_output = ["github-actions", "docker"].map(|ecosystem| Update { ecosystem, minor_only: false });
    let of_language = ecosystem(&project.base).map(|ecosystem| Update { ecosystem, minor_only: true });
    Some(value(Settings { updates: of_output.into_iter().chain(of_language).collect() }))
}

fn ecosystem(project: &ResolvedProject) -> Option<&'static str> {
    let manager = project.image()?.package_manager;
    Some(match (language(project)?, manager) {
        (Language::Node, _) => "npm",
        (Language::Python, Some(PackageManager::Uv)) => "uv",
        (Language::Python, _) => "pip",
        (Language::Go, _) => "gomod",
    })
}
