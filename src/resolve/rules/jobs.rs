//! Jobs.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};
use crate::spec::Job;

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    project.spec.jobs.iter().flatten().flat_map(|(name, job)| one(project, name.as_str(), job)).collect()
}

fn one(project: &ResolvedProject, name: &str, job: &Job) -> Vec<Diagnostic> {
    let path = ["jobs", name];
    let at = |key: &'static str| ["jobs", name, key];
    let mut findings = Vec::new();
    match (job.when, &job.schedule) {
        (None, None) => findings.push(
            fault(project, Code::MissingKey, &path, format!("the job `{name}` has neither `when` nor `schedule`"))
                .help("write `when: beforeDeploy`, or a `schedule` with a `timeZone`"),
        ),
        (Some(_), Some(_)) => findings.push(fault(
            project,
            Code::Contradiction,
            &at("schedule"),
            "`when` and `schedule` exclude each other; keep one",
        )),
        _ => {}
    }
    match (&job.schedule, &job.time_zone) {
        (Some(_), None) => findings.push(
            fault(project, Code::MissingKey, &at("schedule"), "a `schedule` needs a `timeZone`")
                .help("write for example `timeZone: Etc/UTC`"),
        ),
        (None, Some(_)) => {
            findings.push(fault(project, Code::Contradiction, &at("timeZone"), "`timeZone` belongs to a `schedule`"));
        }
        _ => {}
    }
    if project.process() == name || project.spec.processes.iter().flatten().any(|(process, _)| process.as_str() == name)
    {
        findings.push(fault(
            project,
            Code::Contradiction,
            &path,
            format!("a job and a process are called `{name}`, and so would be their objects"),
        ));
    }
    if let Some(kind) = job.datastore {
        findings.extend(super::datastores::undefined(project, kind, &at("datastore")));
    }
    findings
}
