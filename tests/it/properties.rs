//! What holds for every spec: nothing panics, base and overlay give the environment, and the same spec the same bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use infragen::cli::{OutArgs, SpecArgs};
use infragen::generate::{Generated, Output, generate};
use infragen::kustomize;
use infragen::selection::Selection;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use crate::random;

/// Specs per property: some 20 s in all without optimisation.
const CASES: u32 = 40;

fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() }
}

/// A spec as text; the writer's own tests show that it reads back.
fn text(spec: &Value) -> String {
    infragen::yaml::document(spec)
}

struct Spec {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn written(bytes: &[u8]) -> Spec {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("infragen.yaml");
    std::fs::write(&path, bytes).unwrap();
    Spec { _folder: folder, path }
}

fn run(spec: &Path) -> Generated {
    generate(&SpecArgs { spec: Some(spec.to_path_buf()), sets: Vec::new() }).expect("no error of infragen's own")
}

fn rendered(spec: &Value) -> Generated {
    run(&written(text(spec).as_bytes()).path)
}

/// Objects in an order of their own.
fn sorted(mut objects: Vec<Value>) -> Vec<Value> {
    objects.sort_by_key(|object| {
        (object["kind"].to_string(), object["metadata"]["name"].to_string(), object["apiVersion"].to_string())
    });
    objects
}

fn built(output: &Output, folder: &str) -> Vec<Value> {
    let read = |path: &str| output.tree.file(path).map(|file| file.content.clone());
    sorted(kustomize::build(folder, &read).unwrap())
}

/// The values that `config` gives an environment, by the rules of layers.
fn expected_config(spec: &Value, environment: &str) -> BTreeMap<String, String> {
    let changes = &spec["environments"][environment];
    if changes.get("config").is_some_and(Value::is_null) {
        return BTreeMap::new();
    }
    let mut config: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in spec["config"].as_object().into_iter().chain(changes["config"].as_object()).flatten() {
        match value.as_str() {
            Some(text) => config.insert(key.clone(), text.to_owned()),
            None => config.remove(key),
        };
    }
    config
}

fn check_environments(spec: &Value, output: &Output) {
    for environment in &output.tree.environments {
        let name = &environment.environment;
        let overlay = built(output, &format!("k8s/overlays/{name}"));
        assert_eq!(overlay, sorted(environment.objects.clone()), "base + overlay = {name}");
        if output.tree.file(&format!("k8s/jobs/{name}/kustomization.yaml")).is_some() {
            assert_eq!(built(output, &format!("k8s/jobs/{name}")), sorted(environment.jobs.clone()), "jobs of {name}");
        }
        let project = output
            .resolved
            .environments
            .iter()
            .find(|project| project.environment.as_ref().is_some_and(|of| of.as_str() == *name));
        let generated = project.unwrap().config_map();
        // A hyphen and the hash of the content follow.
        let is_config = |name: &str| name.rsplit_once('-').is_some_and(|(name, _)| name == generated);
        let config = overlay
            .iter()
            .find(|object| object["kind"] == "ConfigMap" && object["metadata"]["name"].as_str().is_some_and(is_config));
        let found: BTreeMap<String, String> =
            config.map(|config| serde_json::from_value(config["data"].clone()).unwrap_or_default()).unwrap_or_default();
        assert_eq!(found, expected_config(spec, name), "config of {name} byte for byte");
    }
}

fn check_selection(output: &Output) {
    for environment in &output.tree.environments {
        let name = &environment.environment;
        let args = OutArgs { out: None, envs: vec![name.clone()] };
        let selection = Selection::new(&args, Path::new("."), output).unwrap();
        let of_all = output.tree.files.iter();
        let part: Vec<_> =
            of_all.filter(|file| file.environment.as_ref().is_none_or(|of| of == name)).cloned().collect();
        assert_eq!(selection.files, part, "--env {name} is that part of all");
    }
}

#[test]
fn specs_of_the_language_render_as_promised() {
    let mut runner = TestRunner::new(config(CASES));
    let refused = std::cell::Cell::new(0);
    let result = runner.run(&random::spec(), |spec| {
        let generated = rendered(&spec);
        match (&generated.output, infragen::diagnostic::has_errors(&generated.findings)) {
            (Some(output), false) => {
                check_environments(&spec, output);
                check_selection(output);
                let again = rendered(&spec).output.unwrap();
                assert_eq!(output.tree, again.tree, "twice the same");
            }
            (None, true) => {
                let bugs: Vec<_> = generated
                    .findings
                    .iter()
                    .filter(|finding| !matches!(finding.location, Some(infragen::diagnostic::Location::Input(_))))
                    .collect();
                assert!(bugs.is_empty(), "the output of a valid spec is found faulty: {bugs:#?}");
                refused.set(refused.get() + 1);
            }
            other => panic!("output and findings disagree: {other:#?}"),
        }
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
    assert!(refused.get() <= CASES / 4, "{} of {CASES} specs were refused: too many to test anything", refused.get());
}

/// A change of a spec's bytes, as a slip or an attack makes it.
fn mutated(mut bytes: Vec<u8>, changes: &[(usize, u8, u8)]) -> Vec<u8> {
    for (at, kind, byte) in changes {
        let at = at % (bytes.len() + 1);
        match kind % 5 {
            0 if at < bytes.len() => bytes[at] = *byte,
            1 => bytes.insert(at, *byte),
            2 if at < bytes.len() => drop(bytes.remove(at)),
            3 => bytes.truncate(at),
            _ => {
                let part = bytes[at..(at + usize::from(*byte)).min(bytes.len())].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

proptest! {
    #![proptest_config(config(3 * CASES))]

    #[test]
    fn bytes_of_any_kind_are_read_or_refused(
        which in 0..7_usize,
        changes in prop::collection::vec((any::<usize>(), any::<u8>(), any::<u8>()), 1..6),
    ) {
        const EXAMPLES: [&str; 7] = ["hello", "orders", "lulupay", "rez", "world-address", "hasivu", "logistics"];
        let example = crate::support::root().join("examples").join(EXAMPLES[which]).join("infragen.yaml");
        let bytes = mutated(std::fs::read(example).unwrap(), &changes);
        let spec = written(&bytes);
        let generated = run(&spec.path);
        prop_assert!(generated.output.is_some() || !generated.findings.is_empty());
    }

    #[test]
    fn arbitrary_text_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), yaml in "[a-z:{}\\[\\]&*!|>'\"%@`#, \n-]{0,80}") {
        for bytes in [bytes, yaml.into_bytes()] {
            let spec = written(&bytes);
            prop_assert!(run(&spec.path).output.is_none());
        }
    }
}

/// Draws specs that the program accepts, the same for the same seed.
fn drawn(seed: u8, count: usize) -> Vec<String> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(config(1), rng);
    let strategy = random::spec();
    let mut specs = Vec::new();
    while specs.len() < count {
        let spec = strategy.new_tree(&mut runner).unwrap().current();
        if rendered(&spec).output.is_some() {
            specs.push(text(&spec));
        }
    }
    specs
}

/// The conformance suite compares random specs with the real kustomize. It gets them from this test:
/// `INFRAGEN_RANDOM_SPECS=DIR cargo test --test it random_specs_are_the_same_for_the_same_seed` writes
/// `DIR/random-NN/infragen.yaml`, 25 of them.
#[test]
fn random_specs_are_the_same_for_the_same_seed() {
    let asked = std::env::var_os("INFRAGEN_RANDOM_SPECS");
    let specs = drawn(7, if asked.is_some() { 25 } else { 3 });
    assert_eq!(specs[..3], drawn(7, 3)[..]);
    for (at, spec) in specs.iter().enumerate().filter(|_| asked.is_some()) {
        let folder = PathBuf::from(asked.as_ref().unwrap()).join(format!("random-{at:02}"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("infragen.yaml"), spec).unwrap();
    }
}
