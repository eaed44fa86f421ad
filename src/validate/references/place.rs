//! Where something is said: for a message, and for the file and line that the message points to.

use super::parsed::{Object, Parsed};
use crate::tree::File;

/// A place of the output.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    /// In an object of an environment, which a manifest of the base, a manifest of the overlay or a patch gives.
    Object {
        /// The object.
        object: Object<'a>,
        /// The container; empty for the object itself.
        part: &'a str,
    },
    /// In another file.
    File {
        /// Its path.
        path: &'a str,
        /// The job, alert or the like; empty for the file itself.
        part: &'a str,
    },
}

impl<'a> Place<'a> {
    /// A file as a whole.
    pub(super) fn file(path: &'a str) -> Self {
        Self::File { path, part: "" }
    }

    /// Who speaks: the begin of a message.
    pub(super) fn subject(self) -> String {
        match self {
            Self::Object { object, part } => {
                let container = if part.is_empty() { String::new() } else { format!("container `{part}` of ") };
                let moment = if object.layer.part == crate::tree::JOBS { " before deployment" } else { "" };
                format!("{container}{} `{}` of {}{moment}", object.kind, object.name, object.layer.environment)
            }
            Self::File { part: "", .. } => "the file".to_owned(),
            Self::File { part, .. } => format!("`{part}`"),
        }
    }

    /// The file, and the line in which the name stands.
    pub(super) fn locate(self, parsed: &Parsed<'_>, name: &str) -> (String, Option<usize>) {
        let (file, path) = match self {
            Self::Object { object, .. } => {
                let found = source(object, parsed, name);
                (found, found.map_or_else(|| object.layer.folder(), |file| file.path.clone()))
            }
            Self::File { path, .. } => (parsed.file(path), path.to_owned()),
        };
        let line = file.and_then(|file| line_of(file, name));
        (path, line)
    }
}

/// The file that an object's name comes from: the patch or manifest of its environment, or that of the base.
fn source<'a>(object: Object<'_>, parsed: &Parsed<'a>, name: &str) -> Option<&'a File> {
    let own = object.layer.folder();
    let candidates: Vec<&File> = parsed
        .files
        .iter()
        .filter(|file| file.path.starts_with(&own) || file.path.starts_with("k8s/base/"))
        .filter(|file| identity(&file.content) == Some((object.kind, object.name)))
        .collect();
    let saying = candidates.iter().rev().find(|file| line_of(file, name).is_some());
    saying.or(candidates.first()).copied()
}

/// Kind and name of the object that a manifest or patch holds, read from its text.
pub(super) fn identity(content: &str) -> Option<(&str, &str)> {
    let kind = content.lines().find_map(|line| line.strip_prefix("kind: "))?;
    let metadata = content.lines().skip_while(|line| *line != "metadata:");
    let name = metadata.skip(1).find_map(|line| line.strip_prefix("  name: "))?;
    Some((kind, name))
}

/// The first line, counted from 1 and without comments, in which a name stands as a whole word.
fn line_of(file: &File, name: &str) -> Option<usize> {
    if name.is_empty() {
        return None;
    }
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let stands_in = |line: &str| {
        line.match_indices(name)
            .any(|(start, _)| !line[..start].ends_with(is_word) && !line[start + name.len()..].starts_with(is_word))
    };
    file.content.lines().position(|line| !line.trim_start().starts_with('#') && stands_in(line)).map(|index| index + 1)
}
