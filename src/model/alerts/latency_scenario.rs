//! Tests of alerts on quantiles: a histogram in which one quantile lies beside its threshold, and what all quantiles, which
//! are computed from the same histogram, then are.

use std::collections::BTreeSet;

use super::requests::{self, LESS_THAN_FEWEST, MORE_THAN_FEWEST};
use super::scenario::{Check, Crossing, Firing, RATE_WINDOW, Scenario, Series, counter, number};
use super::{Subject, Wait};

/// Requests a minute.
const REQUESTS: u32 = 1000;

/// A threshold of a quantile, which is one alert.
#[derive(Debug, Clone, Copy)]
pub(super) struct Watched {
    /// Percent of the requests that are faster.
    pub(super) percent: u32,
    /// Seconds above which the alert fires.
    pub(super) threshold: f64,
    /// How long it waits.
    pub(super) wait: Wait,
}

impl Watched {
    /// Part of the requests that are faster.
    fn quantile(&self) -> f64 {
        f64::from(self.percent) / 100.0
    }
}

/// Some requests are fast, faster than every threshold. The others are in one bucket, slow enough that the tested
/// quantile lies inside it.
#[derive(Clone, Copy)]
struct Histogram {
    fast_share: f64,
    fast: f64,
    /// Bounds of the bucket of the slow requests.
    slow: (f64, f64),
}

impl Histogram {
    /// A quantile as `histogram_quantile` computes it.
    fn quantile(&self, quantile: f64) -> f64 {
        let (start, end) = self.slow;
        if quantile <= self.fast_share {
            return self.fast * quantile / self.fast_share;
        }
        start + (end - start) * (quantile - self.fast_share) / (1.0 - self.fast_share)
    }

    /// Whether no value is so near to a threshold, or to the middle of two thousandths of a second, that rounding decides.
    fn is_clear(&self, watched: &[Watched]) -> bool {
        watched.iter().all(|alert| {
            let value = self.quantile(alert.quantile());
            let milliseconds = value * 1000.0;
            let from_half = (milliseconds - milliseconds.floor() - 0.5).abs();
            (value - alert.threshold).abs() > alert.threshold * 1e-6 && from_half > 1e-6
        })
    }
}

/// How many requests are fast when a quantile is tested: few enough that it lies well inside the slow bucket, and a share
/// that is no quantile of a spec itself, or rounding would decide which bucket that one is in.
fn fast_requests(percent: u32) -> u32 {
    match percent {
        50 => 0,
        90 => 800,
        95 => 920,
        _ => 980,
    }
}

/// The test of one alert among all the `watched` ones: its quantile is just above the threshold, then just below it.
pub(super) fn close_to_threshold(
    subject: &Subject,
    name: String,
    watched: &[Watched],
    tested: &Watched,
) -> Option<Scenario> {
    let fast = watched.iter().map(|alert| alert.threshold).fold(f64::INFINITY, f64::min) * 0.5;
    let fast_share = f64::from(fast_requests(tested.percent)) / f64::from(REQUESTS);
    // The bucket of the slow requests begins or ends at the threshold, and the quantile lies `place` of the way into it.
    let place = (tested.quantile() - fast_share) / (1.0 - fast_share);
    let steps = || (0..16_u8).map(|step| tested.threshold * (0.02 + 0.001 * f64::from(step)));
    let histogram = |slow| Histogram { fast_share, fast, slow };
    let above = steps().map(|step| histogram((tested.threshold, tested.threshold + step / place)));
    let below = steps().map(|step| histogram((tested.threshold - step / (1.0 - place), tested.threshold)));
    let clear = |histogram: &Histogram| histogram.is_clear(watched);
    let (above, below) = (above.into_iter().find(clear)?, below.into_iter().find(clear)?);
    // Counters that begin together have the right shares from their second sample on.
    let crossing = Crossing { settle: 1, wait: tested.wait.test_minutes() };
    let at = |histogram: &Histogram, minute| firing(subject, watched, histogram, crossing.settle, minute);
    let checks = [(crossing.fires() - 1, &above), (crossing.fires(), &above), (crossing.ends(), &below)];
    Some(Scenario {
        name,
        series: series(subject, &crossing.parts((above, f64::from(REQUESTS)), (below, f64::from(REQUESTS)))),
        checks: checks.map(|(minute, histogram)| Check { minute, firing: at(histogram, minute) }).into(),
    })
}

