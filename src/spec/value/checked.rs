//! Strings whose form is checked once, when they are read.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};

/// A rule that a text must follow.
pub trait Form {
    /// The form's name in the JSON Schema.
    const NAME: &'static str;
    /// What the form is, for the JSON Schema and `infragen explain`.
    const DESCRIPTION: &'static str;

    /// Checks a text.
    ///
    /// # Errors
    /// What is wrong with it and what to write instead.
    fn check(text: &str) -> Result<(), String>;
}

/// A string of a certain form.
pub struct Checked<F>(String, PhantomData<F>);

impl<F: Form> Checked<F> {
    /// Checks a text.
    ///
    /// # Errors
    /// What is wrong with it and what to write instead.
    pub fn new(text: impl Into<String>) -> Result<Self, String> {
        let text = text.into();
        F::check(&text)?;
        Ok(Self(text, PhantomData))
    }
}

impl<F> Checked<F> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<F> Clone for Checked<F> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<F> fmt::Debug for Checked<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<F> fmt::Display for Checked<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<F> PartialEq for Checked<F> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<F> Eq for Checked<F> {}

impl<F> PartialOrd for Checked<F> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<F> Ord for Checked<F> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<'de, F: Form> Deserialize<'de> for Checked<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(text).map_err(D::Error::custom)
    }
}

impl<F> Serialize for Checked<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<F: Form> JsonSchema for Checked<F> {
    fn schema_name() -> Cow<'static, str> {
        F::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": "string", "description": F::DESCRIPTION})
    }
}

/// Reads a text by a rule; a bare number goes through the same rule, so that its message says what is missing.
pub(super) struct TextOrNumber<T>(pub(super) &'static str, pub(super) fn(&str) -> Result<T, String>);

impl<T> Visitor<'_> for TextOrNumber<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.1)(text).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        (self.1)(&number.to_string()).map_err(E::custom)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        (self.1)(&number.to_string()).map_err(E::custom)
    }
}
