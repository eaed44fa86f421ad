//! `infragen build`: the finished manifests of one environment.

use super::Exit;
use crate::cli::{BuildArgs, Format};
use crate::generate::generate;
use crate::kustomize::in_apply_order;
use crate::printer::Printer;
use crate::selection::{environment_names, selected};
use crate::yaml;

/// Prints the manifests in the order in which they can be applied.
///
/// # Errors
/// What infragen could not do.
pub(super) fn run(args: &BuildArgs, printer: Printer) -> anyhow::Result<Exit> {
    let generated = generate(&args.spec)?;
    printer.findings(&generated.findings, &generated.sources);
    let Some(output) = generated.output else {
        return Ok(Exit::of(&generated.findings));
    };
    if let Err(finding) = selected(&environment_names(&output.resolved), std::slice::from_ref(&args.env)) {
        printer.findings(&[finding], &generated.sources);
        return Ok(Exit::Findings);
    }
    let environment = output.tree.environments.iter().find(|environment| environment.environment == args.env);
    let objects = environment.map(|environment| if args.jobs { &environment.jobs } else { &environment.objects });
    let objects = in_apply_order(objects.cloned().unwrap_or_default());
    let text = match args.format {
        Format::Text => objects.iter().map(yaml::document).collect::<Vec<_>>().join("---\n"),
        Format::Json => {
            let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": objects});
            format!("{}\n", serde_json::to_string_pretty(&list)?)
        }
    };
    printer.data(&text)?;
    Ok(Exit::Fine)
}
