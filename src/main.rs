//! Parses the command line, runs the command, prints the error, gives the exit code.

use std::process::ExitCode;

use clap::Parser as _;
use infragen::cli::Cli;
use infragen::commands::{self, Exit};
use infragen::printer::Printer;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit = commands::run(&cli).unwrap_or_else(|error| {
        Printer::new(&cli.global).complain(&format!("error: {error:#}"));
        Exit::Failed
    });
    ExitCode::from(exit as u8)
}
