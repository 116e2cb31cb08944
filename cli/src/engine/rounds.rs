//! Plans of a configuration with symbols, until nothing more becomes known.

use super::{Job, schemas};
use crate::failure::Failure;
use crate::streams::Stream;
use narrows_terraform::standin::{self, ProviderSchemas, Salt, Served, Session, Surroundings};
use narrows_terraform::symbolic::{self, Given, Renaming};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::ffi::OsStr;

/// What an engine made of a configuration.
pub(crate) struct Planned {
    /// The plan as JSON.
    pub plan: Value,
    /// Arguments and data sources that stayed unknown, by address.
    pub still_open: BTreeSet<String>,
}

/// How many plans build on each other at most: chains of data sources that wait for resources are short.
const ROUNDS: usize = 10;
/// How often symbols are put in order; where that does not help, what depends on their order is unknown.
const RENAMINGS: usize = 3;
/// A provider that is a part of the engine.
const BUILT_IN: &str = "terraform.io/builtin/";
const PLAN: &str = "narrows.plan";

/// Plans the configuration twice, with different symbols, and settles the two.
pub(crate) fn plan(
    job: &Job<'_>,
    around: &Surroundings,
    stderr: &mut Stream<'_>,
) -> Result<Planned, Failure> {
    stderr.progress(&format!("reading the schemas of providers for {}", job.program.name))?;
    let schemas = schemas::find(job, stderr)?;
    let first = Salted::new(job, &schemas, Salt::First, around)?;
    job.init(&job.copy.no_providers(), Some(&first.reattach), stderr)?;
    let (one, still_open) = first.plan(&|plan| symbolic::in_order(plan, &first.given()), stderr)?;
    let second = Salted::new(job, &schemas, Salt::Second, around)?;
    let reversed = |plan: &Value| symbolic::reversal(&one, &first.given(), plan, &second.given());
    let (other, _) = second.plan(&reversed, stderr)?;
    stderr.progress("")?;
    let settled = symbolic::settle(&one, &first.given(), &other, &second.given());
    let mut plan = settled.map_err(|error| Failure::worded(&error.to_string()))?;
    if let Some(account) = &around.account {
        symbolic::set_account(&mut plan, account);
    }
    Ok(Planned { plan, still_open })
}

/// The plans with one salt.
struct Salted<'j> {
    job: &'j Job<'j>,
    salt: Salt,
    session: Session,
    reattach: String,
    /// The stand-ins, which end with this value.
    _served: Vec<Served>,
}

impl<'j> Salted<'j> {
    fn new(
        job: &'j Job<'j>,
        schemas: &ProviderSchemas,
        salt: Salt,
        around: &Surroundings,
    ) -> Result<Self, Failure> {
        let session = Session::new(salt, around.clone());
        let sources = schemas.sources().filter(|source| !source.starts_with(BUILT_IN));
        let served =
            sources.map(|source| standin::serve(&session, schemas, source)).collect::<Result<Vec<_>, _>>();
        let served = served.map_err(|error| Failure::new(error.to_string()))?;
        let reattach: Map<String, Value> = served.iter().map(Served::reattach).collect();
        Ok(Self { job, salt, session, reattach: Value::from(reattach).to_string(), _served: served })
    }

    fn given(&self) -> Vec<Given> {
        self.session.given()
    }

    /// Plans from nothing, then from what the plan before makes known, until nothing more becomes known and `renaming` finds
    /// its symbols in order.
    fn plan(
        &self,
        renaming: &dyn Fn(&Value) -> Option<Renaming>,
        stderr: &mut Stream<'_>,
    ) -> Result<(Value, BTreeSet<String>), Failure> {
        self.job.set_state(None)?;
        let mut plan = self.one(1, stderr)?;
        let mut open = symbolic::still_open(&plan);
        let mut is_done = open.is_empty();
        let mut renamed = 0;
        for round in 2..=ROUNDS {
            let renaming = renaming(&plan);
            if is_done && (renaming.is_none() || renamed == RENAMINGS) {
                break;
            }
            renamed += usize::from(renaming.is_some());
            self.job.set_state(Some(&symbolic::write_state(&plan, &renaming.unwrap_or_default())))?;
            plan = self.one(round, stderr)?;
            let next = symbolic::still_open(&plan);
            is_done = next.is_empty() || next == open;
            open = next;
        }
        Ok((plan, open))
    }

    fn one(&self, round: usize, stderr: &mut Stream<'_>) -> Result<Value, Failure> {
        let number = if self.salt == Salt::First { 1 } else { 2 };
        stderr.progress(&format!("{} plan, {number} of 2, round {round}", self.job.program.name))?;
        let out = format!("-out={PLAN}");
        let fixed = ["plan", "-refresh=false", "-input=false", "-lock=false", "-no-color", out.as_str()];
        let mut arguments: Vec<&OsStr> = fixed.iter().map(OsStr::new).collect();
        arguments.extend(self.job.arguments.iter().map(std::ffi::OsString::as_os_str));
        let reattach = Some(self.reattach.as_str());
        self.job.checked(&arguments, reattach, stderr, |said| self.reworded(said))?;
        let show = ["show", "-no-color", "-json", PLAN].map(OsStr::new);
        let text = self.job.checked(&show, reattach, stderr, |said| self.reworded(said))?;
        serde_json::from_str(&text).map_err(|error| {
            let name = &self.job.program.name;
            Failure::new(format!("what `{name} show -json` printed is no JSON: {error}"))
                .help("use Terraform 1.5 or OpenTofu 1.6, or a later one")
        })
    }

    /// The engine's words with symbols as what they stand for.
    fn reworded(&self, said: &str) -> String {
        let mut given = self.given();
        given.sort_by_key(|one| std::cmp::Reverse(one.text.len()));
        given.iter().fold(said.to_owned(), |said, one| {
            said.replace(&one.text, &format!("${{{}.{}}}", one.type_name, one.attribute))
        })
    }
}
