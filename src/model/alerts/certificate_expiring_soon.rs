//! A certificate was not renewed in time.

use super::scenario::{Check, Firing, Scenario, Series, levels};
use super::{Alert, Family, Record, Subject, Wait};
use crate::spec::Severity;

const WAIT: Wait = Wait::minutes(60);
const RECORD: &str = "certificate:certmanager_certificate_lifetime_left:ratio";

/// Severity, and the part of its lifetime that a certificate must have left. cert-manager renews at a third whatever the
/// lifetime is, and authorities are going from 90 to 45 days, so a number of days would be wrong for one of them.
const LEVELS: [(Severity, &str, &str); 2] = [(Severity::Warning, "0.25", "25%"), (Severity::Critical, "0.1", "10%")];

pub(super) fn family(subject: &Subject) -> Option<Family> {
    let name = subject.certificates.first()?;
    Some(Family {
        name: "CertificateExpiringSoon",
        note: &[
            "cert-manager renews when a third of the lifetime is left, whatever the lifetime (90, 64 or 45 days), so a quarter",
            "means that renewing has failed for days.",
        ],
        records: vec![record(subject)],
        alerts: LEVELS.iter().map(|(severity, below, percent)| alert(subject, *severity, below, percent)).collect(),
        scenarios: vec![scenario(subject, name)],
    })
}

fn record(subject: &Subject) -> Record {
    let time = |which: &str| {
        format!(
            "certmanager_certificate_{which}_timestamp_seconds{{job=\"cert-manager\", namespace=\"{}\"}}",
            subject.namespace
        )
    };
    let (not_before, not_after) = (time("not_before"), time("not_after"));
    Record {
        name: RECORD.to_owned(),
        meaning: "The part of its lifetime that a certificate has left; none while it was never issued.".to_owned(),
        unit: "0 to 1",
        expr: format!(
            "(max by (namespace, name) ({not_after} > 0) - time())\n/\n(\n  max by (namespace, name) ({not_after})\n  -\n  max by (namespace, name) ({not_before})\n)\n"
        ),
    }
}

fn alert(subject: &Subject, severity: Severity, below: &str, percent: &str) -> Alert {
    let title = subject.title();
    Alert {
        severity,
        labels: Vec::new(),
        expr: format!("{RECORD}{{namespace=\"{}\"}} < {below}\n", subject.namespace),
        wait: WAIT,
        when: format!("a certificate has less than {percent} of its lifetime left"),
        summary: match severity {
            Severity::Critical => format!("A TLS certificate of {title} is about to expire"),
            _ => format!("A TLS certificate of {title} is not being renewed"),
        },
        description: format!(
            "Certificate {{{{ $labels.name }}}} in namespace {} has {{{{ $value | humanizePercentage }}}} of its lifetime left; it should have been renewed at 33%. Browsers refuse the site when it ends.",
            subject.namespace
        ),
    }
}

/// A certificate of 1,000 minutes that was issued 700 minutes before the test begins: a quarter is left at minute 50, a
/// tenth at minute 200.
fn scenario(subject: &Subject, name: &str) -> Scenario {
    let series = |which: &str, values: [f64; 2]| {
        let labels = format!("job=\"cert-manager\", namespace=\"{}\", name=\"{name}\"", subject.namespace);
        let values = levels(&[(values[0], 270), (values[1], 10)]);
        Series::new(format!("certmanager_certificate_{which}_timestamp_seconds{{{labels}}}"), values)
    };
    let firing =
        |alert, value: &str| Firing { alert, labels: vec![("name", name.to_owned())], value: value.to_owned() };
    Scenario {
        name: "CertificateExpiringSoon: not renewed for long, then renewed".to_owned(),
        series: vec![series("not_before", [-42_000.0, 16_000.0]), series("not_after", [18_000.0, 76_000.0])],
        checks: vec![
            Check::silent(50),
            Check::silent(110),
            Check::fires(111, firing(0, "18.9%")),
            Check::fires(260, firing(0, "4%")),
            Check { minute: 261, firing: vec![firing(0, "3.9%"), firing(1, "3.9%")] },
            Check::silent(271),
        ],
    }
}
