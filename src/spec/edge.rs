//! `domains` and `edge`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::security::Arn;
use super::value::{Cidr, Duration, Host, HttpPath, Line, Memory, Name, Origin, ScalarOr, Whole};

/// A host, or the map.
pub type DomainEntry = ScalarOr<Host, Domain>;

/// A public host.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Domain {
    /// The host name, lower case. Example: `host: api.lulupay.com`
    pub host: Host,
    /// Process that answers. Default: the main process. Example: `process: assets`
    pub process: Option<Name>,
    /// Paths and their processes. Default: all paths. Example: `routes: [{path: /ws, process: ws}, {path: /}]`
    pub routes: Option<Vec<Route>>,
}

/// A path prefix of a host.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Route {
    /// Path prefix. Example: `path: /ws`
    pub path: HttpPath,
    /// Process that answers. Default: the domain's. Example: `process: ws`
    pub process: Option<Name>,
}

/// How the public reaches the domains.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Edge {
    /// Controller that serves the domains. Default `gateway` (Gateway API by Envoy Gateway). Example: `controller: gateway`
    pub controller: Controller,
    /// Name of the GatewayClass or IngressClass. Default: the controller's usual one (`envoy` for `gateway`). Example: `class: envoy`
    pub class: Option<Name>,
    /// Certificates. Default: Let's Encrypt. Example: `tls: {issuer: letsencrypt, email: oncall@shop.example}`
    pub tls: Tls,
    /// Requests that one client may send. Example: `rateLimit: {requests: 100, per: 1s}`
    pub rate_limit: Option<RateLimit>,
    /// Cross-origin requests of browsers. Example: `cors: {origins: [https://app.shop.example]}`
    pub cors: Option<Cors>,
    /// Security headers of responses. Example: `headers: strict`
    pub headers: Option<Headers>,
    /// Largest request body. Example: `bodySize: 50Mi`
    pub body_size: Option<Memory>,
    /// Whether responses are compressed. Default false. Example: `compression: true`
    pub compression: Option<bool>,
    /// Whether external-dns manages the DNS records. Default false. Example: `externalDns: true`
    pub external_dns: Option<bool>,
    /// Paths that only some addresses may call. Example: `allow: {paths: [/metrics], cidrs: [10.0.0.0/8]}`
    pub allow: Option<Allow>,
    /// Web application firewall of AWS. Example: `waf: {rateLimit: {requests: 2000, per: 5m}}`
    pub waf: Option<Waf>,
    /// Whether a configuration of nginx for use outside Kubernetes is rendered. Default false. Example: `nginx: true`
    pub nginx: Option<bool>,
}

/// What serves the domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Controller {
    /// Gateway API, by Envoy Gateway unless `class` says otherwise.
    Gateway,
    /// Traefik.
    Traefik,
    /// Application load balancer of AWS.
    Alb,
    /// ingress-nginx, which is archived upstream.
    IngressNginx,
}

/// Certificates of the domains.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Tls {
    /// Name of the cert-manager issuer; `letsencrypt` and `letsencrypt-staging` are rendered. Default `letsencrypt`. Example: `issuer: letsencrypt`
    pub issuer: Option<Name>,
    /// Address that Let's Encrypt writes to. Default: the owner's. Example: `email: oncall@shop.example`
    pub email: Option<EmailAddress>,
    /// Certificate of AWS instead of an issuer. Example: `certificateArn: "arn:aws:acm:…"`
    pub certificate_arn: Option<Arn>,
    /// Oldest TLS version that is spoken. Default `1.2`. Example: `minVersion: "1.3"`
    pub min_version: Option<TlsVersion>,
}

/// An e-mail address.
pub type EmailAddress = super::value::Checked<EmailForm>;

/// Rule of [`EmailAddress`].
pub enum EmailForm {}

impl super::value::Form for EmailForm {
    const NAME: &'static str = "EmailAddress";
    const DESCRIPTION: &'static str = "An e-mail address such as oncall@shop.example.";

    fn check(text: &str) -> Result<(), String> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
        let valid = text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && local.len() <= 64 && local.chars().all(allowed) && Host::new(host).is_ok()
        });
        if valid {
            Ok(())
        } else {
            Err(format!(
                "\"{}\" is no e-mail address; write for example `oncall@shop.example`",
                crate::text::visible(text)
            ))
        }
    }
}

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum TlsVersion {
    /// TLS 1.2.
    #[serde(rename = "1.2")]
    V1_2,
    /// TLS 1.3.
    #[serde(rename = "1.3")]
    V1_3,
}

/// Requests that one client may send.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RateLimit {
    /// Requests in a window, from 1. Example: `requests: 100`
    pub requests: Whole<1, 1_000_000_000>,
    /// Length of the window. Example: `per: 1m`
    pub per: Duration,
    /// Connections at a time, from 1. Example: `connections: 50`
    pub connections: Option<Whole<1, 1_000_000>>,
}

/// Cross-origin requests of browsers.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Cors {
    /// Origins that may call. Example: `origins: [https://app.shop.example]`
    pub origins: Vec<Origin>,
    /// Whether cookies are sent along; never together with the origin `*`. Default false. Example: `credentials: true`
    pub credentials: Option<bool>,
}

/// Set of security headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Headers {
    /// HSTS, CSP, nosniff, frame options and referrer policy.
    Strict,
}

/// Paths that only some addresses may call.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Allow {
    /// The path prefixes. Example: `paths: [/metrics]`
    pub paths: Vec<HttpPath>,
    /// The address ranges. Example: `cidrs: [10.0.0.0/8]`
    pub cidrs: Vec<Cidr>,
}

/// Web application firewall of AWS (WAFv2).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Waf {
    /// Requests that one address may send. Example: `rateLimit: {requests: 2000, per: 5m}`
    pub rate_limit: Option<RateLimit>,
    /// Countries that may call, as ISO 3166 codes. Example: `countries: [IN, US]`
    pub countries: Option<Vec<Line>>,
    /// Paths of administration. Example: `adminPaths: [/admin]`
    pub admin_paths: Option<Vec<HttpPath>>,
    /// Addresses that may administer. Example: `adminCidrs: [203.0.113.0/24]`
    pub admin_cidrs: Option<Vec<Cidr>>,
    /// Paths that need no token. Example: `openPaths: [/health]`
    pub open_paths: Option<Vec<HttpPath>>,
    /// Rule groups managed by AWS. Example: `managedRules: all`
    pub managed_rules: Option<WafRules>,
}

/// Rule groups managed by AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WafRules {
    /// All that cost nothing extra.
    All,
}
