//! Layers to resolved projects: profile < spec < `environments.<name>` < `--set`, merged as documents and typed once.

mod layers;
mod pending;
mod profile;
mod rules;

use std::cell::OnceCell;

use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::model::alerts::EnvironmentAlerts;
use crate::spec::document::{Node, Span};
use crate::spec::value::{EnvName, ScalarOr};
use crate::spec::{Image, Project, parse_project};

pub use layers::{Layers, assignment, merge};
pub use pending::{Pending, pending};
pub use profile::{BUILT_IN, Profile, built_in};

/// The project as one environment, or the base that all share, gets it. Nothing here knows of layers any more.
#[derive(Debug, Clone)]
pub struct ResolvedProject {
    /// The environment; `None` for the base.
    pub environment: Option<EnvName>,
    /// The typed settings.
    pub spec: Project,
    /// The merged document, for the places of values.
    pub document: Node,
    /// Its alerts, computed when first asked for: a dozen files speak of them.
    pub(crate) alerts: OnceCell<Option<EnvironmentAlerts>>,
}

/// All of a project.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// What the spec's top level says.
    pub base: ResolvedProject,
    /// The environments by name.
    pub environments: Vec<ResolvedProject>,
    /// Warnings about the spec.
    pub warnings: Vec<Diagnostic>,
}

impl ResolvedProject {
    /// Where the value at a path was written, or the nearest value around it.
    pub fn span(&self, path: &[&str]) -> Span {
        self.document.nearest_span(path)
    }

    /// The image's settings; the short form is brought to the long one before typing.
    pub fn image(&self) -> Option<&Image> {
        match &self.spec.image {
            ScalarOr::Map(image) => Some(image),
            ScalarOr::Scalar(_) => None,
        }
    }
}

impl Resolved {
    /// The base and then the environments.
    pub fn all(&self) -> impl Iterator<Item = &ResolvedProject> {
        std::iter::once(&self.base).chain(&self.environments)
    }
}

/// Merges, types and checks.
///
/// # Errors
/// All faults of the spec, each once, in the order of their places.
pub fn resolve(layers: &Layers) -> Result<Resolved, Vec<Diagnostic>> {
    let mut findings = layers.faults();
    if layers.spec.entries().is_empty() {
        return Err(findings);
    }
    let base = typed(None, layers.base(), &mut findings);
    // What is missing at the top level is missing in every environment too, and said once.
    let missing: Vec<String> =
        findings.iter().filter(|f| f.code == Code::MissingKey).map(|finding| finding.message.clone()).collect();
    let environments: Vec<ResolvedProject> = layers
        .environments(&mut findings)
        .into_iter()
        .filter_map(|(name, document)| typed(Some(name), document, &mut findings))
        .collect();
    let mut seen = Vec::new();
    findings.retain(|finding| {
        let repeats = missing.contains(&finding.message) && seen.contains(&finding.message);
        seen.push(finding.message.clone());
        !repeats
    });
    if !has_errors(&findings) {
        for project in base.iter().chain(&environments) {
            findings.extend(rules::check(project));
            findings.extend(pending::not_generated(project));
        }
        findings.extend(rules::across(&environments));
        findings.extend(layers.idle_nulls());
    }
    let findings = tidy(findings);
    match base {
        Some(base) if !has_errors(&findings) => Ok(Resolved { base, environments, warnings: findings }),
        _ => Err(findings),
    }
}

fn typed(environment: Option<EnvName>, document: Node, findings: &mut Vec<Diagnostic>) -> Option<ResolvedProject> {
    match parse_project(&document) {
        Ok(spec) => Some(ResolvedProject { environment, spec, document, alerts: OnceCell::new() }),
        Err(faults) => {
            findings.extend(faults);
            None
        }
    }
}

/// The same fault of the base shows in every environment: each place and message once, in the order of places.
fn tidy(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let place = |finding: &Diagnostic| match &finding.location {
        Some(crate::diagnostic::Location::Input(span)) => (span.source, span.start, span.end),
        _ => (crate::spec::document::SourceId(u16::MAX), 0, 0),
    };
    findings.sort_by(|a, b| place(a).cmp(&place(b)).then(a.code.cmp(&b.code)).then(a.message.cmp(&b.message)));
    findings.dedup_by(|a, b| a.code == b.code && a.message == b.message && a.location == b.location);
    findings
}

/// A finding at a path of a project.
pub(crate) fn fault(project: &ResolvedProject, code: Code, path: &[&str], message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, message).at(project.span(path))
}

/// A warning at a path of a project.
pub(crate) fn risk(project: &ResolvedProject, path: &[&str], message: impl Into<String>) -> Diagnostic {
    Diagnostic::warning(Code::Risky, message).at(project.span(path))
}

/// A finding on two values that do not fit, at the one that the user wrote: a spec's value rather than a profile's, and of
/// two in a spec the later one, since environments stand at the end.
pub(crate) fn clash(project: &ResolvedProject, paths: [&[&str]; 2], message: impl Into<String>) -> Diagnostic {
    // The spec is the first source that a run reads.
    let rank = |span: &Span| (span.source == crate::spec::document::SourceId(0), span.start);
    let [first, second] = paths.map(|path| project.span(path));
    let span = if rank(&second) > rank(&first) { second } else { first };
    Diagnostic::error(Code::Contradiction, message).at(span)
}
