//! Whatever a repository holds, the spec written for it is one that resolves.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::clues::Language;
use super::draft::{Defaults, draft};
use super::report::report;
use super::snapshot::{Content, Snapshot};
use super::spec_text::spec_text;

use crate::resolve::{Layers, Resolved, built_in, resolve};
use crate::spec::document::{Node, SourceId};
use crate::spec::read::parse;

fn node(text: &str) -> Node {
    parse(text, SourceId(1)).unwrap_or_else(|faults| panic!("{}\n{text}", faults[0].message))
}

fn profiles(language: Language) -> Defaults {
    let profile = node(built_in(language.profile()).unwrap().text);
    let text = |path: &[&str]| profile.at(path).and_then(Node::as_str).unwrap_or_default().to_owned();
    Defaults {
        runtime: text(&["image", "runtime"]),
        package_manager: text(&["image", "packageManager"]),
        start: vec!["/app/server".to_owned()],
    }
}

fn resolved(spec: &str) -> Resolved {
    // A source of its own, as a run gives it: rules tell what the spec says from what a profile says.
    let spec_node = parse(spec, SourceId::SPEC).unwrap_or_else(|faults| panic!("{}\n{spec}", faults[0].message));
    let profile = spec_node.get("profile").and_then(Node::as_str).unwrap();
    let layers = ["base", profile].map(|name| node(built_in(name).unwrap().text)).to_vec();
    resolve(&Layers { profiles: layers, spec: spec_node, sets: Vec::new() })
        .unwrap_or_else(|faults| panic!("{:?}\n{spec}", faults.iter().map(|fault| &fault.message).collect::<Vec<_>>()))
}

fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), Content::Text((*text).to_owned())));
    Snapshot { folder: "shop".to_owned(), files: files.collect(), truncated: false }
}

/// The spec with every commented setting made a setting; prose has no colon right behind its first word.
fn uncommented(spec: &str) -> String {
    let is_setting = |line: &str| {
        let line = line.trim_start();
        let first = line.split(' ').next().unwrap_or_default();
        line.starts_with("- {")
            || first.ends_with(':') && first[..first.len() - 1].chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    let lines = spec.lines().map(|line| match line.split_once("# ") {
        Some((indent, rest)) if indent.trim().is_empty() && is_setting(rest) => format!("{indent}{rest}"),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn commented_settings_are_valid_once_uncommented() {
    let package = r#"{"name": "shop", "dependencies": {"pg": "8", "ioredis": "5", "mongoose": "8", "prom-client": "15", "ws": "8"},
        "scripts": {"build": "tsc", "start": "node dist/server.js", "migrate": "node m.js", "test": "vitest"}}"#;
    let dotenv = "PORT=3000\nLOG_LEVEL=info\nDATABASE_URL=\nREDIS_URL=\nMONGODB_URI=\n";
    let snapshot = snapshot(&[("package.json", package), (".env.example", dotenv)]);
    let spec = spec_text(&draft(&snapshot, None, profiles));
    resolved(&spec);
    let all = uncommented(&spec);
    for key in [
        "\njobs:",
        "\nconfig:",
        "\nsecrets:",
        "\ndatastores:",
        "\ndelivery:",
        "\nmetrics:",
        "\nrepository:",
        "domains: [",
    ] {
        assert!(all.contains(key), "{key}\n{all}");
    }
    resolved(&all);
}

#[test]
fn a_profile_of_each_language_resolves_without_any_file() {
    for language in Language::ALL {
        resolved(&spec_text(&draft(&snapshot(&[]), Some(language), profiles)));
    }
}

/// Pieces that are likely to break a scalar, a comment, a shell line or a parser.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n".to_owned()),
        Just("---".to_owned()),
        Just("# x".to_owned()),
        Just("'".to_owned()),
        Just("\"".to_owned()),
        Just("{{ x }}".to_owned()),
        Just("${{ x }}".to_owned()),
        Just("$(id)".to_owned()),
        Just(": ".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("\u{1b}[31m".to_owned()),
        Just("[a, b]".to_owned()),
        Just("\\".to_owned()),
        Just("node".to_owned()),
        Just("--port".to_owned()),
        Just("80".to_owned()),
        Just("99999".to_owned()),
        Just(" ".to_owned()),
        Just(">=".to_owned()),
        Just("22".to_owned()),
        Just("3.12".to_owned()),
        Just("/".to_owned()),
        Just("@".to_owned()),
        "[a-zA-Z0-9é日._-]{0,12}",
        "\\PC{0,6}",
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn node_repositories(name in nasty(), version in nasty(), start in nasty(), build in nasty(), main in nasty(), folder in nasty()) {
        let package = format!(
            "{{\"name\": {}, \"engines\": {{\"node\": {}}}, \"main\": {}, \"scripts\": {{\"start\": {}, \"build\": {}}}}}",
            json(&name), json(&version), json(&main), json(&start), json(&build),
        );
        let mut snapshot = snapshot(&[("package.json", &package), (".nvmrc", &version), ("Procfile", &format!("web: {start}"))]);
        snapshot.folder = folder;
        check(&snapshot);
    }

    #[test]
    fn other_repositories(files in proptest::collection::btree_map(path(), nasty(), 0..8), folder in nasty()) {
        let files: BTreeMap<String, Content> = files.into_iter().map(|(path, text)| (path, Content::Text(text))).collect();
        check(&Snapshot { folder, files, truncated: false });
    }

    #[test]
    fn written_files(name in nasty(), version in nasty(), port in nasty(), command in nasty(), url in nasty()) {
        let python = format!("[project]\nname = {}\nrequires-python = {}\n", json(&name), json(&version));
        let dockerfile = format!("FROM python:{version}\nENV PORT={port}\nEXPOSE {port}\nHEALTHCHECK CMD curl http://localhost:{port}/{name}\n\
            USER {port}\nENTRYPOINT {command}\nCMD [{}]\n", json(&command));
        let git = format!("[remote \"origin\"]\n\turl = https://github.com/{url}/{name}\n");
        let dotenv = format!("PORT={port}\n{name}=1\nAPI_KEY={url}\nLOG_LEVEL={url}\n");
        check(&snapshot(&[("pyproject.toml", &python), ("Dockerfile", &dockerfile), (".git/config", &git), (".env.example", &dotenv)]));
    }
}

fn path() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(vec![
        "package.json",
        "pyproject.toml",
        "go.mod",
        "requirements.txt",
        "Dockerfile",
        ".nvmrc",
        ".python-version",
        ".env.example",
        ".git/config",
        "Procfile",
        ".tool-versions",
        "runtime.txt",
        "yarn.lock",
        "uv.lock",
    ]);
    prop_oneof![
        known.prop_map(str::to_owned),
        nasty().prop_map(|name| format!("k8s/overlays/{name}/x.yaml")),
        nasty().prop_map(|name| format!("cmd/{name}/main.go")),
        nasty().prop_map(|name| format!("{name}/package.json")),
    ]
}

/// The spec resolves, and neither it nor the report carries a control character from a file.
fn check(snapshot: &Snapshot) {
    for chosen in [None, Some(Language::Node), Some(Language::Python), Some(Language::Go)] {
        let draft = draft(snapshot, chosen, profiles);
        let spec = spec_text(&draft);
        resolved(&spec);
        for text in [spec, report(snapshot, &draft)] {
            assert!(!text.chars().any(|c| c != '\n' && crate::text::is_invisible(c)), "{text:?}");
        }
    }
}
