//! The custom resources that infragen renders, typed: exactly the fields that templates write, nothing else. The
//! published schemas are the judge in conformance.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A `Gateway` of `gateway.networking.k8s.io/v1`.
pub(super) type Gateway = Object<GatewaySpec>;
/// An `HTTPRoute` of `gateway.networking.k8s.io/v1`.
pub(super) type HttpRoute = Object<HttpRouteSpec>;
/// An `Issuer` of `cert-manager.io/v1`.
pub(super) type Issuer = Object<IssuerSpec>;
/// A `Certificate` of `cert-manager.io/v1`.
pub(super) type Certificate = Object<CertificateSpec>;

/// What every object has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(dead_code, reason = "fields are only there to be typed")]
pub(super) struct Object<S> {
    api_version: String,
    kind: String,
    metadata: Metadata,
    spec: S,
}

shapes! {
    rename_all = "camelCase";

    /// Names, labels and annotations.
    Metadata {
        name: String,
        namespace: Option<String>,
        labels: BTreeMap<String, String>,
        annotations: Option<BTreeMap<String, String>>,
    }
    /// The entrance: what listens where.
    GatewaySpec {
        gateway_class_name: String,
        listeners: Vec<Listener>,
    }
    /// A port, and for HTTPS a host with its certificate.
    Listener {
        name: String,
        protocol: ListenerProtocol,
        port: u16,
        hostname: Option<String>,
        tls: Option<ListenerTls>,
        allowed_routes: AllowedRoutes,
    }
    /// How a listener ends TLS.
    ListenerTls {
        mode: TlsMode,
        certificate_refs: Vec<CertificateReference>,
    }
    /// The Secret of a certificate.
    CertificateReference {
        kind: SecretKind,
        name: String,
    }
    /// Which routes may attach.
    AllowedRoutes {
        namespaces: RouteNamespaces,
    }
    /// From which namespaces.
    RouteNamespaces {
        from: RouteSource,
    }
    /// Hosts and rules of a route.
    HttpRouteSpec {
        parent_refs: Vec<ParentReference>,
        hostnames: Vec<String>,
        rules: Vec<RouteRule>,
    }
    /// The listener that a route attaches to.
    ParentReference {
        kind: Option<GatewayKind>,
        name: String,
        section_name: String,
    }
    /// What matches, and where it goes.
    RouteRule {
        matches: Option<Vec<RouteMatch>>,
        filters: Option<Vec<RouteFilter>>,
        timeouts: Option<RouteTimeouts>,
        backend_refs: Option<Vec<BackendReference>>,
    }
    /// The requests that a rule is for.
    RouteMatch {
        path: PathMatch,
    }
    /// A path and how it is compared.
    PathMatch {
        r#type: PathKind,
        value: String,
    }
    /// What a rule does with a request.
    RouteFilter {
        r#type: FilterKind,
        request_redirect: RequestRedirect,
    }
    /// Where a request is sent instead.
    RequestRedirect {
        scheme: String,
        status_code: u16,
    }
    /// How long a request may take.
    RouteTimeouts {
        request: String,
    }
    /// The Service behind a rule.
    BackendReference {
        name: String,
        port: u16,
    }
    /// An account at a certificate authority.
    IssuerSpec {
        acme: Acme,
    }
    /// The ACME protocol.
    Acme {
        server: String,
        email: Option<String>,
        private_key_secret_ref: SecretReference,
        solvers: Vec<Solver>,
    }
    /// The Secret of the account's key.
    SecretReference {
        name: String,
    }
    /// How a host is proven.
    Solver {
        http01: HttpChallenge,
    }
    /// By an answer to an HTTP request.
    HttpChallenge {
        #[serde(rename = "gatewayHTTPRoute")]
        gateway_http_route: GatewaySolver,
    }
    /// Through a route of its own.
    GatewaySolver {
        service_type: ServiceType,
        parent_refs: Vec<ParentReference>,
    }
    /// What a certificate is for, who signs it, and where it is written to.
    CertificateSpec {
        secret_name: String,
        dns_names: Vec<String>,
        issuer_ref: IssuerReference,
        private_key: PrivateKey,
        renew_before_percentage: u8,
    }
    /// Who signs.
    IssuerReference {
        group: String,
        kind: IssuerKind,
        name: String,
    }
    /// The key of a certificate.
    PrivateKey {
        algorithm: KeyAlgorithm,
        size: u16,
        rotation_policy: RotationPolicy,
    }
}

/// The protocols of listeners.
#[derive(Deserialize)]
pub(super) enum ListenerProtocol {
    #[serde(rename = "HTTP")]
    Http,
    #[serde(rename = "HTTPS")]
    Https,
}

/// Where TLS ends: here.
#[derive(Deserialize)]
pub(super) enum TlsMode {
    Terminate,
}

/// What a certificate is kept in.
#[derive(Deserialize)]
pub(super) enum SecretKind {
    Secret,
}

/// Routes of the Gateway's own namespace only.
#[derive(Deserialize)]
pub(super) enum RouteSource {
    Same,
}

/// How the solver's Service is reached: from inside the cluster only, by the gateway.
#[derive(Deserialize)]
pub(super) enum ServiceType {
    ClusterIP,
}

/// What a route attaches to.
#[derive(Deserialize)]
pub(super) enum GatewayKind {
    Gateway,
}

/// How a path is compared.
#[derive(Deserialize)]
pub(super) enum PathKind {
    Exact,
    PathPrefix,
}

/// What a rule does itself.
#[derive(Deserialize)]
pub(super) enum FilterKind {
    RequestRedirect,
}

/// An issuer of the namespace or of the cluster.
#[derive(Deserialize)]
pub(super) enum IssuerKind {
    Issuer,
    ClusterIssuer,
}

/// Algorithms of keys.
#[derive(Deserialize)]
pub(super) enum KeyAlgorithm {
    #[serde(rename = "ECDSA")]
    Ecdsa,
}

/// Every renewal makes a new key.
#[derive(Deserialize)]
pub(super) enum RotationPolicy {
    Always,
}
