//! The command line: clap types only.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::resolve::BUILT_IN;

/// One project spec in, a whole production infrastructure out.
///
/// infragen reads infragen.yaml and renders Dockerfile, Kubernetes manifests, Prometheus rules, GitHub workflows, scripts
/// and runbooks from it, all from one model, checked before a byte is written.
#[derive(Debug, Parser)]
#[command(name = "infragen", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Flags of all commands.
    #[command(flatten)]
    pub global: Global,
}

/// Flags of all commands.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Print errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print each file and what becomes of it
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Which spec, and what is laid over it.
#[derive(Debug, Clone, Args)]
pub struct SpecArgs {
    /// The spec; `-` is standard input [default: infragen.yaml here or in the nearest folder above]
    #[arg(short, long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
    /// Set one value on top of everything else, such as `image.tag=v1.2.3`; repeatable
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub sets: Vec<String>,
}

/// Where the output tree is.
#[derive(Debug, Clone, Args)]
pub struct OutArgs {
    /// The folder of the output tree [default: the spec's folder]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Only this environment and what all share; repeatable [default: all]
    #[arg(short, long = "env", value_name = "ENV")]
    pub envs: Vec<String>,
}

/// Form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look at the repository and write a first spec
    #[command(
        after_help = "Reads lock files, manifests, version files, an existing Dockerfile and the git remote, prints what it found, where\n\
                      and how sure it is, and writes infragen.yaml. What no file says, or files contradict each other about, is left as\n\
                      a commented line. On a terminal it asks; an existing spec is never overwritten.\n\n\
                      Examples:\n  infragen init                        look, ask, write\n  infragen init --yes                  ask nothing\n  infragen init --yes --profile go     the profile, where the files leave it open"
    )]
    Init(InitArgs),
    /// Write the output tree
    #[command(
        after_help = "Examples:\n  infragen render                      all environments\n  infragen render --env production     one environment and what all share\n  infragen render --check              in CI: exit 1 if anything would change"
    )]
    Render(RenderArgs),
    /// Print the finished manifests of one environment, ready for kubectl apply -f -
    #[command(
        after_help = "Examples:\n  infragen build --env staging | kubectl apply -f -\n  infragen build --env production --set image.tag=v1.4.2\n  infragen build --env production --jobs"
    )]
    Build(BuildArgs),
    /// Show what render would change, in files and in resources
    #[command(
        after_help = "Examples:\n  infragen diff                        everything\n  infragen diff --env production       one environment and what all share\n  infragen diff --format json          for programs"
    )]
    Diff(DiffArgs),
    /// Check the spec and the tree on disk
    #[command(
        after_help = "Examples:\n  infragen check                       for people\n  infragen check --format github       annotations in a pull request\n  infragen check --format sarif > infragen.sarif"
    )]
    Check(CheckArgs),
    /// Explain a key of the spec or a diagnostic code
    #[command(
        after_help = "Examples:\n  infragen explain replicas            a key, its meaning, default and value here\n  infragen explain alerts.latency.p95\n  infragen explain not-generated-yet   a diagnostic code"
    )]
    Explain(ExplainArgs),
    /// Print the JSON Schema of the spec, for editors
    #[command(after_help = "Example:\n  infragen schema > infragen.schema.json")]
    Schema,
    /// List the built-in profiles, or print one
    #[command(after_help = "Examples:\n  infragen profiles\n  infragen profiles node > my-profile.yaml")]
    Profiles(ProfilesArgs),
    /// Print the completions of a shell
    #[command(after_help = "Example:\n  infragen completions bash > /etc/bash_completion.d/infragen")]
    Completions(CompletionsArgs),
    /// Print the manual page
    #[command(after_help = "Example:\n  infragen man > infragen.1")]
    Man,
}

/// `infragen diff`
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Which spec.
    #[command(flatten)]
    pub spec: SpecArgs,
    /// Where the tree is.
    #[command(flatten)]
    pub out: OutArgs,
    /// Form of the difference
    #[arg(long, default_value = "text")]
    pub format: Format,
}

/// `infragen check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Which spec.
    #[command(flatten)]
    pub spec: SpecArgs,
    /// Where the tree is.
    #[command(flatten)]
    pub out: OutArgs,
    /// Form of the findings
    #[arg(long, default_value = "text")]
    pub format: CheckFormat,
}

/// Form of the findings of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// `infragen explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A key such as `replicas.min`, or a diagnostic code such as `unknown-key`
    #[arg(value_name = "WHAT")]
    pub what: String,
    /// The spec whose value is shown too [default: infragen.yaml here or above, if there is one]
    #[command(flatten)]
    pub spec: SpecArgs,
    /// Only this environment's value
    #[arg(short, long = "env", value_name = "ENV")]
    pub env: Option<String>,
}

/// `infragen profiles`
#[derive(Debug, Args)]
pub struct ProfilesArgs {
    /// The profile to print
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

/// `infragen completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `infragen init`
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The spec to write; its folder is what is looked at [default: infragen.yaml in this folder]
    #[arg(short, long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
    /// Ask nothing
    #[arg(short, long)]
    pub yes: bool,
    /// The profile [default: what the files say]
    #[arg(short, long, value_name = "PROFILE", value_parser = PossibleValuesParser::new(BUILT_IN))]
    pub profile: Option<String>,
}

/// `infragen render`
#[derive(Debug, Args)]
pub struct RenderArgs {
    /// Which spec.
    #[command(flatten)]
    pub spec: SpecArgs,
    /// Where to.
    #[command(flatten)]
    pub out: OutArgs,
    /// Write nothing; print the difference and exit 1 if there is one
    #[arg(long)]
    pub check: bool,
    /// Take over files in the way that infragen did not write
    #[arg(long, conflicts_with = "check")]
    pub adopt: bool,
    /// Form of the summary
    #[arg(long, default_value = "text")]
    pub format: Format,
}

/// `infragen build`
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Which spec.
    #[command(flatten)]
    pub spec: SpecArgs,
    /// The environment
    #[arg(short, long, value_name = "ENV")]
    pub env: String,
    /// The jobs before a deployment instead of the overlay
    #[arg(long)]
    pub jobs: bool,
    /// Form of the manifests
    #[arg(long, default_value = "text")]
    pub format: Format,
}
