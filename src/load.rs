//! Reading from outside: the spec, its profiles, and `--set`.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{self, Layers};
use crate::spec::document::{Node, Sources};
use crate::spec::read;

/// What was read, with the texts that messages quote from.
#[derive(Debug)]
pub struct Loaded {
    /// All texts.
    pub sources: Sources,
    /// The layers; the faults if they cannot be read.
    pub layers: Result<Layers, Vec<Diagnostic>>,
    /// The spec's folder, where the output goes by default.
    pub folder: PathBuf,
}

/// Name of the spec's file.
pub const SPEC_FILE: &str = "infragen.yaml";
/// Longest chain of profiles that extend each other.
const MOST_PROFILES: usize = 8;

/// Reads the spec, the profiles that it names, and the assignments.
///
/// # Errors
/// A file that is not there or cannot be opened. Faults of content are in [`Loaded::layers`].
pub fn load(spec: Option<&Path>, sets: &[String]) -> anyhow::Result<Loaded> {
    let mut sources = Sources::default();
    let (path, bytes) = read_spec(spec)?;
    let parent = path.as_deref().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    let folder = parent.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let name = path.as_deref().map_or_else(|| "standard input".to_owned(), shown);
    let layers = layers(bytes, &name, &folder, sets, &mut sources);
    Ok(Loaded { sources, layers, folder })
}

fn shown(path: &Path) -> String {
    let here = path.strip_prefix("./").unwrap_or(path);
    here.display().to_string()
}

fn read_spec(spec: Option<&Path>) -> anyhow::Result<(Option<PathBuf>, Vec<u8>)> {
    if spec.is_some_and(|path| path.as_os_str() == "-") {
        let mut bytes = Vec::new();
        let limit = read::MAX_BYTES as u64 + 1;
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
        return Ok((None, bytes));
    }
    let path = match spec {
        Some(path) => path.to_path_buf(),
        None => nearest_spec()?,
    };
    let bytes =
        read_limited(&path).map_err(|error| anyhow::anyhow!("cannot read the spec {}: {error}", path.display()))?;
    Ok((Some(path), bytes))
}

