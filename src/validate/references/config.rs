//! ConfigMaps, Secrets, volumes and environment variables.

use std::collections::BTreeSet;

use serde_json::Value;

use super::identity::namespaces;
use super::parsed::{Container, Object, Parsed, Workload};
use super::{Mention, Relation, exact, never};
use crate::validate::json::{items, keys, text, texts};

pub(super) const RELATIONS: &[Relation] = &[
    exact("config-map", "reads ConfigMap `{}`, which does not exist", config_maps_used, config_maps),
    exact("config-map-used", "is read by nobody", config_maps, config_maps_used),
    exact("config-map-key", "reads key `{}` of a ConfigMap, which lacks it", config_map_keys_used, config_map_keys),
    exact("secret", "reads Secret `{}`, for which there is no template", secrets_used, secrets),
    exact("secret-key", "reads key `{}` of a Secret, which lacks it", secret_keys_used, secret_keys),
    exact("volume", "mounts volume `{}`, which its pod lacks", mounts, volumes),
    exact("volume-used", "has volume `{}`, which no container mounts", volumes, mounts),
    never("mount-path-once", "has two mounts at `{}`", repeated_mount_paths),
    never("variable-once", "sets variable `{}` twice", repeated_variables),
    exact("secret-namespace", "is for namespace `{}`, which is not its environment's", secret_namespaces, namespaces),
    exact("backup-folder", "writes to the folder of environment `{}`, which is another", backup_folders, own_folders),
    exact("mounted-script", "runs `{}`, which no mounted ConfigMap holds", scripts_run, scripts_mounted),
];

/// Names of ConfigMaps that a pod reads.
fn pod_config_maps(workload: Workload<'_>) -> impl Iterator<Item = &str> {
    let volumes = items(&workload.pod["volumes"]).iter().map(|volume| &volume["configMap"]["name"]);
    let containers = workload.containers().flat_map(|container| {
        let whole = items(&container.value["envFrom"]).iter().map(|from| &from["configMapRef"]["name"]);
        whole.chain(variables(container).map(|variable| &variable["valueFrom"]["configMapKeyRef"]["name"]))
    });
    volumes.chain(containers).filter_map(Value::as_str)
}

fn variables(container: Container<'_>) -> impl Iterator<Item = &Value> {
    items(&container.value["env"]).iter()
}

fn config_maps_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let workloads = parsed.workloads.iter();
    workloads.flat_map(|workload| pod_config_maps(*workload).map(|name| workload.object.names(name))).collect()
}

fn config_maps<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.of_kind("ConfigMap").map(Object::defines).collect()
}

/// A key in the scope of its ConfigMap or Secret.
fn key<'a>(object: Object<'a>, source: &'a str, key: &'a str) -> Mention<'a> {
    Mention::new(object.place(), [object.layer.environment, object.layer.part, source, ""], key)
}

fn config_map_keys_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    keys_used(parsed, "configMapKeyRef", "configMap", "name")
}

fn secret_keys_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = keys_used(parsed, "secretKeyRef", "secret", "secretName");
    // Secrets are known by environment: jobs read those of the overlay.
    for mention in &mut found {
        mention.scope[1] = "";
    }
    found
}

/// Keys that variables and volumes name.
fn keys_used<'a>(
    parsed: &'a Parsed<'a>,
    reference: &'static str,
    volume: &'static str,
    name: &'static str,
) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for workload in &parsed.workloads {
        let references = workload.containers().flat_map(variables).map(|variable| &variable["valueFrom"][reference]);
        let named = references.filter(|it| it.is_object());
        found.extend(named.map(|it| key(workload.object, text(&it["name"]), text(&it["key"]))));
        for source in items(&workload.pod["volumes"]).iter().map(|it| &it[volume]) {
            let items = items(&source["items"]).iter();
            found.extend(items.map(|item| key(workload.object, text(&source[name]), text(&item["key"]))));
        }
    }
    found
}

fn config_map_keys<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let maps = parsed.of_kind("ConfigMap");
    maps.flat_map(|map| keys(&map.value["data"]).map(move |name| key(map, map.name, name))).collect()
}

/// A Secret in the scope of its environment.
fn secret<'a>(object: Object<'a>, name: &'a str) -> Mention<'a> {
    Mention::new(object.place(), [object.layer.environment, "", "", ""], name)
}

fn secrets_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for workload in &parsed.workloads {
        let pull = items(&workload.pod["imagePullSecrets"]).iter().map(|it| &it["name"]);
        let volumes = items(&workload.pod["volumes"]).iter().map(|volume| &volume["secret"]["secretName"]);
        let containers = workload.containers().flat_map(|container| {
            let whole = items(&container.value["envFrom"]).iter().map(|from| &from["secretRef"]["name"]);
            whole.chain(variables(container).map(|variable| &variable["valueFrom"]["secretKeyRef"]["name"]))
        });
        let names = pull.chain(volumes).chain(containers).filter_map(Value::as_str);
        found.extend(names.map(|name| secret(workload.object, name)));
    }
    found
}

