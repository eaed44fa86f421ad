//! Requests take too long.

use super::latency_scenario::{Watched, close_to_threshold, few_requests};
use super::scenario::number;
use super::text::{Level, levels};
use super::{Alert, Family, Record, Subject, Wait, requests};
use crate::spec::value::Duration;
use crate::spec::{Alerts, LatencyAlert, Threshold};

/// A quantile that a spec may name.
#[derive(Debug, Clone, Copy)]
struct Quantile {
    /// The spec's word, also the label's value.
    word: &'static str,
    /// Percent of the requests that are faster.
    percent: u32,
}

pub(super) fn family(subject: &Subject, listed: &Alerts) -> Option<Family> {
    let latency = listed.latency.as_ref().filter(|_| subject.has_metrics)?;
    let mut family = Family {
        name: "HighLatency",
        note: &["Silent, too, with fewer than 0.1 requests per second."],
        records: vec![requests::rate(subject)],
        alerts: Vec::new(),
        scenarios: Vec::new(),
    };
    let mut watched = Vec::new();
    for (quantile, threshold) in quantiles(latency) {
        let wait = Wait::given_or(threshold.r#for.as_ref(), 5);
        family.records.push(record(subject, quantile));
        for level in levels(threshold) {
            family.alerts.push(alert(subject, quantile, &level, wait));
            watched.push(Watched { percent: quantile.percent, threshold: seconds(&level.above), wait });
        }
    }
    let close = |tested: &Watched| {
        let name = format!("HighLatency: p{} above {} s, then not", tested.percent, number(tested.threshold));
        close_to_threshold(subject, name, &watched, tested)
    };
    family.scenarios.extend(watched.iter().filter_map(close));
    family.scenarios.extend(few_requests(subject, &watched));
    Some(family).filter(|family| !family.alerts.is_empty())
}

fn quantiles(latency: &LatencyAlert) -> impl Iterator<Item = (Quantile, &Threshold<Duration>)> {
    let quantile =
        |word, percent, threshold| Option::map(threshold, |threshold| (Quantile { word, percent }, threshold));
    [
        quantile("p50", 50, latency.p50.as_ref()),
        quantile("p90", 90, latency.p90.as_ref()),
        quantile("p95", 95, latency.p95.as_ref()),
        quantile("p99", 99, latency.p99.as_ref()),
    ]
    .into_iter()
    .flatten()
}

fn record(subject: &Subject, quantile: Quantile) -> Record {
    Record {
        name: name(quantile),
        meaning: format!("{}% of the requests are answered faster.", quantile.percent),
        unit: "seconds",
        expr: format!(
            "histogram_quantile(0.{}, sum by (job, namespace, component, le) (\n  rate(http_request_duration_seconds_bucket{{{}}}[5m])\n))\n",
            quantile.percent,
            subject.app()
        ),
    }
}

fn name(quantile: Quantile) -> String {
    format!("component:http_request_duration_seconds:{}_rate5m", quantile.word)
}

fn alert(subject: &Subject, quantile: Quantile, level: &Level<Duration>, wait: Wait) -> Alert {
    let threshold = level.above.decimal_seconds();
    let (slow, app) = (100 - quantile.percent, subject.app());
    Alert {
        severity: level.severity,
        labels: vec![("quantile", quantile.word.to_owned())],
        expr: format!(
            "{}{{{app}}} > {threshold}\nand\ncomponent:http_requests:rate5m{{{app}}} > {}\n",
            name(quantile),
            requests::FEWEST
        ),
        wait,
        when: format!("{slow}% of the requests take longer than {threshold} s"),
        summary: format!("{} is slow: {slow}% of its requests take longer than {threshold} s", subject.title()),
        description: format!(
            "The {}th percentile of the response time of {{{{ $labels.component }}}} in namespace {} was {{{{ $value | printf \"%.3f\" }}}} s in the last 5 minutes.",
            quantile.percent, subject.namespace
        ),
    }
}

fn seconds(duration: &Duration) -> f64 {
    duration.decimal_seconds().parse().unwrap_or_default()
}
