//! The Dockerfile and what stands beside it: text of the spec stays text, and what the image needs is in it.

use infragen::diagnostic::Severity;
use infragen::generate::Generated;

use crate::support::generated;

/// Text that would change a Dockerfile if it were taken for more than text.
const HOSTILE: [&str; 10] = [
    r"echo done \",
    "# syntax=evil",
    "cat <<EOF",
    "echo $HOME ${HOME} $(id) `id`",
    r#"node -e "console.log('x')" && echo "\\""#,
    "--mount=type=secret,id=x env",
    r#"["sh"]"#,
    "FROM scratch",
    "echo ünïcode ' \" '",
    "a | b || c",
];

fn rendered(spec: &str) -> Generated {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("infragen.yaml");
    std::fs::write(&path, spec).unwrap();
    generated(&path)
}

fn file(generated: &Generated, path: &str) -> String {
    let output = generated.output.as_ref().unwrap_or_else(|| panic!("{:#?}", generated.findings));
    output.tree.files.iter().find(|file| file.path == path).map(|file| file.content.clone()).unwrap_or_default()
}

fn spec(profile: &str, image: &str, rest: &str) -> String {
    format!(
        "version: 1\nname: shop\nprofile: {profile}\nimage: {{repository: ghcr.io/acme/shop{image}}}\nport: 8080\n{rest}\n\
         environments: {{production: {{}}}}\n"
    )
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// The instructions of a Dockerfile, as a builder reads them: comments gone, continued lines joined.
fn instructions(dockerfile: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for line in dockerfile.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let open = found.last_mut().unwrap();
        if let Some(start) = line.strip_suffix('\\') {
            open.push_str(start);
        } else {
            open.push_str(line);
            found.push(String::new());
        }
    }
    found.retain(|instruction| !instruction.trim().is_empty());
    found
}

fn names(dockerfile: &str) -> Vec<String> {
    let first = |line: String| line.split_whitespace().next().unwrap_or_default().to_owned();
    instructions(dockerfile).into_iter().map(first).filter(|name| name != "SHELL").collect()
}

/// What the instruction runs: the line, or the last word of the exec form.
fn text_of(instruction: &str, name: &str) -> String {
    let rest = instruction.strip_prefix(name).unwrap().trim();
    match serde_json::from_str::<Vec<String>>(rest) {
        Ok(words) => words.last().unwrap().clone(),
        Err(_) => rest.to_owned(),
    }
}

