//! Files that name files: kustomizations, patches, links of documents.

use std::borrow::Cow;

use serde_json::Value;

use super::parsed::Parsed;
use super::place::{Place, identity};
use super::{Mention, PROJECT, Relation, exact, never};
use crate::render::Format;
use crate::validate::json::{items, text, texts};

pub(super) const RELATIONS: &[Relation] = &[
    exact("kustomization-file", "lists `{}`, which does not exist", files_listed, files),
    exact("manifest-listed", "is listed by no kustomization: `{}`", manifests, files_listed),
    never("listed-once", "lists `{}` twice", listed_twice),
    exact("patch-target", "changes {}, which the base lacks", patched, base_objects),
    exact("document-link", "links to `{}`, which does not exist", links, files),
    exact("document-path", "names `{}`, which does not exist", paths_told, files),
];

const KUSTOMIZATION: &str = "kustomization.yaml";

/// A relative path from a folder of the tree, without `.` and `..`.
pub(super) fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// All files, and the folders that have a kustomization, each under both names.
pub(super) fn files<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for file in parsed.files {
        let place = Place::file(&file.path);
        found.push(Mention::new(place, PROJECT, file.path.as_str()));
        let mut folder = folder(&file.path);
        while !folder.is_empty() {
            found.push(Mention::new(place, PROJECT, folder));
            folder = self::folder(folder);
        }
    }
    found
}

/// Kustomizations with what they list, as written.
fn listed<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    parsed.documents.named(KUSTOMIZATION).flat_map(|(path, document)| {
        let patches = items(&document["patches"]).iter().map(|patch| text(&patch["path"]));
        let generators = items(&document["configMapGenerator"]).iter().flat_map(|it| texts(&it["files"]));
        // `key=path` renames a file.
        let files = generators.map(|file| file.rsplit('=').next().unwrap_or(file));
        texts(&document["resources"]).chain(patches).chain(files).map(move |name| (path, name))
    })
}

fn files_listed<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let file = |path: &'a str, name: &str| {
        let target = joined(folder(path), name);
        let kustomization = format!("{target}/{KUSTOMIZATION}");
        let is_folder = parsed.has_file(&kustomization);
        Mention::new(Place::file(path), PROJECT, if is_folder { kustomization } else { target })
    };
    listed(parsed).map(|(path, name)| file(path, name)).collect()
}

fn listed_twice<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut seen = std::collections::BTreeSet::new();
    let again = listed(parsed).filter(|it| !seen.insert(*it));
    again.map(|(path, name)| Mention::new(Place::file(path), PROJECT, name)).collect()
}

/// What a kustomization must list: everything below `k8s` but itself and the templates that nobody applies.
fn manifests<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let is_applied = |path: &str| {
        let entry = path == "k8s/base/kustomization.yaml";
        let own = path.ends_with("/kustomization.yaml") && !entry;
        // A namespace is applied by itself.
        let namespace = path.starts_with("k8s/namespaces/");
        path.starts_with("k8s/") && !own && !namespace && !path.ends_with(".example.yaml")
    };
    let files = parsed.files.iter().filter(|file| is_applied(&file.path));
    files.map(|file| Mention::new(Place::file(&file.path), PROJECT, file.path.as_str())).collect()
}

/// Objects that patches name. A ConfigMap of the base is generated, so its kustomization holds it.
fn patched<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let patches = parsed.files.iter().filter(|file| file.path.ends_with(".patch.yaml"));
    patches
        .filter_map(|file| {
            let (kind, name) = identity(&file.content)?;
            Some(Mention::new(Place::file(&file.path), PROJECT, object(kind, name)))
        })
        .collect()
}

fn object<'a>(kind: &str, name: &str) -> Cow<'a, str> {
    format!("{kind} `{name}`").into()
}

fn base_objects<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let place = Place::file("k8s/base/kustomization.yaml");
    let manifests = parsed.files.iter().filter(|file| file.path.starts_with("k8s/base/"));
    let objects = manifests.filter_map(|file| identity(&file.content)).map(|(kind, name)| object(kind, name));
    let base = parsed.documents.get("k8s/base/kustomization.yaml").unwrap_or(&Value::Null);
    let generated = items(&base["configMapGenerator"]).iter().map(|it| object("ConfigMap", text(&it["name"])));
    objects.chain(generated).map(|name| Mention::new(place, PROJECT, name)).collect()
}

fn documents<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let pages = parsed.files.iter().filter(|file| file.format == Format::Markdown);
    pages.map(|file| (file.path.as_str(), file.content.as_str()))
}

/// Relative links of pages.
fn links<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (path, content) in documents(parsed) {
        for (start, _) in content.match_indices("](") {
            let target = content[start + 2..].split([')', '\n', ' ']).next().unwrap_or_default();
            let target = target.split('#').next().unwrap_or_default();
            let said = &content[start..start + 2 + target.len()];
            if !target.is_empty() && !target.contains(':') && !parsed.is_said_by_spec(said) {
                found.push(Mention::new(Place::file(path), PROJECT, joined(folder(path), target)));
            }
        }
    }
    found
}

/// Folders of the tree whose files texts name by their whole path.
pub(super) const FOLDERS: [&str; 5] = ["k8s/", "monitoring/", "scripts/", "docs/", ".github/"];

/// Paths of the tree in a text. What goes on with a placeholder counts up to its last whole folder.
pub(super) fn paths(content: &str) -> Vec<&str> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    let mut found = Vec::new();
    for folder in FOLDERS {
        for (start, _) in content.match_indices(folder) {
            let before = content[..start].chars().next_back();
            // Part of another path or of an address, unless it is a way up from a folder next door.
            if before.is_some_and(is_path) && !content[..start].ends_with("../") {
                continue;
            }
            let rest = &content[start..];
            let end = rest.find(|c| !is_path(c)).unwrap_or(rest.len());
            let goes_on = rest[end..].starts_with(['<', '$', '*', '{', '[']);
            let path = if goes_on { rest[..end].rsplit_once('/').map_or("", |(path, _)| path) } else { &rest[..end] };
            found.push(path.trim_end_matches(['.', '/']));
        }
    }
    found
}

/// Words that stand for an environment's name in texts.
const PLACEHOLDERS: [&str; 2] = ["ENVIRONMENT", "/env"];

fn paths_told<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (path, content) in documents(parsed) {
        let told = paths(content).into_iter().filter(|it| !PLACEHOLDERS.iter().any(|word| it.ends_with(word)));
        let told = told.filter(|path| !parsed.is_said_by_spec(path));
        found.extend(told.map(|it| Mention::new(Place::file(path), PROJECT, it)));
    }
    found
}
