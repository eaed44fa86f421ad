//! The Dockerfile: its stages, and what it shares with the pods.

use std::borrow::Cow;

use serde_json::Value;

use super::parsed::{Container, Parsed};
use super::place::Place;
use super::{Mention, PROJECT, Relation, exact};
use crate::validate::json::{items, scalar, text};

pub(super) const RELATIONS: &[Relation] = &[
    exact("image-stage", "names stage `{}`, which no line before it begins", stages_used, stages),
    exact("image-port", "exposes port {}, which no container opens", exposed, opened),
    exact("image-port-exposed", "opens port {}, which the image does not expose", opened, exposed),
    exact("image-listens", "listens or is checked at port {}, which no container opens", ports_told, opened),
    exact("image-user", "runs as user {}, which is not that of the pods", users, pod_users),
    exact("image-file", "builds with `{}`, which does not exist", files_used, files),
];

const DOCKERFILE: &str = "Dockerfile";

/// Instructions with their words; lines that go on are one.
fn instructions<'a>(parsed: &'a Parsed<'a>) -> Vec<Vec<&'a str>> {
    let content = parsed.file(DOCKERFILE).map_or("", |file| file.content.as_str());
    let mut found: Vec<Vec<&str>> = Vec::new();
    let mut goes_on = false;
    for line in content.lines().filter(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty()) {
        let words = line.split_whitespace().filter(|word| *word != "\\");
        match found.last_mut().filter(|_| goes_on) {
            Some(instruction) => instruction.extend(words),
            None => found.push(words.collect()),
        }
        goes_on = line.trim_end().ends_with('\\');
    }
    found
}

fn mention<'a>(name: impl Into<Cow<'a, str>>) -> Mention<'a> {
    Mention::new(Place::file(DOCKERFILE), PROJECT, name)
}

/// Stages that `FROM` and `--from=` name. What has a `/` or `:` is an image.
fn stages_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for words in instructions(parsed) {
        let of_flags = words
            .iter()
            .flat_map(|word| word.split(','))
            .filter_map(|part| part.strip_prefix("--from=").or_else(|| part.strip_prefix("from=")));
        let base = words.iter().skip(1).find(|word| !word.starts_with("--")).filter(|_| words[0] == "FROM");
        let named = of_flags.chain(base.copied()).filter(|name| !name.contains(['/', ':', '$']) && *name != "scratch");
        found.extend(named.map(mention));
    }
    found
}

fn stages<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let stage = |words: Vec<&'a str>| {
        let name = words.iter().position(|word| word.eq_ignore_ascii_case("as"))?;
        words.get(name + 1).filter(|_| words[0] == "FROM").copied()
    };
    instructions(parsed).into_iter().filter_map(stage).map(mention).collect()
}

/// Ports that the health check and the variable PORT name.
fn ports_told<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let told = |words: &Vec<&'a str>| matches!(words[0], "HEALTHCHECK" | "ENV" | "CMD");
    let words = instructions(parsed).into_iter().filter(told).flatten();
    words
        .filter_map(|word| {
            let rest = word.strip_prefix("PORT=").or_else(|| Some(word.split_once("://127.0.0.1:")?.1))?;
            rest.split(|c: char| !c.is_ascii_digit()).next()
        })
        .map(mention)
        .collect()
}

fn exposed<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    arguments(parsed, "EXPOSE").filter_map(|port| port.split('/').next()).map(mention).collect()
}

pub(super) fn arguments<'a>(parsed: &'a Parsed<'a>, instruction: &'static str) -> impl Iterator<Item = &'a str> {
    let found = instructions(parsed).into_iter().filter(move |words| words[0] == instruction);
    found.flat_map(|words| words.into_iter().skip(1))
}

/// Containers that run the image of this Dockerfile.
fn own_containers<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = Container<'a>> {
    let repository = parsed.resolved.base.image().map(|image| image.repository.as_str()).unwrap_or_default();
    let has_file = parsed.has_file(DOCKERFILE);
    parsed.containers().filter(move |it| has_file && repository_of(text(&it.value["image"])) == repository)
}

/// An image's repository, without tag and digest.
pub(super) fn repository_of(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or(image);
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => name,
    }
}

fn opened<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let ports =
        |container: Container<'a>| items(&container.value["ports"]).iter().map(|it| scalar(&it["containerPort"]));
    own_containers(parsed)
        .flat_map(|container| ports(container).map(move |port| Mention::new(container.place(), PROJECT, port)))
        .collect()
}

/// The last user of the file: that of the stage which delivery builds.
fn users<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let last = arguments(parsed, "USER").last();
    last.and_then(|user| user.split(':').next()).map(mention).into_iter().collect()
}

fn pod_users<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    own_containers(parsed)
        .map(|it| {
            let own = &it.value["securityContext"]["runAsUser"];
            let of_pod = &it.workload.pod["securityContext"]["runAsUser"];
            Mention::new(it.place(), PROJECT, scalar(if *own == Value::Null { of_pod } else { own }))
        })
        .collect()
}

/// Generated files that the build mounts or copies.
fn files_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for words in instructions(parsed) {
        let sources = words.iter().flat_map(|word| word.split(',')).filter_map(|part| part.strip_prefix("source="));
        found.extend(sources.filter(|path| path.starts_with("scripts/")).map(mention));
    }
    found
}

fn files<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.files.iter().map(|file| mention(file.path.as_str())).collect()
}
