//! Profiles: partial specs in the same language that give defaults.

use include_dir::{Dir, include_dir};

static PROFILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/profiles");

/// Names of the built-in profiles a spec may choose, in the order of `infragen profiles`.
pub const BUILT_IN: [&str; 3] = ["node", "python", "go"];

/// A built-in profile.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// How messages call its file.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// The text of a built-in profile; `base` is the one that all others extend.
pub fn built_in(name: &str) -> Option<Profile> {
    let known = BUILT_IN.contains(&name) || name == "base";
    let file = PROFILES.get_file(format!("{name}.yaml")).filter(|_| known)?;
    Some(Profile { file: file.path().to_str()?, text: file.contents_utf8()? })
}
