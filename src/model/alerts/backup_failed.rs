//! The last run of a backup failed.

use super::scenario::{Check, Firing, Scenario, Series, gauge, levels};
use super::{Alert, Backup, Family, Subject, Wait};
use crate::spec::Severity;

const WAIT: Wait = Wait::minutes(5);

pub(super) fn family(subject: &Subject) -> Option<Family> {
    if subject.backups.is_empty() {
        return None;
    }
    Some(Family {
        name: "BackupFailed",
        note: &[
            "A run that failed after the last good one ended; silent again as soon as one succeeds, though the failed Job stays.",
        ],
        records: Vec::new(),
        alerts: subject.backups.iter().map(|backup| alert(subject, backup)).collect(),
        scenarios: subject.backups.iter().enumerate().flat_map(|(at, backup)| scenarios(subject, backup, at)).collect(),
    })
}

fn cron_job(subject: &Subject, backup: &Backup, metric: &str) -> String {
    format!("kube_cronjob_{metric}{{{}}}", subject.kube(&format!("cronjob=\"{}\"", backup.cron_job)))
}

fn alert(subject: &Subject, backup: &Backup) -> Alert {
    let Backup { store, cron_job: name, .. } = backup;
    let job = |metric: &str, rest: &str| {
        format!("kube_job_{metric}{{{}}}", subject.kube(&format!("job_name=~\"{name}-.+\"{rest}")))
    };
    Alert {
        severity: Severity::Warning,
        labels: vec![("store", store.clone())],
        expr: format!(
            "max by (namespace) (\n  {}\n  and on (namespace, job_name)\n  {} == 1\n)\n>\nmax by (namespace) (\n  {}\n  or\n  {}\n)\n",
            job("status_start_time", ""),
            job("failed", ", condition=\"true\""),
            cron_job(subject, backup, "status_last_successful_time"),
            cron_job(subject, backup, "created"),
        ),
        wait: WAIT,
        when: format!("the last run of CronJob `{name}` failed"),
        summary: format!("The last backup of {store} of {} failed", subject.title()),
        description: format!(
            "The last run of CronJob {name} in namespace {} failed. The backup before it is the newest there is.",
            subject.namespace
        ),
    }
}

/// A run starts at minute 20 and fails at minute 30, a later one succeeds at minute 60.
fn scenarios(subject: &Subject, backup: &Backup, alert: usize) -> [Scenario; 2] {
    let wait = WAIT.test_minutes();
    let job = |metric: &str, rest: &str| {
        let matchers = subject.kube(&format!("job_name=\"{}-29384580\"{rest}", backup.cron_job));
        format!("kube_job_{metric}{{{matchers}}}")
    };
    let series = [
        Series::new(cron_job(subject, backup, "created"), levels(&[(0.0, 80)])),
        Series::new(job("status_start_time", ""), gauge(&[(None, 20), (Some(1200.0), 60)])),
        Series::new(job("failed", ", condition=\"true\""), gauge(&[(None, 30), (Some(1.0), 50)])),
    ];
    let checks = vec![
        Check::silent(29),
        Check::silent(30 + wait - 1),
        Check::fires(30 + wait, Firing { alert, labels: Vec::new(), value: String::new() }),
        Check::silent(61),
    ];
    let succeeds = |samples| Series::new(cron_job(subject, backup, "status_last_successful_time"), samples);
    let scenario = |name: String, samples| Scenario {
        name,
        series: series.iter().cloned().chain([succeeds(samples)]).collect(),
        checks: checks.clone(),
    };
    let store = &backup.store;
    [
        scenario(format!("BackupFailed: {store} after a good one"), levels(&[(600.0, 60), (3600.0, 20)])),
        scenario(format!("BackupFailed: the first one of {store}"), gauge(&[(None, 60), (Some(3600.0), 20)])),
    ]
}
