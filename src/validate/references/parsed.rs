//! What relations look at: the objects of every layer, their pods, and the other parsed files.

use std::borrow::Cow;

use serde_json::Value;

use super::place::Place;
use super::rules::RuleFile;
use super::workflow::Job;
use super::{Mention, Scope};
use crate::resolve::{Resolved, ResolvedProject};
use crate::tree::{File, Tree};
use crate::validate::documents::Documents;
use crate::validate::json::{entries, items, text};

/// Everything, parsed.
pub(super) struct Parsed<'a> {
    pub(super) resolved: &'a Resolved,
    pub(super) files: &'a [File],
    pub(super) documents: &'a Documents,
    /// Objects of all layers.
    pub(super) objects: Vec<Object<'a>>,
    /// The objects that have pods.
    pub(super) workloads: Vec<Workload<'a>>,
    /// Jobs of all workflows.
    pub(super) jobs: Vec<Job<'a>>,
    /// Prometheus' rule files.
    pub(super) rules: Vec<RuleFile<'a>>,
    /// Strings of the spec that may name files.
    said: Vec<&'a str>,
}

/// What is applied together: a namespace, an environment's overlay, or its jobs before a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layer<'a> {
    pub(super) environment: &'a str,
    /// The folder below `k8s`.
    pub(super) part: &'static str,
}

/// A finished object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object<'a> {
    pub(super) layer: Layer<'a>,
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) value: &'a Value,
}

/// An object with a pod template.
#[derive(Debug, Clone, Copy)]
pub(super) struct Workload<'a> {
    pub(super) object: Object<'a>,
    /// Labels of the pods.
    pub(super) labels: &'a Value,
    /// The pods' spec.
    pub(super) pod: &'a Value,
}

/// A container of a workload.
#[derive(Debug, Clone, Copy)]
pub(super) struct Container<'a> {
    pub(super) workload: Workload<'a>,
    pub(super) name: &'a str,
    pub(super) value: &'a Value,
}

impl<'a> Parsed<'a> {
    pub(super) fn new(resolved: &'a Resolved, tree: &'a Tree, documents: &'a Documents) -> Self {
        let mut objects = Vec::new();
        for environment in &tree.environments {
            for (part, values) in environment.layers() {
                let layer = Layer { environment: &environment.environment, part };
                objects.extend(values.iter().map(|value| Object::new(layer, value)));
            }
        }
        Self {
            resolved,
            files: &tree.files,
            documents,
            workloads: objects.iter().filter_map(|object| Workload::new(*object)).collect(),
            objects,
            jobs: super::workflow::jobs(documents),
            rules: super::rules::rule_files(documents),
            said: resolved
                .all()
                .flat_map(|project| project.document.strings())
                .filter(|text| text.contains(['/', '(']))
                .collect(),
        }
    }

    /// Objects of a kind.
    pub(super) fn of_kind(&'a self, kind: &'static str) -> impl Iterator<Item = Object<'a>> {
        self.objects.iter().copied().filter(move |object| object.kind == kind)
    }

    /// The workloads of a layer whose pods have all the labels; an empty or missing selector selects all.
    pub(super) fn selected(&'a self, layer: Layer<'a>, labels: &'a Value) -> impl Iterator<Item = Workload<'a>> {
        let wanted = move |workload: &Workload<'_>| entries(labels).all(|(key, value)| workload.labels[key] == *value);
        self.workloads.iter().copied().filter(move |workload| workload.object.layer == layer && wanted(workload))
    }

    pub(super) fn containers(&'a self) -> impl Iterator<Item = Container<'a>> {
        self.workloads.iter().flat_map(|workload| workload.containers())
    }

    /// The environments with their settings.
    pub(super) fn environments(&'a self) -> impl Iterator<Item = (&'a str, &'a ResolvedProject)> {
        let projects = self.resolved.environments.iter();
        projects.filter_map(|project| Some((project.environment.as_ref()?.as_str(), project)))
    }

    /// Whether the spec itself says a text: its commands and remarks may name any file of the repository.
    pub(super) fn is_said_by_spec(&self, text: &str) -> bool {
        self.said.iter().any(|said| said.contains(text))
    }

    pub(super) fn has_file(&self, path: &str) -> bool {
        self.files.iter().any(|file| file.path == path)
    }

    pub(super) fn file(&self, path: &str) -> Option<&'a File> {
        self.files.iter().find(|file| file.path == path)
    }
}

