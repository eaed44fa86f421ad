//! Text of a spec stays text: nothing that it says can change the structure of a generated file.
//!
//! A spec that uses every place of the rendered language is rendered with harmless text. Then every string of it is
//! replaced, place by place, by strings that YAML, shells, templates and GitHub read as something else. A place either
//! refuses such a string, or the string arrives and every file keeps its structure.

use std::collections::{BTreeMap, BTreeSet};

use infragen::cli::SpecArgs;
use infragen::diagnostic::{Diagnostic, Location};
use infragen::generate::generate;
use infragen::spec::document::{SourceId, Span};
use infragen::spec::read;
use infragen::tree::{File, Tree};
use infragen::{load, resolve};
use serde::Deserialize as _;
use serde_json::Value;

use crate::random::NASTY;

/// Every key of the rendered language that takes a string, in the order of the reference.
const FULL: &str = r#"
version: 1
name: orders
profile: node
owner: {team: shop, email: oncall@shop.example}
repository: https://github.com/shop/orders
image:
  repository: ghcr.io/shop/orders
  tag: v1
  digest: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  runtime: "24"
  variant: slim
  packageManager: npm
  build: npm run build
  start: [node, dist/server.js]
  init: tini
  healthcheck: curl
  platforms: [linux/amd64]
  maxSize: 200Mi
  pullSecret: registry
  workdir: /srv/app
process: web
port: 8080
health: {liveness: /livez, readiness: /readyz, startup: /startz}
shutdown: {gracePeriod: 30s}
replicas: {min: 3, max: 12, cpu: 70%, memory: 80%, scaleUp: {window: 30s, percent: 100}, scaleDown: {window: 120s, percent: 25}}
disruption: {minAvailable: 2}
resources:
  requests: {cpu: 250m, memory: 256Mi, ephemeralStorage: 128Mi}
  limits: {cpu: 1000m, memory: 512Mi, ephemeralStorage: 256Mi}
placement: {spread: [zone, host], nodeLabels: {workload: general}}
jobs:
  migrate: {command: [npm, run, migrate], rollback: [npm, run, undo], when: beforeDeploy}
  seed: {command: node seed.js, rollback: node unseed.js, when: beforeDeploy}
  remind: {command: [node, remind.js], schedule: "0 9 * * 1-5", timeZone: Asia/Kolkata}
config: {LOG_LEVEL: info, GREETING: hello}
secrets: {store: kubernetes, keys: [DATABASE_URL], as: env}
datastores:
  postgres: {mode: external, version: "18", uri: DATABASE_URL, password: DATABASE_PASSWORD, database: orders}
domains: [orders.shop.example, {host: www.shop.example}]
edge: {controller: gateway, class: envoy, tls: {issuer: letsencrypt, email: tls@shop.example}}
metrics: {port: 9464, path: /metrics}
monitoring: {stack: prometheus, namespace: observability}
alerts:
  down: {severity: critical, for: 1m}
  errorRate: {warning: 1%, critical: 5%, for: 5m}
  latency: {p95: {warning: 500ms, critical: 1s, for: 5m}, p99: {critical: 2s}}
  cpu: {warning: 80%, critical: 90%, for: 5m}
  memory: {warning: 85%, critical: 95%, for: 10m}
  crashLoop: {severity: critical, for: 5m}
backup: {schedule: "0 3 * * *", timeZone: Europe/Berlin, retention: 14d, destination: "s3://shop-backups/orders", region: eu-central-1, endpoint: "https://s3.shop.example"}
security: {networkPolicy: strict, egress: [203.0.113.0/24], serviceAccount: {awsRole: "arn:aws:iam::123456789012:role/orders"}}
delivery:
  provider: github
  timeout: 30m
  gates: [{name: unit, run: npm test, services: [postgres], coverage: 80%}, {name: lint, run: npm run lint}]
  scan: {image: trivy}
  verify: [health]
  rollback: {automatic: true, manual: true}
