//! Real `terraform` or `tofu` against the AWS provider's schema, without AWS.
//!
//! The engine talks to the stand-in provider in `tests/terraform-provider`, which knows types, required arguments and
//! what is computed, and plans accordingly. Each run works on a copy of the configuration in a temporary folder, with
//! an environment of its own: no credentials, no proxies, no home directory of the user's.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs, io};

use serde_json::Value;

use super::{Skip, copy_folder, crate_folder, on_path, process, tool_cache, venv};

/// How long one command of the engine may take. One takes a second or two on an idle machine.
const LIMIT: Duration = Duration::from_secs(120);

/// An engine with everything it needs to validate and plan.
#[derive(Debug, Clone)]
pub struct Engine {
    program: PathBuf,
    python: PathBuf,
    provider: PathBuf,
}

/// What the engine says of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validation {
    /// Whether it may be planned.
    pub valid: bool,
    /// Errors and warnings, each as `error: SUMMARY: DETAIL` on one line, sorted: the engine's order is a matter of luck.
    pub diagnostics: Vec<String>,
}

/// Why the engine has no answer.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The copy of the configuration could not be made.
    #[error("could not prepare the run: {0}")]
    Prepare(#[from] io::Error),
    /// The engine did not start, or not end.
    #[error(transparent)]
    Run(#[from] process::RunError),
    /// The engine refused what it was given.
    #[error("{command} ended with {code}: {text}")]
    Refused {
        /// The subcommand, such as `plan`.
        command: String,
        /// The exit code.
        code: i32,
        /// What it printed on both streams.
        text: String,
    },
    /// The engine printed something other than the JSON that was asked for.
    #[error("{command} printed no JSON: {source}: {text}")]
    NotJson {
        /// The subcommand.
        command: String,
        /// What the parser said.
        source: serde_json::Error,
        /// What the engine printed.
        text: String,
    },
}

impl Engine {
    /// Finds `terraform`, else `tofu`, on `PATH` or in the tool cache, and installs what the stand-in provider needs.
    ///
    /// # Errors
    /// A [`Skip`] that names what is missing.
    pub fn find() -> Result<Engine, Skip> {
        Engine::with_program(programs()?.remove(0))
    }

    /// The same with a given engine, for tests that compare two.
    ///
    /// # Errors
    /// A [`Skip`] if the stand-in provider cannot be run.
    pub fn with_program(program: PathBuf) -> Result<Engine, Skip> {
        let provider = crate_folder().join("terraform-provider");
        let python = venv::python(&provider.join("requirements.txt"))?;
        Ok(Engine { program, python, provider })
    }

    /// The host that the engine takes a provider without one to be from; state files spell it out.
    pub fn registry(&self) -> &'static str {
        let is_tofu = self.program.file_name().is_some_and(|name| name.to_string_lossy().starts_with("tofu"));
        if is_tofu { "registry.opentofu.org" } else { "registry.terraform.io" }
    }

    /// Runs `validate` on a copy of a folder.
    ///
    /// # Errors
    /// See [`EngineError`]. An invalid configuration is no error: see [`Validation::valid`].
    pub fn validate(&self, folder: &Path) -> Result<Validation, EngineError> {
        let run = Run::prepare(self, folder)?;
        let output = run.engine(&["validate", "-no-color", "-json"])?;
        let answer = parse("validate", &output.stdout)?;
        let text =
            |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let one_line = |value: &Value| {
            let detail = text(value, "detail").split_whitespace().collect::<Vec<_>>().join(" ");
            format!("{}: {}: {detail}", text(value, "severity"), text(value, "summary"))
        };
        let listed =
            answer.get("diagnostics").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut diagnostics: Vec<_> =
            listed.iter().filter(|value| !is_override_notice(value)).map(one_line).collect();
        diagnostics.sort();
        Ok(Validation { valid: answer.get("valid") == Some(&Value::Bool(true)), diagnostics })
    }

    /// Plans a copy of a folder and gives the plan as `show -json` prints it.
    ///
    /// The plan is made from nothing, or from a `terraform.tfstate` in the folder; nothing is refreshed from AWS.
    ///
    /// # Errors
    /// See [`EngineError`]; [`EngineError::Refused`] has the engine's own message.
    pub fn plan_json(&self, folder: &Path) -> Result<Value, EngineError> {
        let run = Run::prepare(self, folder)?;
        run.checked(&["plan", "-no-color", "-input=false", "-out=narrows.plan"])?;
        parse("show", &run.checked(&["show", "-no-color", "-json", "narrows.plan"])?)
    }

    /// The schema that the engine got from the stand-in provider, as `providers schema -json` prints it.
    ///
    /// # Errors
    /// See [`EngineError`].
    pub fn schema_json(&self, folder: &Path) -> Result<Value, EngineError> {
        parse("providers", &Run::prepare(self, folder)?.checked(&["providers", "schema", "-json"])?)
    }
}

