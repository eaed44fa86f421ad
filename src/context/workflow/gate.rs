//! Gates: one job each, all parallel.

use serde::Serialize;

use super::setup::{Cache, Setup, language};
use crate::model::Variable;
use crate::model::toolchain::Language;
use crate::resolve::ResolvedProject;
use crate::spec::value::Ratio;
use crate::spec::{Datastore, Datastores, Gate, StoreKind};

/// The job of a gate.
#[derive(Serialize)]
pub(super) struct GateJob {
    /// Its key under `jobs`, which no other job can have.
    pub(super) job: String,
    title: String,
    minutes: u64,
    variables: Vec<Variable>,
    services: Vec<Service>,
    setup: Option<Setup>,
    command: String,
    coverage: Option<Coverage>,
}

/// A store that runs beside a gate, in a container.
#[derive(Serialize)]
struct Service {
    name: &'static str,
    port: u16,
    options: Vec<String>,
    image: String,
}

/// The share of the code that tests must reach.
#[derive(Serialize)]
struct Coverage {
    /// The partial template that reads the language's report.
    partial: &'static str,
    /// Per cent.
    minimum: String,
}

/// The gates' jobs in the order of the spec; those that only name scanners are not rendered yet.
pub(super) fn gates(project: &ResolvedProject, cache: Cache) -> Vec<GateJob> {
    let gates = project.spec.delivery.iter().flat_map(|delivery| delivery.gates.iter().flatten());
    gates.filter_map(|gate| job(project, gate, cache)).collect()
}

fn job(project: &ResolvedProject, gate: &Gate, cache: Cache) -> Option<GateJob> {
    let stores = stores(project, gate);
    Some(GateJob {
        job: format!("gate-{}", gate.name),
        title: format!("Gate: {}", gate.name),
        minutes: project.build_minutes(),
        variables: variables(project, &stores),
        services: stores.iter().map(|(kind, store)| service(project, *kind, store)).collect(),
        setup: Setup::new(project, cache),
        command: gate.run.as_ref()?.to_string(),
        coverage: gate.coverage.as_ref().and_then(|minimum| coverage(project, minimum)),
    })
}

/// The stores that a gate names.
fn stores<'a>(project: &'a ResolvedProject, gate: &Gate) -> Vec<(StoreKind, &'a Datastore)> {
    let named = gate.services.as_deref().unwrap_or_default();
    let all = project.spec.datastores.iter().flat_map(Datastores::iter);
    all.filter(|(kind, _)| named.contains(kind)).collect()
}

/// What a gate's command finds in its environment.
fn variables(project: &ResolvedProject, stores: &[(StoreKind, &Datastore)]) -> Vec<Variable> {
    let mode = (language(project) == Some(Language::Node)).then(|| variable("NODE_ENV", "test"));
    let addresses =
        stores.iter().map(|(kind, store)| variable(&project.store_variable(*kind), &address(project, *kind, store)));
    // No password is set, so that none stands here.
    let passwords =
        stores.iter().filter_map(|(_, store)| store.password.as_ref()).map(|key| variable(key.as_str(), ""));
    mode.into_iter().chain(addresses).chain(passwords).collect()
}

fn variable(name: &str, value: &str) -> Variable {
    Variable { name: name.to_owned(), value: value.to_owned() }
}

fn database(project: &ResolvedProject, store: &Datastore) -> String {
    store.database.as_ref().map_or_else(|| project.name().replace('-', "_"), ToString::to_string)
}

/// Where the application finds the store.
fn address(project: &ResolvedProject, kind: StoreKind, store: &Datastore) -> String {
    let port = kind.default_port();
    match kind {
        StoreKind::Postgres => format!("postgresql://postgres@localhost:{port}/{}", database(project, store)),
        StoreKind::Redis => format!("redis://localhost:{port}"),
        StoreKind::Mongodb => format!("mongodb://localhost:{port}/{}", database(project, store)),
    }
}

fn service(project: &ResolvedProject, kind: StoreKind, store: &Datastore) -> Service {
    let database = database(project, store);
    let (repository, options) = match kind {
        StoreKind::Postgres => (
            "postgres",
            vec![
                format!("--env POSTGRES_DB={database} --env POSTGRES_HOST_AUTH_METHOD=trust"),
                // By address: while the database is made, a temporary server answers at the socket alone.
                format!("--health-cmd 'pg_isready --host 127.0.0.1 --username postgres --dbname {database}'"),
            ],
        ),
        StoreKind::Redis => ("redis", vec!["--health-cmd 'redis-cli ping'".to_owned()]),
        StoreKind::Mongodb => ("mongo", vec!["--health-cmd 'mongosh --quiet --eval \"db.hello().ok\"'".to_owned()]),
    };
    Service { name: kind.key(), port: kind.default_port(), options, image: format!("{repository}:{}", store.version) }
}

fn coverage(project: &ResolvedProject, minimum: &Ratio) -> Option<Coverage> {
    let partial = match language(project)? {
        Language::Node => "_workflow/coverage/node",
        Language::Python => "_workflow/coverage/python",
        Language::Go => "_workflow/coverage/go",
    };
    Some(Coverage { partial, minimum: per_cent(minimum) })
}

/// `80` or `82.5`.
fn per_cent(ratio: &Ratio) -> String {
    let thousandths = ratio.millipercent();
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
