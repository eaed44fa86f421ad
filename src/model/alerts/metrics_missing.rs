//! Other alerts are blind, since what they look at does not arrive.

use std::collections::BTreeSet;

use super::scenario::{Check, Firing, Scenario, Series, gauge, levels};
use super::{Alert, Family, Source, Subject, Wait};
use crate::spec::Severity;

/// How long a source may be silent.
const SOURCE_WAIT: Wait = Wait::minutes(15);

/// How long a metric may be missing: it exists only after the first request since a pod's start.
const METRIC_WAIT: Wait = Wait::minutes(60);

/// Something that may be missing.
struct Missing {
    /// Value of the label `source`.
    source: String,
    /// The series that must be there.
    series: String,
    /// The series as a scrape gives it, for tests.
    test_series: String,
    kind: Kind,
}

/// What may be missing.
enum Kind {
    /// Every scrape of a source.
    Scrape(Source),
    /// A metric of the application.
    Metric,
}

pub(super) fn family(subject: &Subject, used: &BTreeSet<(Source, &'static str)>) -> Option<Family> {
    let sources: BTreeSet<Source> = used.iter().map(|(source, _)| *source).collect();
    let metrics = used.iter().filter(|(source, _)| *source == Source::Application).map(|(_, name)| *name);
    let missing: Vec<Missing> = sources
        .iter()
        .map(|source| scrape(subject, *source))
        .chain(metrics.map(|name| metric(subject, name)))
        .collect();
    if missing.is_empty() {
        return None;
    }
    Some(Family {
        name: "MetricsMissing",
        note: &["The rules above are blind where a source is not scraped or a metric is not exposed."],
        records: Vec::new(),
        alerts: missing.iter().map(|missing| alert(subject, missing)).collect(),
        scenarios: (0..missing.len())
            .map(|at| scenario(subject, &missing, at))
            .chain(application_gone(&missing))
            .collect(),
    })
}

fn scrape(subject: &Subject, source: Source) -> Missing {
    let job = source.job(&subject.project);
    let (series, test_series) = match source {
        Source::Application => (format!("up{{{}}}", subject.app()), format!("up{}", subject.test_app(""))),
        _ => (format!("up{{job=\"{job}\"}}"), format!("up{{job=\"{job}\", instance=\"10.0.0.9:8080\"}}")),
    };
    Missing { source: job.to_owned(), series, test_series, kind: Kind::Scrape(source) }
}

fn metric(subject: &Subject, name: &str) -> Missing {
    let rest = if name.ends_with("_bucket") { ", le=\"+Inf\"" } else { ", code=\"200\"" };
    Missing {
        source: name.trim_end_matches("_bucket").to_owned(),
        series: format!("{name}{{{}}}", subject.app()),
        test_series: format!("{name}{}", subject.test_app(rest)),
        kind: Kind::Metric,
    }
}

impl Missing {
    fn wait(&self) -> Wait {
        match self.kind {
            Kind::Scrape(_) => SOURCE_WAIT,
            Kind::Metric => METRIC_WAIT,
        }
    }
}

fn alert(subject: &Subject, missing: &Missing) -> Alert {
    let Subject { project, namespace, .. } = subject;
    let Missing { source, series, .. } = missing;
    let (wait, title) = (missing.wait(), subject.title());
    let (expr, when, lack, description) = match missing.kind {
        Kind::Scrape(about) => (
            format!("absent({series} == 1)\n"),
            format!("no target of scrape job `{source}` answers"),
            format!("scrape job {source} gets no answer"),
            format!(
                "No target of scrape job {source} has answered for {}. Alerts on {} cannot fire.",
                wait.spoken(),
                about.subject()
            ),
        ),
        Kind::Metric => (
            format!("absent({series})\nand on ()\nup{{{}}} == 1\n", subject.app()),
            format!("the application does not expose `{source}`"),
            format!("the application does not expose {source}"),
            format!(
                "The pods of {project} in namespace {namespace} have answered without metric {source} for {}. Alerts that use it cannot fire.",
                wait.spoken()
            ),
        ),
    };
    Alert {
        severity: Severity::Warning,
        labels: vec![("source", source.clone())],
        expr,
        wait,
        when,
        summary: format!("Alerts of {title} are blind: {lack}"),
        description,
    }
}

/// One source goes and comes back while all others are there.
fn scenario(subject: &Subject, all: &[Missing], at: usize) -> Scenario {
    let missing = &all[at];
    let wait = missing.wait().test_minutes();
    let away = wait + 5;
    let total = 10 + away + 10;
    let own = match missing.kind {
        Kind::Scrape(_) => levels(&[(1.0, 10), (0.0, away), (1.0, 10)]),
        Kind::Metric => gauge(&[(Some(1.0), 10), (None, away), (Some(1.0), 10)]),
    };
    let series = |(other, entry): (usize, &Missing)| {
        let values = if other == at { own.clone() } else { levels(&[(1.0, total)]) };
        Series::new(entry.test_series.clone(), values)
    };
    let labels = match missing.kind {
        // `absent` of a plain selector keeps the labels that it asks for.
        Kind::Metric => vec![("job", subject.project.clone())],
        Kind::Scrape(_) => Vec::new(),
    };
    Scenario {
        name: format!("MetricsMissing: {}", missing.source),
        series: all.iter().enumerate().map(series).collect(),
        checks: vec![
            Check::silent(9),
            Check::silent(10 + wait - 1),
            Check::fires(10 + wait, Firing { alert: at, labels, value: String::new() }),
            Check::silent(10 + away),
        ],
    }
}

/// Nothing of the application is scraped for so long that its metrics would count as missing: one alert is enough.
fn application_gone(all: &[Missing]) -> Option<Scenario> {
    let alert = all.iter().position(|missing| matches!(missing.kind, Kind::Scrape(Source::Application)))?;
    let minute = METRIC_WAIT.test_minutes() + 1;
    let series = |missing: &Missing| match missing.kind {
        Kind::Scrape(Source::Application) => Some(levels(&[(0.0, minute + 1)])),
        Kind::Scrape(_) => Some(levels(&[(1.0, minute + 1)])),
        Kind::Metric => None,
    };
    let given = all.iter().filter_map(|missing| Some(Series::new(missing.test_series.clone(), series(missing)?)));
    Some(Scenario {
        name: "MetricsMissing: one alert when the whole application is not scraped".to_owned(),
        series: given.collect(),
        checks: vec![Check::fires(minute, Firing { alert, labels: Vec::new(), value: String::new() })],
    })
}
