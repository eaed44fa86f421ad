//! Jobs.

use super::super::{ResolvedProject, fault};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (name, job) in project.spec.jobs.iter().flatten() {
        let path = ["jobs", name.as_str()];
        match (job.when, &job.schedule) {
            (None, None) => findings.push(
                fault(project, Code::MissingKey, &path, format!("the job `{name}` has neither `when` nor `schedule`"))
                    .help("write `when: beforeDeploy`, or a `schedule` with a `timeZone`"),
            ),
            (Some(_), Some(_)) => findings.push(fault(
                project,
                Code::Contradiction,
                &["jobs", name.as_str(), "schedule"],
                "`when` and `schedule` exclude each other; keep one",
            )),
            _ => {}
        }
        if job.schedule.is_some() && job.time_zone.is_none() {
            findings.push(
                fault(project, Code::MissingKey, &path, "a `schedule` needs a `timeZone`")
                    .help("write for example `timeZone: Etc/UTC`"),
            );
        }
        if name.as_str() == project.spec.process.as_str() {
            findings.push(fault(
                project,
                Code::Contradiction,
                &path,
                format!("the job `{name}` has the main process's name"),
            ));
        }
    }
    findings
}