/// Secrets that are known to exist: those with a template, which says how to create them.
fn secrets<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    known_secrets(parsed)
        .map(|(environment, path, name, _)| {
            Mention::new(super::place::Place::file(path), [environment, "", "", ""], name)
        })
        .collect()
}

fn secret_keys<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    known_secrets(parsed)
        .flat_map(|(environment, path, name, keys)| {
            let scope = [environment, "", name, ""];
            keys.into_iter().map(move |key| Mention::new(super::place::Place::file(path), scope, key))
        })
        .collect()
}

/// Environment, file, name and keys of the templates of Secrets.
fn known_secrets<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (&'a str, &'a str, &'a str, Vec<&'a str>)> {
    let templates = parsed.documents.below("k8s/overlays/").filter(|(path, _)| path.ends_with(".example.yaml"));
    templates.flat_map(|(path, documents)| {
        let environment = path.split('/').nth(2).unwrap_or_default();
        let documents = documents.as_array().map_or_else(|| std::slice::from_ref(documents), Vec::as_slice);
        let secrets = documents.iter().filter(|document| text(&document["kind"]) == "Secret");
        secrets.map(move |secret| {
            let keys = keys(&secret["stringData"]).collect();
            (environment, path, text(&secret["metadata"]["name"]), keys)
        })
    })
}

/// Namespaces of the templates, in the scope of their environment.
fn secret_namespaces<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (path, documents) in parsed.documents.below("k8s/overlays/").filter(|(path, _)| path.ends_with(".example.yaml"))
    {
        let scope = [path.split('/').nth(2).unwrap_or_default(), "", "", ""];
        let documents = documents.as_array().map_or_else(|| std::slice::from_ref(documents), Vec::as_slice);
        let names = documents.iter().filter_map(|document| document["metadata"]["namespace"].as_str());
        found.extend(names.map(|name| Mention::new(super::place::Place::file(path), scope, name)));
    }
    found
}

/// The part of every key by which backups of environments stay apart.
fn backup_folders<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let stated = |container: Container<'a>| variables(container).filter(|it| text(&it["name"]) == "BACKUP_ENVIRONMENT");
    parsed
        .containers()
        .flat_map(|container| stated(container).map(move |variable| container.names(text(&variable["value"]))))
        .collect()
}

fn own_folders<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.containers().map(|container| container.names(container.workload.object.layer.environment)).collect()
}

fn mounts<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mounts = |container: Container<'a>| items(&container.value["volumeMounts"]).iter();
    parsed
        .containers()
        .flat_map(|container| mounts(container).map(move |mount| container.shares(text(&mount["name"]))))
        .collect()
}

fn volumes<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for workload in &parsed.workloads {
        let object = workload.object;
        let names = items(&workload.pod["volumes"]).iter().chain(items(&object.spec()["volumeClaimTemplates"]));
        found.extend(names.map(|volume| {
            let name = volume["name"].as_str().unwrap_or_else(|| text(&volume["metadata"]["name"]));
            Mention::new(object.place(), object.scope(), name)
        }));
    }
    found
}

fn repeated_mount_paths<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let paths =
        |container: Container<'a>| items(&container.value["volumeMounts"]).iter().map(|it| text(&it["mountPath"]));
    parsed
        .containers()
        .flat_map(|container| repeated(paths(container)).map(move |path| container.names(path)))
        .collect()
}

fn repeated_variables<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let names = |container: Container<'a>| variables(container).map(|variable| text(&variable["name"]));
    parsed
        .containers()
        .flat_map(|container| repeated(names(container)).map(move |name| container.names(name)))
        .collect()
}

/// Names that were there before.
fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut seen = BTreeSet::new();
    names.filter(move |name| !seen.insert(*name))
}

/// Folders in which a container mounts ConfigMaps, with the names of these.
fn config_folders(container: Container<'_>) -> impl Iterator<Item = (&str, &str)> {
    items(&container.value["volumeMounts"]).iter().filter_map(move |mount| {
        let volumes = items(&container.workload.pod["volumes"]).iter();
        let volume = volumes.into_iter().find(|volume| volume["name"] == mount["name"])?;
        Some((mount["mountPath"].as_str()?, volume["configMap"]["name"].as_str()?))
    })
}

/// Files below such folders that commands name.
fn scripts_run<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for container in parsed.containers() {
        let words: Vec<&str> = texts(&container.value["command"]).chain(texts(&container.value["args"])).collect();
        for (folder, _) in config_folders(container) {
            let below = words.iter().filter(|word| word.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')));
            found.extend(below.map(|word| container.names(*word)));
        }
    }
    found
}

fn scripts_mounted<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for container in parsed.containers() {
        for (folder, name) in config_folders(container) {
            let layer = container.workload.object.layer;
            let maps = parsed.of_kind("ConfigMap").filter(|map| map.layer == layer && map.name == name);
            found.extend(
                maps.flat_map(|map| keys(&map.value["data"])).map(|key| container.names(format!("{folder}/{key}"))),
            );
        }
    }
    found
}
