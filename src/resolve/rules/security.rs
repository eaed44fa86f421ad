//! `security`: settings that cancel each other.

use super::super::{ResolvedProject, risk};
use crate::diagnostic::Diagnostic;
use crate::spec::{Egress, EgressMode, NetworkPolicyMode};

pub(super) fn check(project: &ResolvedProject) -> Vec<Diagnostic> {
    let security = &project.spec.security;
    let is_open = matches!(security.egress, Egress::Mode(EgressMode::Internet));
    if security.network_policy == NetworkPolicyMode::Strict || is_open {
        return Vec::new();
    }
    let message = "`egress` has no effect here: with `networkPolicy: none` no policy restricts anything";
    vec![risk(project, &["security", "egress"], message).help("remove `egress`, or set `networkPolicy: strict`")]
}
