//! What is known of the three languages' official images and tools: names, versions, ends of support.
//!
//! Versions are data of this release of infragen, read in November 2026; nothing here asks a clock.

use crate::spec::{PackageManager, Variant};

/// A language that infragen can build images for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Node.js.
    Node,
    /// Python.
    Python,
    /// Go.
    Go,
}

impl Language {
    /// The language that a package manager belongs to.
    pub fn of(manager: PackageManager) -> Self {
        match manager {
            PackageManager::Npm | PackageManager::Pnpm | PackageManager::Yarn => Self::Node,
            PackageManager::Pip | PackageManager::Uv | PackageManager::Poetry => Self::Python,
            PackageManager::Go => Self::Go,
        }
    }

    /// The language's name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Node => "Node.js",
            Self::Python => "Python",
            Self::Go => "Go",
        }
    }

    /// Official image with the language's tools.
    pub fn image(self, runtime: &str, variant: Variant) -> String {
        let repository = match self {
            Self::Node => "node",
            Self::Python => "python",
            Self::Go => "golang",
        };
        let debian = if release(runtime) < self.first_on_trixie() { "bookworm" } else { "trixie" };
        match (self, variant) {
            (_, Variant::Alpine) => format!("{repository}:{runtime}-alpine"),
            // Go's image has no slim form; only its binary leaves the build stage.
            (Self::Go, Variant::Slim) => format!("{repository}:{runtime}-{debian}"),
            (_, Variant::Slim) => match self {
                Self::Python => format!("{repository}:{runtime}-slim-{debian}"),
                _ => format!("{repository}:{runtime}-{debian}-slim"),
            },
        }
    }

    /// Oldest release that its authors still mend, if the given one is older.
    pub fn oldest_supported(self, runtime: &str) -> Option<&'static str> {
        let (oldest, text) = match self {
            Self::Node => ((22, 0), "22"),
            Self::Python => ((3, 11), "3.11"),
            Self::Go => ((1, 26), "1.26"),
        };
        let given = release(runtime);
        // Node's odd releases live for half a year; all that are out have ended.
        let odd = self == Self::Node && given.0 % 2 == 1 && given.0 < 26;
        (given < oldest || odd).then_some(text)
    }

    /// First release whose image exists on Debian 13; older ones ended before it came out.
    fn first_on_trixie(self) -> (u32, u32) {
        match self {
            Self::Node => (20, 0),
            Self::Python => (3, 9),
            Self::Go => (1, 24),
        }
    }
}

/// Bases for a Go binary, beside [`DISTROLESS`]: with a shell and a package manager.
pub fn plain_base(variant: Variant) -> &'static str {
    match variant {
        Variant::Slim => "debian:trixie-slim",
        Variant::Alpine => "alpine:3.24",
    }
}

/// Base for a static binary: certificates and time zones, and nothing that could be run.
pub const DISTROLESS: &str = "gcr.io/distroless/static-debian13:nonroot";

/// What `npm install --global` or `pip install` is given so that the package manager is there; empty if the image has it.
pub fn installed_tools(manager: PackageManager) -> &'static [&'static str] {
    match manager {
        PackageManager::Pnpm => &["pnpm@10.34.8"],
        PackageManager::Yarn => &["@yarnpkg/cli-dist@4.18.1"],
        PackageManager::Uv => &["uv==0.13.8"],
        PackageManager::Poetry => &["poetry==2.5.1", "poetry-plugin-export==1.10.1"],
        PackageManager::Npm | PackageManager::Pip | PackageManager::Go => &[],
    }
}

/// The first two numbers of a version; a missing one counts as 0.
fn release(version: &str) -> (u32, u32) {
    let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(u32::MAX));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_exist_for_their_release() {
        assert_eq!(Language::Node.image("24", Variant::Slim), "node:24-trixie-slim");
        assert_eq!(Language::Node.image("18", Variant::Slim), "node:18-bookworm-slim");
        assert_eq!(Language::Node.image("18", Variant::Alpine), "node:18-alpine");
        assert_eq!(Language::Python.image("3.14", Variant::Slim), "python:3.14-slim-trixie");
        assert_eq!(Language::Go.image("1.27", Variant::Slim), "golang:1.27-trixie");
    }

    #[test]
    fn support_ends() {
        assert_eq!(Language::Node.oldest_supported("18"), Some("22"));
        assert_eq!(Language::Node.oldest_supported("25"), Some("22"));
        assert_eq!(Language::Node.oldest_supported("24.11.1"), None);
        assert_eq!(Language::Python.oldest_supported("3.9"), Some("3.11"));
        assert_eq!(Language::Python.oldest_supported("3.14"), None);
        assert_eq!(Language::Go.oldest_supported("1.25"), Some("1.26"));
    }
}
