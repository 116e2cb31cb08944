use super::{Entry, Files};
use std::io;
use std::path::{Path, PathBuf};

/// The files of a run, and among them a plan that was just made and is nowhere written.
pub(crate) struct WithPlan<'f> {
    pub files: &'f mut dyn Files,
    /// Where the plan seems to lie: beside the configuration, so that its declarations count.
    pub path: PathBuf,
    pub text: String,
}

impl Files for WithPlan<'_> {
    fn entry(&self, path: &Path) -> io::Result<Option<Entry>> {
        if path == self.path { Ok(Some(Entry::File)) } else { self.files.entry(path) }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path == self.path { Ok(self.text.clone().into_bytes()) } else { self.files.read(path) }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.files.list(folder)
    }

    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        self.files.make_folder(folder)
    }

    fn write(&mut self, path: &Path, text: &str) -> io::Result<()> {
        self.files.write(path, text)
    }

    fn create(&mut self, path: &Path) -> io::Result<Box<dyn io::Write + '_>> {
        self.files.create(path)
    }

    fn write_new(&mut self, path: &Path, text: &str) -> io::Result<()> {
        self.files.write_new(path, text)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.files.rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.files.remove(path)
    }
}
