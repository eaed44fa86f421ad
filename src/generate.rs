//! The flow that all commands share: load, resolve, plan, render, validate. They differ in what comes after.

use std::path::PathBuf;

use crate::cli::SpecArgs;
use crate::diagnostic::{Diagnostic, has_errors};
use crate::load;
use crate::plan::plan;
use crate::resolve::{Resolved, resolve};
use crate::spec::document::Sources;
use crate::tree::{self, Tree};
use crate::validate;

/// What a run gave.
#[derive(Debug)]
pub struct Generated {
    /// All texts that messages quote from.
    pub sources: Sources,
    /// The spec's folder.
    pub folder: PathBuf,
    /// Everything found: faults, or warnings.
    pub findings: Vec<Diagnostic>,
    /// The output, if there are no faults.
    pub output: Option<Output>,
}

/// The resolved project and its tree.
#[derive(Debug)]
pub struct Output {
    /// The project.
    pub resolved: Resolved,
    /// Its tree.
    pub tree: Tree,
}

/// Runs the flow.
///
/// # Errors
/// What infragen itself could not do: read the spec's file, or render a template (a bug).
pub fn generate(args: &SpecArgs) -> anyhow::Result<Generated> {
    let loaded = load::load(args.spec.as_deref(), &args.sets)?;
    let mut generated =
        Generated { sources: loaded.sources, folder: loaded.folder, findings: Vec::new(), output: None };
    match loaded.layers.and_then(|layers| resolve(&layers)) {
        Err(findings) => generated.findings = findings,
        Ok(resolved) => {
            let tree = tree::build(&resolved, &plan(&resolved))?;
            generated.findings.clone_from(&resolved.warnings);
            generated.findings.extend(validate::check(&resolved, &tree));
            if !has_errors(&generated.findings) {
                generated.output = Some(Output { resolved, tree });
            }
        }
    }
    Ok(generated)
}
