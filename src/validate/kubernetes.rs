//! Every object has the fields that its kind has, with the right types: k8s-openapi through `serde_ignored`, since the
//! types alone accept unknown fields.

use k8s_openapi::api::{apps, autoscaling, batch, core, networking, policy};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::tree::Tree;

use super::custom;

/// What is wrong with one object.
type Check = fn(&Value) -> Vec<String>;

/// Kinds that infragen renders.
const KINDS: &[(&str, &str, Check)] = &[
    ("v1", "Namespace", typed::<core::v1::Namespace>),
    ("v1", "ServiceAccount", typed::<core::v1::ServiceAccount>),
    ("v1", "ConfigMap", typed::<core::v1::ConfigMap>),
    ("v1", "Service", typed::<core::v1::Service>),
    ("v1", "LimitRange", typed::<core::v1::LimitRange>),
    ("v1", "ResourceQuota", typed::<core::v1::ResourceQuota>),
    ("apps/v1", "Deployment", typed::<apps::v1::Deployment>),
    ("autoscaling/v2", "HorizontalPodAutoscaler", typed::<autoscaling::v2::HorizontalPodAutoscaler>),
    ("policy/v1", "PodDisruptionBudget", typed::<policy::v1::PodDisruptionBudget>),
    ("networking.k8s.io/v1", "NetworkPolicy", typed::<networking::v1::NetworkPolicy>),
    ("batch/v1", "Job", typed::<batch::v1::Job>),
    ("batch/v1", "CronJob", typed::<batch::v1::CronJob>),
    ("gateway.networking.k8s.io/v1", "Gateway", typed::<custom::Gateway>),
    ("gateway.networking.k8s.io/v1", "HTTPRoute", typed::<custom::HttpRoute>),
    ("cert-manager.io/v1", "Issuer", typed::<custom::Issuer>),
    ("cert-manager.io/v1", "Certificate", typed::<custom::Certificate>),
];

/// All findings on the objects of all environments.
pub(super) fn check(tree: &Tree) -> Vec<Diagnostic> {
    tree.environments
        .iter()
        .flat_map(|environment| {
            environment.layers().into_iter().flat_map(move |(part, objects)| {
                let folder = format!("k8s/{part}/{}", environment.environment);
                objects.iter().flat_map(move |object| findings(&folder, object))
            })
        })
        .collect()
}

fn findings(folder: &str, object: &Value) -> Vec<Diagnostic> {
    let (version, kind) = (text(object, "apiVersion"), text(object, "kind"));
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let faults = match KINDS.iter().find(|(v, k, _)| *v == version && *k == kind) {
        Some((_, _, check)) => check(object),
        None => vec![format!("{version} {kind} is no kind that infragen knows")],
    };
    faults
        .into_iter()
        .map(|fault| Diagnostic::error(Code::InvalidOutput, format!("{kind} `{name}`: {fault}")).in_file(folder, None))
        .collect()
}

fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object[key].as_str().unwrap_or_default()
}

fn typed<T: DeserializeOwned>(object: &Value) -> Vec<String> {
    let mut ignored = Vec::new();
    let result: Result<T, _> = serde_ignored::deserialize(object, |path| {
        ignored.push(format!("unknown field {}", path.to_string().replace("?.", "")));
    });
    if let Err(error) = result {
        ignored.push(error.to_string());
    }
    ignored
}
