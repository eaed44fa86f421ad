//! Kustomizations of the base, the overlays and the jobs.

use std::collections::BTreeMap;

use minijinja::Value;
use serde::Serialize;

use super::value;
use crate::config_map::GeneratorEntry;
use crate::resolve::ResolvedProject;

#[derive(Serialize)]
struct Kustomization {
    environment: String,
    namespace: String,
    labels: BTreeMap<String, String>,
    resources: Vec<String>,
    patches: Vec<String>,
    config_maps: Vec<GeneratorEntry>,
}

fn kustomization(
    project: &ResolvedProject,
    resources: Vec<String>,
    patches: Vec<String>,
    config_maps: Vec<GeneratorEntry>,
) -> Value {
    value(Kustomization {
        environment: project.environment.as_ref().map(ToString::to_string).unwrap_or_default(),
        namespace: project.namespace().unwrap_or_default(),
        labels: project.environment_labels(),
        resources,
        patches,
        config_maps,
    })
}

/// The base: what all environments share.
pub fn base(project: &ResolvedProject, resources: Vec<String>, config_maps: Vec<GeneratorEntry>) -> Value {
    kustomization(project, resources, Vec::new(), config_maps)
}

/// An overlay: the base and its differences.
pub fn overlay(
    project: &ResolvedProject,
    resources: Vec<String>,
    patches: Vec<String>,
    config_maps: Vec<GeneratorEntry>,
) -> Value {
    kustomization(project, resources, patches, config_maps)
}

/// Jobs before a deployment, complete in themselves.
pub fn jobs(project: &ResolvedProject, resources: Vec<String>, config_maps: Vec<GeneratorEntry>) -> Value {
    kustomization(project, resources, Vec::new(), config_maps)
}
