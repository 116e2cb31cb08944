//! The files of a run: a trait, the disk, and a memory for tests.

mod disk;
mod memory;
mod with_plan;

pub use disk::Disk;
pub use memory::Memory;
pub(crate) use with_plan::WithPlan;

use std::io;
use std::path::Path;

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A file (or what a link leads to).
    File,
    /// A folder.
    Folder,
}

/// The files that a run may read and write.
pub trait Files {
    /// Whether other programs find these files, too.
    fn is_disk(&self) -> bool {
        false
    }

    /// What is at the path; `None` where there is nothing.
    ///
    /// # Errors
    /// Those of the system.
    fn entry(&self, path: &Path) -> io::Result<Option<Entry>>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// Those of the system.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The names of the files directly in a folder, sorted; names that are not Unicode are left out.
    ///
    /// # Errors
    /// Those of the system.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;

    /// Makes a folder and those above it, where they do not exist.
    ///
    /// # Errors
    /// Those of the system.
    fn make_folder(&mut self, folder: &Path) -> io::Result<()>;

    /// Writes a file, or replaces the one that is there.
    ///
    /// # Errors
    /// Those of the system.
    fn write(&mut self, path: &Path, text: &str) -> io::Result<()>;

    /// Opens a file to be written piece by piece, in the place of what is there.
    ///
    /// # Errors
    /// Those of the system.
    fn create(&mut self, path: &Path) -> io::Result<Box<dyn io::Write + '_>>;

    /// Writes a file that must not exist yet.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`], and those of the system.
    fn write_new(&mut self, path: &Path, text: &str) -> io::Result<()>;

    /// Moves a file, replacing the one that is there.
    ///
    /// # Errors
    /// Those of the system.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// Those of the system.
    fn remove(&mut self, path: &Path) -> io::Result<()>;
}
