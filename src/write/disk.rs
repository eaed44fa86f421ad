//! The output folder. No path leads out of it: links are never followed below it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::ledger::{LEDGER_FILE, Ledger, stays_inside};

/// Beginning of the names of files that are being written; leftovers of a killed run are removed by the next one.
const TEMPORARY_PREFIX: &str = ".infragen-tmp-";

/// An output folder, locked against other runs while it is written to.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    /// Keeps the lock.
    _lock: Option<fs::File>,
}

/// What stands at a path.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Nothing,
    /// A file with these bytes.
    File(Vec<u8>),
    /// Something that is no file, or that is only reached through a link.
    Other(&'static str),
}

impl Disk {
    /// The folder for reading only.
    pub fn reading(root: &Path) -> Self {
        Self { root: root.to_path_buf(), _lock: None }
    }

    /// The folder for writing: it is created, and other runs wait until this one ends.
    ///
    /// # Errors
    /// A folder that cannot be created, opened or locked.
    pub fn writing(root: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(root).with_context(|| format!("cannot create the folder {}", root.display()))?;
        let lock = fs::File::open(root).with_context(|| format!("cannot open the folder {}", root.display()))?;
        lock.lock().with_context(|| format!("cannot lock the folder {}", root.display()))?;
        Ok(Self { root: root.to_path_buf(), _lock: Some(lock) })
    }

    /// The ledger; empty if there is none or it cannot be read.
    pub fn ledger(&self) -> Ledger {
        match self.entry(LEDGER_FILE) {
            Entry::File(bytes) => Ledger::parse(&String::from_utf8_lossy(&bytes)),
            _ => Ledger::default(),
        }
    }

    /// Replaces the ledger, if it changed.
    ///
    /// # Errors
    /// A ledger that is a link or a folder, or that cannot be written.
    pub fn write_ledger(&self, ledger: &Ledger) -> anyhow::Result<()> {
        let text = ledger.text();
        match self.entry(LEDGER_FILE) {
            Entry::File(bytes) if bytes == text.as_bytes() => Ok(()),
            Entry::Other(what) => anyhow::bail!("{LEDGER_FILE} is {what}; remove it, infragen writes a new one"),
            _ => self.write(LEDGER_FILE, &text, false),
        }
    }

    /// What stands at a path of the tree.
    pub fn entry(&self, path: &str) -> Entry {
        if !stays_inside(path) {
            return Entry::Other("a path out of the tree");
        }
        let mut here = self.root.clone();
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            here.push(part);
            let Ok(metadata) = fs::symlink_metadata(&here) else {
                return Entry::Nothing;
            };
            let is_last = parts.peek().is_none();
            match (metadata.file_type(), is_last) {
                (kind, _) if kind.is_symlink() => return Entry::Other("a symbolic link"),
                (kind, false) if !kind.is_dir() => return Entry::Other("below something that is no folder"),
                (kind, true) if !kind.is_file() => return Entry::Other("no regular file"),
                _ => {}
            }
        }
        fs::read(&here).map_or(Entry::Other("a file that cannot be read"), Entry::File)
    }

    /// Writes a file so that it is old or new at every moment.
    ///
    /// # Errors
    /// A path through a link, or a file that cannot be written.
    pub fn write(&self, path: &str, content: &str, executable: bool) -> anyhow::Result<()> {
        let target = self.root.join(path);
        let folder = target.parent().unwrap_or(&self.root);
        self.create_folder(path)?;
        Self::remove_leftovers(folder);
        let write = || -> io::Result<()> {
            let mut builder = tempfile::Builder::new();
            builder.prefix(TEMPORARY_PREFIX);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                builder.permissions(fs::Permissions::from_mode(if executable { 0o755 } else { 0o644 }));
            }
            let mut file = builder.tempfile_in(folder)?;
            file.write_all(content.as_bytes())?;
            file.as_file().sync_data()?;
            file.persist(&target).map_err(|error| error.error)?;
            Ok(())
        };
        write().with_context(|| format!("cannot write {}", target.display()))
    }

    /// Removes a file, and folders that it leaves empty.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn remove(&self, path: &str) -> anyhow::Result<()> {
        let target = self.root.join(path);
        fs::remove_file(&target).with_context(|| format!("cannot remove {}", target.display()))?;
        let mut folder = target.parent();
        while let Some(here) = folder.filter(|here| *here != self.root) {
            if fs::remove_dir(here).is_err() {
                break;
            }
            folder = here.parent();
        }
        Ok(())
    }

    /// Creates the folders above a path, none of them through a link.
    fn create_folder(&self, path: &str) -> anyhow::Result<()> {
        let mut here = self.root.clone();
        let parts: Vec<&str> = path.split('/').collect();
        for part in &parts[..parts.len() - 1] {
            here.push(part);
            match fs::create_dir(&here) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    let is_folder = fs::symlink_metadata(&here).is_ok_and(|metadata| metadata.is_dir());
                    anyhow::ensure!(is_folder, "cannot write {path}: {} is no folder", here.display());
                }
                Err(error) => {
                    return Err(error).with_context(|| format!("cannot create the folder {}", here.display()));
                }
            }
        }
        Ok(())
    }

    fn remove_leftovers(folder: &Path) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(TEMPORARY_PREFIX) {
                // A leftover that cannot be removed does no harm.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}
