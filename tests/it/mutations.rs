//! Good trees have no findings; each of these faults, put into the files of a good tree, is found by the relation named.

use std::collections::BTreeSet;
use std::path::Path;

use infragen::resolve::{Resolved, resolve};
use infragen::tree::{self, Tree};
use infragen::{load, plan, validate};

use crate::support::{cases, root};

/// The tree of a spec, without validation.
fn good(spec: &Path) -> (Resolved, Tree) {
    let loaded = load::load(Some(spec), &[]).unwrap();
    let resolved = resolve(&loaded.layers.unwrap()).unwrap();
    let tree = tree::build(&resolved, &plan::plan(&resolved)).unwrap();
    (resolved, tree)
}

#[test]
fn good_trees_have_no_findings() {
    for (case, spec) in cases() {
        let (resolved, tree) = good(&spec);
        let findings: Vec<String> =
            validate::check(&resolved, &tree).iter().map(|it| format!("{} {:?}", it.message, it.location)).collect();
        if let Ok(d) = std::env::var("DUMP") {
            for f in &tree.files {
                let p = std::path::Path::new(&d).join(&case).join(&f.path);
                std::fs::create_dir_all(p.parent().unwrap()).unwrap();
                std::fs::write(p, &f.content).unwrap();
            }
        }
        println!("{case}: {findings:#?}");
    }
}
