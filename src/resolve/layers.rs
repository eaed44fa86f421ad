//! The layers of a project and how they are merged.

use crate::diagnostic::{Code, Diagnostic};
use crate::spec::document::{Entry, Node, SourceId, Span, Value};
use crate::spec::value::EnvName;
use crate::text::visible;

/// Everything that was read for one project, lowest layer first.
#[derive(Debug, Clone)]
pub struct Layers {
    /// Profiles, the most general first.
    pub profiles: Vec<Node>,
    /// The spec itself.
    pub spec: Node,
    /// `--set` assignments in the order given.
    pub sets: Vec<Node>,
}

/// Keys that hold for the whole project, so that no environment may set them.
const PROJECT_ONLY: [&str; 6] = ["version", "name", "profile", "process", "environments", "extends"];
/// Keys of sections that hold for the whole project: one image is built and one set of gates decides for all environments.
const PROJECT_ONLY_IN: [(&str, &[&str]); 2] = [
    (
        "image",
        &[
            "repository",
            "runtime",
            "variant",
            "packageManager",
            "build",
            "start",
            "user",
            "init",
            "healthcheck",
            "platforms",
            "maxSize",
            "workdir",
        ],
    ),
    ("delivery", &["provider", "timeout", "gates", "scan", "tags", "dispatch", "preview", "dependabot", "notify"]),
];
/// Keys that only an environment may set.
const ENVIRONMENT_ONLY: [&str; 1] = ["namespace"];
/// Keys that a profile cannot set: they say which project it is.
const NEVER_IN_PROFILES: [&str; 5] = ["version", "name", "profile", "environments", "namespace"];
/// Most environments of a project; each costs a whole rendering.
const MOST_ENVIRONMENTS: usize = 50;

impl Layers {
    /// The document of the base: profiles, then the spec without its environments, then `--set`.
    pub fn base(&self) -> Node {
        let mut document = Node::empty_map(self.spec.span);
        for profile in &self.profiles {
            merge(&mut document, &without(profile, &["extends"]));
        }
        merge(&mut document, &without(&self.spec, &["environments"]));
        for set in &self.sets {
            merge(&mut document, set);
        }
        // Messages about what is missing point at the spec, not at a profile.
        document.span = start_of(self.spec.span);
        document
    }

    /// The document of each environment, in the order of names.
    pub fn environments(&self, findings: &mut Vec<Diagnostic>) -> Vec<(EnvName, Node)> {
        let Some(environments) = self.spec.get("environments") else {
            return Vec::new();
        };
        let base = {
            let mut lower = self.clone();
            lower.sets.clear();
            lower.base()
        };
        let mut documents = Vec::new();
        for entry in environments.entries().iter().take(MOST_ENVIRONMENTS) {
            let Ok(name) = EnvName::new(entry.key.clone()) else {
                continue;
            };
            if !matches!(entry.value.value, Value::Map(_) | Value::Null) {
                findings.push(
                    Diagnostic::error(Code::WrongType, "an environment is a map of settings").at(entry.value.span),
                );
                continue;
            }
            let mut document = base.clone();
            merge(&mut document, &without(&entry.value, &PROJECT_ONLY));
            for set in &self.sets {
                merge(&mut document, set);
            }
            documents.push((name, document));
        }
        documents.sort_by(|a, b| a.0.cmp(&b.0));
        documents
    }

    /// Warnings about each `null` that removes nothing: it was probably meant as an empty value.
    pub fn idle_nulls(&self) -> Vec<Diagnostic> {
        let mut below = Node::empty_map(self.spec.span);
        for profile in &self.profiles {
            merge(&mut below, profile);
        }
        let mut findings = Vec::new();
        find_idle_nulls(Some(&below), &without(&self.spec, &["environments"]), &mut findings);
        merge(&mut below, &without(&self.spec, &["environments"]));
        for environment in self.spec.get("environments").iter().flat_map(|environments| environments.entries()) {
            find_idle_nulls(Some(&below), &environment.value, &mut findings);
        }
        findings
    }

    /// Keys that stand on the wrong level, and names of environments.
    pub fn faults(&self) -> Vec<Diagnostic> {
        if self.spec.entries().is_empty() {
            return vec![
                Diagnostic::error(Code::MissingKey, "the spec is empty").at(start_of(self.spec.span)).help(
                    "`infragen init` writes one; the smallest has version, name, profile, image and environments",
                ),
            ];
        }
        let mut findings = Vec::new();
        for entry in self.spec.entries() {
            if ENVIRONMENT_ONLY.contains(&entry.key.as_str()) {
                findings.push(misplaced(entry, "is set per environment; move it under `environments.<name>`"));
            }
            if entry.key == "extends" {
                findings.push(misplaced(entry, "belongs into profiles; a spec names its profile by `profile`"));
            }
        }
        for profile in &self.profiles {
            let misplaced_keys =
                profile.entries().iter().filter(|entry| NEVER_IN_PROFILES.contains(&entry.key.as_str()));
            findings.extend(misplaced_keys.map(|entry| misplaced(entry, "belongs into the spec, not into a profile")));
        }
        match self.spec.get("environments") {
            Some(environments) if environments.entries().len() > MOST_ENVIRONMENTS => findings.push(
                Diagnostic::error(Code::InvalidValue, format!("there are more than {MOST_ENVIRONMENTS} environments"))
                    .at(start_of(environments.span)),
            ),
            Some(environments) if !environments.entries().is_empty() => {
                findings.extend(environments.entries().iter().flat_map(environment_faults));
            }
            Some(environments) => findings.push(
                Diagnostic::error(Code::WrongType, "`environments` is a map of at least one environment by name")
                    .at(environments.span)
                    .help("write for example `environments: {production: {}}`"),
            ),
            None => findings.push(
                Diagnostic::error(Code::MissingKey, "the key `environments` is missing")
                    .at(start_of(self.spec.span))
                    .help("name at least one, for example `environments: {production: {}}`"),
            ),
        }
        findings
    }
}

