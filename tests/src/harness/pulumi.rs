//! Real `pulumi` with a program in YAML or Go, without AWS.
//!
//! The engine attaches to a provider that the test serves. Each run works in a temporary folder, with a backend of files there
//! and an environment of its own.

use super::{Skip, crate_folder, on_path, process, tool_cache};
use narrows_pulumi::standin::{Salt, Session, Surroundings, serve};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{fs, io};

/// How long one command of the engine may take. A preview takes a second or two on an idle machine.
const LIMIT: Duration = Duration::from_secs(120);

/// The engine with its host for programs in YAML.
#[derive(Debug, Clone)]
pub struct Pulumi {
    folder: PathBuf,
}

const GO_HOST: &str = "pulumi-language-go";

/// The folder of a program in Go, of two buckets behind an MRAP; the policies of its buckets are files that are not there.
pub fn go_program() -> PathBuf {
    crate_folder().join("tools/program")
}

/// Why the engine has no answer.
#[derive(Debug, thiserror::Error)]
pub enum PulumiError {
    /// The program could not be written.
    #[error("could not prepare the run: {0}")]
    Prepare(#[from] io::Error),
    /// The engine did not start, or not end.
    #[error(transparent)]
    Run(#[from] process::RunError),
    /// The stand-in provider could not be served.
    #[error(transparent)]
    Serve(#[from] narrows_pulumi::standin::ServeError),
    /// The engine refused what it was given.
    #[error("{command} ended with {code}: {text}")]
    Refused {
        /// The subcommand, such as `preview`.
        command: String,
        /// The exit code.
        code: i32,
        /// What it printed on both streams.
        text: String,
    },
    /// The engine printed something other than the JSON that was asked for.
    #[error("preview printed no JSON: {0}")]
    NotJson(#[from] serde_json::Error),
}

impl Pulumi {
    /// Finds `pulumi` with `pulumi-language-yaml` beside it on `PATH` or in the tool cache.
    ///
    /// # Errors
    /// A [`Skip`] that says how to get them.
    pub fn find() -> Result<Self, Skip> {
        let has_both =
            |folder: &Path| ["pulumi", "pulumi-language-yaml"].iter().all(|name| folder.join(name).is_file());
        let installed = on_path("pulumi").and_then(|file| file.parent().map(Path::to_owned));
        let cached = || {
            let folders = fs::read_dir(tool_cache().ok()?).ok()?.filter_map(Result::ok);
            let is_pulumi =
                |folder: &fs::DirEntry| folder.file_name().to_string_lossy().starts_with("pulumi-");
            folders.filter(is_pulumi).map(|folder| folder.path()).filter(|folder| has_both(folder)).max()
        };
        let folder = installed.filter(|folder| has_both(folder)).or_else(cached);
        let how = || Skip("no pulumi with pulumi-language-yaml: run tests/tools/build-pulumi.sh".to_owned());
        Ok(Self { folder: folder.ok_or_else(how)? })
    }

    /// The same, with what a program in Go needs: `go`, the host of the language beside the engine or on `PATH`, and the modules
    /// of [`go_program`].
    ///
    /// # Errors
    /// A [`Skip`] that says how to get them.
    pub fn find_with_go() -> Result<Self, Skip> {
        let pulumi = Self::find()?;
        let missing = |what: &str| Skip(format!("no {what}: run tests/tools/build-pulumi.sh"));
        let go = on_path("go").ok_or_else(|| Skip("no go on PATH: install Go 1.26 or later".to_owned()))?;
        if !pulumi.folder.join(GO_HOST).is_file() && on_path(GO_HOST).is_none() {
            return Err(missing(GO_HOST));
        }
        let mut list = Command::new(go);
        list.args(["list", "-deps", "."]).current_dir(go_program()).env("GOPROXY", "off");
        let scratch = tempfile::tempdir().map_err(|error| Skip(error.to_string()))?;
        match process::run(&mut list, scratch.path(), LIMIT) {
            Ok(listed) if listed.code == 0 => Ok(pulumi),
            Ok(listed) => Err(missing(&format!("modules of tests/tools/program ({})", listed.stderr.trim()))),
            Err(error) => Err(Skip(error.to_string())),
        }
    }

    /// The engine's file.
    pub fn program(&self) -> PathBuf {
        self.folder.join("pulumi")
    }

    /// What `pulumi preview --json --show-sames` prints of a program on a new stack; `attach` is the provider to attach to.
    ///
    /// # Errors
    /// See [`PulumiError`].
    pub fn preview(&self, program: &str, attach: &str) -> Result<Value, PulumiError> {
        let (code, printed) = self.preview_after(program, None, attach)?;
        match code {
            0 => Ok(printed),
            code => {
                Err(PulumiError::Refused { command: "preview".to_owned(), code, text: printed.to_string() })
            }
        }
    }

    /// The same of a stack that exists already, as `pulumi stack export` prints it: the exit code, and what is printed even
    /// if the preview fails.
    ///
    /// # Errors
    /// See [`PulumiError`].
    pub fn preview_after(
        &self,
        program: &str,
        stack: Option<&Value>,
        attach: &str,
    ) -> Result<(i32, Value), PulumiError> {
        let scratch = tempfile::tempdir()?;
        let project = scratch.path().join("project");
        fs::create_dir_all(scratch.path().join("state"))?;
        fs::create_dir_all(&project)?;
        fs::write(project.join("Pulumi.yaml"), program)?;
        self.run(&["stack", "init", "dev"], scratch.path(), attach)?;
        if let Some(stack) = stack {
            let file = scratch.path().join("stack.json");
            fs::write(&file, stack.to_string())?;
            let import = ["stack", "import", "--stack", "dev", "--file", &file.display().to_string()];
            self.run(&import, scratch.path(), attach)?;
        }
        let preview = ["preview", "--json", "--show-sames", "--stack", "dev"];
        let output = self.output(&preview, scratch.path(), attach)?;
        match serde_json::from_str(&output.stdout) {
            Ok(printed) => Ok((output.code, printed)),
            Err(_) if output.code != 0 => Err(refused(&preview, &output)),
            Err(error) => Err(error.into()),
        }
    }

    fn run(&self, args: &[&str], scratch: &Path, attach: &str) -> Result<String, PulumiError> {
        let output = self.output(args, scratch, attach)?;
        if output.code != 0 {
            return Err(refused(args, &output));
        }
        Ok(output.stdout)
    }

    fn output(&self, args: &[&str], scratch: &Path, attach: &str) -> Result<process::Output, PulumiError> {
        let mut command = Command::new(self.program());
        command
            .args(args)
            .arg("--non-interactive")
            .current_dir(scratch.join("project"))
            .env_clear()
            .env("PATH", &self.folder)
            .env("HOME", scratch)
            .env("PULUMI_HOME", scratch.join("home"))
            .env("PULUMI_BACKEND_URL", format!("file://{}", scratch.join("state").display()))
            .env("PULUMI_CONFIG_PASSPHRASE", "none")
            .env("PULUMI_SKIP_UPDATE_CHECK", "true")
            .env("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
            .env("PULUMI_DEBUG_PROVIDERS", attach);
        Ok(process::run(&mut command, scratch, LIMIT)?)
    }
}

/// What the engine previews of a case's program (`Pulumi.yaml`) on its stack (`stack.json`, if there is one), and its exit
/// code; what differs from run to run is left out.
///
/// # Errors
/// See [`PulumiError`].
pub fn recorded(pulumi: &Pulumi, case: &Path) -> Result<(i32, Value), PulumiError> {
    let program = fs::read_to_string(case.join("Pulumi.yaml"))?;
    let stack = match fs::read_to_string(case.join("stack.json")) {
        Ok(text) => Some(serde_json::from_str(&text)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    let around = Surroundings {
        account: "123456789012".parse().ok(),
        region: "eu-west-2".parse().ok(),
        ..Surroundings::default()
    };
    let session = Session::new(Salt::First, around);
    let served = serve(&session)?;
    let (code, mut preview) = pulumi.preview_after(&program, stack.as_ref(), &served.attach())?;
    strip(&mut preview);
    Ok((code, preview))
}

/// Takes out when a preview was made, how long it took, and where the programs of this machine are.
fn strip(value: &mut Value) {
    const OWN: [&str; 5] = ["created", "duration", "modified", "sourcePosition", "stackTrace"];
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !OWN.contains(&name.as_str()));
            members.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

fn refused(args: &[&str], output: &process::Output) -> PulumiError {
    PulumiError::Refused {
        command: args.first().copied().unwrap_or_default().to_owned(),
        code: output.code,
        text: format!("{}{}", output.stdout, output.stderr),
    }
}

/// The inputs of the one step of a preview with the resource of this name.
///
/// # Panics
/// Where there is no such step.
pub fn inputs<'v>(preview: &'v Value, name: &str) -> &'v Value {
    let steps = preview["steps"].as_array().unwrap();
    let ending = format!("::{name}");
    let step = steps.iter().find(|step| step["urn"].as_str().unwrap().ends_with(&ending)).unwrap();
    &step["newState"]["inputs"]
}
