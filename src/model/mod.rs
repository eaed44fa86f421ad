//! Facts computed once from a resolved project and used by every file that needs them: names, labels, ports, hosts,
//! environment variables, what talks to what, alerts.

pub mod alerts;
pub mod backup;
mod delivery;
mod edge;
mod environment;
mod labels;
mod named_files;
mod names;
mod network;
mod patterns;
mod required;
mod scaling;
pub mod toolchain;
mod waiver;

pub use delivery::{Start, WaysBack};
pub use edge::{ENVOY_NAMESPACE, Issuer, Listener};
pub use environment::{SECRET_FOLDER, SecretUse, Variable};
pub use labels::Labels;
pub use named_files::named_files;
pub use names::shortened;
pub use network::{Peer, PolicyRule};
pub use patterns::{SECRET_FILES, excludes, is_secret_file};
pub use required::{RequiredSecret, Requirement};
pub use waiver::{Annotation, Scanner, Waiver, annotations};
