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

/// A part of a scenario in which the input stays the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phase {
    /// The value that is compared with the thresholds.
    pub value: f64,
    /// How many of the alerts, the mildest first, fire at its end.
    pub firing: usize,
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

/// Values just below and just above each threshold in turn, the mildest first, and below all of them at the end.
pub fn ladder(thresholds: &[f64]) -> Vec<Phase> {
    let Some(lowest) = thresholds.first() else {
        return Vec::new();
    };
    let below = Phase { value: lowest * 0.98, firing: 0 };
    let mut phases = vec![below];
    for (at, threshold) in thresholds.iter().enumerate() {
        let ceiling = thresholds.get(at + 1).map_or(f64::INFINITY, |next| next * 0.98);
        let above = [threshold * 1.02, ceiling]
            .into_iter()
            .filter(|value| value.is_finite() && *value > *threshold && *value <= ceiling);
        phases.extend(above.map(|value| Phase { value, firing: at + 1 }));
    }
    phases.push(below);
    phases
}

/// What must be firing while phases of equal length follow each other: nothing new before the first alert's `wait`
/// (minutes) is over, and what each phase says at its end.
pub fn checks(phases: &[Phase], length: u32, wait: u32, firing: impl Fn(usize, f64) -> Firing) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut before = 0;
    let mut start = 0;
    for phase in phases {
        if before == 0 && phase.firing > 0 && wait > 0 {
            checks.push(Check::silent(start + wait - 1));
        }
        let firing = (0..phase.firing).map(|alert| firing(alert, phase.value)).collect();
        checks.push(Check { minute: start + length - 1, firing });
        before = phase.firing;
        start += length;
    }
    checks
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
