//! Too many requests fail.

use super::requests::{self, labels};
use super::scenario::{Check, Firing, RATE_WINDOW, Scenario, Series, checks, counter, ladder, percentage};
use super::text::{Level, levels};
use super::{Alert, Family, Record, Subject, Wait};
use crate::spec::Alerts;
use crate::spec::value::Ratio;

const RECORD: &str = "component:http_requests_failed:ratio_rate5m";

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
        note: &[
            "With fewer than 0.1 requests per second a single one would decide, so the alerts on requests stay silent.",
        ],
        records: vec![requests::rate(subject), record(subject)],
        alerts: levels.iter().map(|level| alert(subject, level, wait)).collect(),
        scenarios: scenarios(subject, &levels, wait.test_minutes()),
    })
}

fn record(subject: &Subject) -> Record {
    let app = subject.app();
    Record {
        name: RECORD.to_owned(),
        meaning: "The part of the requests that were answered with a 5xx status; 0 if none ever was.".to_owned(),
        unit: "0 to 1",
        expr: format!(
            "(\n  sum by (job, namespace, component) (rate(http_requests_total{{{app}, code=~\"5..\"}}[5m]))\n  or\n  component:http_requests:rate5m{{{app}}} * 0\n)\n/ (component:http_requests:rate5m{{{app}}} > 0)\n"
        ),
    }
}

fn alert(subject: &Subject, level: &Level<Ratio>, wait: Wait) -> Alert {
    Alert {
        severity: level.severity,
        labels: Vec::new(),
        expr: requests::above(subject, RECORD, &level.above.decimal()),
        wait,
        when: format!("more than {} of the requests are answered with a 5xx status", level.above),
        summary: format!("{} fails more than {} of its requests", subject.title(), level.above),
        description: format!(
            "{{{{ $value | humanizePercentage }}}} of the requests to {{{{ $labels.component }}}} in namespace {} were answered with a 5xx status in the last 5 minutes.",
            subject.namespace
        ),
    }
}

fn scenarios(subject: &Subject, levels: &[Level<Ratio>], wait: u32) -> Vec<Scenario> {
    let thresholds: Vec<f64> = levels.iter().map(|level| f64::from(level.above.millipercent()) / 100_000.0).collect();
    let requests = test_requests(thresholds.first().copied().unwrap_or_default());
    let phases = ladder(&thresholds);
    let length = RATE_WINDOW + wait + 5;
    let failed = |share: f64| (share * requests).round();
    let bad: Vec<(f64, u32)> = phases.iter().map(|phase| (failed(phase.value), length)).collect();
    let good: Vec<(f64, u32)> = bad.iter().map(|(failed, minutes)| (requests - failed, *minutes)).collect();
    let firing = |alert, share| Firing { alert, labels: labels(subject), value: percentage(failed(share) / requests) };
    let series = |code: u32, values| {
        Series::new(format!("http_requests_total{}", subject.test_app(&format!(", code=\"{code}\""))), values)
    };
    vec![
        Scenario {
            name: "HighErrorRate".to_owned(),
            series: vec![series(200, counter(&good)), series(500, counter(&bad))],
            checks: checks(&phases, length, wait, firing),
        },
        Scenario {
            name: "HighErrorRate: silent when hardly anybody calls".to_owned(),
            series: vec![series(200, counter(&[(0.0, 2 * length)])), series(500, counter(&[(5.8, 2 * length)]))],
            checks: vec![Check::silent(2 * length - 1)],
        },
        Scenario {
            name: "HighErrorRate: silent when no request ever failed".to_owned(),
            series: vec![series(200, counter(&[(600.0, length)]))],
            checks: vec![Check::silent(length - 1)],
        },
    ]
}
