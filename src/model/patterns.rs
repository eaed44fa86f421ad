//! Patterns of `.dockerignore`, and the files that no image may hold.

/// Files that hold secrets by custom.
pub const SECRET_FILES: [&str; 12] = [
    "**/.env",
    "**/.env.*",
    "**/*.pem",
    "**/*.key",
    "**/*.p12",
    "**/*.pfx",
    "**/*.jks",
    "**/id_rsa*",
    "**/id_ed25519*",
    "**/.netrc",
    "**/.aws",
    "**/.kube",
];

/// Whether a file is one of [`SECRET_FILES`].
pub fn is_secret_file(file: &str) -> bool {
    SECRET_FILES.iter().any(|pattern| excludes(pattern, file))
}

/// Whether a pattern of `.dockerignore` excludes a file: at the root, or at any depth after `**/`, itself or a folder of it.
pub fn excludes(pattern: &str, file: &str) -> bool {
    let mut parts = file.split('/');
    match pattern.strip_prefix("**/") {
        Some(pattern) => parts.any(|part| matches(pattern, part)),
        None => pattern.split('/').all(|pattern| parts.next().is_some_and(|part| matches(pattern, part))),
    }
}

/// `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text
            .strip_prefix(start)
            .is_some_and(|tail| (0..=tail.len()).any(|at| tail.is_char_boundary(at) && matches(rest, &tail[at..]))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_exclude_what_docker_excludes() {
        assert!(excludes("k8s", "k8s/base/x.yaml"));
        assert!(!excludes("k8s", "tools/k8s/x.yaml"));
        assert!(excludes("scripts/restore-*.sh", "scripts/restore-postgres.sh"));
        assert!(!excludes("scripts/restore-*.sh", "scripts/migrate.sh"));
        assert!(excludes("**/*.test.*", "src/a.test.ts"));
        assert!(excludes("**/.env.*", "config/.env.production"));
        assert!(!excludes("**/.env", ".environment"));
    }

    #[test]
    fn secrets_are_known_by_their_names() {
        assert!(is_secret_file("certs/tls.key"));
        assert!(!is_secret_file("scripts/migrate.ts"));
    }
}
