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
<<<<<<< HEAD
=======

/// Paths of the tree that steps name; commands of the spec's own gates may name any file of the repository.
fn paths_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        for script in job.strings.iter().filter(|it| it.contains("k8s/") || it.contains("monitoring/")) {
            let environment = job.variable("ENVIRONMENT").unwrap_or("$");
            let script = script.replace("$ENVIRONMENT", environment);
            let own =
                paths(&script).into_iter().filter(|path| path.starts_with("k8s/") || path.starts_with("monitoring/"));
            let own = own.filter(|path| !parsed.is_said_by_spec(path));
            found.extend(own.map(|path| Mention::new(job.place(), PROJECT, path.to_owned())));
        }
    })
}

fn paths_there<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    super::files::files(parsed)
}

fn environments_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        let stated =
            [&job.value["environment"], &job.value["environment"]["name"]].into_iter().filter_map(Value::as_str);
        let choices = texts(&job.workflow["on"]["workflow_dispatch"]["inputs"]["environment"]["options"]);
        let plain = stated.chain(job.variable("ENVIRONMENT")).chain(choices).filter(|name| !name.contains("${{"));
        found.extend(plain.map(|name| Mention::new(job.place(), PROJECT, name)));
        found.extend(told_apart(job).map(|(name, _)| Mention::new(job.place(), PROJECT, name)));
    })
}

fn environments<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.environments().map(|(name, _)| Mention::new(Place::file(""), PROJECT, name)).collect()
}

/// Lines of scripts that set something for one environment: `staging)` and then `namespace=orders-staging`.
fn told_apart<'a>(job: &'a Job<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let scripts =
        job.steps().map(|step| text(&step["run"])).filter(|script| script.contains("case \"$ENVIRONMENT\" in"));
    scripts.flat_map(|script| {
        let arms = script.split("case \"$ENVIRONMENT\" in").nth(1).unwrap_or_default();
        let arms = arms.split("esac").next().unwrap_or_default().split(";;");
        arms.filter_map(|arm| arm.trim().split_once(')')).filter(|(name, _)| *name != "*").flat_map(|(name, body)| {
            body.lines().map(str::trim).filter(|line| !line.is_empty()).map(move |line| (name, line))
        })
    })
}

fn namespaces_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        if let (Some(environment), Some(namespace)) = (job.variable("ENVIRONMENT"), job.variable("NAMESPACE")) {
            found.push(Mention::new(job.place(), [environment, "", "", ""], namespace));
        }
        let set = told_apart(job).filter_map(|(name, line)| Some((name, line.strip_prefix("namespace=")?)));
        found.extend(set.map(|(name, namespace)| Mention::new(job.place(), [name, "", "", ""], namespace)));
    })
}

/// Variables that list objects, with the kind of these.
const OBJECT_VARIABLES: [(&str, &str); 3] =
    [("DEPLOYMENTS", "Deployment"), ("DEPLOYMENT", "Deployment"), ("JOBS", "Job")];

fn objects_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        for environment in job.environments(parsed) {
            let scope = [environment, "", "", ""];
            for (variable, kind) in OBJECT_VARIABLES {
                let named = job.variable(variable).unwrap_or_default().split_whitespace();
                found.extend(named.map(|name| Mention::new(job.place(), scope, format!("{kind} `{name}`"))));
            }
            for (start, prefix) in
                job.strings.iter().flat_map(|it| it.match_indices("\"service/").map(move |m| (&it[m.0..], m.1)))
            {
                let name = start[prefix.len()..].split('"').next().unwrap_or_default();
                found.push(Mention::new(job.place(), scope, format!("Service `{name}`")));
            }
        }
    })
}

fn objects<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let is_named = |object: &&Object<'_>| match object.kind {
        "Job" => object.layer.part == JOBS,
        kind => matches!(kind, "Deployment" | "Service"),
    };
    let scope = |object: &Object<'a>| [object.layer.environment, "", "", ""];
    let named = parsed.objects.iter().filter(is_named);
    named
        .map(|object| Mention::new(object.place(), scope(object), format!("{} `{}`", object.kind, object.name)))
        .collect()
}

/// Addresses that smoke checks call and that deployments link to, by environment, each split after its host.
fn addresses<'a>(job: &'a Job<'a>) -> Vec<(&'a str, &'a str, &'a str)> {
    let environment = job.variable("ENVIRONMENT").unwrap_or_default();
    let own = job.value["environment"]["url"].as_str().into_iter().chain(job.variable("HEALTH_URLS"));
    let of_scripts = told_apart(job).filter_map(|(name, line)| Some((name, line.strip_prefix("health_urls=")?)));
    let all = own.map(|urls| (environment, urls)).chain(of_scripts);
    all.flat_map(|(environment, urls)| {
        let urls = urls.split("https://").skip(1).map(|rest| rest.split([' ', '\'', '"']).next().unwrap_or(rest));
        urls.map(move |url| {
            let (host, path) = url.split_at(url.find('/').unwrap_or(url.len()));
            (environment, host, path)
        })
    })
    .collect()
}

fn hosts_called<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        let hosts = addresses(job).into_iter();
        found.extend(hosts.map(|(environment, host, _)| Mention::new(job.place(), [environment, "", "", ""], host)));
    })
}

fn paths_called<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        let paths = addresses(job).into_iter().filter(|(.., path)| path.len() > 1);
        found.extend(paths.map(|(environment, _, path)| Mention::new(job.place(), [environment, "", "", ""], path)));
    })
}

/// Paths of readiness probes: what says that the application can answer.
fn paths_probed<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let containers = parsed.containers();
    containers
        .map(|it| {
            let scope = [it.workload.object.layer.environment, "", "", ""];
            Mention::new(it.place(), scope, text(&it.value["readinessProbe"]["httpGet"]["path"]))
        })
        .collect()
}

fn hosts<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for route in parsed.of_kind("HTTPRoute") {
        let hosts = texts(&route.spec()["hostnames"]);
        found.extend(hosts.map(|host| Mention::new(route.place(), [route.layer.environment, "", "", ""], host)));
    }
    found
}

fn images_built<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        found.extend(job.variable("IMAGE").map(|image| Mention::new(job.place(), PROJECT, image)));
    })
}

fn images_run<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let containers = parsed.containers();
    containers.map(|it| Mention::new(it.place(), PROJECT, repository_of(text(&it.value["image"])))).collect()
}

/// Arguments of image builds, as `NAME=value` by line.
fn arguments<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    if !parsed.has_file("Dockerfile") {
        return Vec::new();
    }
    each(parsed, |job, found| {
        for step in job.steps() {
            let lines = text(&step["with"]["build-args"]).lines();
            let given = lines.filter_map(|line| Some(Cow::Borrowed(line.split_once('=')?.0)));
            found.extend(given.map(|name| Mention::new(job.place(), PROJECT, name)));
        }
    })
}

fn arguments_known<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    super::docker::arguments(parsed, "ARG")
        .map(|word| Mention::new(Place::file("Dockerfile"), PROJECT, word.split('=').next().unwrap_or(word)))
        .collect()
}
>>>>>>> a229b3b (Let texts of a spec name files that infragen does not write; test injection into every string)
