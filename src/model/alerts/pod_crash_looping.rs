//! A container ends again after each restart.

use super::scenario::{Check, Firing, Scenario, Series, gauge};
use super::{Alert, Family, Subject, Wait};
use crate::spec::Alerts;
use crate::spec::value::ScalarOr;

pub(super) fn family(subject: &Subject, listed: &Alerts) -> Option<Family> {
    let (severity, wait) = match listed.crash_loop.as_ref()? {
        ScalarOr::Scalar(severity) => (*severity, None),
        ScalarOr::Map(rule) => (rule.severity, rule.r#for.as_ref()),
    };
    let wait = Wait::given_or(wait, 5);
    let matchers = subject.kube(&format!("{}, reason=\"CrashLoopBackOff\"", subject.pods()));
    let alert = Alert {
        severity,
        labels: Vec::new(),
        expr: format!(
            "max by (namespace, pod, container) (\n  max_over_time(kube_pod_container_status_waiting_reason{{{matchers}}}[5m])\n) > 0\n"
        ),
        wait,
        when: "a container waits in `CrashLoopBackOff`".to_owned(),
        summary: format!("A pod of {} keeps crashing", subject.title()),
        description: format!(
            "Container {{{{ $labels.container }}}} of pod {{{{ $labels.pod }}}} in namespace {} crashes again after every restart. Fewer pods do the work.",
            subject.namespace
        ),
    };
    Some(Family {
        name: "PodCrashLooping",
        note: &["Between two crashes the container runs for a moment, so the last five minutes count."],
        records: Vec::new(),
        alerts: vec![alert],
        scenarios: vec![scenario(subject, wait.test_minutes())],
    })
}

fn scenario(subject: &Subject, wait: u32) -> Scenario {
    let series = |reason: &str, values: String| {
        let container = subject.test_container();
        Series::new(
            format!(
                "kube_pod_container_status_waiting_reason{{job=\"kube-state-metrics\", {container}, reason=\"{reason}\"}}"
            ),
            values,
        )
    };
    let firing = Firing { alert: 0, labels: subject.test_container_labels(), value: String::new() };
    // The pod runs for two minutes between two crashes, and for good in the end.
    let crashes = [(None, 10), (Some(1.0), wait + 1), (None, 2), (Some(1.0), 2), (None, 20)];
    let end = 10 + wait + 1 + 2 + 2;
    let mut checks = vec![Check::silent(9)];
    if wait > 0 {
        checks.push(Check::silent(10 + wait - 1));
    }
    checks.extend([Check::fires(10 + wait, firing.clone()), Check::fires(end - 3, firing), Check::silent(end + 6)]);
    Scenario {
        name: "PodCrashLooping".to_owned(),
        series: vec![
            series("ContainerCreating", gauge(&[(Some(1.0), 10), (None, end + 10)])),
            series("CrashLoopBackOff", gauge(&crashes)),
        ],
        checks,
    }
}
