//! Two previews of a program with different symbols, and what is certain in them.

use super::config::{self, Config};
use super::{Job, diagnostics, remedy};
use crate::failure::Failure;
use crate::streams::Stream;
use narrows_pulumi::standin::{self, Salt, Session, Surroundings};
use narrows_pulumi::{Given, settle};
use serde_json::Value;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::PathBuf;

/// What the engine made of a program.
pub(crate) struct Previewed {
    /// The preview as JSON.
    pub preview: Value,
    /// Values that were set and that nothing asked for, by `TOKEN.MEMBER`.
    pub unused: BTreeSet<String>,
    /// What the engine and the program said.
    pub said: String,
    /// What the owner should know of the stack.
    pub note: Option<String>,
}

/// What a preview cannot show.
const ALONE: &str = "the program depends neither on its environment nor on the name of its organisation";
const NO_APPLY: &str = "no resource is made only once a number, list or map is known that AWS alone tells";

/// Previews the program with two salts, and settles the previews.
pub(crate) fn preview(
    job: &mut Job<'_>,
    around: &Surroundings,
    stderr: &mut Stream<'_>,
) -> Result<Previewed, Failure> {
    stderr.progress(&format!("{} prepares stack {}", job.program.name, job.stack.name))?;
    let configured = Configured::prepare(job)?;
    let (first, second) =
        (Session::new(Salt::First, around.clone()), Session::new(Salt::Second, around.clone()));
    let one = configured.preview(job, 0, &first, stderr)?;
    job.copy.move_on().map_err(|error| Failure::io("moved", &job.copy.root(), &error))?;
    let other = configured.preview(job, 1, &second, stderr)?;
    stderr.progress("")?;
    let settled = settle(&one.preview, &first.given(), &other.preview, &second.given());
    let mut preview = settled.map_err(|error| Failure::worded(&error.to_string()))?;
    let unnamed = job.stack.note.as_ref().filter(|_| job.stack.config.is_none());
    let unnamed =
        unnamed.map(|_| format!("the stack is called `{}` and has no configuration", job.stack.name));
    narrows_pulumi::assume(&mut preview, [ALONE, NO_APPLY].map(str::to_owned).into_iter().chain(unnamed));
    Ok(Previewed { preview, unused: first.unused(), said: one.said, note: job.stack.note.clone() })
}

struct One {
    preview: Value,
    said: String,
}

/// The files that configure the stack, one for each salt.
struct Configured {
    files: [PathBuf; 2],
    has_secrets: bool,
}

impl Configured {
    /// Makes the stack, with secrets that stand in for those which cannot be read.
    fn prepare(job: &Job<'_>) -> Result<Self, Failure> {
        let folder = job.copy.beside("stack");
        let written = |file: &PathBuf, text: &str| {
            fs::write(file, text).map_err(|error| Failure::io("written", file, &error))
        };
        // A project of the same name, so that the stack is there when the program's own is previewed.
        let project = serde_json::json!({"name": job.project.name, "runtime": "yaml"}).to_string();
        written(&folder.join("Pulumi.yaml"), &project)?;
        job.checked(&folder, &["stack", "init", job.stack.name.as_str()].map(OsStr::new))?;
        let config = match &job.stack.config {
            Some(file) => {
                let text = fs::read_to_string(file).map_err(|error| Failure::io("read", file, &error))?;
                Config::parse(file, &text)?
            }
            None => Config::parse(&folder, "")?,
        };
        let named = |salt: usize, index: usize| format!("narrows:s{salt}x{index}");
        if config.secrets() > 0 {
            let mut arguments: Vec<OsString> = vec!["config".into(), "set-all".into()];
            for (salt, index) in
                [0, 1].into_iter().flat_map(|salt| (0..config.secrets()).map(move |it| (salt, it)))
            {
                arguments.extend([
                    "--secret".into(),
                    format!("{}={}", named(salt, index), secret(salt, index)).into(),
                ]);
            }
            arguments.extend(["--stack".into(), job.stack.name.clone().into()]);
            job.checked(&folder, &arguments.iter().map(OsString::as_os_str).collect::<Vec<_>>())?;
        }
        let own = folder.join(format!("Pulumi.{}.yaml", job.stack.name));
        let text = fs::read_to_string(&own).map_err(|error| Failure::io("read", &own, &error))?;
        let (salt, secrets) = config::written(&own, &text)?;
        let files = [0, 1].map(|number| job.copy.beside(&format!("configuration-{number}.yaml")));
        for (number, file) in files.iter().enumerate() {
            let of = |index| secrets.get(&named(number, index)).cloned();
            let secrets = (0..config.secrets()).map(of).collect::<Option<Vec<_>>>().ok_or_else(|| {
                Failure::new(format!("{} did not encrypt what stands in for secrets", job.program.name))
            })?;
            written(file, &config.with(&salt, &secrets))?;
        }
        Ok(Self { files, has_secrets: config.secrets() > 0 })
    }

