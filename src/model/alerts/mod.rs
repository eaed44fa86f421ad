//! The alerts of one environment: rules, texts and unit tests, computed once from the resolved spec.
//!
//! A file per family, each with a function that gives a [`Family`]: the alerts of one name, the series that they are
//! computed from, and the scenarios that prove them.

mod autoscaler_at_maximum;
mod backup_failed;
mod backup_missing;
mod certificate_expiring_soon;
mod certificate_not_ready;
mod high_error_rate;
mod high_latency;
mod high_usage;
mod latency_scenario;
pub mod metric;
mod metrics_missing;
mod pod_crash_looping;
mod quota_nearly_full;
mod requests;
pub mod scenario;
mod service_down;
mod subject;
mod text;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::resolve::{Resolved, ResolvedProject};
use crate::spec::{Alerts, Severity};

pub use metric::Source;
pub use requests::FEWEST as FEWEST_REQUESTS;
pub use scenario::Scenario;
pub use subject::{Backup, Subject};
pub use text::{Wait, spoken};

/// A group of rules that Prometheus evaluates one after the other.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name, different in every file of the project.
    pub name: String,
    /// Its families, in order.
    pub families: Vec<Family>,
}

/// The alerts of one name.
#[derive(Debug, Clone)]
pub struct Family {
    /// The alerts' name, which is also the runbook's.
    pub name: &'static str,
    /// What would puzzle a reader of the rules, as lines of a comment.
    pub note: &'static [&'static str],
    /// The series that the alerts, perhaps of several families, are computed from.
    pub records: Vec<Record>,
    /// One alert per severity and, where the family watches several things, per thing.
    pub alerts: Vec<Alert>,
    /// What proves them.
    pub scenarios: Vec<Scenario>,
}

/// A recorded series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its name: `level:metric:operations`.
    pub name: String,
    /// What its value is.
    pub meaning: String,
    /// Unit of the value.
    pub unit: &'static str,
    /// How it is computed.
    pub expr: String,
}

/// An alerting rule.
#[derive(Debug, Clone)]
pub struct Alert {
    /// How loud it is.
    pub severity: Severity,
    /// Labels of its own, which tell it from others of its name and severity.
    pub labels: Vec<(&'static str, String)>,
    /// Holds while it fires.
    pub expr: String,
    /// For how long it must hold.
    pub wait: Wait,
    /// When it fires, for the pages: the end of a sentence that begins with "fires when".
    pub when: String,
    /// One sentence that a person who was just woken understands.
    pub summary: String,
    /// What exactly, where, and what follows from it.
    pub description: String,
}

/// An environment with its alerts.
#[derive(Debug)]
pub struct Alerting<'a> {
    /// The environment.
    pub project: &'a ResolvedProject,
    /// Its name.
    pub environment: &'a str,
    /// Its namespace.
    pub namespace: String,
    /// What its alerts are about.
    pub subject: &'a Subject,
    /// Its alerts.
    pub groups: &'a [Group],
    /// The metrics that their rules use, by source.
    metrics: &'a BTreeSet<(Source, &'static str)>,
}

/// What is computed once for an environment.
#[derive(Debug, Clone)]
pub struct EnvironmentAlerts {
    subject: Subject,
    groups: Vec<Group>,
    metrics: BTreeSet<(Source, &'static str)>,
}

impl EnvironmentAlerts {
    fn new(project: &ResolvedProject) -> Option<Self> {
        let subject = Subject::new(project)?;
        let groups = alerts(&subject, project.spec.alerts.as_ref());
        Some(Self { metrics: metrics(&groups), subject, groups })
    }
}

impl<'p> Alerting<'p> {
    /// The families of all groups.
    pub fn families(&self) -> impl Iterator<Item = &'p Family> + use<'p> {
        self.groups.iter().flat_map(|group| &group.families)
    }

    /// The alerts of one name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Alert> {
        self.families().filter(move |family| family.name == name).flat_map(|family| &family.alerts)
    }

    /// The metrics of one source that the rules use.
    pub fn metrics_of(&self, source: Source) -> BTreeSet<&'static str> {
        self.metrics.iter().filter(|(of, _)| *of == source).map(|(_, name)| *name).collect()
    }
}

impl Resolved {
    /// The environments with their alerts.
    pub fn alerting(&self) -> Vec<Alerting<'_>> {
        self.environments.iter().filter_map(ResolvedProject::alerting).collect()
    }
}

impl ResolvedProject {
    /// This environment with its alerts; `None` for the base.
    pub fn alerting(&self) -> Option<Alerting<'_>> {
        let EnvironmentAlerts { subject, groups, metrics } =
            self.alerts.get_or_init(|| EnvironmentAlerts::new(self)).as_ref()?;
        let environment = self.environment.as_ref()?.as_str();
        Some(Alerting { project: self, environment, namespace: self.namespace()?, subject, groups, metrics })
    }

    /// Where the runbook of an alert is: in the repository on the web, or a path in the checkout if the spec names none.
    pub fn runbook_url(&self, alert: &str) -> String {
        let path = format!("docs/runbooks/{alert}.md");
        match &self.spec.repository {
            Some(repository) => format!("{}/blob/HEAD/{path}", repository.as_str().trim_end_matches('/')),
            None => path,
        }
    }
}

/// The environment whose names the pages' commands use: production, or else the last.
pub fn shown<'a, 'b>(environments: &'a [&'a Alerting<'b>]) -> Option<&'a Alerting<'b>> {
    let production = environments.iter().find(|alerting| alerting.environment == "production");
    production.or(environments.last()).copied()
}

/// All alerts of an environment: those that the spec lists, and those on what is generated anyway.
fn alerts(subject: &Subject, listed: Option<&Alerts>) -> Vec<Group> {
    let none = Alerts::default();
    let listed = listed.unwrap_or(&none);
    let mut groups = vec![
        group(
            subject,
            "availability",
            vec![service_down::family(subject, listed), pod_crash_looping::family(subject, listed)],
        ),
        group(
            subject,
            "requests",
            vec![high_error_rate::family(subject, listed), high_latency::family(subject, listed)],
        ),
        group(
            subject,
            "resources",
            vec![
                high_usage::cpu(subject, listed),
                high_usage::memory(subject, listed),
                autoscaler_at_maximum::family(subject),
                quota_nearly_full::family(subject),
            ],
        ),
        group(subject, "backup", vec![backup_missing::family(subject), backup_failed::family(subject)]),
        group(
            subject,
            "certificates",
            vec![certificate_expiring_soon::family(subject), certificate_not_ready::family(subject)],
        ),
    ];
    let used = metrics(&groups);
    groups.push(group(subject, "sources", vec![metrics_missing::family(subject, &used)]));
    groups.retain(|group| !group.families.is_empty());
    groups
}

/// The metrics that the rules of groups use, by source.
pub fn metrics(groups: &[Group]) -> BTreeSet<(Source, &'static str)> {
    let families = || groups.iter().flat_map(|group| &group.families);
    let records = families().flat_map(|family| &family.records).map(|record| &record.expr);
    let alerts = families().flat_map(|family| &family.alerts).map(|alert| &alert.expr);
    records.chain(alerts).flat_map(|expr| metric::used_in(expr)).collect()
}

fn group(subject: &Subject, topic: &str, families: Vec<Option<Family>>) -> Group {
    Group {
        name: format!("{}-{}-{topic}", subject.project, subject.environment),
        families: families.into_iter().flatten().collect(),
    }
}
