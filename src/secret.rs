//! Credentials in text: found by their form, by their name, or inside URLs and commands, and masked wherever input is quoted.

use std::ops::Range;

/// Beginnings of well-known credentials, with the fewest characters that follow. Sources: the providers' own
/// documentation of token formats.
const PREFIXES: [(&str, usize); 25] = [
    ("AKIA", 12),
    ("ASIA", 12),
    ("ghp_", 16),
    ("gho_", 16),
    ("ghu_", 16),
    ("ghs_", 16),
    ("ghr_", 16),
    ("github_pat_", 16),
    ("glpat-", 16),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxa-", 10),
    ("xapp-", 10),
    ("sk_live_", 10),
    ("sk_test_", 10),
    ("rk_live_", 10),
    ("whsec_", 10),
    ("sk-ant-", 16),
    ("sk-proj-", 16),
    ("AIza", 30),
    ("SG.", 20),
    ("npm_", 30),
    ("dop_v1_", 30),
    ("hvs.", 16),
    ("AGE-SECRET-KEY-", 16),
];
/// Ends of upper-case names that say that the value is secret.
const NAMES: [&str; 12] = [
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "API_KEY",
    "APIKEY",
    "PRIVATE_KEY",
    "SECRET_KEY",
    "ACCESS_KEY",
    "CREDENTIALS",
    "PGPASSWORD",
];
/// Flags of commands that take a credential.
const FLAGS: [&str; 6] = ["--password", "--passwd", "--token", "--api-key", "--secret", "--access-key"];
/// What stands in a message where a credential stood.
pub const MASK: &str = "•••";

/// Whether the name of a variable says that its value is secret.
pub fn is_secret_name(name: &str) -> bool {
    NAMES.iter().any(|secret| name == *secret || name.strip_suffix(secret).is_some_and(|rest| rest.ends_with('_')))
}

/// Whether a text contains a credential by its form: a known prefix, a private key, or a password in a URL.
pub fn has_credential(text: &str) -> bool {
    !credentials(text).is_empty()
}

/// Whether a command contains a credential: by its form, as `NAME=value`, or as the value of a flag.
pub fn command_has_credential(text: &str) -> bool {
    has_credential(text) || !assignments(text).is_empty()
}

/// A text with its credentials replaced.
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges(text) {
        out.push_str(&text[at..range.start]);
        out.push_str(MASK);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Where the text has credentials, by form or by name; in order and apart.
pub fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut found = credentials(text);
    found.extend(assignments(text));
    found.sort_by_key(|range| range.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for range in found {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// Where the text has credentials by their form.
fn credentials(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> =
        PREFIXES.iter().flat_map(|(prefix, rest)| prefixed(text, prefix, *rest)).collect();
    found.extend(
        text.match_indices("-----BEGIN ")
            .filter(|(at, _)| text[*at..].contains("PRIVATE KEY"))
            .map(|(at, _)| at..text.len()),
    );
    found.extend(text.match_indices("://").filter_map(|(at, _)| url_password(text, at + 3)));
    found
}

fn prefixed<'a>(text: &'a str, prefix: &'a str, rest: usize) -> impl Iterator<Item = Range<usize>> + 'a {
    text.match_indices(prefix).filter_map(move |(at, _)| {
        let inside_word = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let body = at + prefix.len();
        let end = body + text[body..].find(|c: char| !is_token(c)).unwrap_or(text.len() - body);
        (!inside_word && end - body >= rest).then_some(at..end)
    })
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '/' | '=')
}

/// The password in the authority of a URL, unless it is a reference to a variable.
fn url_password(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = &text[start..];
    let end = rest.find(|c: char| c == '/' || c == '"' || c == '\'' || c.is_whitespace()).unwrap_or(rest.len());
    let at = rest[..end].rfind('@')?;
    let colon = rest[..at].find(':')?;
    let password = &rest[colon + 1..at];
    (!password.is_empty() && !is_reference(password)).then_some(start + colon + 1..start + at)
}

/// `$NAME`, `${NAME}` or `$(…)`: the value comes from elsewhere.
fn is_reference(value: &str) -> bool {
    value.starts_with('$')
}

/// The values of `NAME=value`, `NAME: value` and `--flag=value` whose names say that they are secret.
fn assignments(text: &str) -> Vec<Range<usize>> {
    let named = text.match_indices(['=', ':']).filter_map(|(at, _)| {
        let before = text[..at].trim_end_matches(['"', '\'']);
        let start = before
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))
            .map_or(0, |last| last + before[last..].chars().next().map_or(1, char::len_utf8));
        let name = &before[start..];
        let secret = is_secret_name(name) || FLAGS.contains(&name.to_ascii_lowercase().as_str());
        secret.then(|| value_after(text, at + 1)).flatten()
    });
    let flags = FLAGS.iter().flat_map(|flag| {
        text.match_indices(flag).filter_map(|(at, _)| {
            // In a list of arguments a comma, and perhaps quotes, stand between the two.
            let after = text[at + flag.len()..].trim_start_matches(['"', '\'', ',']);
            after.starts_with(' ').then(|| value_after(text, text.len() - after.len() + 1)).flatten()
        })
    });
    named.chain(flags).collect()
}

