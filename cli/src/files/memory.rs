use super::{Entry, Files};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// Files in memory, for tests: every folder above a file exists, and writes can be made to fail.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, Vec<u8>>,
    folders: BTreeSet<PathBuf>,
    refused: BTreeSet<PathBuf>,
}

impl Memory {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a file.
    #[must_use]
    pub fn with(mut self, path: impl AsRef<Path>, text: impl Into<Vec<u8>>) -> Self {
        self.files.insert(normal(path.as_ref()), text.into());
        self
    }

    /// The same with an empty folder.
    #[must_use]
    pub fn with_folder(mut self, path: impl AsRef<Path>) -> Self {
        self.folders.insert(normal(path.as_ref()));
        self
    }

    /// The same, but nothing can be written to or moved to a path.
    #[must_use]
    pub fn refusing(mut self, path: impl AsRef<Path>) -> Self {
        self.refused.insert(normal(path.as_ref()));
        self
    }

    /// The text of a file, if there is one and it is text.
    pub fn text(&self, path: impl AsRef<Path>) -> Option<&str> {
        self.files.get(&normal(path.as_ref())).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().map(PathBuf::as_path)
    }

    fn permit(&self, path: &Path) -> io::Result<()> {
        if self.refused.contains(path) { Err(ErrorKind::PermissionDenied.into()) } else { Ok(()) }
    }
}

/// A path without `.` parts.
fn normal(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

impl Files for Memory {
    fn entry(&self, path: &Path) -> io::Result<Option<Entry>> {
        let path = normal(path);
        if self.files.contains_key(&path) {
            return Ok(Some(Entry::File));
        }
        let above = |known: &PathBuf| known.starts_with(&path);
        let folder =
            path.as_os_str().is_empty() || self.files.keys().any(above) || self.folders.iter().any(above);
        Ok(folder.then_some(Entry::Folder))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(&normal(path)).cloned().ok_or_else(|| ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let folder = normal(folder);
        let here = self.files.keys().filter(|path| path.parent() == Some(&folder));
        Ok(here.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
    }

    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        self.permit(&normal(folder))?;
        self.folders.insert(normal(folder));
        Ok(())
    }

    fn write(&mut self, path: &Path, text: &str) -> io::Result<()> {
        let path = normal(path);
        self.permit(&path)?;
        self.files.insert(path, text.into());
        Ok(())
    }

    fn create(&mut self, path: &Path) -> io::Result<Box<dyn io::Write + '_>> {
        self.write(path, "")?;
        match self.files.get_mut(&normal(path)) {
            Some(bytes) => Ok(Box::new(bytes)),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn write_new(&mut self, path: &Path, text: &str) -> io::Result<()> {
        if self.files.contains_key(&normal(path)) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        self.write(path, text)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let to = normal(to);
        self.permit(&to)?;
        let bytes = self.files.remove(&normal(from)).ok_or(ErrorKind::NotFound)?;
        self.files.insert(to, bytes);
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.permit(&normal(path))?;
        self.files.remove(&normal(path)).map(|_| ()).ok_or_else(|| ErrorKind::NotFound.into())
    }
}
