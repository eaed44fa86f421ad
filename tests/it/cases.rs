//! Every generated file of every case is a snapshot of its own: `snapshots/<case>/<path>.snap`.

use std::collections::BTreeSet;
use std::path::Path;

use infragen::{catalog, render};

use crate::support::{cases, generated, root};

#[test]
fn every_generated_file_is_as_reviewed() {
    let mut failures = Vec::new();
    for (case, spec) in cases() {
        let generated = generated(&spec);
        let output = generated.output.unwrap_or_else(|| panic!("{case}: {:#?}", generated.findings));
        for file in &output.tree.files {
            let result = std::panic::catch_unwind(|| assert_file(&case, &file.path, &file.content));
            failures.extend(result.err().map(|_| format!("{case}/{}", file.path)));
        }
    }
    assert!(failures.is_empty(), "snapshots differ: {failures:#?}");
}

fn assert_file(case: &str, path: &str, content: &str) {
    let path = Path::new(path);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots").join(case).join(path.parent().unwrap()));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(path.file_name().unwrap().to_str().unwrap(), content));
}

#[test]
fn no_snapshot_is_left_over() {
    let mut expected = BTreeSet::new();
    for (case, spec) in cases() {
        let output = generated(&spec).output.unwrap();
        expected.extend(output.tree.files.iter().map(|file| format!("{case}/{}.snap", file.path)));
    }
    let names: BTreeSet<String> = cases().into_iter().map(|(case, _)| case).collect();
    let mut found = BTreeSet::new();
    for case in names {
        collect(&root().join("snapshots").join(&case), &case, &mut found);
    }
    let orphans: Vec<&String> = found.difference(&expected).collect();
    assert!(orphans.is_empty(), "no case renders {orphans:#?}");
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}/{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            collect(&path, &name, found);
        } else if path.extension().is_some_and(|extension| extension == "snap") {
            found.insert(name);
        }
    }
}

/// Kustomizations are computed with their layers, so the catalog does not list them.
const COMPUTED: [&str; 3] =
    ["k8s/base/kustomization.yaml", "k8s/jobs/[env]/kustomization.yaml", "k8s/overlays/[env]/kustomization.yaml"];

#[test]
fn templates_and_catalog_are_one_list() {
    let mut templates = render::template_paths();
    templates.sort();
    let mut listed: Vec<String> = catalog::CATALOG.iter().map(|entry| entry.template.to_owned()).collect();
    listed.extend(COMPUTED.map(str::to_owned));
    listed.sort();
    assert_eq!(templates, listed);
}

#[test]
fn every_template_is_reached_by_a_case() {
    let mut reached = BTreeSet::new();
    for (_, spec) in cases() {
        let generated = generated(&spec);
        let resolved = generated.output.unwrap().resolved;
        let plan = infragen::plan::plan(&resolved);
        reached.extend(plan.files.iter().chain(&plan.jobs).map(|file| file.template));
        let rendered = plan.variants.iter().filter(|v| v.base.is_some() || v.environments.iter().any(Option::is_some));
        reached.extend(rendered.map(|variants| variants.template));
    }
    let missed: Vec<&str> =
        catalog::CATALOG.iter().map(|entry| entry.template).filter(|t| !reached.contains(t)).collect();
    assert!(missed.is_empty(), "no case renders {missed:#?}");
}
