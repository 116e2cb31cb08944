use super::{Entry, Files};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// The file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn is_disk(&self) -> bool {
        true
    }

    fn entry(&self, path: &Path) -> io::Result<Option<Entry>> {
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => Ok(Some(Entry::Folder)),
            Ok(_) => Ok(Some(Entry::File)),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if let (Ok(name), false) = (entry.file_name().into_string(), entry.path().is_dir()) {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)
    }

    fn write(&mut self, path: &Path, text: &str) -> io::Result<()> {
        fs::write(path, text)
    }

    fn create(&mut self, path: &Path) -> io::Result<Box<dyn Write + '_>> {
        Ok(Box::new(io::BufWriter::new(fs::File::create(path)?)))
    }

    fn write_new(&mut self, path: &Path, text: &str) -> io::Result<()> {
        fs::File::create_new(path)?.write_all(text.as_bytes())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}
