//! The scalar types of the language: each is parsed once, so that nothing after typing meets a malformed value.

mod checked;
mod cron;
mod duration;
mod label;
mod name;
mod network;
mod quantity;
mod ratio;
mod shorthand;
mod storage;
mod text;
mod whole;

pub use checked::{Checked, Form};
pub use cron::{Cron, TimeZone};
pub use duration::Duration;
pub use label::{LabelKey, LabelValue};
pub use name::{EnvName, Name, ProjectName, SecretKey, suggest as suggest_name};
pub use network::{Cidr, Host, HttpPath, HttpsUrl, Origin, Port};
pub use quantity::{Cpu, Memory};
pub use ratio::Ratio;
pub use shorthand::ScalarOr;
pub use storage::{AbsolutePath, Destination, SpecFile};
pub use text::{Command, Line};
pub use whole::Whole;
