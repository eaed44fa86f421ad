//! The generated YAML that no object was made from — kustomizations, workflows, Prometheus' files, Secret templates —
//! parsed once for all checks. A file of several documents, such as the templates of Secrets, is a list of them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::render::Format;
use crate::tree::Tree;

/// Parsed documents by path.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    by_path: BTreeMap<String, Value>,
}

impl Documents {
    /// The document at a path.
    pub(crate) fn get(&self, path: &str) -> Option<&Value> {
        self.by_path.get(path)
    }

    /// The documents below a folder, which ends with `/`.
    pub(crate) fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.by_path
            .range(folder.to_owned()..)
            .take_while(move |(path, _)| path.starts_with(folder))
            .map(|(path, value)| (path.as_str(), value))
    }

    /// All documents of one file name.
    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.by_path
            .iter()
            .filter(move |(path, _)| path.rsplit('/').next() == Some(name))
            .map(|(path, value)| (path.as_str(), value))
    }
}

/// Parses them; what is no YAML is a finding.
pub(super) fn parse(tree: &Tree) -> (Documents, Vec<Diagnostic>) {
    let mut documents = Documents::default();
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.format == Format::Yaml && is_parsed(&file.path)) {
        match read(&file.content) {
            Ok(value) => {
                documents.by_path.insert(file.path.clone(), value);
            }
            Err(error) => {
                let line = error.location().map(|location| location.line());
                let message = format!("not valid YAML: {error}");
                findings.push(Diagnostic::error(Code::InvalidOutput, message).in_file(&file.path, line));
            }
        }
    }
    (documents, findings)
}

/// The document of a text, or the list of its documents.
fn read(content: &str) -> Result<Value, serde_yaml::Error> {
    if !content.contains("\n---\n") {
        return serde_yaml::from_str(content);
    }
    let documents = serde_yaml::Deserializer::from_str(content).map(Value::deserialize);
    let documents: Vec<Value> = documents.collect::<Result<_, _>>()?;
    Ok(Value::Array(documents.into_iter().filter(|document| !document.is_null()).collect()))
}

/// Whether checks look into the file. Manifests and patches are among the objects of the environments; the unit tests
/// of Prometheus' rules are as long as all the rest, and `promtool` runs them.
fn is_parsed(path: &str) -> bool {
    let is_manifest =
        path.starts_with("k8s/") && !path.ends_with("/kustomization.yaml") && !path.ends_with(".example.yaml");
    !is_manifest && !path.starts_with("monitoring/prometheus/tests/")
}
