//! What every workflow of every case keeps to. actionlint, zizmor and the steps themselves run in conformance.

use std::path::Path;

use serde_json::Value;

use crate::support::{cases, generated};

/// Every workflow of every case, with the case and the path in front.
fn workflows() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (case, spec) in cases() {
        let tree = generated(&spec).output.unwrap().tree;
        for file in tree.files.iter().filter(|file| file.path.starts_with(".github/workflows/")) {
            found.push((format!("{case}/{}", file.path), serde_yaml::from_str(&file.content).unwrap()));
        }
    }
    found
}

fn jobs(workflow: &Value) -> impl Iterator<Item = (&String, &Value)> {
    workflow["jobs"].as_object().unwrap().iter()
}

fn steps(job: &Value) -> impl Iterator<Item = &Value> {
    job["steps"].as_array().unwrap().iter()
}

fn needs(job: &Value) -> Vec<&str> {
    job["needs"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Everything that a job waits for, directly or not.
fn all_needs<'a>(workflow: &'a Value, job: &str) -> Vec<&'a str> {
    let mut found = needs(&workflow["jobs"][job]);
    let mut at = 0;
    while at < found.len() {
        for further in needs(&workflow["jobs"][found[at]]) {
            if !found.contains(&further) {
                found.push(further);
            }
        }
        at += 1;
    }
    found
}

#[test]
fn no_script_contains_a_template_expression() {
    for (path, workflow) in workflows() {
        for step in jobs(&workflow).flat_map(|(_, job)| steps(job)) {
            let script = step["run"].as_str().unwrap_or_default();
            assert!(!script.contains("${{"), "{path}: {script}");
        }
    }
}

#[test]
fn actions_are_pinned_and_jobs_limited() {
    for (path, workflow) in workflows() {
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{path}");
        assert!(workflow["concurrency"]["group"].is_string(), "{path}");
        for (name, job) in jobs(&workflow) {
            assert!(job["timeout-minutes"].is_u64() && job["name"].is_string(), "{path}: {name}");
            for uses in steps(job).filter_map(|step| step["uses"].as_str()) {
                let commit = uses.split_once('@').unwrap().1;
                assert!(commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()), "{path}: {uses}");
            }
            for checkout in
                steps(job).filter(|step| step["uses"].as_str().is_some_and(|uses| uses.contains("/checkout@")))
            {
                assert_eq!(checkout["with"]["persist-credentials"], false, "{path}: {name}");
            }
        }
    }
}

#[test]
fn needs_name_jobs() {
    for (path, workflow) in workflows() {
        for (name, job) in jobs(&workflow) {
            for need in needs(job) {
                assert!(workflow["jobs"][need].is_object(), "{path}: {name} needs {need}");
            }
        }
    }
}

#[test]
fn deployments_wait_for_gates_scan_and_signature_and_for_no_other_environment() {
    for (path, workflow) in workflows().into_iter().filter(|(path, _)| path.ends_with("/deploy.yaml")) {
        let gates: Vec<&String> =
            jobs(&workflow).map(|(name, _)| name).filter(|name| name.starts_with("gate-")).collect();
        let mut deployments = 0;
        for (name, job) in jobs(&workflow).filter(|(name, _)| name.starts_with("deploy-")) {
            deployments += 1;
            let waits_for = all_needs(&workflow, name);
            for must in gates.iter().map(|gate| gate.as_str()).chain(["image", "scan", "sign"]) {
                assert!(waits_for.contains(&must), "{path}: {name} does not wait for {must}");
            }
            assert!(!waits_for.iter().any(|other| other.starts_with("deploy-")), "{path}: {name}");
            assert!(job["if"].is_string() && job["environment"]["name"].is_string(), "{path}: {name}");
            assert_eq!(job["concurrency"]["cancel-in-progress"], false, "{path}: {name}");
        }
        assert!(deployments > 0, "{path}");
    }
}

#[test]
fn secrets_of_clusters_are_read_only_in_environments() {
    for (path, workflow) in workflows() {
        for (name, job) in jobs(&workflow) {
            if job.to_string().contains("secrets.KUBECONFIG_DATA") {
                assert!(job["environment"]["name"].is_string(), "{path}: {name}");
            }
        }
    }
}

#[test]
fn a_workflow_deploys_what_the_tree_has() {
    for (case, spec) in cases() {
        let tree = generated(&spec).output.unwrap().tree;
        let deploy: Value = serde_yaml::from_str(&tree.file(".github/workflows/deploy.yaml").unwrap().content).unwrap();
        for environment in &tree.environments {
            let name = &environment.environment;
            let env = &deploy["jobs"][format!("deploy-{name}")]["env"];
            let has = |kind: &str, object: &str| {
                environment.layers().into_iter().flat_map(|(_, objects)| objects).any(|found| {
                    found["kind"] == kind
                        && found["metadata"]["name"] == object
                        && (kind == "Namespace" || found["metadata"]["namespace"] == env["NAMESPACE"])
                })
            };
            assert!(has("Namespace", env["NAMESPACE"].as_str().unwrap()), "{case}: {name}");
            for deployment in env["DEPLOYMENTS"].as_str().unwrap().split(' ') {
                assert!(has("Deployment", deployment), "{case}: {name}: {deployment}");
            }
            let job = &deploy["jobs"][format!("deploy-{name}")];
            let released: Vec<&str> =
                steps(job).filter_map(|step| step["env"]["JOBS"].as_str()).flat_map(|names| names.split(' ')).collect();
            let rendered = environment.jobs.iter().filter(|object| object["kind"] == "Job").count();
            assert_eq!(released.len(), rendered, "{case}: {name}");
            assert!(released.iter().all(|job| has("Job", job)), "{case}: {name}: {released:?}");
            assert!(tree.file(&format!("k8s/overlays/{name}/kustomization.yaml")).is_some(), "{case}: {name}");
        }
    }
}

