//! What the layout of the repository says: environments, workspaces, packages below.

use super::evidence::{Certainty, Evidence, Verdict};
use super::json::Object;
use super::snapshot::{Content, Snapshot};

/// Environments that have a folder of their own today, else the usual two.
pub fn environments(snapshot: &Snapshot) -> Verdict<Vec<String>> {
    let mut found: Vec<(String, Evidence)> = Vec::new();
    for folder in ["k8s/overlays", "deploy/overlays", "kustomize/overlays", "overlays"] {
        for path in snapshot.below(folder) {
            let Some((name, _)) = path.split_once('/') else { continue };
            let is_new = found.iter().all(|(known, _)| known != name);
            if is_new && super::name::label(name).as_deref() == Some(name) {
                found.push((name.to_owned(), Evidence::file(&format!("{folder}/{name}"))));
            }
        }
    }
    if found.is_empty() {
        return Verdict::Found {
            value: vec!["staging".to_owned(), "production".to_owned()],
            certainty: Certainty::Guess,
            evidence: Vec::new(),
            note: "the usual two; no file names any".to_owned(),
        };
    }
    found.sort_by_key(|(name, _)| stage(name));
    let (value, evidence) = found.into_iter().unzip();
    Verdict::Found { value, certainty: Certainty::Likely, evidence, note: String::new() }
}

/// How late an environment of this name is in the order of delivery.
fn stage(name: &str) -> usize {
    let order = [&["dev", "development"][..], &["test", "testing", "qa"], &["stage", "staging", "preprod"]];
    let last = ["prod", "production", "live"];
    let position = order.iter().position(|names| names.contains(&name));
    position.unwrap_or(if last.contains(&name) { order.len() + 1 } else { order.len() })
}

/// The file that makes this folder the top of several packages.
pub fn workspace(snapshot: &Snapshot) -> Option<Evidence> {
    let declared = snapshot
        .text("package.json")
        .and_then(|text| Object::parse(text).ok()?.line_of("workspaces"))
        .map(|line| Evidence::line("package.json", line, "workspaces"));
    let files = ["pnpm-workspace.yaml", "lerna.json", "nx.json", "turbo.json", "go.work"];
    declared.or_else(|| files.into_iter().find(|file| snapshot.has(file)).map(Evidence::file))
}

/// Manifests in folders below, the shortest path first; examples and tests are left out.
pub fn nested_manifests(snapshot: &Snapshot) -> impl Iterator<Item = &str> {
    let mut paths: Vec<&str> = ["package.json", "pyproject.toml", "go.mod"]
        .into_iter()
        .flat_map(|name| snapshot.named(name))
        .filter(|path| path.contains('/'))
        .filter(|path| {
            !path.split('/').any(|part| matches!(part, "examples" | "example" | "test" | "tests" | "docs" | "fixtures"))
        })
        .collect();
    paths.sort_by_key(|path| (path.matches('/').count(), *path));
    paths.into_iter()
}

/// Files that could not be read, and packages below.
pub fn notes(snapshot: &Snapshot) -> Vec<Evidence> {
    let says = |path: &str, says: String| Evidence::file(path).remark(says);
    let mut notes: Vec<Evidence> = snapshot
        .files
        .iter()
        .filter_map(|(path, content)| match content {
            Content::Unusable(reason) => Some(says(path, format!("is not read: {reason}"))),
            Content::Text(_) | Content::Listed => None,
        })
        .collect();
    let nested: Vec<&str> = nested_manifests(snapshot).collect();
    if let [first, rest @ ..] = nested.as_slice() {
        let more = if rest.is_empty() { String::new() } else { format!(" (and {} more below)", rest.len()) };
        notes.push(says(first, format!("is another package{more}; run init there for a spec of its own")));
    }
    if snapshot.truncated {
        notes.push(says(".", "has too many files; only a part was looked at".to_owned()));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_come_in_the_order_of_delivery() {
        let paths = [
            "k8s/overlays/production/a.yaml",
            "k8s/overlays/dev/a.yaml",
            "k8s/overlays/eu/a.yaml",
            "k8s/overlays/Bad_/a",
        ];
        let files = paths.into_iter().map(|path| (path.to_owned(), Content::Listed)).collect();
        let verdict = environments(&Snapshot { files, ..Snapshot::default() });
        assert_eq!(verdict.value().unwrap(), &["dev", "eu", "production"]);
    }
}
