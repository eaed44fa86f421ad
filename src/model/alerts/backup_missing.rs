//! A store has had no good backup for too long.

use super::scenario::{Check, Firing, Scenario, Series, levels};
use super::subject::scrape;
use super::{Alert, Backup, Family, Subject, Wait, spoken};
use crate::spec::Severity;

const WAIT: Wait = Wait::minutes(30);

pub(super) fn family(subject: &Subject) -> Option<Family> {
    if subject.backups.is_empty() {
        return None;
    }
    Some(Family {
        name: "BackupMissing",
        note: &[
            "As long as two runs in a row may be apart without a good backup. A CronJob that never had one counts from its creation; one",
            "that is gone although its state is being scraped counts at once.",
        ],
        records: Vec::new(),
        alerts: subject.backups.iter().map(|backup| alert(subject, backup)).collect(),
        scenarios: subject.backups.iter().enumerate().flat_map(|(at, backup)| scenarios(subject, backup, at)).collect(),
    })
}

impl Backup {
    /// Seconds after which backups are missing: one run may fail and be repaired before this alert fires.
    fn age_limit(&self) -> u64 {
        self.age_hours * 3600
    }

    /// The same as a person says it.
    pub fn age_limit_text(&self) -> String {
        spoken(self.age_limit())
    }
}

fn series(subject: &Subject, backup: &Backup, metric: &str) -> String {
    format!("kube_cronjob_{metric}{{{}}}", subject.kube(&format!("cronjob=\"{}\"", backup.cron_job)))
}

fn alert(subject: &Subject, backup: &Backup) -> Alert {
    let (created, succeeded) =
        (series(subject, backup, "created"), series(subject, backup, "status_last_successful_time"));
    let Backup { store, cron_job, .. } = backup;
    let limit = backup.age_limit();
    Alert {
        severity: Severity::Critical,
        labels: vec![("store", store.clone())],
        expr: format!(
            "time() - max by (namespace, cronjob) (\n  {succeeded}\n  or\n  {created}\n) > {limit}\nor\nmax by (namespace, cronjob) (\n  absent({created})\n  and on ()\n  up{{job=\"kube-state-metrics\"}} == 1\n)\n"
        ),
        wait: WAIT,
        when: format!(
            "no backup of `{store}` succeeded for {}, or CronJob `{cron_job}` is gone",
            backup.age_limit_text()
        ),
        summary: format!("{store} of {} has had no good backup for {}", subject.title(), backup.age_limit_text()),
        description: format!(
            "CronJob {cron_job} in namespace {} has missed at least two backups in a row, or does not exist. Data written since the last good one would be lost.",
            subject.namespace
        ),
    }
}

/// Time in tests begins at 0, so the last good backup lies before it: it becomes too old at minute 10.
fn scenarios(subject: &Subject, backup: &Backup, alert: usize) -> Vec<Scenario> {
    const TOO_OLD: u32 = 10;
    let wait = WAIT.test_minutes();
    let limit = u32::try_from(backup.age_limit()).map_or(f64::MAX, f64::from);
    let last_good = f64::from(TOO_OLD * 60) - limit;
    let (created, succeeded) =
        (series(subject, backup, "created"), series(subject, backup, "status_last_successful_time"));
    let firing = || Firing { alert, labels: vec![("cronjob", backup.cron_job.clone())], value: String::new() };
    let repaired = TOO_OLD + wait + 10;
    let grows_old =
        vec![Check::silent(TOO_OLD), Check::silent(TOO_OLD + wait), Check::fires(TOO_OLD + wait + 1, firing())];
    let store = &backup.store;
    vec![
        Scenario {
            name: format!("BackupMissing: the last good backup of {store} grows old, then one succeeds"),
            series: vec![
                Series::new(created.clone(), levels(&[(last_good - limit, repaired + 10)])),
                Series::new(succeeded, levels(&[(last_good, repaired), (f64::from(repaired * 60), 10)])),
            ],
            checks: grows_old.iter().cloned().chain([Check::silent(repaired + 1)]).collect(),
        },
        Scenario {
            name: format!("BackupMissing: no backup of {store} ever succeeded"),
            series: vec![Series::new(created, levels(&[(last_good, repaired)]))],
            checks: grows_old,
        },
        Scenario {
            name: format!("BackupMissing: the CronJob of {store} is gone"),
            series: vec![scrape("kube-state-metrics", &[(1.0, repaired)])],
            checks: vec![Check::silent(wait - 1), Check::fires(wait, firing())],
        },
        Scenario {
            name: format!("BackupMissing: silent on {store} when kube-state-metrics is gone"),
            series: vec![scrape("kube-state-metrics", &[(0.0, repaired)])],
            checks: vec![Check::silent(wait + 1)],
        },
    ]
}
