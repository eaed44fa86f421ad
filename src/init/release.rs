//! Releases of a language, and which of them all places that speak about it allow.
//!
//! A release is what the spec's `image.runtime` names: Node's major version, the minor version of Python 3 or Go 1.
//! Every statement, `20` in `.nvmrc` or `>=22` in `engines`, is the set of releases that it allows; statements
//! contradict each other when no release is in all of the sets.

use std::collections::BTreeSet;

use nodejs_semver::Range;
use pep440_rs::{Version, VersionSpecifiers};

use super::evidence::{Certainty, Evidence, Verdict};

/// Releases beyond this number do not exist yet in any of the languages.
const LAST: u32 = 60;
/// Longer version texts are no versions.
const MAX_TEXT: usize = 100;

/// What one place allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The releases.
    pub allowed: BTreeSet<u32>,
    /// The place.
    pub evidence: Evidence,
}

/// Node releases that an npm version range allows (`>=18 <21`, `20.x`, `^20 || ^22`, `lts/jod`, `v20.11.1`).
pub fn node(text: &str) -> Option<BTreeSet<u32>> {
    let text = text.trim();
    if !is_plausible(text) {
        return None;
    }
    if let Some(codename) = text.strip_prefix("lts/") {
        return lts(codename).map(|release| BTreeSet::from([release]));
    }
    let range = Range::parse(text).ok()?;
    let allowed = (0..=LAST)
        .filter(|major| Range::parse(format!("{major}.x")).is_ok_and(|release| range.allows_any(&release)))
        .collect();
    some_of(allowed)
}

/// Python 3 releases that a version specifier allows (`>=3.11,<3.14`, `==3.12.*`, also Poetry's `^3.11`, or `3.12.4`).
pub fn python(text: &str) -> Option<BTreeSet<u32>> {
    let text = text.trim();
    if !is_plausible(text) {
        return None;
    }
    let specifiers: VersionSpecifiers = pep440(text)?.parse().ok()?;
    let allowed = (0..=LAST)
        .filter(|minor| (0..=40).any(|patch| specifiers.contains(&Version::new([3, u64::from(*minor), patch]))))
        .collect();
    some_of(allowed)
}

/// Go releases that a `go` line allows: that release and all later ones.
pub fn go_minimum(text: &str) -> Option<BTreeSet<u32>> {
    go_minor(text).map(|minor| (minor..=LAST).collect())
}

/// The one Go release that an exact version names.
pub fn go_exact(text: &str) -> Option<BTreeSet<u32>> {
    go_minor(text).map(|minor| BTreeSet::from([minor]))
}

/// The release that every statement allows: the default where it may be, else the one nearest below it.
///
/// `spell` writes a release as the spec does.
pub fn choose(statements: &[Statement], default: u32, spell: fn(u32) -> String) -> Verdict<String> {
    let default_text = spell(default);
    let evidence: Vec<Evidence> = statements.iter().map(|statement| statement.evidence.clone()).collect();
    let Some(common) = statements.iter().map(|statement| statement.allowed.clone()).reduce(|a, b| &a & &b) else {
        let note = "no file names a version; this is the profile's own".to_owned();
        return Verdict::Found { value: default_text, certainty: Certainty::Guess, evidence, note };
    };
    let found = |release: u32, certainty, note: String| Verdict::Found {
        value: spell(release),
        certainty,
        evidence: evidence.clone(),
        note,
    };
    match (common.first(), common.last()) {
        (Some(first), Some(last)) if first == last => found(*first, Certainty::Certain, String::new()),
        (Some(_), Some(_)) if common.contains(&default) => {
            found(default, Certainty::Likely, "the profile's own version, and the files allow it".to_owned())
        }
        (Some(first), Some(_)) => {
            let nearest = common.range(..default).next_back().unwrap_or(first);
            let note = format!("the allowed version nearest to the profile's {default_text}");
            found(*nearest, Certainty::Likely, note)
        }
        _ => {
            let note = format!("no version satisfies all of them; the profile's own is {default_text}");
            Verdict::Conflict { evidence, note }
        }
    }
}

