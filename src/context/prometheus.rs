//! Prometheus' configuration, rules and the rules' unit tests.

use std::collections::BTreeSet;

use serde::Serialize;

use super::value;
use crate::catalog::Context;
use crate::model::alerts::scenario::{Check, Firing, Series};
use crate::model::alerts::{Alert, Alerting, Family, Group, Record, Scenario, Source};
use crate::resolve::{Resolved, ResolvedProject};

/// Where kube-state-metrics runs: its own manifests say `kube-system`, its chart mostly stands with Prometheus.
const KUBE_SYSTEM: &str = "kube-system";
/// Where cert-manager runs, by its own default.
const CERT_MANAGER: &str = "cert-manager";

/// The configuration; `None` if there is nothing to scrape.
pub fn config(resolved: &Resolved) -> Context {
    #[derive(Serialize)]
    struct Config {
        alertmanager: String,
        rule_files: Vec<String>,
        applications: Vec<Application>,
        kube_state_metrics: Option<Exporter>,
        cadvisor: Option<Exporter>,
        cert_manager: Option<Exporter>,
    }
    let monitoring = resolved.base.monitoring_namespace();
    let environments = resolved.alerting();
    let with_rules = environments.iter().filter(|alerting| !alerting.groups.is_empty());
    let config = Config {
        alertmanager: format!("alertmanager.{monitoring}.svc:9093"),
        rule_files: with_rules.map(|alerting| format!("rules/{}.yaml", alerting.environment)).collect(),
        applications: applications(&environments),
        kube_state_metrics: exporter(&environments, Source::KubeStateMetrics, &[KUBE_SYSTEM, &monitoring]),
        cadvisor: exporter(&environments, Source::Cadvisor, &[]),
        cert_manager: exporter(&environments, Source::CertManager, &[CERT_MANAGER]),
    };
    let nothing = config.rule_files.is_empty() && config.applications.is_empty();
    (!nothing).then(|| value(config))
}

/// A scrape job of the application.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Application {
    /// The job's name, different for each.
    name: String,
    /// The label `job`, if it is not the job's name.
    label: Option<String>,
    path: String,
    port: &'static str,
    namespaces: Vec<String>,
    selector: String,
}

