//! GitHub workflows: jobs, steps, their outputs, and settings.

use serde_json::Value;

use super::expressions::{below, names, names_in_text};
use super::parsed::Parsed;
use super::place::Place;
use super::{Mention, PROJECT, Relation, Scope, exact};
use crate::validate::documents::Documents;
use crate::validate::json::{entries, items, keys, strings, text, texts};

pub(super) const RELATIONS: &[Relation] = &[
    exact("workflow-needs", "needs job `{}`, which the workflow lacks", needed, job_names),
    exact("workflow-needs-stated", "uses job `{}` without waiting for it", jobs_used, own_needs),
    exact("workflow-job-output", "uses output `{}` of a job, which does not give it", job_outputs_used, job_outputs),
    exact("workflow-step", "uses step `{}`, which the job lacks", steps_used, steps),
    exact("workflow-step-output", "uses output `{}` of a step, which does not give it", outputs_used, outputs),
    exact("workflow-input", "uses input `{}`, which nobody is asked for", inputs_used, inputs),
    exact("workflow-variable", "uses variable `{}`, which nothing sets", variables_used, variables),
    exact("workflow-matrix", "uses `{}`, which the matrix lacks", matrix_used, matrix),
    exact("workflow-setting", "needs the setting `{}`, which the prerequisites do not list", settings, settings_listed),
];

const WORKFLOWS: &str = ".github/workflows/";

/// A job of a workflow.
pub(super) struct Job<'a> {
    path: &'a str,
    name: &'a str,
    pub(super) workflow: &'a Value,
    pub(super) value: &'a Value,
    /// Every string of the job.
    pub(super) strings: Vec<&'a str>,
    /// Every dotted name of its expressions.
    names: Vec<&'a str>,
}

/// All jobs of all workflows.
pub(super) fn jobs(documents: &Documents) -> Vec<Job<'_>> {
    let mut found = Vec::new();
    for (path, workflow) in documents.below(WORKFLOWS) {
        found.extend(entries(&workflow["jobs"]).map(|(name, value)| Job::new(path, name, workflow, value)));
    }
    found
}

impl<'a> Job<'a> {
    fn new(path: &'a str, name: &'a str, workflow: &'a Value, value: &'a Value) -> Self {
        let strings = strings(value);
        let conditions = items(&value["steps"]).iter().map(|step| &step["if"]).chain([&value["if"]]);
        let names = conditions.flat_map(|it| names(text(it))).chain(strings.iter().flat_map(|it| names_in_text(it)));
        Self { path, name, workflow, value, names: names.collect(), strings }
    }

    pub(super) fn place(&self) -> Place<'a> {
        Place::File { path: self.path, part: self.name }
    }

    /// Names that have a meaning in the workflow.
    fn workflow_scope(&self) -> Scope<'a> {
        [self.path, "", "", ""]
    }

    /// Names that have a meaning in this job.
    fn scope(&self) -> Scope<'a> {
        [self.path, self.name, "", ""]
    }

    fn names_below(&self, context: &'static str) -> impl Iterator<Item = Vec<&'a str>> {
        self.names.iter().filter_map(move |name| below(name, context))
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = &'a Value> {
        items(&self.value["steps"]).iter()
    }

    /// The step of an id.
    fn step(&self, id: &str) -> Option<&'a Value> {
        self.steps().find(|step| text(&step["id"]) == id)
    }

    /// Variables of the job, its workflow and its steps.
    fn variables(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let steps = self.steps().flat_map(|step| entries(&step["env"]));
        entries(&self.value["env"]).chain(entries(&self.workflow["env"])).chain(steps)
    }

    /// A variable that says plain text.
    pub(super) fn variable(&self, name: &str) -> Option<&'a str> {
        let value = self.variables().find(|(key, _)| *key == name)?.1.as_str()?;
        (!value.contains("${{")).then_some(value)
    }

    /// Environments that the job works on: its own, or those that its script tells apart.
    pub(super) fn environments(&self, parsed: &'a Parsed<'a>) -> Vec<&'a str> {
        match self.variable("ENVIRONMENT") {
            Some(name) => vec![name],
            None => parsed.environments().map(|(name, _)| name).collect(),
        }
    }
}

/// Collects from every job.
pub(super) fn each<'a>(
    parsed: &'a Parsed<'a>,
    collect: impl Fn(&'a Job<'a>, &mut Vec<Mention<'a>>),
) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for job in &parsed.jobs {
        collect(job, &mut found);
    }
    found
}

fn needed<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        found.extend(texts(&job.value["needs"]).map(|name| Mention::new(job.place(), job.workflow_scope(), name)));
    })
}

