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

impl ResolvedProject {
    /// The project's name; also the name of the main process's objects.
    pub fn name(&self) -> &str {
        self.spec.name.as_str()
    }

    /// The main process's name: container and component label.
    pub fn process(&self) -> &str {
        self.spec.process.as_str()
    }

    /// The namespace of an environment; `None` for the base, which names none.
    pub fn namespace(&self) -> Option<String> {
        let environment = self.environment.as_ref()?;
        Some(match &self.spec.namespace {
            Some(namespace) => namespace.to_string(),
            None => shortened(&format!("{}-{environment}", self.name()), LABEL),
        })
    }

    /// The ConfigMap of `config`, without the suffix that kustomize adds.
    pub fn config_map(&self) -> String {
        shortened(&format!("{}-config", self.name()), CRON_JOB)
    }

    /// The Secret of `secrets.keys`.
    pub fn secret(&self) -> String {
        shortened(&format!("{}-secrets", self.name()), LABEL)
    }

    /// The Secret that cert-manager writes the certificate to; also the Certificate's name.
    pub fn certificate(&self) -> String {
        shortened(&format!("{}-tls", self.name()), LABEL)
    }

    /// The HTTPRoute that redirects to HTTPS.
    pub fn redirect_route(&self) -> String {
        shortened(&format!("{}-redirect", self.name()), LABEL)
    }

    /// The policy that denies what no other policy allows.
    pub fn default_deny(&self) -> String {
        shortened(&format!("{}-default-deny", self.name()), LABEL)
    }

    /// The policy of the pods that answer a certificate authority's challenges.
    pub fn acme_solver(&self) -> String {
        shortened(&format!("{}-acme-solver", self.name()), LABEL)
    }

    /// An Issuer that is rendered; a namespace may hold those of other projects.
    pub fn rendered_issuer(&self, issuer: &str) -> String {
        shortened(&format!("{}-{issuer}", self.name()), LABEL)
    }

    /// The Job of a task that runs before a deployment, without the release's suffix.
    pub fn job(&self, job: &str) -> String {
        shortened(&format!("{}-{job}", self.name()), RELEASE_JOB)
    }

    /// The CronJob, ConfigMap and policy of a store's backup.
    pub fn backup(&self, store: StoreKind) -> String {
        shortened(&format!("{}-backup-{}", self.name(), store.key()), CRON_JOB)
    }

    /// The ServiceAccount of backups.
    pub fn backup_account(&self) -> String {
        shortened(&format!("{}-backup", self.name()), LABEL)
    }

    /// The Secret with the credentials of the backups' object storage.
    pub fn backup_secret(&self) -> String {
        shortened(&format!("{}-backup-s3", self.name()), LABEL)
    }
}

/// A name of at most `longest` bytes: as it is, or cut with eight hexadecimal digits of its hash at the end, so that two
/// long names stay two.
pub fn shortened(name: &str, longest: usize) -> String {
    if name.len() <= longest {
        return name.to_owned();
    }
    let digest = Sha256::digest(name.as_bytes());
    let hash: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let kept = name.get(..longest - hash.len() - 1).unwrap_or(name).trim_end_matches(['-', '.']);
    format!("{kept}-{hash}")
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
