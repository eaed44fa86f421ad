//! Gates, triggers and channels of delivery.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::{Delivery, Gate, NotifyChannel};

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let Some(delivery) = &project.spec.delivery else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let gates = delivery.gates.as_deref().unwrap_or_default();
    let names: Vec<&str> = gates.iter().map(|gate| gate.name.as_str()).collect();
    for at in super::repeated(&names) {
        let message = format!("two gates are called `{}`", names[at]);
        findings.push(fault(project, Code::DuplicateKey, &["delivery", "gates", &at.to_string(), "name"], message));
    }
    for (at, one) in gates.iter().enumerate() {
        findings.extend(gate(project, &at.to_string(), one));
    }
    findings.extend(timeout(project, delivery));
    findings.extend(trigger(project, delivery));
    findings.extend(channels(project, delivery));
    findings
}

fn gate(project: &ResolvedProject, index: &str, gate: &Gate) -> Vec<Diagnostic> {
    let path = ["delivery", "gates", index];
    let mut findings = Vec::new();
    match (&gate.run, &gate.scan) {
        (None, None) => findings.push(
            fault(project, Code::MissingKey, &path, format!("the gate `{}` does nothing", gate.name))
                .help("give it a command, for example `run: npm test`"),
        ),
        (Some(_), Some(_)) => findings.push(fault(
            project,
            Code::Contradiction,
            &["delivery", "gates", index, "scan"],
            "`run` and `scan` exclude each other; make two gates",
        )),
        (None, Some(scanners)) if scanners.is_empty() => {
            findings.push(fault(
                project,
                Code::InvalidValue,
                &["delivery", "gates", index, "scan"],
                "no scanner is listed",
            ));
        }
        _ => {}
    }
    if gate.coverage.as_ref().is_some_and(|share| share.millipercent() > 100_000) {
        let path = ["delivery", "gates", index, "coverage"];
        findings.push(fault(project, Code::InvalidValue, &path, "no test covers more than 100%"));
    }
    let services = gate.services.as_deref().unwrap_or_default();
    for at in super::repeated(services) {
        let path = ["delivery", "gates", index, "services", &at.to_string()];
        findings.push(fault(project, Code::DuplicateKey, &path, format!("`{}` is listed twice", services[at].key())));
    }
    for (at, kind) in services.iter().enumerate() {
        let path = ["delivery", "gates", index, "services", &at.to_string()];
        findings.extend(super::datastores::undefined(project, *kind, &path));
    }
    findings
}

fn timeout(project: &ResolvedProject, delivery: &Delivery) -> Option<Diagnostic> {
    let seconds = delivery.timeout.as_ref()?.seconds();
    (!(60..=6 * 3600).contains(&seconds)).then(|| {
        fault(
            project,
            Code::InvalidValue,
            &["delivery", "timeout"],
            "`timeout` is 1m to 6h, the longest that GitHub lets a job run",
        )
    })
}

fn trigger(project: &ResolvedProject, delivery: &Delivery) -> Option<Diagnostic> {
    let trigger = delivery.trigger.as_ref()?;
    let set = [trigger.branch.is_some(), trigger.tag.is_some(), trigger.release == Some(true)];
    let path = ["delivery", "trigger"];
    match set.iter().filter(|is_set| **is_set).count() {
        1 => None,
        0 => Some(
            fault(project, Code::MissingKey, &path, "nothing starts this deployment")
                .help("write `branch: main`, `tag: \"v*\"` or `release: true`, or leave `trigger` out"),
        ),
        _ => Some(
            fault(project, Code::Contradiction, &path, "`branch`, `tag` and `release` exclude each other; keep one")
                .help("in an environment, `null` removes what the top level gives"),
        ),
    }
}

fn channels(project: &ResolvedProject, delivery: &Delivery) -> Vec<Diagnostic> {
    let notify = project.spec.notify.as_ref();
    let is_defined = |channel: NotifyChannel| match channel {
        NotifyChannel::Slack => notify.is_some_and(|notify| notify.slack.is_some()),
        NotifyChannel::Email => notify.is_some_and(|notify| notify.email.is_some()),
    };
    delivery
        .notify
        .iter()
        .flatten()
        .enumerate()
        .filter(|(_, channel)| !is_defined(**channel))
        .map(|(at, channel)| {
            let key = match channel {
                NotifyChannel::Slack => "slack",
                NotifyChannel::Email => "email",
            };
            let path = ["delivery", "notify", &at.to_string()];
            fault(project, Code::UndefinedReference, &path, format!("the channel `{key}` is not defined"))
                .help(format!("describe it under `notify.{key}`"))
        })
        .collect()
}
