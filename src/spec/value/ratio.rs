//! Ratios such as `70%`.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::{Deserialize, Deserializer};

use super::checked::TextOrNumber;

/// A share in percent with the sign: `70%`, `0.1%`, `99.95%`; at most three decimals. Above 100 % only where a key says so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(into = "String")]
#[schemars(with = "String", extend("pattern" = r"^[0-9]{1,4}(\.[0-9]{1,3})?%$"))]
pub struct Ratio {
    /// Thousandths of a percent, so that comparison is exact.
    millipercent: u32,
    text: String,
}

impl Ratio {
    /// Thousandths of a percent.
    pub fn millipercent(&self) -> u32 {
        self.millipercent
    }

    /// Whole percent, if it is whole.
    pub fn percent(&self) -> Option<u32> {
        self.millipercent.is_multiple_of(1000).then_some(self.millipercent / 1000)
    }

    /// The share as a decimal number without trailing zeros: `0.01` for `1%`.
    pub fn decimal(&self) -> String {
        let (whole, rest) = (self.millipercent / 100_000, self.millipercent % 100_000);
        if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:05}").trim_end_matches('0').to_owned() }
    }
}

impl TryFrom<String> for Ratio {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let refuse = || {
            format!(
                "\"{}\" is no ratio; write percent with the sign, such as `70%` or `0.1%`",
                crate::text::visible(&text)
            )
        };
        let digits = text.strip_suffix('%').ok_or_else(refuse)?;
        let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
        let valid =
            |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if !valid(whole, 4) || !valid(places, 3) {
            return Err(refuse());
        }
        let whole: u32 = whole.parse().map_err(|_| refuse())?;
        let places: u32 = format!("{places:0<3}").parse().map_err(|_| refuse())?;
        Ok(Self { millipercent: whole * 1000 + places, text })
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrNumber("a ratio such as `70%`", |text| Self::try_from(text.to_owned())))
    }
}

impl From<Ratio> for String {
    fn from(ratio: Ratio) -> Self {
        ratio.text
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let ratio = |text: &str| Ratio::try_from(text.to_owned());
        assert_eq!(ratio("1%").unwrap().decimal(), "0.01");
        assert_eq!(ratio("99.95%").unwrap().decimal(), "0.9995");
        assert_eq!(ratio("100%").unwrap().decimal(), "1");
        assert_eq!(ratio("70%").unwrap().percent(), Some(70));
        for text in ["70", "0.7", "%", "-1%", "1.2345%", "70 %", "1e2%"] {
            assert!(ratio(text).is_err(), "{text}");
        }
    }
}
