//! `.hadolint.yaml`: the rules that the Dockerfile breaks on purpose.

use serde::Serialize;

use super::Docker;

/// `.hadolint.yaml`.
#[derive(Debug, Serialize)]
pub(super) struct Waivers {
    ignored: Vec<Waiver>,
}

/// A rule of hadolint and why it is broken.
#[derive(Debug, Serialize)]
pub(super) struct Waiver {
    rule: &'static str,
    reason: &'static str,
}

/// The waivers; `None` if the Dockerfile needs none.
pub(super) fn waivers(docker: &Docker) -> Option<Waivers> {
    let apt = Waiver {
        rule: "DL3008",
        reason: "Debian keeps only the newest version of a package, so a pinned one cannot be installed after the next fix.",
    };
    let apk = Waiver {
        rule: "DL3018",
        reason: "Alpine keeps only the newest version of a package, so a pinned one cannot be installed after the next fix.",
    };
    let cross = Waiver {
        rule: "DL3029",
        reason: "The compiler runs on the builder's platform and compiles for the image's, which is much faster than emulation.",
    };
    let runtime = &docker.runtime;
    let (debian, alpine) =
        (!runtime.packages.is_empty() && !runtime.alpine, !runtime.packages.is_empty() && runtime.alpine);
    let ignored: Vec<Waiver> = [
        debian.then_some(apt),
        alpine.then_some(apk),
        docker.go.as_ref().is_some_and(|go| go.crosses).then_some(cross),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!ignored.is_empty()).then_some(Waivers { ignored })
}
