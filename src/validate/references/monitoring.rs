//! Prometheus: scrape jobs, rules, their unit tests and the runbooks.

use std::borrow::Cow;

use serde_json::Value;

use super::files::joined;
use super::parsed::{Object, Parsed, Workload};
use super::place::Place;
use super::promql::{Selector, selectors};
use super::{Mention, Relation, Scope, exact, identity, within};
use crate::model::alerts::metric;
use crate::validate::documents::Documents;
use crate::validate::json::{items, scalar, text, texts};

pub(super) const RELATIONS: &[Relation] = &[
    exact("scrape-namespace", "looks for pods in namespace `{}`, which is none of this project", targets, namespaces),
    exact("scrape-complete", "gives metrics in namespace `{}`, which no job scrapes", measured, targets),
    within("scrape-selector", "looks for pods by `{}`, which no pod template has", scrape_selectors, all_pod_labels),
    exact("scrape-port", "scrapes port `{}`, which no container of its pods opens", scrape_ports, named_ports),
    exact("scrape-metric", "keeps metric `{}`, which its exporter does not give", metrics_kept, metrics_exported),
    exact("scrape-kept", "keeps series of namespace `{}`, which is none of this project", namespaces_kept, namespaces),
    exact("rule-metric", "uses metric `{}`, which no scrape job and no record gives", metrics_used, metrics_known),
    exact("rule-scrape-job", "is about scrape job `{}`, which does not exist", jobs_named, scrape_jobs),
    exact(
        "rule-namespace",
        "is about namespace `{}`, which is not that of its environment",
        spaces_named,
        identity::namespaces,
    ),
    exact("rule-object", "is about {}, which does not exist", objects_named, objects_known),
    exact("alert-label", "lacks label `{}`", labels_expected, labels_there),
    exact("runbook", "leads to runbook `{}`, which does not exist", runbooks_linked, runbooks),
    exact("runbook-alert", "is a runbook for alert `{}`, which no rule raises", runbooks_for, alerts),
    exact("runbook-own", "does not lead to the runbook of its own name, `{}`", alerts_with_runbook, runbooks_own),
    exact("rule-file", "names file `{}`, which does not exist", rule_files_named, prometheus_files),
    exact("rule-file-loaded", "is loaded by no configuration: `{}`", rule_files_there, rule_files_named),
    exact("alert-test", "tests alert `{}`, which its rules do not raise", tested, alerts_by_environment),
    exact("alert-tested", "raises alert `{}`, which no unit test tests", alerts_by_environment, tested),
];

const CONFIGURATION: &str = "monitoring/prometheus/prometheus.yaml";
const FOLDER: &str = "monitoring/prometheus/";
const RULES: &str = "monitoring/prometheus/rules/";
const TESTS: &str = "monitoring/prometheus/tests/";
const RUNBOOKS: &str = "docs/runbooks/";

/// Names that have a meaning in the whole project.
const PROJECT: Scope<'static> = ["", "", "", ""];

/// The rules of one environment, their expressions read.
pub(super) struct RuleFile<'a> {
    path: &'a str,
    environment: &'a str,
    rules: Vec<Rule<'a>>,
}

/// A rule.
struct Rule<'a> {
    /// The alert's or the recorded series' name.
    name: &'a str,
    value: &'a Value,
    selectors: Vec<Selector<'a>>,
}

/// Reads all rule files.
pub(super) fn rule_files(documents: &Documents) -> Vec<RuleFile<'_>> {
    documents
        .below(RULES)
        .map(|(path, document)| RuleFile {
            path,
            environment: stem(path),
            rules: items(&document["groups"]).iter().flat_map(|group| items(&group["rules"])).map(Rule::new).collect(),
        })
        .collect()
}

impl<'a> Rule<'a> {
    fn new(value: &'a Value) -> Self {
        let name = value["alert"].as_str().unwrap_or_else(|| text(&value["record"]));
        Self { name, value, selectors: selectors(text(&value["expr"])) }
    }

    fn is_alert(&self) -> bool {
        self.value["alert"].is_string()
    }
}

impl<'a> RuleFile<'a> {
    fn scope(&self) -> Scope<'a> {
        environment(self.environment)
    }

    fn place(&self, rule: &Rule<'a>) -> Place<'a> {
        Place::File { path: self.path, part: rule.name }
    }
}

