//! The autoscaler cannot add pods any more.

use super::scenario::{Check, Firing, Scenario, Series, levels};
use super::{Alert, Family, Subject, Wait};
use crate::spec::Severity;

const WAIT: Wait = Wait::minutes(15);

pub(super) fn family(subject: &Subject) -> Option<Family> {
    let most = subject.most_replicas?;
    let Subject { namespace, deployment, .. } = subject;
    let alert = Alert {
        severity: Severity::Warning,
        labels: Vec::new(),
        expr: format!(
            "max by (namespace, horizontalpodautoscaler) ({})\n>=\nmax by (namespace, horizontalpodautoscaler) ({})\n",
            series(subject, "status_current_replicas"),
            series(subject, "spec_max_replicas")
        ),
        wait: WAIT,
        when: format!("the autoscaler runs {most} pods, as many as it may"),
        summary: format!("{} runs as many pods as its autoscaler may start", subject.title()),
        description: format!(
            "Autoscaler {deployment} in namespace {namespace} has been at its maximum of {{{{ $value }}}} pods for {}. More load than now makes the service slow.",
            WAIT.spoken()
        ),
    };
    Some(Family {
        name: "AutoscalerAtMaximum",
        note: &[],
        records: Vec::new(),
        alerts: vec![alert],
        scenarios: vec![scenario(subject, most)],
    })
}

fn series(subject: &Subject, metric: &str) -> String {
    let matchers = subject.kube(&format!("horizontalpodautoscaler=\"{}\"", subject.deployment));
    format!("kube_horizontalpodautoscaler_{metric}{{{matchers}}}")
}

fn scenario(subject: &Subject, most: u32) -> Scenario {
    let wait = WAIT.test_minutes();
    let (most, length) = (f64::from(most), wait + 5);
    let firing = Firing {
        alert: 0,
        labels: vec![("horizontalpodautoscaler", subject.deployment.clone())],
        value: most.to_string(),
    };
    Scenario {
        name: "AutoscalerAtMaximum".to_owned(),
        series: vec![
            Series::new(series(subject, "spec_max_replicas"), levels(&[(most, 3 * length)])),
            Series::new(
                series(subject, "status_current_replicas"),
                levels(&[(most - 1.0, length), (most, length), (most - 1.0, length)]),
            ),
        ],
        checks: vec![
            Check::silent(length - 1),
            Check::silent(length + wait - 1),
            Check::fires(length + wait, firing),
            Check::silent(2 * length),
        ],
    }
}