/// Whether a text is short and made of what versions and ranges are made of; parsers are more lenient than that.
fn is_plausible(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || " .,<>=^~|*-+!/".contains(c);
    (1..=MAX_TEXT).contains(&text.len()) && text.chars().all(fits)
}

fn some_of(allowed: BTreeSet<u32>) -> Option<BTreeSet<u32>> {
    if allowed.is_empty() { None } else { Some(allowed) }
}

/// Node's long-term lines by codename, from the Node release schedule.
fn lts(codename: &str) -> Option<u32> {
    let lines = [("gallium", 16), ("hydrogen", 18), ("iron", 20), ("jod", 22), ("krypton", 24)];
    let codename = codename.to_ascii_lowercase();
    lines.iter().find(|(name, _)| *name == codename).map(|(_, release)| *release)
}

/// A bare version means that release (`3.12.4` is any 3.12), a caret and a tilde what Poetry means by them.
fn pep440(text: &str) -> Option<String> {
    if let Some(version) = text.strip_prefix('^') {
        return Some(format!(">={version},<4"));
    }
    if let Some(version) = text.strip_prefix('~').filter(|rest| !rest.starts_with('=')) {
        return minor_of(version, "3").map(|minor| format!("==3.{minor}.*"));
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return minor_of(text, "3").map(|minor| format!("==3.{minor}.*"));
    }
    Some(text.to_owned())
}

fn go_minor(text: &str) -> Option<u32> {
    minor_of(text.trim().trim_start_matches("go"), "1").filter(|minor| *minor <= LAST)
}

/// `12` of `3.12.4`, if the major version is `major`.
fn minor_of(version: &str, major: &str) -> Option<u32> {
    let mut parts = version.split('.');
    if parts.next()? != major {
        return None;
    }
    let digits: String = parts.next()?.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(releases: impl IntoIterator<Item = u32>) -> Option<BTreeSet<u32>> {
        Some(releases.into_iter().collect())
    }

    #[test]
    fn node_ranges() {
        assert_eq!(node("v20.11.1"), set([20]));
        assert_eq!(node("20"), set([20]));
        assert_eq!(node("20.x"), set([20]));
        assert_eq!(node(">=18 <21"), set([18, 19, 20]));
        assert_eq!(node("^20.9.0 || ^22"), set([20, 22]));
        assert_eq!(node("lts/Jod"), set([22]));
        assert_eq!(node(">=22").map(|all| all.first().copied()), Some(Some(22)));
        assert_eq!(node("<20"), set(0..20));
        for no_version in ["lts/*", "system", "latest", ">=99", "", "20 # x", "20\n21"] {
            assert!(node(no_version).is_none_or(|all| all.len() > 50), "{no_version}");
        }
    }

    #[test]
    fn python_specifiers() {
        assert_eq!(python("3.12.4"), set([12]));
        assert_eq!(python(">=3.11,<3.14"), set([11, 12, 13]));
        assert_eq!(python("==3.12.*"), set([12]));
        assert_eq!(python("~=3.12.1"), set([12]));
        assert_eq!(python("~3.12"), set([12]));
        assert_eq!(python("^3.12").and_then(|all| all.first().copied()), Some(12));
        assert_eq!(python("2.7"), None);
        assert_eq!(python("pypy3.10"), None);
    }

    #[test]
    fn go_versions() {
        assert_eq!(go_exact("go1.26.1"), set([26]));
        assert_eq!(go_minimum("1.25rc1").and_then(|all| all.first().copied()), Some(25));
        assert_eq!(go_minimum("2.0"), None);
    }

    #[test]
    fn choice() {
        let say =
            |allowed: Option<BTreeSet<u32>>| Statement { allowed: allowed.unwrap(), evidence: Evidence::file("x") };
        let pick = |statements: &[Statement]| choose(statements, 24, |release| release.to_string());
        assert_eq!(pick(&[say(node(">=18"))]).value().map(String::as_str), Some("24"));
        assert_eq!(pick(&[say(node(">=18 <23"))]).value().map(String::as_str), Some("22"));
        assert_eq!(pick(&[say(node(">=26"))]).value().map(String::as_str), Some("26"));
        assert!(matches!(pick(&[say(node("20")), say(node(">=22"))]), Verdict::Conflict { .. }));
        assert_eq!(pick(&[]).settled(), None);
    }
}
