//! Prometheus' configuration and rule files: <https://prometheus.io/docs/prometheus/latest/configuration/>.

use std::collections::BTreeMap;

shapes! {
    rename_all = "snake_case";

    /// `prometheus.yaml`.
    Configuration {
        global: Global,
        rule_files: Option<Vec<String>>,
        alerting: Option<Alerting>,
        scrape_configs: Vec<ScrapeJob>,
    }
    /// Intervals of all jobs.
    Global {
        scrape_interval: String,
        scrape_timeout: String,
        evaluation_interval: String,
    }
    /// Where alerts go.
    Alerting {
        alertmanagers: Vec<Alertmanagers>,
    }
    /// Alertmanagers at fixed addresses.
    Alertmanagers {
        static_configs: Vec<Addresses>,
    }
    /// Hosts with ports.
    Addresses {
        targets: Vec<String>,
    }
    /// What is scraped, and how.
    ScrapeJob {
        job_name: String,
        scheme: Option<String>,
        metrics_path: Option<String>,
        honor_labels: Option<bool>,
        track_timestamps_staleness: Option<bool>,
        authorization: Option<Authorization>,
        tls_config: Option<Tls>,
        kubernetes_sd_configs: Vec<Discovery>,
        relabel_configs: Option<Vec<Relabeling>>,
        metric_relabel_configs: Option<Vec<Relabeling>>,
    }
    /// The token of Prometheus' account.
    Authorization {
        credentials_file: String,
    }
    /// Who signs the other side's certificate.
    Tls {
        ca_file: String,
    }
    /// Kubernetes objects that are targets.
    Discovery {
        role: Role,
        namespaces: Option<Namespaces>,
        selectors: Option<Vec<Selector>>,
    }
    /// Where they are.
    Namespaces {
        names: Vec<String>,
    }
    /// Which of them.
    Selector {
        role: Role,
        label: String,
    }
    /// A step that keeps, drops or changes labels.
    Relabeling {
        source_labels: Option<Vec<String>>,
        separator: Option<String>,
        regex: Option<String>,
        target_label: Option<String>,
        replacement: Option<String>,
        action: Option<String>,
    }
    /// A rule file.
    Rules {
        groups: Vec<Group>,
    }
    /// Rules that are evaluated one after the other.
    Group {
        name: String,
        interval: Option<String>,
        rules: Vec<Rule>,
    }
    /// A recorded series or an alert.
    Rule {
        record: Option<String>,
        alert: Option<String>,
        expr: String,
        r#for: Option<String>,
        labels: Option<BTreeMap<String, String>>,
        annotations: Option<Annotations>,
    }
    /// What a person reads.
    Annotations {
        summary: String,
        description: String,
        runbook_url: String,
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    Pod,
    Node,
}
