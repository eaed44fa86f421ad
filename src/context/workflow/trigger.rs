//! What starts the workflow, and which environment a start is for.

use serde::Serialize;

use crate::model::Start;
use crate::resolve::ResolvedProject;

/// What starts the workflow: the triggers of all environments together.
#[derive(Serialize)]
pub(super) struct Triggers {
    branches: Vec<String>,
    tags: Vec<String>,
    release: bool,
    /// Environments that a person may choose.
    choices: Vec<String>,
}

impl Triggers {
    /// The triggers of environments.
    pub(super) fn of(environments: &[ResolvedProject]) -> Self {
        let mut triggers = Self { branches: Vec::new(), tags: Vec::new(), release: false, choices: Vec::new() };
        for environment in environments {
            match environment.start() {
                Start::Branch(branch) => add(&mut triggers.branches, branch),
                Start::Tag(tag) => add(&mut triggers.tags, tag),
                Start::Release => triggers.release = true,
                Start::Hand => triggers.choices.extend(environment.environment.iter().map(ToString::to_string)),
            }
        }
        triggers
    }

    /// Whether a person may start a deployment.
    pub(super) fn has_choices(&self) -> bool {
        !self.choices.is_empty()
    }
}

fn add(list: &mut Vec<String>, item: String) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// A trigger in words.
pub(super) fn words(start: &Start) -> String {
    match start {
        Start::Branch(branch) => format!("a push to branch {branch}"),
        Start::Tag(tag) => format!("a tag {tag}"),
        Start::Release => "a published release".to_owned(),
        Start::Hand => "chosen by hand".to_owned(),
    }
}

/// The expression that is true when a start is for this environment. Names of branches and tags have no quotes.
pub(super) fn condition(start: &Start, environment: &str, all: &Triggers) -> String {
    match start {
        Start::Branch(branch) if !branch.contains('*') => {
            format!("github.event_name == 'push' && github.ref == 'refs/heads/{branch}'")
        }
        Start::Branch(pattern) => pushed("branch", pattern, &all.branches),
        Start::Tag(pattern) => pushed("tag", pattern, &all.tags),
        Start::Release => "github.event_name == 'release'".to_owned(),
        Start::Hand => format!("github.event_name == 'workflow_dispatch' && inputs.environment == '{environment}'"),
    }
}

/// A push of a branch or tag that matches a pattern. Where there is one pattern only, `on` has matched it already;
/// expressions know no patterns, so otherwise the fixed parts of the pattern are compared.
fn pushed(kind: &str, pattern: &str, all: &[String]) -> String {
    let mut parts = vec!["github.event_name == 'push'".to_owned(), format!("github.ref_type == '{kind}'")];
    if all.len() > 1 {
        for part in fixed_parts(pattern) {
            add(&mut parts, part);
        }
    }
    parts.join(" && ")
}

fn fixed_parts(pattern: &str) -> Vec<String> {
    let pieces: Vec<&str> = pattern.split('*').collect();
    let [first, inner @ .., last] = pieces.as_slice() else {
        return vec![format!("github.ref_name == '{pattern}'")];
    };
    let starts = (!first.is_empty()).then(|| format!("startsWith(github.ref_name, '{first}')"));
    let contains =
        inner.iter().filter(|piece| !piece.is_empty()).map(|piece| format!("contains(github.ref_name, '{piece}')"));
    let ends = (!last.is_empty()).then(|| format!("endsWith(github.ref_name, '{last}')"));
    starts.into_iter().chain(contains).chain(ends).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_parts_of_patterns() {
        assert_eq!(fixed_parts("v1"), ["github.ref_name == 'v1'"]);
        assert_eq!(fixed_parts("v*-rc*"), ["startsWith(github.ref_name, 'v')", "contains(github.ref_name, '-rc')"]);
        assert_eq!(fixed_parts("*-beta"), ["endsWith(github.ref_name, '-beta')"]);
    }

    #[test]
    fn one_tag_pattern_needs_no_parts() {
        let all = Triggers { branches: Vec::new(), tags: vec!["v*".to_owned()], release: false, choices: Vec::new() };
        assert_eq!(
            condition(&Start::Tag("v*".to_owned()), "production", &all),
            "github.event_name == 'push' && github.ref_type == 'tag'"
        );
    }
}