/// One job for all environments that expose metrics at the same port name and path; mostly that is all of them.
fn applications(environments: &[Alerting<'_>]) -> Vec<Application> {
    let mut jobs: Vec<Application> = Vec::new();
    for Alerting { project, environment, namespace, .. } in environments {
        let (Some(port), Some(path)) = (project.metrics_port_name(), project.metrics_path()) else {
            continue;
        };
        if let Some(job) = jobs.iter_mut().find(|job| job.port == port && job.path == path) {
            job.namespaces.push(namespace.clone());
            continue;
        }
        let first = jobs.is_empty();
        let project = project.name();
        jobs.push(Application {
            name: if first { project.to_owned() } else { format!("{project}-{environment}") },
            label: (!first).then(|| project.to_owned()),
            path,
            port,
            namespaces: vec![namespace.clone()],
            selector: format!("app.kubernetes.io/name={project}"),
        });
    }
    jobs
}

/// A scrape job of an exporter that watches more than this project.
#[derive(Serialize)]
struct Exporter {
    /// Namespaces in which it runs.
    namespaces: Vec<String>,
    /// Regular expression of the metrics that the rules use.
    metrics: String,
    /// Regular expression of the namespaces that the rules are about.
    about: String,
}

fn exporter(environments: &[Alerting<'_>], source: Source, namespaces: &[&str]) -> Option<Exporter> {
    let mut used = BTreeSet::new();
    let mut about = Vec::new();
    for alerting in environments {
        let metrics = alerting.metrics_of(source);
        if !metrics.is_empty() {
            about.push(alerting.namespace.as_str());
            used.extend(metrics);
        }
    }
    let namespaces: BTreeSet<&str> = namespaces.iter().copied().collect();
    (!used.is_empty()).then(|| Exporter {
        namespaces: namespaces.into_iter().map(str::to_owned).collect(),
        metrics: used.into_iter().collect::<Vec<_>>().join("|"),
        about: about.join("|"),
    })
}

/// The rules of an environment; `None` if it has none.
pub fn rules(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Rules {
        title: String,
        test: String,
        project: String,
        environment: String,
        namespace: String,
        groups: Vec<RuleGroup>,
    }
    #[derive(Serialize)]
    struct RuleGroup {
        name: String,
        records: Vec<RecordingRule>,
        families: Vec<AlertingRules>,
    }
    #[derive(Serialize)]
    struct AlertingRules {
        name: &'static str,
        note: &'static [&'static str],
        alerts: Vec<AlertingRule>,
    }
    let Alerting { environment, namespace, groups, .. } = project.alerting()?;
    let families = |group: &Group| {
        let alerting = |family: &Family| AlertingRules {
            name: family.name,
            note: family.note,
            alerts: family.alerts.iter().map(|alert| alerting_rule(project, family, alert)).collect(),
        };
        group.families.iter().map(alerting).collect()
    };
    (!groups.is_empty()).then(|| {
        value(Rules {
            title: format!("{} in {environment}", project.name()),
            test: format!("tests/{environment}.yaml"),
            project: project.name().to_owned(),
            environment: environment.to_owned(),
            namespace,
            groups: groups
                .iter()
                .map(|group| RuleGroup { name: group.name.clone(), records: records(group), families: families(group) })
                .collect(),
        })
    })
}

#[derive(Serialize)]
struct RecordingRule {
    meaning: String,
    name: String,
    expr: String,
}

#[derive(Serialize)]
struct AlertingRule {
    expr: String,
    wait: String,
    severity: &'static str,
    labels: Vec<(&'static str, String)>,
    summary: String,
    description: String,
    runbook_url: String,
}

/// The recorded series of a group, each once: families share some.
fn records(group: &Group) -> Vec<RecordingRule> {
    let mut seen: Vec<&Record> = Vec::new();
    for record in group.families.iter().flat_map(|family| &family.records) {
        if !seen.contains(&record) {
            seen.push(record);
        }
    }
    let rule = |record: &Record| RecordingRule {
        meaning: record.meaning.clone(),
        name: record.name.clone(),
        expr: expression(&record.expr),
    };
    seen.into_iter().map(rule).collect()
}

fn alerting_rule(project: &ResolvedProject, family: &Family, alert: &Alert) -> AlertingRule {
    AlertingRule {
        expr: expression(&alert.expr),
        wait: alert.wait.prometheus(),
        severity: alert.severity.label(),
        labels: alert.labels.clone(),
        summary: alert.summary.clone(),
        description: alert.description.clone(),
        runbook_url: project.runbook_url(family.name),
    }
}

/// An expression of one line stands on its key's line, others in a literal block.
fn expression(expr: &str) -> String {
    let trimmed = expr.trim_end();
    if trimmed.contains('\n') { format!("{trimmed}\n") } else { trimmed.to_owned() }
}

/// The unit tests of an environment's rules; `None` if it has none.
pub fn tests(project: &ResolvedProject) -> Context {
    #[derive(Serialize)]
    struct Tests {
        rules: String,
        cases: Vec<Case>,
    }
    let alerting = project.alerting()?;
    let environment = alerting.environment;
    let scenarios =
        alerting.families().flat_map(|family| family.scenarios.iter().map(move |scenario| (family, scenario)));
    let cases: Vec<Case> = scenarios.map(|(family, scenario)| case(&alerting, family, scenario)).collect();
    (!cases.is_empty()).then(|| value(Tests { rules: format!("../rules/{environment}.yaml"), cases }))
}

#[derive(Serialize)]
struct Case {
    name: String,
    alert: &'static str,
    series: Vec<InputSeries>,
    checks: Vec<Expectation>,
}

#[derive(Serialize)]
struct InputSeries {
    selector: String,
    values: String,
}

#[derive(Serialize)]
struct Expectation {
    time: String,
    firing: Vec<Expected>,
}

#[derive(Serialize)]
struct Expected {
    labels: Vec<(String, String)>,
    summary: String,
    description: String,
    runbook_url: String,
}

fn case(alerting: &Alerting<'_>, family: &Family, scenario: &Scenario) -> Case {
    let series = |series: &Series| InputSeries { selector: series.selector.clone(), values: series.values.clone() };
    let expectation = |check: &Check| Expectation {
        time: format!("{}m", check.minute),
        firing: check.firing.iter().filter_map(|firing| expected(alerting, family, firing)).collect(),
    };
    Case {
        name: scenario.name.clone(),
        alert: family.name,
        series: scenario.series.iter().map(series).collect(),
        checks: scenario.checks.iter().map(expectation).collect(),
    }
}

/// What promtool must see: the labels of the rule and of the series, and the finished texts.
fn expected(alerting: &Alerting<'_>, family: &Family, firing: &Firing) -> Option<Expected> {
    let alert = family.alerts.get(firing.alert)?;
    let own = |key: &'static str, value: &str| (key.to_owned(), value.to_owned());
    let mut labels = vec![
        own("severity", alert.severity.label()),
        own("service", alerting.project.name()),
        own("environment", alerting.environment),
        own("namespace", &alerting.namespace),
    ];
    let further = alert.labels.iter().chain(&firing.labels);
    labels.extend(further.map(|(key, value)| own(key, value)));
    // A rule's label wins over the series' own one.
    let mut seen = BTreeSet::new();
    labels.retain(|(key, _)| seen.insert(key.clone()));
    Some(Expected {
        labels,
        summary: alert.summary.clone(),
        description: finished(&alert.description, firing),
        runbook_url: alerting.project.runbook_url(family.name),
    })
}

/// A text with its templates filled in, as Prometheus does it.
fn finished(text: &str, firing: &Firing) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, template)) = rest.split_once("{{ ") {
        let (expression, after) = template.split_once(" }}").unwrap_or((template, ""));
        out.push_str(before);
        match expression.strip_prefix("$labels.") {
            Some(label) => {
                let own = firing.labels.iter().filter(|(key, _)| *key == label);
                out.extend(own.map(|(_, value)| value.as_str()));
            }
            None => out.push_str(&firing.value),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
