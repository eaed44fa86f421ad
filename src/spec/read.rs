//! Text to [`Node`]: YAML 1.2 with limits, so that no input costs unbounded time or memory.

use std::collections::HashMap;

use granit_parser::{Event, Options, Parser, ScalarStyle, Tag};

use super::document::{Entry, Node, SourceId, Span, Value};
use crate::diagnostic::{Code, Diagnostic};

/// Largest spec in bytes; the largest real one is 6 KB.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Deepest nesting of lists and maps; the language itself needs 7.
pub const MAX_DEPTH: usize = 64;
/// Most nodes after aliases are expanded, so that an alias bomb ends early.
pub const MAX_NODES: usize = 100_000;

/// Checks that bytes are text a spec may consist of.
///
/// # Errors
/// A diagnostic that makes the document unreadable: too large, not UTF-8, or a NUL inside.
pub fn text_of(bytes: Vec<u8>, name: &str) -> Result<String, Diagnostic> {
    let unreadable = |message: String| Diagnostic::error(Code::UnreadableSpec, message);
    if bytes.len() > MAX_BYTES {
        return Err(unreadable(format!("{name}: the spec has {} bytes; at most {MAX_BYTES} are read", bytes.len())));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(unreadable(format!("{name}:1:1: the spec is UTF-16 text")).help("save the file as UTF-8"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let place = place(&String::from_utf8_lossy(valid));
        unreadable(format!("{name}:{place}: the spec is not UTF-8 text")).help("save the file as UTF-8")
    })?;
    match text.find('\0') {
        None => Ok(text),
        Some(at) => Err(unreadable(format!("{name}:{}: the spec contains a NUL character", place(&text[..at])))),
    }
}

/// Line and column after a text, as `5:17`.
fn place(before: &str) -> String {
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    format!("{}:{}", before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Reads one YAML document.
///
/// # Errors
/// The first thing that makes it unreadable (syntax, depth, size, tags, aliases, a second document), or all duplicate
/// and unsuitable keys.
pub fn parse(text: &str, source: SourceId) -> Result<Node, Vec<Diagnostic>> {
    let mut composer = Composer { source, text, anchors: HashMap::new(), nodes: 0, faults: Vec::new() };
    let root = composer.document().map_err(|fault| vec![*fault])?;
    if composer.faults.is_empty() { Ok(root) } else { Err(composer.faults) }
}

/// Bytes of text that count as one more node.
const BYTES_PER_NODE: usize = 32;

/// Builds the tree from parser events.
struct Composer<'a> {
    source: SourceId,
    text: &'a str,
    /// Anchored nodes with the number of nodes in each.
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    /// Faults of content found on the way: reading goes on after them.
    faults: Vec<Diagnostic>,
}

type Fatal<T> = Result<T, Box<Diagnostic>>;
type Events<'a> = Parser<'a, granit_parser::StrInput<'a>>;

impl<'a> Composer<'a> {
    fn document(&mut self) -> Fatal<Node> {
        let mut options = Options::default();
        options.emit_comments = false;
        options.flow_nesting_limit = MAX_DEPTH;
        options.block_nesting_limit = MAX_DEPTH;
        let mut events = Parser::new_from_str_with_options(self.text, options);
        let mut root = None;
        loop {
            let (event, span) = self.next(&mut events)?;
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                Event::DocumentStart(..) if root.is_none() => {}
                Event::DocumentStart(..) => {
                    return Err(Self::unreadable(span, "a spec is one YAML document; a second one begins here"));
                }
                other => root = Some(self.node(other, span, &mut events, 0)?),
            }
        }
        Ok(root.unwrap_or_else(|| Node::empty_map(self.span_at(0, 0))))
    }

    fn node(&mut self, event: Event<'a>, span: Span, events: &mut Events<'a>, depth: usize) -> Fatal<Node> {
        self.count(1, span)?;
        if depth > MAX_DEPTH {
            return Err(Self::unreadable(span, &format!("the nesting is deeper than {MAX_DEPTH}")));
        }
        let before = self.nodes;
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                // Long text costs memory for each alias of it.
                self.count(text.len() / BYTES_PER_NODE, span)?;
                Self::refuse_tag(tag.as_deref(), span)?;
                let value = if style == ScalarStyle::Plain && tag.is_none() {
                    plain(&text)
                } else {
                    Value::String(text.into_owned())
                };
                (Node { value, span }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                Self::refuse_tag(tag.as_deref(), span)?;
                (self.list(span, events, depth)?, anchor)
            }
            Event::MappingStart(_, anchor, tag) => {
                Self::refuse_tag(tag.as_deref(), span)?;
                (self.map(span, events, depth)?, anchor)
            }
            Event::Alias(id) => {
                let Some((node, size)) = self.anchors.get(&id).cloned() else {
                    return Err(Self::unreadable(span, "this alias stands inside the value that it names"));
                };
                self.count(size, span)?;
                return Ok(node);
            }
            _ => return Err(Self::unreadable(span, "a value was expected here")),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), self.nodes - before + 1));
        }
        Ok(node)
    }

    fn list(&mut self, start: Span, events: &mut Events<'a>, depth: usize) -> Fatal<Node> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next(events)?;
            if event == Event::SequenceEnd {
                return Ok(self.collection(Value::List(items), start, span));
            }
            items.push(self.node(event, span, events, depth + 1)?);
        }
    }

    fn map(&mut self, start: Span, events: &mut Events<'a>, depth: usize) -> Fatal<Node> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen: HashMap<String, Span> = HashMap::new();
        loop {
            let (event, span) = self.next(events)?;
            if event == Event::MappingEnd {
                return Ok(self.collection(Value::Map(entries), start, span));
            }
            let key = self.node(event, span, events, depth + 1)?;
            let (event, span) = self.next(events)?;
            let value = self.node(event, span, events, depth + 1)?;
            if let Some(entry) = self.entry(&key, value, &mut seen) {
                entries.push(entry);
            }
        }
    }

    /// A key that is a plain word and new in its map; any other is a fault and left out.
    fn entry(&mut self, key: &Node, value: Node, seen: &mut HashMap<String, Span>) -> Option<Entry> {
        let text = match &key.value {
            Value::String(text) => text.clone(),
            // A config key may look like a number or a boolean; its text is what counts.
            Value::Bool(_) | Value::Integer(_) | Value::Float(_) => self.slice(key.span).to_owned(),
            _ => {
                let fault = Diagnostic::error(Code::WrongType, "a key must be a word").at(key.span);
                let is_map = matches!(key.value, Value::Map(_));
                let help = if is_map { "text that begins with `{` needs quotes" } else { "write it as plain text" };
                return self.refuse_entry(fault.help(help));
            }
        };
        if text == "<<" {
            return self.refuse_entry(
                Diagnostic::error(Code::UnknownKey, "merge keys (`<<`) are not part of YAML 1.2")
                    .at(key.span)
                    .help("write the values out, or put them into a profile"),
            );
        }
        if let Some(first) = seen.get(&text) {
            let line = self.text[..first.start as usize].matches('\n').count() + 1;
            return self.refuse_entry(
                Diagnostic::error(
                    Code::DuplicateKey,
                    format!("`{}` stands twice in this map", crate::text::visible(&text)),
                )
                .at(key.span)
                .help(format!("the first one is on line {line}; keep one of them")),
            );
        }
        seen.insert(text.clone(), key.span);
        Some(Entry { key: text, key_span: key.span, value })
    }

    /// Notes why an entry is left out. The first faults of a kind that comes in thousands are enough.
    fn refuse_entry(&mut self, fault: Diagnostic) -> Option<Entry> {
        if self.faults.len() < super::project::MOST_FAULTS {
            self.faults.push(fault);
        }
        None
    }

    /// A collection's span: from its first byte to its last content, without the blank lines after it.
    fn collection(&self, value: Value, start: Span, end: Span) -> Node {
        let last = match &value {
            Value::List(items) => items.last().map(|item| item.span.end),
            Value::Map(entries) => entries.last().map(|entry| entry.value.span.end),
            _ => None,
        };
        let flow = self.text[start.start as usize..].starts_with(['{', '[']);
        let end = match last {
            Some(last) if !flow => last,
            _ => end.end.max(start.end),
        };
        Node { value, span: Span { end: end.max(start.start), ..start } }
    }

    fn next(&self, events: &mut Events<'a>) -> Fatal<(Event<'a>, Span)> {
        match events.next_event() {
            Some(Ok((event, span))) => {
                let range = span.byte_range().unwrap_or_default();
                Ok((event, self.span_at(range.start, range.end)))
            }
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                let at = self.text.floor_char_boundary(at);
                let explanation = super::syntax::explain(&error.info(), self.text, at);
                let fault = Self::unreadable(self.span_at(at, at), &explanation.message);
                Err(match explanation.help {
                    Some(help) => Box::new(fault.help(help)),
                    None => fault,
                })
            }
            None => Err(Self::unreadable(self.span_at(0, 0), "the document ends unexpectedly")),
        }
    }

    fn count(&mut self, nodes: usize, span: Span) -> Fatal<()> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            return Err(Self::unreadable(span, "the spec is too large once its aliases are expanded"));
        }
        Ok(())
    }

    fn refuse_tag(tag: Option<&Tag>, span: Span) -> Fatal<()> {
        match tag {
            Some(tag) if !tag.is_yaml_core_schema() => {
                let fault = Self::unreadable(span, "custom tags are not part of the spec language");
                Err(Box::new(fault.help("text that begins with `!` needs quotes")))
            }
            _ => Ok(()),
        }
    }

    #[expect(clippy::unnecessary_box_returns)] // faults end reading and travel boxed, as `Fatal` says
    fn unreadable(span: Span, message: &str) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(Code::UnreadableSpec, message).at(span))
    }

    fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// A span clamped to the text and to character boundaries.
    fn span_at(&self, start: usize, end: usize) -> Span {
        let clamp = |at: usize| u32::try_from(self.text.floor_char_boundary(at)).unwrap_or(u32::MAX);
        Span { source: self.source, start: clamp(start), end: clamp(end.max(start)) }
    }
}

/// The value of a plain scalar by the YAML 1.2 core schema (chapter 10.3.2 of its specification).
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if let Some(number) = integer(text) {
        return Value::Integer(number);
    }
    let looks_numeric = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'));
    match text.parse::<f64>() {
        Ok(number) if looks_numeric && number.is_finite() => Value::Float(number),
        _ => Value::String(text.to_owned()),
    }
}

fn integer(text: &str) -> Option<i64> {
    if let Some(hex) = text.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok();
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return i64::from_str_radix(octal, 8).ok();
    }
    text.parse().ok()
}
