//! Requests take too long.

use super::scenario::{Firing, Phase, RATE_WINDOW, Scenario, Series, checks, counter, number};
use super::text::{Level, levels};
use super::{Alert, Family, Record, Subject, Wait, requests};
use crate::spec::value::Duration;
use crate::spec::{Alerts, LatencyAlert, Threshold};

/// Requests a minute in tests.
const TEST_REQUESTS: u32 = 1000;

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
    for (quantile, threshold) in quantiles(latency) {
        let wait = Wait::given_or(threshold.r#for.as_ref(), 5);
        let levels = levels(threshold);
        let first = family.alerts.len();
        family.records.push(record(subject, quantile));
        family.scenarios.push(scenario(subject, quantile, &levels, wait.test_minutes(), first));
        family.alerts.extend(levels.iter().map(|level| alert(subject, quantile, level, wait)));
    }
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
    let slow = 100 - quantile.percent;
    Alert {
        severity: level.severity,
        labels: vec![("quantile", quantile.word.to_owned())],
        expr: requests::above(subject, &name(quantile), &threshold),
        wait,
        when: format!("{slow}% of the requests take longer than {threshold} s"),
        summary: format!("{} is slow: {slow}% of its requests take longer than {threshold} s", subject.title()),
        description: format!(
            "The {}th percentile of the response time of {{{{ $labels.component }}}} in namespace {} was {{{{ $value | printf \"%.3f\" }}}} s in the last 5 minutes.",
            quantile.percent, subject.namespace
        ),
    }
}

/// Part of the requests is fast, the rest in one slow bucket, so that the quantile lies in the middle of that bucket:
/// 1.2 times the threshold where an alert must fire, 0.9 times the lowest one where none may.
fn scenario(subject: &Subject, quantile: Quantile, levels: &[Level<Duration>], wait: u32, first: usize) -> Scenario {
    let thresholds: Vec<f64> = levels.iter().map(|level| seconds(&level.above)).collect();
    let lowest = thresholds.first().copied().unwrap_or_default();
    let phases = phases(&thresholds);
    let length = RATE_WINDOW + wait + 5;
    let all = f64::from(TEST_REQUESTS);
    let fast = f64::from(TEST_REQUESTS * (2 * quantile.percent - 100) / 100);
    let growth = |bound: f64| -> Vec<(f64, u32)> {
        phases.iter().map(|slow| (if bound >= slow.bucket_end { all } else { fast }, length)).collect()
    };
    let mut bounds: Vec<f64> =
        phases.iter().map(|slow| slow.bucket_end).chain(thresholds).chain([lowest * 0.8]).collect();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup_by(|a, b| number(*a) == number(*b));

    let bucket = |le: &str, values| {
        Series::new(
            format!("http_request_duration_seconds_bucket{}", subject.test_app(&format!(", le=\"{le}\""))),
            values,
        )
    };
    let total = counter(&phases.iter().map(|_| (all, length)).collect::<Vec<_>>());
    let mut series: Vec<Series> =
        bounds.iter().map(|bound| bucket(&number(*bound), counter(&growth(*bound)))).collect();
    series.push(bucket("+Inf", total.clone()));
    series.push(Series::new(format!("http_requests_total{}", subject.test_app(", code=\"200\"")), total));
    let steps: Vec<Phase> = phases.iter().map(|slow| slow.phase).collect();
    let firing = |alert, seconds| Firing {
        alert: first + alert,
        labels: requests::labels(subject),
        value: format!("{seconds:.3}"),
    };
    Scenario { name: format!("HighLatency: {}", quantile.word), series, checks: checks(&steps, length, wait, firing) }
}

/// A phase of the test, and the end of the bucket that holds the slow requests.
#[derive(Debug, Clone, Copy)]
struct Slow {
    phase: Phase,
    bucket_end: f64,
}

/// The phases for given thresholds. A milder level's slow bucket must end before the next threshold, or its phase would
/// not lie between the two; it is left out then.
fn phases(thresholds: &[f64]) -> Vec<Slow> {
    let Some(lowest) = thresholds.first() else {
        return Vec::new();
    };
    let quiet = Slow { phase: Phase { value: lowest * 0.9, firing: 0 }, bucket_end: *lowest };
    let mut phases = vec![quiet];
    for (at, threshold) in thresholds.iter().enumerate() {
        let bucket_end = threshold * 1.4;
        if thresholds.get(at + 1).is_none_or(|next| bucket_end <= *next) {
            phases.push(Slow { phase: Phase { value: threshold * 1.2, firing: at + 1 }, bucket_end });
        }
    }
    phases.push(quiet);
    phases
}

fn seconds(duration: &Duration) -> f64 {
    duration.decimal_seconds().parse().unwrap_or_default()
}