environments:
  staging:
    namespace: orders-staging
    domains: [staging.shop.example]
    security: {egress: internet}
    config: {STAGE: staging}
    delivery: {trigger: {branch: main}, approval: required, strategy: rolling}
  production:
    delivery: {trigger: {tag: "v*"}}
"#;

/// Places that hold strings but cannot stand in [`FULL`], each with the reason.
const ELSEWHERE: [(&str, &str); 9] = [
    ("extends", "only in profiles"),
    ("command", "excludes image.start"),
    ("image", "the short form of image.repository"),
    ("delivery.trigger.branch", "in an environment of the spec below"),
    ("delivery.trigger.tag", "in an environment of the spec below"),
    ("namespace", "only in environments"),
    ("secrets.storeRef.name", "for a store that is not generated yet"),
    ("secrets.storeRef.kind", "for a store that is not generated yet"),
    ("secrets.recipients.*", "for a store that is not generated yet"),
];

/// More strings than the properties use: what only a whole file can be broken by.
const MORE: [&str; 10] = [
    "-a",
    "a\u{0}b",
    "*/ a",
    "<!-- a -->",
    "a | b",
    "[a](b)",
    "EOF",
    "see docs/a, scripts/b.sh, k8s/c and ./monitoring/d",
    "a\r\nb",
    "%(a)s \\$(a) $$ {{- a }} \\x41",
];

fn nasty() -> impl Iterator<Item = String> {
    NASTY.iter().chain(&MORE).map(|text| (*text).to_owned()).chain(["x".repeat(2000)])
}

/// A place: keys and indices.
type Place = Vec<String>;

fn strings(value: &Value, place: &mut Place, found: &mut Vec<Place>) {
    match value {
        Value::String(_) => found.push(place.clone()),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                place.push(at.to_string());
                strings(item, place, found);
                place.pop();
            }
        }
        Value::Object(map) => {
            for (key, inner) in map {
                place.push(key.clone());
                strings(inner, place, found);
                place.pop();
            }
        }
        _ => {}
    }
}

fn at<'a>(value: &'a mut Value, place: &[String]) -> &'a mut Value {
    place.iter().fold(value, |value, part| match value {
        Value::Array(items) => &mut items[part.parse::<usize>().unwrap()],
        other => &mut other[part.as_str()],
    })
}

fn span(finding: &Diagnostic) -> Span {
    match finding.location {
        Some(Location::Input(span)) => span,
        _ => panic!("{finding:?} has no place"),
    }
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn args(&self, spec: &Value) -> SpecArgs {
        let path = self.0.path().join("infragen.yaml");
        // JSON is YAML, and written by another hand than the files under test.
        std::fs::write(&path, spec.to_string()).unwrap();
        SpecArgs { spec: Some(path), sets: Vec::new() }
    }

    /// The spec with a text in every place that takes it, and those places; nothing is rendered.
    fn injected(&self, full: &Value, places: &[Place], text: &str) -> (Value, Vec<Place>) {
        let mut taken = places.to_vec();
        loop {
            let mut spec = full.clone();
            for place in &taken {
                *at(&mut spec, place) = Value::from(text);
            }
            let loaded = load::load(self.args(&spec).spec.as_deref(), &[]).unwrap();
            let Err(findings) = loaded.layers.and_then(|layers| resolve::resolve(&layers)) else {
                return (spec, taken);
            };
            let document = read::parse(&spec.to_string(), SourceId(0)).unwrap();
            let refused: Vec<Place> = findings.iter().filter_map(|finding| document.path_of(span(finding))).collect();
            let before = taken.len();
            taken.retain(|place| !refused.iter().any(|refused| place.starts_with(refused)));
            assert!(taken.len() < before, "{text:?} is refused, but not where it stands: {findings:#?}");
        }
    }

    fn tree(&self, spec: &Value) -> Tree {
        let generated = generate(&self.args(spec)).unwrap();
        generated.output.unwrap_or_else(|| panic!("{:#?}", generated.findings)).tree
    }
}

