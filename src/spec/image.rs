//! `image`: how the container image is built and named.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{AbsolutePath, Checked, Command, Form, Memory, Name, ScalarOr};
use crate::text::visible;

/// The repository alone, or the map.
pub type ImageEntry = ScalarOr<Repository, Image>;

/// A repository of a container registry with its host, without tag: `ghcr.io/shop/orders`.
pub type Repository = Checked<RepositoryForm>;
/// A tag of an image.
pub type Tag = Checked<TagForm>;
/// A digest of an image.
pub type Digest = Checked<DigestForm>;
/// A version of a language's runtime.
pub type RuntimeVersion = Checked<RuntimeForm>;

/// Rule of [`Repository`].
pub enum RepositoryForm {}
/// Rule of [`Tag`].
pub enum TagForm {}
/// Rule of [`Digest`].
pub enum DigestForm {}
/// Rule of [`RuntimeVersion`].
pub enum RuntimeForm {}

impl Form for RepositoryForm {
    const NAME: &'static str = "ImageRepository";
    const DESCRIPTION: &'static str =
        "A repository with its registry's host and without tag, such as ghcr.io/shop/orders.";

    fn check(text: &str) -> Result<(), String> {
        let shown = visible(text);
        let mut parts = text.split('/');
        let registry = parts.next().unwrap_or_default();
        let path: Vec<&str> = parts.collect();
        let has_host = registry.contains('.') || registry.contains(':') || registry == "localhost";
        if !has_host || path.is_empty() {
            return Err(format!("\"{shown}\" does not name its registry; write for example `docker.io/{shown}`"));
        }
        if path.last().is_some_and(|last| last.contains(':') || last.contains('@')) {
            return Err(format!("\"{shown}\" has a tag or digest; delivery sets it, so leave it out here"));
        }
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
        let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let part_ok = |part: &&str| part.chars().all(inner) && part.starts_with(ends) && part.ends_with(ends);
        let registry_ok = registry.chars().all(|c| inner(c) || c == ':');
        if registry_ok && path.iter().all(part_ok) && text.len() <= 255 {
            Ok(())
        } else {
            Err(format!("\"{shown}\" is no image repository; use lower-case letters, digits and `-._` between slashes"))
        }
    }
}

impl Form for TagForm {
    const NAME: &'static str = "ImageTag";
    const DESCRIPTION: &'static str = "A tag of an image: at most 128 letters, digits and ._-; never `latest`.";

    fn check(text: &str) -> Result<(), String> {
        let valid = (1..=128).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
            && !text.starts_with(['.', '-']);
        match text {
            "latest" => Err("`latest` says nothing about what runs; name a version".to_owned()),
            _ if valid => Ok(()),
            _ => Err(format!("\"{}\" is no image tag", visible(text))),
        }
    }
}

impl Form for DigestForm {
    const NAME: &'static str = "ImageDigest";
    const DESCRIPTION: &'static str = "A digest of an image: sha256: and 64 hexadecimal digits.";

    fn check(text: &str) -> Result<(), String> {
        let hex = text.strip_prefix("sha256:").unwrap_or_default();
        if hex.len() == 64 && hex.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)) {
            Ok(())
        } else {
            Err(format!("\"{}\" is no digest; write `sha256:` and 64 hexadecimal digits", visible(text)))
        }
    }
}

impl Form for RuntimeForm {
    const NAME: &'static str = "RuntimeVersion";
    const DESCRIPTION: &'static str = "A version of the runtime in digits and points, such as \"24\" or \"3.14\".";

    fn check(text: &str) -> Result<(), String> {
        let valid = text.len() <= 20
            && text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        if valid {
            Ok(())
        } else {
            Err(format!("\"{}\" is no version; write digits and points, such as \"24\" or \"3.14\"", visible(text)))
        }
    }
}

