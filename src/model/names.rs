//! Names of generated objects: the same in every environment, which differ by namespace.

use sha2::{Digest, Sha256};

use crate::resolve::ResolvedProject;
use crate::spec::StoreKind;

/// Longest name of most objects: a DNS label.
const LABEL: usize = 63;
/// Longest name of a CronJob, whose jobs get eleven characters more.
const CRON_JOB: usize = 52;
/// Longest name of a Job that runs before a deployment, whose name gets the release's eleven characters.
const RELEASE_JOB: usize = 52;

/// Fewest bytes of the project's name that tell it from others.
const SHORTEST: usize = 12;

impl ResolvedProject {
    /// The project's name; also the name of the main process's objects.
    pub fn name(&self) -> &str {
        self.spec.name.as_str()
    }

    /// The main process's name: container and component label.
    pub fn process(&self) -> &str {
        self.spec.process.as_str()
    }

    /// `<project>-<purpose>`. Of a name that is too long the project's part is cut, so that the purpose can still be read.
    fn named(&self, purpose: &str, longest: usize) -> String {
        let whole = format!("{}-{purpose}", self.name());
        if whole.len() <= longest {
            return whole;
        }
        let end = format!("-{}-{purpose}", hash(&whole));
        match longest.checked_sub(end.len()) {
            Some(room) if room >= SHORTEST => format!("{}{end}", cut(self.name(), room)),
            _ => shortened(&whole, longest),
        }
    }

    /// The namespace of an environment; `None` for the base, which names none.
    pub fn namespace(&self) -> Option<String> {
        let environment = self.environment.as_ref()?;
        Some(match &self.spec.namespace {
            Some(namespace) => namespace.to_string(),
            None => self.named(environment.as_str(), LABEL),
        })
    }

    /// The ConfigMap of `config`, without the suffix that kustomize adds.
    pub fn config_map(&self) -> String {
        self.named("config", CRON_JOB)
    }

    /// The Secret of `secrets.keys`.
    pub fn secret(&self) -> String {
        self.named("secrets", LABEL)
    }

    /// The Secret that cert-manager writes the certificate to; also the Certificate's name.
    pub fn certificate(&self) -> String {
        self.named("tls", LABEL)
    }

    /// The HTTPRoute that redirects to HTTPS.
    pub fn redirect_route(&self) -> String {
        self.named("redirect", LABEL)
    }

    /// The policy that denies what no other policy allows.
    pub fn default_deny(&self) -> String {
        self.named("default-deny", LABEL)
    }

    /// The policy of the pods that answer a certificate authority's challenges.
    pub fn acme_solver(&self) -> String {
        self.named("acme-solver", LABEL)
    }

    /// An Issuer that is rendered; a namespace may hold those of other projects.
    pub fn rendered_issuer(&self, issuer: &str) -> String {
        self.named(issuer, LABEL)
    }

    /// The Job of a task that runs before a deployment, without the release's suffix.
    pub fn job(&self, job: &str) -> String {
        self.named(job, RELEASE_JOB)
    }

    /// The CronJob, ConfigMap and policy of a store's backup.
    pub fn backup(&self, store: StoreKind) -> String {
        self.named(&format!("backup-{}", store.key()), CRON_JOB)
    }

    /// The ServiceAccount of backups.
    pub fn backup_account(&self) -> String {
        self.named("backup", LABEL)
    }

    /// The Secret with the credentials of the backups' object storage.
    pub fn backup_secret(&self) -> String {
        self.named("backup-s3", LABEL)
    }
}

/// A name of at most `longest` bytes: as it is, or cut with eight hexadecimal digits of its hash at the end, so that two
/// long names stay two.
pub fn shortened(name: &str, longest: usize) -> String {
    if name.len() <= longest {
        return name.to_owned();
    }
    let hash = hash(name);
    format!("{}-{hash}", cut(name, longest - hash.len() - 1))
}

/// The beginning of a name, of at most `longest` bytes.
fn cut(name: &str, longest: usize) -> &str {
    name.get(..longest).unwrap_or(name).trim_end_matches(['-', '.'])
}

/// Eight hexadecimal digits of a name's SHA-256.
fn hash(name: &str) -> String {
    Sha256::digest(name.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_stay_apart() {
        let (a, b) = ("a".repeat(60) + "-one", "a".repeat(60) + "-two");
        assert_ne!(shortened(&a, 52), shortened(&b, 52));
        assert_eq!(shortened(&a, 52).len(), 52);
        assert_eq!(shortened("orders", 52), "orders");
    }
}