fn environment(name: &str) -> Scope<'_> {
    [name, "", "", ""]
}

/// A file's name without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

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

/// All rules with their files.
fn rules<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (&'a RuleFile<'a>, &'a Rule<'a>)> {
    parsed.rules.iter().flat_map(|file| file.rules.iter().map(move |rule| (file, rule)))
}

fn metrics_used<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (file, rule) in rules(parsed) {
        let names = rule.selectors.iter().map(|selector| selector.metric).filter(|name| !name.is_empty());
        found.extend(names.map(|name| Mention::new(file.place(rule), file.scope(), name)));
    }
    found
}

/// What the application gives, what the exporters' jobs keep, and the series that the same file records.
fn metrics_known<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let of_application = metric::KNOWN.iter().filter(|(_, source)| *source == metric::Source::Application);
    let given: Vec<&str> = of_application.map(|(name, _)| *name).chain(["up"]).collect();
    let kept: Vec<&str> = kept(parsed, "__name__").map(|(_, name)| name).collect();
    let mut found = Vec::new();
    for file in &parsed.rules {
        let recorded = file.rules.iter().filter(|rule| !rule.is_alert()).map(|rule| rule.name);
        let known = recorded.chain(given.iter().copied()).chain(kept.iter().copied());
        found.extend(known.map(|name| Mention::new(Place::file(file.path), file.scope(), name)));
    }
    found
}

/// Values of a label that exporters' jobs keep; patterns other than plain lists are left out.
fn kept<'a>(parsed: &'a Parsed<'a>, label: &'static str) -> impl Iterator<Item = (&'a str, &'a str)> {
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

/// Values that the rules' matchers ask of one label.
fn matched<'a>(
    parsed: &'a Parsed<'a>,
    label: &'static str,
) -> impl Iterator<Item = (&'a RuleFile<'a>, &'a Rule<'a>, &'a str)> {
    rules(parsed).flat_map(move |(file, rule)| {
        let matchers = rule.selectors.iter().flat_map(|selector| &selector.equals);
        matchers.filter(move |(name, _)| *name == label).map(move |(_, value)| (file, rule, *value))
    })
}

fn jobs_named<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    matched(parsed, "job").map(|(file, rule, value)| Mention::new(file.place(rule), PROJECT, value)).collect()
}

/// Names of scrape jobs, and what their relabelling makes of the label `job`.
fn scrape_jobs<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for job in all_jobs(parsed) {
        let relabelings = items(&job["relabel_configs"]).iter();
        let renamed = relabelings.filter(|it| text(&it["target_label"]) == "job").map(|it| text(&it["replacement"]));
        let names = [text(&job["job_name"])].into_iter().chain(renamed);
        found.extend(names.map(|name| Mention::new(Place::file(CONFIGURATION), PROJECT, name)));
    }
    found
}

fn spaces_named<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    matched(parsed, "namespace")
        .map(|(file, rule, value)| Mention::new(file.place(rule), file.scope(), value))
        .collect()
}

/// Labels of kube-state-metrics, cAdvisor and cert-manager that name an object, with its kind.
const OBJECT_LABELS: [(&str, &str); 5] = [
    ("deployment", "Deployment"),
    ("cronjob", "CronJob"),
    ("horizontalpodautoscaler", "HorizontalPodAutoscaler"),
    ("resourcequota", "ResourceQuota"),
    ("container", "container"),
];

fn objects_named<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (label, kind) in OBJECT_LABELS {
        found.extend(
            matched(parsed, label)
                .filter(|(.., value)| !value.is_empty())
                .map(|(file, rule, value)| Mention::new(file.place(rule), file.scope(), format!("{kind} `{value}`"))),
        );
    }
    // A Certificate is named by `name`, a label too common to mean it elsewhere.
    for (file, rule) in rules(parsed) {
        let certificates = rule.selectors.iter().filter(|selector| selector.metric.starts_with("certmanager_"));
        let names = certificates.flat_map(|it| &it.equals).filter(|(label, _)| *label == "name");
        found.extend(
            names.map(|(_, value)| Mention::new(file.place(rule), file.scope(), format!("Certificate `{value}`"))),
        );
    }
    found
}

fn objects_known<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let named = |object: Object<'a>, kind: &str, name: &str| {
        Mention::new(object.place(), environment(object.layer.environment), format!("{kind} `{name}`"))
    };
    let objects = parsed.objects.iter().map(|object| named(*object, object.kind, object.name));
    let containers = parsed.containers().map(|it| named(it.workload.object, "container", it.name));
    objects.chain(containers).collect()
}

