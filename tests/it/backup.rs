//! Backup, prerequisites and accepted findings: what holds for every case, and what is refused.

use std::collections::BTreeSet;

use infragen::generate::Output;
use serde_json::Value;

use crate::support::{cases, generated};

fn outputs() -> impl Iterator<Item = (String, Output)> {
    cases().into_iter().map(|(case, spec)| {
        let output = generated(&spec).output.unwrap();
        (case, output)
    })
}

/// The output of a spec, or its messages.
fn rendered(spec: &str) -> Result<Output, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("infragen.yaml");
    std::fs::write(&path, spec).unwrap();
    let generated = generated(&path);
    generated.output.ok_or_else(|| generated.findings.into_iter().map(|finding| finding.message).collect())
}

fn shop(stores: &str, environments: &str) -> String {
    format!(
        "version: 1\nname: shop\nprofile: node\nimage: ghcr.io/acme/shop\nport: 3000\n{stores}\n\
         backup: {{schedule: \"5 3 * * *\", timeZone: Etc/UTC, retention: 14d, destination: s3://acme-backups/shop}}\n\
         environments:\n{environments}\n"
    )
}

const POSTGRES: &str = "datastores: {postgres: {mode: external, version: \"18\", uri: DATABASE_URL}}";

fn objects<'a>(output: &'a Output, environment: &str) -> &'a [Value] {
    let found = output.tree.environments.iter().find(|found| found.environment == environment).unwrap();
    &found.objects
}

/// All values under a key, at any depth.
fn under<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                if name == key {
                    found.push(inner);
                }
                under(inner, key, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|inner| under(inner, key, found)),
        _ => {}
    }
}

#[test]
fn null_removes_the_whole_backup_of_one_environment() {
    let output = rendered(&shop(POSTGRES, "  staging: {backup: null}\n  production: {}")).unwrap();
    let named = |environment| {
        objects(&output, environment).iter().filter(|object| object.to_string().contains("backup")).count()
    };
    assert_eq!(named("staging"), 0);
    assert_eq!(named("production"), 4, "CronJob, ConfigMap, NetworkPolicy and ServiceAccount");
    let script = &output.tree.file("scripts/restore-postgres.sh").unwrap().content;
    assert!(script.contains("\tproduction)\n") && !script.contains("staging"), "{script}");
}

#[test]
fn several_environments_never_share_a_folder() {
    let output =
        rendered(&shop(POSTGRES, "  staging: {}\n  production: {backup: {destination: \"s3://acme-vault\"}}")).unwrap();
    let setting = |environment: &str, name: &str| {
        let mut found = Vec::new();
        for object in objects(&output, environment) {
            under(object, "env", &mut found);
        }
        let variables = found.into_iter().filter_map(Value::as_array).flatten();
        variables.filter(|variable| variable["name"] == name).map(|variable| variable["value"].clone()).next().unwrap()
    };
    assert_eq!(setting("staging", "BACKUP_ENVIRONMENT"), "staging");
    assert_eq!(setting("production", "BACKUP_ENVIRONMENT"), "production");
    assert_eq!(setting("production", "BACKUP_DESTINATION"), "s3://acme-vault");
    assert_eq!(setting("production", "BACKUP_RETENTION_SECONDS"), "1209600");
    let script = &output.tree.file("scripts/restore-postgres.sh").unwrap().content;
    assert!(script.contains("environment=''"), "two environments: none is the default\n{script}");
}

#[test]
fn stores_without_a_dump_of_their_own_are_refused() {
    let mongodb = "datastores: {mongodb: {mode: external, version: \"8.0\", uri: MONGODB_URI}}";
    let messages = rendered(&shop(mongodb, "  production: {}")).unwrap_err();
    assert_eq!(messages, ["`backup` of the data store `mongodb` is valid, but not generated yet"]);
}

#[test]
fn scripts_of_the_job_say_nothing_of_the_spec() {
    for name in ["k8s/base/backup-postgres-dump.sh", "k8s/base/backup-postgres-upload.sh"] {
        let texts: BTreeSet<String> =
            outputs().filter_map(|(_, output)| Some(output.tree.file(name)?.content.clone())).collect();
        assert_eq!(texts.len(), 1, "{name}");
    }
}

