//! `.hadolint.yaml`: the rules that the Dockerfile breaks on purpose.

use super::Docker;
use crate::model::{Scanner, Waiver};

/// The rules, each with why it is broken.
pub(super) fn waivers(docker: &Docker) -> Vec<Waiver> {
    let apt = Waiver {
        tool: Scanner::Hadolint,
        check: "DL3008",
        reason: "Debian keeps only the newest version of a package, so a pinned one cannot be installed after the next fix.",
    };
    let apk = Waiver {
        tool: Scanner::Hadolint,
        check: "DL3018",
        reason: "Alpine keeps only the newest version of a package, so a pinned one cannot be installed after the next fix.",
    };
    let cross = Waiver {
        tool: Scanner::Hadolint,
        check: "DL3029",
        reason: "The compiler runs on the builder's platform and compiles for the image's, which is much faster than emulation.",
    };
    let runtime = &docker.runtime;
    let (debian, alpine) =
        (!runtime.packages.is_empty() && !runtime.alpine, !runtime.packages.is_empty() && runtime.alpine);
    [debian.then_some(apt), alpine.then_some(apk), docker.go.as_ref().is_some_and(|go| go.crosses).then_some(cross)]
        .into_iter()
        .flatten()
        .collect()
}
