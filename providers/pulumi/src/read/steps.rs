//! The steps of a preview.

use crate::error::ReadError;
use crate::kinds;
use crate::state::State;
use narrows_model::{Location, Value, ValueKind};

/// What a step does with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    /// It is there afterwards, as before.
    Keep,
    /// It is there afterwards, and was not before.
    Make,
    /// It is there afterwards, as another one than before.
    Replace,
    /// It goes.
    Delete,
    /// What was there before a replacement goes.
    DeleteReplaced,
    /// Nothing that another step does not tell.
    Nothing,
}

const OPS: [(&str, Op); 17] = [
    ("same", Op::Keep),
    ("create", Op::Make),
    ("update", Op::Keep),
    ("read", Op::Keep),
    ("import", Op::Keep),
    ("refresh", Op::Keep),
    ("replace", Op::Replace),
    ("create-replacement", Op::Replace),
    ("read-replacement", Op::Replace),
    ("import-replacement", Op::Replace),
    ("delete", Op::Delete),
    ("discard", Op::Delete),
    ("delete-replaced", Op::DeleteReplaced),
    ("discard-replaced", Op::DeleteReplaced),
    ("remove-pending-replace", Op::Nothing),
    ("diff", Op::Nothing),
    ("extend-parameterize", Op::Nothing),
];

/// What the engine itself prints to the error stream while all is well.
const DOWNLOAD: &str = "Downloading provider: ";

/// A step, read.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub op: Op,
    is_same: bool,
    pub old: Option<State<'a>>,
    pub new: Option<State<'a>>,
}

impl Step<'_> {
    fn is_default_provider(&self) -> bool {
        let urn = self.new.or(self.old).map(|state| state.urn);
        urn.is_some_and(|urn| urn.type_name.starts_with(kinds::PROVIDERS) && urn.name.starts_with("default"))
    }
}

/// The steps of a whole preview.
pub(super) fn steps(preview: &Value) -> Result<Vec<Step<'_>>, ReadError> {
    succeeded(preview)?;
    let mut steps = Vec::new();
    for value in items(preview, "steps")? {
        steps.push(step(value)?);
    }
    // The summary leaves out the providers that the program does not make itself.
    let shown = steps.iter().filter(|step| step.is_same && !step.is_default_provider()).count();
    let summary = preview.get("changeSummary").filter(|summary| summary.members().is_some());
    let Some(summary) = summary else {
        return Err(ReadError::Missing {
            what: "`changeSummary`".to_owned(),
            expected: "a whole preview, as printed by pulumi preview --json --show-sames".to_owned(),
            location: preview.location.clone(),
        });
    };
    let same = match summary.get("same").map(|same| &same.kind) {
        None => 0,
        Some(ValueKind::Number(number)) => number.parse().unwrap_or(usize::MAX),
        Some(_) => usize::MAX,
    };
    if same > shown {
        return Err(ReadError::Unsupported {
            what: format!(
                "a preview that shows {shown} of its {} unchanged resources",
                summary.get("same").map(ToString::to_string).unwrap_or_default()
            ),
            remedy: "their policies count too; make it with pulumi preview --json --show-sames".to_owned(),
            location: preview.location.clone(),
        });
    }
    Ok(steps)
}

/// Refuses a preview that ended with an error, or may have.
///
/// What a program prints to its error stream is all that the JSON has of an error in some languages, YAML among them.
fn succeeded(preview: &Value) -> Result<(), ReadError> {
    for diagnostic in items(preview, "diagnostics")? {
        let text = |name: &str| diagnostic.get(name).and_then(Value::as_str).unwrap_or_default();
        let message = uncoloured(text("message"));
        let refused = |what: &str, remedy: &str| {
            let first = message.lines().map(str::trim).find(|line| !line.is_empty());
            let said = first.map(|line| format!(" (`{line}`)")).unwrap_or_default();
            Err(ReadError::Unsupported {
                what: format!("{what}{said}"),
                remedy: remedy.to_owned(),
                location: diagnostic.location.clone(),
            })
        };
        match text("severity") {
            "error" => {
                return refused(
                    "a preview that ended with an error",
                    "it does not hold all resources; make it again once pulumi preview succeeds",
                );
            }
            "info#err" if !message.starts_with(DOWNLOAD) => {
                return refused(
                    "a preview whose program printed to its error stream",
                    "so does a program that fails, and then resources are missing; make it again once pulumi preview \
                     succeeds and prints nothing there",
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// A message without the escapes that colour it.
fn uncoloured(message: &str) -> String {
    let mut parts = message.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, rest)| rest))
}

fn items<'a>(preview: &'a Value, name: &str) -> Result<&'a [Value], ReadError> {
    match preview.get(name).filter(|value| value.kind != ValueKind::Null) {
        None => Ok(&[]),
        Some(value) => value.items().ok_or_else(|| wrong(name, value, "a list")),
    }
}

fn wrong(name: &str, value: &Value, expected: &str) -> ReadError {
    let got = value.as_str().map_or_else(|| value.kind_in_words().to_owned(), |text| format!("`{text}`"));
    let location: Location = value.location.clone();
    ReadError::Type { what: format!("`{name}` of the preview"), got, expected: expected.to_owned(), location }
}

fn step(value: &Value) -> Result<Step<'_>, ReadError> {
    let Some(name) = value.get("op").and_then(Value::as_str) else {
        return Err(ReadError::Missing {
            what: "`op` of a step".to_owned(),
            expected: "an operation such as `create`".to_owned(),
            location: value.location.clone(),
        });
    };
    let Some((_, op)) = OPS.iter().find(|(known, _)| *known == name) else {
        return Err(wrong("op", value.get("op").unwrap_or(value), "an operation such as `create`"));
    };
    let state = |name| value.get(name).filter(|state: &&Value| state.kind != ValueKind::Null);
    let (mut old, mut new) =
        (state("oldState").map(State::of).transpose()?, state("newState").map(State::of).transpose()?);
    let is_same = name == "same";
    if is_same {
        // What an update with targets leaves out is the same as nothing, which has no id.
        old = old.filter(|old| !old.is_custom() || old.id().is_some());
        // What is the same is as it was, its new state has no outputs yet; but it may have got another name.
        let is_renamed = matches!((old, new), (Some(old), Some(new)) if old.address != new.address);
        new = if is_renamed { new } else { old };
    }
    Ok(Step { op: *op, is_same, old, new })
}
