//! The list of generated files, in output order. To add one: its template at its output path, and a line here.
//!
//! A template's path is the path of the file that it renders; `[env]` stands for an environment, `[name]` for an item.

use minijinja::Value;

use crate::context::{
    backup, docker, edge, infrastructure, jobs, lint_waivers, metrics, namespace, network_policy, prerequisites,
    prometheus, runbook, secret, workflow, workload,
};
use crate::render::Format;
use crate::resolve::{Resolved, ResolvedProject};

/// One kind of generated file.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Path of the template without `.j2`, and of the file.
    pub template: &'static str,
    /// Format of the file.
    pub format: Format,
    /// How many there are, and what their templates see.
    pub source: Source,
}

/// A file's context; `None` means that the file is not generated.
pub type Context = Option<Value>;
/// Contexts of several files by name.
pub type Contexts = Vec<(String, Value)>;

/// How many files an entry gives, and what their templates see.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// One for the project.
    Project(fn(&Resolved) -> Context),
    /// One for each item of the project: `[name]`.
    Each(fn(&Resolved) -> Contexts),
    /// One for each environment: `[env]`.
    Environment(fn(&ResolvedProject) -> Context),
    /// One for each item of each environment: `[env]` and `[name]`.
    EachEnvironment(fn(&ResolvedProject) -> Contexts),
    /// A manifest of the base, from which overlays are computed.
    Manifest(fn(&ResolvedProject) -> Context),
    /// A manifest of the base for each item of it or of an environment: `[name]`.
    Manifests(fn(&ResolvedProject) -> Contexts),
    /// A file beside the base's kustomization that becomes part of the generated ConfigMap of the name given first.
    ConfigFile(fn(&ResolvedProject) -> Option<(String, Value)>),
    /// A manifest of a job before deployment, by job: `[env]` and `[name]`.
    JobManifest(fn(&ResolvedProject) -> Contexts),
}

const fn entry(template: &'static str, format: Format, source: Source) -> Entry {
    Entry { template, format, source }
}

const fn manifest(template: &'static str, context: fn(&ResolvedProject) -> Context) -> Entry {
    entry(template, Format::Yaml, Source::Manifest(context))
}

/// All generated files but the kustomizations and patches, which [`crate::overlay`] computes from the manifests.
pub const CATALOG: &[Entry] = &[
    entry("Dockerfile", Format::Dockerfile, Source::Project(docker::dockerfile)),
    entry(".dockerignore", Format::Patterns, Source::Project(docker::ignored)),
    entry(".hadolint.yaml", Format::Yaml, Source::Project(docker::waivers)),
    entry("scripts/healthcheck.go", Format::Go, Source::Project(docker::go_health_check)),
    manifest("k8s/base/service-account.yaml", workload::service_account),
    manifest("k8s/base/limit-range.yaml", namespace::limit_range),
    manifest("k8s/base/resource-quota.yaml", namespace::resource_quota),
    manifest("k8s/base/network-policy-default-deny.yaml", network_policy::default_deny),
    manifest("k8s/base/network-policy.yaml", network_policy::main),
    manifest("k8s/base/network-policy-acme-solver.yaml", network_policy::acme_solver),
    manifest("k8s/base/deployment.yaml", workload::deployment),
    manifest("k8s/base/service.yaml", workload::service),
    manifest("k8s/base/horizontal-pod-autoscaler.yaml", workload::horizontal_pod_autoscaler),
    manifest("k8s/base/pod-disruption-budget.yaml", workload::pod_disruption_budget),
    entry("k8s/base/network-policy-job-[name].yaml", Format::Yaml, Source::Manifests(jobs::scheduled_network_policy)),
    entry("k8s/base/cron-job-[name].yaml", Format::Yaml, Source::Manifests(jobs::cron_job)),
    manifest("k8s/base/gateway.yaml", edge::gateway),
    manifest("k8s/base/http-route.yaml", edge::http_route),
    manifest("k8s/base/http-route-redirect.yaml", edge::http_route_redirect),
    manifest("k8s/base/issuer.yaml", edge::issuer),
    manifest("k8s/base/certificate.yaml", edge::certificate),
    entry("docs/infrastructure.md", Format::Markdown, Source::Project(infrastructure::page)),
    manifest("k8s/base/backup-service-account.yaml", backup::service_account),
    manifest("k8s/base/backup-network-policy.yaml", backup::network_policy),
    manifest("k8s/base/backup-cron-job.yaml", backup::cron_job),
    entry("k8s/base/backup-postgres-dump.sh", Format::Shell, Source::ConfigFile(backup::script)),
    entry("k8s/base/backup-postgres-upload.sh", Format::Shell, Source::ConfigFile(backup::script)),
    entry("k8s/namespaces/[env]/namespace.yaml", Format::Yaml, Source::Environment(namespace::namespace)),
    entry("k8s/overlays/[env]/secret.example.yaml", Format::Yaml, Source::Environment(secret::example)),
    entry("k8s/jobs/[env]/service-account.yaml", Format::Yaml, Source::JobManifest(jobs::service_account)),
    entry("k8s/jobs/[env]/network-policy-[name].yaml", Format::Yaml, Source::JobManifest(jobs::network_policy)),
    entry("k8s/jobs/[env]/job-[name].yaml", Format::Yaml, Source::JobManifest(jobs::job)),
    entry("scripts/restore-postgres.sh", Format::Shell, Source::Project(backup::restore_script)),
    entry("docs/prerequisites.md", Format::Markdown, Source::Project(prerequisites::page)),
    entry("docs/lint-waivers.md", Format::Markdown, Source::Project(lint_waivers::page)),
    entry(".github/workflows/ci.yaml", Format::Yaml, Source::Project(workflow::ci)),
    entry(".github/workflows/deploy.yaml", Format::Yaml, Source::Project(workflow::deploy)),
    entry(".github/workflows/rollback.yaml", Format::Yaml, Source::Project(workflow::rollback)),
    entry(".github/dependabot.yml", Format::Yaml, Source::Project(workflow::dependabot)),
    entry("monitoring/prometheus/prometheus.yaml", Format::Yaml, Source::Project(prometheus::config)),
    entry("monitoring/prometheus/rules/[env].yaml", Format::Yaml, Source::Environment(prometheus::rules)),
    entry("monitoring/prometheus/tests/[env].yaml", Format::Yaml, Source::Environment(prometheus::tests)),
    entry("docs/metrics.md", Format::Markdown, Source::Project(metrics::page)),
    entry("docs/runbooks/[name].md", Format::Markdown, Source::Each(runbook::pages)),
];
