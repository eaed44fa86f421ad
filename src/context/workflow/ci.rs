//! Continuous integration.

use std::collections::BTreeMap;

use serde::Serialize;

use super::actions::actions;
use super::gate::{GateJob, gates};
use super::image::Build;
use super::setup::Cache;
use crate::catalog::Context;
use crate::context::value;
use crate::resolve::Resolved;

#[derive(Serialize)]
struct Ci {
    actions: BTreeMap<&'static str, String>,
    gates: Vec<GateJob>,
    build: Build,
    /// Jobs that the last one waits for.
    needs: Vec<String>,
}

/// The workflow of pull requests.
pub fn ci(project: &Resolved) -> Context {
    let gates = gates(&project.base, Cache::Kept);
    let own = ["image", "generated"].map(str::to_owned);
    let needs = gates.iter().map(|gate| gate.job.clone()).chain(own).collect();
    Some(value(Ci { actions: actions(), gates, build: Build::new(&project.base), needs }))
}
