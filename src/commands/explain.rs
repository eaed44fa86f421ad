//! `infragen explain`: a key of the spec, or a diagnostic code.

use super::Exit;
use crate::cli::ExplainArgs;
use crate::diagnostic::Code;
use crate::explain;
use crate::generate::{Generated, generate};
use crate::printer::Printer;
use crate::text::{alternatives, nearest, visible};

/// Prints what is known of a key or code.
///
/// # Errors
/// A spec that was named and cannot be read.
pub(super) fn run(args: &ExplainArgs, printer: Printer) -> anyhow::Result<Exit> {
    if let Some(code) = Code::ALL.iter().find(|code| code.id() == args.what) {
        printer.data(&format!("{}\n\n{}\n", code.id(), code.explanation()))?;
        return Ok(Exit::Fine);
    }
    let key = match explain::key(&args.what) {
        Ok(key) => key,
        Err((part, known)) => {
            printer.complain(&unknown(&args.what, &part, &known));
            return Ok(Exit::Findings);
        }
    };
    let mut text = format!("{}\n\n{}\n", key.path, key.description);
    if !key.keys.is_empty() {
        text.push_str("\nKeys:\n");
        let width = key.keys.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, description) in &key.keys {
            text.push_str(&format!("  {name:<width$}  {description}\n"));
        }
    }
    text.push_str(&values(args)?);
    printer.data(&text)?;
    Ok(Exit::Fine)
}

/// The key's value in each environment of the spec here, if there is one.
fn values(args: &ExplainArgs) -> anyhow::Result<String> {
    let generated = match generate(&args.spec) {
        Ok(generated) => generated,
        // Without `--spec`, an explanation needs no spec.
        Err(_) if args.spec.spec.is_none() => return Ok(String::new()),
        Err(error) => return Err(error),
    };
    let Generated { output: Some(output), sources, .. } = generated else {
        return Ok(String::new());
    };
    let mut lines = String::new();
    for project in output.resolved.all() {
        let name = project.environment.as_ref().map_or("(base)", |name| name.as_str());
        if args.env.as_ref().is_none_or(|env| env == name) {
            let value = explain::value(project, &args.what, &sources).unwrap_or_else(|| "not set".to_owned());
            lines.push_str(&format!("  {name}: {value}\n"));
        }
    }
    Ok(format!("\nHere:\n{lines}"))
}

fn unknown(what: &str, part: &str, known: &[String]) -> String {
    let codes = Code::ALL.iter().map(|code| code.id());
    let hint = match nearest(part, known.iter().map(String::as_str).chain(codes)) {
        Some(word) => format!("did you mean `{word}`?"),
        None if known.is_empty() => "nothing is below the key before it".to_owned(),
        None => format!("the keys there are {}", alternatives(known)),
    };
    format!(
        "error: `{}` is neither a key of the spec nor a diagnostic code: there is no `{}`; {hint}",
        visible(what),
        visible(part)
    )
}
