//! Good trees have no findings; each of these faults, put into the files of a good tree, is found by the relation named.

use std::collections::{BTreeMap, BTreeSet};

use infragen::kustomize::in_apply_order;
use infragen::resolve::{Resolved, resolve};
use infragen::tree::{self, File, Tree};
use infragen::{load, plan, validate};

use crate::support::cases;

/// What is done to a file.
enum Change {
    /// The text becomes the other, everywhere in the file.
    Replace(&'static str, &'static str),
    /// The file goes.
    Remove,
    /// The file is there twice, the second time under this path.
    Copy(&'static str),
}

use Change::{Copy, Remove, Replace};

/// The code of findings that are no reference.
const INVALID: &str = "invalid-output";

/// The case, the file, what is done to it, and the relation that finds it.
type Mutation = (&'static str, &'static str, Change, &'static str);

#[rustfmt::skip]
const MUTATIONS: &[Mutation] = &[
    // Workloads
    ("orders", "k8s/base/service.yaml", Replace("component: web\n    app.kubernetes.io/name: orders\n  ports", "component: wep\n    app.kubernetes.io/name: orders\n  ports"), "service-selector"),
    ("orders", "k8s/base/service.yaml", Replace("targetPort: http", "targetPort: htpp"), "service-port"),
    ("orders", "k8s/base/service.yaml", Replace("targetPort: http", "targetPort: 8081"), "service-port"),
    ("orders", "k8s/base/deployment.yaml", Replace("- name: http\n", "- name: web\n"), "service-port"),
    ("orders", "k8s/base/deployment.yaml", Replace("port: http\n", "port: http2\n"), "probe-port"),
    ("orders", "k8s/base/deployment.yaml", Replace("matchLabels:\n      app.kubernetes.io/component: web", "matchLabels:\n      app.kubernetes.io/component: wep"), "workload-selector"),
    ("orders", "k8s/base/deployment.yaml", Replace("topologyKey: kubernetes.io/hostname\n                labelSelector:\n                  matchLabels:\n                    app.kubernetes.io/component: web", "topologyKey: kubernetes.io/hostname\n                labelSelector:\n                  matchLabels:\n                    app.kubernetes.io/component: api"), "workload-selector"),
    ("orders", "k8s/base/deployment.yaml", Replace("containerPort: 9464", "containerPort: 8080"), "port-once"),
    ("orders", "k8s/base/deployment.yaml", Replace("value: \"8080\"", "value: \"3000\""), "port-variable"),
    ("orders", "k8s/base/deployment.yaml", Replace("serviceAccountName: orders", "serviceAccountName: order"), "service-account"),
    ("orders", "k8s/base/service-account.yaml", Remove, "kustomization-file"),
    ("orders", "k8s/base/horizontal-pod-autoscaler.yaml", Replace("kind: Deployment\n    name: orders", "kind: Deployment\n    name: order"), "autoscaler-target"),
    ("orders", "k8s/base/horizontal-pod-autoscaler.yaml", Replace("kind: Deployment\n    name: orders", "kind: Deployment\n    name: order"), "replicas"),
    ("orders", "k8s/base/deployment.yaml", Replace("  revisionHistoryLimit: 10", "  revisionHistoryLimit: 10\n  replicas: 3"), "autoscaler-owns-replicas"),
    ("orders", "k8s/base/deployment.yaml", Replace("requests:\n              cpu: 250m\n", "requests:\n"), "autoscaler-metric"),
    ("orders", "k8s/overlays/staging/deployment.patch.yaml", Replace("  replicas: 2\n", ""), "replicas"),
    ("orders", "k8s/base/pod-disruption-budget.yaml", Replace("matchLabels:\n      app.kubernetes.io/component: web", "matchLabels:\n      app.kubernetes.io/component: worker"), "disruption-selector"),
    // ConfigMaps, Secrets, volumes, variables
    ("orders", "k8s/base/deployment.yaml", Replace("name: orders-config", "name: orders-settings"), "config-map"),
    ("orders", "k8s/base/deployment.yaml", Replace("          envFrom:\n            - configMapRef:\n                name: orders-config\n", ""), "config-map-used"),
    ("orders", "k8s/jobs/staging/job-migrate.yaml", Replace("name: orders-config", "name: order-config"), "config-map"),
    ("orders", "k8s/base/deployment.yaml", Replace("name: PORT\n              value: \"8080\"", "name: LEVEL\n              valueFrom:\n                configMapKeyRef:\n                  name: orders-config\n                  key: LEVEL"), "config-map-key"),
    ("orders", "k8s/base/deployment.yaml", Replace("name: orders-secrets", "name: orders-secret"), "secret"),
    ("orders", "k8s/base/deployment.yaml", Replace("key: STRIPE_API_KEY", "key: STRIPE_KEY"), "secret-key"),
    ("orders", "k8s/overlays/staging/secret.example.yaml", Replace("  STRIPE_API_KEY: \"\"\n", ""), "secret-key"),
    ("orders", "k8s/overlays/production/secret.example.yaml", Replace("name: orders-backup-s3", "name: orders-s3"), "secret"),
    ("orders", "k8s/overlays/production/secret.example.yaml", Replace("  namespace: orders-production", "  namespace: orders-staging"), "secret-namespace"),
    ("orders", "k8s/overlays/staging/secret.example.yaml", Remove, "secret"),
    ("low-user-quota", "k8s/base/deployment.yaml", Replace("name: registry-credentials", "name: registry"), "secret"),
    ("python-jobs", "k8s/base/deployment.yaml", Replace("- key: STRIPE_KEY", "- key: STRIPE"), "secret-key"),
    ("orders", "k8s/base/deployment.yaml", Replace("            - name: tmp\n              mountPath", "            - name: temp\n              mountPath"), "volume"),
    ("orders", "k8s/base/deployment.yaml", Replace("            - name: tmp\n              mountPath: /tmp", "            []"), "volume-used"),
    ("orders", "k8s/base/backup-cron-job.yaml", Replace("mountPath: /spool", "mountPath: /opt/backup"), "mount-path-once"),
    ("orders", "k8s/base/deployment.yaml", Replace("name: STRIPE_API_KEY", "name: DATABASE_URL"), "variable-once"),
    ("orders", "k8s/base/backup-cron-job.yaml", Replace("backup-postgres-dump.sh]", "backup-dump.sh]"), "mounted-script"),
    ("orders", "k8s/base/backup-cron-job.yaml", Replace("configMap:\n                name: orders-backup-postgres", "configMap:\n                name: orders-backup"), "config-map"),
    ("orders", "k8s/overlays/production/backup-cron-job.patch.yaml", Replace("value: production", "value: staging"), "backup-folder"),
    // Identity
    ("orders", "k8s/base/service.yaml", Replace("managed-by: infragen", "managed-by: helm"), "common-label"),
    ("orders", "k8s/base/gateway.yaml", Replace("    app.kubernetes.io/component: gateway\n", ""), "common-label"),
    ("orders", "k8s/overlays/staging/kustomization.yaml", Replace("environment: staging", "environment: production"), "common-label"),
    ("orders", "k8s/base/backup-cron-job.yaml", Replace("            app.kubernetes.io/part-of: orders\n", ""), "pod-label"),
    ("orders", "k8s/overlays/staging/kustomization.yaml", Replace("namespace: orders-staging", "namespace: orders-stage"), "namespace"),
    ("orders", "k8s/namespaces/staging/namespace.yaml", Replace("name: orders-staging", "name: orders-stage"), "namespace"),
    ("orders", "k8s/jobs/production/kustomization.yaml", Replace("namespace: orders-production", "namespace: orders-staging"), "namespace"),
    ("orders", "k8s/base/backup-network-policy.yaml", Replace("metadata:\n  name: orders-backup-postgres", "metadata:\n  name: orders"), "object-once"),
    // Network
    ("orders", "k8s/base/network-policy.yaml", Replace("matchLabels:\n      app.kubernetes.io/instance: orders", "matchLabels:\n      app.kubernetes.io/instance: order"), "policy-selector"),
    ("orders", "k8s/base/network-policy.yaml", Replace("matchLabels:\n      app.kubernetes.io/instance: orders", "matchLabels:\n      app.kubernetes.io/instance: order"), "policy-for-pods"),
    ("orders", "k8s/base/network-policy-acme-solver.yaml", Replace("http01-solver", "http-solver"), "policy-selector"),
    ("orders", "k8s/base/network-policy.yaml", Replace("port: metrics", "port: metric"), "policy-port"),
    ("orders", "k8s/base/network-policy.yaml", Replace("metadata.name: monitoring", "metadata.name: prometheus"), "policy-namespace"),
    ("orders", "k8s/base/network-policy.yaml", Replace("metadata.name: envoy-gateway-system", "metadata.name: monitoring"), "policy-admits-gateway"),
    ("orders", "k8s/base/network-policy.yaml", Replace("port: metrics", "port: http"), "policy-admits-scrape"),
    ("orders", "k8s/jobs/staging/network-policy-migrate.yaml", Replace("matchLabels:\n      app.kubernetes.io/instance: orders-migrate", "matchLabels:\n      app.kubernetes.io/instance: orders"), "policy-for-pods"),
    // Edge
    ("orders", "k8s/base/http-route.yaml", Replace("- name: orders\n      sectionName", "- name: edge\n      sectionName"), "route-gateway"),
    ("orders", "k8s/base/http-route.yaml", Replace("sectionName: https-orders-shop-example", "sectionName: https-orders"), "route-listener"),
    ("orders", "k8s/base/issuer.yaml", Replace("sectionName: http", "sectionName: web"), "route-listener"),
    ("orders", "k8s/base/issuer.yaml", Replace("name: orders\n                sectionName", "name: edge\n                sectionName"), "route-gateway"),
    ("orders", "k8s/base/http-route-redirect.yaml", Replace("sectionName: http", "sectionName: plain"), "route-listener"),
    ("orders", "k8s/base/http-route.yaml", Replace("- name: orders\n          port", "- name: order\n          port"), "route-service"),
    ("orders", "k8s/base/http-route.yaml", Replace("port: 80", "port: 8080"), "route-port"),
    ("orders", "k8s/base/service.yaml", Replace("port: 80\n", "port: 81\n"), "route-port"),
    ("orders", "k8s/base/http-route.yaml", Replace("- orders.shop.example", "- order.shop.example"), "route-host"),
    ("orders", "k8s/overlays/staging/gateway.patch.yaml", Replace("hostname: orders.staging.shop.example", "hostname: staging.shop.example"), "listener-host"),
    ("orders", "k8s/base/gateway.yaml", Replace("name: orders-tls", "name: order-tls"), "listener-certificate"),
    ("orders", "k8s/base/certificate.yaml", Replace("secretName: orders-tls", "secretName: orders-cert"), "listener-certificate"),
    ("orders", "k8s/overlays/staging/certificate.patch.yaml", Replace("- orders.staging.shop.example", "- staging.shop.example"), "certificate-host"),
    ("orders", "k8s/base/certificate.yaml", Replace("    - orders.shop.example", "    - orders.shop.example\n    - www.shop.example"), "certificate-needed"),
    ("orders", "k8s/overlays/staging/certificate.patch.yaml", Replace("name: orders-letsencrypt-staging", "name: letsencrypt"), "certificate-issuer"),
    ("orders", "k8s/base/certificate.yaml", Replace("kind: Issuer", "kind: ClusterIssuer"), "certificate-issuer"),
    ("python-jobs", "k8s/base/cron-job-remind.yaml", Replace("name: billing-config", "name: billing"), "config-map"),
    ("python-jobs", "k8s/base/cron-job-remind.yaml", Replace("key: STRIPE_KEY", "key: STRIPE"), "secret-key"),
    ("python-jobs", "k8s/base/cron-job-remind.yaml", Replace("serviceAccountName: billing", "serviceAccountName: reminder"), "service-account"),
    ("python-jobs", "k8s/base/cron-job-remind.yaml", Replace("app.kubernetes.io/instance: billing-remind", "app.kubernetes.io/instance: billing-reminder"), "policy-for-pods"),
    ("python-jobs", "k8s/base/network-policy-job-remind.yaml", Remove, "kustomization-file"),
    ("python-jobs", "k8s/base/certificate.yaml", Replace("name: company-ca", "name: company"), "certificate-issuer"),
    // Files
    ("orders", "k8s/base/kustomization.yaml", Replace("- service.yaml", "- services.yaml"), "kustomization-file"),
    ("orders", "k8s/base/kustomization.yaml", Replace("  - service.yaml\n", ""), "manifest-listed"),
    ("orders", "k8s/base/kustomization.yaml", Replace("      - backup-postgres-upload.sh\n", ""), "mounted-script"),
    ("orders", "k8s/base/kustomization.yaml", Replace("  - service.yaml\n", "  - service.yaml\n  - service.yaml\n"), "listed-once"),
    ("orders", "k8s/overlays/staging/kustomization.yaml", Replace("  - path: gateway.patch.yaml\n", ""), "manifest-listed"),
    ("orders", "k8s/overlays/staging/kustomization.yaml", Replace("../../base", "../../bases"), "kustomization-file"),
    ("orders", "k8s/base/service.yaml", Copy("k8s/base/service-2.yaml"), "manifest-listed"),
    ("orders", "k8s/overlays/staging/deployment.patch.yaml", Replace("metadata:\n  name: orders", "metadata:\n  name: order"), "patch-target"),
    ("orders", "docs/lint-waivers.md", Remove, "document-link"),
    ("orders", "scripts/restore-postgres.sh", Remove, "document-path"),
    // Docker
    ("orders", "Dockerfile", Replace("--from=release", "--from=releases"), "image-stage"),
    ("orders", "Dockerfile", Replace("FROM dependencies AS build", "FROM dependency AS build"), "image-stage"),
    ("orders", "Dockerfile", Replace("EXPOSE 8080", "EXPOSE 8081"), "image-port"),
    ("orders", "Dockerfile", Replace("EXPOSE 8080 9464", "EXPOSE 8080"), "image-port-exposed"),
    ("orders", "Dockerfile", Replace("127.0.0.1:8080", "127.0.0.1:8008"), "image-listens"),
    ("orders", "Dockerfile", Replace("PORT=8080", "PORT=80"), "image-listens"),
    ("orders", "Dockerfile", Replace("USER 10001:10001\nEXPOSE", "USER 1000:1000\nEXPOSE"), "image-user"),
    ("go-two-platforms", "scripts/healthcheck.go", Remove, "image-file"),
    // Monitoring
    ("orders", "monitoring/prometheus/prometheus.yaml", Replace("names: [orders-production, orders-staging]", "names: [orders-production, orders-stage]"), "scrape-namespace"),
    ("orders", "monitoring/prometheus/prometheus.yaml", Replace("names: [orders-production, orders-staging]", "names: [orders-production]"), "scrape-complete"),
    ("orders", "monitoring/prometheus/prometheus.yaml", Replace("label: app.kubernetes.io/name=orders", "label: app.kubernetes.io/name=order"), "scrape-selector"),
    ("orders", "monitoring/prometheus/prometheus.yaml", Replace("regex: metrics", "regex: metric"), "scrape-port"),
    ("orders", "monitoring/prometheus/prometheus.yaml", Replace("kube_job_failed|", "kube_jobs_failed|"), "scrape-metric"),
    ("orders", "monitoring/prometheus/prometheus.yaml", Replace("kube_job_failed|", ""), "rule-metric"),
    ("orders", "monitoring/prometheus/prometheus.yaml", Replace("regex: orders-production|orders-staging", "regex: orders-production|order-staging"), "scrape-kept"),
    ("orders", "monitoring/prometheus/prometheus.yaml", Replace("job_name: kubelet-cadvisor", "job_name: cadvisor"), "rule-scrape-job"),
    ("orders", "monitoring/prometheus/rules/staging.yaml", Replace("http_requests_total{", "http_request_total{"), "rule-metric"),
    ("orders", "monitoring/prometheus/rules/staging.yaml", Replace("record: component:http_requests:rate5m", "record: component:requests:rate5m"), "rule-metric"),
    ("orders", "monitoring/prometheus/rules/production.yaml", Replace("job=\"orders\"", "job=\"order\""), "rule-scrape-job"),
    ("orders", "monitoring/prometheus/rules/staging.yaml", Replace("namespace=\"orders-staging\"", "namespace=\"orders-production\""), "rule-namespace"),
    ("orders", "monitoring/prometheus/rules/production.yaml", Replace("deployment=\"orders\"", "deployment=\"order\""), "rule-object"),
    ("orders", "monitoring/prometheus/rules/production.yaml", Replace("cronjob=\"orders-backup-postgres\"", "cronjob=\"orders-backup\""), "rule-object"),
    ("orders", "monitoring/prometheus/rules/staging.yaml", Replace("          severity: critical\n          service: orders\n          environment: staging\n          namespace: orders-staging\n          component: web\n", "          service: orders\n          environment: staging\n          namespace: orders-staging\n"), "alert-label"),
    ("orders", "monitoring/prometheus/rules/staging.yaml", Replace("environment: staging", "environment: stage"), "alert-label"),
    ("orders", "docs/runbooks/ServiceDown.md", Remove, "runbook"),
    ("orders", "monitoring/prometheus/rules/staging.yaml", Replace("runbooks/ServiceDown.md", "runbooks/HighErrorRate.md"), "runbook-own"),
    ("orders", "docs/runbooks/ServiceDown.md", Copy("docs/runbooks/DiskFull.md"), "runbook-alert"),
    ("orders", "monitoring/prometheus/prometheus.yaml", Replace("rules/staging.yaml", "rules/stage.yaml"), "rule-file"),
    ("orders", "monitoring/prometheus/rules/staging.yaml", Copy("monitoring/prometheus/rules/extra.yaml"), "rule-file-loaded"),
    ("orders", "monitoring/prometheus/tests/staging.yaml", Replace("alertname: ServiceDown", "alertname: ServiceUp"), "alert-test"),
    ("orders", "monitoring/prometheus/tests/staging.yaml", Replace("alertname: ServiceDown", "alertname: PodCrashLooping"), "alert-tested"),
    // Workflows
    ("orders", ".github/workflows/deploy.yaml", Replace("needs: [image, sign]", "needs: [image, signs]"), "workflow-needs"),
    ("orders", ".github/workflows/deploy.yaml", Replace("needs: [image, sign]", "needs: [sign]"), "workflow-needs-stated"),
    ("orders", ".github/workflows/deploy.yaml", Replace("needs.image.outputs.digest", "needs.image.outputs.hash"), "workflow-job-output"),
    ("orders", ".github/workflows/deploy.yaml", Replace("id: build", "id: built"), "workflow-step"),
    ("orders", ".github/workflows/deploy.yaml", Replace("steps.build.outputs.digest", "steps.build.outputs.hash"), "workflow-step-output"),
    ("orders", ".github/workflows/deploy.yaml", Replace("steps.apply.outputs.changed", "steps.apply.outputs.change"), "workflow-step-output"),
    ("orders", ".github/workflows/rollback.yaml", Replace("inputs.revision", "inputs.version"), "workflow-input"),
    ("orders", ".github/workflows/deploy.yaml", Replace("env.IMAGE", "env.REPOSITORY"), "workflow-variable"),
    ("orders", ".github/workflows/deploy.yaml", Replace("matrix.platform", "matrix.arch"), "workflow-matrix"),
    ("orders", ".github/workflows/deploy.yaml", Replace("secrets.KUBECONFIG_DATA", "secrets.KUBE_CONFIG"), "workflow-setting"),
    ("orders", ".github/workflows/deploy.yaml", Replace("../k8s/overlays/$ENVIRONMENT", "../k8s/overlay/$ENVIRONMENT"), "workflow-path"),
    ("orders", ".github/workflows/deploy.yaml", Replace("ENVIRONMENT: staging", "ENVIRONMENT: stage"), "workflow-environment"),
    ("orders", ".github/workflows/rollback.yaml", Replace("            staging)", "            stage)"), "workflow-environment"),
    ("orders", ".github/workflows/deploy.yaml", Replace("NAMESPACE: orders-staging", "NAMESPACE: orders-production"), "workflow-namespace"),
    ("orders", ".github/workflows/rollback.yaml", Replace("namespace=orders-staging", "namespace=orders-stage"), "workflow-namespace"),
    ("orders", ".github/workflows/deploy.yaml", Replace("DEPLOYMENTS: orders", "DEPLOYMENTS: order"), "workflow-object"),
    ("orders", ".github/workflows/deploy.yaml", Replace("JOBS: orders-migrate", "JOBS: orders-migration"), "workflow-object"),
    ("orders", ".github/workflows/deploy.yaml", Replace("https://orders.staging.shop.example/readyz", "https://staging.shop.example/readyz"), "workflow-host"),
    ("orders", ".github/workflows/rollback.yaml", Replace("/readyz", "/ready"), "workflow-health"),
    ("orders", ".github/workflows/deploy.yaml", Replace("IMAGE: ghcr.io/shop/orders", "IMAGE: ghcr.io/shop/order"), "workflow-image"),
    ("orders", ".github/workflows/deploy.yaml", Replace("REVISION=${{", "COMMIT=${{"), "build-argument"),
    // Forms
    ("orders", "k8s/base/gateway.yaml", Replace("protocol: HTTPS", "protocol: TLS"), INVALID),
    ("orders", "k8s/base/certificate.yaml", Replace("renewBeforePercentage", "renewBeforePercent"), INVALID),
    ("orders", "k8s/base/http-route.yaml", Replace("timeouts:", "timeout:"), INVALID),
    ("orders", "k8s/base/deployment.yaml", Replace("livenessProbe", "livenesProbe"), INVALID),
    ("orders", "k8s/base/kustomization.yaml", Replace("resources:", "resource:"), INVALID),
    ("orders", "monitoring/prometheus/prometheus.yaml", Replace("metrics_path", "metric_path"), INVALID),
    ("orders", "monitoring/prometheus/rules/staging.yaml", Replace("summary:", "summery:"), INVALID),
    ("orders", ".github/workflows/ci.yaml", Replace("runs-on:", "run-on:"), INVALID),
    ("orders", ".github/workflows/ci.yaml", Replace("persist-credentials: false\n", "persist-credentials: false\n        run: date\n"), INVALID),
    ("orders", ".github/workflows/deploy.yaml", Replace("permissions: {}", "permissions: [}"), INVALID),
];

/// The tree of a case, without validation.
fn good(case: &str) -> (Resolved, Tree) {
    let (_, spec) = cases().into_iter().find(|(name, _)| name == case).unwrap();
    let loaded = load::load(Some(&spec), &[]).unwrap();
    let resolved = resolve(&loaded.layers.unwrap()).unwrap();
    let tree = tree::build(&resolved, &plan::plan(&resolved)).unwrap();
    (resolved, tree)
}

#[test]
fn good_trees_have_no_findings() {
    let mut faults = Vec::new();
    for (case, _) in cases() {
        let (resolved, tree) = good(&case);
        faults.extend(validate::check(&resolved, &tree).into_iter().map(|finding| format!("{case}: {finding:?}")));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn objects_are_what_the_files_give() {
    for (case, _) in cases() {
        let (_, tree) = good(&case);
        let read = tree::from_files(tree.files.clone());
        for (own, read) in tree.environments.iter().zip(&read.environments) {
            assert_eq!(own.environment, read.environment);
            let place = format!("{case}, {}", own.environment);
            assert_eq!(in_apply_order(own.objects.clone()), in_apply_order(read.objects.clone()), "{place}");
            assert_eq!(in_apply_order(own.jobs.clone()), in_apply_order(read.jobs.clone()), "{place}, jobs");
        }
        assert_eq!(tree.environments.len(), read.environments.len(), "{case}");
    }
}

#[test]
fn every_mutation_is_found() {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let parts = MUTATIONS.chunks(MUTATIONS.len().div_ceil(threads));
    let missed: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> = parts.map(|part| scope.spawn(|| missed(part))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(missed.is_empty(), "{missed:#?}");
}

/// The mutations that nothing finds, or not the relation named.
fn missed(mutations: &[Mutation]) -> Vec<String> {
    let mut trees: BTreeMap<&str, (Resolved, Tree)> = BTreeMap::new();
    let mut missed = Vec::new();
    for (case, path, change, relation) in mutations {
        let (resolved, tree) = trees.entry(case).or_insert_with(|| good(case));
        match mutated(tree, path, change) {
            Err(why) => missed.push(format!("{case}/{path}: {why}")),
            Ok(tree) => {
                let found = found(resolved, &tree);
                if !found.contains(relation) {
                    missed.push(format!("{case}/{path}: {relation} does not find it, but {found:?} do"));
                }
            }
        }
    }
    missed
}

#[test]
fn every_relation_has_a_mutation() {
    let proven: BTreeSet<&str> = MUTATIONS.iter().map(|(.., relation)| *relation).collect();
    let names: BTreeSet<&str> = validate::references::names().into_iter().chain([INVALID]).collect();
    assert_eq!(proven, names);
}

/// The tree with one changed file, its objects derived anew.
fn mutated(tree: &Tree, path: &str, change: &Change) -> Result<Tree, String> {
    let mut files: Vec<File> = tree.files.clone();
    let index = files.iter().position(|file| file.path == path).ok_or("there is no such file")?;
    match change {
        Remove => {
            files.remove(index);
        }
        Copy(to) => {
            let copy = File { path: (*to).to_owned(), ..files[index].clone() };
            files.push(copy);
        }
        Replace(from, to) => {
            let content = &mut files[index].content;
            if !content.contains(from) {
                return Err(format!("it has no {from:?}"));
            }
            *content = content.replace(from, to);
        }
    }
    Ok(tree::from_files(files))
}

/// The relations that find something, and `invalid-output` if another check does.
fn found(resolved: &Resolved, tree: &Tree) -> BTreeSet<&'static str> {
    let (other, broken) = validate::findings(resolved, tree);
    let invalid = other.iter().filter(|finding| finding.code.id() == INVALID).map(|_| INVALID);
    broken.iter().map(|broken| broken.relation).chain(invalid).collect()
}
