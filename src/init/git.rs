//! The repository's home, from the remotes in `.git/config`.

use super::evidence::{Clue, Evidence, Verdict, weigh};
use super::snapshot::Snapshot;

/// Where a repository lives on a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Host name, with a port if the remote has one.
    pub host: String,
    /// Path on the host, without `.git`: `acme/hello`.
    pub path: String,
}

impl Home {
    /// Address of the repository for a browser.
    pub fn url(&self) -> String {
        format!("https://{}/{}", self.host, self.path)
    }

    /// Where the host's own registry keeps images of this repository, for hosts known to have one.
    pub fn image(&self) -> Option<String> {
        let registry = match self.host.as_str() {
            "github.com" => "ghcr.io",
            "gitlab.com" => "registry.gitlab.com",
            _ => return None,
        };
        Some(format!("{registry}/{}", self.path.to_ascii_lowercase()))
    }

    /// Last part of the path: the repository's own name.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// The repository's home: the remote `origin`, or the only remote.
pub fn home(snapshot: &Snapshot) -> Verdict<Home> {
    let Some(path) = snapshot.files.keys().find(|path| path.ends_with(".git/config")) else {
        return Verdict::missing("there is no .git/config here or above");
    };
    let remotes = remotes(snapshot.text(path).unwrap_or_default(), path);
    let origin: Vec<Clue<Home>> =
        remotes.iter().filter(|(name, _)| name == "origin").map(|(_, clue)| clue.clone()).collect();
    let all: Vec<Clue<Home>> = remotes.into_iter().map(|(_, clue)| clue).collect();
    weigh(if origin.is_empty() { &all } else { &origin }, ".git/config names no remote on a host")
}

/// Name and address of every remote that is on a host.
fn remotes(text: &str, path: &str) -> Vec<(String, Clue<Home>)> {
    let mut found = Vec::new();
    let mut remote = None;
    for (number, line) in super::lines::meaningful(text) {
        if line.starts_with('[') {
            remote = line.strip_prefix("[remote \"").and_then(|rest| rest.strip_suffix("\"]")).map(str::to_owned);
            continue;
        }
        let (Some(name), Some((key, value))) = (&remote, line.split_once('=')) else { continue };
        if !key.trim().eq_ignore_ascii_case("url") {
            continue;
        }
        if let Some(home) = parse(value.trim().trim_matches('"')) {
            let evidence = Evidence::line(path, number, format!("remote {name}"));
            found.push((name.clone(), Clue::certain(home, evidence)));
        }
    }
    found
}

/// Reads `https://host/path.git`, `ssh://git@host/path` and `git@host:path`; user names and passwords are dropped.
fn parse(url: &str) -> Option<Home> {
    let (authority, path) = match url.split_once("://") {
        Some(("https" | "http" | "ssh" | "git" | "git+ssh", rest)) => rest.split_once('/')?,
        Some(_) => return None,
        None => url.split_once(':')?,
    };
    let host = authority.rsplit('@').next()?.to_ascii_lowercase();
    let host = if url.starts_with("http") { host } else { host.split(':').next()?.to_owned() };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let host_is_valid = host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c));
    let segment_is_valid = |segment: &str| {
        !segment.is_empty()
            && !segment.starts_with('.')
            && segment.chars().all(|c| c.is_ascii_alphanumeric() || "._-~".contains(c))
    };
    let path_is_valid = path.contains('/') && path.split('/').all(segment_is_valid);
    (host_is_valid && path_is_valid).then(|| Home { host, path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for url in [
            "https://github.com/acme/Hello.git",
            "https://someone:s3cret@github.com/acme/Hello",
            "git@github.com:acme/Hello.git",
            "ssh://git@github.com:22/acme/Hello.git",
        ] {
            let home = parse(url).unwrap();
            assert_eq!(home.url(), "https://github.com/acme/Hello", "{url}");
            assert_eq!(home.image().as_deref(), Some("ghcr.io/acme/hello"));
        }
        assert_eq!(parse("https://git.acme.example:8443/a/b").unwrap().url(), "https://git.acme.example:8443/a/b");
        for none in
            ["../other", "/srv/git/x.git", "file:///srv/x", "C:\\repo", "https://github.com/", "git@host:a b", ""]
        {
            assert_eq!(parse(none), None, "{none}");
        }
    }

    #[test]
    fn origin_wins_and_others_need_agreement() {
        let config = |text: &str| Snapshot {
            files: [(".git/config".to_owned(), super::super::snapshot::Content::Text(text.to_owned()))].into(),
            ..Snapshot::default()
        };
        let a = "[remote \"origin\"]\n\turl = git@github.com:acme/a.git\n";
        let b = "[remote \"upstream\"]\n\turl = git@github.com:other/a.git\n";
        let c = "[remote \"fork\"]\n\turl = git@github.com:third/a.git\n";
        assert_eq!(
            home(&config(&format!("{b}{a}"))).settled().map(Home::url).as_deref(),
            Some("https://github.com/acme/a")
        );
        assert!(matches!(home(&config(&format!("{b}{c}"))), Verdict::Conflict { .. }));
        assert!(matches!(home(&config("[core]\n")), Verdict::Missing { .. }));
    }
}
