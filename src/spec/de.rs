//! serde over [`Node`]: every fault carries the span it belongs to.

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

use super::document::{Entry, Node, Span, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{alternatives, listed, nearest, visible};

/// Most keys that a message lists.
const MOST_LISTED: usize = 20;

/// Why a node could not be typed.
#[derive(Debug, Clone)]
pub struct Fault {
    code: Code,
    message: String,
    help: Option<String>,
    /// Where; `None` until the innermost map or list adds it.
    span: Option<Span>,
    /// The key that is missing, for [`Code::MissingKey`].
    missing: Option<&'static str>,
    /// The key that was probably meant, for [`Code::UnknownKey`].
    suggested: Option<&'static str>,
}

impl Fault {
    fn new(code: Code, message: String) -> Self {
        Self { code, message, help: None, span: None, missing: None, suggested: None }
    }

    fn or_at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }

    /// The key that was missing, if that is the fault.
    pub fn missing(&self) -> Option<&'static str> {
        self.missing
    }

    /// The key that was probably meant, if an unknown one is the fault.
    pub fn suggested(&self) -> Option<&'static str> {
        self.suggested
    }

    /// Where the fault is; the root's span if nothing nearer is known.
    pub fn span(&self, root: &Node) -> Span {
        self.span.unwrap_or(root.span)
    }

    /// The finding to show.
    pub fn diagnostic(&self, root: &Node) -> Diagnostic {
        let finding = Diagnostic::error(self.code, self.message.clone()).at(self.span(root));
        match &self.help {
            Some(help) => finding.help(help.clone()),
            None => finding,
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::new(Code::InvalidValue, message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = wanted(&expected.to_string());
        let mut fault = Self::new(Code::WrongType, format!("expected {expected}, found {}", describe(unexpected)));
        let wants_text = expected.contains("text");
        let wants_number = expected.contains("whole number");
        fault.help = match unexpected {
            Unexpected::Str(text) if wants_number && text.parse::<i64>().is_ok() => {
                Some(format!("write {text} without quotes"))
            }
            Unexpected::Str("yes" | "on" | "True" | "y") if expected.contains("`true`") => {
                Some("write `true`".to_owned())
            }
            Unexpected::Str("no" | "off" | "False" | "n") if expected.contains("`true`") => {
                Some("write `false`".to_owned())
            }
            Unexpected::Signed(number) if wants_text => Some(format!("write \"{number}\" in quotes")),
            Unexpected::Bool(value) if wants_text => Some(format!("write \"{value}\" in quotes")),
            Unexpected::Float(_) if wants_text => Some("write it in quotes, so that no digit gets lost".to_owned()),
            Unexpected::Unit if wants_text => Some("write \"\" for an empty text".to_owned()),
            _ => None,
        };
        fault
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = wanted(&expected.to_string());
        Self::new(Code::InvalidValue, format!("expected {expected}, found {}", describe(unexpected)))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let mut fault =
            Self::new(Code::InvalidValue, format!("`{}` is none of {}", visible(variant), alternatives(expected)));
        fault.help = nearest(variant, expected.iter().copied()).map(|word| format!("did you mean `{word}`?"));
        fault
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let mut fault = Self::new(Code::UnknownKey, format!("there is no key `{}` here", visible(field)));
        fault.suggested = nearest(field, expected.iter().copied());
        fault.help = Some(match nearest(field, expected.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None if expected.is_empty() => "this map has no keys".to_owned(),
            None if expected.len() > MOST_LISTED => "`infragen explain` lists the keys of a spec".to_owned(),
            None => format!("the keys here are {}", listed(expected)),
        });
        fault
    }

    fn missing_field(field: &'static str) -> Self {
        let mut fault = Self::new(Code::MissingKey, format!("the key `{field}` is missing"));
        fault.missing = Some(field);
        fault
    }
}

/// serde's names of types in the language's words.
fn wanted(expected: &str) -> String {
    match expected {
        "a string" | "string" => "text".to_owned(),
        "a boolean" => "`true` or `false`".to_owned(),
        "a sequence" => "a list".to_owned(),
        "i64" => "a whole number".to_owned(),
        "u32" | "u16" | "u64" => "a whole number, not below 0".to_owned(),
        "f64" => "a number".to_owned(),
        other if other.starts_with("struct ") => "a map of settings".to_owned(),
        other => other.to_owned(),
    }
}

fn describe(unexpected: Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Str(text) => format!("the text \"{}\"", visible(text)),
        Unexpected::Signed(number) => format!("the number {number}"),
        Unexpected::Unsigned(number) => format!("the number {number}"),
        Unexpected::Float(number) => format!("the number {number}"),
        Unexpected::Bool(value) => format!("{value}"),
        Unexpected::Unit => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a map".to_owned(),
        other => other.to_string(),
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let result = match &self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::List(items) => visitor.visit_seq(Items { rest: items.iter() }),
            Value::Map(entries) => visitor.visit_map(Entries { rest: entries.iter(), value: None }),
        };
        result.map_err(|fault| fault.or_at(self.span))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.value {
            Value::String(text) => {
                let word: StrDeserializer<'_, Fault> = text.as_str().into_deserializer();
                visitor.visit_enum(word).map_err(|fault| fault.or_at(self.span))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    /// Only maps: serde would also take a list for a struct's fields in their order.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.value {
            Value::List(_) => {
                Err(de::Error::invalid_type(Unexpected::Seq, &visitor)).map_err(|fault: Fault| fault.or_at(self.span))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self).map_err(|fault| fault.or_at(self.span))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}

struct Items<'de> {
    rest: std::slice::Iter<'de, Node>,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        self.rest.next().map(|item| seed.deserialize(item).map_err(|fault| fault.or_at(item.span))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

struct Entries<'de> {
    rest: std::slice::Iter<'de, Entry>,
    value: Option<&'de Node>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some(entry) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(&entry.value);
        let key: StrDeserializer<'_, Fault> = entry.key.as_str().into_deserializer();
        seed.deserialize(key).map(Some).map_err(|fault| fault.or_at(entry.key_span))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        match self.value.take() {
            Some(value) => seed.deserialize(value).map_err(|fault| fault.or_at(value.span)),
            None => Err(de::Error::custom("a value was asked for before its key")),
        }
    }
}
