//! Every reference between generated files resolves. A table of relations: each row says who names what, and where it
//! must be defined. To add one: two small functions in the file of its family, and a row in that file's table.

mod config;
mod delivery;
mod docker;
mod edge;
mod expressions;
mod files;
mod identity;
mod network;
mod parsed;
mod place;
mod promql;
mod rules;
mod scrape;
mod workflow;
mod workload;

use std::borrow::Cow;
use std::collections::HashSet;

use foldhash::fast::RandomState;

use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::Resolved;
use crate::tree::Tree;

use super::documents::Documents;
use parsed::Parsed;
use place::Place;

/// A row: every name that `references` collects must be among those that `definitions` collects.
struct Relation {
    /// Its name, for tests and bug reports.
    name: &'static str,
    /// What is wrong with a name that does not resolve: the end of a sentence that begins with who names it; `{}` is
    /// the name.
    fault: &'static str,
    references: Collect,
    definitions: Collect,
    matching: Matching,
}

/// Collects the names of one side of a relation.
type Collect = for<'a> fn(&'a Parsed<'a>) -> Vec<Mention<'a>>;

/// When a definition satisfies a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Matching {
    /// Same scope, same name.
    Exact,
    /// Same scope, and the definition has every part of the name, as a pod has every label of a selector.
    Within,
}

/// A name, in the scope in which it has a meaning, and the place that says it.
struct Mention<'a> {
    place: Place<'a>,
    scope: Scope<'a>,
    /// The name; a selector has several parts.
    name: Vec<Cow<'a, str>>,
}

/// Where a name has a meaning, from the outside in: environment, kind of layer, object, container; or file and job.
type Scope<'a> = [&'a str; 4];

/// Names that have a meaning in the whole project.
const PROJECT: Scope<'static> = ["", "", "", ""];

/// A reference that nothing resolves.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// The relation's name.
    pub relation: &'static str,
    /// What to tell.
    pub diagnostic: Diagnostic,
}

/// All relations.
const RELATIONS: [&[Relation]; 11] = [
    workload::RELATIONS,
    config::RELATIONS,
    identity::RELATIONS,
    network::RELATIONS,
    edge::RELATIONS,
    files::RELATIONS,
    docker::RELATIONS,
    scrape::RELATIONS,
    rules::RELATIONS,
    workflow::RELATIONS,
    delivery::RELATIONS,
];

/// A row whose names must be equal.
const fn exact(name: &'static str, fault: &'static str, references: Collect, definitions: Collect) -> Relation {
    Relation { name, fault, references, definitions, matching: Matching::Exact }
}

/// A row whose definitions must have every part of a name.
const fn within(name: &'static str, fault: &'static str, references: Collect, definitions: Collect) -> Relation {
    Relation { name, fault, references, definitions, matching: Matching::Within }
}

/// A row for what must not be: every name that is collected is a fault.
const fn never(name: &'static str, fault: &'static str, references: Collect) -> Relation {
    exact(name, fault, references, |_| Vec::new())
}

impl<'a> Mention<'a> {
    fn new(place: Place<'a>, scope: Scope<'a>, name: impl Into<Cow<'a, str>>) -> Self {
        Self { place, scope, name: vec![name.into()] }
    }

    /// A name of several parts.
    fn parts(place: Place<'a>, scope: Scope<'a>, name: Vec<Cow<'a, str>>) -> Self {
        Self { place, scope, name }
    }
}

/// Names of all relations, in the order of the tables.
pub fn names() -> Vec<&'static str> {
    RELATIONS.iter().flat_map(|rows| rows.iter()).map(|row| row.name).collect()
}

/// All references that do not resolve.
pub(crate) fn broken(resolved: &Resolved, tree: &Tree, documents: &Documents) -> Vec<Broken> {
    let parsed = Parsed::new(resolved, tree, documents);
    RELATIONS.iter().flat_map(|rows| rows.iter()).flat_map(|row| row.broken(&parsed)).collect()
}

impl Relation {
    fn broken(&self, parsed: &Parsed<'_>) -> Vec<Broken> {
        let references = (self.references)(parsed);
        if references.is_empty() {
            return Vec::new();
        }
        let definitions = (self.definitions)(parsed);
        let unresolved: Vec<&Mention<'_>> = match self.matching {
            Matching::Exact => {
                let defined: HashSet<_, RandomState> =
                    definitions.iter().map(|mention| (mention.scope, &mention.name)).collect();
                references.iter().filter(|mention| !defined.contains(&(mention.scope, &mention.name))).collect()
            }
            Matching::Within => {
                references.iter().filter(|mention| !definitions.iter().any(|found| found.covers(mention))).collect()
            }
        };
        unresolved.into_iter().map(|mention| self.report(parsed, mention)).collect()
    }

    fn report(&self, parsed: &Parsed<'_>, mention: &Mention<'_>) -> Broken {
        let fault = self.fault.replace("{}", &crate::text::visible(&mention.name.join(", ")));
        let message = format!("{} {fault}", mention.place.subject());
        let needle = mention.name.last().map_or("", |part| part.rsplit('=').next().unwrap_or(part));
        let (path, line) = mention.place.locate(parsed, needle);
        let diagnostic = Diagnostic::error(Code::DanglingReference, message).in_file(path, line);
        Broken { relation: self.name, diagnostic }
    }
}

impl Mention<'_> {
    fn covers(&self, reference: &Mention<'_>) -> bool {
        self.scope == reference.scope && reference.name.iter().all(|part| self.name.contains(part))
    }
}
