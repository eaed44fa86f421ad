//! The namespace has used most of its quota.

use super::scenario::{Firing, Scenario, Series, checks, ladder, levels, percentage};
use super::{Alert, Family, Subject, Wait};
use crate::spec::Severity;

const WAIT: Wait = Wait::minutes(15);

/// The part of a quota above which new pods may soon be refused.
const NEARLY_FULL: f64 = 0.9;

pub(super) fn family(subject: &Subject) -> Option<Family> {
    let quota = subject.quota.as_ref()?;
    let alert = Alert {
        severity: Severity::Warning,
        labels: Vec::new(),
        expr: format!(
            "max by (namespace, resourcequota, resource) ({})\n/\nmax by (namespace, resourcequota, resource) ({} > 0)\n> {NEARLY_FULL}\n",
            series(subject, quota, "type=\"used\""),
            series(subject, quota, "type=\"hard\"")
        ),
        wait: WAIT,
        when: format!("ResourceQuota `{quota}` is more than {} used", percentage(NEARLY_FULL)),
        summary: format!("{} has nearly used up its quota", subject.title()),
        description: format!(
            "Namespace {} has used {{{{ $value | humanizePercentage }}}} of its quota for {{{{ $labels.resource }}}}. At 100% Kubernetes refuses new pods: no scaling, no deployment.",
            subject.namespace
        ),
    };
    Some(Family {
        name: "QuotaNearlyFull",
        note: &[],
        records: Vec::new(),
        alerts: vec![alert],
        scenarios: vec![scenario(subject, quota)],
    })
}

fn series(subject: &Subject, quota: &str, rest: &str) -> String {
    format!("kube_resourcequota{{{}}}", subject.kube(&format!("resourcequota=\"{quota}\", {rest}")))
}

fn scenario(subject: &Subject, quota: &str) -> Scenario {
    const PODS: f64 = 1000.0;
    let wait = WAIT.test_minutes();
    let length = wait + 5;
    let phases = ladder(&[NEARLY_FULL]);
    let used: Vec<(f64, u32)> = phases.iter().map(|phase| ((phase.value * PODS).round(), length)).collect();
    let hard = [(PODS, 3 * length)];
    let labels = || vec![("resourcequota", quota.to_owned()), ("resource", "pods".to_owned())];
    let firing =
        |alert, share: f64| Firing { alert, labels: labels(), value: percentage((share * PODS).round() / PODS) };
    Scenario {
        name: "QuotaNearlyFull".to_owned(),
        series: vec![
            Series::new(series(subject, quota, "resource=\"pods\", type=\"hard\""), levels(&hard)),
            Series::new(series(subject, quota, "resource=\"pods\", type=\"used\""), levels(&used)),
        ],
        checks: checks(&phases, length, wait, firing),
    }
}
