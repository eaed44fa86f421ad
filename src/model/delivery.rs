//! What starts a deployment, what follows it, and the ways back.

use crate::resolve::ResolvedProject;
use crate::spec::{Datastores, StoreKind, Trigger, Verification};

/// What starts the deployment of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// A push to a branch of this name or pattern.
    Branch(String),
    /// A push of a tag of this name or pattern.
    Tag(String),
    /// A published release.
    Release,
    /// A person who chooses the environment.
    Hand,
}

/// The ways back from a deployment that did harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaysBack {
    /// A failed deployment is undone by itself.
    pub automatic: bool,
    /// A person may choose a revision.
    pub manual: bool,
}

impl ResolvedProject {
    /// What starts the deployment of this environment; by hand if nothing is said.
    pub fn start(&self) -> Start {
        let trigger = self.spec.delivery.as_ref().and_then(|delivery| delivery.trigger.as_ref());
        match trigger {
            Some(Trigger { branch: Some(branch), .. }) => Start::Branch(branch.to_string()),
            Some(Trigger { tag: Some(tag), .. }) => Start::Tag(tag.to_string()),
            Some(Trigger { release: Some(true), .. }) => Start::Release,
            _ => Start::Hand,
        }
    }

    /// The ways back: both, unless `delivery.rollback` names those that are wanted.
    pub fn ways_back(&self) -> WaysBack {
        let stated = self.spec.delivery.as_ref().and_then(|delivery| delivery.rollback.as_ref());
        stated.map_or(WaysBack { automatic: true, manual: true }, |rollback| WaysBack {
            automatic: rollback.automatic.unwrap_or(false),
            manual: rollback.manual.unwrap_or(false),
        })
    }

    /// Whether a reviewer must agree to a deployment.
    pub fn needs_approval(&self) -> bool {
        self.spec.delivery.as_ref().is_some_and(|delivery| delivery.approval.is_some())
    }

    /// Time limit of a job that builds or tests, in minutes; 30 unless stated.
    pub fn build_minutes(&self) -> u64 {
        let stated = self.spec.delivery.as_ref().and_then(|delivery| delivery.timeout.as_ref());
        stated.map_or(30, |timeout| timeout.seconds().div_ceil(60))
    }

    /// The names of the Deployments that a rollout waits for.
    pub fn deployments(&self) -> Vec<String> {
        vec![self.name().to_owned()]
    }

    /// Whether a deployment ends with a call of the health path; it does unless `delivery.verify` leaves it out.
    pub fn verifies_health(&self) -> bool {
        let stated = self.spec.delivery.as_ref().and_then(|delivery| delivery.verify.as_ref());
        self.spec.port.is_some() && stated.is_none_or(|checks| checks.contains(&Verification::Health))
    }

    /// Addresses at which the public hosts say whether they take traffic; empty without hosts or if none is asked for.
    pub fn health_urls(&self) -> Vec<String> {
        if !self.verifies_health() {
            return Vec::new();
        }
        let path = &self.spec.health.readiness;
        self.hosts().iter().map(|host| format!("https://{host}{path}")).collect()
    }

    /// The environment variable by which the application finds a store.
    pub fn store_variable(&self, kind: StoreKind) -> String {
        let stores = self.spec.datastores.iter().flat_map(Datastores::iter);
        let stated = stores.filter(|(of, _)| *of == kind).find_map(|(_, store)| store.uri.as_ref());
        stated.map_or_else(|| default_variable(kind).to_owned(), ToString::to_string)
    }
}

/// The variable that libraries of a store commonly read.
fn default_variable(kind: StoreKind) -> &'static str {
    match kind {
        StoreKind::Postgres => "DATABASE_URL",
        StoreKind::Redis => "REDIS_URL",
        StoreKind::Mongodb => "MONGODB_URI",
    }
}
