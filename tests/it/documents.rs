//! What the project's own pages promise.

use std::path::Path;

use crate::support::{Project, cases, generated, root};

/// Words between backticks that are paths of the project.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    const FOLDERS: [&str; 7] = ["src/", "tests/", "templates/", "profiles/", "conformance/", "bench/", "snapshots/"];
    let is_path = |word: &&str| FOLDERS.iter().any(|folder| word.starts_with(folder));
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(is_path)
        .filter(|word| !word.contains(['<', ' ']) && !word.contains("NAME"))
}

#[test]
fn paths_that_pages_name_exist() {
    for page in ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"] {
        let text = std::fs::read_to_string(root().join(page)).unwrap();
        let missing: Vec<&str> = paths(&text).filter(|path| !root().join(path).exists()).collect();
        assert!(missing.is_empty(), "{page} names {missing:?}");
    }
}

#[test]
fn the_spec_of_the_readme_renders_what_it_says() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let spec = readme.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let project = Project::new(spec);
    project.run(&["render"]).success();
    let listing = readme.split("```\nDockerfile").nth(1).unwrap().split("```").next().unwrap();
    let promised = listing.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    for path in promised.chain(["Dockerfile", ".dockerignore"]) {
        assert!(project.path().join(path).exists(), "{path}");
    }
}

#[test]
fn every_example_is_a_folder_with_a_spec() {
    let examples = std::fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(examples.filter(|path: &std::path::PathBuf| Path::new(path).join("infragen.yaml").is_file()).count(), 7);
}

/// The alerts that have a runbook's text.
fn known_alerts() -> Vec<String> {
    let texts = std::fs::read_dir(root().join("templates/_runbook")).unwrap();
    let names = texts.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned());
    names.filter(|name| !name.starts_with('_')).collect()
}

#[test]
fn no_page_names_an_alert_that_the_project_does_not_have() {
    let known = known_alerts();
    assert!(known.contains(&"ServiceDown".to_owned()));
    for (case, spec) in cases() {
        let tree = generated(&spec).output.unwrap().tree;
        for page in tree.files.iter().filter(|file| file.path.ends_with(".md")) {
            let words = page.content.split(|c: char| !c.is_ascii_alphanumeric());
            let named = words.filter(|word| known.iter().any(|alert| alert == word));
            let missing: Vec<&str> =
                named.filter(|alert| tree.file(&format!("docs/runbooks/{alert}.md")).is_none()).collect();
            assert!(missing.is_empty(), "{case}: {} names {missing:?}", page.path);
        }
    }
}

/// The resource of a kind, as the API calls it.
fn resource(kind: &str) -> String {
    let kind = kind.to_lowercase();
    kind.strip_suffix("policy").map_or_else(|| format!("{kind}s"), |stem| format!("{stem}policies"))
}

#[test]
fn the_account_that_deploys_may_apply_every_kind() {
    for (case, spec) in cases() {
        let tree = generated(&spec).output.unwrap().tree;
        let page = &tree.file("docs/prerequisites.md").unwrap().content;
        let role = page.split("kind: Role\n").nth(1).unwrap().split("\nEND").next().unwrap();
        let layers = tree.environments.iter();
        for object in layers.flat_map(|environment| environment.objects.iter().chain(&environment.jobs)) {
            let group = object["apiVersion"].as_str().unwrap().rsplit_once('/').map_or("", |(group, _)| group);
            let rule = role.split(&format!("apiGroups: [\"{group}\"]")).nth(1).unwrap_or_default();
            let resources = rule.lines().nth(1).unwrap_or_default();
            let resource = resource(object["kind"].as_str().unwrap());
            assert!(resources.contains(&resource), "{case}: {group} {resource}\n{role}");
        }
    }
}
