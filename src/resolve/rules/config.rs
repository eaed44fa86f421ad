//! `config`: nothing secret in the open, nothing that another section says, nothing that a variable cannot hold.

use super::super::{ResolvedProject, clash, fault, risk};
use crate::diagnostic::{Code, Diagnostic};
use crate::secret::{command_has_credential, is_secret_name};

/// Words in names of variables that hold a folder which is written to.
const WRITTEN: [&str; 9] = ["UPLOAD", "STORAGE", "CACHE", "TEMP", "TMP", "DATA", "OUTPUT", "LOG", "SPOOL"];

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let secrets = project.secret_keys();
    for (key, value) in project.config() {
        let path = ["config", key.as_str()];
        if secrets.contains(&key) {
            findings.push(
                fault(
                    project,
                    Code::Contradiction,
                    &path,
                    format!("`{key}` is a secret key and in `config`; keep one"),
                )
                .help("keys under `secrets.keys`, and `uri` and `password` of stores, come from the secret store"),
            );
        }
        if is_secret(&key, &value) {
            findings.push(
                fault(project, Code::SecretInSpec, &path, format!("the value of `{key}` looks like a secret"))
                    .help(format!("remove it, change it where it is used, and list `{key}` under `secrets.keys`")),
            );
        }
        if value.contains('\0') {
            findings.push(fault(project, Code::InvalidValue, &path, "a variable cannot hold a NUL character"));
        }
        if value.contains('\u{85}') {
            let message =
                "kustomize turns the character U+0085 into a blank, so the value would not arrive as it stands";
            findings.push(fault(project, Code::InvalidValue, &path, message).help("write a line feed, `\\n`, instead"));
        }
        if is_written_folder(&key, &value) && !is_writable(project, &value) {
            findings.push(
                risk(
                    project,
                    &path,
                    format!("`{value}` is under no volume, and the image's own folders are read-only"),
                )
                .help("add it under `volumes`, or use a folder below /tmp"),
            );
        }
    }
    findings.extend(port(project));
    findings
}

fn is_secret(key: &str, value: &str) -> bool {
    let setting = value.is_empty() || matches!(value, "true" | "false");
    command_has_credential(value) || (is_secret_name(key) && !setting)
}

/// `PORT` follows from `port`; another value would have the process listen where nobody calls.
fn port(project: &ResolvedProject) -> Option<Diagnostic> {
    let (port, value) = (project.spec.port?, project.config().remove("PORT")?);
    (value != port.to_string()).then(|| {
        clash(
            project,
            [&["config", "PORT"], &["port"]],
            format!("`PORT` is {} in `config`, but `port` is {port}", crate::text::visible(&value)),
        )
        .help("leave `PORT` out of `config`: the process gets it from `port`")
    })
}

fn is_written_folder(key: &str, value: &str) -> bool {
    let names_folder = ["_DIR", "_PATH", "_FOLDER", "_FILE", "_ROOT"].iter().any(|end| key.ends_with(end));
    let written = key.split('_').any(|word| WRITTEN.contains(&word.strip_suffix('S').unwrap_or(word)));
    names_folder && written && value.starts_with('/') && value.len() > 1
}

fn is_writable(project: &ResolvedProject, path: &str) -> bool {
    let inside = |folder: &str| path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    inside("/tmp") || project.spec.volumes.iter().flatten().any(|(_, volume)| inside(volume.path.as_str()))
}
