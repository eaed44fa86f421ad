//! Prometheus' scrape jobs: where they look, for which pods and ports, and what they keep.

use std::borrow::Cow;

use serde_json::Value;

use super::parsed::{Object, Parsed, Workload};
use super::place::Place;
use super::{Mention, PROJECT, Relation, exact, within};
use crate::model::alerts::metric;
use crate::validate::json::{items, text, texts};

pub(super) const RELATIONS: &[Relation] = &[
    exact("scrape-namespace", "looks for pods in namespace `{}`, which is none of this project", targets, namespaces),
    exact("scrape-complete", "gives metrics in namespace `{}`, which no job scrapes", measured, targets),
    within("scrape-selector", "looks for pods by `{}`, which no pod template has", scrape_selectors, all_pod_labels),
    exact("scrape-port", "scrapes port `{}`, which no container of its pods opens", scrape_ports, named_ports),
    exact("scrape-metric", "keeps metric `{}`, which its exporter does not give", metrics_kept, metrics_exported),
    exact("scrape-kept", "keeps series of namespace `{}`, which is none of this project", namespaces_kept, namespaces),
];

const CONFIGURATION: &str = "monitoring/prometheus/prometheus.yaml";

/// The namespace of Prometheus in an environment.
pub(super) fn namespace<'a>(parsed: &'a Parsed<'a>, environment: &str) -> &'a str {
    let project = parsed.environments().find(|(name, _)| *name == environment).map(|(_, project)| project);
    let stated = project.and_then(|it| it.spec.monitoring.as_ref()).and_then(|it| it.namespace.as_ref());
    stated.map_or("monitoring", |name| name.as_str())
}

/// Scrape jobs of what others run, whose pods no file here describes.
const EXPORTERS: [&str; 3] = ["kube-state-metrics", "kubelet-cadvisor", "cert-manager"];

/// The configuration's scrape jobs.
fn all_jobs<'a>(parsed: &'a Parsed<'a>) -> &'a [Value] {
    parsed.documents.get(CONFIGURATION).map_or(&[], |configuration| items(&configuration["scrape_configs"]))
}

/// A scrape job of the application, with what it looks for.
struct Job<'a> {
    place: Place<'a>,
    namespaces: Vec<&'a str>,
    /// A selector as `key=value,key=value`.
    selectors: Vec<&'a str>,
    /// Names or numbers of container ports.
    ports: Vec<&'a str>,
}

fn jobs<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = Job<'a>> {
    let own = all_jobs(parsed).iter().filter(|job| !EXPORTERS.contains(&text(&job["job_name"])));
    own.map(|job| {
        let discovery = items(&job["kubernetes_sd_configs"]);
        let relabelings = items(&job["relabel_configs"]).iter();
        let ports = relabelings.filter(|it| {
            texts(&it["source_labels"]).any(|label| label.starts_with("__meta_kubernetes_pod_container_port_"))
                && text(&it["action"]) == "keep"
        });
        Job {
            place: Place::File { path: CONFIGURATION, part: text(&job["job_name"]) },
            namespaces: discovery.iter().flat_map(|it| texts(&it["namespaces"]["names"])).collect(),
            selectors: discovery.iter().flat_map(|it| items(&it["selectors"])).map(|it| text(&it["label"])).collect(),
            ports: ports.map(|it| text(&it["regex"])).collect(),
        }
    })
}

fn targets<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    jobs(parsed)
        .flat_map(|job| job.namespaces.into_iter().map(move |name| Mention::new(job.place, PROJECT, name)))
        .collect()
}

fn namespaces<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let namespaces = parsed.of_kind("Namespace");
    namespaces.map(|object| Mention::new(object.place(), PROJECT, object.name)).collect()
}

/// Namespaces whose application gives metrics, once there is a configuration.
fn measured<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    if parsed.documents.get(CONFIGURATION).is_none() {
        return Vec::new();
    }
    let gives = |object: &Object<'_>| {
        let project = parsed.environments().find(|(name, _)| *name == object.layer.environment);
        project.is_some_and(|(_, project)| project.spec.metrics.is_some())
    };
    let namespaces = parsed.of_kind("Namespace").filter(gives);
    namespaces.map(|object| Mention::new(object.place(), PROJECT, object.name)).collect()
}

