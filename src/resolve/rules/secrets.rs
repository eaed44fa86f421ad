//! `secrets`: each key once, and what its store needs.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::SecretsStore;

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let Some(secrets) = &project.spec.secrets else {
        return Vec::new();
    };
    let mut findings: Vec<Diagnostic> = super::repeated(&secrets.keys)
        .into_iter()
        .map(|at| {
            let message = format!("`{}` is listed twice", secrets.keys[at]);
            fault(project, Code::DuplicateKey, &["secrets", "keys", &at.to_string()], message)
        })
        .collect();
    let store = secrets.store.unwrap_or(SecretsStore::Kubernetes);
    let needs = |key: &str, of: SecretsStore, is_set: bool, example: &str| match (store == of, is_set) {
        (true, false) => Some(
            fault(project, Code::MissingKey, &["secrets", "store"], format!("this store needs `secrets.{key}`"))
                .help(format!("write for example `{example}`")),
        ),
        (false, true) => Some(fault(
            project,
            Code::Contradiction,
            &["secrets", key],
            format!("`{key}` is for another store than the one of this project"),
        )),
        _ => None,
    };
    findings.extend(needs(
        "storeRef",
        SecretsStore::ExternalSecrets,
        secrets.store_ref.is_some(),
        "storeRef: {name: aws-secrets-manager, kind: ClusterSecretStore}",
    ));
    findings.extend(needs("recipients", SecretsStore::Sops, secrets.recipients.is_some(), "recipients: [age1…]"));
    findings
}
