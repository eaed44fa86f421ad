//! Workflows of GitHub Actions and Dependabot's settings.

mod actions;
mod ci;
mod dependabot;
mod deploy;
mod gate;
mod health;
mod image;
mod minutes;
mod rollback;
mod setup;
mod trigger;
mod waivers;

pub use ci::ci;
pub use dependabot::dependabot;
pub use deploy::deploy;
pub use image::foreign_registry;
pub use rollback::rollback;
pub use waivers::waivers;