/// The engines of this machine, at least one: `terraform`, and `tofu` from `PATH` or else from the tool cache.
///
/// # Errors
/// A [`Skip`] if there is none.
pub fn programs() -> Result<Vec<PathBuf>, Skip> {
    let found: Vec<_> =
        [on_path("terraform"), on_path("tofu").or_else(built_tofu)].into_iter().flatten().collect();
    if found.is_empty() {
        let what = "no terraform and no tofu: install one, or run tests/tools/build-tofu.sh";
        return Err(Skip(what.to_owned()));
    }
    Ok(found)
}

/// What `tests/tools/build-tofu.sh` made, the newest version if there are several.
fn built_tofu() -> Option<PathBuf> {
    let folders = fs::read_dir(tool_cache().ok()?).ok()?.filter_map(Result::ok);
    let is_tofu = |folder: &fs::DirEntry| folder.file_name().to_string_lossy().starts_with("tofu-");
    folders.filter(is_tofu).map(|folder| folder.path().join("tofu")).filter(|file| file.is_file()).max()
}

/// The engine warns in each run that the provider is not the released one, which is the point.
fn is_override_notice(diagnostic: &Value) -> bool {
    let summary = diagnostic.get("summary").and_then(Value::as_str);
    summary.is_some_and(|text| text == "Provider development overrides are in effect")
}

fn parse(command: &str, text: &str) -> Result<Value, EngineError> {
    serde_json::from_str(text).map_err(|source| EngineError::NotJson {
        command: command.to_owned(),
        source,
        text: text.to_owned(),
    })
}

/// One temporary folder: the configuration's copy, the home directory and the engine's settings.
struct Run<'a> {
    engine: &'a Engine,
    folder: tempfile::TempDir,
}

impl Run<'_> {
    fn prepare<'a>(engine: &'a Engine, configuration: &Path) -> Result<Run<'a>, EngineError> {
        let folder = tempfile::tempdir()?;
        copy_folder(configuration, &folder.path().join("configuration"))?;
        fs::create_dir(folder.path().join("home"))?;
        // JSON escapes and HCL escapes agree on everything that a path holds.
        let provider = Value::from(engine.provider.to_string_lossy());
        let settings = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"hashicorp/aws\" = {provider}\n  }}\n}}\n"
        );
        fs::write(folder.path().join("settings.tfrc"), settings)?;
        Ok(Run { engine, folder })
    }

    fn engine(&self, arguments: &[&str]) -> Result<process::Output, EngineError> {
        let mut command = Command::new(&self.engine.program);
        command
            .args(arguments)
            .current_dir(self.folder.path().join("configuration"))
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path().join("home"))
            .env("TMPDIR", self.folder.path())
            .env("TF_CLI_CONFIG_FILE", self.folder.path().join("settings.tfrc"))
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("NARROWS_PYTHON", &self.engine.python);
        Ok(process::run(&mut command, self.folder.path(), LIMIT)?)
    }

    /// Runs a subcommand that must succeed, and gives its standard output.
    fn checked(&self, arguments: &[&str]) -> Result<String, EngineError> {
        let output = self.engine(arguments)?;
        if output.code == 0 {
            return Ok(output.stdout);
        }
        Err(EngineError::Refused {
            command: arguments.first().copied().unwrap_or_default().to_owned(),
            code: output.code,
            text: format!("{}{}", output.stdout, output.stderr).trim().to_owned(),
        })
    }
}
