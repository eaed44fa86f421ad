//! infragen: one project spec in, a whole production infrastructure out.
//!
//! The flow, module by module: a spec is read ([`spec`]), its layers are merged and typed ([`resolve`]), facts are
//! computed once ([`model`]), the [`catalog`] says which files there are ([`plan`]), templates ([`render`]) see small
//! [`context`]s, [`overlay`] computes what environments have otherwise, and the [`tree`] is validated and written.
//! Before all that, [`init`] looks at a repository and drafts its first spec.

pub mod catalog;
pub mod cli;
pub mod commands;
pub mod config_map;
pub mod context;
pub mod diagnostic;
pub mod diff;
pub mod explain;
pub mod generate;
pub mod init;
pub mod kustomize;
pub mod load;
pub mod model;
pub mod overlay;
pub mod plan;
pub mod printer;
pub mod render;
pub mod report;
pub mod resolve;
pub mod secret;
pub mod selection;
pub mod spec;
pub mod text;
pub mod tree;
pub mod validate;
pub mod write;
pub mod yaml;
