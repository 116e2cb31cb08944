//! `pulumi-previews [FOLDER]`: has the real engine make the previews again that tests read, of each folder's program
//! (`Pulumi.yaml`) and the stack that exists (`stack.json`). Without a folder it is `tests/fixtures/pulumi`.

use narrows_tests::harness::pulumi::{Pulumi, recorded};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

fn main() -> ExitCode {
    let fixtures = || narrows_tests::harness::crate_folder().join("fixtures/pulumi");
    let folder = std::env::args_os().nth(1).map_or_else(fixtures, PathBuf::from);
    let pulumi = match Pulumi::find() {
        Ok(pulumi) => pulumi,
        Err(skip) => {
            eprintln!("{skip}");
            return ExitCode::from(2);
        }
    };
    match record_all(&pulumi, &folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn record_all(pulumi: &Pulumi, folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let case = entry?.path();
        if !case.is_dir() {
            continue;
        }
        let (code, preview) = recorded(pulumi, &case).map_err(io::Error::other)?;
        let text = serde_json::to_string_pretty(&preview)?;
        fs::write(case.join("preview.json"), text + "\n")?;
        println!("{}: exit code {code}", case.display());
    }
    Ok(())
}
