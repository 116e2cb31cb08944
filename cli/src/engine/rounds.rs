//! Plans of a configuration with symbols, until nothing more becomes known.

use super::schemas::Behind;
use super::{Job, offline, warnings};
use crate::failure::Failure;
use crate::streams::Stream;
use narrows_checks::render::Style;
use narrows_terraform::standin::{self, Salt, Served, Session, Surroundings};
use narrows_terraform::symbolic::{self, Evaluated, Given, Renaming};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};

/// What an engine made of a configuration.
pub(crate) struct Planned {
    /// The plan as JSON.
    pub plan: Value,
    /// Arguments and data sources that stayed unknown, by address.
    pub still_open: BTreeSet<String>,
    /// Values that were set and that nothing asked for, by `TYPE.ATTRIBUTE`.
    pub unused: BTreeSet<String>,
    /// What the engine warned of.
    pub warnings: Option<String>,
}

/// How many plans build on each other at most: chains of data sources that wait for resources are short.
const ROUNDS: usize = 10;
/// How often symbols are put in order; where that does not help, what depends on their order is unknown.
const RENAMINGS: usize = 3;
const PLAN: &str = "narrows.plan";

/// Plans the configuration with different symbols, and settles the plans.
///
/// It is planned twice; once more where values were made up that are no symbols, so that what depends on them is not taken for
/// certain. There no list has anything in it, which a configuration may not cope with: then that is taken for granted.
pub(crate) fn plan(
    job: &mut Job<'_>,
    around: &Surroundings,
    stderr: &mut Stream<'_>,
) -> Result<Planned, Failure> {
    offline::refuse_encryption(job)?;
    stderr.progress(&format!("reading the schemas of providers for {}", job.program.name))?;
    let mut behind = Behind::find(job, stderr)?;
    {
        // Which types there are to tell of, is known when the modules are there.
        let bare = Salted::new(&behind, Salt::First, around)?;
        job.init(&job.copy.no_providers(), Some(&bare.reattach), stderr)?;
    }
    behind.tell_of_used(job)?;
    let first = Salted::new(&behind, Salt::First, around)?;
    offline::refuse_remote_states(job, &first.reattach, stderr)?;
    let one = first.plan(job, &|plan| symbolic::in_order(plan, &first.given()), stderr)?;
    job.move_on()?;
    let second = Salted::new(&behind, Salt::Second, around)?;
    // Both follow from the first, and neither from the other.
    let (other, third) = std::thread::scope(|scope| {
        let third = scope.spawn(|| third(job, &behind, &first, &one.plan));
        let other = second.plan(job, &|plan| first.reversal(&one.plan, plan, &second), stderr);
        (other, third.join())
    });
    let other = other?;
    let third = third.map_err(|_| Failure::new("the third plan broke down: expected that it ends"))??;
    let mut target = first.session.target();
    match &third {
        Third::None => target.assumptions.extend([FILLED, standin::ALIKE].map(str::to_owned)),
        Third::NotNeeded | Third::Planned { .. } => {}
    }
    stderr.progress("")?;
    let [given_first, given_second] = [&first, &second].map(Salted::given);
    let third = match &third {
        Third::Planned { plan, given } => Some(Evaluated { plan, given }),
        Third::NotNeeded | Third::None => None,
    };
    let settled = symbolic::settle(
        Evaluated { plan: &one.plan, given: &given_first },
        Evaluated { plan: &other.plan, given: &given_second },
        third,
        &first.session.unset(),
    );
    let mut plan = settled.map_err(|error| Failure::worded(&error.to_string()))?;
    symbolic::set_target(&mut plan, &target);
    let unused = first.session.unused();
    Ok(Planned { plan, still_open: one.still_open, unused, warnings: one.warnings })
}

/// What is taken for granted where a plan without it fails.
const FILLED: &str = "lists, maps and sets that are known only after apply have something in them: without it the engine \
                      cannot plan";

/// The plan in which no list has anything in it.
enum Third {
    /// Nothing was made up that is no symbol.
    NotNeeded,
    Planned {
        plan: Value,
        given: Vec<Given>,
    },
    /// The engine cannot plan so.
    None,
}

/// Plans in a copy of its own, whatever the engine says.
fn third(job: &Job<'_>, behind: &Behind, first: &Salted, one: &Value) -> Result<Third, Failure> {
    if !first.session.has_made_up() {
        return Ok(Third::NotNeeded);
    }
    let mut words = Vec::new();
    let mut unheard = Stream::new(&mut words, Style::PLAIN);
    let third = Salted::in_session(behind, Salt::Third, first.session.third())?;
    let job = job.aside()?;
    job.init(&job.copy.no_providers(), Some(&third.reattach), &mut unheard)?;
    let found = third.plan(&job, &|plan| first.reversal(one, plan, &third), &mut unheard);
    match found {
        Err(failure) if job.is_over() => Err(failure),
        found => {
            Ok(found.map_or(Third::None, |found| Third::Planned { plan: found.plan, given: third.given() }))
        }
    }
}