#[test]
fn hostile_text_stays_text_in_every_place() {
    let calm = names(&file(
        &rendered(&spec("node", ", build: make, start: [node, x.js]", "owner: {team: t, email: a@b.example}")),
        "Dockerfile",
    ));
    for text in HOSTILE {
        let image = format!(", build: {0}, start: [node, {0}]", quoted(text));
        let owner = format!("owner: {{team: {}, email: a@b.example}}", quoted(text));
        let dockerfile = file(&rendered(&spec("node", &image, &owner)), "Dockerfile");
        assert_eq!(names(&dockerfile), calm, "{text}");
        let all = instructions(&dockerfile);
        let build = all.iter().position(|line| line.starts_with("FROM dependencies AS build")).unwrap();
        let run = all[build..].iter().find(|line| line.starts_with("RUN")).unwrap();
        assert_eq!(text_of(run, "RUN"), text, "{dockerfile}");
        assert_eq!(text_of(all.last().unwrap(), "CMD"), text, "{dockerfile}");
        assert!(!run.contains("<<"), "a here-document may begin: {run}");
        let label = all.iter().find(|line| line.starts_with("LABEL")).unwrap();
        let escaped = text.replace('\\', r"\\").replace('"', r#"\""#).replace('$', r"\$");
        assert!(label.contains(&format!("vendor=\"{escaped}\"")), "{label}");
    }
}

#[test]
fn lines_that_cannot_be_one_line_are_refused() {
    for text in ["npm run build\nRUN id", "a\u{202e}b", "x\u{0}"] {
        let generated = rendered(&spec("node", &format!(", build: {}", quoted(text)), ""));
        assert!(generated.output.is_none(), "{text:?}");
    }
}

#[test]
fn what_costs_safety_is_rendered_with_a_warning() {
    let image = ", runtime: \"18\", variant: alpine, user: 1001, healthcheck: curl, init: tini";
    let generated =
        rendered(&spec("node", image, "jobs: {up: {command: [npx, ts-node, scripts/up.ts], when: beforeDeploy}}"));
    let messages: Vec<&str> = generated.findings.iter().map(|finding| finding.message.as_str()).collect();
    for part in ["Node.js 18 is past its end of life", "user 1001", "curl in the image", "`ts-node`"] {
        assert!(messages.iter().any(|message| message.contains(part)), "{part}: {messages:#?}");
    }
    assert!(generated.findings.iter().all(|finding| finding.severity == Severity::Warning));
    let dockerfile = file(&generated, "Dockerfile");
    for part in [
        "FROM node:18-alpine AS production",
        "apk add --no-cache curl tini",
        "USER 1001:1001",
        "ENTRYPOINT [\"/sbin/tini\", \"--\"]",
    ] {
        assert!(dockerfile.contains(part), "{part}: {dockerfile}");
    }
    assert!(file(&generated, ".hadolint.yaml").contains("DL3018"));
}

#[test]
fn files_that_commands_name_are_in_the_build_context() {
    let jobs = "jobs: {load: {command: [node, tests/load.js, docs/data.json], when: beforeDeploy}}";
    let ignored = file(&rendered(&spec("node", "", jobs)), ".dockerignore");
    let lines: Vec<&str> = ignored.lines().collect();
    let place =
        |line: &str| lines.iter().position(|found| *found == line).unwrap_or_else(|| panic!("{line}: {ignored}"));
    assert!(place("tests") < place("!tests/load.js"));
    assert!(place("docs") < place("!docs/data.json"));
    assert!(place("!docs/data.json") < place("**/.env"));
}

#[test]
fn no_command_brings_a_secret_into_the_image() {
    let generated =
        rendered(&spec("node", "", "jobs: {up: {command: [sh, config/.env.production], when: beforeDeploy}}"));
    assert!(generated.output.is_none());
    assert!(generated.findings[0].message.contains("config/.env.production"), "{:#?}", generated.findings);
}

#[test]
fn a_package_manager_of_another_language_is_refused() {
    assert!(rendered(&spec("node", ", packageManager: uv", "")).output.is_none());
}

#[test]
fn go_gets_a_shell_only_if_a_command_needs_one() {
    let bare = file(&rendered(&spec("go", "", "")), "Dockerfile");
    assert!(bare.contains("FROM gcr.io/distroless/static-debian13:nonroot AS production"), "{bare}");
    let shell = file(
        &rendered(&spec("go", "", "jobs: {up: {command: ./migrate && ./seed, when: beforeDeploy}}")),
        "Dockerfile",
    );
    assert!(shell.contains("FROM debian:trixie-slim AS production"), "{shell}");
    let several = file(&rendered(&spec("go", ", platforms: [linux/amd64, linux/arm64]", "")), "Dockerfile");
    assert!(several.contains("FROM --platform=$BUILDPLATFORM golang:1.27-trixie AS dependencies"), "{several}");
}

#[test]
fn a_command_that_runs_a_script_has_its_package_manager() {
    let jobs = "jobs: {up: {command: [pnpm, run, up], when: beforeDeploy}}";
    let dockerfile = file(&rendered(&spec("node", ", packageManager: pnpm", jobs)), "Dockerfile");
    let production = dockerfile.split("AS production").nth(1).unwrap();
    assert!(production.contains("npm install --global pnpm@"), "{production}");
}

#[test]
fn settings_that_may_hold_a_token_stay_out_of_production() {
    for (manager, settings) in [("npm", ".npmrc"), ("pnpm", ".npmrc"), ("yarn", ".yarnrc.yml")] {
        let dockerfile = file(&rendered(&spec("node", &format!(", packageManager: {manager}"), "")), "Dockerfile");
        let all = instructions(&dockerfile);
        let copied = all.iter().any(|line| line.starts_with("COPY package.json") && line.contains(settings));
        let removed = all.iter().any(|line| line.contains(&format!("rm -rf {settings}")));
        assert!(copied && removed, "{manager}: {dockerfile}");
    }
}

#[test]
fn go_runs_the_package_that_the_build_names() {
    let image = ", build: \"go build -o bin/ ./cmd/...\", start: [bin/api, --port, \"8080\"]";
    let dockerfile = file(&rendered(&spec("go", image, "")), "Dockerfile");
    assert!(dockerfile.contains(r#"CMD ["go", "run", "./cmd/api", "--port", "8080"]"#), "{dockerfile}");
}

#[test]
fn nothing_is_cached_below_the_home_of_the_user() {
    for manager in ["pip", "uv", "poetry"] {
        let dockerfile = file(&rendered(&spec("python", &format!(", packageManager: {manager}"), "")), "Dockerfile");
        let home = dockerfile.find("ENV HOME=/tmp").unwrap();
        let after = dockerfile[home..].split("FROM ").next().unwrap();
        assert!(!after.contains("RUN "), "{manager}: {dockerfile}");
    }
}