/// A file's bytes, one more than a spec may have at the most.
fn read_limited(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(read::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The spec here or in the nearest folder above.
fn nearest_spec() -> anyhow::Result<PathBuf> {
    if Path::new(SPEC_FILE).is_file() {
        return Ok(PathBuf::from(SPEC_FILE));
    }
    let here = std::env::current_dir()?;
    here.ancestors().skip(1).map(|folder| folder.join(SPEC_FILE)).find(|path| path.is_file()).ok_or_else(|| {
        anyhow::anyhow!(
            "there is no {SPEC_FILE} here or in a folder above; `infragen init` writes one, `--spec FILE` names another"
        )
    })
}

fn layers(
    bytes: Vec<u8>,
    name: &str,
    folder: &Path,
    sets: &[String],
    sources: &mut Sources,
) -> Result<Layers, Vec<Diagnostic>> {
    let text = read::text_of(bytes, name).map_err(|finding| vec![finding])?;
    let id = sources.add(name, text.clone());
    let spec = read::parse(&text, id)?;
    if !matches!(spec.value, crate::spec::document::Value::Map(_)) {
        return Err(vec![
            Diagnostic::error(Code::WrongType, "a spec is a map of settings")
                .at(spec.span)
                .help("begin with `version: 1` and `name: …`"),
        ]);
    }
    let mut findings = Vec::new();
    let profiles = profiles(&spec, folder, sources).unwrap_or_else(|fault| {
        findings.extend(fault);
        Vec::new()
    });
    let mut assignments = Vec::new();
    for set in sets {
        let id = sources.add("--set", set.clone());
        match resolve::assignment(set, id) {
            Ok(node) => assignments.push(node),
            Err(fault) => findings.push(fault),
        }
    }
    if findings.is_empty() { Ok(Layers { profiles, spec, sets: assignments }) } else { Err(findings) }
}

/// The profiles of a spec, the most general first.
fn profiles(spec: &Node, folder: &Path, sources: &mut Sources) -> Result<Vec<Node>, Vec<Diagnostic>> {
    let Some(mut named) = spec.get("profile").cloned() else {
        // Without a profile the base's defaults hold, and the missing key is reported with the other faults.
        return built_in("base", sources).map(|node| vec![node]);
    };
    let mut chain = Vec::new();
    loop {
        let Some(name) = named.as_str() else {
            return Err(vec![Diagnostic::error(Code::WrongType, "a profile is named by a string").at(named.span)]);
        };
        if chain.len() >= MOST_PROFILES {
            return Err(vec![
                Diagnostic::error(Code::InvalidValue, format!("more than {MOST_PROFILES} profiles extend each other"))
                    .at(named.span),
            ]);
        }
        let repeated = |node: &Node| sources.get(node.span.source).is_some_and(|source| source.name == name);
        if chain.iter().any(repeated) {
            let message = format!("the profile \"{}\" extends itself", crate::text::visible(name));
            return Err(vec![Diagnostic::error(Code::InvalidValue, message).at(named.span)]);
        }
        let node = if resolve::built_in(name).is_some() {
            built_in(name, sources)?
        } else if name.contains('/') || name.contains('.') {
            local(name, &named, folder, sources)?
        } else {
            return Err(vec![unknown_profile(name, &named)]);
        };
        let next = node.get("extends").cloned();
        chain.push(node);
        match next {
            Some(next) => named = next,
            None => break,
        }
    }
    if !chain.iter().any(|node| sources.get(node.span.source).is_some_and(|source| source.name == "profiles/base.yaml"))
    {
        chain.push(built_in("base", sources)?);
    }
    chain.reverse();
    Ok(chain)
}

fn unknown_profile(name: &str, at: &Node) -> Diagnostic {
    let shown = crate::text::visible(name);
    let help = match crate::text::nearest(name, resolve::BUILT_IN) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!(
            "the built-in profiles are {}; a file of your own is named by its path",
            crate::text::listed(&resolve::BUILT_IN)
        ),
    };
    Diagnostic::error(Code::UndefinedReference, format!("there is no profile `{shown}`")).at(at.span).help(help)
}

fn built_in(name: &str, sources: &mut Sources) -> Result<Node, Vec<Diagnostic>> {
    let profile = resolve::built_in(name).ok_or_else(Vec::new)?;
    let id = sources.add(format!("profiles/{}", profile.file), profile.text);
    read::parse(profile.text, id)
}

/// A profile of the user's own, inside the spec's folder, links resolved.
fn local(name: &str, at: &Node, folder: &Path, sources: &mut Sources) -> Result<Node, Vec<Diagnostic>> {
    let refuse = |message: String| vec![Diagnostic::error(Code::InvalidValue, message).at(at.span)];
    let shown_name = crate::text::visible(name);
    crate::spec::value::SpecFile::new(name).map_err(refuse)?;
    let root = folder
        .canonicalize()
        .map_err(|error| refuse(format!("the spec's folder cannot be read: {}", reason(&error))))?;
    let path = folder
        .join(name)
        .canonicalize()
        .map_err(|error| refuse(format!("the profile \"{shown_name}\" cannot be read: {}", reason(&error))))?;
    if !path.starts_with(&root) {
        return Err(refuse(format!("the profile \"{shown_name}\" leads out of the spec's folder")));
    }
    let bytes = read_limited(&path)
        .map_err(|error| refuse(format!("the profile \"{shown_name}\" cannot be read: {}", reason(&error))))?;
    let text = read::text_of(bytes, name).map_err(|finding| vec![finding])?;
    let id = sources.add(name, text.clone());
    let node = read::parse(&text, id)?;
    if matches!(node.value, crate::spec::document::Value::Map(_)) {
        Ok(node)
    } else {
        Err(vec![Diagnostic::error(Code::WrongType, "a profile is a map of settings").at(node.span)])
    }
}

/// Why a file cannot be read, in words that are the same on every system.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}