/// What must not change: of a YAML file its keys and the kinds of its values, of any other file its lines' number.
fn structure(file: &File) -> String {
    // What the builder sees depends on the files that commands name; its patterns are plain words in any case.
    if file.path == ".dockerignore" {
        return "patterns".to_owned();
    }
    if !file.path.ends_with(".yaml") && !file.path.ends_with(".yml") {
        // A pipe in the build command asks for a shell that notices its faults.
        let is_shell =
            |line: &&str| line.starts_with("SHELL ") || *line == "# A pipe fails when any of its commands does.";
        return format!("{} lines", file.content.lines().filter(|line| !is_shell(line)).count());
    }
    let documents = serde_yaml::Deserializer::from_str(&file.content);
    let shapes: Vec<String> = documents
        .map(|document| Value::deserialize(document).unwrap_or_else(|error| panic!("{}: {error}", file.path)))
        .map(|value| shape(&value))
        .collect();
    shapes.join("---")
}

fn shape(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let entries: Vec<String> = map.iter().map(|(key, value)| format!("{key}:{}", shape(value))).collect();
            format!("{{{}}}", entries.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(",")),
        Value::String(_) => "text".to_owned(),
        other => other.to_string(),
    }
}

fn structures(tree: &Tree) -> BTreeMap<String, String> {
    tree.files.iter().map(|file| (file.path.clone(), structure(file))).collect()
}

fn objects(tree: &Tree) -> Vec<String> {
    let all = tree
        .environments
        .iter()
        .flat_map(|environment| environment.layers().into_iter().flat_map(|(_, objects)| objects));
    // A generated ConfigMap's name ends with the hash of its content.
    all.map(|object| {
        let name = object["metadata"]["name"].as_str().unwrap();
        let name = if object["kind"] == "ConfigMap" { name.rsplit_once('-').unwrap().0 } else { name };
        format!("{} {name}", object["kind"])
    })
    .collect()
}

/// Whether a text stands somewhere in the objects that are applied, byte for byte and by itself or inside another one.
fn arrives(tree: &Tree, text: &str) -> bool {
    fn holds(value: &Value, text: &str) -> bool {
        match value {
            Value::String(found) => found.contains(text),
            Value::Array(items) => items.iter().any(|item| holds(item, text)),
            Value::Object(map) => map.values().any(|inner| holds(inner, text)),
            _ => false,
        }
    }
    tree.environments
        .iter()
        .flat_map(|environment| environment.layers().into_iter().flat_map(|(_, objects)| objects))
        .any(|object| holds(object, text))
}

