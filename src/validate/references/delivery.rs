//! What workflows say of the tree and of the cluster: paths, environments, objects, hosts, images.

use std::borrow::Cow;

use serde_json::Value;

use super::docker::repository_of;
use super::files::paths;
use super::parsed::{Object, Parsed};
use super::place::Place;
use super::workflow::{Job, each};
use super::{Mention, PROJECT, Relation, exact};
use crate::tree::JOBS;
use crate::validate::json::{text, texts};

pub(super) const RELATIONS: &[Relation] = &[
    exact("workflow-path", "uses `{}`, which does not exist", paths_used, paths_there),
    exact("workflow-environment", "is about environment `{}`, which does not exist", environments_used, environments),
    exact(
        "workflow-namespace",
        "works in namespace `{}`, which is not its environment's",
        namespaces_used,
        super::identity::namespaces,
    ),
    exact("workflow-object", "works on {}, which does not exist", objects_used, objects),
    exact("workflow-host", "calls host `{}`, which its environment does not serve", hosts_called, hosts),
    exact("workflow-health", "calls path `{}`, which no probe of its environment calls", paths_called, paths_probed),
    exact("workflow-image", "builds image `{}`, which no pod runs", images_built, images_run),
    exact("build-argument", "gives the build argument `{}`, which the Dockerfile lacks", arguments, arguments_known),
];

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
const OBJECT_VARIABLES: [(&str, &str); 4] =
    [("DEPLOYMENTS", "Deployment"), ("DEPLOYMENT", "Deployment"), ("JOBS", "Job"), ("SERVICE", "Service")];

fn objects_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    each(parsed, |job, found| {
        for environment in job.environments(parsed) {
            let scope = [environment, "", "", ""];
            for (variable, kind) in OBJECT_VARIABLES {
                let named = job.variable(variable).unwrap_or_default().split_whitespace();
                found.extend(named.map(|name| Mention::new(job.place(), scope, format!("{kind} `{name}`"))));
            }
        }
        let set = told_apart(job).filter_map(|(name, line)| Some((name, line.strip_prefix("service=")?)));
        found.extend(
            set.map(|(name, service)| Mention::new(job.place(), [name, "", "", ""], format!("Service `{service}`"))),
        );
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
