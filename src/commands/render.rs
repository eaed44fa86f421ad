//! `infragen render`: writes the output tree.

use super::Exit;
use crate::cli::RenderArgs;
use crate::generate::{generate, selected};
use crate::printer::Printer;

/// Writes the files of the environments asked for and of the project.
///
/// # Errors
/// What infragen could not do.
pub(super) fn run(args: &RenderArgs, printer: Printer) -> anyhow::Result<Exit> {
    let generated = generate(&args.spec)?;
    printer.findings(&generated.findings, &generated.sources);
    let Some(output) = generated.output else {
        return Ok(Exit::of(&generated.findings));
    };
    let environments = match selected(&output.resolved, &args.out.envs) {
        Ok(environments) => environments,
        Err(finding) => {
            printer.findings(&[finding], &generated.sources);
            return Ok(Exit::Findings);
        }
    };
    let root = args.out.out.clone().unwrap_or(generated.folder);
    for file in &output.tree.files {
        if file.environment.as_ref().is_none_or(|environment| environments.contains(environment)) {
            let path = root.join(&file.path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, &file.content)?;
        }
    }
    Ok(Exit::Fine)
}
