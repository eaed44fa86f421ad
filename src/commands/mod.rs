//! One file a command; each begins with the shared flow and differs in the last step.

mod build;
mod check;
mod diff;
mod explain;
mod init;
mod profiles;
mod render;

use clap::CommandFactory as _;

use crate::cli::{Cli, Command};
use crate::diagnostic::Diagnostic;
use crate::printer::Printer;
use crate::spec::schema::json_schema;

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
        Command::Init(args) => init::run(args, printer),
        Command::Render(args) => render::run(args, printer),
        Command::Build(args) => build::run(args, printer),
        Command::Diff(args) => diff::run(args, printer),
        Command::Check(args) => check::run(args, printer),
        Command::Explain(args) => explain::run(args, printer),
        Command::Profiles(args) => profiles::run(args, printer),
        Command::Schema => print(printer, &format!("{}\n", serde_json::to_string_pretty(&json_schema())?)),
        Command::Completions(args) => print(printer, &completions(args.shell)),
        Command::Man => print(printer, &manual()?),
    }
}

fn print(printer: Printer, text: &str) -> anyhow::Result<Exit> {
    printer.data(text)?;
    Ok(Exit::Fine)
}

fn completions(shell: clap_complete::Shell) -> String {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "infragen", &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// The manual page of infragen and of each command, one after the other.
fn manual() -> anyhow::Result<String> {
    let mut root = Cli::command();
    root.build();
    let mut text = Vec::new();
    clap_mangen::Man::new(root.clone()).render(&mut text)?;
    for command in root.get_subcommands().filter(|command| command.get_name() != "help") {
        clap_mangen::Man::new(command.clone()).render(&mut text)?;
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}
