//! Every rule parses, uses known metrics only, and is proven by a scenario; for the alerts of `orders` and for any
//! threshold that a spec may name.

use std::collections::BTreeSet;

use promql_parser::parser::{Expr, parse};
use promql_parser::util::{ExprVisitor, walk_expr};
use proptest::prelude::*;

use super::scenario::{Crossing, beside, counter, gauge, levels, percentage};
use super::*;

/// All that can be listed, in the language's own words.
const EVERYTHING: &str = "
down: critical
errorRate: {warning: 1%, critical: 5%}
latency: {p50: {warning: 100ms}, p95: {warning: 500ms, critical: 1s}, p99: {critical: 2s, for: 90s}}
cpu: {warning: 80%}
memory: {warning: 85%, critical: 95%, for: 10m}
crashLoop: {severity: warning, for: 1.5h}
";

fn listed(yaml: &str) -> Alerts {
    serde_yaml::from_str(yaml).unwrap()
}

fn subject() -> Subject {
    Subject {
        project: "orders".into(),
        environment: "production".into(),
        namespace: "orders-production".into(),
        deployment: "orders".into(),
        process: "web".into(),
        cpu_limit: 1.0,
        memory_limit: 536_870_912.0,
        most_replicas: Some(24),
        has_port: true,
        has_metrics: true,
        backups: vec![Backup {
            store: "postgres".into(),
            cron_job: "orders-backup-postgres".into(),
            schedule: "0 3 * * *".into(),
            age_hours: 48,
        }],
        certificates: vec!["orders-tls".into(), "orders-admin-tls".into()],
        quota: Some("orders".into()),
    }
}

fn everything() -> Vec<Group> {
    alerts(&subject(), Some(&listed(EVERYTHING)))
}

fn families(groups: &[Group]) -> impl Iterator<Item = &Family> {
    groups.iter().flat_map(|group| &group.families)
}

/// The names of the series that an expression reads.
struct Names(BTreeSet<String>);

impl ExprVisitor for Names {
    type Error = ();

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, ()> {
        let name = match expr {
            Expr::VectorSelector(selector) => selector.name.clone(),
            Expr::MatrixSelector(selector) => selector.vs.name.clone(),
            _ => None,
        };
        self.0.extend(name);
        Ok(true)
    }
}

fn names(expr: &str) -> BTreeSet<String> {
    let parsed = parse(expr).unwrap_or_else(|error| panic!("{error}\n{expr}"));
    let mut names = Names(BTreeSet::new());
    walk_expr(&mut names, &parsed).unwrap();
    names.0
}

/// Every expression of the groups parses, and reads only known metrics and series that its own group records before.
fn check_expressions(groups: &[Group]) {
    for group in groups {
        let mut recorded = BTreeSet::from(["up".to_owned()]);
        let known = |name: &str| metric::KNOWN.iter().any(|(known, _)| *known == name);
        let records = group.families.iter().flat_map(|family| &family.records);
        for Record { name, expr, .. } in records {
            for used in names(expr) {
                assert!(known(&used) || recorded.contains(&used), "{name} reads {used}, which nothing gives");
            }
            recorded.insert(name.clone());
        }
        for alert in group.families.iter().flat_map(|family| &family.alerts) {
            for used in names(&alert.expr) {
                assert!(
                    known(&used) || recorded.contains(&used),
                    "{} reads {used}, which nothing gives",
                    alert.summary
                );
            }
        }
    }
}

/// Every alert is seen firing, and each family silent again after that, and silent before unless it does not wait.
fn check_scenarios(groups: &[Group]) {
    for family in families(groups) {
        let checks = || family.scenarios.iter().flat_map(|scenario| &scenario.checks);
        let fired: BTreeSet<usize> = checks().flat_map(|check| &check.firing).map(|firing| firing.alert).collect();
        assert_eq!(fired, (0..family.alerts.len()).collect(), "alerts of {} that fire in tests", family.name);
        let resolved = |scenario: &Scenario| {
            let last_fired = scenario.checks.iter().rposition(|check| !check.firing.is_empty());
            last_fired.is_some_and(|at| {
                let at_once = scenario.checks[0].minute == 0;
                (at_once || scenario.checks[0].firing.is_empty()) && at + 1 < scenario.checks.len()
            })
        };
        assert!(family.scenarios.iter().any(resolved), "{} never resolves in tests", family.name);
        for scenario in &family.scenarios {
            assert!(scenario.checks.is_sorted_by_key(|check| check.minute), "{}", scenario.name);
        }
    }
}

#[test]
fn every_expression_parses_and_reads_known_metrics() {
    check_expressions(&everything());
}

#[test]
fn the_metrics_that_are_kept_are_those_that_the_rules_read() {
    let groups = everything();
    let kept: BTreeSet<String> = metrics(&groups).into_iter().map(|(_, name)| name.to_owned()).collect();
    let records = families(&groups).flat_map(|family| &family.records).map(|record| &record.expr);
    let rules = families(&groups).flat_map(|family| &family.alerts).map(|alert| &alert.expr);
    let read: BTreeSet<String> = records.chain(rules).flat_map(|expr| names(expr)).collect();
    let read: BTreeSet<String> = read.into_iter().filter(|name| name != "up" && !name.contains(':')).collect();
    assert_eq!(kept, read);
}

