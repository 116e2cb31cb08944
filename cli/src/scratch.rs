use narrows_checks::Store;
use std::cell::{Cell, OnceCell};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// A file without a name in the system's folder for such, made when it is first needed: it is gone when the process is.
#[derive(Default)]
pub(crate) struct Scratch {
    file: OnceCell<File>,
    end: Cell<u64>,
}

impl Scratch {
    fn file(&self) -> io::Result<&File> {
        if let Some(file) = self.file.get() {
            return Ok(file);
        }
        let made = tempfile::tempfile().map_err(|error| {
            let folder = std::env::temp_dir();
            let text = format!("no temporary file can be made in `{}`: {error}", folder.display());
            io::Error::new(error.kind(), text)
        });
        let made = made?;
        Ok(self.file.get_or_init(|| made))
    }
}

impl Store for Scratch {
    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let (mut file, from) = (self.file()?, self.end.get());
        file.seek(SeekFrom::Start(from))?;
        file.write_all(bytes)?;
        self.end.set(from + bytes.len() as u64);
        Ok(from)
    }

    fn read(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let mut file = self.file()?;
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_read_anywhere() {
        let scratch = Scratch::default();
        let mut three = [0; 3];
        assert!(scratch.read(0, &mut three).is_err(), "there is nothing yet");
        assert_eq!(scratch.append(b"abc").unwrap(), 0);
        scratch.read(0, &mut three).unwrap();
        assert_eq!(scratch.append(b"defg").unwrap(), 3);
        scratch.read(4, &mut three).unwrap();
        assert_eq!(&three, b"efg");
        assert!(scratch.read(5, &mut three).is_err(), "more than there is");
    }
}
