//! Writing: what infragen owns, what it leaves alone, and what a killed run leaves behind.

use std::time::Duration;

use crate::support::{HELLO, Project, command};

#[test]
fn a_hand_edit_is_kept_and_named_on_every_run() {
    let project = Project::new(HELLO);
    project.run(&["render"]).success();
    project.append("k8s/base/service.yaml", "# mine\n");
    for _ in 0..2 {
        let output = project.run(&["render"]).success();
        assert!(output.stderr.contains("warning[edited-by-hand]"), "{}", output.stderr);
        assert!(output.stderr.contains("k8s/base/service.yaml"), "{}", output.stderr);
        assert!(project.read("k8s/base/service.yaml").ends_with("# mine\n"));
    }
    project.run(&["render", "--check"]).code(1);
    project.run(&["render", "--adopt"]).success();
    assert!(!project.read("k8s/base/service.yaml").contains("# mine"));
}

#[test]
fn a_foreign_file_is_kept_unless_adopted() {
    let project = Project::new(HELLO);
    project.write("k8s/base/service.yaml", "mine\n");
    let output = project.run(&["render"]).code(1);
    assert!(output.stderr.contains("error[foreign-file]"), "{}", output.stderr);
    assert_eq!(project.read("k8s/base/service.yaml"), "mine\n");
    assert!(project.files().contains(&"k8s/base/deployment.yaml".to_owned()), "the other files are written");
    project.run(&["render"]).code(1);
    project.run(&["render", "--adopt"]).success();
    assert!(project.read("k8s/base/service.yaml").contains("kind: Service"));
    project.run(&["render"]).success();
}

#[test]
fn a_foreign_file_with_the_right_content_becomes_infragens() {
    let project = Project::new(HELLO);
    project.run(&["render"]).success();
    std::fs::remove_file(project.path().join(".infragen.lock")).unwrap();
    project.run(&["render"]).success().stderr_ends("unchanged\n");
    project.replace("infragen.yaml", "port: 3000", "port: 3001");
    project.run(&["render"]).success();
    assert!(project.read("k8s/base/deployment.yaml").contains("containerPort: 3001"));
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("target.yaml");
    std::fs::write(&target, "outside\n").unwrap();
    let project = Project::new(HELLO);
    project.create_folder("k8s/base");
    symlink(&target, project.path().join("k8s/base/service.yaml")).unwrap();
    symlink(outside.path(), project.path().join("k8s/overlays")).unwrap();
    for arguments in [&["render"][..], &["render", "--adopt"]] {
        let output = project.run(arguments).code(1);
        assert!(output.stderr.contains("k8s/base/service.yaml"), "{}", output.stderr);
        assert!(output.stderr.contains("k8s/overlays/production/kustomization.yaml"), "{}", output.stderr);
    }
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "outside\n");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1, "nothing was written through the link");
}

#[test]
fn a_forged_ledger_owns_nothing_outside() {
    let outside = tempfile::tempdir().unwrap();
    let victim = outside.path().join("victim");
    std::fs::write(&victim, "").unwrap();
    let project = Project::new(HELLO);
    project.run(&["render"]).success();
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let relative = format!("../{}/victim", outside.path().file_name().unwrap().to_str().unwrap());
    project.append(".infragen.lock", &format!("{empty}  {}\n{empty}  {relative}\nnonsense\n", victim.display()));
    project.run(&["render"]).success();
    assert!(victim.exists());
}

#[test]
fn a_broken_ledger_costs_no_edit() {
    let project = Project::new(HELLO);
    project.run(&["render"]).success();
    project.append("k8s/base/service.yaml", "# mine\n");
    std::fs::write(project.path().join(".infragen.lock"), [0xff, 0xfe, 0x00]).unwrap();
    project.run(&["render"]).code(1);
    assert!(project.read("k8s/base/service.yaml").ends_with("# mine\n"));
}

#[test]
fn a_faulty_spec_loses_nothing() {
    let project = Project::new(HELLO);
    project.run(&["render"]).success();
    let before = project.files();
    project.append("infragen.yaml", "nonsense: true\n");
    project.run(&["render"]).code(1).stdout("");
    assert_eq!(project.files(), before);
}

#[test]
fn the_next_run_heals_what_a_killed_one_left() {
    let project = Project::new(HELLO);
    project.run(&["render"]).success();
    let orders = crate::support::root().join("examples/orders/infragen.yaml");
    let hello = HELLO.to_owned();
    let other = std::fs::read_to_string(orders).unwrap();
    // Each run changes nearly every file and is killed a little later than the one before.
    for step in 0..30_u64 {
        project.write("infragen.yaml", if step % 2 == 0 { &other } else { &hello });
        let mut child = command(project.path()).args(["render", "-q"]).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(step * 700));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    project.write("infragen.yaml", &hello);
    let output = project.run(&["render"]).success();
    assert!(!output.stderr.contains("edited-by-hand"), "{}", output.stderr);
    project.run(&["render", "--check"]).success();
    let left: Vec<String> = project.files().into_iter().filter(|path| path.contains(".infragen-tmp")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn two_runs_at_once_do_not_mix() {
    let project = Project::new(HELLO);
    let other = std::fs::read_to_string(crate::support::root().join("examples/orders/infragen.yaml")).unwrap();
    project.write("other.yaml", &other);
    for _ in 0..5 {
        let runs: Vec<_> = ["infragen.yaml", "other.yaml"]
            .iter()
            .map(|spec| command(project.path()).args(["render", "-q", "--spec", spec]).spawn().unwrap())
            .collect();
        let codes: Vec<_> = runs.into_iter().map(|mut run| run.wait().unwrap().code()).collect();
        assert_eq!(codes, [Some(0), Some(0)]);
        let whole = ["infragen.yaml", "other.yaml"]
            .iter()
            .filter(|spec| project.run(&["render", "--check", "--spec", spec]).code == Some(0))
            .count();
        assert_eq!(whole, 1, "the tree is wholly that of the run that came last");
    }
}

#[test]
fn scripts_are_executable() {
    use std::os::unix::fs::PermissionsExt as _;
    let project =
        Project::new(&std::fs::read_to_string(crate::support::root().join("examples/orders/infragen.yaml")).unwrap());
    project.run(&["render"]).success();
    for path in project.files().iter().filter(|path| path.starts_with("scripts/")) {
        let mode = std::fs::metadata(project.path().join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o755, "{path}");
    }
}
