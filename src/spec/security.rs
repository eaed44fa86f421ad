//! `secrets` and `security`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{Checked, Cidr, Duration, Form, Line, Name, SecretKey, Whole};
use crate::text::visible;

/// Names of secret environment variables and where their values come from. Values never stand in a spec.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Secrets {
    /// Where the values come from. Default `kubernetes`. Example: `store: external-secrets`
    pub store: Option<SecretsStore>,
    /// The (Cluster)SecretStore of `external-secrets`. Example: `storeRef: {name: aws-secrets-manager, kind: ClusterSecretStore}`
    pub store_ref: Option<StoreReference>,
    /// Public keys that `sops` encrypts for. Example: `recipients: [age1…]`
    pub recipients: Option<Vec<AgeRecipient>>,
    /// Names of the variables. Example: `keys: [DATABASE_URL, STRIPE_API_KEY]`
    pub keys: Vec<SecretKey>,
    /// How they reach the processes. Default `env`. Example: `as: files`
    pub r#as: Option<SecretsAs>,
}

/// Where secret values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecretsStore {
    /// A Secret that somebody creates; a template lists its keys.
    Kubernetes,
    /// The External Secrets Operator.
    ExternalSecrets,
    /// Files encrypted by SOPS with age.
    Sops,
}

/// How secrets reach the processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum SecretsAs {
    /// As environment variables.
    Env,
    /// As files below /etc/secrets, named by the keys.
    Files,
}

/// A store of the External Secrets Operator.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StoreReference {
    /// Name of the store in the cluster. Example: `name: aws-secrets-manager`
    pub name: Name,
    /// Whether it is of one namespace or of the cluster. Example: `kind: ClusterSecretStore`
    pub kind: StoreReferenceKind,
}

/// Kind of a secret store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum StoreReferenceKind {
    /// Of one namespace.
    SecretStore,
    /// Of the cluster.
    ClusterSecretStore,
}

/// A public key of age.
pub(super) type AgeRecipient = Checked<AgeForm>;
/// An Amazon resource name.
pub type Arn = Checked<ArnForm>;

/// Rule of [`AgeRecipient`].
pub enum AgeForm {}
/// Rule of [`Arn`].
pub enum ArnForm {}

impl Form for AgeForm {
    const NAME: &'static str = "AgeRecipient";
    const DESCRIPTION: &'static str = "A public key of age: age1 and 58 letters and digits.";

    fn check(text: &str) -> Result<(), String> {
        if text.to_uppercase().starts_with("AGE-SECRET-KEY") {
            return Err("this is a private key; a spec holds public keys only".to_owned());
        }
        let rest = text.strip_prefix("age1").unwrap_or_default();
        if rest.len() == 58 && rest.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
            Ok(())
        } else {
            Err(format!("\"{}\" is no public key of age; it begins with `age1`", visible(text)))
        }
    }
}

impl Form for ArnForm {
    const NAME: &'static str = "Arn";
    const DESCRIPTION: &'static str = "An Amazon resource name, such as arn:aws:iam::123456789012:role/orders.";

    fn check(text: &str) -> Result<(), String> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || ":/-_.+=,@".contains(c));
        if parts.len() == 6 && parts[0] == "arn" && plain && text.len() <= 2048 && !parts[5].is_empty() {
            Ok(())
        } else {
            Err(format!(
                "\"{}\" is no Amazon resource name; it has the form `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`",
                visible(text)
            ))
        }
    }
}

/// Network policies, quota, mesh, identity.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Security {
    /// Network policies: `strict` denies all that the spec does not declare. Default `strict`. Example: `networkPolicy: strict`
    pub network_policy: NetworkPolicyMode,
    /// What the processes may reach outside: `internet` (port 443 of public addresses), `none`, or a list of address
    /// ranges (all of their ports). Default `internet`. Example: `egress: internet`
    pub egress: Egress,
    /// Whether the namespace gets a ResourceQuota and a LimitRange. Default false. Example: `quota: true`
    pub quota: Option<bool>,
    /// Service mesh. Example: `mesh: istio`
    pub mesh: Option<Mesh>,
    /// When the mesh takes a failing replica out. Example: `circuitBreaker: {consecutiveErrors: 5, ejection: 30s}`
    pub circuit_breaker: Option<CircuitBreaker>,
    /// Identity of the pods at the cloud provider. Example: `serviceAccount: {awsRole: "arn:aws:iam::123456789012:role/orders"}`
    pub service_account: Option<ServiceAccount>,
    /// Encryption of volumes. Example: `encryption: {kmsKey: alias/orders}`
    pub encryption: Option<Encryption>,
    /// Rule books that the compliance page covers. Example: `compliance: [gdpr]`
    pub compliance: Option<Vec<Compliance>>,
}

/// Network policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkPolicyMode {
    /// Everything that the spec does not declare is denied.
    Strict,
    /// No policies.
    None,
}

/// What the processes may reach outside: a word, or address ranges.
#[derive(Debug, Clone, PartialEq)]
pub enum Egress {
    /// A named mode.
    Mode(EgressMode),
    /// These ranges on port 443.
    Ranges(Vec<Cidr>),
}

/// A named mode of egress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EgressMode {
    /// Port 443 of public addresses; never the metadata address nor private ranges.
    Internet,
    /// Nothing outside the cluster but the declared stores.
    None,
}

impl<'de> Deserialize<'de> for Egress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EgressVisitor;
        impl<'de> serde::de::Visitor<'de> for EgressVisitor {
            type Value = Egress;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("`internet`, `none` or a list of address ranges")
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Egress, E> {
                let word = serde::de::IntoDeserializer::into_deserializer(word);
                EgressMode::deserialize(word).map(Egress::Mode)
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, items: A) -> Result<Egress, A::Error> {
                Vec::deserialize(serde::de::value::SeqAccessDeserializer::new(items)).map(Egress::Ranges)
            }
        }
        deserializer.deserialize_any(EgressVisitor)
    }
}

impl JsonSchema for Egress {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Egress".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "anyOf": [generator.subschema_for::<EgressMode>(), generator.subschema_for::<Vec<Cidr>>()]
        })
    }
}

/// Service mesh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mesh {
    /// Istio with sidecars and strict mutual TLS.
    Istio,
}

/// When the mesh takes a failing replica out.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CircuitBreaker {
    /// Errors in a row, 1 to 1000. Example: `consecutiveErrors: 5`
    pub consecutive_errors: Whole<1, 1000>,
    /// How long it stays out the first time. Example: `ejection: 30s`
    pub ejection: Duration,
}

/// Identity of the pods at the cloud provider.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ServiceAccount {
    /// IAM role that the pods assume (IRSA). Example: `awsRole: "arn:aws:iam::123456789012:role/orders"`
    pub aws_role: Option<Arn>,
}

/// Encryption of volumes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Encryption {
    /// Key of the provider's key service. Example: `kmsKey: alias/orders`
    pub kms_key: Line,
}

/// A rule book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Compliance {
    /// Payment cards.
    PciDss,
    /// Personal data in the European Union.
    Gdpr,
    /// Children's data in the United States.
    Coppa,
    /// Service organisation controls, type 2.
    Soc2,
}
