//! Gates and triggers.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::{Delivery, Gate, Trigger};

/// Whole coverage, in thousandths of a percent.
const ALL: u32 = 100_000;

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let Some(delivery) = &project.spec.delivery else {
        return Vec::new();
    };
    let mut findings = gates(project, delivery);
    if let Some(trigger) = &delivery.trigger {
        findings.extend(one_start(project, trigger));
    }
    let minutes = delivery.timeout.as_ref().map(|timeout| timeout.seconds() / 60);
    if minutes.is_some_and(|minutes| !(1..=360).contains(&minutes)) {
        let message = "`timeout` is from 1m to 6h, the longest that GitHub lets a job run";
        findings.push(fault(project, Code::InvalidValue, &["delivery", "timeout"], message));
    }
    findings
}

fn gates(project: &ResolvedProject, delivery: &Delivery) -> Vec<Diagnostic> {
    let gates = delivery.gates.as_deref().unwrap_or_default();
    let mut findings = Vec::new();
    for (at, gate) in gates.iter().enumerate() {
        let index = at.to_string();
        let path = ["delivery", "gates", &index];
        if gates[..at].iter().any(|earlier| earlier.name == gate.name) {
            findings.push(fault(
                project,
                Code::DuplicateKey,
                &path,
                format!("two gates have the name `{}`", gate.name),
            ));
        }
        findings.extend(one_gate(project, gate, &path));
    }
    findings
}

fn one_gate(project: &ResolvedProject, gate: &Gate, path: &[&str]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if gate.run.is_none() && gate.scan.is_none() {
        findings.push(
            fault(project, Code::MissingKey, path, format!("the gate `{}` has neither `run` nor `scan`", gate.name))
                .help("name the command that decides, for example `run: npm test`"),
        );
    }
    let known = |kind| project.spec.datastores.iter().flat_map(|stores| stores.iter()).any(|(of, _)| of == kind);
    for kind in gate.services.iter().flatten().filter(|kind| !known(**kind)) {
        let message = format!("the gate `{}` needs `{}`, which is no data store of the project", gate.name, kind.key());
        findings.push(fault(project, Code::UndefinedReference, &[path, &["services"]].concat(), message).help(
            format!("add it, for example `datastores: {{{}: {{mode: external, version: \"…\", uri: …}}}}`", kind.key()),
        ));
    }
    if gate.coverage.as_ref().is_some_and(|share| share.millipercent() > ALL) {
        let message = "no test covers more than 100%";
        findings.push(fault(project, Code::InvalidValue, &[path, &["coverage"]].concat(), message));
    }
    findings
}

/// An environment has one trigger: with two, nobody could say which version it runs.
fn one_start(project: &ResolvedProject, trigger: &Trigger) -> Option<Diagnostic> {
    let starts = [trigger.branch.is_some(), trigger.tag.is_some(), trigger.release == Some(true)];
    let count = starts.into_iter().filter(|set| *set).count();
    (count != 1).then(|| {
        fault(
            project,
            Code::Contradiction,
            &["delivery", "trigger"],
            "a trigger has exactly one of `branch`, `tag` and `release: true`",
        )
    })
}