#[test]
fn every_secret_that_a_pod_reads_is_listed_with_its_keys_and_a_command() {
    for (case, output) in outputs() {
        let page = &output.tree.file("docs/prerequisites.md").unwrap().content;
        for layer in &output.tree.environments {
            let example = format!("k8s/overlays/{}/secret.example.yaml", layer.environment);
            let mut wanted = Vec::new();
            for object in layer.objects.iter().chain(&layer.jobs) {
                under(object, "secretKeyRef", &mut wanted);
            }
            for (name, key) in
                wanted.iter().map(|wanted| (wanted["name"].as_str().unwrap(), wanted["key"].as_str().unwrap()))
            {
                let example = &output.tree.file(&example).unwrap_or_else(|| panic!("{case}: no {example}")).content;
                assert!(
                    example.contains(&format!("name: {name}\n")) && example.contains(&format!("  {key}: \"\"\n")),
                    "{case}: {key}"
                );
                let namespace = &layer.namespace[0];
                let command = format!(
                    "create secret generic {name} --namespace {}",
                    namespace["metadata"]["name"].as_str().unwrap()
                );
                assert!(page.contains(&command) && page.contains(&format!("`{key}`")), "{case}: {name} {key}");
            }
        }
    }
}

#[test]
fn every_mark_of_an_accepted_finding_is_on_the_page() {
    for (case, output) in outputs() {
        let page = &output.tree.file("docs/lint-waivers.md").unwrap().content;
        let marks: Vec<(String, String)> =
            marks_of_objects(&output).into_iter().chain(marks_of_files(&output)).collect();
        for (place, check) in &marks {
            let is_listed = |line: &str| line.contains(&format!("`{check}`")) && line.contains(&format!("`{place}`"));
            assert!(page.lines().any(is_listed), "{case}: {place} {check}\n{page}");
        }
        let listed = page.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
        let places: usize = listed.map(|line| line.split('|').nth(3).unwrap().matches('`').count() / 2).sum();
        let unique: BTreeSet<&(String, String)> = marks.iter().collect();
        assert_eq!(places, unique.len(), "{case}: the page lists what is not there\n{page}");
    }
}

/// What each annotation of an object accepts: the object and the check.
fn marks_of_objects(output: &Output) -> Vec<(String, String)> {
    let mut marks = Vec::new();
    for object in output.tree.environments.iter().flat_map(|layer| layer.objects.iter().chain(&layer.jobs)) {
        let place = format!("{} {}", object["kind"].as_str().unwrap(), object["metadata"]["name"].as_str().unwrap());
        for (key, value) in object["metadata"]["annotations"].as_object().into_iter().flatten() {
            let value = value.as_str().unwrap();
            let checks: Vec<&str> = if key.starts_with("checkov.io/skip") {
                vec![value.split_once('=').unwrap().0]
            } else if key == "kube-score/ignore" {
                value.split(',').collect()
            } else if let Some(check) = key.strip_prefix("polaris.fairwinds.com/") {
                vec![check.trim_end_matches("-exempt")]
            } else {
                continue;
            };
            marks.extend(checks.into_iter().map(|check| (place.clone(), check.to_owned())));
        }
    }
    marks
}

/// What comments and hadolint's configuration accept: the file and the check.
fn marks_of_files(output: &Output) -> Vec<(String, String)> {
    let workflows = output.tree.files.iter().filter(|file| file.path.starts_with(".github/"));
    let comments = workflows.flat_map(|file| {
        let skips = file.content.lines().filter_map(|line| line.trim().strip_prefix("# checkov:skip="));
        skips.map(|skip| (file.path.clone(), skip.split(':').next().unwrap().to_owned()))
    });
    let hadolint = output.tree.file(".hadolint.yaml").into_iter().flat_map(|file| {
        file.content
            .lines()
            .filter_map(|line| Some(("Dockerfile".to_owned(), line.trim().strip_prefix("- ")?.to_owned())))
    });
    comments.chain(hadolint).collect()
}
