//! `infragen diff`: what `render` would change, as files and as resources.

use serde::Serialize;
use serde_json::Value;

use super::Exit;
use crate::cli::{DiffArgs, Format};
use crate::diff::{EnvironmentDiff, ResourceState, resources, unified};
use crate::generate::{Output, generate};
use crate::printer::Printer;
use crate::selection::Selection;
use crate::tree;
use crate::write::{Change, Disk, Entry, State};

/// Prints the differences; the exit code is 0 whether or not there are any, as of `git diff`.
///
/// # Errors
/// What infragen could not do.
pub(super) fn run(args: &DiffArgs, printer: Printer) -> anyhow::Result<Exit> {
    let generated = generate(&args.spec)?;
    printer.findings(&generated.findings, &generated.sources);
    let Some(output) = &generated.output else {
        return Ok(Exit::of(&generated.findings));
    };
    let selection = match Selection::new(&args.out, &generated.folder, output) {
        Ok(selection) => selection,
        Err(finding) => {
            printer.findings(&[finding], &generated.sources);
            return Ok(Exit::Findings);
        }
    };
    let disk = Disk::reading(&selection.root);
    let changes = selection.changes(&disk);
    let environments = environment_diffs(&disk, &selection, output);
    match args.format {
        Format::Text => printer.data(&(file_diffs(&changes) + &resource_lists(&environments)))?,
        Format::Json => printer.data(&json(&changes, &environments)?)?,
    }
    Ok(Exit::Fine)
}

/// Unified diffs of all files that differ.
pub(super) fn file_diffs(changes: &[Change]) -> String {
    changes
        .iter()
        .filter(|change| change.state != State::Unchanged)
        .map(|change| unified(&change.path, change.old.as_deref(), change.new.as_deref()))
        .collect()
}

fn environment_diffs(disk: &Disk, selection: &Selection, output: &Output) -> Vec<EnvironmentDiff> {
    output
        .tree
        .environments
        .iter()
        .filter(|environment| selection.environments.contains(&environment.environment))
        .map(|environment| {
            let name = &environment.environment;
            let new = environment.layers().into_iter().flat_map(|(_, objects)| objects).cloned().collect::<Vec<_>>();
            resources(name, &objects_on_disk(disk, name), &new)
        })
        .collect()
}

/// The objects that an environment's files on disk give; none of a layer that is not there or cannot be built.
fn objects_on_disk(disk: &Disk, environment: &str) -> Vec<Value> {
    let read = |path: &str| match disk.entry(path) {
        Entry::File(bytes) => String::from_utf8(bytes).ok(),
        _ => None,
    };
    tree::objects(environment, &read).layers().into_iter().flat_map(|(_, objects)| objects.to_vec()).collect()
}

fn resource_lists(environments: &[EnvironmentDiff]) -> String {
    let mut text = String::new();
    for environment in environments.iter().filter(|environment| !environment.resources.is_empty()) {
        text.push_str(&format!("\nResources of {}:\n", environment.environment));
        for resource in &environment.resources {
            let sign = match resource.state {
                ResourceState::Added => '+',
                ResourceState::Changed => '~',
                ResourceState::Removed => '-',
            };
            text.push_str(&format!("  {sign} {} {}\n", resource.kind, resource.name));
            for field in &resource.fields {
                text.push_str(&format!("      {}: {} -> {}\n", field.path, shown(&field.old), shown(&field.new)));
            }
        }
    }
    text
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "(none)".to_owned(),
        Value::String(text) => crate::yaml::line_scalar(text),
        other => other.to_string(),
    }
}

#[derive(Serialize)]
struct Difference<'a> {
    files: Vec<FileDifference<'a>>,
    environments: &'a [EnvironmentDiff],
}

#[derive(Serialize)]
struct FileDifference<'a> {
    path: &'a str,
    diff: String,
}

fn json(changes: &[Change], environments: &[EnvironmentDiff]) -> anyhow::Result<String> {
    let files = changes
        .iter()
        .filter(|change| change.state != State::Unchanged)
        .map(|change| FileDifference {
            path: &change.path,
            diff: unified(&change.path, change.old.as_deref(), change.new.as_deref()),
        })
        .collect();
    Ok(format!("{}\n", serde_json::to_string_pretty(&Difference { files, environments })?))
}
