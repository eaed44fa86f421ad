//! The plan: which files there will be and what their templates see, as plain data, before anything is rendered.

use minijinja::Value;

use crate::catalog::{CATALOG, Entry, Source};
use crate::render::Format;
use crate::resolve::{Resolved, ResolvedProject};

/// A file to render.
#[derive(Debug)]
pub struct PlannedFile {
    /// Template without `.j2`.
    pub template: &'static str,
    /// Format of the file.
    pub format: Format,
    /// Path in the output tree.
    pub path: String,
    /// The environment that it belongs to; `None` for the project's own files.
    pub environment: Option<String>,
    /// What the template sees.
    pub context: Value,
}

/// A file of `k8s/base` with its variants in the environments; overlays are computed from it.
#[derive(Debug)]
pub struct PlannedVariants {
    /// Template without `.j2`.
    pub template: &'static str,
    /// Name of the file, without its folder.
    pub file: String,
    /// Format of the file.
    pub format: Format,
    /// The generated ConfigMap that the file becomes part of, if it is no manifest itself.
    pub config_map: Option<String>,
    /// What the template sees for the base.
    pub base: Option<Value>,
    /// What it sees for each environment, in their order.
    pub environments: Vec<Option<Value>>,
}

/// Everything to render.
#[derive(Debug, Default)]
pub struct Plan {
    /// Files that stand for themselves.
    pub files: Vec<PlannedFile>,
    /// Files of the base and their variants.
    pub variants: Vec<PlannedVariants>,
    /// Manifests of jobs before a deployment.
    pub jobs: Vec<PlannedFile>,
}

/// Asks every entry of the catalog what it gives for the project.
pub fn plan(resolved: &Resolved) -> Plan {
    let mut plan = Plan::default();
    for entry in CATALOG {
        add(&mut plan, entry, resolved);
    }
    plan
}

/// Whether anything below a path of the catalog is rendered. No page may ask this about itself.
pub fn renders(resolved: &Resolved, path: &str) -> bool {
    CATALOG.iter().filter(|entry| entry.template.starts_with(path)).any(|entry| {
        let mut plan = Plan::default();
        add(&mut plan, entry, resolved);
        !plan.files.is_empty() || !plan.jobs.is_empty() || plan.variants.iter().any(PlannedVariants::is_anywhere)
    })
}

impl PlannedVariants {
    /// Whether the base or an environment has the file.
    fn is_anywhere(&self) -> bool {
        self.base.is_some() || self.environments.iter().any(Option::is_some)
    }
}

fn add(plan: &mut Plan, entry: &Entry, resolved: &Resolved) {
    match entry.source {
        Source::Project(context) => plan.files.extend(context(resolved).map(|context| file(entry, None, "", context))),
        Source::Each(contexts) => {
            plan.files.extend(contexts(resolved).into_iter().map(|(name, context)| file(entry, None, &name, context)));
        }
        Source::Environment(context) => {
            plan.files.extend(
                environments(resolved)
                    .filter_map(|(name, project)| Some(file(entry, Some(name), "", context(project)?))),
            );
        }
        Source::EachEnvironment(contexts) => plan.files.extend(each(entry, resolved, contexts)),
        Source::JobManifest(contexts) => plan.jobs.extend(each(entry, resolved, contexts)),
        Source::Manifests(contexts) => plan.variants.extend(named_variants(entry, resolved, contexts)),
        Source::Manifest(context) => plan.variants.push(PlannedVariants {
            template: entry.template,
            file: file_name(entry, ""),
            format: entry.format,
            config_map: None,
            base: context(&resolved.base),
            environments: resolved.environments.iter().map(context).collect(),
        }),
        Source::ConfigFile(context) => {
            let named: Vec<_> = resolved.all().map(context).collect();
            let config_map = named.iter().flatten().next().map(|(name, _)| name.clone());
            let mut contexts = named.into_iter().map(|found| found.map(|(_, context)| context));
            plan.variants.push(PlannedVariants {
                template: entry.template,
                file: file_name(entry, ""),
                format: entry.format,
                config_map,
                base: contexts.next().flatten(),
                environments: contexts.collect(),
            });
        }
    }
}

/// The variants of each item that the base or an environment has, in the order in which they come up.
fn named_variants(
    entry: &Entry,
    resolved: &Resolved,
    contexts: fn(&ResolvedProject) -> Vec<(String, Value)>,
) -> Vec<PlannedVariants> {
    let all: Vec<Vec<(String, Value)>> = resolved.all().map(contexts).collect();
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in all.iter().flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let of = |items: &[(String, Value)], name: &str| {
        items.iter().find(|(own, _)| own == name).map(|(_, context)| context.clone())
    };
    let variants = |name: &str| {
        let mut found = all.iter().map(|items| of(items, name));
        PlannedVariants {
            template: entry.template,
            file: file_name(entry, name),
            format: entry.format,
            config_map: None,
            base: found.next().flatten(),
            environments: found.collect(),
        }
    };
    names.into_iter().map(variants).collect()
}

/// The last part of an entry's path, for an item.
fn file_name(entry: &Entry, name: &str) -> String {
    entry.template.rsplit('/').next().unwrap_or(entry.template).replace("[name]", name)
}

fn environments(resolved: &Resolved) -> impl Iterator<Item = (String, &ResolvedProject)> {
    resolved.environments.iter().filter_map(|project| Some((project.environment.as_ref()?.to_string(), project)))
}

fn each(
    entry: &Entry,
    resolved: &Resolved,
    contexts: fn(&ResolvedProject) -> Vec<(String, Value)>,
) -> Vec<PlannedFile> {
    environments(resolved)
        .flat_map(|(environment, project)| {
            contexts(project)
                .into_iter()
                .map(move |(name, context)| file(entry, Some(environment.clone()), &name, context))
        })
        .collect()
}

fn file(entry: &Entry, environment: Option<String>, name: &str, context: Value) -> PlannedFile {
    PlannedFile {
        template: entry.template,
        format: entry.format,
        path: entry.template.replace("[env]", environment.as_deref().unwrap_or_default()).replace("[name]", name),
        environment,
        context,
    }
}