    /// Previews the program with one salt.
    fn preview(
        &self,
        job: &Job<'_>,
        number: usize,
        session: &Session,
        stderr: &mut Stream<'_>,
    ) -> Result<One, Failure> {
        stderr.progress(&format!("{} preview {} of 2", job.program.name, number + 1))?;
        let served = standin::serve(session).map_err(|error| Failure::new(error.to_string()))?;
        let fixed = [
            "preview",
            "--json",
            "--show-sames",
            "--refresh=false",
            "--stack",
            &job.stack.name,
            "--config-file",
        ];
        let mut arguments: Vec<&OsStr> = fixed.iter().map(OsStr::new).collect();
        arguments.extend(self.files.get(number).map(|file| file.as_os_str()));
        arguments.extend(job.settings.arguments.iter().map(OsString::as_os_str));
        let own = if number == 0 { "first" } else { "the-second" };
        let ended = job.run(&job.copy.root(), &arguments, Some((own, &served.attach())))?;
        let given = session.given();
        let printed = job.copy.with_real_paths(&ended.stdout);
        let preview = serde_json::from_str::<Value>(&printed);
        let of_engine = diagnostics::lines(&job.copy.with_real_paths(&ended.stderr));
        let of_program = preview.as_ref().map(diagnostics::of).unwrap_or_default();
        let plain = format!("{of_program}{of_engine}");
        let said = reworded(&plain, &given);
        let name = job.called(&arguments);
        if !ended.status.success() {
            stderr.write(&said)?;
            let failure = Failure::new(format!(
                "{name} failed with {}: expected a preview; its own words are above",
                ended.status
            ));
            return Err(match remedy::of(&said, self.has_secrets, said != plain) {
                Some(remedy) => failure.help(remedy),
                None => failure,
            });
        }
        let mut preview = preview.map_err(|error| {
            Failure::new(format!("what {name} printed is no JSON: {error}"))
                .help("use Pulumi 3.259 or a later one")
        })?;
        // It succeeded, whatever the program printed.
        if let Some(members) = preview.as_object_mut() {
            members.remove("diagnostics");
        }
        Ok(One { preview, said })
    }
}

/// What stands in for a secret: texts that have no character in common with those of the other salt.
fn secret(salt: usize, index: usize) -> String {
    const ALPHABETS: [&str; 2] = ["bcdfghjklm", "npqrstvwxz"];
    let alphabet = ALPHABETS.get(salt).copied().unwrap_or_default().as_bytes();
    let letter = |digit: u8| alphabet.get(usize::from(digit - b'0')).copied().unwrap_or_default();
    format!("{index:016}").bytes().map(letter).map(char::from).collect()
}

/// The engine's words with symbols as what they stand for.
fn reworded(said: &str, given: &[Given]) -> String {
    let mut given: Vec<&Given> = given.iter().collect();
    given.sort_by_key(|one| std::cmp::Reverse(one.text.len()));
    given.iter().fold(said.to_owned(), |said, one| {
        let name = one.urn.rsplit("::").next().filter(|name| !name.is_empty());
        let name = name.map_or_else(|| one.attribute.clone(), |name| format!("{name}.{}", one.attribute));
        said.replace(&one.text, &format!("${{{name}}}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_the_two_salts_have_nothing_in_common_and_none_is_another() {
        let all: BTreeSet<String> =
            [0, 1].into_iter().flat_map(|salt| (0..50).map(move |index| secret(salt, index))).collect();
        assert_eq!(all.len(), 100);
        let letters =
            |salt| (0..50).flat_map(|index| secret(salt, index).chars().collect::<Vec<_>>()).collect();
        let (one, other): (BTreeSet<char>, BTreeSet<char>) = (letters(0), letters(1));
        assert!(one.is_disjoint(&other));
    }
}
