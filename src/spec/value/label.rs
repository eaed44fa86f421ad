//! Keys and values of Kubernetes labels:
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set>.

use super::checked::{Checked, Form};
use crate::text::visible;

/// The key of a label: a name of at most 63 characters, perhaps behind a domain and `/`.
pub type LabelKey = Checked<Key>;
/// The value of a label: at most 63 characters, perhaps none.
pub type LabelValue = Checked<LabelText>;

/// Rule of [`LabelKey`].
pub enum Key {}
/// Rule of [`LabelValue`].
pub enum LabelText {}

impl Form for Key {
    const NAME: &'static str = "LabelKey";
    const DESCRIPTION: &'static str =
        "The key of a Kubernetes label: letters, digits, `-`, `_` and `.`, perhaps behind a domain and `/`.";

    fn check(text: &str) -> Result<(), String> {
        let (domain, name) = text.rsplit_once('/').map_or((None, text), |(domain, name)| (Some(domain), name));
        let is_domain = |domain: &str| {
            domain.len() <= 253
                && domain.split('.').all(|part| {
                    is_word(part) && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                })
        };
        if is_word(name) && domain.is_none_or(is_domain) {
            return Ok(());
        }
        Err(format!("\"{}\" is no key of a Kubernetes label, such as workload or example.com/workload", visible(text)))
    }
}

impl Form for LabelText {
    const NAME: &'static str = "LabelValue";
    const DESCRIPTION: &'static str =
        "The value of a Kubernetes label: at most 63 letters, digits, inner `-`, `_` and `.`; it may be empty.";

    fn check(text: &str) -> Result<(), String> {
        if text.is_empty() || is_word(text) {
            return Ok(());
        }
        Err(format!(
            "\"{}\" is no value of a Kubernetes label: at most 63 letters, digits, and `-`, `_` or `.` between them",
            visible(text)
        ))
    }
}

fn is_word(text: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.len() <= 63
        && ends(text.chars().next())
        && ends(text.chars().next_back())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_those_of_kubernetes() {
        for key in ["workload", "node.kubernetes.io/lifecycle", "a_b.c-D"] {
            assert!(LabelKey::new(key).is_ok(), "{key}");
        }
        for key in ["", "/a", "a/", "a/b/c", "-a", "a b", "A.example/b", &"a".repeat(64)] {
            assert!(LabelKey::new(key).is_err(), "{key}");
        }
        for value in ["", "on-demand", "a_b.C"] {
            assert!(LabelValue::new(value).is_ok(), "{value}");
        }
        for value in ["-a", "a b", "a/b", &"a".repeat(64)] {
            assert!(LabelValue::new(value).is_err(), "{value}");
        }
    }
}
