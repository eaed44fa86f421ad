//! Names, labels and namespaces of objects.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::parsed::{Object, Parsed, pairs};
use super::{Mention, Relation, exact, never, within};
use crate::validate::json::keys;

pub(super) const RELATIONS: &[Relation] = &[
    within("common-label", "lacks label `{}`", labels_expected, labels_there),
    within("pod-label", "lacks label `{}` on its pods", pod_labels_expected, pod_labels_there),
    exact("namespace", "is in namespace `{}`, which its environment does not create", namespaces_used, namespaces),
    never("object-once", "is there twice", repeated_objects),
];

/// Labels of every object whose value is the object's own.
const KEYS: [&str; 2] = ["app.kubernetes.io/instance", "app.kubernetes.io/component"];

/// Labels that every object has, each a mention of its own; in the scope of kind and name.
fn labels_expected<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for object in &parsed.objects {
        let environment = format!("environment={}", object.layer.environment);
        let labels = common_labels(parsed).into_iter().chain([Cow::Owned(environment)]);
        found.extend(labels.map(|label| Mention::new(object.place(), scope(*object), label)));
    }
    found
}

fn common_labels<'a>(parsed: &'a Parsed<'a>) -> Vec<Cow<'a, str>> {
    let project = parsed.resolved.base.name();
    let fixed = [
        format!("app.kubernetes.io/name={project}"),
        format!("app.kubernetes.io/part-of={project}"),
        "app.kubernetes.io/managed-by=infragen".to_owned(),
    ];
    KEYS.into_iter().map(Cow::Borrowed).chain(fixed.into_iter().map(Cow::Owned)).collect()
}

/// Labels with and without their values, as one mention of all.
fn labels_there<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let objects = parsed.objects.iter();
    objects
        .map(|object| {
            let labels = keys(object.labels()).map(Cow::Borrowed).chain(pairs(object.labels()));
            Mention::parts(object.place(), scope(*object), labels.collect())
        })
        .collect()
}

/// Objects of different kinds may share a name.
fn scope(object: Object<'_>) -> super::Scope<'_> {
    [object.layer.environment, object.layer.part, object.name, object.kind]
}

fn pod_labels_expected<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for workload in &parsed.workloads {
        let object = workload.object;
        found.extend(common_labels(parsed).into_iter().map(|label| Mention::new(object.place(), scope(object), label)));
    }
    found
}

fn pod_labels_there<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let workloads = parsed.workloads.iter();
    workloads
        .map(|workload| {
            let labels = keys(workload.labels).map(Cow::Borrowed).chain(workload.label_parts());
            Mention::parts(workload.object.place(), scope(workload.object), labels.collect())
        })
        .collect()
}

/// Namespaces of all objects but the namespaces themselves, in the scope of their environment.
fn namespaces_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let objects = parsed.objects.iter().filter(|object| object.kind != "Namespace");
    objects.map(|object| Mention::new(object.place(), environment(*object), object.namespace())).collect()
}

/// The namespace of each environment, in the scope of the environment.
pub(super) fn namespaces<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.of_kind("Namespace").map(|object| Mention::new(object.place(), environment(object), object.name)).collect()
}

fn environment(object: Object<'_>) -> super::Scope<'_> {
    [object.layer.environment, "", "", ""]
}

fn repeated_objects<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut seen = BTreeSet::new();
    let objects = parsed.objects.iter();
    objects.filter(|object| !seen.insert(scope(**object))).map(|object| object.defines()).collect()
}
