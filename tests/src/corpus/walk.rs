use std::path::{Path, PathBuf};
use std::{fs, io};

/// The endings of names of files that may be inputs.
const ENDINGS: [&str; 4] = ["json", "yaml", "yml", "template"];

/// All files below the paths that may be inputs by their names, in order; folders of tools are left out.
///
/// # Errors
/// What the file system says, with the path.
pub fn files(paths: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        add(path, &mut found)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn add(path: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if !fs::metadata(path)?.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        match entry.file_type()? {
            kind if kind.is_dir() && !matches!(name.as_str(), ".git" | ".terraform" | "node_modules") => {
                add(&path, found)?;
            }
            kind if kind.is_file() && ENDINGS.iter().any(|ending| name.ends_with(&format!(".{ending}"))) => {
                found.push(path);
            }
            // Links are not followed: they may lead in circles.
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_may_be_inputs_are_found_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b/policy.json", "a.yaml", "README.md", "node_modules/c.json", "z.template"] {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "{}").unwrap();
        }
        let found = files(&[folder.path().to_owned()]).unwrap();
        let names: Vec<_> = found.iter().map(|file| file.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(names, ["a.yaml", "b/policy.json", "z.template"].map(Path::new));
        assert!(files(&[folder.path().join("absent")]).is_err());
    }
}