fn job_names<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| found.push(Mention::new(job.place(), job.workflow_scope(), job.name)))
}

fn jobs_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        let used = job.names_below("needs").map(|parts| parts[0]).filter(|name| *name != "*");
        found.extend(used.map(|name| Mention::new(job.place(), job.scope(), name)));
    })
}

fn own_needs<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        found.extend(texts(&job.value["needs"]).map(|name| Mention::new(job.place(), job.scope(), name)));
    })
}

fn job_outputs_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        for parts in job.names_below("needs") {
            if let [of, "outputs", name, ..] = parts[..] {
                found.push(Mention::new(job.place(), [job.path, of, "", ""], name));
            }
        }
    })
}

fn job_outputs<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        found.extend(keys(&job.value["outputs"]).map(|name| Mention::new(job.place(), job.scope(), name)));
    })
}

fn steps_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        found.extend(job.names_below("steps").map(|parts| Mention::new(job.place(), job.scope(), parts[0])));
    })
}

fn steps<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        let ids = job.steps().filter_map(|step| step["id"].as_str());
        found.extend(ids.map(|id| Mention::new(job.place(), job.scope(), id)));
    })
}

/// Outputs of the actions that are used here; others are not looked into.
const ACTION_OUTPUTS: [(&str, &[&str]); 3] = [
    ("docker/build-push-action@", &["digest", "imageid", "metadata"]),
    ("docker/metadata-action@", &["annotations", "json", "labels", "tags", "version"]),
    ("actions/cache@", &["cache-hit"]),
];

fn action_outputs(step: &Value) -> Option<&'static [&'static str]> {
    let action = step["uses"].as_str()?;
    ACTION_OUTPUTS.iter().find(|(name, _)| action.starts_with(name)).map(|(_, outputs)| *outputs)
}

fn step_scope<'a>(job: &Job<'a>, id: &'a str) -> Scope<'a> {
    [job.path, job.name, id, ""]
}

/// Outputs of scripts and of known actions.
fn outputs_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        for parts in job.names_below("steps") {
            if let [id, "outputs", name, ..] = parts[..] {
                let is_known = |step: &Value| step["run"].is_string() || action_outputs(step).is_some();
                if job.step(id).is_some_and(is_known) {
                    found.push(Mention::new(job.place(), step_scope(job, id), name));
                }
            }
        }
    })
}

fn outputs<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        for step in job.steps() {
            let scope = step_scope(job, text(&step["id"]));
            let of_action = action_outputs(step).unwrap_or_default().iter().copied();
            let written = text(&step["run"]).split("echo \"").skip(1).filter_map(|line| Some(line.split_once('=')?.0));
            found.extend(of_action.chain(written).map(|name| Mention::new(job.place(), scope, name)));
        }
    })
}

fn inputs_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        found.extend(job.names_below("inputs").map(|parts| Mention::new(job.place(), job.workflow_scope(), parts[0])));
    })
}

fn inputs<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        let inputs = keys(&job.workflow["on"]["workflow_dispatch"]["inputs"]);
        found.extend(inputs.map(|name| Mention::new(job.place(), job.workflow_scope(), name)));
    })
}

fn variables_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        found.extend(job.names_below("env").map(|parts| Mention::new(job.place(), job.scope(), parts[0])));
    })
}

fn variables<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        found.extend(job.variables().map(|(name, _)| Mention::new(job.place(), job.scope(), name)));
    })
}

fn matrix_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        found.extend(job.names_below("matrix").map(|parts| Mention::new(job.place(), job.scope(), parts[0])));
    })
}

fn matrix<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        let axes = keys(&job.value["strategy"]["matrix"]);
        found.extend(axes.map(|name| Mention::new(job.place(), job.scope(), name)));
    })
}

/// Secrets and variables of the repository or its environments, once there is a page that lists them.
fn settings<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    if !parsed.has_file(PREREQUISITES) {
        return Vec::new();
    }
    each(parsed, |job, found| {
        let names = job.names_below("secrets").chain(job.names_below("vars")).map(|parts| parts[0]);
        let own = names.filter(|name| *name != "GITHUB_TOKEN");
        found.extend(own.map(|name| Mention::new(job.place(), PROJECT, name)));
    })
}

const PREREQUISITES: &str = "docs/prerequisites.md";

/// Words of the page.
fn settings_listed<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let content = parsed.file(PREREQUISITES).map_or("", |file| file.content.as_str());
    let words = content.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| word.contains('_'));
    words.map(|word| Mention::new(Place::file(PREREQUISITES), PROJECT, word)).collect()
}
