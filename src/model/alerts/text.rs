//! Words and numbers of rules.

use crate::spec::Severity;
use crate::spec::Threshold;
use crate::spec::value::{Duration, Ratio};

/// How long a condition must hold, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wait(u64);

impl Wait {
    /// A number of minutes.
    pub const fn minutes(minutes: u64) -> Self {
        Self(minutes * 60)
    }

    /// What the spec says, or else a number of minutes.
    pub fn given_or(given: Option<&Duration>, minutes: u64) -> Self {
        given.map_or(Self::minutes(minutes), |duration| Self(duration.seconds()))
    }

    /// As Prometheus writes it: `5m`. It knows no decimals, so a spec's `1.5h` becomes `90m`.
    pub fn prometheus(self) -> String {
        match self.0 {
            0 => "0s".to_owned(),
            seconds if seconds % 3600 == 0 => format!("{}h", seconds / 3600),
            seconds if seconds % 60 == 0 => format!("{}m", seconds / 60),
            seconds => format!("{seconds}s"),
        }
    }

    /// Whole minutes, rounded up: what a test that takes a sample a minute must wait.
    pub fn test_minutes(self) -> u32 {
        u32::try_from(self.0.div_ceil(60)).unwrap_or(u32::MAX)
    }

    /// As a person says it: `5 minutes`.
    pub fn spoken(self) -> String {
        spoken(self.0)
    }
}

/// A number of seconds as a person says it, in the largest unit that fits: `2 days`, `90 seconds`.
pub fn spoken(seconds: u64) -> String {
    let (number, unit) = match seconds {
        seconds if seconds > 0 && seconds % 86_400 == 0 => (seconds / 86_400, "day"),
        seconds if seconds > 0 && seconds % 3600 == 0 => (seconds / 3600, "hour"),
        seconds if seconds > 0 && seconds % 60 == 0 => (seconds / 60, "minute"),
        seconds => (seconds, "second"),
    };
    crate::text::count(usize::try_from(number).unwrap_or(usize::MAX), unit)
}

/// A threshold of one severity.
#[derive(Debug, Clone)]
pub(super) struct Level<T> {
    /// How loud it is.
    pub severity: Severity,
    /// Above which value.
    pub above: T,
}

/// The thresholds of an alert, the mildest first.
pub(super) fn levels<T: Clone>(threshold: &Threshold<T>) -> Vec<Level<T>> {
    let level = |severity, above: &Option<T>| above.clone().map(|above| Level { severity, above });
    [level(Severity::Warning, &threshold.warning), level(Severity::Critical, &threshold.critical)]
        .into_iter()
        .flatten()
        .collect()
}

/// Their thresholds as numbers from 0 to 1.
pub(super) fn shares(levels: &[Level<Ratio>]) -> Vec<f64> {
    levels.iter().map(|level| f64::from(level.above.millipercent()) / 100_000.0).collect()
}