impl<'a> Layer<'a> {
    /// Names that have a meaning in the whole layer.
    pub(super) fn scope(self) -> Scope<'a> {
        [self.environment, self.part, "", ""]
    }

    pub(super) fn folder(self) -> String {
        format!("k8s/{}/{}/", self.part, self.environment)
    }
}

impl<'a> Object<'a> {
    fn new(layer: Layer<'a>, value: &'a Value) -> Self {
        Self { layer, kind: text(&value["kind"]), name: text(&value["metadata"]["name"]), value }
    }

    /// Whether it is the same object of the same layer.
    pub(super) fn is(self, other: Self) -> bool {
        (self.layer, self.kind, self.name) == (other.layer, other.kind, other.name)
    }

    pub(super) fn spec(self) -> &'a Value {
        &self.value["spec"]
    }

    pub(super) fn labels(self) -> &'a Value {
        &self.value["metadata"]["labels"]
    }

    pub(super) fn namespace(self) -> &'a str {
        text(&self.value["metadata"]["namespace"])
    }

    pub(super) fn place(self) -> Place<'a> {
        Place::Object { object: self, part: "" }
    }

    /// Names that have a meaning in this object.
    pub(super) fn scope(self) -> Scope<'a> {
        [self.layer.environment, self.layer.part, self.name, ""]
    }

    /// A name in the scope of the layer.
    pub(super) fn names(self, name: impl Into<Cow<'a, str>>) -> Mention<'a> {
        Mention::new(self.place(), self.layer.scope(), name)
    }

    /// The object's own name, as a definition.
    pub(super) fn defines(self) -> Mention<'a> {
        self.names(self.name)
    }
}

impl<'a> Workload<'a> {
    fn new(object: Object<'a>) -> Option<Self> {
        let template = match object.kind {
            "Deployment" | "StatefulSet" | "DaemonSet" | "Job" => &object.spec()["template"],
            "CronJob" => &object.spec()["jobTemplate"]["spec"]["template"],
            _ => return None,
        };
        Some(Self { object, labels: &template["metadata"]["labels"], pod: &template["spec"] })
    }

    /// All containers, those that run first included.
    pub(super) fn containers(self) -> impl Iterator<Item = Container<'a>> {
        let all = items(&self.pod["initContainers"]).iter().chain(items(&self.pod["containers"]));
        all.map(move |value| Container { workload: self, name: text(&value["name"]), value })
    }

    /// Labels as parts of a name.
    pub(super) fn label_parts(self) -> Vec<Cow<'a, str>> {
        pairs(self.labels)
    }
}

impl<'a> Container<'a> {
    pub(super) fn place(self) -> Place<'a> {
        Place::Object { object: self.workload.object, part: self.name }
    }

    pub(super) fn scope(self) -> Scope<'a> {
        [self.workload.object.layer.environment, self.workload.object.layer.part, self.workload.object.name, self.name]
    }

    /// A name in the scope of the container.
    pub(super) fn names(self, name: impl Into<Cow<'a, str>>) -> Mention<'a> {
        Mention::new(self.place(), self.scope(), name)
    }

    /// A name in the scope of its workload.
    pub(super) fn shares(self, name: impl Into<Cow<'a, str>>) -> Mention<'a> {
        Mention::new(self.place(), self.workload.object.scope(), name)
    }
}

/// Labels as `key=value`.
pub(super) fn pairs(labels: &Value) -> Vec<Cow<'_, str>> {
    entries(labels).map(|(key, value)| Cow::Owned(format!("{key}={}", text(value)))).collect()
}
