//! No pod is ready.

use super::scenario::{Check, Firing, Scenario, Series, gauge, levels};
use super::subject::scrape;
use super::{Alert, Family, Subject, Wait};
use crate::spec::Alerts;
use crate::spec::value::ScalarOr;

pub(super) fn family(subject: &Subject, listed: &Alerts) -> Option<Family> {
    let (severity, wait) = match listed.down.as_ref()? {
        ScalarOr::Scalar(severity) => (*severity, None),
        ScalarOr::Map(rule) => (rule.severity, rule.r#for.as_ref()),
    };
    let wait = Wait::given_or(wait, 2);
    let Subject { namespace, deployment, process, .. } = subject;
    let consequence = if subject.has_port { "Every request fails." } else { "Its work is not done." };
    let series = replicas(subject);
    let alert = Alert {
        severity,
        labels: vec![("component", process.clone())],
        expr: format!(
            "max by (namespace, deployment) (\n  {series} == 0\n  or\n  absent({series})\n  and on ()\n  up{{job=\"kube-state-metrics\"}} == 1\n)\n"
        ),
        wait,
        when: format!("no pod of Deployment `{deployment}` is ready, or the Deployment is gone"),
        summary: format!("{} is down", subject.title()),
        description: format!(
            "No pod of Deployment {deployment} in namespace {namespace} has been ready for {}. {consequence}",
            wait.spoken()
        ),
    };
    Some(Family {
        name: "ServiceDown",
        note: &["No pod is ready, or the Deployment is gone although its state is being scraped."],
        records: Vec::new(),
        alerts: vec![alert],
        scenarios: scenarios(subject, wait.test_minutes()),
    })
}

fn replicas(subject: &Subject) -> String {
    format!(
        "kube_deployment_status_replicas_available{{{}}}",
        subject.kube(&format!("deployment=\"{}\"", subject.deployment))
    )
}

fn scenarios(subject: &Subject, wait: u32) -> Vec<Scenario> {
    let series = replicas(subject);
    let firing = || Firing { alert: 0, labels: vec![("deployment", subject.deployment.clone())], value: String::new() };
    let away = wait + 5;
    let mut unready = vec![Check::silent(9)];
    if wait > 0 {
        unready.push(Check::silent(10 + wait - 1));
    }
    unready.extend([Check::fires(10 + wait, firing()), Check::silent(10 + away + 1)]);
    let gone = Series::new(series.clone(), gauge(&[(Some(1.0), 10), (None, away)]));
    vec![
        Scenario {
            name: "ServiceDown: the last ready pod goes and comes back".to_owned(),
            series: vec![Series::new(series, levels(&[(1.0, 10), (0.0, away), (1.0, 10)]))],
            checks: unready,
        },
        Scenario {
            name: "ServiceDown: the Deployment is gone".to_owned(),
            series: vec![gone.clone(), scrape("kube-state-metrics", &[(1.0, 10 + away)])],
            checks: vec![Check::silent(9), Check::fires(10 + wait, firing())],
        },
        Scenario {
            name: "ServiceDown: silent when only kube-state-metrics is gone".to_owned(),
            series: vec![gone, scrape("kube-state-metrics", &[(1.0, 10), (0.0, away)])],
            checks: vec![Check::silent(10 + away - 1)],
        },
    ]
}