fn find_idle_nulls(below: Option<&Node>, layer: &Node, findings: &mut Vec<Diagnostic>) {
    for entry in layer.entries() {
        let lower = below.and_then(|node| node.get(&entry.key));
        if entry.value.value == Value::Null && lower.is_none() {
            let message =
                format!("`{}` is null, which removes a setting, but there is none to remove", visible(&entry.key));
            findings.push(
                Diagnostic::warning(Code::Risky, message)
                    .at(entry.key_span)
                    .help("write `\"\"` for an empty text, or leave the key out"),
            );
        }
        find_idle_nulls(lower, &entry.value, findings);
    }
}

fn environment_faults(entry: &Entry) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if let Err(reason) = EnvName::new(entry.key.clone()) {
        findings.push(Diagnostic::error(Code::InvalidValue, reason).at(entry.key_span));
    }
    for inner in entry.value.entries().iter().filter(|inner| PROJECT_ONLY.contains(&inner.key.as_str())) {
        findings.push(misplaced(inner, "holds for the whole project; move it to the top level"));
    }
    for (section, keys) in PROJECT_ONLY_IN {
        let inside = entry.value.get(section).into_iter().flat_map(Node::entries);
        for inner in inside.filter(|inner| keys.contains(&inner.key.as_str())) {
            findings.push(misplaced(
                inner,
                &format!("holds for the whole project; move it to `{section}` at the top level"),
            ));
        }
    }
    findings
}

fn misplaced(entry: &Entry, why: &str) -> Diagnostic {
    Diagnostic::error(Code::UnknownKey, format!("`{}` {why}", visible(&entry.key))).at(entry.key_span)
}

fn start_of(span: Span) -> Span {
    Span { end: span.start, ..span }
}

fn without(node: &Node, keys: &[&str]) -> Node {
    let mut rest = node.clone();
    if let Value::Map(entries) = &mut rest.value {
        entries.retain(|entry| !keys.contains(&entry.key.as_str()));
    }
    rest
}

/// Merges a layer over a document: maps deeply, lists and scalars replace, `null` removes.
pub fn merge(into: &mut Node, layer: &Node) {
    merge_at(into, layer, 0);
}

fn merge_at(into: &mut Node, layer: &Node, depth: usize) {
    let (Value::Map(entries), Value::Map(changes)) = (&mut into.value, &layer.value) else {
        // A map stays a map where nothing was written (`production:` without settings).
        if !(layer.value == Value::Null && depth == 0) {
            *into = layer.clone();
        }
        return;
    };
    for change in changes {
        let value = long_form(&change.key, &change.value, depth);
        let known = entries.iter().position(|entry| entry.key == change.key);
        match (known, &value.value) {
            (Some(at), Value::Null) => {
                entries.remove(at);
            }
            (None, Value::Null) => {}
            (Some(at), _) => {
                merge_at(&mut entries[at].value, &value, depth + 1);
                entries[at].key_span = change.key_span;
            }
            // A new map goes through the merge too, so that `null` inside it removes nothing and is not kept.
            (None, Value::Map(_)) => {
                let mut fresh = Node::empty_map(value.span);
                merge_at(&mut fresh, &value, depth + 1);
                entries.push(Entry { value: fresh, ..change.clone() });
            }
            (None, _) => entries.push(Entry { value, ..change.clone() }),
        }
    }
    into.span = layer.span;
}

/// `image: repository` is short for `image: {repository: …}`: only the long form can be merged key by key.
fn long_form(key: &str, value: &Node, depth: usize) -> Node {
    match value.value {
        Value::String(_) if depth == 0 && key == "image" => Node {
            value: Value::Map(vec![Entry { key: "repository".to_owned(), key_span: value.span, value: value.clone() }]),
            span: value.span,
        },
        _ => value.clone(),
    }
}

/// Reads one `--set path=value`; the value is a YAML scalar, lists and maps are not taken.
///
/// # Errors
/// What is wrong with the assignment.
pub fn assignment(text: &str, source: SourceId) -> Result<Node, Diagnostic> {
    let span = Span { source, start: 0, end: u32::try_from(text.len()).unwrap_or(u32::MAX) };
    let refuse = |message: String| Diagnostic::error(Code::InvalidValue, message).at(span);
    let (path, value) = text.split_once('=').ok_or_else(|| {
        refuse(format!("`--set {}` has no value; write PATH=VALUE, such as `image.tag=v1.2.3`", visible(text)))
    })?;
    let keys: Vec<&str> = path.split('.').collect();
    if keys.iter().any(|key| key.is_empty()) || keys.len() > 16 {
        return Err(refuse(format!("\"{}\" is no path of keys; write for example `image.tag`", visible(path))));
    }
    let value = if value.is_empty() { "\"\"" } else { value };
    let leaf = crate::spec::read::parse(value, source).map_err(|_| refuse("the value is no YAML scalar".to_owned()))?;
    if matches!(leaf.value, Value::Map(_) | Value::List(_)) {
        return Err(refuse("`--set` takes single values; put lists and maps into the spec".to_owned()));
    }
    let leaf = Node { span, ..leaf };
    Ok(keys.into_iter().rev().fold(leaf, |value, key| Node {
        value: Value::Map(vec![Entry { key: key.to_owned(), key_span: span, value }]),
        span,
    }))
}
