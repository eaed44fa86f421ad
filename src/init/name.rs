//! Names for a project: what a repository calls itself, made a DNS label.

/// Longest name that is proposed; generated names add suffixes to it and must stay below 63.
const MAX: usize = 40;

/// `text` as a DNS label that begins with a letter, if anything of it is left.
///
/// A scope (`@acme/`) is dropped, other characters become single hyphens.
pub fn label(text: &str) -> Option<String> {
    let text = match text.split_once('/') {
        Some((scope, rest)) if scope.starts_with('@') => rest,
        _ => text,
    };
    let mut label = String::new();
    for c in text.chars() {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_lowercase() || c.is_ascii_digit() && !label.is_empty() {
            label.push(c);
        } else if !label.is_empty() && !label.ends_with('-') {
            label.push('-');
        }
    }
    label.truncate(MAX);
    let label = label.trim_end_matches('-');
    (!label.is_empty()).then(|| label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for (text, expected) in [
            ("hello", "hello"),
            ("@acme/orders_API", "orders-api"),
            ("  My.Shop  ", "my-shop"),
            ("2048-game", "game"),
            ("a\nname: evil", "a-name-evil"),
            ("größe", "gr-e"),
        ] {
            assert_eq!(label(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "42", "---", "日本"] {
            assert_eq!(label(text), None, "{text}");
        }
        assert_eq!(label(&"ab-".repeat(40)).map(|l| l.len()), Some(40));
    }
}
