//! All integration tests in one binary. `support` holds what they share.

mod cases;
mod docker;
mod support;
