//! The parser's messages in the words of somebody who writes a spec.

use crate::text::visible;

/// What is wrong at a place, and what to do about it.
pub(super) struct Explanation {
    /// What is wrong.
    pub(super) message: String,
    /// What to do.
    pub(super) help: Option<&'static str>,
}

/// Parts of the parser's messages, each with what it means and what helps.
const MEANINGS: [(&str, &str, Option<&str>); 17] = [
    ("tabs disallowed", "a tab stands in the indentation", Some("indent with blanks only")),
    ("tab", "a tab stands where only blanks may", Some("indent with blanks only")),
    ("recursion limit", "the nesting is deeper than 64", None),
    ("unclosed quote", "this quote is not closed", None),
    ("unknown escape", "this backslash is no escape", Some("inside double quotes write `\\\\`, or use single quotes")),
    ("escape", "this escape is not complete", Some("inside double quotes write `\\\\`, or use single quotes")),
    ("unknown anchor", "nothing before this alias has its name", Some("text that begins with `*` needs quotes")),
    (
        "anchor or alias",
        "`*` and `&` begin aliases and anchors",
        Some("text that begins with one of them needs quotes"),
    ),
    ("mapping values are not allowed", "a second `: ` on this line", Some("text that contains `: ` needs quotes")),
    ("expected key", "the indentation fits no line above", Some("begin keys of one map in one column")),
    ("illegal placement of ':'", "a `:` where none can be", Some("is a bracket or a quote before it not closed?")),
    ("'-' indicator", "the indentation of this `-` fits no list above", Some("begin items of one list in one column")),
    ("',' or ']'", "this list is not closed", Some("end it with `]`; text with `,` or brackets inside needs quotes")),
    ("',' or '}'", "this map is not closed", Some("end it with `}`; text with `,` or braces inside needs quotes")),
    ("invalid indentation", "the indentation fits no line above", Some("indent each level by two blanks")),
    ("major version", "this version of YAML is not known", Some("leave the `%YAML` line out")),
    ("unexpected end", "the document ends inside a value", Some("is a bracket or a quote not closed?")),
];

/// Explains a message of the parser about a place in a text.
pub(super) fn explain(info: &str, text: &str, at: usize) -> Explanation {
    let rest = &text[at..];
    let line = text[text[..at].rfind('\n').map_or(0, |last| last + 1)..].lines().next().unwrap_or_default();
    let made = |message: &str, help| Explanation { message: message.to_owned(), help };
    if ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark)) {
        return made("a merge conflict is not resolved here", Some("keep one side and remove the marks"));
    }
    if let Some(character) = rest.chars().next().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Explanation {
            message: format!("a control character (`{}`) stands here", character.escape_unicode()),
            help: Some("remove it; inside double quotes it can be written as an escape"),
        };
    }
    if info.contains("unexpected character") {
        let character = rest.chars().next().unwrap_or(' ');
        return Explanation {
            message: format!("text cannot begin with `{}`", visible(&character.to_string())),
            help: Some("put it into quotes"),
        };
    }
    if info.contains("simple key") {
        let help = match line.trim_start().split_once(':') {
            Some((_, value)) if !value.starts_with(' ') && !value.is_empty() => "put a blank after the colon",
            _ => "write a setting as `key: value`",
        };
        return made("this line is no setting", Some(help));
    }
    MEANINGS.iter().find(|(part, _, _)| info.contains(part)).map_or_else(
        || Explanation { message: format!("this is not YAML: {}", visible(info)), help: None },
        |(_, message, help)| made(message, *help),
    )
}
