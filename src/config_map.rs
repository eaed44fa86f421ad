//! ConfigMaps that kustomize generates: their data, their entries in a kustomization, and the difference to the base.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::model::Labels;
use crate::resolve::ResolvedProject;

/// A ConfigMap that a kustomization generates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedConfigMap {
    /// Its name without suffix.
    pub name: String,
    labels: Labels,
    literals: BTreeMap<String, String>,
    /// Contents of files by name; the files stand beside the kustomization.
    pub files: BTreeMap<String, String>,
}

/// An entry of `configMapGenerator`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GeneratorEntry {
    name: String,
    /// `merge` or `replace`; `None` creates.
    behavior: Option<&'static str>,
    /// Labels of a new ConfigMap.
    labels: Labels,
    literals: Vec<String>,
    files: Vec<String>,
}

impl GeneratedConfigMap {
    /// The ConfigMap of `config`; `None` when there is none.
    pub fn of_config(project: &ResolvedProject) -> Option<Self> {
        let literals = project.config();
        (!literals.is_empty()).then(|| Self {
            name: project.config_map(),
            labels: project.labels(project.name(), "config"),
            literals,
            files: BTreeMap::new(),
        })
    }

    /// A ConfigMap of files, still empty.
    pub fn of_files(project: &ResolvedProject, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            labels: project.labels(project.name(), "config"),
            literals: BTreeMap::new(),
            files: BTreeMap::new(),
        }
    }

    /// All data.
    pub fn data(&self) -> BTreeMap<String, String> {
        self.literals.iter().chain(&self.files).map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    /// The object, without the suffix of its name.
    pub fn object(&self) -> Value {
        json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": self.name, "labels": self.labels},
            "data": self.data(),
        })
    }

    /// The entry that creates it.
    pub fn created(&self) -> GeneratorEntry {
        self.entry(None, &self.literals, &self.files)
    }

    fn entry(
        &self,
        behavior: Option<&'static str>,
        literals: &BTreeMap<String, String>,
        files: &BTreeMap<String, String>,
    ) -> GeneratorEntry {
        GeneratorEntry {
            name: self.name.clone(),
            behavior,
            labels: if behavior.is_none() { self.labels.clone() } else { Labels::new() },
            literals: literals.iter().map(|(key, value)| literal(key, value)).collect(),
            files: files.keys().cloned().collect(),
        }
    }

    /// The entry that turns the base's ConfigMap into this one; `None` when they are equal.
    fn changed(&self, base: &Self) -> Option<GeneratorEntry> {
        if self == base {
            return None;
        }
        let own = self.data();
        if base.data().keys().any(|key| !own.contains_key(key)) {
            return Some(self.entry(Some("replace"), &self.literals, &self.files));
        }
        let differing = |own: &BTreeMap<String, String>, base: &BTreeMap<String, String>| {
            own.iter()
                .filter(|(key, value)| base.get(*key) != Some(*value))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect()
        };
        Some(self.entry(
            Some("merge"),
            &differing(&self.literals, &base.literals),
            &differing(&self.files, &base.files),
        ))
    }
}

/// The entries of a layer over the base's ConfigMaps, and those of the base that it does not have.
pub fn generators<'a>(
    base: &'a BTreeMap<String, GeneratedConfigMap>,
    own: &BTreeMap<String, GeneratedConfigMap>,
) -> (Vec<GeneratorEntry>, Vec<&'a GeneratedConfigMap>) {
    let entries = own
        .values()
        .filter_map(|map| match base.get(&map.name) {
            Some(base) => map.changed(base),
            None => Some(map.created()),
        })
        .collect();
    let removed = base.values().filter(|map| !own.contains_key(&map.name)).collect();
    (entries, removed)
}

/// `KEY=value`. kustomize takes one pair of quotes around the value away, so a value that has one gets another.
fn literal(key: &str, value: &str) -> String {
    let is_quoted =
        value.len() >= 2 && ['"', '\''].iter().any(|quote| value.starts_with(*quote) && value.ends_with(*quote));
    if is_quoted { format!("{key}=\"{value}\"") } else { format!("{key}={value}") }
}
