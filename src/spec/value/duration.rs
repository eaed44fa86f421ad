//! Durations such as `30s` or `14d`.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::{Deserialize, Deserializer};

use super::checked::TextOrNumber;

/// A length of time: a number and one of the units `ms`, `s`, `m`, `h`, `d`; for example `500ms`, `4.8s`, `30d`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(into = "String")]
#[schemars(with = "String", extend("pattern" = r"^[0-9]+(\.[0-9]{1,3})?(ms|s|m|h|d)$"))]
pub struct Duration {
    milliseconds: u64,
    text: String,
}

impl Duration {
    /// The length in milliseconds.
    pub fn milliseconds(&self) -> u64 {
        self.milliseconds
    }

    /// The length in whole seconds, rounded up.
    pub fn seconds(&self) -> u64 {
        self.milliseconds.div_ceil(1000)
    }

    /// The length in days, rounded up.
    pub fn days(&self) -> u64 {
        self.milliseconds.div_ceil(86_400_000)
    }

    /// Seconds as a decimal number without trailing zeros (`0.5`), as PromQL thresholds need.
    pub fn decimal_seconds(&self) -> String {
        let (whole, rest) = (self.milliseconds / 1000, self.milliseconds % 1000);
        if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:03}").trim_end_matches('0').to_owned() }
    }

    /// The duration of a number of whole seconds.
    pub fn from_seconds(seconds: u64) -> Self {
        Self { milliseconds: seconds.saturating_mul(1000), text: format!("{seconds}s") }
    }
}

impl TryFrom<String> for Duration {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let refuse = || {
            format!(
                "\"{}\" is no duration; write a number and a unit of ms, s, m, h or d, such as `30s` or `14d`",
                crate::text::visible(&text)
            )
        };
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit: u64 = match &text[digits.len()..] {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(refuse()),
        };
        let milliseconds = thousandths(digits)
            .and_then(|number| number.checked_mul(unit))
            .filter(|product| product % 1000 == 0)
            .map(|product| product / 1000)
            .filter(|milliseconds| *milliseconds <= 36_525 * 86_400_000)
            .ok_or_else(refuse)?;
        Ok(Self { milliseconds, text })
    }
}

/// A decimal number with at most three places, in thousandths.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
    let valid = |part: &str| !part.is_empty() && part.len() <= 12 && part.bytes().all(|b| b.is_ascii_digit());
    if !valid(whole) || !valid(places) || places.len() > 3 {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let places: u64 = format!("{places:0<3}").parse().ok()?;
    whole.checked_mul(1000)?.checked_add(places)
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrNumber("a duration such as `30s`", |text| Self::try_from(text.to_owned())))
    }
}

impl From<Duration> for String {
    fn from(duration: Duration) -> Self {
        duration.text
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Duration, String> {
        Duration::try_from(text.to_owned())
    }

    #[test]
    fn units_and_decimals() {
        assert_eq!(parse("4.8s").unwrap().milliseconds(), 4800);
        assert_eq!(parse("500ms").unwrap().decimal_seconds(), "0.5");
        assert_eq!(parse("14d").unwrap().seconds(), 14 * 86_400);
        assert_eq!(parse("0m").unwrap().seconds(), 0);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "5", "s", "-1s", "1.s", "1h30m", "1 s", "99999999999d", "1.0005s"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
