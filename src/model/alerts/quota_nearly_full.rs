//! The namespace has used most of its quota.

use super::scenario::{Crossing, Firing, Scenario, Series, levels, percentage};
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
    let crossing = Crossing { settle: 0, wait: WAIT.test_minutes() };
    let (above, below) = (PODS * NEARLY_FULL + 1.0, PODS * NEARLY_FULL);
    let labels = vec![("resourcequota", quota.to_owned()), ("resource", "pods".to_owned())];
    Scenario {
        name: format!("QuotaNearlyFull: above {}, then not", percentage(NEARLY_FULL)),
        series: vec![
            Series::new(
                series(subject, quota, "resource=\"pods\", type=\"hard\""),
                levels(&[(PODS, crossing.ends() + 1)]),
            ),
            Series::new(
                series(subject, quota, "resource=\"pods\", type=\"used\""),
                levels(&crossing.parts(above, below)),
            ),
        ],
        checks: crossing.checks(vec![Firing { alert: 0, labels, value: percentage(above / PODS) }], Vec::new()),
    }
}
