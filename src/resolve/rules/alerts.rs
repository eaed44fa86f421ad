//! Thresholds of alerts, and what alerts need.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::value::{Duration, Ratio, ScalarOr};
use crate::spec::{Alerts, LatencyAlert, SeverityAlert, Threshold};

/// Longest `for`: what must hold longer than a day wakes nobody in time.
const LONGEST_WAIT: u64 = 86_400;

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let Some(alerts) = &project.spec.alerts else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    findings.extend(without_metrics(project, alerts));
    for (key, threshold) in [("errorRate", &alerts.error_rate), ("cpu", &alerts.cpu), ("memory", &alerts.memory)] {
        let path = ["alerts", key];
        findings.extend(
            threshold.iter().flat_map(|threshold| threshold_faults(project, &path, threshold, impossible_share)),
        );
    }
    for (key, threshold) in alerts.latency.iter().flat_map(quantiles) {
        let path = ["alerts", "latency", key];
        findings.extend(threshold_faults(project, &path, threshold, impossible_time));
    }
    for (key, alert) in [("down", &alerts.down), ("crashLoop", &alerts.crash_loop)] {
        let wait = alert.as_ref().and_then(wait);
        findings.extend(wait.and_then(|wait| too_long(project, &["alerts", key], wait)));
    }
    findings
}

fn quantiles(latency: &LatencyAlert) -> impl Iterator<Item = (&'static str, &Threshold<Duration>)> {
    let all = [("p50", &latency.p50), ("p90", &latency.p90), ("p95", &latency.p95), ("p99", &latency.p99)];
    all.into_iter().filter_map(|(key, threshold)| threshold.as_ref().map(|threshold| (key, threshold)))
}

fn wait(alert: &SeverityAlert) -> Option<&Duration> {
    match alert {
        ScalarOr::Scalar(_) => None,
        ScalarOr::Map(rule) => rule.r#for.as_ref(),
    }
}

/// Alerts on requests, whose metrics only the application has.
fn without_metrics(project: &ResolvedProject, alerts: &Alerts) -> Vec<Diagnostic> {
    if project.spec.metrics.is_some() {
        return Vec::new();
    }
    let needing = [("errorRate", alerts.error_rate.is_some()), ("latency", alerts.latency.is_some())];
    let fault_of = |key| {
        fault(
            project,
            Code::MissingKey,
            &["alerts", key],
            format!("`alerts.{key}` needs `metrics`: only the application counts its requests"),
        )
        .help("say where Prometheus reads them, such as `metrics: {port: 9464}`")
    };
    needing.into_iter().filter(|(_, is_listed)| *is_listed).map(|(key, _)| fault_of(key)).collect()
}

/// Faults of one threshold; `impossible` says why a value can never be, or always is, exceeded.
fn threshold_faults<T: PartialOrd + std::fmt::Display>(
    project: &ResolvedProject,
    path: &[&str],
    threshold: &Threshold<T>,
    impossible: fn(&T) -> Option<&'static str>,
) -> Vec<Diagnostic> {
    let below = |key| [path, &[key]].concat();
    let mut findings = Vec::new();
    for (key, value) in [("warning", &threshold.warning), ("critical", &threshold.critical)] {
        let reason = value.as_ref().and_then(impossible);
        findings.extend(reason.map(|reason| fault(project, Code::InvalidValue, &below(key), reason)));
    }
    match (&threshold.warning, &threshold.critical) {
        (None, None) => findings.push(fault(project, Code::MissingKey, path, "give `warning`, `critical` or both")),
        (Some(warning), Some(critical)) if warning > critical => findings.push(fault(
            project,
            Code::Contradiction,
            &below("warning"),
            format!("the warning threshold ({warning}) is above the critical one ({critical})"),
        )),
        _ => {}
    }
    findings.extend(threshold.r#for.as_ref().and_then(|wait| too_long(project, path, wait)));
    findings
}

fn impossible_share(share: &Ratio) -> Option<&'static str> {
    match share.millipercent() {
        0 => Some("a threshold of 0% is always exceeded"),
        100_000.. => Some("a threshold of 100% or more is never exceeded"),
        _ => None,
    }
}

fn impossible_time(time: &Duration) -> Option<&'static str> {
    (time.milliseconds() == 0).then_some("a threshold of 0 is always exceeded")
}

fn too_long(project: &ResolvedProject, path: &[&str], wait: &Duration) -> Option<Diagnostic> {
    let path = [path, &["for"]].concat();
    let message = format!("`for` ({wait}) is longer than a day, so that nobody would be told in time");
    (wait.seconds() > LONGEST_WAIT).then(|| fault(project, Code::InvalidValue, &path, message))
}
