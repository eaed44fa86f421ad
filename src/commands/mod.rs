//! One file a command; each begins with the shared flow and differs in the last step.

mod build;
mod render;

use crate::cli::{Cli, Command};
use crate::diagnostic::Diagnostic;
use crate::printer::Printer;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Fine.
    Fine = 0,
    /// Diagnostics or drift.
    Findings = 1,
    /// infragen could not do its work.
    Failed = 2,
}

impl Exit {
    /// The exit that findings mean.
    pub fn of(findings: &[Diagnostic]) -> Self {
        if findings.iter().any(|finding| finding.code.is_unreadable()) {
            Self::Failed
        } else if crate::diagnostic::has_errors(findings) {
            Self::Findings
        } else {
            Self::Fine
        }
    }
}

/// Runs the command.
///
/// # Errors
/// What infragen could not do; the exit code is 2 then.
pub fn run(cli: &Cli) -> anyhow::Result<Exit> {
    let printer = Printer::new(&cli.global);
    match &cli.command {
        Command::Render(args) => render::run(args, printer),
        Command::Build(args) => build::run(args, printer),
    }
}