fn scrape_selectors<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    jobs(parsed)
        .flat_map(|job| {
            let parts = |selector: &'a str| selector.split(',').map(Cow::Borrowed).collect();
            job.selectors.into_iter().map(move |selector| Mention::parts(job.place, PROJECT, parts(selector)))
        })
        .collect()
}

fn all_pod_labels<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let workloads = parsed.workloads.iter();
    workloads.map(|workload| Mention::parts(workload.object.place(), PROJECT, workload.label_parts())).collect()
}

/// Ports that the application's jobs scrape, with the workloads that they find.
pub(super) fn scraped_ports<'a>(parsed: &'a Parsed<'a>) -> Vec<(Mention<'a>, Workload<'a>)> {
    let mut found = Vec::new();
    for job in jobs(parsed) {
        let finds = |workload: &Workload<'_>| {
            let labels = workload.label_parts();
            let has = |pair: &str| labels.iter().any(|label| label == pair);
            job.namespaces.contains(&workload.object.namespace())
                && job.selectors.iter().any(|selector| selector.split(',').all(has))
        };
        for workload in parsed.workloads.iter().filter(|it| finds(it) && opens_ports(**it)) {
            let ports = job.ports.iter();
            found.extend(ports.map(|port| (Mention::new(job.place, workload.object.scope(), *port), *workload)));
        }
    }
    found
}

/// Jobs and backups have the project's labels too, but nothing to scrape.
fn opens_ports(workload: Workload<'_>) -> bool {
    workload.containers().any(|container| !items(&container.value["ports"]).is_empty())
}

fn scrape_ports<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    scraped_ports(parsed).into_iter().map(|(mention, _)| mention).collect()
}

fn named_ports<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    super::workload::container_ports(parsed)
}

/// Values of a label that exporters' jobs keep; patterns other than plain lists are left out.
pub(super) fn kept<'a>(parsed: &'a Parsed<'a>, label: &'static str) -> impl Iterator<Item = (&'a str, &'a str)> {
    all_jobs(parsed).iter().flat_map(move |job| {
        let relabelings = items(&job["metric_relabel_configs"]).iter();
        let keeping =
            relabelings.filter(move |it| texts(&it["source_labels"]).eq([label]) && text(&it["action"]) == "keep");
        let values = keeping.flat_map(|it| text(&it["regex"]).split('|'));
        values.filter(|value| !value.contains(['.', '+', '*'])).map(|value| (text(&job["job_name"]), value))
    })
}

fn metrics_kept<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let place = |job: &'a str| Place::File { path: CONFIGURATION, part: job };
    kept(parsed, "__name__").map(|(job, name)| Mention::new(place(job), [job, "", "", ""], name)).collect()
}

fn metrics_exported<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let project = parsed.resolved.base.name();
    let known = metric::KNOWN.iter();
    known.map(|(name, source)| Mention::new(Place::file(""), [source.job(project), "", "", ""], *name)).collect()
}

/// Namespaces of which exporters' jobs keep series.
fn namespaces_kept<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let place = |job: &'a str| Place::File { path: CONFIGURATION, part: job };
    kept(parsed, "namespace").map(|(job, name)| Mention::new(place(job), PROJECT, name)).collect()
}

/// Names of scrape jobs, and what their relabelling makes of the label `job`.
pub(super) fn scrape_jobs<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for job in all_jobs(parsed) {
        let relabelings = items(&job["relabel_configs"]).iter();
        let renamed = relabelings.filter(|it| text(&it["target_label"]) == "job").map(|it| text(&it["replacement"]));
        let names = [text(&job["job_name"])].into_iter().chain(renamed);
        found.extend(names.map(|name| Mention::new(Place::file(CONFIGURATION), PROJECT, name)));
    }
    found
}
