//! All clues weighed: one verdict for each line of the spec that `init` writes.

use std::collections::BTreeMap;

use super::clues::{Clues, Gate, Hint, Language};
use super::evidence::{Certainty, Evidence, Verdict, weigh};
use super::git::{self, Home};
use super::snapshot::Snapshot;
use super::{container, go, language, layout, name, node, python, release};

/// What a language's profile uses when a spec does not say otherwise.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// `image.runtime`.
    pub runtime: String,
    /// `image.packageManager`.
    pub package_manager: String,
    /// `image.start`.
    pub start: Vec<String>,
}

/// What the spec will say, and how sure each part of it is.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Language of the project.
    pub language: Verdict<Language>,
    /// Name, a DNS label.
    pub name: Verdict<String>,
    /// Where the repository lives.
    pub home: Verdict<Home>,
    /// Image without a tag.
    pub image: Verdict<String>,
    /// Package manager.
    pub package_manager: Verdict<&'static str>,
    /// Version of the language.
    pub runtime: Verdict<String>,
    /// Command that builds.
    pub build: Verdict<String>,
    /// Command that starts.
    pub start: Verdict<Vec<String>>,
    /// Go's main package.
    pub main_package: Verdict<String>,
    /// Port that serves HTTP.
    pub port: Verdict<u16>,
    /// Path that tells whether the process is healthy.
    pub health: Verdict<String>,
    /// Environments, in the order of delivery.
    pub environments: Verdict<Vec<String>>,
    /// Public hosts by environment; only a person can name them.
    pub domains: BTreeMap<String, Vec<String>>,
    /// Numeric user that the image runs as today.
    pub user: Option<(u32, Evidence)>,
    /// Checks for continuous integration.
    pub gates: Vec<Gate>,
    /// Command that migrates the database.
    pub migrate: Option<(Vec<String>, Evidence)>,
    /// Suggestions, each once.
    pub hints: BTreeMap<Hint, Evidence>,
    /// Names of environment variables that the application reads.
    pub variables: Vec<(String, Evidence)>,
    /// What stands where the spec says nothing.
    pub defaults: Defaults,
    /// What a reader should know besides.
    pub notes: Vec<Evidence>,
}

/// Most remarks that are printed.
const MOST_NOTES: usize = 30;

/// Weighs everything in the snapshot; `chosen` is a language that a person named and that is not doubted, `profiles` gives
/// the defaults of a language's profile.
pub fn draft(snapshot: &Snapshot, chosen: Option<Language>, profiles: fn(Language) -> Defaults) -> Draft {
    let language = chosen.map_or_else(|| language::decide(snapshot), told);
    let defaults = language.value().map(|language| profiles(*language)).unwrap_or_default();
    let clues = language.value().map(|language| read(snapshot, *language)).unwrap_or_default();
    let home = git::home(snapshot);
    let mut draft = Draft {
        name: project_name(&clues, &home, snapshot),
        image: image(&home),
        package_manager: weigh(&clues.package_manager, &clues.package_manager_missing),
        runtime: runtime(&clues, &language, &defaults),
        build: weigh(&clues.build, "no build script was found, so the sources are what runs"),
        start: start(&clues),
        main_package: weigh(&clues.main_package, "no main.go was found at the top or one folder below cmd"),
        port: port(&clues),
        health: weigh(&clues.health, "no file names a health path"),
        environments: layout::environments(snapshot),
        domains: BTreeMap::new(),
        user: clues.user,
        gates: clues.gates,
        migrate: clues.migrate,
        hints: clues.hints.into_iter().rev().collect(),
        variables: clues.variables,
        notes: clues.notes,
        defaults,
        language,
        home,
    };
    doubt_commands_of_unsettled_manager(&mut draft);
    if let Some(evidence) = layout::workspace(snapshot) {
        doubt_workspace(&mut draft, &evidence);
    }
    draft.notes.extend(layout::notes(snapshot));
    draft.notes.truncate(MOST_NOTES);
    super::admit::admit(&mut draft);
    draft
}

/// A verdict that a person gave.
pub fn told<T>(value: T) -> Verdict<T> {
    Verdict::Found { value, certainty: Certainty::Certain, evidence: Vec::new(), note: "as you said".to_owned() }
}

fn read(snapshot: &Snapshot, language: Language) -> Clues {
    let mut clues = match language {
        Language::Node => node::read(snapshot),
        Language::Python => python::read(snapshot),
        Language::Go => go::read(snapshot),
    };
    let container = container::read(snapshot, language);
    clues.releases.extend(container.releases);
    clues.start.extend(container.start);
    clues.start_refused.extend(container.start_refused);
    clues.port.extend(container.port);
    clues.health.extend(container.health);
    clues.hints.extend(container.hints);
    clues.notes.extend(container.notes);
    clues.variables = container.variables;
    clues.user = container.user;
    clues
}

