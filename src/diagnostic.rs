//! What infragen has to say about a spec or about output: values that are collected, never thrown.

use crate::spec::document::Span;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The run fails.
    Error,
    /// The run goes on; the exit code does not change.
    Warning,
}

/// Where a finding is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Location {
    /// In a spec or another input.
    Input(Span),
    /// In a file of the output tree.
    Output {
        /// The file's path in the tree.
        path: String,
        /// Line from 1, if known.
        line: Option<usize>,
    },
}

/// One finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Its class; `infragen explain CODE` tells more.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where, if it has a place.
    pub location: Option<Location>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, message: message.into(), location: None, help: None }
    }

    /// A warning without a place yet.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Puts it at a place of an input.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.location = Some(Location::Input(span));
        self
    }

    /// Puts it into a file of the output.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>, line: Option<usize>) -> Self {
        self.location = Some(Location::Output { path: path.into(), line });
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Whether any of the findings fails the run.
pub fn has_errors(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// The classes of findings. Ids are stable: scripts and waivers may name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// The spec cannot be read as a document; the run ends with exit code 2.
    UnreadableSpec,
    /// A key that the language does not have.
    UnknownKey,
    /// The same key twice in one map.
    DuplicateKey,
    /// A key that must be there.
    MissingKey,
    /// A value of another type than the key takes.
    WrongType,
    /// A value that its key does not allow.
    InvalidValue,
    /// Two values that cannot hold together.
    Contradiction,
    /// A name that nothing defines.
    UndefinedReference,
    /// A value that looks like a secret where everybody can read it.
    SecretInSpec,
    /// A valid section that infragen does not render yet.
    NotGeneratedYet,
    /// Allowed, but costs safety.
    Risky,
    /// A reference between generated files that does not resolve.
    DanglingReference,
    /// A generated file that its tool would reject.
    InvalidOutput,
    /// A generated file that differs from what the spec gives.
    Drift,
    /// A generated file that was edited by hand.
    EditedByHand,
    /// A file in the way that infragen does not own.
    ForeignFile,
}

impl Code {
    /// All codes, in the order of the reference page.
    pub const ALL: [Self; 16] = [
        Self::UnreadableSpec,
        Self::UnknownKey,
        Self::DuplicateKey,
        Self::MissingKey,
        Self::WrongType,
        Self::InvalidValue,
        Self::Contradiction,
        Self::UndefinedReference,
        Self::SecretInSpec,
        Self::NotGeneratedYet,
        Self::Risky,
        Self::DanglingReference,
        Self::InvalidOutput,
        Self::Drift,
        Self::EditedByHand,
        Self::ForeignFile,
    ];

    /// The stable id.
    pub fn id(self) -> &'static str {
        match self {
            Self::UnreadableSpec => "unreadable-spec",
            Self::UnknownKey => "unknown-key",
            Self::DuplicateKey => "duplicate-key",
            Self::MissingKey => "missing-key",
            Self::WrongType => "wrong-type",
            Self::InvalidValue => "invalid-value",
            Self::Contradiction => "contradiction",
            Self::UndefinedReference => "undefined-reference",
            Self::SecretInSpec => "secret-in-spec",
            Self::NotGeneratedYet => "not-generated-yet",
            Self::Risky => "risky",
            Self::DanglingReference => "dangling-reference",
            Self::InvalidOutput => "invalid-output",
            Self::Drift => "drift",
            Self::EditedByHand => "edited-by-hand",
            Self::ForeignFile => "foreign-file",
        }
    }

    /// What the code means and what to do, for `infragen explain`.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::UnreadableSpec => {
                "The spec is not one YAML 1.2 document in UTF-8 of at most 1 MiB, or it is nested too deeply, uses custom \
                 tags, or grows without bound through aliases. Nothing else is checked, and the exit code is 2."
            }
            Self::UnknownKey => {
                "The spec language has no such key at this place. The message names the nearest key; `infragen explain \
                 PATH` describes the keys that exist."
            }
            Self::DuplicateKey => {
                "A map has the same key twice, and YAML readers disagree on which one counts; or a list names the same host, \
                 key, gate or alert twice. Keep one."
            }
            Self::MissingKey => "A key without a default is missing, in the spec, its profile and the environment.",
            Self::WrongType => {
                "The value has another type than its key takes, for example a number where text is read."
            }
            Self::InvalidValue => "The value has the right type, but not the form or the range that its key allows.",
            Self::Contradiction => "Two values exclude each other, for example a request above its limit.",
            Self::UndefinedReference => "A value names a process, key or store that the spec does not define.",
            Self::SecretInSpec => {
                "A value looks like a credential. Specs, ConfigMaps and workflows are read by many; keep the value in a \
                 secret store and list its key under `secrets.keys`. Messages never repeat the value."
            }
            Self::NotGeneratedYet => {
                "The section is part of the language, but this version of infragen renders nothing for it. To leave it \
                 out silently would be worse than to fail."
            }
            Self::Risky => "The output does as asked, at a price that the message names. Exit codes do not change.",
            Self::DanglingReference => {
                "A generated file names something that no generated file defines. If no spec line is named, this is a bug \
                 in infragen: please report it with the spec."
            }
            Self::InvalidOutput => {
                "A generated file does not have the form that its tool requires. This is a bug in infragen: please report \
                 it with the spec."
            }
            Self::Drift => "The tree on disk differs from what the spec gives; `infragen render` brings it up to date.",
            Self::EditedByHand => {
                "A generated file was edited since infragen wrote it. It is kept. Move the change into the spec, or delete \
                 the file and render again."
            }
            Self::ForeignFile => {
                "A file or link that infragen did not write stands where a generated file belongs. It is kept; `--adopt` \
                 lets infragen take it over."
            }
        }
    }

    /// Whether the finding means that the spec could not be read as a document at all (exit code 2).
    pub fn is_unreadable(self) -> bool {
        self == Self::UnreadableSpec
    }
}
