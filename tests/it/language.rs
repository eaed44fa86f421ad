//! The language: what the examples use, what is not generated yet, and what its documentation says.

use infragen::diagnostic::{Code, Diagnostic, Location};
use infragen::spec::document::Sources;
use infragen::spec::schema;
use serde_json::Value;

use crate::support::{generated, root};

const EXAMPLES: [&str; 7] = ["hello", "orders", "lulupay", "rez", "world-address", "hasivu", "logistics"];

fn example(name: &str) -> std::path::PathBuf {
    root().join("examples").join(name).join("infragen.yaml")
}

#[test]
fn every_example_is_valid() {
    for name in EXAMPLES {
        let generated = generated(&example(name));
        let faults: Vec<&Diagnostic> = generated
            .findings
            .iter()
            .filter(|finding| {
                finding.severity == infragen::diagnostic::Severity::Error && finding.code != Code::NotGeneratedYet
            })
            .collect();
        assert!(faults.is_empty(), "{name}: {faults:#?}");
    }
}

/// The project's to-do list: it gets shorter with every release.
#[test]
fn what_is_not_generated_yet_is_known() {
    for name in EXAMPLES {
        let generated = generated(&example(name));
        let lines: Vec<String> = generated
            .findings
            .iter()
            .filter(|finding| finding.code == Code::NotGeneratedYet)
            .map(|finding| format!("{}: {}", line(finding, &generated.sources), finding.message))
            .collect();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(root().join("snapshots/not-generated-yet"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, lines.join("\n")));
    }
}

fn line(finding: &Diagnostic, sources: &Sources) -> usize {
    let Some(Location::Input(span)) = &finding.location else { panic!("{finding:?} has no place") };
    sources.position(*span).unwrap().line
}

/// Every property of the schema, with its path and its schema.
fn properties(schema: &Value) -> Vec<(String, &Value)> {
    let definitions = schema["$defs"].as_object().unwrap();
    let mut found = Vec::new();
    for (name, definition) in
        definitions.iter().map(|(name, value)| (name.as_str(), value)).chain([("Project", schema)])
    {
        for (key, property) in definition["properties"].as_object().into_iter().flatten() {
            found.push((format!("{name}.{key}"), property));
        }
    }
    found
}

#[test]
fn every_key_is_documented_with_an_example_that_is_yaml() {
    let schema = schema::json_schema();
    let properties = properties(&schema);
    assert!(properties.len() > 250, "{}", properties.len());
    let mut faults = Vec::new();
    for (path, property) in properties {
        let description = property["description"].as_str().unwrap_or_default();
        let Some((meaning, example)) = description.split_once("Example: `") else {
            faults.push(format!("{path} has no example: {description}"));
            continue;
        };
        if meaning.trim().len() < 10 {
            faults.push(format!("{path} does not say what it means"));
        }
        let example = example.trim_end().trim_end_matches('`');
        let key = path.rsplit('.').next().unwrap();
        // `--set` examples show the last layer; an ellipsis stands for what a reader need not see.
        let is_set = example.strip_prefix("--set ").is_some_and(|rest| rest.contains(&format!("{key}=")));
        let parsed: Result<Value, _> = serde_yaml::from_str(&example.replace('…', "x"));
        if !is_set && !parsed.is_ok_and(|value| value.get(key).is_some()) {
            faults.push(format!("{path}: the example is no YAML with that key: {example}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_example_follows_the_schema() {
    let validator = jsonschema::validator_for(&schema::json_schema()).unwrap();
    for name in EXAMPLES {
        let spec: Value = serde_yaml::from_str(&std::fs::read_to_string(example(name)).unwrap()).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(&spec).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{name}: {faults:#?}");
    }
}

#[test]
fn the_schema_refuses_what_the_program_refuses() {
    let validator = jsonschema::validator_for(&schema::json_schema()).unwrap();
    for case in [
        "unknown-key-top-level",
        "unknown-key-nested",
        "unknown-key-in-environment",
        "unknown-key-in-list-item",
        "missing-key-top-level",
        "wrong-type-list-for-map",
        "wrong-type-number-for-text",
        "wrong-type-text-for-number",
        "port-is-privileged",
        "version-of-the-language",
        "enum-unknown-word",
        "namespace-at-top-level",
        "version-inside-environment",
        "environments-empty",
        "range-of-a-number",
    ] {
        let text = std::fs::read_to_string(root().join("tests/rejected").join(case).join("infragen.yaml")).unwrap();
        let spec: Value = serde_yaml::from_str(&text).unwrap();
        assert!(!validator.is_valid(&spec), "{case}");
    }
}

#[test]
fn the_committed_schema_is_current() {
    let path = root().join("infragen.schema.json");
    let current = format!("{}\n", serde_json::to_string_pretty(&schema::json_schema()).unwrap());
    if std::env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always") {
        std::fs::write(&path, &current).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap_or_default(),
        current,
        "run: infragen schema > infragen.schema.json"
    );
}