/// What an engine made of a configuration with one salt.
struct Round {
    plan: Value,
    still_open: BTreeSet<String>,
    /// What it warned of in the first round.
    warnings: Option<String>,
}

/// How the symbols of a plan are to be renamed for the next.
type Rename<'r> = &'r dyn Fn(&Value) -> Option<Renaming>;

/// The plans with one salt.
struct Salted {
    salt: Salt,
    session: Session,
    reattach: String,
    /// The stand-ins, which end with this value.
    _served: Vec<Served>,
}

impl Salted {
    fn new(behind: &Behind, salt: Salt, around: &Surroundings) -> Result<Self, Failure> {
        Self::in_session(behind, salt, Session::new(salt, around.clone()))
    }

    fn in_session(behind: &Behind, salt: Salt, session: Session) -> Result<Self, Failure> {
        let served = behind.serve(&session).map_err(|error| Failure::new(error.to_string()))?;
        let reattach: Map<String, Value> = served.iter().map(Served::reattach).collect();
        Ok(Self { salt, session, reattach: Value::from(reattach).to_string(), _served: served })
    }

    fn given(&self) -> Vec<Given> {
        self.session.given()
    }

    /// How another salt's plan is to be renamed so that its symbols are in the reversed order of this one's.
    fn reversal(&self, own: &Value, plan: &Value, other: &Self) -> Option<Renaming> {
        symbolic::reversal(own, &self.given(), plan, &other.given())
    }

    /// Plans from nothing, then from what the plan before makes known, until nothing more becomes known and `rename` finds
    /// its symbols in order.
    fn plan(&self, job: &Job<'_>, rename: Rename<'_>, stderr: &mut Stream<'_>) -> Result<Round, Failure> {
        job.set_state(None)?;
        let (mut plan, warnings) = self.one(job, 1, stderr)?;
        let mut still_open = symbolic::still_open(&plan, &self.session.unset());
        let mut is_done = still_open.is_empty();
        let mut renamed = 0;
        for round in 2..=ROUNDS {
            let renaming = rename(&plan);
            if is_done && (renaming.is_none() || renamed == RENAMINGS) {
                break;
            }
            renamed += usize::from(renaming.is_some());
            let renaming = renaming.unwrap_or_default();
            job.set_state(Some(&symbolic::write_state(&plan, &self.session.unset(), &renaming)))?;
            (plan, _) = self.one(job, round, stderr)?;
            let next = symbolic::still_open(&plan, &self.session.unset());
            is_done = next.is_empty() || next == still_open;
            still_open = next;
        }
        Ok(Round { plan, still_open, warnings })
    }

    fn one(
        &self,
        job: &Job<'_>,
        round: usize,
        stderr: &mut Stream<'_>,
    ) -> Result<(Value, Option<String>), Failure> {
        let number = match self.salt {
            Salt::First => 1,
            Salt::Second => 2,
            Salt::Third => 3,
        };
        stderr.progress(&format!("{} plan {number}, round {round}", job.program.name))?;
        let file = job.copy.beside(PLAN);
        let mut out = OsString::from("-out=");
        out.push(&file);
        let fixed = ["plan", "-refresh=false", "-input=false", "-lock=false", "-no-color"];
        let mut arguments: Vec<&OsStr> = fixed.iter().map(OsStr::new).collect();
        arguments.push(&out);
        arguments.extend(job.settings.arguments.iter().map(OsString::as_os_str));
        let reattach = Some(self.reattach.as_str());
        let reword = |said: &str| self.reworded(said);
        let printed = job.checked(&arguments, reattach, stderr, &reword)?;
        let warnings = warnings::of(&printed).map(|text| self.reworded(&job.copy.with_real_paths(&text)));
        let show = [&["show", "-no-color", "-json"].map(OsStr::new)[..], &[file.as_os_str()]].concat();
        let text = job.checked(&show, reattach, stderr, &reword)?;
        let plan = serde_json::from_str(&job.copy.with_real_paths(&text)).map_err(|error| {
            let name = &job.program.name;
            Failure::new(format!("what `{name} show -json` printed is no JSON: {error}"))
                .help("use Terraform 1.5 or OpenTofu 1.6, or a later one")
        })?;
        Ok((plan, warnings))
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
