//! What the main process and the jobs that run its image have in common.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Labels, Scanner, SecretUse, Variable, Waiver};
use crate::resolve::ResolvedProject;
use crate::spec::{ResourceList, Spread};

/// The user that processes run as unless `image.user` says otherwise: above 10000, so that it is nobody on the node.
pub const DEFAULT_USER: u32 = 10001;
/// Tag in manifests until delivery puts the digest of what it built in its place.
const PLACEHOLDER_TAG: &str = "unreleased";

/// A pod of the project's image.
#[derive(Serialize)]
pub struct Pod {
    /// ServiceAccount.
    pub service_account: String,
    /// Labels that a node must have.
    pub node_labels: BTreeMap<String, String>,
    /// Secret with the registry's credentials.
    pub pull_secret: Option<String>,
    /// Numeric user and group.
    pub user: u32,
    /// Image reference.
    pub image: String,
    /// Whether the reference is a placeholder.
    pub placeholder: bool,
    /// ConfigMap of all `config` keys.
    pub config_map: Option<String>,
    /// Variables with fixed values.
    pub variables: Vec<Variable>,
    /// Secret whose keys follow.
    pub secret: String,
    /// Keys given as variables.
    pub secret_variables: Vec<String>,
    /// Keys given as files.
    pub secret_files: Vec<String>,
    /// What is reserved.
    pub requests: ResourceList,
    /// What may be used.
    pub limits: ResourceList,
    /// Size of the only writable folder, /tmp.
    pub scratch: String,
}

impl Pod {
    /// The pod of a project, with the variables that only its process gets.
    pub fn new(project: &ResolvedProject, variables: Vec<Variable>) -> Self {
        let image = project.image();
        let (secret_variables, secret_files) = match project.secret_use() {
            SecretUse::Variables(keys) => (keys, Vec::new()),
            SecretUse::Files(keys) => (Vec::new(), keys),
        };
        Self {
            service_account: project.name().to_owned(),
            node_labels: project.node_labels(),
            pull_secret: image.and_then(|image| image.pull_secret.as_ref()).map(ToString::to_string),
            user: user(project),
            image: image_reference(project),
            placeholder: image.is_some_and(|image| image.tag.is_none() && image.digest.is_none()),
            config_map: (!project.config().is_empty()).then(|| project.config_map()),
            variables,
            secret: project.secret(),
            secret_variables,
            secret_files,
            requests: project.spec.resources.requests.clone(),
            limits: project.spec.resources.limits.clone(),
            scratch: project.spec.resources.requests.ephemeral_storage.to_string(),
        }
    }
}

/// The numeric user and group of the project's processes.
pub fn user(project: &ResolvedProject) -> u32 {
    project.image().and_then(|image| image.user).map_or(DEFAULT_USER, u32::from)
}

/// The image that manifests name: by digest, by tag, or by the placeholder that delivery replaces.
pub fn image_reference(project: &ResolvedProject) -> String {
    let Some(image) = project.image() else {
        return String::new();
    };
    match (&image.digest, &image.tag) {
        (Some(digest), _) => format!("{}@{digest}", image.repository),
        (None, Some(tag)) => format!("{}:{tag}", image.repository),
        (None, None) => format!("{}:{PLACEHOLDER_TAG}", image.repository),
    }
}

/// Findings that every pod of the project's image has and that are accepted.
pub fn waivers(project: &ResolvedProject) -> Vec<Waiver> {
    let mut waivers = Vec::new();
    if matches!(project.secret_use(), SecretUse::Variables(keys) if !keys.is_empty()) {
        waivers.push(Waiver {
            tool: Scanner::Checkov,
            check: "CKV_K8S_35",
            reason: "the application reads its secrets from environment variables; secrets.as: files mounts them",
        });
    }
    if user(project) < 10_000 {
        let reason = "the spec states this user";
        waivers.push(Waiver { tool: Scanner::Checkov, check: "CKV_K8S_40", reason });
        waivers.push(Waiver { tool: Scanner::KubeScore, check: "container-security-context-user-group-id", reason });
    }
    if !super::network_policy::is_strict(project) {
        let reason = "the spec switches network policies off";
        waivers.push(Waiver { tool: Scanner::KubeScore, check: "pod-networkpolicy", reason });
    }
    waivers
}

/// A topology that replicas are spread over.
#[derive(Serialize)]
pub struct Topology {
    /// Label of the nodes.
    pub key: &'static str,
}

/// The topologies of `placement.spread`.
pub fn topologies(project: &ResolvedProject) -> Vec<Topology> {
    let key = |spread: &Spread| match spread {
        Spread::Zone => "topology.kubernetes.io/zone",
        Spread::Host => "kubernetes.io/hostname",
    };
    project.spec.placement.spread.iter().map(|spread| Topology { key: key(spread) }).collect()
}

/// Name, labels and waivers of an object.
#[derive(Serialize)]
pub struct Metadata {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
}