/// The test that all alerts are silent as soon as there are too few requests to tell.
pub(super) fn few_requests(subject: &Subject, watched: &[Watched]) -> Option<Scenario> {
    let slowest = watched.iter().map(|alert| alert.threshold).fold(0.0, f64::max);
    let waits: BTreeSet<u32> = watched.iter().map(|alert| alert.wait.test_minutes()).collect();
    let ends = (0..16_u8).map(|step| slowest * (1.5 + 0.01 * f64::from(step)));
    let slow = |end| Histogram { fast_share: 0.0, fast: slowest * 0.5, slow: (slowest, end) };
    let slow = ends.map(slow).find(|histogram| histogram.is_clear(watched))?;
    let crossing = Crossing { settle: RATE_WINDOW, wait: *waits.last()? };
    let minutes = waits.iter().flat_map(|wait| [crossing.settle + wait - 1, crossing.settle + wait]);
    let minutes: BTreeSet<u32> = minutes.collect();
    let mut checks: Vec<Check> = minutes
        .into_iter()
        .map(|minute| Check { minute, firing: firing(subject, watched, &slow, crossing.settle, minute) })
        .collect();
    checks.push(Check::silent(crossing.ends()));
    Some(Scenario {
        name: "HighLatency: silent as soon as hardly anybody calls".to_owned(),
        series: series(subject, &crossing.parts((slow, MORE_THAN_FEWEST), (slow, LESS_THAN_FEWEST))),
        checks,
    })
}

/// Series of histograms with numbers of requests a minute, each for a number of minutes.
fn series(subject: &Subject, parts: &[((Histogram, f64), u32)]) -> Vec<Series> {
    let mut bounds: Vec<f64> = parts.iter().flat_map(|((part, _), _)| [part.fast, part.slow.0, part.slow.1]).collect();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup_by_key(|bound| number(*bound));
    let bucket = |le: &str, values| {
        Series::new(
            format!("http_request_duration_seconds_bucket{}", subject.test_app(&format!(", le=\"{le}\""))),
            values,
        )
    };
    let up_to = |bound: f64| {
        let growth = |((histogram, requests), minutes): &((Histogram, f64), u32)| {
            (if bound >= histogram.slow.1 { *requests } else { histogram.fast_share * requests }, *minutes)
        };
        counter(&parts.iter().map(growth).collect::<Vec<_>>())
    };
    let mut series: Vec<Series> = bounds.iter().map(|bound| bucket(&number(*bound), up_to(*bound))).collect();
    let total = up_to(f64::INFINITY);
    series.push(bucket("+Inf", total.clone()));
    series.push(Series::new(format!("http_requests_total{}", subject.test_app(", code=\"200\"")), total));
    series
}

/// What fires at a minute if the histogram has been as it is since the minute `settle`, or slower.
fn firing(subject: &Subject, watched: &[Watched], histogram: &Histogram, settle: u32, minute: u32) -> Vec<Firing> {
    let values =
        watched.iter().enumerate().map(|(alert, watched)| (alert, watched, histogram.quantile(watched.quantile())));
    let above = values
        .filter(|(_, watched, value)| *value > watched.threshold && minute >= settle + watched.wait.test_minutes());
    above
        .map(|(alert, _, value)| Firing { alert, labels: requests::labels(subject), value: format!("{value:.3}") })
        .collect()
}
