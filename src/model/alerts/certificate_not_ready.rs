//! A host has no usable certificate.

use super::scenario::{Check, Firing, Scenario, Series, levels};
use super::subject::scrape;
use super::{Alert, Family, Subject, Wait};
use crate::spec::Severity;

const WAIT: Wait = Wait::minutes(15);

pub(super) fn family(subject: &Subject) -> Option<Family> {
    let name = subject.certificates.first()?;
    let missing: Vec<String> = subject
        .certificates
        .iter()
        .map(|name| format!("absent({})", ready(subject, &format!("name=\"{name}\", condition=\"True\""))))
        .collect();
    let missing = match missing.as_slice() {
        [one] => format!("  {one}"),
        several => format!("  (\n    {}\n  )", several.join("\n    or\n    ")),
    };
    let alert = Alert {
        severity: Severity::Critical,
        labels: Vec::new(),
        expr: format!(
            "max by (namespace, name) (\n  {} == 0\n  or\n{missing}\n  and on ()\n  up{{job=\"cert-manager\"}} == 1\n)\n",
            ready(subject, "condition=\"True\"")
        ),
        wait: WAIT,
        when: "a certificate is not ready, or does not exist".to_owned(),
        summary: format!("A TLS certificate of {} is not usable", subject.title()),
        description: format!(
            "Certificate {{{{ $labels.name }}}} in namespace {} has not been ready for {}, or does not exist. Browsers refuse its host, or will when an older certificate ends.",
            subject.namespace,
            WAIT.spoken()
        ),
    };
    Some(Family {
        name: "CertificateNotReady",
        note: &["Never issued, expired, not matching its spec, or gone although cert-manager is being scraped."],
        records: Vec::new(),
        alerts: vec![alert],
        scenarios: scenarios(subject, name),
    })
}

fn ready(subject: &Subject, rest: &str) -> String {
    format!("certmanager_certificate_ready_status{{job=\"cert-manager\", namespace=\"{}\", {rest}}}", subject.namespace)
}

fn scenarios(subject: &Subject, name: &str) -> Vec<Scenario> {
    let wait = WAIT.test_minutes();
    let length = wait + 5;
    let firing = |name: &str| Firing { alert: 0, labels: vec![("name", name.to_owned())], value: String::new() };
    let series = |name: &str, condition: &str, values| {
        Series::new(ready(subject, &format!("name=\"{name}\", condition=\"{condition}\"")), values)
    };
    let others = subject.certificates.iter().filter(|other| *other != name);
    let healthy = others.map(|other| series(other, "True", levels(&[(1.0, 3 * length)])));
    let own = [
        series(name, "True", levels(&[(1.0, length), (0.0, length), (1.0, length)])),
        series(name, "False", levels(&[(0.0, length), (1.0, length), (0.0, length)])),
    ];
    vec![
        Scenario {
            name: "CertificateNotReady: fails, then is issued".to_owned(),
            series: own.into_iter().chain(healthy).collect(),
            checks: vec![
                Check::silent(length - 1),
                Check::silent(length + wait - 1),
                Check::fires(length + wait, firing(name)),
                Check::silent(2 * length),
            ],
        },
        Scenario {
            name: "CertificateNotReady: the Certificates are gone".to_owned(),
            series: vec![scrape("cert-manager", &[(1.0, 2 * length)])],
            checks: vec![
                Check::silent(wait - 1),
                Check { minute: wait, firing: subject.certificates.iter().map(|name| firing(name)).collect() },
            ],
        },
        Scenario {
            name: "CertificateNotReady: silent when cert-manager is gone".to_owned(),
            series: vec![scrape("cert-manager", &[(0.0, 2 * length)])],
            checks: vec![Check::silent(wait + 1)],
        },
    ]
}
