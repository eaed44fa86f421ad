//! Paths and object storage.

use super::checked::{Checked, Form};
use crate::text::visible;

/// An absolute path inside a container, never a system folder.
pub type AbsolutePath = Checked<AbsolutePathForm>;
/// A place in S3-compatible object storage: `s3://bucket` or `s3://bucket/prefix`.
pub type Destination = Checked<DestinationForm>;
/// A path relative to the spec's folder that stays inside it.
pub type SpecFile = Checked<SpecFileForm>;

/// Rule of [`AbsolutePath`].
pub enum AbsolutePathForm {}
/// Rule of [`Destination`].
pub enum DestinationForm {}
/// Rule of [`SpecFile`].
pub enum SpecFileForm {}

/// Folders that belong to the system: a volume over one of them breaks the container.
const SYSTEM_FOLDERS: [&str; 9] = ["/", "/proc", "/sys", "/dev", "/etc", "/bin", "/sbin", "/lib", "/usr"];

fn is_plain(part: &str) -> bool {
    !part.is_empty()
        && part != "."
        && part != ".."
        && part.chars().all(|c| c.is_ascii_alphanumeric() || "-._@+".contains(c))
}

impl Form for AbsolutePathForm {
    const NAME: &'static str = "AbsolutePath";
    const DESCRIPTION: &'static str = "An absolute path inside a container, never a system folder such as / or /proc.";

    fn check(text: &str) -> Result<(), String> {
        let shown = visible(text);
        let inner =
            text.strip_prefix('/').ok_or_else(|| format!("\"{shown}\" is no absolute path; begin it with `/`"))?;
        let system = SYSTEM_FOLDERS.iter().any(|folder| {
            text == *folder || (*folder != "/" && *folder != "/usr" && text.starts_with(&format!("{folder}/")))
        });
        if system {
            return Err(format!("\"{shown}\" is a folder of the system; choose one of the application's own"));
        }
        if inner.split('/').all(is_plain) && text.len() <= 1024 {
            Ok(())
        } else {
            Err(format!("\"{shown}\" is no plain absolute path; use letters, digits and `-._@+` between slashes"))
        }
    }
}

impl Form for DestinationForm {
    const NAME: &'static str = "Destination";
    const DESCRIPTION: &'static str = "A place in S3-compatible object storage: s3://bucket or s3://bucket/prefix.";

    fn check(text: &str) -> Result<(), String> {
        let refuse = || {
            format!(
                "\"{}\" is no destination; write `s3://bucket` or `s3://bucket/prefix` without a slash at the end",
                visible(text)
            )
        };
        let rest = text.strip_prefix("s3://").ok_or_else(refuse)?;
        let (bucket, prefix) = rest.split_once('/').map_or((rest, None), |(bucket, prefix)| (bucket, Some(prefix)));
        let bucket_ok = (3..=63).contains(&bucket.len())
            && bucket.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.')
            && bucket.starts_with(|c: char| c.is_ascii_alphanumeric())
            && bucket.ends_with(|c: char| c.is_ascii_alphanumeric())
            && !bucket.contains("..");
        let prefix_ok = prefix.is_none_or(|prefix| prefix.len() <= 512 && prefix.split('/').all(is_plain));
        if bucket_ok && prefix_ok { Ok(()) } else { Err(refuse()) }
    }
}

impl Form for SpecFileForm {
    const NAME: &'static str = "SpecFile";
    const DESCRIPTION: &'static str = "A path relative to the spec's folder that stays inside it.";

    fn check(text: &str) -> Result<(), String> {
        if !text.starts_with('/') && text.len() <= 1024 && text.trim_start_matches("./").split('/').all(is_plain) {
            Ok(())
        } else {
            Err(format!(
                "\"{}\" is no path inside the spec's folder; write it relative to the spec and without `..`",
                visible(text)
            ))
        }
    }
}

impl Destination {
    /// The bucket's name.
    pub fn bucket(&self) -> &str {
        let rest = self.as_str().trim_start_matches("s3://");
        rest.split_once('/').map_or(rest, |(bucket, _)| bucket)
    }

    /// The prefix without slashes around it; empty for the bucket's root.
    pub fn prefix(&self) -> &str {
        self.as_str().trim_start_matches("s3://").split_once('/').map_or("", |(_, prefix)| prefix)
    }
}
