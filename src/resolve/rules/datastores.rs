//! Data stores and their backup.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::{Datastore, StoreKind, StoreMode};

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (kind, store) in project.spec.datastores.iter().flat_map(crate::spec::Datastores::iter) {
        if store.mode == Some(StoreMode::External) {
            findings.extend(external(project, kind, store));
        }
    }
    if let Some(backup) = &project.spec.backup {
        if project.spec.datastores.iter().flat_map(crate::spec::Datastores::iter).next().is_none() {
            findings.push(
                fault(project, Code::UndefinedReference, &["backup"], "there is a backup, but no data store")
                    .help("describe the store under `datastores`, or leave `backup` out"),
            );
        }
        if backup.retention.seconds() < 86_400 {
            findings.push(fault(project, Code::InvalidValue, &["backup", "retention"], "`retention` is at least 1d"));
        }
        if backup.replicate_to.as_ref().is_some_and(|copy| copy.destination.bucket() == backup.destination.bucket()) {
            findings.push(fault(
                project,
                Code::Contradiction,
                &["backup", "replicateTo", "destination"],
                "a copy in the same bucket is lost together with it; name another bucket",
            ));
        }
    }
    findings
}

/// A finding if the project has no store of a kind.
pub(super) fn undefined(project: &ResolvedProject, kind: StoreKind, path: &[&str]) -> Option<Diagnostic> {
    let is_defined =
        project.spec.datastores.iter().flat_map(crate::spec::Datastores::iter).any(|(known, _)| known == kind);
    (!is_defined).then(|| {
        fault(project, Code::UndefinedReference, path, format!("there is no data store `{}`", kind.key()))
            .help(format!("describe it under `datastores.{}`", kind.key()))
    })
}

/// Keys that only make sense for a store that infragen runs.
fn external(project: &ResolvedProject, kind: StoreKind, store: &Datastore) -> Vec<Diagnostic> {
    let own = [
        ("storage", store.storage.is_some()),
        ("storageClass", store.storage_class.is_some()),
        ("instances", store.instances.is_some()),
        ("operator", store.operator.is_some()),
        ("pooler", store.pooler.is_some()),
        ("cluster", store.cluster.is_some()),
        ("maxmemory", store.maxmemory.is_some()),
        ("eviction", store.eviction.is_some()),
        ("resources", store.resources.is_some()),
    ];
    let mut findings: Vec<Diagnostic> = own
        .into_iter()
        .filter(|(_, set)| *set)
        .map(|(key, _)| {
            fault(
                project,
                Code::Contradiction,
                &["datastores", kind.key(), key],
                format!("`{key}` is for a store in the cluster; this one is external"),
            )
        })
        .collect();
    if store.uri.is_none() {
        findings.push(
            fault(
                project,
                Code::MissingKey,
                &["datastores", kind.key()],
                format!("the external store `{}` has no `uri`", kind.key()),
            )
            .help("name the secret key that holds its connection URI, for example `uri: DATABASE_URL`"),
        );
    }
    findings
}
