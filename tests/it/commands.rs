//! The program on a folder: standard output, standard error, exit code, files.

use crate::support::{HELLO, Project};

#[test]
fn render_writes_the_tree_and_then_nothing() {
    let project = Project::new(HELLO);
    project.run(&["render"]).success().stderr_ends("new\n").stdout("");
    let before = project.files();
    let written = project.modified("k8s/base/deployment.yaml");
    project.run(&["render"]).success().stderr_ends("unchanged\n").stdout("");
    assert_eq!(project.files(), before);
    assert_eq!(project.modified("k8s/base/deployment.yaml"), written, "an unchanged file keeps its time");
}

#[test]
fn quiet_says_nothing_and_verbose_names_each_file() {
    let project = Project::new(HELLO);
    project.run(&["render", "-q"]).success().stderr("").stdout("");
    let output = project.run(&["render", "-v"]).success();
    assert!(output.stderr.contains("unchanged  k8s/base/deployment.yaml\n"), "{}", output.stderr);
}

#[test]
fn one_environment_leaves_the_others_alone() {
    let project = Project::new(HELLO);
    project.run(&["render", "--env", "production"]).success();
    assert!(project.files().iter().all(|path| !path.contains("staging")), "{:?}", project.files());
    project.run(&["render"]).success();
    let all = project.files();
    project.run(&["render", "--env", "production"]).success();
    assert_eq!(project.files(), all, "files of environments not asked for stay");
}

#[test]
fn an_unknown_environment_is_an_error() {
    let project = Project::new(HELLO);
    for command in ["render", "diff", "check", "build"] {
        let output = project.run(&[command, "--env", "prod"]).code(1);
        assert!(output.stderr.contains("no environment `prod`"), "{}", output.stderr);
        assert!(output.stderr.contains("`production` or `staging`"), "{}", output.stderr);
    }
    assert_eq!(project.files(), ["infragen.yaml"]);
}

#[test]
fn check_mode_writes_nothing_and_shows_the_difference() {
    let project = Project::new(HELLO);
    let output = project.run(&["render", "--check"]).code(1);
    assert!(output.stdout.contains("+++ b/k8s/base/deployment.yaml\n"), "{}", output.stdout);
    assert_eq!(project.files(), ["infragen.yaml"]);
    project.run(&["render"]).success();
    project.run(&["render", "--check"]).success().stdout("").stderr("");
}

#[test]
fn left_over_files_are_removed_unless_edited() {
    let project = Project::new(HELLO);
    project.run(&["render"]).success();
    project.append("k8s/base/http-route.yaml", "# mine\n");
    project.replace("infragen.yaml", "domains: [hello.acme.example]\n", "");
    project.replace("infragen.yaml", "    domains: [staging.hello.acme.example]\n", "    replicas: 2\n");
    let output = project.run(&["render"]).success();
    assert!(output.stderr.contains("k8s/base/http-route.yaml"), "{}", output.stderr);
    let files = project.files();
    assert!(files.contains(&"k8s/base/http-route.yaml".to_owned()));
    assert!(!files.contains(&"k8s/base/gateway.yaml".to_owned()));
}

#[test]
fn build_prints_manifests_and_set_is_the_last_layer() {
    let project = Project::new(HELLO);
    let output = project.run(&["build", "--env", "production", "--set", "image.tag=v1.2.3"]).success().stderr("");
    assert!(output.stdout.contains("image: ghcr.io/acme/hello:v1.2.3\n"), "{}", output.stdout);
    assert!(output.stdout.contains("\nkind: Deployment\n"), "{}", output.stdout);
    let json = project.run(&["build", "--env", "production", "--format", "json"]).success();
    let list: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(list["kind"], "List");
    assert_eq!(list["items"].as_array().unwrap().len(), output.stdout.matches("\nkind: ").count());
}

