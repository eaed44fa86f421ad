//! Sections that are valid but not rendered yet: the project's to-do list, which shrinks with every release.

use super::ResolvedProject;
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::StoreMode;
use crate::spec::document::{Node, Span, Value};

/// A part of the language that renders nothing yet.
#[derive(Debug, Clone, Copy)]
pub struct Pending {
    /// Its path; `*` stands for any key or item.
    pub path: &'static str,
    /// Values that are rendered already; any other one is not. Empty: the key renders nothing at all.
    pub rendered: &'static [&'static str],
}

const fn all(path: &'static str) -> Pending {
    Pending { path, rendered: &[] }
}

const fn except(path: &'static str, rendered: &'static [&'static str]) -> Pending {
    Pending { path, rendered }
}

/// The list, in the order of the reference page.
const PENDING: &[Pending] = &[
    all("owner.contacts"),
    all("replicas.metrics"),
    all("verticalScaling"),
    all("placement.storageClass"),
    all("volumes"),
    all("service"),
    all("processes"),
    all("jobs.*.datastore"),
    except("secrets.store", &["kubernetes"]),
    all("datastores.*.note"),
    all("datastores.*.storage"),
    all("datastores.*.storageClass"),
    all("datastores.*.extensions"),
    all("datastores.*.initSql"),
    all("datastores.*.instances"),
    all("datastores.*.cluster"),
    all("datastores.*.maxmemory"),
    all("datastores.*.eviction"),
    all("datastores.*.resources"),
    all("datastores.*.operator"),
    all("datastores.*.pooler"),
    all("datastores.*.exporter"),
    all("domains.*.process"),
    all("domains.*.routes"),
    except("edge.controller", &["gateway"]),
    all("edge.tls.certificateArn"),
    all("edge.tls.minVersion"),
    all("edge.rateLimit"),
    all("edge.cors"),
    all("edge.headers"),
    all("edge.bodySize"),
    except("edge.compression", &["false"]),
    except("edge.externalDns", &["false"]),
    all("edge.allow"),
    all("edge.waf"),
    except("edge.nginx", &["false"]),
    all("logging"),
    except("monitoring.stack", &["prometheus"]),
    all("monitoring.retention"),
    all("monitoring.storage"),
    all("monitoring.grafanaHost"),
    all("monitoring.nodeExporter"),
    all("dashboards"),
    all("alerts.datastoreDown"),
    all("alerts.availability"),
    all("alerts.disk"),
    all("alerts.rollout"),
    all("alerts.cost"),
    all("alerts.custom"),
    all("slo"),
    all("backup.incremental"),
    all("backup.files"),
    all("backup.replicateTo"),
    all("backup.restoreTest"),
    except("backup.pointInTime", &["false"]),
    all("backup.objectives"),
    all("security.mesh"),
    all("security.circuitBreaker"),
    all("security.encryption"),
    all("security.compliance"),
    all("delivery.gates.*.scan"),
    all("delivery.scan.dependencies"),
    except("delivery.dispatch", &["false"]),
    except("delivery.preview", &["false"]),
    except("delivery.verify.*", &["health"]),
    all("delivery.rollback.thresholds"),
    all("delivery.notify"),
    except("delivery.strategy", &["rolling"]),
    all("local"),
    all("notify"),
    all("loadTest"),
    all("cost"),
    all("docs"),
];

/// The whole list.
pub fn pending() -> &'static [Pending] {
    PENDING
}

/// One error for each section that the project uses and infragen does not render yet.
pub(super) fn not_generated(project: &ResolvedProject) -> Vec<Diagnostic> {
    let mut findings = listed(project);
    findings.extend(in_cluster(project));
    findings.extend(project.stores_without_backup().into_iter().map(|kind| {
        let message = format!("`backup` of the data store `{}` is valid, but not generated yet", kind.key());
        Diagnostic::error(Code::NotGeneratedYet, message)
            .at(project.span(&["backup"]))
            .help("leave it out until infragen renders it; an external PostgreSQL is backed up already")
    }));
    findings
}

/// Stores that infragen would have to run itself.
fn in_cluster(project: &ResolvedProject) -> Vec<Diagnostic> {
    let stores = project.spec.datastores.iter().flat_map(crate::spec::Datastores::iter);
    stores
        .filter(|(_, store)| store.mode != Some(StoreMode::External))
        .map(|(kind, _)| {
            let entry = project.document.get("datastores").and_then(|stores| stores.entry(kind.key()));
            let span = entry.map_or(project.document.span, |entry| entry.key_span);
            let message = format!("`datastores.{}` in the cluster is valid, but not generated yet", kind.key());
            Diagnostic::error(Code::NotGeneratedYet, message)
                .at(span)
                .help("`mode: external` with a `uri` uses a database that runs elsewhere")
        })
        .collect()
}

fn listed(project: &ResolvedProject) -> Vec<Diagnostic> {
    PENDING
        .iter()
        .flat_map(|pending| {
            let pattern: Vec<&str> = pending.path.split('.').collect();
            let mut places = Vec::new();
            find(&project.document, project.document.span, &pattern, &mut Vec::new(), pending.rendered, &mut places);
            places
        })
        .map(|(path, span)| {
            Diagnostic::error(Code::NotGeneratedYet, format!("`{path}` is valid, but not generated yet"))
                .at(span)
                .help("leave it out until infragen renders it")
        })
        .collect()
}

/// Collects the places that a pattern matches and that are not rendered.
fn find(
    node: &Node,
    key_span: Span,
    pattern: &[&str],
    path: &mut Vec<String>,
    rendered: &[&str],
    places: &mut Vec<(String, Span)>,
) {
    let Some((first, rest)) = pattern.split_first() else {
        if !rendered.contains(&shown(node).as_str()) {
            places.push((path.join("."), key_span));
        }
        return;
    };
    let children: Vec<(String, Span, &Node)> = match &node.value {
        Value::Map(entries) => entries.iter().map(|entry| (entry.key.clone(), entry.key_span, &entry.value)).collect(),
        Value::List(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item.span, item)).collect(),
        _ => return,
    };
    for (key, span, child) in children {
        if *first == "*" || *first == key {
            path.push(key);
            find(child, span, rest, path, rendered, places);
            path.pop();
        }
    }
}

/// A scalar as text, to compare with the rendered values.
fn shown(node: &Node) -> String {
    match &node.value {
        Value::String(text) => text.clone(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(number) => number.to_string(),
        _ => String::new(),
    }
}
