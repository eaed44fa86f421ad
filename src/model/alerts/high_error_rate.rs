//! Too many requests fail.

use super::requests::{self, labels};
use super::scenario::{Beside, Crossing, RATE_WINDOW, Scenario, Series, beside, counter, firing, percentage};
use super::text::{Level, levels, shares};
use super::{Alert, Family, Record, Subject, Wait};
use crate::spec::Alerts;
use crate::spec::value::Ratio;

const RECORD: &str = "component:http_requests_failed:ratio_rate5m";
const FAILED: &str = "component:http_requests_failed:rate5m";

/// Failed requests per second that are too few to tell: less than three in five minutes, whatever their share is.
const FEWEST_FAILED: &str = "0.009";

/// A little more and a little less than that, in requests a minute, for tests.
const BESIDE_FEWEST_FAILED: Beside = Beside { above: 0.5508, below: 0.5292 };

/// Requests a minute in tests: enough that shares just beside the lowest threshold are whole numbers of requests.
fn test_requests(lowest_share: f64) -> f64 {
    if lowest_share < 0.001 { 10_000_000.0 } else { 100_000.0 }
}

pub(super) fn family(subject: &Subject, listed: &Alerts) -> Option<Family> {
    let threshold = listed.error_rate.as_ref().filter(|_| subject.has_metrics)?;
    let wait = Wait::given_or(threshold.r#for.as_ref(), 5);
    let levels = levels(threshold);
    Some(Family {
        name: "HighErrorRate",
        note: &["Fewer than three failed requests in five minutes are no trend, so the alerts stay silent."],
        records: vec![requests::rate(subject), failed(subject), ratio(subject)],
        alerts: levels.iter().map(|level| alert(subject, level, wait)).collect(),
        scenarios: scenarios(subject, &shares(&levels), wait.test_minutes()),
    })
}

fn failed(subject: &Subject) -> Record {
    Record {
        name: FAILED.to_owned(),
        meaning: "Requests that were answered with a 5xx status.".to_owned(),
        unit: "requests per second",
        expr: format!(
            "sum by (job, namespace, component) (rate(http_requests_total{{{}, code=~\"5..\"}}[5m]))\n",
            subject.app()
        ),
    }
}

fn ratio(subject: &Subject) -> Record {
    let app = subject.app();
    Record {
        name: RECORD.to_owned(),
        meaning: "The part of the requests that were answered with a 5xx status; 0 if none ever was.".to_owned(),
        unit: "0 to 1",
        expr: format!(
            "(\n  {FAILED}{{{app}}}\n  or\n  component:http_requests:rate5m{{{app}}} * 0\n)\n/ (component:http_requests:rate5m{{{app}}} > 0)\n"
        ),
    }
}

fn alert(subject: &Subject, level: &Level<Ratio>, wait: Wait) -> Alert {
    let app = subject.app();
    Alert {
        severity: level.severity,
        labels: Vec::new(),
        expr: format!("{RECORD}{{{app}}} > {}\nand\n{FAILED}{{{app}}} > {FEWEST_FAILED}\n", level.above.decimal()),
        wait,
        when: format!("more than {} of the requests are answered with a 5xx status", level.above),
        summary: format!("{} fails more than {} of its requests", subject.title(), level.above),
        description: format!(
            "{{{{ $value | humanizePercentage }}}} of the requests to {{{{ $labels.component }}}} in namespace {} were answered with a 5xx status in the last 5 minutes.",
            subject.namespace
        ),
    }
}

fn scenarios(subject: &Subject, thresholds: &[f64], wait: u32) -> Vec<Scenario> {
    let requests = test_requests(thresholds.first().copied().unwrap_or_default());
    let pairs = beside(thresholds, 1.0, |share| (share * requests).round() / requests);
    let mut scenarios: Vec<Scenario> =
        pairs.into_iter().map(|pair| close_to_threshold(subject, thresholds, wait, requests, pair)).collect();
    let firing = firing(thresholds, 1.0, &labels(subject));
    let crossing = Crossing { settle: RATE_WINDOW, wait };
    let Beside { above, below } = BESIDE_FEWEST_FAILED;
    scenarios.push(Scenario {
        name: "HighErrorRate: silent as soon as hardly any request fails".to_owned(),
        series: vec![answers(subject, 500, &crossing.parts(above, below))],
        checks: crossing.checks(firing, Vec::new()),
    });
    scenarios
}

fn close_to_threshold(subject: &Subject, thresholds: &[f64], wait: u32, requests: f64, pair: Beside) -> Scenario {
    // A ratio of two counters that begin together is right from their second sample on.
    let crossing = Crossing { settle: 1, wait };
    let failed = |share: f64| (share * requests).round();
    let parts = crossing.parts(failed(pair.above), failed(pair.below));
    let firing = |share| firing(thresholds, share, &labels(subject));
    Scenario {
        name: format!("HighErrorRate: {}, then {}", percentage(pair.above), percentage(pair.below)),
        series: vec![
            answers(subject, 200, &parts.map(|(failed, minutes)| (requests - failed, minutes))),
            answers(subject, 500, &parts),
        ],
        checks: crossing.checks(firing(pair.above), firing(pair.below)),
    }
}

/// Answers with a status a minute.
fn answers(subject: &Subject, code: u32, parts: &[(f64, u32)]) -> Series {
    let labels = subject.test_app(&format!(", code=\"{code}\""));
    Series::new(format!("http_requests_total{labels}"), counter(parts))
}