/// The manifest's name, else the repository's, else the folder's; the first of which a DNS label can be made.
fn project_name(clues: &Clues, home: &Verdict<Home>, snapshot: &Snapshot) -> Verdict<String> {
    let told = match weigh(&clues.name, "") {
        Verdict::Found { value, certainty, evidence, .. } => Some((value, certainty, evidence)),
        _ => None,
    };
    let repository = match home {
        Verdict::Found { value, evidence, .. } => Some((value.name().to_owned(), Certainty::Likely, evidence.clone())),
        _ => None,
    };
    let folder = Some((snapshot.folder.clone(), Certainty::Guess, Vec::new()));
    let named = [told, repository, folder].into_iter().flatten().find_map(|(text, certainty, evidence)| {
        let label = name::label(&text)?;
        let unscoped = text.rsplit('/').next();
        let certainty = if unscoped == Some(label.as_str()) { certainty } else { certainty.min(Certainty::Likely) };
        let note = match (evidence.is_empty(), unscoped == Some(label.as_str())) {
            (true, true) => "the folder's name".to_owned(),
            (true, false) => "the folder's name, made a DNS label".to_owned(),
            (false, true) => String::new(),
            (false, false) => "made a DNS label".to_owned(),
        };
        Some(Verdict::Found { value: label, certainty, evidence, note })
    });
    named.unwrap_or_else(|| Verdict::missing("nothing here has a name of which a DNS label can be made"))
}

fn image(home: &Verdict<Home>) -> Verdict<String> {
    match home {
        Verdict::Found { value, evidence, .. } => match value.image() {
            Some(image) => Verdict::Found {
                value: image,
                certainty: Certainty::Likely,
                evidence: evidence.clone(),
                note: "the registry of the repository's host".to_owned(),
            },
            None => Verdict::missing(format!("no registry is known for the host {}", value.host)),
        },
        Verdict::Conflict { evidence, .. } => {
            let note = "several remotes, none called origin".to_owned();
            Verdict::Conflict { evidence: evidence.clone(), note }
        }
        Verdict::Missing { note } => Verdict::missing(format!("{note}, so nothing says where images are kept")),
    }
}

fn runtime(clues: &Clues, language: &Verdict<Language>, defaults: &Defaults) -> Verdict<String> {
    let Some(language) = language.value() else { return Verdict::missing("it depends on the profile") };
    match language.release(&defaults.runtime) {
        Some(default) => release::choose(&clues.releases, default, language.spell()),
        None => Verdict::missing("the profile says"),
    }
}

fn start(clues: &Clues) -> Verdict<Vec<String>> {
    if clues.start.is_empty() && !clues.start_refused.is_empty() {
        let refused: Vec<String> = clues.start_refused.iter().map(ToString::to_string).collect();
        return Verdict::missing(format!("what was seen cannot be taken over: {}", refused.join("; ")));
    }
    let verdict = weigh(&clues.start, "no file says how the application starts");
    match &verdict {
        Verdict::Found { certainty: Certainty::Guess, .. } => {
            verdict.with_note("the manifest's main file; no start script says so")
        }
        Verdict::Found { .. } if !clues.start_refused.is_empty() => {
            let refused: Vec<String> = clues.start_refused.iter().map(ToString::to_string).collect();
            verdict.with_note(format!("not taken over: {}", refused.join("; ")))
        }
        _ => verdict,
    }
}

/// Ports below 1024 need a privilege that a generated container never has.
fn port(clues: &Clues) -> Verdict<u16> {
    let verdict = weigh(&clues.port, "no file names a port");
    match verdict {
        Verdict::Found { value, evidence, .. } if value < 1024 => {
            let places: Vec<String> = evidence.iter().map(ToString::to_string).collect();
            let place = places.join(", ");
            Verdict::missing(format!("{place}: {value} needs root; let the application listen on 1024 or above"))
        }
        Verdict::Conflict { .. } => verdict.with_note("say which one serves HTTP"),
        other => other,
    }
}

/// A build command names the package manager, so it is no surer than that.
fn doubt_commands_of_unsettled_manager(draft: &mut Draft) {
    let (Verdict::Conflict { .. }, Some(build)) = (&draft.package_manager, draft.build.value().cloned()) else {
        return;
    };
    let evidence = match &draft.build {
        Verdict::Found { evidence, .. } => evidence.clone(),
        _ => Vec::new(),
    };
    let note = "the script is there, but not which package manager runs it".to_owned();
    draft.build = Verdict::Found { value: build, certainty: Certainty::Guess, evidence, note };
}

/// At the top of a workspace, scripts act on many packages; which of them this spec is about, only a person knows.
fn doubt_workspace(draft: &mut Draft, evidence: &Evidence) {
    let note = format!("{} holds several packages; a spec describes one service", evidence.place());
    draft.build = doubted(&draft.build, &note);
    draft.start = doubted(&draft.start, &note);
    draft.port = doubted(&draft.port, &note);
    draft.health = doubted(&draft.health, &note);
    draft.notes.push(evidence.clone().remark("holds several packages; a spec describes one service"));
}

fn doubted<T: Clone>(verdict: &Verdict<T>, doubt: &str) -> Verdict<T> {
    match verdict {
        Verdict::Found { value, evidence, .. } => Verdict::Found {
            value: value.clone(),
            certainty: Certainty::Guess,
            evidence: evidence.clone(),
            note: doubt.to_owned(),
        },
        other => other.clone(),
    }
}