/// The value after a separator, unless it is empty, a reference to a variable, or another flag. After a colon it goes on
/// to the end of a YAML value; in a command it is one word.
fn value_after(text: &str, at: usize) -> Option<Range<usize>> {
    let start = at + text[at..].len() - text[at..].trim_start_matches(' ').len();
    let rest = &text[start..];
    let (start, end) = match rest.chars().next()? {
        quote @ ('"' | '\'') => (start + 1, start + 1 + closing(&rest[1..], quote)),
        _ if text[..at].ends_with(':') => (start, start + rest.find([',', '}', ']', '\n']).unwrap_or(rest.len())),
        _ => (start, start + rest.find([',', '}', ']', ' ', '"', '\'', '\n']).unwrap_or(rest.len())),
    };
    let value = text[start..end].trim_end();
    (!value.is_empty() && !is_reference(value) && !value.starts_with('-')).then_some(start..start + value.len())
}

/// Where a quoted text ends; at the end of everything if the quote is not closed.
fn closing(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_found_and_masked() {
        for (text, shown) in [
            ("ghp_abcdefghij0123456789", "•••"),
            ("redis://u:hunter2@cache:6379/0", "redis://u:•••@cache:6379/0"),
            ("a PGPASSWORD=hunter2 psql", "a PGPASSWORD=••• psql"),
            ("tool --password hunter2 x", "tool --password ••• x"),
            ("[tool, \"--token\", hunter2]", "[tool, \"--token\", •••]"),
            ("tool --password=hunter2", "tool --password=•••"),
            ("{API_TOKEN: \"hunter2\", B: 1}", "{API_TOKEN: \"•••\", B: 1}"),
            ("DB_PASSWORD: correct horse battery", "DB_PASSWORD: •••"),
            ("DB_PASSWORD='a b' x", "DB_PASSWORD='•••' x"),
            ("-----BEGIN PRIVATE KEY-----\nMII", "•••"),
        ] {
            assert_eq!(masked(text), shown);
            assert!(command_has_credential(text), "{text}");
        }
    }

    #[test]
    fn references_and_plain_words_stay() {
        for text in [
            "redis://u:$PASS@cache/0",
            "https://shop.example/a:b@c",
            "PGPASSWORD=$DB_PASSWORD psql",
            "tool --token \"$TOKEN\"",
            "s3://bucket/key",
            "npm_config_cache=/tmp",
            "MAX_TOKENS: 5",
            "keys: [API_TOKEN, SECRET]",
            "ASIAN",
            "http://localhost:3000",
        ] {
            assert_eq!(masked(text), text);
            assert!(!command_has_credential(text), "{text}");
        }
    }
}
