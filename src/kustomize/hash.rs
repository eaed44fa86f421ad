//! The suffix that kustomize gives to generated ConfigMaps, so that a changed one gets a new name and rolls the pods.
//!
//! The rule is kustomize's own (`api/hasher`): SHA-256 over compact JSON of data, kind and an always empty name with
//! sorted keys, the first ten hexadecimal digits, of which those that could spell words are replaced.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

#[derive(Serialize)]
struct Hashed<'a> {
    data: &'a BTreeMap<String, String>,
    kind: &'static str,
    name: &'static str,
}

/// The suffix, ten characters, for a ConfigMap's data.
pub fn config_map_suffix(data: &BTreeMap<String, String>) -> String {
    let json = serde_json::to_string(&Hashed { data, kind: "ConfigMap", name: "" }).unwrap_or_default();
    let digest = Sha256::digest(go_json(&json).as_bytes());
    digest.iter().take(5).flat_map(|byte| [byte >> 4, byte & 15]).map(letter).collect()
}

fn letter(digit: u8) -> char {
    match digit {
        0 => 'g',
        1 => 'h',
        3 => 'k',
        0xa => 'm',
        0xe => 't',
        digit => char::from_digit(u32::from(digit), 16).unwrap_or('g'),
    }
}

/// Go's JSON escapes `<`, `>`, `&` and the two Unicode line separators; serde's does not.
fn go_json(json: &str) -> String {
    json.chars()
        .map(|c| match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suffix_is_the_one_kustomize_prints() {
        let data = BTreeMap::from([("backup.sh".to_owned(), "echo hi\n".to_owned())]);
        assert_eq!(config_map_suffix(&data), "498bkb6ckc");
    }
}
