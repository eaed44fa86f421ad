//! What the alerts on requests share: the recorded request rate and the labels.

use super::{Record, Subject};

/// Requests per second below which a quantile says nothing: 30 requests in the five minutes that are looked at.
pub const FEWEST: &str = "0.1";

/// A little more than that, in requests a minute, for tests.
pub(super) const MORE_THAN_FEWEST: f64 = 6.12;

/// A little less than that, in requests a minute, for tests.
pub(super) const LESS_THAN_FEWEST: f64 = 5.88;

/// The recorded request rate.
pub(super) fn rate(subject: &Subject) -> Record {
    Record {
        name: "component:http_requests:rate5m".to_owned(),
        meaning: "Requests that were answered.".to_owned(),
        unit: "requests per second",
        expr: format!("sum by (job, namespace, component) (rate(http_requests_total{{{}}}[5m]))\n", subject.app()),
    }
}

/// Labels of an alert on the main process's requests.
pub(super) fn labels(subject: &Subject) -> Vec<(&'static str, String)> {
    vec![("job", subject.project.clone()), ("component", subject.process.clone())]
}
