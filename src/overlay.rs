//! Base, overlays and job kustomizations, computed: each manifest is rendered for the base and for each environment by
//! the same template, and an overlay holds the difference.

use std::collections::BTreeMap;

use minijinja::Value as Context;
use serde_json::{Value, json};

use crate::config_map::{GeneratedConfigMap, GeneratorEntry, generators};
use crate::context::kustomization;
use crate::kustomize::{self, Overlay};
use crate::plan::{Plan, PlannedVariants};
use crate::render::{self, Format};
use crate::resolve::{Resolved, ResolvedProject};
use crate::tree::{EnvironmentObjects, File, namespace_file, object};

/// What the layers consist of.
pub struct Layers {
    /// Manifests, patches and kustomizations.
    pub files: Vec<File>,
    /// Finished objects by environment.
    pub environments: Vec<EnvironmentObjects>,
}

/// A file of the base or of an environment, as rendered.
struct Variant {
    content: String,
    /// Its object, if it is a manifest.
    object: Option<Value>,
}

/// Renders the base and the overlays, and finishes the objects of each environment.
///
/// # Errors
/// A template that fails or gives no valid YAML: a bug in infragen.
pub fn build(resolved: &Resolved, plan: &Plan, plain: &[File], jobs: &[File]) -> anyhow::Result<Layers> {
    let mut base = Layer::base(&resolved.base);
    let mut overlays: Vec<Layer> = resolved.environments.iter().filter_map(Layer::overlay).collect();
    for variants in &plan.variants {
        let of_base = variant(variants, variants.base.as_ref())?;
        base.add(variants, of_base.as_ref());
        for (overlay, context) in overlays.iter_mut().zip(&variants.environments) {
            let of_environment = variant(variants, context.as_ref())?;
            overlay.add_difference(variants, of_base.as_ref(), of_environment);
        }
    }
    let base_maps = base.config_maps.clone();
    let mut files = base.finish(&BTreeMap::new())?;
    let mut environments = Vec::new();
    for overlay in overlays {
        let mut objects = overlay.objects.clone();
        objects.extend(overlay.config_maps.values().map(GeneratedConfigMap::object));
        kustomize::finish(&mut objects, &overlay.transformers());
        let (job_objects, job_kustomization) = overlay.jobs(jobs)?;
        environments.push(EnvironmentObjects {
            environment: overlay.environment.clone(),
            namespace: overlay.namespace(plain)?,
            objects,
            jobs: job_objects,
        });
        files.extend(job_kustomization);
        files.extend(overlay.finish(&base_maps)?);
    }
    Ok(Layers { files, environments })
}

fn variant(variants: &PlannedVariants, context: Option<&Context>) -> anyhow::Result<Option<Variant>> {
    let Some(context) = context else {
        return Ok(None);
    };
    let content = render::render(variants.template, variants.format, context.clone())?;
    let object = match variants.config_map {
        Some(_) => None,
        None => Some(object(variants.template, &content)?),
    };
    Ok(Some(Variant { content, object }))
}

/// The base or an overlay while it grows.
struct Layer<'a> {
    project: &'a ResolvedProject,
    /// Empty for the base.
    environment: String,
    folder: String,
    files: Vec<File>,
    /// Names of manifests that the kustomization lists.
    resources: Vec<String>,
    /// Names of patches that it lists.
    patches: Vec<String>,
    /// Whole objects, before the transformers.
    objects: Vec<Value>,
    /// Generated ConfigMaps by name.
    config_maps: BTreeMap<String, GeneratedConfigMap>,
}

impl<'a> Layer<'a> {
    fn new(project: &'a ResolvedProject, environment: &str, folder: String) -> Self {
        let config = GeneratedConfigMap::of_config(project);
        Self {
            project,
            environment: environment.to_owned(),
            folder,
            files: Vec::new(),
            resources: Vec::new(),
            patches: Vec::new(),
            objects: Vec::new(),
            config_maps: config.into_iter().map(|map| (map.name.clone(), map)).collect(),
        }
    }

    fn base(project: &'a ResolvedProject) -> Self {
        Self::new(project, "", "k8s/base".to_owned())
    }

    fn overlay(project: &'a ResolvedProject) -> Option<Self> {
        let environment = project.environment.as_ref()?;
        Some(Self::new(project, environment.as_str(), format!("k8s/overlays/{environment}")))
    }

    fn file(&mut self, name: &str, content: String, format: Format) {
        self.files.push(File {
            path: format!("{}/{name}", self.folder),
            content,
            format,
            environment: (!self.environment.is_empty()).then(|| self.environment.clone()),
        });
    }

    /// Adds a file of the base.
    fn add(&mut self, variants: &PlannedVariants, variant: Option<&Variant>) {
        let Some(variant) = variant else { return };
        let name = variants.file.as_str();
        self.file(name, variant.content.clone(), variants.format);
        match (&variants.config_map, &variant.object) {
            (Some(map), _) => self.add_config_file(map, name, &variant.content),
            (None, Some(object)) => {
                self.resources.push(name.to_owned());
                self.objects.push(object.clone());
            }
            (None, None) => {}
        }
    }

    fn add_config_file(&mut self, map: &str, name: &str, content: &str) {
        let entry =
            self.config_maps.entry(map.to_owned()).or_insert_with(|| GeneratedConfigMap::of_files(self.project, map));
        entry.files.insert(name.to_owned(), content.to_owned());
    }

