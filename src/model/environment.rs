//! Environment variables of processes and jobs.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::resolve::ResolvedProject;
use crate::spec::{SecretsAs, StoreMode};

/// A variable with a fixed value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// How secrets reach the processes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretUse {
    /// As environment variables of these names.
    Variables(Vec<String>),
    /// As files of these names below [`SECRET_FOLDER`].
    Files(Vec<String>),
}

/// Where secret files are mounted.
pub const SECRET_FOLDER: &str = "/etc/secrets";

impl ResolvedProject {
    /// The variables of `config`.
    pub fn config(&self) -> BTreeMap<String, String> {
        self.spec.config.iter().flatten().map(|(key, value)| (key.to_string(), value.clone())).collect()
    }

    /// The keys of the project's Secret: those listed, and those that external stores name; sorted, each once.
    pub fn secret_keys(&self) -> Vec<String> {
        let listed = self.spec.secrets.iter().flat_map(|secrets| &secrets.keys);
        let stores = self.spec.datastores.iter().flat_map(crate::spec::Datastores::iter);
        let of_stores = stores
            .filter(|(_, store)| store.mode == Some(StoreMode::External))
            .flat_map(|(_, store)| store.uri.iter().chain(&store.password));
        let mut keys: Vec<String> = listed.chain(of_stores).map(ToString::to_string).collect();
        keys.sort();
        keys.dedup();
        keys
    }

    /// How the keys reach the processes.
    pub fn secret_use(&self) -> SecretUse {
        match self.spec.secrets.as_ref().and_then(|secrets| secrets.r#as) {
            Some(SecretsAs::Files) => SecretUse::Files(self.secret_keys()),
            _ => SecretUse::Variables(self.secret_keys()),
        }
    }

    /// The main process's variables beside `config` and secrets: its port, unless `config` says it.
    pub fn own_variables(&self) -> Vec<Variable> {
        let port = self.spec.port.filter(|_| !self.config().contains_key("PORT"));
        port.map(|port| Variable { name: "PORT".to_owned(), value: port.to_string() }).into_iter().collect()
    }
}
