//! The actions that workflows use, pinned: a tag can be moved to other code, a commit cannot.

use std::collections::BTreeMap;

/// An action at a commit.
struct Action {
    /// What templates call it.
    key: &'static str,
    /// Its repository, with the path inside it.
    uses: &'static str,
    /// The commit.
    commit: &'static str,
    /// The release's tag at that commit.
    tag: &'static str,
}

const fn action(key: &'static str, uses: &'static str, commit: &'static str, tag: &'static str) -> Action {
    Action { key, uses, commit, tag }
}

const ACTIONS: &[Action] = &[
    action("build_push", "docker/build-push-action", "53b7df96c91f9c12dcc8a07bcb9ccacbed38856a", "v7.3.0"),
    action("buildx", "docker/setup-buildx-action", "37fe631027851001ddb9b187196cc803df7f5f0e", "v4.3.0"),
    action("cache", "actions/cache", "27d5ce7f107fe9357f9df03efb73ab90386fccae", "v5.0.5"),
    action("checkout", "actions/checkout", "3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
    action("cosign", "sigstore/cosign-installer", "6f9f17788090df1f26f669e9d70d6ae9567deba6", "v4.1.2"),
    action("kubectl", "Azure/setup-kubectl", "829323503d1be3d00ca8346e5391ca0b07a9ab0d", "v5.1.0"),
    action("login", "docker/login-action", "dbcb813823bdd20940b903addbd779551569679f", "v4.6.0"),
    action("metadata", "docker/metadata-action", "dc802804100637a589fabce1cb79ff13a1411302", "v6.2.0"),
    action("qemu", "docker/setup-qemu-action", "96fe6ef7f33517b61c61be40b68a1882f3264fb8", "v4.2.0"),
    action("setup_go", "actions/setup-go", "b7ad1dad31e06c5925ef5d2fc7ad053ef454303e", "v7.0.0"),
    action("setup_node", "actions/setup-node", "820762786026740c76f36085b0efc47a31fe5020", "v7.0.0"),
    action("setup_python", "actions/setup-python", "5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0"),
    action("setup_uv", "astral-sh/setup-uv", "c771a70e6277c0a99b617c7a806ffedaca235ff9", "v9.0.0"),
    action("trivy", "aquasecurity/trivy-action", "ed142fd0673e97e23eac54620cfb913e5ce36c25", "v0.36.0"),
    action("upload_sarif", "github/codeql-action/upload-sarif", "ff2f1c621b7f889edc0d3c761ac2e6a3f8cdb0dd", "v4.37.7"),
];

/// What `uses:` takes, by the action's key; the comment is what Dependabot updates together with the commit.
pub(super) fn actions() -> BTreeMap<&'static str, String> {
    ACTIONS.iter().map(|action| (action.key, format!("{}@{}  # {}", action.uses, action.commit, action.tag))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_pinned_to_a_whole_commit() {
        for action in ACTIONS {
            let hex = action.commit.len() == 40
                && action.commit.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
            assert!(hex, "{}", action.uses);
            assert!(action.tag.starts_with('v') && action.tag.split('.').count() == 3, "{}", action.uses);
        }
    }
}
