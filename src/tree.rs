//! The output tree in memory: files, and the finished objects of each environment that validators look at.

use serde_json::Value;

use crate::kustomize;
use crate::overlay;
use crate::plan::{Plan, PlannedFile};
use crate::render::{self, Format};
use crate::resolve::Resolved;

/// Folder below `k8s` of the namespaces.
pub const NAMESPACES: &str = "namespaces";
/// Folder below `k8s` of the environments' objects.
pub const OVERLAYS: &str = "overlays";
/// Folder below `k8s` of the jobs before a deployment.
pub const JOBS: &str = "jobs";

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path in the tree, with `/`.
    pub path: String,
    /// Its text.
    pub content: String,
    /// Its format.
    pub format: Format,
    /// The environment that it belongs to; `None` for what all share.
    pub environment: Option<String>,
}

impl File {
    /// Whether the file is a program.
    pub fn is_executable(&self) -> bool {
        self.format == Format::Shell
    }
}

/// The finished objects of one environment, as an apply sends them.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvironmentObjects {
    /// The environment's name.
    pub environment: String,
    /// The namespace, which stands outside of the overlay: who deletes that must not lose the Secrets in it.
    pub namespace: Vec<Value>,
    /// Objects of the overlay.
    pub objects: Vec<Value>,
    /// Objects of the jobs that run before a deployment.
    pub jobs: Vec<Value>,
}

impl EnvironmentObjects {
    /// What is applied together: the folder's name below `k8s`, and its objects.
    pub fn layers(&self) -> [(&'static str, &[Value]); 3] {
        [(NAMESPACES, &self.namespace), (OVERLAYS, &self.objects), (JOBS, &self.jobs)]
    }
}

/// Everything that was rendered.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// The files in the order of their paths.
    pub files: Vec<File>,
    /// The objects of each environment, in the order of names.
    pub environments: Vec<EnvironmentObjects>,
}

impl Tree {
    /// The file at a path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// A tree of files as they are, its objects made from them as kustomize would; a layer that cannot be built has none.
pub fn from_files(mut files: Vec<File>) -> Tree {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let read = |path: &str| {
        let found = files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        Some(files[found].content.clone())
    };
    let overlays = files.iter().filter_map(|file| file.path.strip_prefix("k8s/overlays/"));
    let names = overlays.filter_map(|path| path.strip_suffix("/kustomization.yaml"));
    let environments = names.map(|name| objects(name, &read)).collect();
    Tree { files, environments }
}

/// The objects that an environment's files give, made as kustomize would; a layer that cannot be built has none.
pub fn objects(environment: &str, read: &dyn Fn(&str) -> Option<String>) -> EnvironmentObjects {
    let built = |part: &str| kustomize::build(&format!("k8s/{part}/{environment}"), read).unwrap_or_default();
    let namespace = read(&namespace_file(environment)).and_then(|text| serde_yaml::from_str(&text).ok());
    EnvironmentObjects {
        environment: environment.to_owned(),
        namespace: namespace.into_iter().collect(),
        objects: built(OVERLAYS),
        jobs: built(JOBS),
    }
}

/// The file of an environment's namespace.
pub fn namespace_file(environment: &str) -> String {
    format!("k8s/{NAMESPACES}/{environment}/namespace.yaml")
}

/// Renders a plan.
///
/// # Errors
/// A template that fails or gives no valid YAML: a bug in infragen.
pub fn build(resolved: &Resolved, plan: &Plan) -> anyhow::Result<Tree> {
    let mut files = plan.files.iter().map(render_file).collect::<anyhow::Result<Vec<_>>>()?;
    let job_files = plan.jobs.iter().map(render_file).collect::<anyhow::Result<Vec<_>>>()?;
    let layers = overlay::build(resolved, plan, &files, &job_files)?;
    files.extend(job_files);
    files.extend(layers.files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Tree { files, environments: layers.environments })
}

fn render_file(planned: &PlannedFile) -> anyhow::Result<File> {
    Ok(File {
        path: planned.path.clone(),
        content: render::render(planned.template, planned.format, planned.context.clone())?,
        format: planned.format,
        environment: planned.environment.clone(),
    })
}

/// The object of a manifest file.
///
/// # Errors
/// Text that is no YAML: a bug in infragen.
pub fn object(path: &str, content: &str) -> anyhow::Result<Value> {
    serde_yaml::from_str(content)
        .map_err(|error| anyhow::anyhow!("{path} is no valid YAML, which is a bug in infragen: {error}"))
}
