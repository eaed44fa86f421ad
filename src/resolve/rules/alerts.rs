//! Thresholds of alerts, what they are measured by, and names.

use super::super::{ResolvedProject, clash, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::value::{Duration, Ratio, ScalarOr};
use crate::spec::{Alerts, Threshold};

/// Longest `for`: what must hold longer than a day wakes nobody in time.
const LONGEST_WAIT: u64 = 86_400;

/// Alerts that infragen renders itself.
const BUILT_IN: [&str; 12] = [
    "ServiceDown",
    "HighErrorRate",
    "HighLatency",
    "HighCpuUsage",
    "HighMemoryUsage",
    "PodCrashLooping",
    "BackupMissing",
    "BackupFailed",
    "CertificateExpiringSoon",
    "CertificateNotReady",
    "AutoscalerAtMaximum",
    "QuotaNearlyFull",
];

/// Whether an alert fires above its values or below them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fires {
    Above,
    Below,
}

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let Some(alerts) = &project.spec.alerts else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (key, threshold) in [
        ("errorRate", &alerts.error_rate),
        ("cpu", &alerts.cpu),
        ("memory", &alerts.memory),
        ("disk", &alerts.disk),
        ("availability", &alerts.availability),
    ] {
        let Some(threshold) = threshold else { continue };
        let fires = if key == "availability" { Fires::Below } else { Fires::Above };
        findings.extend(order(project, &["alerts", key], threshold, fires));
        findings.extend(possible(project, &["alerts", key], threshold, |share| impossible_share(share, fires)));
    }
    for (quantile, threshold) in quantiles(alerts) {
        let path = ["alerts", "latency", quantile];
        findings.extend(order(project, &path, threshold, Fires::Above));
        findings.extend(possible(project, &path, threshold, impossible_time));
    }
    for (key, alert) in [("down", &alerts.down), ("crashLoop", &alerts.crash_loop), ("rollout", &alerts.rollout)] {
        if let Some(ScalarOr::Map(rule)) = alert {
            findings.extend(too_long(project, &["alerts", key], rule.r#for.as_ref()));
        }
    }
    findings.extend(measured(project, alerts));
    findings.extend(stores(project, alerts));
    findings.extend(custom(project, alerts));
    findings
}

fn quantiles(alerts: &Alerts) -> Vec<(&'static str, &Threshold<Duration>)> {
    let Some(latency) = &alerts.latency else {
        return Vec::new();
    };
    [("p50", &latency.p50), ("p90", &latency.p90), ("p95", &latency.p95), ("p99", &latency.p99)]
        .into_iter()
        .filter_map(|(quantile, threshold)| Some((quantile, threshold.as_ref()?)))
        .collect()
}

/// A warning comes before it is critical.
fn order<T: PartialOrd + std::fmt::Display>(
    project: &ResolvedProject,
    path: &[&str],
    threshold: &Threshold<T>,
    fires: Fires,
) -> Option<Diagnostic> {
    match (&threshold.warning, &threshold.critical) {
        (Some(warning), Some(critical)) => {
            let (in_order, word) = match fires {
                Fires::Above => (warning < critical, "below"),
                Fires::Below => (warning > critical, "above"),
            };
            let at = |key: &'static str| [path, &[key]].concat();
            (!in_order).then(|| {
                clash(
                    project,
                    [&at("warning"), &at("critical")],
                    format!("the warning at {warning} must be {word} the critical value, {critical}"),
                )
            })
        }
        (None, None) => Some(
            fault(project, Code::MissingKey, path, "this alert has no value to fire at")
                .help("give `warning`, `critical` or both"),
        ),
        _ => None,
    }
}

/// Values that can never be, or always are, exceeded; `impossible` says why.
fn possible<T>(
    project: &ResolvedProject,
    path: &[&str],
    threshold: &Threshold<T>,
    impossible: impl Fn(&T) -> Option<&'static str>,
) -> Vec<Diagnostic> {
    let values = [("warning", &threshold.warning), ("critical", &threshold.critical)];
    let reasons = values.into_iter().filter_map(|(key, value)| Some((key, impossible(value.as_ref()?)?)));
    reasons
        .map(|(key, reason)| fault(project, Code::InvalidValue, &[path, &[key]].concat(), reason))
        .chain(too_long(project, path, threshold.r#for.as_ref()))
        .collect()
}

fn impossible_share(share: &Ratio, fires: Fires) -> Option<&'static str> {
    match (share.millipercent(), fires) {
        (0, Fires::Above) => Some("a threshold of 0% is always exceeded"),
        (100_000.., Fires::Above) => Some("a threshold of 100% or more is never exceeded"),
        (0 | 100_000.., Fires::Below) => Some("an availability is above 0% and below 100%"),
        _ => None,
    }
}

fn impossible_time(time: &Duration) -> Option<&'static str> {
    (time.milliseconds() == 0).then_some("a threshold of 0 is always exceeded")
}

fn too_long(project: &ResolvedProject, path: &[&str], wait: Option<&Duration>) -> Option<Diagnostic> {
    let wait = wait.filter(|wait| wait.seconds() > LONGEST_WAIT)?;
    let message = format!("`for` ({wait}) is longer than a day, so that nobody would be told in time");
    Some(fault(project, Code::InvalidValue, &[path, &["for"]].concat(), message))
}

/// Alerts on the application's own metrics need a place where Prometheus reads them.
fn measured(project: &ResolvedProject, alerts: &Alerts) -> Vec<Diagnostic> {
    if project.spec.metrics.is_some() {
        return Vec::new();
    }
    [
        ("errorRate", alerts.error_rate.is_some()),
        ("latency", alerts.latency.is_some()),
        ("availability", alerts.availability.is_some()),
    ]
    .into_iter()
    .filter(|(_, is_set)| *is_set)
    .map(|(key, _)| {
        fault(
            project,
            Code::UndefinedReference,
            &["alerts", key],
            format!("`{key}` is measured by the application's metrics, but nothing says where they are read"),
        )
        .help("add for example `metrics: {port: 9464, path: /metrics}`")
    })
    .collect()
}

fn stores(project: &ResolvedProject, alerts: &Alerts) -> Vec<Diagnostic> {
    match &alerts.datastore_down {
        None => Vec::new(),
        Some(ScalarOr::Scalar(_)) => {
            let none = project.spec.datastores.iter().flat_map(crate::spec::Datastores::iter).next().is_none();
            let message = "there is an alert on data stores, but no data store";
            none.then(|| fault(project, Code::UndefinedReference, &["alerts", "datastoreDown"], message))
                .into_iter()
                .collect()
        }
        Some(ScalarOr::Map(rules)) => rules
            .keys()
            .filter_map(|kind| super::datastores::undefined(project, *kind, &["alerts", "datastoreDown", kind.key()]))
            .collect(),
    }
}

fn custom(project: &ResolvedProject, alerts: &Alerts) -> Vec<Diagnostic> {
    let custom = alerts.custom.as_deref().unwrap_or_default();
    let mut findings = Vec::new();
    for (at, alert) in custom.iter().enumerate() {
        let index = at.to_string();
        let path = |key: &'static str| ["alerts", "custom", index.as_str(), key];
        if BUILT_IN.contains(&alert.name.as_str()) || custom[..at].iter().any(|other| other.name == alert.name) {
            let message = format!("two alerts are called `{}`", alert.name);
            findings.push(fault(project, Code::DuplicateKey, &path("name"), message).help("give it a name of its own"));
        }
        if let Err(reason) = promql_parser::parser::parse(&alert.expr) {
            let reason = crate::text::visible(reason.lines().next().unwrap_or_default());
            findings.push(fault(
                project,
                Code::InvalidValue,
                &path("expr"),
                format!("this is no PromQL expression: {reason}"),
            ));
        }
    }
    findings
}
