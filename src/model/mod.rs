//! Facts computed once from a resolved project and used by every file that needs them: names, labels, ports, hosts,
//! environment variables, what talks to what, alerts.

pub mod alerts;
mod edge;
mod environment;
mod labels;
mod names;
mod network;
mod scaling;

pub use edge::{ENVOY_NAMESPACE, Issuer, Listener};
pub use environment::{SECRET_FOLDER, SecretUse, Variable};
pub use labels::Labels;
pub use names::shortened;
pub use network::{Peer, PolicyRule};