#[test]
fn every_alert_is_proven() {
    check_scenarios(&everything());
}

#[test]
fn rules_of_one_name_differ_by_labels() {
    for family in families(&everything()) {
        let mut seen = BTreeSet::new();
        for alert in &family.alerts {
            assert!(seen.insert((alert.severity, alert.labels.clone())), "{}: {:?}", family.name, alert.labels);
        }
    }
}

#[test]
fn only_what_exists_has_alerts() {
    let bare = Subject {
        most_replicas: None,
        backups: Vec::new(),
        certificates: Vec::new(),
        quota: None,
        has_metrics: false,
        ..subject()
    };
    assert!(alerts(&bare, None).is_empty());
    let groups = alerts(&bare, Some(&listed("down: critical")));
    let names: Vec<&str> = families(&groups).map(|family| family.name).collect();
    assert_eq!(names, ["ServiceDown", "MetricsMissing"]);
}

#[test]
fn values_stand_close_on_both_sides_of_each_threshold() {
    let shares = |thresholds: &[f64]| -> Vec<[String; 2]> {
        let pairs = beside(thresholds, 1.0, |share| share);
        pairs.iter().map(|pair| [percentage(pair.above), percentage(pair.below)]).collect()
    };
    assert_eq!(shares(&[0.01, 0.05]), [["1.02%", "0.98%"], ["5.1%", "4.9%"]]);
    // Half the way where the next threshold, or 100%, is nearer than that.
    assert_eq!(shares(&[0.50, 0.51]), [["50.5%", "49%"], ["52.02%", "50.5%"]]);
    assert_eq!(shares(&[0.99, 0.99]), [["99.5%", "97.02%"]]);
    // 76.755% would be written as 76.75% or as 76.76%.
    assert_eq!(shares(&[0.7525]), [["76.73%", "73.77%"]]);
}

#[test]
fn nothing_may_fire_before_the_wait_is_over() {
    let firing = scenario::Firing { alert: 0, labels: Vec::new(), value: String::new() };
    let minutes = |settle, wait| -> Vec<(u32, usize)> {
        let checks = Crossing { settle, wait }.checks(vec![firing.clone()], Vec::new());
        checks.iter().map(|check| (check.minute, check.firing.len())).collect()
    };
    assert_eq!(minutes(1, 5), [(5, 0), (6, 1), (14, 0)]);
    assert_eq!(minutes(0, 0), [(0, 1), (8, 0)]);
}

#[test]
fn samples_are_written_as_promtool_reads_them() {
    assert_eq!(counter(&[(10.0, 3), (0.5, 2)]), "0+10x2 30+0.5x1");
    assert_eq!(levels(&[(1.0, 3), (0.0, 1)]), "1+0x2 0+0x0");
    assert_eq!(gauge(&[(None, 2), (Some(-1.5), 1), (None, 3)]), "_x2 -1.5+0x0 stale _x2");
}

#[test]
fn waits_have_no_decimals() {
    let wait = |text: &str| Wait::given_or(Some(&text.to_owned().try_into().unwrap()), 5);
    assert_eq!(
        [wait("1.5h").prometheus(), wait("90s").prometheus(), wait("1h").prometheus(), wait("0s").prometheus()],
        ["90m", "90s", "1h", "0s"]
    );
    assert_eq!([spoken(172_800), spoken(3600), spoken(90), spoken(60)], ["2 days", "1 hour", "90 seconds", "1 minute"]);
}

#[test]
fn percentages_are_those_of_prometheus() {
    assert_eq!([0.000_102, 0.049, 0.784, 0.188_888_8].map(percentage), ["0.0102%", "4.9%", "78.4%", "18.89%"]);
}

proptest! {
    #[test]
    fn any_threshold_gives_rules_that_parse_and_are_proven(
        warning in 1_u32..99_000, above in 0_u32..999, slow in 1_u32..600_000, slower in 0_u32..600_000, wait in 0_u32..86_400
    ) {
        let ratio = |thousandths: u32| format!("{}.{:03}%", thousandths / 1000, thousandths % 1000);
        let (low, high) = (ratio(warning), ratio(warning + above));
        let (first, second) = (slow, slow + slower);
        let yaml = format!(
            "down: {{severity: critical, for: {wait}s}}\n\
             crashLoop: {{severity: info, for: {wait}s}}\n\
             errorRate: {{warning: {low}, critical: {high}, for: {wait}s}}\n\
             cpu: {{critical: {low}}}\nmemory: {{warning: {low}, critical: {high}}}\n\
             latency: {{p50: {{warning: {first}ms, critical: {second}ms}}, p99: {{critical: {second}ms, for: {wait}s}}}}\n"
        );
        let groups = alerts(&subject(), Some(&listed(&yaml)));
        check_expressions(&groups);
        check_scenarios(&groups);
    }
}
