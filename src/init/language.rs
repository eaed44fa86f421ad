//! Which language the project is written in.

use toml::de::DeTable;

use super::clues::Language;
use super::evidence::{Certainty, Clue, Evidence, Verdict};
use super::json::Object;
use super::snapshot::Snapshot;
use super::{container, layout, node, python};

/// The language whose manifest describes an application; of several, the one that the Dockerfile ends with.
pub fn decide(snapshot: &Snapshot) -> Verdict<Language> {
    let manifests = manifests(snapshot);
    let applications: Vec<&Clue<Language>> =
        manifests.iter().filter(|clue| is_application(snapshot, clue.value)).collect();
    let considered = if applications.is_empty() { manifests.iter().collect() } else { applications };
    let built = container::languages(snapshot);
    let foreign = foreign(snapshot);
    match considered.as_slice() {
        [] => without_manifest(snapshot, &built, &foreign),
        [one] if foreign.is_empty() => Verdict::Found {
            value: one.value,
            certainty: one.certainty,
            evidence: vec![one.evidence.clone()],
            note: String::new(),
        },
        several => among(several, &built, foreign),
    }
}

fn manifests(snapshot: &Snapshot) -> Vec<Clue<Language>> {
    let files = [
        (Language::Node, "package.json"),
        (Language::Python, "pyproject.toml"),
        (Language::Python, "requirements.txt"),
        (Language::Python, "setup.py"),
        (Language::Python, "Pipfile"),
        (Language::Go, "go.mod"),
    ];
    let present = files.into_iter().filter(|(_, file)| snapshot.has(file));
    let mut clues: Vec<Clue<Language>> = present.map(|(language, file)| manifest(snapshot, language, file)).collect();
    clues.dedup_by_key(|clue| clue.value);
    clues
}

/// A manifest that cannot be read still says the language, only less surely.
fn manifest(snapshot: &Snapshot, language: Language, file: &str) -> Clue<Language> {
    let is_readable = snapshot.text(file).is_some_and(|text| match file {
        "package.json" => Object::parse(text).is_ok(),
        "pyproject.toml" => DeTable::parse(text).is_ok(),
        _ => true,
    });
    let certainty = if is_readable { Certainty::Certain } else { Certainty::Likely };
    Clue { value: language, certainty, evidence: Evidence::file(file) }
}

fn is_application(snapshot: &Snapshot, language: Language) -> bool {
    match language {
        Language::Node => node::is_application(snapshot),
        Language::Python => python::is_application(snapshot),
        Language::Go => true,
    }
}

/// One of several languages, if the Dockerfile uses images of that one only.
fn among(several: &[&Clue<Language>], built: &[Clue<Language>], foreign: Vec<Evidence>) -> Verdict<Language> {
    let manifests = several.iter().map(|clue| clue.evidence.clone()).chain(foreign).collect();
    if let [first, rest @ ..] = built
        && rest.iter().all(|clue| clue.value == first.value)
        && several.iter().any(|clue| clue.value == first.value)
    {
        let note = "several languages have a manifest here; the Dockerfile builds this one".to_owned();
        let evidence = built.iter().map(|clue| clue.evidence.clone()).collect();
        return Verdict::Found { value: first.value, certainty: Certainty::Likely, evidence, note };
    }
    Verdict::Conflict {
        evidence: manifests,
        note: "each describes an application; a spec describes one service".to_owned(),
    }
}

/// Manifests of languages that have no profile; beside one of them, a `package.json` may be no more than its front end.
fn foreign(snapshot: &Snapshot) -> Vec<Evidence> {
    let manifests = [
        ("Cargo.toml", "Rust"),
        ("Gemfile", "Ruby"),
        ("build.gradle", "Java"),
        ("build.gradle.kts", "Java"),
        ("composer.json", "PHP"),
        ("deno.json", "Deno"),
        ("mix.exs", "Elixir"),
        ("pom.xml", "Java"),
    ];
    let named = manifests.into_iter().filter(|(file, _)| snapshot.has(file));
    let projects = snapshot.files.keys().filter(|path| path.ends_with(".csproj") && !path.contains('/'));
    named
        .chain(projects.map(|path| (path.as_str(), ".NET")))
        .map(|(file, language)| Evidence::file(file).remark(format!("{language}, which has no profile")))
        .collect()
}

fn without_manifest(snapshot: &Snapshot, built: &[Clue<Language>], foreign: &[Evidence]) -> Verdict<Language> {
    if !built.is_empty() {
        return super::evidence::weigh(built, "");
    }
    if let [_, ..] = foreign {
        let places: Vec<String> = foreign.iter().map(ToString::to_string).collect();
        return Verdict::missing(places.join(", "));
    }
    let nested: Vec<&str> = layout::nested_manifests(snapshot).take(4).collect();
    let looked = "there is no package.json, pyproject.toml, requirements.txt or go.mod here";
    if nested.is_empty() {
        Verdict::missing(looked)
    } else {
        let places: Vec<String> = nested.iter().map(|path| crate::text::visible(path)).collect();
        Verdict::missing(format!("{looked}, but below: {}; run init in that folder", places.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::snapshot::Content;

    fn decided(files: &[(&str, &str)]) -> Verdict<Language> {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), Content::Text((*text).to_owned())));
        decide(&Snapshot { files: files.collect(), ..Snapshot::default() })
    }

    #[test]
    fn tools_of_another_language_do_not_count() {
        let verdict = decided(&[("go.mod", "module a"), ("package.json", r#"{"devDependencies": {"prettier": "3"}}"#)]);
        assert_eq!(verdict.settled(), Some(&Language::Go));
    }

    #[test]
    fn two_applications_need_a_dockerfile() {
        let both = [("go.mod", "module a"), ("package.json", r#"{"dependencies": {"express": "5"}}"#)];
        assert!(matches!(decided(&both), Verdict::Conflict { .. }));
        let dockerfile = ("Dockerfile", "FROM golang:1.26 AS build\nFROM gcr.io/distroless/static\n");
        assert_eq!(decided(&[both[0], both[1], dockerfile]).settled(), Some(&Language::Go));
        let mixed = ("Dockerfile", "FROM node:24 AS web\nFROM golang:1.26 AS build\nFROM scratch\n");
        assert!(matches!(decided(&[both[0], both[1], mixed]), Verdict::Conflict { .. }));
    }

    #[test]
    fn a_language_without_a_profile_is_not_overlooked() {
        let rails = [("Gemfile", ""), ("package.json", r#"{"dependencies": {"react": "19"}}"#)];
        assert!(matches!(decided(&rails), Verdict::Conflict { .. }));
        assert!(matches!(decided(&rails[..1]), Verdict::Missing { note } if note.contains("Ruby")));
    }

    #[test]
    fn nested_manifests_are_named() {
        let Verdict::Missing { note } = decided(&[("api/package.json", "{}")]) else { panic!("found") };
        assert!(note.contains("api/package.json"));
    }
}
