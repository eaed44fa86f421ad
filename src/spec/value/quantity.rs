//! Kubernetes quantities: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer};
use serde::{Serialize, Serializer};

use super::checked::TextOrNumber;

/// A share of CPU cores, for example `250m` or `1`; from `1m`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String", extend("type" = ["string", "number"]))]
pub struct Cpu {
    text: String,
    millicores: u64,
}

/// A number of bytes, for example `256Mi` or `1Gi`; from 1. The suffix `m` (thousandths of a byte) is refused.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String", extend("type" = ["string", "number"]))]
pub struct Memory {
    text: String,
    bytes: u64,
}

impl Cpu {
    /// The value in thousandths of a core.
    pub fn millicores(&self) -> u64 {
        self.millicores
    }

    fn parse(text: &str) -> Result<Self, String> {
        let (digits, factor) = match text.strip_suffix('m') {
            Some(digits) => (digits, 1.0),
            None => (text, 1000.0),
        };
        let millicores = decimal(digits)
            .map(|number| number * factor)
            .filter(|milli| (1.0..=1e9).contains(milli) && milli.fract() == 0.0)
            .ok_or_else(|| {
                format!(
                    "\"{}\" is no CPU quantity; write cores or thousandths of a core, such as `500m` or `2`",
                    crate::text::visible(text)
                )
            })?;
        Ok(Self { text: text.to_owned(), millicores: whole(millicores) })
    }
}

impl Memory {
    /// The value in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn parse(text: &str) -> Result<Self, String> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let shown = crate::text::visible(text);
        let factor: f64 = match &text[digits.len()..] {
            "" => 1.0,
            "k" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            "T" => 1e12,
            "P" => 1e15,
            "Ki" => 1024.0,
            "Mi" => 1024.0 * 1024.0,
            "Gi" => 1024.0 * 1024.0 * 1024.0,
            "Ti" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
            "Pi" => 1024.0 * 1024.0 * 1024.0 * 1024.0 * 1024.0,
            "m" => {
                return Err(format!(
                    "\"{shown}\" is thousandths of a byte; did you mean `{}Mi`?",
                    crate::text::visible(digits)
                ));
            }
            suffix => {
                return Err(format!(
                    "\"{shown}\" has the unknown suffix \"{}\"; use Ki, Mi, Gi, Ti (powers of 1024) or k, M, G, T",
                    crate::text::visible(suffix)
                ));
            }
        };
        let bytes = decimal(digits)
            .map(|number| number * factor)
            .filter(|bytes| (1.0..=9e18).contains(bytes) && bytes.fract() == 0.0)
            .ok_or_else(|| format!("\"{shown}\" is no quantity of bytes; write for example `512Mi`"))?;
        Ok(Self { text: text.to_owned(), bytes: whole(bytes) })
    }
}

/// Digits with at most one point; no sign and no exponent, which nobody writes by hand.
fn decimal(text: &str) -> Option<f64> {
    let plain = !text.is_empty()
        && text.len() <= 19
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    plain.then(|| text.parse().ok()).flatten()
}

/// A checked non-negative whole number below 2^63.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(number: f64) -> u64 {
    number as u64
}

impl fmt::Display for Cpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Cpu {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl Serialize for Memory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Cpu {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrNumber("a CPU quantity such as `500m`", Self::parse))
    }
}

impl<'de> Deserialize<'de> for Memory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrNumber("a quantity of bytes such as `512Mi`", Self::parse))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_the_value_kubernetes_gives_them() {
        assert_eq!(Cpu::parse("250m").unwrap().millicores(), 250);
        assert_eq!(Cpu::parse("1.5").unwrap().millicores(), 1500);
        assert_eq!(Memory::parse("200Mi").unwrap().bytes(), 209_715_200);
        assert_eq!(Memory::parse("1k").unwrap().bytes(), 1000);
    }

    #[test]
    fn slips_are_refused() {
        for text in ["", "m", "-1", "0", "1e3", "0.0001", "1 ", "١"] {
            assert!(Cpu::parse(text).is_err(), "{text}");
        }
        for text in ["512m", "512mb", "1GiB", "Gi", "0", "1.1"] {
            assert!(Memory::parse(text).is_err(), "{text}");
        }
    }
}
