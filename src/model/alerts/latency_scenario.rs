//! Test input for alerts on quantiles: a histogram in which one quantile moves across its thresholds, and what all
//! quantiles, which are computed from the same histogram, then are.

use super::scenario::{Check, Firing, RATE_WINDOW, Scenario, Series, counter, number};
use super::{Subject, Wait, requests};

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

/// The test of one quantile: `tested` are its alerts among all the `watched` ones, the mildest first.
pub(super) fn scenario(subject: &Subject, name: String, watched: &[Watched], tested: &[Watched]) -> Option<Scenario> {
    let percent = tested.first()?.percent;
    let thresholds: Vec<f64> = tested.iter().map(|alert| alert.threshold).collect();
    let fast = watched.iter().map(|alert| alert.threshold).fold(f64::INFINITY, f64::min) * 0.5;
    let fast_requests = fast_requests(percent);
    let histogram = |slow| Histogram { fast_share: f64::from(fast_requests) / f64::from(REQUESTS), fast, slow };
    let quiet = histogram((fast, *thresholds.first()?));
    let mut phases = vec![quiet];
    for (at, threshold) in thresholds.iter().enumerate() {
        // The bucket of a milder threshold must end before the next one, or its phase would not lie between the two.
        let next = thresholds.get(at + 1).copied().unwrap_or(f64::INFINITY);
        let ends = (0..8_u8).map(|step| threshold * (1.4 + 0.05 * f64::from(step))).filter(|end| *end <= next);
        phases.extend(ends.map(|end| histogram((*threshold, end))).find(|histogram| histogram.is_clear(watched)));
    }
    phases.push(histogram((fast, *thresholds.first()?)));

    let longest = watched.iter().map(|alert| alert.wait.test_minutes()).max().unwrap_or_default();
    let length = RATE_WINDOW + longest + 5;
    Some(Scenario {
        name,
        series: series(subject, &phases, fast_requests, length),
        checks: checks(subject, &phases, watched, length),
    })
}

fn series(subject: &Subject, phases: &[Histogram], fast_requests: u32, length: u32) -> Vec<Series> {
    let (all, fast) = (f64::from(REQUESTS), f64::from(fast_requests));
    let mut bounds: Vec<f64> = phases.iter().flat_map(|phase| [phase.fast, phase.slow.0, phase.slow.1]).collect();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup_by_key(|bound| number(*bound));
    let bucket = |le: &str, values| {
        Series::new(
            format!("http_request_duration_seconds_bucket{}", subject.test_app(&format!(", le=\"{le}\""))),
            values,
        )
    };
    let up_to = |bound: f64| -> Vec<(f64, u32)> {
        phases.iter().map(|phase| (if bound >= phase.slow.1 { all } else { fast }, length)).collect()
    };
    let mut series: Vec<Series> = bounds.iter().map(|bound| bucket(&number(*bound), counter(&up_to(*bound)))).collect();
    let total = counter(&up_to(f64::INFINITY));
    series.push(bucket("+Inf", total.clone()));
    series.push(Series::new(format!("http_requests_total{}", subject.test_app(", code=\"200\"")), total));
    series
}

/// What fires at the end of each phase, and that nothing does before the shortest wait is over.
fn checks(subject: &Subject, phases: &[Histogram], watched: &[Watched], length: u32) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut was_silent = true;
    let mut start = 0;
    for phase in phases {
        let values = watched.iter().map(|alert| phase.quantile(alert.quantile())).enumerate();
        let above: Vec<(usize, f64)> = values.filter(|(alert, value)| *value > watched[*alert].threshold).collect();
        let shortest = above.iter().map(|(alert, _)| watched[*alert].wait.test_minutes()).min().unwrap_or_default();
        if was_silent && shortest > 0 {
            checks.push(Check::silent(start + shortest - 1));
        }
        was_silent = above.is_empty();
        let firing = above.into_iter().map(|(alert, value)| Firing {
            alert,
            labels: requests::labels(subject),
            value: format!("{value:.3}"),
        });
        checks.push(Check { minute: start + length - 1, firing: firing.collect() });
        start += length;
    }
    checks
}
