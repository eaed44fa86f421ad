//! A container comes near its CPU or memory limit.

use super::scenario::{Firing, RATE_WINDOW, Scenario, Series, checks, counter, ladder, levels as samples, percentage};
use super::text::{Level, levels};
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
    };
    // A counter of CPU seconds grows by 60 a minute for each core in use.
    let values = |parts: &[(f64, u32)]| {
        let growth: Vec<(f64, u32)> =
            parts.iter().map(|(share, minutes)| (share * subject.cpu_limit * 60.0, *minutes)).collect();
        counter(&growth)
    };
    let series = format!(
        "container_cpu_usage_seconds_total{{job=\"kubelet-cadvisor\", {}, cpu=\"total\"}}",
        subject.test_container()
    );
    Some(usage.family(subject, threshold, subject.cpu_limit, |parts| Series::new(series.clone(), values(parts))))
}

pub(super) fn memory(subject: &Subject, listed: &Alerts) -> Option<Family> {
    let threshold = listed.memory.as_ref()?;
    let usage = Usage {
        alert: "HighMemoryUsage",
        record: "container:container_memory_working_set_per_limit:ratio",
        meaning: "Memory that a container cannot give back, as a part of its limit.",
        resource: "memory",
        word: "memory",
        amount: format!(
            "max by (namespace, pod, container) (\n  container_memory_working_set_bytes{{job=\"kubelet-cadvisor\", {}}}\n)",
            containers(subject)
        ),
        consequence: "At 100% it is killed and restarted.",
    };
    let values = |parts: &[(f64, u32)]| {
        let bytes: Vec<(f64, u32)> =
            parts.iter().map(|(share, minutes)| ((share * subject.memory_limit).round(), *minutes)).collect();
        samples(&bytes)
    };
    let series =
        format!("container_memory_working_set_bytes{{job=\"kubelet-cadvisor\", {}}}", subject.test_container());
    Some(usage.family(subject, threshold, subject.memory_limit, |parts| Series::new(series.clone(), values(parts))))
}

/// Matchers of the main process's containers.
fn containers(subject: &Subject) -> String {
    format!("namespace=\"{}\", {}, container=\"{}\"", subject.namespace, subject.pods(), subject.process)
}

impl Usage {
    fn family(
        &self,
        subject: &Subject,
        threshold: &Threshold<Ratio>,
        limit: f64,
        used: impl Fn(&[(f64, u32)]) -> Series,
    ) -> Family {
        let wait = Wait::given_or(threshold.r#for.as_ref(), 10);
        let levels = levels(threshold);
        Family {
            name: self.alert,
            note: &[],
            records: vec![self.record(subject)],
            alerts: levels.iter().map(|level| self.alert(subject, level, wait)).collect(),
            scenarios: vec![self.scenario(subject, &levels, wait.test_minutes(), limit, used)],
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

    fn scenario(
        &self,
        subject: &Subject,
        levels: &[Level<Ratio>],
        wait: u32,
        limit: f64,
        used: impl Fn(&[(f64, u32)]) -> Series,
    ) -> Scenario {
        let thresholds: Vec<f64> =
            levels.iter().map(|level| f64::from(level.above.millipercent()) / 100_000.0).collect();
        let phases = ladder(&thresholds);
        let length = RATE_WINDOW + wait + 5;
        let parts: Vec<(f64, u32)> = phases.iter().map(|phase| (phase.value, length)).collect();
        let total: u32 = parts.iter().map(|(_, minutes)| minutes).sum();
        let limits = format!(
            "kube_pod_container_resource_limits{{job=\"kube-state-metrics\", {}, resource=\"{}\"}}",
            subject.test_container(),
            self.resource
        );
        let firing = |alert, share| Firing { alert, labels: subject.test_container_labels(), value: percentage(share) };
        Scenario {
            name: self.alert.to_owned(),
            series: vec![Series::new(limits, samples(&[(limit, total)])), used(&parts)],
            checks: checks(&phases, length, wait, firing),
        }
    }
}
