//! What Go needs to compile a program as it would for the user, whose home the program does not have.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

const FLAGS: &str = "GOFLAGS";

/// The variables for Go that come after those in `kept`.
///
/// `home` and `caches` are the user's home and folder of caches (`XDG_CACHE_HOME`); `own` is where things are compiled into if
/// nothing was before.
pub(super) fn environment(
    kept: &[(OsString, OsString)],
    home: Option<&Path>,
    caches: Option<&Path>,
    own: PathBuf,
) -> Vec<(OsString, OsString)> {
    let given = |name: &str| {
        let found = kept.iter().find(|(other, value)| other == name && !value.is_empty());
        found.map(|(_, value)| value.as_os_str())
    };
    // The copy has no repository, but those above it may: Go would ask Git about one that has links in it.
    let mut flags = given(FLAGS).map(OsStr::to_owned).unwrap_or_default();
    flags.push(if flags.is_empty() { "-buildvcs=false" } else { " -buildvcs=false" });
    let mut variables = vec![(FLAGS.into(), flags)];
    if given("GOMODCACHE").is_none() && given("GOPATH").is_none() {
        let modules = home.map(|home| home.join("go/pkg/mod")).filter(|folder| folder.is_dir());
        variables.extend(modules.map(|folder| ("GOMODCACHE".into(), folder.into())));
    }
    if given("GOCACHE").is_none() {
        let theirs = of_user(home, caches).map(|folder| folder.join("go-build"));
        let folder = theirs.filter(|folder| folder.is_dir()).unwrap_or(own);
        variables.push(("GOCACHE".into(), folder.into()));
    }
    variables
}

/// Where programs of the user keep what they can make again.
fn of_user(home: Option<&Path>, caches: Option<&Path>) -> Option<PathBuf> {
    let in_home =
        || home.map(|home| home.join(if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" }));
    let named = caches.filter(|folder| folder.is_absolute() && !cfg!(target_os = "macos"));
    named.map(Path::to_owned).or_else(in_home)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn shown(kept: &[(&str, &str)], home: &Path, caches: Option<&Path>) -> Vec<String> {
        let kept: Vec<(OsString, OsString)> =
            kept.iter().map(|(name, value)| (name.into(), value.into())).collect();
        let variables = environment(&kept, Some(home), caches, "/copy/go-build".into());
        let home = home.display().to_string();
        let shown = variables.iter().map(|(name, value)| format!("{}={}", name.display(), value.display()));
        shown.map(|line| line.replace(&home, "HOME")).collect()
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_go_keeps_in_the_home_is_found_where_it_is_there() {
        let home = tempfile::tempdir().unwrap();
        let own = ["GOFLAGS=-buildvcs=false", "GOCACHE=/copy/go-build"];
        assert_eq!(shown(&[], home.path(), None), own);
        for folder in ["go/pkg/mod", ".cache/go-build", "caches/go-build"] {
            fs::create_dir_all(home.path().join(folder)).unwrap();
        }
        let modules = "GOMODCACHE=HOME/go/pkg/mod";
        assert_eq!(shown(&[], home.path(), None), [own[0], modules, "GOCACHE=HOME/.cache/go-build"]);
        let caches = home.path().join("caches");
        assert_eq!(shown(&[], home.path(), Some(&caches)), [own[0], modules, "GOCACHE=HOME/caches/go-build"]);
    }

    #[test]
    fn what_the_user_chose_stays() {
        let home = tempfile::tempdir().unwrap();
        let kept = [("GOPATH", "/go"), ("GOCACHE", "/cache"), ("GOFLAGS", "-mod=vendor")];
        assert_eq!(shown(&kept, home.path(), None), ["GOFLAGS=-mod=vendor -buildvcs=false"]);
    }
}
