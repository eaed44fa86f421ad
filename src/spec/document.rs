//! A spec as a tree of nodes that remember where they were written.
//!
//! Layers (profile, spec, environment, `--set`) are merged as such trees and typed once afterwards, so every value
//! still knows the file and the bytes it came from.

/// Which of the run's [`Sources`] a span points into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u16);

impl SourceId {
    /// The spec itself, which is read before profiles and assignments.
    pub const SPEC: Self = Self(0);
}

/// A byte range of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The source the bytes belong to.
    pub source: SourceId,
    /// First byte, inclusive.
    pub start: u32,
    /// Last byte, exclusive.
    pub end: u32,
}

/// A text that was read: a file, standard input, a built-in profile or one `--set`.
#[derive(Debug, Clone)]
pub struct Source {
    /// How messages call it, for example `infragen.yaml` or `profiles/node.yaml`.
    pub name: String,
    /// Its whole text.
    pub text: String,
}

/// All texts of a run; diagnostics quote from them.
#[derive(Debug, Clone, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text and returns its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = u16::try_from(self.0.len()).unwrap_or(u16::MAX);
        self.0.push(Source { name: name.into(), text: text.into() });
        SourceId(id)
    }

    /// The source of an id.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.0.get(usize::from(id.0))
    }

    /// Name, line and column (both from 1, the column in characters) of a span's start.
    pub fn position(&self, span: Span) -> Option<Position<'_>> {
        let source = self.get(span.source)?;
        let before = source.text.get(..span.start as usize)?;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Some(Position {
            name: &source.name,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        })
    }
}

/// A place for people: file, line and column, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position<'a> {
    /// The source's name.
    pub name: &'a str,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its bytes.
    pub span: Span,
}

/// A YAML value by the core schema of YAML 1.2 (`yes` and `on` are strings).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    String(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in the order written.
    Map(Vec<Entry>),
}

/// One key of a mapping with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// An empty mapping at a span.
    pub fn empty_map(span: Span) -> Self {
        Self { value: Value::Map(Vec::new()), span }
    }

    /// The entries, if it is a mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The entry of a key, if it is a mapping that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value of a key, if it is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// All strings in it.
    pub fn strings(&self) -> Vec<&str> {
        match &self.value {
            Value::String(text) => vec![text],
            Value::List(items) => items.iter().flat_map(Self::strings).collect(),
            Value::Map(entries) => entries.iter().flat_map(|entry| entry.value.strings()).collect(),
            _ => Vec::new(),
        }
    }

    /// The node at a path of keys and list indices (`["domains", "0", "host"]`).
    pub fn at<S: AsRef<str>>(&self, path: &[S]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        let next = match &self.value {
            Value::List(items) => items.get(first.as_ref().parse::<usize>().ok()?)?,
            _ => self.get(first.as_ref())?,
        };
        next.at(rest)
    }

    /// The span of the deepest node on a path that exists: where a message about the path points.
    pub fn nearest_span<S: AsRef<str>>(&self, path: &[S]) -> Span {
        (0..=path.len()).rev().find_map(|depth| self.at(&path[..depth])).map_or(self.span, |node| node.span)
    }

    /// The path of the node at a span.
    pub fn path_of(&self, span: Span) -> Option<Vec<String>> {
        if self.span == span {
            return Some(Vec::new());
        }
        let children: Box<dyn Iterator<Item = (String, &Self)>> = match &self.value {
            Value::Map(entries) => Box::new(entries.iter().map(|entry| (entry.key.clone(), &entry.value))),
            Value::List(items) => Box::new(items.iter().enumerate().map(|(at, item)| (at.to_string(), item))),
            _ => return None,
        };
        children.into_iter().find_map(|(key, child)| {
            let mut path = child.path_of(span)?;
            path.insert(0, key);
            Some(path)
        })
    }

    /// Takes the entry or item that a span points at out of the tree; says whether there was one.
    pub fn remove_at(&mut self, span: Span) -> bool {
        match &mut self.value {
            Value::Map(entries) => {
                let before = entries.len();
                entries.retain(|entry| entry.key_span != span && entry.value.span != span);
                entries.len() < before || entries.iter_mut().any(|e| e.value.remove_at(span))
            }
            Value::List(items) => {
                let before = items.len();
                items.retain(|item| item.span != span);
                items.len() < before || items.iter_mut().any(|item| item.remove_at(span))
            }
            _ => false,
        }
    }
}