/// Alerts with their labels' scope.
fn raised<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (&'a RuleFile<'a>, &'a Rule<'a>)> {
    rules(parsed).filter(|(_, rule)| rule.is_alert())
}

/// What routes and silences rely on: every alert says how loud it is, and where it is.
fn labels_expected<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (file, rule) in raised(parsed) {
        let space = parsed.of_kind("Namespace").find(|object| object.layer.environment == file.environment);
        let expected = [
            "severity".to_owned(),
            format!("environment={}", file.environment),
            format!("namespace={}", space.map_or("", |object| object.name)),
            format!("service={}", parsed.resolved.base.name()),
        ];
        found.extend(expected.map(|label| Mention::new(file.place(rule), label_scope(file, rule), label)));
    }
    found
}

fn label_scope<'a>(file: &RuleFile<'a>, rule: &'a Rule<'a>) -> Scope<'a> {
    [file.environment, rule.name, text(&rule.value["expr"]), text(&rule.value["labels"]["severity"])]
}

fn labels_there<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (file, rule) in raised(parsed) {
        let labels = crate::validate::json::entries(&rule.value["labels"]);
        found.extend(labels.map(|(key, value)| {
            let known = matches!(text(value), "critical" | "warning" | "info");
            let label = if key == "severity" && known { key.to_owned() } else { format!("{key}={}", scalar(value)) };
            Mention::new(file.place(rule), label_scope(file, rule), label)
        }));
    }
    found
}

/// The path in the checkout that an alert's link leads to.
fn runbook<'a>(rule: &Rule<'a>) -> &'a str {
    let url = text(&rule.value["annotations"]["runbook_url"]);
    url.find(RUNBOOKS).map_or(url, |start| &url[start..])
}

fn runbooks_linked<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    raised(parsed).map(|(file, rule)| Mention::new(file.place(rule), PROJECT, runbook(rule))).collect()
}

fn runbook_files<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = &'a str> {
    parsed.files.iter().map(|file| file.path.as_str()).filter(|path| path.starts_with(RUNBOOKS))
}

fn runbooks<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    runbook_files(parsed).map(|path| Mention::new(Place::file(path), PROJECT, path)).collect()
}

fn runbooks_for<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    runbook_files(parsed).map(|path| Mention::new(Place::file(path), PROJECT, stem(path))).collect()
}

fn alerts<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    raised(parsed).map(|(file, rule)| Mention::new(file.place(rule), PROJECT, rule.name)).collect()
}

/// Alerts, in the scope of themselves.
fn alerts_with_runbook<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    raised(parsed).map(|(file, rule)| Mention::new(file.place(rule), label_scope(file, rule), rule.name)).collect()
}

fn runbooks_own<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    raised(parsed)
        .map(|(file, rule)| Mention::new(file.place(rule), label_scope(file, rule), stem(runbook(rule))))
        .collect()
}

/// Files that the configuration and the unit tests load, by their path in the tree.
fn rule_files_named<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let configuration = parsed.documents.get(CONFIGURATION).map(|document| (CONFIGURATION, document));
    let mut found = Vec::new();
    for (path, document) in configuration.into_iter().chain(parsed.documents.below(TESTS)) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let names = texts(&document["rule_files"]);
        found.extend(names.map(|name| Mention::new(Place::file(path), PROJECT, joined(folder, name))));
    }
    found
}

fn prometheus_files<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let files = parsed.files.iter().map(|file| file.path.as_str()).filter(|path| path.starts_with(FOLDER));
    files.map(|path| Mention::new(Place::file(path), PROJECT, path)).collect()
}

fn rule_files_there<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.rules.iter().map(|file| Mention::new(Place::file(file.path), PROJECT, file.path)).collect()
}

fn tested<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (path, document) in parsed.documents.below(TESTS) {
        let checks = items(&document["tests"]).iter().flat_map(|test| items(&test["alert_rule_test"]));
        found.extend(checks.map(|it| Mention::new(Place::file(path), environment(stem(path)), text(&it["alertname"]))));
    }
    found
}

fn alerts_by_environment<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    raised(parsed).map(|(file, rule)| Mention::new(file.place(rule), file.scope(), rule.name)).collect()
}
