//! Files that are no objects have the fields that their tools know, with the right types: small structs of what
//! templates write. The tools themselves are the judges in conformance.

mod prometheus;
mod workflow;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::documents::Documents;
use crate::diagnostic::{Code, Diagnostic};
use crate::kustomize::Kustomization;

/// What is wrong with one document.
type Check = fn(&Value) -> Option<String>;

/// Where files of a format are: below a folder, or by their name anywhere.
const FORMATS: [(&str, &str, Check); 5] = [
    ("k8s/", "kustomization.yaml", typed::<Kustomization>),
    ("monitoring/prometheus/", "prometheus.yaml", typed::<prometheus::Configuration>),
    ("monitoring/prometheus/rules/", "", typed::<prometheus::Rules>),
    (".github/workflows/", "", typed::<workflow::Workflow>),
    (".github/workflows/", "", workflow::steps),
];

/// All findings on the documents.
pub(super) fn check(documents: &Documents) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (folder, name, check) in FORMATS {
        for (path, document) in documents.below(folder).filter(|(path, _)| path.ends_with(name)) {
            let fault = check(document);
            findings.extend(fault.map(|fault| Diagnostic::error(Code::InvalidOutput, fault).in_file(path, None)));
        }
    }
    findings
}

fn typed<T: DeserializeOwned>(document: &Value) -> Option<String> {
    // The plain pass is fast; only a fault pays for its path.
    T::deserialize(document).err()?;
    let error = serde_path_to_error::deserialize::<_, T>(document).err()?;
    Some(format!("{}: {}", error.path(), error.inner()))
}