/// How the image is built and named.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Image {
    /// Repository with its registry's host, without tag. Example: `repository: ghcr.io/shop/orders`
    pub repository: Repository,
    /// Tag of the image that manifests name. Default `unreleased`, which delivery replaces by a digest. Example: `--set image.tag=v1.4.2`
    pub tag: Option<Tag>,
    /// Digest of the image that manifests name; wins over the tag. Example: `--set image.digest=sha256:…`
    pub digest: Option<Digest>,
    /// Version of the language's runtime, as text. Default: the profile's. Example: `runtime: "24"`
    pub runtime: Option<RuntimeVersion>,
    /// Distribution below the runtime: `slim` (Debian) or `alpine`. Default `slim`. Example: `variant: alpine`
    pub variant: Option<Variant>,
    /// Tool that installs dependencies; its lock file must be in the repository. Default: the profile's. Example: `packageManager: pnpm`
    pub package_manager: Option<PackageManager>,
    /// Command that builds the application in the build stage, a list or a line for a shell. Example: `build: npm run build`
    pub build: Option<Command>,
    /// Command that starts the main process. Default: the profile's. Example: `start: [node, dist/server.js]`
    pub start: Option<Command>,
    /// Numeric user and group that the processes run as, 1 to 65535. Default 10001. Example: `user: 1001`
    pub user: Option<UserId>,
    /// Init process that forwards signals and reaps children. Default: none. Example: `init: tini`
    pub init: Option<Init>,
    /// What the image's HEALTHCHECK calls the liveness path with. Default: the runtime itself. Example: `healthcheck: curl`
    pub healthcheck: Option<HealthCheck>,
    /// Platforms the image is built for. Default `[linux/amd64]`. Example: `platforms: [linux/amd64, linux/arm64]`
    pub platforms: Option<Vec<Platform>>,
    /// Size that the built image may have; delivery fails above it. Example: `maxSize: 200Mi`
    pub max_size: Option<Memory>,
    /// Name of the Secret with the registry's credentials. Example: `pullSecret: registry-credentials`
    pub pull_secret: Option<Name>,
    /// Folder of the application inside the image. Default `/app`. Example: `workdir: /srv/app`
    pub workdir: Option<AbsolutePath>,
}

/// A user's number, never root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "i64", into = "u32")]
#[schemars(with = "u32", extend("minimum" = 1, "maximum" = 65535))]
pub struct UserId(u32);

impl TryFrom<i64> for UserId {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        match u32::try_from(number) {
            Ok(0) => Err("0 is root; choose a user from 1 to 65535".to_owned()),
            Ok(id) if id <= 65535 => Ok(Self(id)),
            _ => Err(format!("{number} is no user; choose one from 1 to 65535")),
        }
    }
}

impl From<UserId> for u32 {
    fn from(user: UserId) -> Self {
        user.0
    }
}

/// Distribution of the runtime image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// Debian without what a server does not need.
    Slim,
    /// Alpine Linux with musl.
    Alpine,
}

/// Tool that installs dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PackageManager {
    /// npm with package-lock.json.
    Npm,
    /// pnpm with pnpm-lock.yaml.
    Pnpm,
    /// yarn with yarn.lock.
    Yarn,
    /// pip with requirements.txt that has hashes.
    Pip,
    /// uv with uv.lock.
    Uv,
    /// Poetry with poetry.lock.
    Poetry,
    /// Go modules with go.sum.
    Go,
}

/// Init process of the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Init {
    /// tini.
    Tini,
}

/// What HEALTHCHECK calls the liveness path with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HealthCheck {
    /// The language's own runtime; nothing is installed for it.
    Runtime,
    /// curl, which is installed for it.
    Curl,
    /// No HEALTHCHECK.
    None,
}

/// Platform of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum Platform {
    /// x86-64.
    #[serde(rename = "linux/amd64")]
    Amd64,
    /// 64-bit ARM.
    #[serde(rename = "linux/arm64")]
    Arm64,
}