#[test]
fn set_refuses_what_is_no_setting() {
    let project = Project::new(HELLO);
    for (set, part) in [
        ("image.tag", "has no value"),
        ("=x", "no path of keys"),
        ("image..tag=x", "no path of keys"),
        ("image.tag={a: b}", "single values"),
        ("image.tga=x", "did you mean `tag`"),
        ("port=http", "expected"),
    ] {
        let output = project.run(&["build", "--env", "production", "--set", set]).code(1);
        assert!(output.stderr.contains(part), "{set}: {}", output.stderr);
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_spec_comes_from_standard_input() {
    let project = Project::new("");
    let output = project.run_with(&["build", "--spec", "-", "--env", "production"], HELLO).success();
    assert!(output.stdout.contains("name: hello\n"), "{}", output.stdout);
    let output = project.run_with(&["build", "--spec", "-", "--env", "production"], "version: 2\n").code(1);
    assert!(output.stderr.contains("standard input:"), "{}", output.stderr);
}

#[test]
fn the_nearest_spec_above_counts() {
    let project = Project::new(HELLO);
    project.create_folder("src/deep");
    project.run_in("src/deep", &["render"]).success();
    assert!(project.files().contains(&"k8s/base/deployment.yaml".to_owned()));
}

#[test]
fn without_a_spec_infragen_cannot_work() {
    let project = Project::new(HELLO);
    let output = project.run(&["render", "--spec", "missing.yaml"]).code(2).stdout("");
    assert!(output.stderr.contains("missing.yaml"), "{}", output.stderr);
}

#[test]
fn diff_names_files_resources_and_fields() {
    let project = Project::new(HELLO);
    project.run(&["render"]).success();
    project.run(&["diff"]).success().stdout("").stderr("");
    project.replace("infragen.yaml", "    replicas: 3\n", "    replicas: 5\n");
    let output = project.run(&["diff", "--env", "production"]).success();
    assert!(output.stdout.contains("-  replicas: 3\n+  replicas: 5\n"), "{}", output.stdout);
    assert!(
        output.stdout.ends_with("Resources of production:\n  ~ Deployment hello\n      spec.replicas: 3 -> 5\n"),
        "{}",
        output.stdout
    );
    let json = project.run(&["diff", "--format", "json"]).success();
    let difference: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let production = &difference["environments"][0];
    assert_eq!(production["environment"], "production");
    assert_eq!(production["resources"][0]["fields"][0]["path"], "spec.replicas");
}

#[test]
fn check_reports_drift_in_every_format() {
    let project = Project::new(HELLO);
    project.run(&["render"]).success();
    let clean = project.run(&["check"]).success();
    assert!(clean.stderr.contains("0 errors"), "{}", clean.stderr);
    project.append("k8s/base/service.yaml", "# mine\n");
    let output = project.run(&["check"]).code(1);
    assert!(
        output.stderr.contains("error[edited-by-hand]: the file was edited by hand\n--> k8s/base/service.yaml"),
        "{}",
        output.stderr
    );
    let json = project.run(&["check", "--format", "json"]).code(1);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let finding = report["findings"].as_array().unwrap().iter().find(|finding| finding["severity"] == "error").unwrap();
    assert_eq!(
        (finding["code"].as_str(), finding["file"].as_str()),
        (Some("edited-by-hand"), Some("k8s/base/service.yaml"))
    );
    let github = project.run(&["check", "--format", "github"]).code(1);
    assert!(github.stdout.contains("::error title=edited-by-hand,file=k8s/base/service.yaml::"), "{}", github.stdout);
    let sarif = project.run(&["check", "--format", "sarif"]).code(1);
    let sarif: serde_json::Value = serde_json::from_str(&sarif.stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
}

#[test]
fn explain_knows_keys_values_and_codes() {
    let project = Project::new(HELLO);
    let key = project.run(&["explain", "replicas.max"]).success();
    assert!(key.stdout.starts_with("replicas.max\n\nMost replicas"), "{}", key.stdout);
    let value = project.run(&["explain", "replicas", "--env", "production"]).success();
    assert!(value.stdout.contains("production: 3 (infragen.yaml:12:15)"), "{}", value.stdout);
    let base = project.run(&["explain", "shutdown.gracePeriod"]).success();
    assert!(base.stdout.contains("(base): 30s (profiles/base.yaml:"), "{}", base.stdout);
    let code = project.run(&["explain", "not-generated-yet"]).success();
    assert!(code.stdout.starts_with("not-generated-yet\n\n"), "{}", code.stdout);
    let unknown = project.run(&["explain", "replicas.maxx"]).code(1).stdout("");
    assert!(unknown.stderr.contains("did you mean `max`?"), "{}", unknown.stderr);
}

#[test]
fn every_code_is_explained() {
    let project = Project::new(HELLO);
    for code in infragen::diagnostic::Code::ALL {
        project.run(&["explain", code.id()]).success();
    }
}

#[test]
fn profiles_are_listed_and_printed() {
    let project = Project::new(HELLO);
    let list = project.run(&["profiles"]).success();
    assert_eq!(
        list.stdout.lines().filter_map(|line| line.split(' ').next()).collect::<Vec<_>>(),
        ["node", "python", "go"]
    );
    let node = project.run(&["profiles", "node"]).success();
    assert!(node.stdout.contains("extends: base\n"), "{}", node.stdout);
    let unknown = project.run(&["profiles", "nod"]).code(1).stdout("");
    assert!(unknown.stderr.contains("did you mean `node`?"), "{}", unknown.stderr);
}

#[test]
fn schema_completions_and_manual_go_to_standard_output() {
    let project = Project::new(HELLO);
    let schema = project.run(&["schema"]).success().stderr("");
    assert!(serde_json::from_str::<serde_json::Value>(&schema.stdout).unwrap()["properties"]["replicas"].is_object());
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(project.run(&["completions", shell]).success().stdout.contains("infragen"), "{shell}");
    }
    let manual = project.run(&["man"]).success();
    for command in ["render", "build", "diff", "check", "explain"] {
        assert!(manual.stdout.contains(&format!("infragen\\-{command}")), "{command}");
    }
}

#[test]
fn every_command_has_help_with_an_example() {
    let project = Project::new(HELLO);
    for command in ["init", "render", "build", "diff", "check", "explain", "schema", "profiles", "completions", "man"] {
        let help = project.run(&[command, "--help"]).success().stderr("");
        assert!(help.stdout.contains("Example"), "{command}: {}", help.stdout);
    }
}

#[test]
fn a_wrong_command_line_is_a_failure_of_use() {
    let project = Project::new(HELLO);
    for arguments in [&["rendr"][..], &["render", "--nope"], &["build"], &[]] {
        project.run(arguments).code(2).stdout("");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::{Command, Stdio};
    let project = Project::new(HELLO);
    let mut child = Command::new(env!("CARGO_BIN_EXE_infragen"))
        .args(["schema"])
        .current_dir(project.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
fn colour_is_for_terminals_or_on_request() {
    let project = Project::new("version: 2\n");
    let plain = project.run(&["render"]).code(1);
    assert!(!plain.stderr.contains('\u{1b}'));
    let styled = project.run(&["render", "--color", "always"]).code(1);
    assert!(styled.stderr.contains('\u{1b}'));
}