#[test]
fn a_gate_cannot_change_the_structure_of_a_workflow() {
    for command in [
        "a: b # c",
        "echo \"'\" && echo '- x'",
        "{a}",
        "[a]",
        "- x",
        "* & ! | > %",
        "yes",
        "0x1",
        "$(id) `id`",
        "---",
        "{{ x }}",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let spec = spec_with_gate(folder.path(), command);
        let tree = generated(&spec).output.unwrap_or_else(|| panic!("{command}")).tree;
        for file in ["ci", "deploy"] {
            let content = &tree.file(&format!(".github/workflows/{file}.yaml")).unwrap().content;
            let workflow: Value = serde_yaml::from_str(content).unwrap();
            let last = steps(&workflow["jobs"]["gate-test"]).last().unwrap();
            assert_eq!(last["run"], command, "{file}");
        }
    }
}

#[test]
fn expressions_never_reach_a_workflow() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["echo ${{ github.event.issue.title }}", "x ${{"] {
        let generated = generated(&spec_with_gate(folder.path(), command));
        assert!(generated.output.is_none(), "{command}");
        assert!(generated.findings[0].message.contains("GitHub would evaluate"), "{:?}", generated.findings);
    }
}

fn spec_with_gate(folder: &Path, command: &str) -> std::path::PathBuf {
    let path = folder.join("infragen.yaml");
    let command = serde_json::to_string(command).unwrap();
    let text = format!(
        "version: 1\nname: shop\nprofile: node\nimage: ghcr.io/acme/shop\nport: 3000\n\
         delivery: {{gates: [{{name: test, run: {command}}}]}}\nenvironments: {{production: {{}}}}\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

/// What is wrong with a small spec that has these settings too.
fn faults(settings: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("infragen.yaml");
    let head = "version: 1\nname: shop\nprofile: node\nimage: ghcr.io/acme/shop\nport: 3000\n";
    std::fs::write(&path, format!("{head}{settings}\n")).unwrap();
    generated(&path).findings.into_iter().map(|finding| finding.message).collect()
}

#[test]
fn an_environment_changes_nothing_that_is_built_or_decided_once() {
    let cases = [
        ("delivery: {gates: []}", "`gates` holds for the whole project; move it to `delivery` at the top level"),
        ("image: {user: 7}", "`user` holds for the whole project; move it to `image` at the top level"),
    ];
    for (settings, message) in cases {
        assert_eq!(faults(&format!("environments: {{production: {{{settings}}}}}")), [message], "{settings}");
    }
}

/// A file of a small spec that has these settings too.
fn rendered(settings: &str, path: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("infragen.yaml");
    let head = "version: 1\nname: shop\nprofile: node\nimage: ghcr.io/acme/shop\n";
    std::fs::write(&spec, format!("{head}{settings}\n")).unwrap();
    let generated = generated(&spec);
    let output = generated.output.unwrap_or_else(|| panic!("{settings}: {:#?}", generated.findings));
    output.tree.file(path).map(|file| file.content.clone()).unwrap_or_default()
}

#[test]
fn jobs_run_in_the_order_of_the_spec() {
    let job = "{command: [npm, run, x], when: beforeDeploy}";
    let settings = format!(
        "port: 3000\njobs: {{unlock: {job}, migrate: {job}, seed: {job}}}\n\
         environments: {{production: {{jobs: {{check: {job}, migrate: {{rollback: [npm, run, y]}}}}}}}}"
    );
    let deploy = rendered(&settings, ".github/workflows/deploy.yaml");
    assert!(deploy.contains("JOBS: shop-unlock shop-migrate shop-seed shop-check\n"), "{deploy}");
}

#[test]
fn a_health_check_asks_for_a_trusted_certificate_where_there_is_one() {
    for (issuer, relaxed) in [("letsencrypt", false), ("letsencrypt-staging", true), ("company-ca", true)] {
        let settings = format!(
            "port: 3000\nowner: {{team: shop, email: a@shop.example}}\ndomains: [shop.example]\n\
             edge: {{tls: {{issuer: {issuer}}}}}\nenvironments: {{production: {{}}}}"
        );
        for file in ["deploy", "rollback"] {
            let workflow = rendered(&settings, &format!(".github/workflows/{file}.yaml"));
            assert!(workflow.contains("https://shop.example/"), "{issuer}: {workflow}");
            assert_eq!(workflow.contains("--insecure"), relaxed, "{issuer}: {workflow}");
        }
    }
}

#[test]
fn a_rollback_is_followed_by_the_check_that_a_deployment_has() {
    for (settings, checks) in [
        ("environments: {production: {}}", [].as_slice()),
        ("port: 3000\nenvironments: {production: {}}", &["Check the health"]),
        (
            "port: 3000\ndomains: [shop.example]\nowner: {team: shop, email: a@shop.example}\nenvironments: {production: {}, review: {domains: null}}",
            &["Check the health from outside", "Check the health"],
        ),
    ] {
        let rollback: Value = serde_yaml::from_str(&rendered(settings, ".github/workflows/rollback.yaml")).unwrap();
        let names = steps(&rollback["jobs"]["rollback"]).filter_map(|step| step["name"].as_str());
        let found: Vec<&str> = names.filter(|name| name.starts_with("Check the health")).collect();
        assert_eq!(found, checks, "{settings}");
    }
}
