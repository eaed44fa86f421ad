//! Prometheus' rules, their unit tests and the runbooks.

use serde_json::Value;

use super::files::joined;
use super::parsed::{Object, Parsed};
use super::place::Place;
use super::promql::{Selector, selectors};
use super::scrape::{kept, scrape_jobs};
use super::{Mention, PROJECT, Relation, Scope, exact, identity};
use crate::model::alerts::metric;
use crate::validate::documents::Documents;
use crate::validate::json::{items, scalar, text, texts};

pub(super) const RELATIONS: &[Relation] = &[
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
    let configured =
        parsed.documents.get(CONFIGURATION).into_iter().flat_map(|document| texts(&document["rule_files"]));
    let listed = unit_tests(parsed).flat_map(|(path, content)| {
        let names = content.lines().skip_while(|line| *line != "rule_files:").skip(1);
        names.map_while(|line| line.strip_prefix("  - ")).map(move |name| (path, name))
    });
    let all = configured.map(|name| (CONFIGURATION, name)).chain(listed);
    all.map(|(path, name)| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        Mention::new(Place::file(path), PROJECT, joined(folder, name))
    })
    .collect()
}

fn prometheus_files<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let files = parsed.files.iter().map(|file| file.path.as_str()).filter(|path| path.starts_with(FOLDER));
    files.map(|path| Mention::new(Place::file(path), PROJECT, path)).collect()
}

fn rule_files_there<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    parsed.rules.iter().map(|file| Mention::new(Place::file(file.path), PROJECT, file.path)).collect()
}

/// The unit tests' files. They are read line by line: a parse of their thousands of lines would be the longest step.
fn unit_tests<'a>(parsed: &'a Parsed<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let files = parsed.files.iter().filter(|file| file.path.starts_with(TESTS));
    files.map(|file| (file.path.as_str(), file.content.as_str()))
}

fn tested<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (path, content) in unit_tests(parsed) {
        let names = content.lines().filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("alertname: "));
        let mut names: Vec<&str> = names.collect();
        names.dedup();
        found.extend(names.into_iter().map(|name| Mention::new(Place::file(path), environment(stem(path)), name)));
    }
    found
}

fn alerts_by_environment<'a>(parsed: &'a Parsed<'a>) -> Vec<Mention<'a>> {
    raised(parsed).map(|(file, rule)| Mention::new(file.place(rule), file.scope(), rule.name)).collect()
}
