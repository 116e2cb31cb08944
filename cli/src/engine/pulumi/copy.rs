//! A copy of a program, so that nothing is written to the user's folder.

use crate::engine::tree::{self, Tree};
use crate::failure::Failure;
use std::fs::{self, DirEntry};
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A copy of a project, and what an engine needs besides; both go with this value.
///
/// Files are copied and not linked to, since programs find out where they really lie, and may write beside themselves. What
/// package managers install is linked to: it is large, and no place for a program's own files.
#[derive(Debug)]
pub(super) struct Copy {
    beside: TempDir,
    tree: Tree,
}

/// How much a project may hold.
const MOST: u64 = 1 << 30;

impl Copy {
    pub(super) fn of(project: &Path) -> Result<Self, Failure> {
        let broken = |error: io::Error| Failure::io("copied", project, &error);
        let tree = Tree::around(project, "narrows-first-", &[]).map_err(broken)?;
        let copy = Self { beside: tree::temporary("narrows-").map_err(broken)?, tree };
        if copy.root().starts_with(copy.tree.real()) {
            return Err(Failure::new(format!(
                "temporary files lie in `{}`: expected them outside the project",
                project.display()
            ))
            .help("set TMPDIR to another folder"));
        }
        for name in ["scratch", "state", "stack"] {
            fs::create_dir(copy.beside(name)).map_err(broken)?;
        }
        let mut left = MOST;
        let is_whole = copy_folder(copy.tree.real(), &copy.root(), &mut left).map_err(broken)?;
        match is_whole {
            true => Ok(copy),
            false => Err(Failure::new(format!(
                "`{}` holds more than {} MiB: expected a project that can be copied",
                project.display(),
                MOST >> 20
            ))
            .help("move what is no part of the program out of the folder")),
        }
    }

    /// The project's folder in the copy.
    pub(super) fn root(&self) -> PathBuf {
        self.tree.root()
    }

    /// One of the folders and files beside the copy.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.beside.path().join(name)
    }

    /// Moves the copy to another path, of another length: what a program works out from its path is then another.
    pub(super) fn move_on(&mut self) -> io::Result<()> {
        self.tree.move_on("second-narrows-")
    }

    /// A text with the user's paths in the place of the copy's.
    pub(super) fn with_real_paths(&self, text: &str) -> String {
        self.tree.with_real_paths(text)
    }
}

/// Copies what is in a folder; whether it is all there, and not more than is left.
fn copy_folder(from: &Path, to: &Path, left: &mut u64) -> io::Result<bool> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (kind, target) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_symlink() {
            symlink(fs::read_link(entry.path())?, target)?;
        } else if kind.is_dir() && is_installed(&entry) {
            symlink(entry.path(), target)?;
        } else if kind.is_dir() {
            if entry.file_name() == ".git" {
                continue;
            }
            fs::create_dir(&target)?;
            if !copy_folder(&entry.path(), &target, left)? {
                return Ok(false);
            }
        } else if kind.is_file() {
            match left.checked_sub(entry.metadata()?.len()) {
                Some(rest) => *left = rest,
                None => return Ok(false),
            }
            fs::copy(entry.path(), target)?;
        }
        // What else there is, such as a socket, is no part of a program.
    }
    Ok(true)
}

/// Whether a package manager fills the folder: that of Node.js, or an environment of Python's.
fn is_installed(folder: &DirEntry) -> bool {
    folder.file_name() == "node_modules" || folder.path().join("pyvenv.cfg").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_copied_and_what_is_installed_is_linked_to() {
        let folder = tempfile::tempdir().unwrap();
        let real = fs::canonicalize(folder.path()).unwrap().join("project");
        for name in ["src", "node_modules/a", "env", ".git"] {
            fs::create_dir_all(real.join(name)).unwrap();
        }
        for name in ["Pulumi.yaml", "src/index.ts", "env/pyvenv.cfg", ".git/HEAD", "../shared.json"] {
            fs::write(real.join(name), "x").unwrap();
        }
        symlink("src/index.ts", real.join("link.ts")).unwrap();
        let mut copy = Copy::of(&real).unwrap();
        for _ in 0..2 {
            let at = |name: &str| copy.root().join(name);
            for name in ["Pulumi.yaml", "src/index.ts", "link.ts"] {
                assert!(fs::canonicalize(at(name)).unwrap().starts_with(copy.root()), "{name}");
            }
            for name in ["node_modules", "env"] {
                assert_eq!(fs::canonicalize(at(name)).unwrap(), real.join(name));
            }
            assert!(!at(".git").exists() && at("../shared.json").is_file());
            fs::write(at("src/index.ts"), "y").unwrap();
            copy.move_on().unwrap();
        }
        assert_eq!(fs::read_to_string(real.join("src/index.ts")).unwrap(), "x");
    }

    #[test]
    fn what_is_too_much_is_not_copied() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("large"), "12345").unwrap();
        let to = tempfile::tempdir().unwrap();
        assert!(!copy_folder(folder.path(), to.path(), &mut 4).unwrap());
        assert!(copy_folder(folder.path(), to.path(), &mut 5).unwrap());
    }
}