#[test]
fn every_string_is_refused_or_stays_text() {
    let full: Value = serde_yaml::from_str(FULL).unwrap();
    let folder = Folder(tempfile::tempdir().unwrap());
    let harmless = folder.tree(&full);
    let (expected, expected_objects) = (structures(&harmless), objects(&harmless));
    let mut places = Vec::new();
    strings(&full, &mut Vec::new(), &mut places);
    let (_, free) = folder.injected(&full, &places, "a: b");
    let mut taken = BTreeSet::new();
    for text in nasty() {
        // A word such as `null` is also a name, and other names are other objects.
        let is_name = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let (spec, injected) = folder.injected(&full, if is_name { &free } else { &places }, &text);
        taken.extend(injected.iter().map(|place| place.join(".")));
        let in_config = injected.iter().any(|place| place[0] == "config");
        if injected.is_empty() {
            continue;
        }
        let tree = folder.tree(&spec);
        assert_eq!(objects(&tree), expected_objects, "{text:?} changes the objects");
        let found = structures(&tree);
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{text:?} changes the files");
        for (path, structure) in &found {
            let content = || &tree.file(path).unwrap().content;
            assert_eq!(structure, &expected[path], "{text:?} changes the structure of {path}:\n{}", content());
        }
        assert!(!in_config || arrives(&tree, &text), "{text:?} does not arrive in the objects");
        for file in &tree.files {
            assert!(
                file.content.chars().all(|c| c == '\n' || c == '\t' || !infragen::text::is_invisible(c)),
                "{text:?} brings an invisible character into {}",
                file.path
            );
        }
    }
    // The free text of the language: whoever adds a place reads here that it is tested.
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    let taken: Vec<String> = taken.into_iter().collect();
    settings.bind(|| {
        insta::assert_snapshot!(taken.join("\n"), @r"
    config.GREETING
    config.LOG_LEVEL
    delivery.gates.0.run
    delivery.gates.1.run
    environments.production.delivery.trigger.tag
    environments.staging.config.STAGE
    environments.staging.delivery.trigger.branch
    image.build
    image.start.0
    image.start.1
    jobs.migrate.command.0
    jobs.migrate.command.1
    jobs.migrate.command.2
    jobs.migrate.rollback.0
    jobs.migrate.rollback.1
    jobs.migrate.rollback.2
    jobs.remind.command.0
    jobs.remind.command.1
    jobs.seed.command
    jobs.seed.rollback
    owner.team
    ");
    });
}

#[test]
fn the_full_spec_has_every_string_of_the_rendered_language() {
    let full: Value = serde_yaml::from_str(FULL).unwrap();
    let mut places = Vec::new();
    strings(&full, &mut Vec::new(), &mut places);
    let schema = infragen::spec::schema::json_schema();
    let mut patterns = BTreeSet::new();
    leaves(&schema, &schema, &mut Vec::new(), &mut patterns);
    let covered = |pattern: &str| {
        places.iter().any(|place| matches(pattern, place))
            || ELSEWHERE.iter().any(|(place, _)| *place == pattern)
            || infragen::resolve::pending().iter().any(|pending| is_below(pattern, pending.path))
    };
    let missed: Vec<String> =
        patterns.iter().map(|pattern| typical(pattern)).filter(|pattern| !covered(pattern)).collect();
    assert!(missed.is_empty(), "no test injects into {missed:#?}");
}

/// Sections of one type have one typical name, and a command is a list or a line.
fn typical(pattern: &str) -> String {
    let mut pattern = pattern.to_owned();
    for (other, name) in [
        (".redis.", ".postgres."),
        (".mongodb.", ".postgres."),
        (".p50.", ".p95."),
        (".p90.", ".p95."),
        (".p99.", ".p95."),
    ] {
        pattern = pattern.replace(other, name);
    }
    for command in ["image.build", "image.start", "command"] {
        if pattern == command || pattern == format!("{command}.*") {
            pattern = if command == "image.start" { format!("{command}.*") } else { command.to_owned() };
        }
    }
    pattern
}

fn matches(pattern: &str, place: &[String]) -> bool {
    let parts: Vec<&str> = pattern.split('.').collect();
    parts.len() == place.len() && parts.iter().zip(place).all(|(part, key)| *part == "*" || part == key)
}

/// Whether a pattern is another one or below it; `*` on either side stands for any part.
fn is_below(pattern: &str, above: &str) -> bool {
    let (parts, above): (Vec<&str>, Vec<&str>) = (pattern.split('.').collect(), above.split('.').collect());
    let same = |a: &str, b: &str| a == b || a == "*" || b == "*";
    above.len() <= parts.len() && above.iter().zip(&parts).all(|(a, b)| same(a, b))
}

/// The patterns of all places of a schema that take a string.
fn leaves(root: &Value, schema: &Value, path: &mut Vec<String>, found: &mut BTreeSet<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        leaves(root, root.pointer(reference.trim_start_matches('#')).unwrap(), path, found);
    }
    if schema["type"] == "string" || schema["type"].as_array().is_some_and(|types| types.contains(&"string".into())) {
        found.insert(path.join("."));
    }
    for branch in schema["anyOf"].as_array().into_iter().flatten() {
        leaves(root, branch, path, found);
    }
    let mut below = |key: &str, schema: &Value| {
        if key != "environments" {
            path.push(key.to_owned());
            leaves(root, schema, path, found);
            path.pop();
        }
    };
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        below(key, property);
    }
    for key in ["items", "additionalProperties"] {
        if schema[key].is_object() {
            below("*", &schema[key]);
        }
    }
}
