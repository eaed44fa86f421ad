//! The part of the output that a command is about: the environments asked for, and what all share.

use std::path::{Path, PathBuf};

use crate::cli::OutArgs;
use crate::diagnostic::{Code, Diagnostic};
use crate::generate::Output;
use crate::resolve::Resolved;
use crate::tree::File;
use crate::write::{Change, Disk, compare};

/// The selected files and environments, and where the tree is.
#[derive(Debug)]
pub struct Selection {
    /// The output folder.
    pub root: PathBuf,
    /// The environments asked for.
    pub environments: Vec<String>,
    /// The others.
    others: Vec<String>,
    /// The selected files.
    pub files: Vec<File>,
    /// Paths of all files.
    all: Vec<String>,
}

impl Selection {
    /// Selects by the flags; `folder` is the spec's.
    ///
    /// # Errors
    /// An environment that the spec does not have.
    pub fn new(args: &OutArgs, folder: &Path, output: &Output) -> Result<Self, Diagnostic> {
        let known = environment_names(&output.resolved);
        let environments = selected(&known, &args.envs)?;
        let others = known.into_iter().filter(|name| !environments.contains(name)).collect();
        let is_selected = |file: &&File| file.environment.as_ref().is_none_or(|name| environments.contains(name));
        Ok(Self {
            root: args.out.clone().unwrap_or_else(|| folder.to_path_buf()),
            files: output.tree.files.iter().filter(is_selected).cloned().collect(),
            all: output.tree.files.iter().map(|file| file.path.clone()).collect(),
            environments,
            others,
        })
    }

    /// What a run would change on disk.
    pub fn changes(&self, disk: &Disk) -> Vec<Change> {
        let all: Vec<&str> = self.all.iter().map(String::as_str).collect();
        compare(disk, &self.files, &all, &self.others)
    }
}

/// The environments of a project.
pub fn environment_names(resolved: &Resolved) -> Vec<String> {
    resolved.environments.iter().filter_map(|project| Some(project.environment.as_ref()?.to_string())).collect()
}

/// The environments that were asked for, in the project's order; all if none was named.
///
/// # Errors
/// A name that the spec does not have.
pub fn selected(known: &[String], asked: &[String]) -> Result<Vec<String>, Diagnostic> {
    for name in asked {
        if !known.contains(name) {
            let shown = crate::text::visible(name);
            let finding = Diagnostic::error(Code::UndefinedReference, format!("the spec has no environment `{shown}`"));
            return Err(finding.help(format!("it has {}", crate::text::alternatives(known))));
        }
    }
    Ok(known.iter().filter(|name| asked.is_empty() || asked.contains(name)).cloned().collect())
}
