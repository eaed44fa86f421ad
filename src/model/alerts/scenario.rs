//! Made-up series that make an alert fire, and what must be firing when: the content of promtool's unit tests.

/// Minutes that a `rate(…[5m])` needs to forget what was before.
pub const RATE_WINDOW: u32 = 5;

/// One unit test: a sample of each series every minute, and what must be firing at some of the minutes.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What is tested.
    pub name: String,
    /// Its input.
    pub series: Vec<Series>,
    /// What is expected.
    pub checks: Vec<Check>,
}

/// An input series.
#[derive(Debug, Clone)]
pub struct Series {
    /// Its name and labels.
    pub selector: String,
    /// Its samples in promtool's notation.
    pub values: String,
}

/// What must be firing at a minute: these alerts, and no other one of the family.
#[derive(Debug, Clone)]
pub struct Check {
    /// Minutes after the first sample.
    pub minute: u32,
    /// The alerts; empty when silence is expected.
    pub firing: Vec<Firing>,
}

/// An alert of the family that fires, and what its texts show.
#[derive(Debug, Clone)]
pub struct Firing {
    /// Its place among the family's alerts.
    pub alert: usize,
    /// Labels that come from its series, beside those of the rule.
    pub labels: Vec<(&'static str, String)>,
    /// What stands where the texts show the value.
    pub value: String,
}

/// Two values close to a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// The one above.
    pub above: f64,
    /// The one below.
    pub below: f64,
}

/// A value that is above a threshold from the first minute on, and below it in the end.
#[derive(Debug, Clone, Copy)]
pub struct Crossing {
    /// Minutes until the value has its full effect: none for a gauge, [`RATE_WINDOW`] for the rate of a counter.
    pub settle: u32,
    /// Minutes for which it must stay above before the alert fires.
    pub wait: u32,
}

impl Series {
    /// A series of given samples.
    pub fn new(selector: String, values: String) -> Self {
        Self { selector, values }
    }
}

impl Check {
    /// Nothing fires.
    pub fn silent(minute: u32) -> Self {
        Self { minute, firing: Vec::new() }
    }

    /// One alert fires.
    pub fn fires(minute: u32, firing: Firing) -> Self {
        Self { minute, firing: vec![firing] }
    }
}

impl Crossing {
    /// The minute at which the alert fires.
    pub fn fires(self) -> u32 {
        self.settle + self.wait
    }

    /// The minute at which it is silent again: the rates have forgotten the value above.
    pub fn ends(self) -> u32 {
        self.fires() + 3 + RATE_WINDOW
    }

    /// Each value, and for how many minutes.
    pub fn parts<T>(self, above: T, below: T) -> [(T, u32); 2] {
        [(above, self.fires() + 3), (below, RATE_WINDOW + 1)]
    }

    /// Silence to the last minute of the wait, the alerts that are above then, and those that are still above in the end.
    pub fn checks(self, above: Vec<Firing>, below: Vec<Firing>) -> Vec<Check> {
        let waits = self.fires().checked_sub(1).map(Check::silent);
        let (fires, ends) =
            (Check { minute: self.fires(), firing: above }, Check { minute: self.ends(), firing: below });
        waits.into_iter().chain([fires, ends]).collect()
    }
}

/// Two values for each threshold, 2% away or half the way to the next one; none above `ceiling`. `exact` gives the value that
/// a test's series really have, which must not lie where the rounding of a percentage turns.
pub fn beside(thresholds: &[f64], ceiling: f64, exact: impl Fn(f64) -> f64) -> Vec<Beside> {
    let near = |threshold: f64, bound: f64| {
        let step = (threshold * 0.02).min((bound - threshold).abs() / 2.0) * (bound - threshold).signum();
        let steps = (0..16_u8).map(|part| exact(threshold + step * (1.0 - f64::from(part) / 64.0)));
        steps.clone().find(|value| rounds_clearly(*value)).unwrap_or_else(|| exact(threshold + step))
    };
    let mut distinct = thresholds.to_vec();
    distinct.dedup();
    let next = |at: usize| distinct.get(at + 1).copied().unwrap_or(ceiling);
    let last = |at: usize| at.checked_sub(1).and_then(|at| distinct.get(at)).copied().unwrap_or_default();
    let pair = |(at, threshold): (usize, &f64)| Beside {
        above: near(*threshold, next(at)),
        below: near(*threshold, last(at)),
    };
    distinct.iter().enumerate().map(pair).collect()
}

/// Whether a share is not in the middle between two percentages of four digits, where the last bit of it would decide.
fn rounds_clearly(share: f64) -> bool {
    let percent = share * 100.0;
    let digits = percent * 10_f64.powf(3.0 - percent.log10().floor());
    (digits.fract() - 0.5).abs() > 1e-3
}

/// The alerts whose threshold a share is above.
pub fn firing(thresholds: &[f64], share: f64, labels: &[(&'static str, String)]) -> Vec<Firing> {
    let above = thresholds.iter().enumerate().filter(|(_, threshold)| share > **threshold);
    above.map(|(alert, _)| Firing { alert, labels: labels.to_vec(), value: percentage(share) }).collect()
}

/// Samples of a gauge: each value for a number of minutes; `None` where the series does not exist.
pub fn gauge(parts: &[(Option<f64>, u32)]) -> String {
    let mut values = Vec::new();
    for (at, (value, minutes)) in parts.iter().enumerate().filter(|(_, (_, minutes))| *minutes > 0) {
        values.push(match (value, at) {
            (Some(value), _) => format!("{}+0x{}", number(*value), minutes - 1),
            (None, 0) => format!("_x{minutes}"),
            // A series that ends is marked stale, or it would be seen for five more minutes.
            (None, _) => format!("stale _x{}", minutes - 1),
        });
    }
    values.join(" ")
}

/// Samples of a gauge that always exists.
pub fn levels(parts: &[(f64, u32)]) -> String {
    let parts: Vec<(Option<f64>, u32)> = parts.iter().map(|(value, minutes)| (Some(*value), *minutes)).collect();
    gauge(&parts)
}

/// Samples of a counter: how much it grows a minute, for a number of minutes.
pub fn counter(parts: &[(f64, u32)]) -> String {
    let mut total = 0.0;
    let mut values = Vec::new();
    for (growth, minutes) in parts.iter().filter(|(_, minutes)| *minutes > 0) {
        values.push(format!("{}+{}x{}", number(total), number(*growth), minutes - 1));
        total += growth * f64::from(*minutes);
    }
    values.join(" ")
}

/// A number with at most six decimals and no trailing zeros.
pub fn number(value: f64) -> String {
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if matches!(text, "" | "-0") { "0".to_owned() } else { text.to_owned() }
}

/// A share as Prometheus' `humanizePercentage` writes it: four significant digits of the percent.
pub fn percentage(share: f64) -> String {
    let percent = share * 100.0;
    let rounded: f64 = format!("{percent:.3e}").parse().unwrap_or(percent);
    format!("{rounded}%")
}
