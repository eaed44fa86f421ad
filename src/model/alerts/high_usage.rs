//! A container comes near its CPU or memory limit.

use super::scenario::{
    Beside, Crossing, RATE_WINDOW, Scenario, Series, beside, counter, firing, levels as samples, percentage,
};
use super::text::{Level, levels, shares};
use super::{Alert, Family, Record, Subject, Wait};
use crate::spec::value::Ratio;
use crate::spec::{Alerts, Threshold};

/// What a container uses of a resource, as a part of its limit.
struct Usage {
    alert: &'static str,
    record: &'static str,
    meaning: &'static str,
    /// Value of the label `resource` of the limit.
    resource: &'static str,
    /// The resource in texts.
    word: &'static str,
    /// The amount that is in use, per container.
    amount: String,
    /// What follows at the limit.
    consequence: &'static str,
    /// The limit, in cores or bytes.
    limit: f64,
    /// Minutes until a test's series have their full effect.
    settle: u32,
    /// The series of the amount, for tests.
    series: String,
    /// Its samples while amounts are in use, each for a number of minutes.
    samples: fn(&[(f64, u32)]) -> String,
    /// How many parts of a core or of a byte the samples tell apart.
    precision: f64,
}

pub(super) fn cpu(subject: &Subject, listed: &Alerts) -> Option<Family> {
    let threshold = listed.cpu.as_ref()?;
    let usage = Usage {
        alert: "HighCpuUsage",
        record: "container:container_cpu_usage_per_limit:ratio_rate5m",
        meaning: "CPU time that a container uses, as a part of its limit.",
        resource: "cpu",
        word: "CPU",
        amount: format!(
            "sum by (namespace, pod, container) (\n  rate(container_cpu_usage_seconds_total{{job=\"kubelet-cadvisor\", {}}}[5m])\n)",
            containers(subject)
        ),
        consequence: "At 100% it is throttled and slow.",
        limit: subject.cpu_limit,
        settle: RATE_WINDOW,
        series: format!(
            "container_cpu_usage_seconds_total{{job=\"kubelet-cadvisor\", {}, cpu=\"total\"}}",
            subject.test_container()
        ),
        // A counter of CPU seconds grows by 60 a minute for each core in use.
        samples: |parts| counter(&parts.iter().map(|(cores, minutes)| (cores * 60.0, *minutes)).collect::<Vec<_>>()),
        precision: 1e6,
    };
    Some(usage.family(subject, threshold))
}

pub(super) fn memory(subject: &Subject, listed: &Alerts) -> Option<Family> {
    let threshold = listed.memory.as_ref()?;
    let usage = Usage {
        alert: "HighMemoryUsage",
        record: "container:container_memory_working_set_per_limit:ratio",
        meaning: "Memory in a container's working set, as a part of its limit.",
        resource: "memory",
        word: "memory",
        amount: format!(
            "max by (namespace, pod, container) (\n  container_memory_working_set_bytes{{job=\"kubelet-cadvisor\", {}}}\n)",
            containers(subject)
        ),
        consequence: "At 100% it is killed and restarted.",
        limit: subject.memory_limit,
        settle: 0,
        series: format!("container_memory_working_set_bytes{{job=\"kubelet-cadvisor\", {}}}", subject.test_container()),
        samples,
        precision: 1.0,
    };
    Some(usage.family(subject, threshold))
}

/// Matchers of the main process's containers.
fn containers(subject: &Subject) -> String {
    format!("namespace=\"{}\", {}, container=\"{}\"", subject.namespace, subject.pods(), subject.process)
}

impl Usage {
    fn family(&self, subject: &Subject, threshold: &Threshold<Ratio>) -> Family {
        let wait = Wait::given_or(threshold.r#for.as_ref(), 10);
        let levels = levels(threshold);
        Family {
            name: self.alert,
            note: &[],
            records: vec![self.record(subject)],
            alerts: levels.iter().map(|level| self.alert(subject, level, wait)).collect(),
            scenarios: self.scenarios(subject, &shares(&levels), wait.test_minutes()),
        }
    }

    fn record(&self, subject: &Subject) -> Record {
        let matchers = subject.kube(&format!(
            "{}, container=\"{}\", resource=\"{}\"",
            subject.pods(),
            subject.process,
            self.resource
        ));
        Record {
            name: self.record.to_owned(),
            meaning: self.meaning.to_owned(),
            unit: "0 to 1",
            expr: format!(
                "{}\n/\nmax by (namespace, pod, container) (\n  kube_pod_container_resource_limits{{{matchers}}} > 0\n)\n",
                self.amount
            ),
        }
    }

    fn alert(&self, subject: &Subject, level: &Level<Ratio>, wait: Wait) -> Alert {
        let Self { word, record, consequence, .. } = self;
        Alert {
            severity: level.severity,
            labels: Vec::new(),
            expr: format!("{record}{{{}}} > {}\n", containers(subject), level.above.decimal()),
            wait,
            when: format!("a container uses more than {} of its {word} limit", level.above),
            summary: format!("A pod of {} uses more than {} of its {word} limit", subject.title(), level.above),
            description: format!(
                "Container {{{{ $labels.container }}}} of pod {{{{ $labels.pod }}}} in namespace {} uses {{{{ $value | humanizePercentage }}}} of its {word} limit. {consequence}",
                subject.namespace
            ),
        }
    }

    /// The amount that is a part of the limit, as precise as samples are.
    fn amount(&self, share: f64) -> f64 {
        (share * self.limit * self.precision).round() / self.precision
    }

    fn scenarios(&self, subject: &Subject, thresholds: &[f64], wait: u32) -> Vec<Scenario> {
        let pairs = beside(thresholds, f64::INFINITY, |share| self.amount(share) / self.limit);
        pairs.into_iter().map(|pair| self.scenario(subject, thresholds, wait, pair)).collect()
    }

    fn scenario(&self, subject: &Subject, thresholds: &[f64], wait: u32, pair: Beside) -> Scenario {
        let crossing = Crossing { settle: self.settle, wait };
        let limits = format!(
            "kube_pod_container_resource_limits{{job=\"kube-state-metrics\", {}, resource=\"{}\"}}",
            subject.test_container(),
            self.resource
        );
        let firing = |share| firing(thresholds, share, &subject.test_container_labels());
        Scenario {
            name: format!("{}: {}, then {}", self.alert, percentage(pair.above), percentage(pair.below)),
            series: vec![
                Series::new(limits, samples(&[(self.limit, crossing.ends() + 1)])),
                Series::new(
                    self.series.clone(),
                    (self.samples)(&crossing.parts(self.amount(pair.above), self.amount(pair.below))),
                ),
            ],
            checks: crossing.checks(firing(pair.above), firing(pair.below)),
        }
    }
}
