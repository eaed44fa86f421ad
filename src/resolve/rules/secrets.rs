//! Config and secrets: nothing secret in the open, no name twice.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};

/// Beginnings of well-known credentials. Sources: the providers' own documentation of token formats.
const PREFIXES: [&str; 16] = [
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "sk_live_",
    "rk_live_",
    "AIza",
    "SG.",
    "npm_",
    "AGE-SECRET-KEY-",
    "-----BEGIN",
];
/// Ends of names that say that the value is secret.
const SECRET_NAMES: [&str; 8] =
    ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "PRIVATE_KEY", "CREDENTIALS", "ACCESS_KEY"];

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let keys: Vec<&str> =
        project.spec.secrets.iter().flat_map(|secrets| &secrets.keys).map(|key| key.as_str()).collect();
    for (key, value) in project.spec.config.iter().flatten() {
        let path = ["config", key.as_str()];
        if keys.contains(&key.as_str()) {
            findings.push(fault(
                project,
                Code::Contradiction,
                &path,
                format!("`{key}` is in `config` and in `secrets.keys`; keep one"),
            ));
        }
        if looks_secret(key.as_str(), value) {
            findings.push(
                fault(project, Code::SecretInSpec, &path, format!("the value of `{key}` looks like a secret"))
                    .help(format!("remove it, change it where it is used, and list `{key}` under `secrets.keys`")),
            );
        }
    }
    for (at, key) in keys.iter().enumerate() {
        if keys[..at].contains(key) {
            let index = at.to_string();
            findings.push(fault(
                project,
                Code::DuplicateKey,
                &["secrets", "keys", &index],
                format!("`{key}` is listed twice"),
            ));
        }
    }
    findings
}

/// Whether a value is a credential by its form, or by its name while it is no plain setting.
pub(super) fn looks_secret(key: &str, value: &str) -> bool {
    let known = PREFIXES.iter().any(|prefix| value.contains(prefix) && value.len() >= prefix.len() + 10);
    let in_url = value
        .split_once("://")
        .and_then(|(_, rest)| rest.split('/').next())
        .and_then(|authority| authority.rsplit_once('@'))
        .is_some_and(|(user, _)| user.contains(':'));
    let named = SECRET_NAMES.iter().any(|name| key == *name || key.ends_with(&format!("_{name}")));
    known || in_url || (named && !value.is_empty())
}
