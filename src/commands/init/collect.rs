//! Fills a [`Snapshot`] from the disk. Nothing outside the folder is read, except `.git/config` above it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::init::snapshot::{Content, MAX_FILE_BYTES, Snapshot, is_evidence, is_skipped_folder};

/// How deep files are listed; evidence lies near the top (`k8s/overlays/staging/kustomization.yaml`).
const MAX_DEPTH: usize = 4;
/// How many files are listed.
const MAX_FILES: usize = 5_000;

/// Lists `root` and reads the files in it that are evidence.
///
/// # Errors
/// When `root` itself cannot be listed; anything else that cannot be read is noted in the snapshot.
pub(super) fn collect(root: &Path) -> io::Result<Snapshot> {
    let root = fs::canonicalize(root)?;
    let folder = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut snapshot = Snapshot { folder, ..Snapshot::default() };
    let mut level = vec![(root.clone(), String::new())];
    fs::read_dir(&root)?;
    for _ in 0..MAX_DEPTH {
        level = level.iter().flat_map(|(folder, prefix)| list(&root, folder, prefix, &mut snapshot)).collect();
    }
    if let Some((path, file)) = git_config(&root) {
        snapshot.files.insert(path, read(&file));
    }
    Ok(snapshot)
}

/// Adds the files of one folder and returns the folders in it that are worth entering.
fn list(root: &Path, folder: &Path, prefix: &str, snapshot: &mut Snapshot) -> Vec<(PathBuf, String)> {
    let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder).into_iter().flatten().flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut folders = Vec::new();
    for entry in entries {
        let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else { continue };
        let path = format!("{prefix}{name}");
        if kind.is_dir() {
            if !is_skipped_folder(&name) {
                folders.push((entry.path(), format!("{path}/")));
            }
        } else if snapshot.files.len() >= MAX_FILES {
            snapshot.truncated = true;
            break;
        } else {
            let content = if is_evidence(&path) { read_inside(root, &entry.path()) } else { Content::Listed };
            snapshot.files.insert(path, content);
        }
    }
    folders
}

/// Reads a file unless it is a link that leads out of `root`.
fn read_inside(root: &Path, file: &Path) -> Content {
    match fs::canonicalize(file) {
        Ok(target) if target.starts_with(root) => read(&target),
        Ok(_) => Content::Unusable("it is a link that leads out of this folder".to_owned()),
        Err(error) => Content::Unusable(error.to_string()),
    }
}

fn read(file: &Path) -> Content {
    match read_bytes(file) {
        Ok(content) => content,
        Err(error) => Content::Unusable(error.to_string()),
    }
}

/// Reads at most one byte more than is allowed; a file that is a pipe or a device is never opened.
fn read_bytes(file: &Path) -> io::Result<Content> {
    let metadata = fs::metadata(file)?;
    if !metadata.is_file() {
        return Ok(Content::Unusable("it is not a regular file".to_owned()));
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Ok(Content::too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    File::open(file)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(Content::from_bytes(bytes))
}

/// The configuration of the repository that `root` lies in, with its path relative to `root`.
fn git_config(root: &Path) -> Option<(String, PathBuf)> {
    root.ancestors().enumerate().find_map(|(depth, folder)| {
        let git = folder.join(".git");
        let file = if git.is_file() { linked_git_config(folder, &git)? } else { git.join("config") };
        file.is_file().then(|| (format!("{}.git/config", "../".repeat(depth)), file))
    })
}

/// In a worktree or submodule, `.git` is a file that names the folder; a worktree's folder names the shared one.
fn linked_git_config(folder: &Path, git: &Path) -> Option<PathBuf> {
    let Content::Text(link) = read(git) else { return None };
    let target = folder.join(link.strip_prefix("gitdir:")?.trim());
    match read(&target.join("commondir")) {
        Content::Text(shared) => Some(target.join(shared.trim()).join("config")),
        Content::Listed | Content::Unusable(_) => Some(target.join("config")),
    }
}
