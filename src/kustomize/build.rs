//! Builds a folder of kustomizations from their files, as far as infragen writes them: resources, generated ConfigMaps,
//! patches, namespace and labels. `diff` reads trees on disk with it, and tests prove that files and objects agree.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::patch::apply;
use super::transform::{Overlay, finish};

/// A kustomization.yaml, exactly what infragen writes; validators hold files to it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Kustomization {
    #[serde(rename = "apiVersion")]
    _api_version: String,
    #[serde(rename = "kind")]
    _kind: String,
    namespace: Option<String>,
    #[serde(default)]
    labels: Vec<LabelPairs>,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default)]
    patches: Vec<PatchFile>,
    #[serde(default)]
    config_map_generator: Vec<Generator>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LabelPairs {
    #[serde(rename = "includeTemplates")]
    include_templates: bool,
    pairs: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PatchFile {
    path: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Generator {
    name: String,
    behavior: Option<String>,
    #[serde(default)]
    options: Options,
    #[serde(default)]
    literals: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

/// Objects before the transformers of names.
#[derive(Debug, Default)]
struct Accumulated {
    objects: Vec<Value>,
    /// Names of generated ConfigMaps.
    generated: Vec<String>,
}

/// Builds a folder such as `k8s/overlays/staging`; `read` gives the text of a file by its path in the tree.
///
/// # Errors
/// A file that is not there, or is not of the form that infragen writes.
pub fn build(folder: &str, read: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<Vec<Value>> {
    let (mut accumulated, kustomization) = accumulate(folder, read)?;
    let config_maps = accumulated
        .objects
        .iter()
        .filter(|object| {
            object["kind"] == "ConfigMap"
                && accumulated.generated.iter().any(|name| object["metadata"]["name"] == **name)
        })
        .filter_map(|object| Some((object["metadata"]["name"].as_str()?.to_owned(), strings(&object["data"]))))
        .collect();
    anyhow::ensure!(
        kustomization.labels.iter().all(|labels| labels.include_templates),
        "{folder}: labels must go to templates, too"
    );
    let overlay = Overlay {
        namespace: kustomization.namespace.unwrap_or_default(),
        labels: kustomization.labels.into_iter().flat_map(|labels| labels.pairs).collect(),
        config_maps,
    };
    finish(&mut accumulated.objects, &overlay);
    Ok(accumulated.objects)
}

fn accumulate(folder: &str, read: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<(Accumulated, Kustomization)> {
    let text = |name: &str| {
        let path = format!("{folder}/{name}");
        read(&path).ok_or_else(|| anyhow::anyhow!("there is no file {path}"))
    };
    let kustomization: Kustomization = serde_yaml::from_str(&text("kustomization.yaml")?)?;
    let mut accumulated = Accumulated::default();
    for resource in &kustomization.resources {
        match resource.strip_prefix("../../") {
            Some(other) => accumulated = accumulate(&format!("k8s/{other}"), read)?.0,
            None => accumulated.objects.push(serde_yaml::from_str(&text(resource)?)?),
        }
    }
    for generator in &kustomization.config_map_generator {
        generate(&mut accumulated, generator, &text)?;
    }
    for patch in &kustomization.patches {
        let patch: Value = serde_yaml::from_str(&text(&patch.path)?)?;
        patch_objects(&mut accumulated.objects, &patch);
    }
    Ok((accumulated, kustomization))
}

fn generate(
    accumulated: &mut Accumulated,
    generator: &Generator,
    text: &dyn Fn(&str) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    let mut data = BTreeMap::new();
    for literal in &generator.literals {
        let (key, value) =
            literal.split_once('=').ok_or_else(|| anyhow::anyhow!("the literal {literal:?} has no value"))?;
        data.insert(key.to_owned(), unquoted(value).to_owned());
    }
    for file in &generator.files {
        data.insert(file.clone(), text(file)?);
    }
    let known = accumulated
        .objects
        .iter_mut()
        .find(|object| object["kind"] == "ConfigMap" && object["metadata"]["name"] == generator.name);
    match (generator.behavior.as_deref(), known) {
        (Some("merge"), Some(object)) => {
            let mut merged = strings(&object["data"]);
            merged.extend(data);
            object["data"] = json!(merged);
        }
        (Some("replace"), Some(object)) => object["data"] = json!(data),
        (None, None) => {
            accumulated.generated.push(generator.name.clone());
            accumulated.objects.push(json!({
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": generator.name, "labels": generator.options.labels},
                "data": data,
            }));
        }
        (behavior, _) => anyhow::bail!("the behavior {behavior:?} does not fit the ConfigMap {}", generator.name),
    }
    Ok(())
}

fn patch_objects(objects: &mut Vec<Value>, patch: &Value) {
    let same = |object: &Value| {
        object["apiVersion"] == patch["apiVersion"]
            && object["kind"] == patch["kind"]
            && object["metadata"]["name"] == patch["metadata"]["name"]
    };
    if patch["$patch"] == "delete" {
        objects.retain(|object| !same(object));
    } else if let Some(object) = objects.iter_mut().find(|object| same(object)) {
        apply(object, patch);
    }
}

/// kustomize takes one pair of quotes around a literal's value away.
fn unquoted(value: &str) -> &str {
    ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(value)
}

fn strings(data: &Value) -> BTreeMap<String, String> {
    data.as_object()
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}
