//! `infragen profiles`: the built-in profiles.

use super::Exit;
use crate::cli::ProfilesArgs;
use crate::printer::Printer;
use crate::resolve::{BUILT_IN, built_in};
use crate::text::{alternatives, nearest, visible};

/// Lists the profiles with the first line of each, or prints one.
///
/// # Errors
/// Standard output that cannot be written to.
pub(super) fn run(args: &ProfilesArgs, printer: Printer) -> anyhow::Result<Exit> {
    let Some(name) = &args.name else {
        let lines = BUILT_IN.iter().filter_map(|name| Some((name, built_in(name)?.text)));
        let list: String = lines.map(|(name, text)| format!("{name:<8} {}\n", first_sentence(text))).collect();
        printer.data(&list)?;
        return Ok(Exit::Fine);
    };
    let Some(profile) = built_in(name) else {
        let known = [&BUILT_IN[..], &["base"]].concat();
        let hint = nearest(name, known.iter().copied()).map_or_else(
            || format!("the built-in ones are {}", alternatives(&known)),
            |word| format!("did you mean `{word}`?"),
        );
        printer.complain(&format!("error: there is no profile `{}`; {hint}", visible(name)));
        return Ok(Exit::Findings);
    };
    printer.data(profile.text)?;
    Ok(Exit::Fine)
}

fn first_sentence(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default().trim_start_matches("# ");
    line.split_once(". ").map_or(line, |(sentence, _)| sentence)
}