    /// Adds what an environment has otherwise than the base: nothing, a patch, a deletion, or a file of its own.
    fn add_difference(&mut self, variants: &PlannedVariants, base: Option<&Variant>, own: Option<Variant>) {
        let name = variants.file.as_str();
        if let Some(map) = &variants.config_map {
            if let Some(own) = own {
                self.add_config_file(map, name, &own.content);
                if base.is_none_or(|base| base.content != own.content) {
                    self.file(name, own.content, variants.format);
                }
            }
            return;
        }
        let base_object = base.and_then(|base| base.object.as_ref());
        let own_object = own.as_ref().and_then(|own| own.object.clone());
        match (base_object, own_object) {
            (Some(base), Some(object)) if same_identity(base, &object) => {
                if let Some(patch) = kustomize::diff(base, &object) {
                    self.patch(name, &patch, "what differs from the base");
                }
                self.objects.push(object);
            }
            (base, object) => {
                if let Some(base) = base {
                    self.patch(name, &deletion(base), why_deleted(base));
                }
                if let (Some(object), Some(own)) = (object, own) {
                    self.file(name, own.content, variants.format);
                    self.resources.push(name.to_owned());
                    self.objects.push(object);
                }
            }
        }
    }

    fn patch(&mut self, name: &str, patch: &Value, what: &str) {
        let name = name.replace(".yaml", ".patch.yaml");
        let text =
            format!("{}\n# {}: {what}.\n{}", Format::Yaml.header(), self.environment, crate::yaml::document(patch));
        self.file(&name, text, Format::Yaml);
        self.patches.push(name);
    }

    /// The namespace, from its own file.
    fn namespace(&self, plain: &[File]) -> anyhow::Result<Vec<Value>> {
        let path = namespace_file(&self.environment);
        plain.iter().filter(|file| file.path == path).map(|file| object(&file.path, &file.content)).collect()
    }

    fn transformers(&self) -> Overlay {
        Overlay {
            namespace: self.project.namespace().unwrap_or_default(),
            labels: self.project.environment_labels(),
            config_maps: self.config_maps.iter().map(|(name, map)| (name.clone(), map.data())).collect(),
        }
    }

    /// The objects and the kustomization of the jobs before a deployment.
    fn jobs(&self, jobs: &[File]) -> anyhow::Result<(Vec<Value>, Option<File>)> {
        let folder = format!("k8s/jobs/{}", self.environment);
        let own: Vec<&File> = jobs.iter().filter(|file| file.path.starts_with(&format!("{folder}/"))).collect();
        if own.is_empty() {
            return Ok((Vec::new(), None));
        }
        let mut objects =
            own.iter().map(|file| object(&file.path, &file.content)).collect::<anyhow::Result<Vec<_>>>()?;
        let config = GeneratedConfigMap::of_config(self.project);
        objects.extend(config.iter().map(GeneratedConfigMap::object));
        let mut transformers = self.transformers();
        transformers.config_maps.retain(|name, _| config.as_ref().is_some_and(|config| config.name == *name));
        kustomize::finish(&mut objects, &transformers);
        let resources = own.iter().filter_map(|file| file.path.rsplit('/').next().map(str::to_owned)).collect();
        let generated: Vec<GeneratorEntry> = config.iter().map(GeneratedConfigMap::created).collect();
        let context = kustomization::jobs(self.project, resources, generated);
        let content = render::render("k8s/jobs/[env]/kustomization.yaml", Format::Yaml, context)?;
        let path = format!("{folder}/kustomization.yaml");
        let file = File { path, content, format: Format::Yaml, environment: Some(self.environment.clone()) };
        Ok((objects, Some(file)))
    }

    /// The kustomization, and with it all files.
    fn finish(mut self, base_maps: &BTreeMap<String, GeneratedConfigMap>) -> anyhow::Result<Vec<File>> {
        let is_base = self.environment.is_empty();
        let (entries, removed) = generators(base_maps, &self.config_maps);
        for map in removed.into_iter().map(GeneratedConfigMap::object) {
            let name = format!("config-map-{}.yaml", map["metadata"]["name"].as_str().unwrap_or_default());
            self.patch(&name, &deletion(&map), "a ConfigMap of the base that this environment does not have");
        }
        let (template, context) = if is_base {
            ("k8s/base/kustomization.yaml", kustomization::base(self.project, self.resources.clone(), entries))
        } else {
            let context = kustomization::overlay(self.project, self.resources.clone(), self.patches.clone(), entries);
            ("k8s/overlays/[env]/kustomization.yaml", context)
        };
        let content = render::render(template, Format::Yaml, context)?;
        self.file("kustomization.yaml", content, Format::Yaml);
        Ok(self.files)
    }
}

fn same_identity(a: &Value, b: &Value) -> bool {
    a["apiVersion"] == b["apiVersion"] && a["kind"] == b["kind"] && a["metadata"]["name"] == b["metadata"]["name"]
}

fn why_deleted(object: &Value) -> &'static str {
    match object["kind"].as_str() {
        Some("HorizontalPodAutoscaler") => "no autoscaler, since the number of replicas is fixed here",
        _ => "an object of the base that this environment does not have",
    }
}

fn deletion(object: &Value) -> Value {
    json!({
        "apiVersion": object["apiVersion"],
        "kind": object["kind"],
        "metadata": {"name": object["metadata"]["name"]},
        "$patch": "delete",
    })
}
