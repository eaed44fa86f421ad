//! JSON objects whose members still know their line.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The members of one object of a JSON document.
pub struct Object<'a> {
    document: &'a str,
    members: BTreeMap<String, &'a RawValue>,
}

/// A value, and the line (from 1) on which it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its line, from 1.
    pub line: usize,
}

impl<'a> Object<'a> {
    /// Reads a document that must be one object.
    ///
    /// # Errors
    /// Where it is no JSON, or no object.
    pub fn parse(document: &'a str) -> Result<Self, serde_json::Error> {
        Ok(Self { document, members: serde_json::from_str(document)? })
    }

    /// The member `key` as a string, if it is one.
    pub fn string(&self, key: &str) -> Option<Located<String>> {
        let raw = self.members.get(key)?;
        Some(Located { value: serde_json::from_str(raw.get()).ok()?, line: self.line(raw) })
    }

    /// The member `key` as an object; an empty one when it is missing or something else.
    #[must_use]
    pub fn object(&self, key: &str) -> Object<'a> {
        let members = self.members.get(key).and_then(|raw| serde_json::from_str(raw.get()).ok());
        Object { document: self.document, members: members.unwrap_or_default() }
    }

    /// The line of the member `key`, whatever its type.
    pub fn line_of(&self, key: &str) -> Option<usize> {
        self.members.get(key).map(|raw| self.line(raw))
    }

    /// All members that are strings, by key.
    pub fn strings(&self) -> impl Iterator<Item = (&str, Located<String>)> {
        self.members.keys().filter_map(|key| Some((key.as_str(), self.string(key)?)))
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// A raw value is a slice of the document, so its address tells its offset.
    fn line(&self, raw: &RawValue) -> usize {
        let offset = (raw.get().as_ptr() as usize).saturating_sub(self.document.as_ptr() as usize);
        super::lines::line_at(self.document, offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_know_their_line() {
        let object = Object::parse("{\n  \"a\": {\n    \"b\\u0041\": \"x\"\n  },\n  \"c\": 1\n}").unwrap();
        assert_eq!(object.object("a").string("bA"), Some(Located { value: "x".to_owned(), line: 3 }));
        assert_eq!(object.line_of("c"), Some(5));
        assert_eq!(object.string("c"), None);
        assert!(object.object("c").is_empty());
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        let document = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let _ = Object::parse(&document);
    }
}
