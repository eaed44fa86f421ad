//! Hosts, ports, paths and address ranges.

use std::fmt;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::checked::{Checked, Form};
use crate::text::visible;

/// A fully qualified host name in lower case; never an IP address, no wildcard.
pub type Host = Checked<HostForm>;
/// An absolute path of a URL without query, for example `/health/ready`.
pub type HttpPath = Checked<HttpPathForm>;
/// An `https://` URL without credentials.
pub type HttpsUrl = Checked<HttpsUrlForm>;
/// An origin of a browser: scheme and host with an optional port, or `*`.
pub type Origin = Checked<OriginForm>;

/// Rule of [`Host`].
pub enum HostForm {}
/// Rule of [`HttpPath`].
pub enum HttpPathForm {}
/// Rule of [`HttpsUrl`].
pub enum HttpsUrlForm {}
/// Rule of [`Origin`].
pub enum OriginForm {}

impl Form for HostForm {
    const NAME: &'static str = "Host";
    const DESCRIPTION: &'static str =
        "A fully qualified host name in lower case, such as shop.example; never an IP address.";

    fn check(text: &str) -> Result<(), String> {
        let shown = visible(text);
        if text.parse::<std::net::IpAddr>().is_ok() {
            return Err(format!("\"{shown}\" is an address; certificates and routes need a host name"));
        }
        if text.chars().any(|c| c.is_ascii_uppercase()) {
            return Err(format!("\"{shown}\" has capitals; write `{}`", visible(&text.to_lowercase())));
        }
        let label = |part: &str| {
            (1..=63).contains(&part.len())
                && !part.starts_with('-')
                && !part.ends_with('-')
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        };
        let labels: Vec<&str> = text.split('.').collect();
        let numeric_end = labels.last().is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()));
        if text.len() > 253 || labels.len() < 2 || numeric_end || !labels.iter().all(|part| label(part)) {
            return Err(format!(
                "\"{shown}\" is no host name; write it in full and without scheme, port or path, such as `shop.example`"
            ));
        }
        Ok(())
    }
}

impl Form for HttpPathForm {
    const NAME: &'static str = "HttpPath";
    const DESCRIPTION: &'static str = "An absolute path of a URL without query, such as /health/ready.";

    fn check(text: &str) -> Result<(), String> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%".contains(c);
        if text.starts_with('/') && text.len() <= 1024 && text.chars().all(allowed) && !text.contains("//") {
            Ok(())
        } else {
            Err(format!(
                "\"{}\" is no path of a URL; begin it with `/` and leave out query and fragment",
                visible(text)
            ))
        }
    }
}

impl Form for HttpsUrlForm {
    const NAME: &'static str = "HttpsUrl";
    const DESCRIPTION: &'static str = "An https:// URL without user, password, query or fragment.";

    fn check(text: &str) -> Result<(), String> {
        let refuse = || format!("\"{}\" is no https:// URL without credentials, query and fragment", visible(text));
        let rest = text.strip_prefix("https://").ok_or_else(refuse)?;
        let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let (host, port) = host.split_once(':').map_or((host, None), |(host, port)| (host, Some(port)));
        let is_port =
            |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<std::num::NonZeroU16>().is_ok();
        if port.is_some_and(|port| !is_port(port)) {
            return Err(refuse());
        }
        HostForm::check(host).map_err(|_| refuse())?;
        if path.is_empty() { Ok(()) } else { HttpPathForm::check(path).map_err(|_| refuse()) }
    }
}

impl Form for OriginForm {
    const NAME: &'static str = "Origin";
    const DESCRIPTION: &'static str = "An origin as browsers send it, such as https://app.shop.example, or *.";

    fn check(text: &str) -> Result<(), String> {
        let refuse = || {
            format!(
                "\"{}\" is no origin; write scheme and host without a path, such as `https://app.shop.example`",
                visible(text)
            )
        };
        if text == "*" {
            return Ok(());
        }
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or_else(refuse)?;
        let (host, port) = rest.split_once(':').unwrap_or((rest, "443"));
        let local = host == "localhost" || HostForm::check(host).is_ok();
        if local && port.parse::<u16>().is_ok() { Ok(()) } else { Err(refuse()) }
    }
}

/// A TCP port that an unprivileged process may open: 1024 to 65535.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "i64", into = "u16")]
#[schemars(with = "u16", extend("minimum" = 1024, "maximum" = 65535))]
pub struct Port(u16);

impl Port {
    /// The number.
    pub fn number(self) -> u16 {
        self.0
    }
}

impl TryFrom<i64> for Port {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        match u16::try_from(number) {
            Ok(port) if port >= 1024 => Ok(Self(port)),
            _ => Err(format!("{number} is no port of an unprivileged process; choose one from 1024 to 65535")),
        }
    }
}

impl From<Port> for u16 {
    fn from(port: Port) -> Self {
        port.0
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A range of IP addresses without host bits, for example `10.0.0.0/8` or `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Cidr(IpNet);

impl Cidr {
    /// The network.
    pub fn network(&self) -> IpNet {
        self.0
    }
}

impl TryFrom<String> for Cidr {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let network: IpNet = text
            .parse()
            .map_err(|_| format!("\"{}\" is no address range; write for example `10.0.0.0/8`", visible(&text)))?;
        if network.addr() == network.network() {
            Ok(Self(network))
        } else {
            Err(format!("\"{}\" has host bits set; the range is `{}`", visible(&text), network.trunc()))
        }
    }
}

impl From<Cidr> for String {
    fn from(cidr: Cidr) -> Self {
        cidr.0.to_string()
    }
}
