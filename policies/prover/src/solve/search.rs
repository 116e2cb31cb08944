//! One run of the solver: variables into literals, formulas into clauses, solutions into values.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cells::{self, Cells};
use super::choice::{Automaton, Choice, cells_of_texts, choose_set, memberships, selectors};
use super::explore::Explored;
use super::later::{Effort, Found};
use super::machine::Machine;
use super::model::{Model, Wish};
use super::plan::{About, Asked, Group, Plan};
use super::problem::{Kind, Problem, Variable};
use super::same::{self, MOST_COMPARED, Member, Pairs};
use super::sat::{Sat, Truth};
use super::walks::Parts;
use super::{Bound, Formula, Glob};

/// How many times [`Limits::states`](super::Limits::states) may be looked at when variables are searched lazily.
const LAZY_FACTOR: usize = 4;

/// Which part of [`Limits::states`](super::Limits::states) an automaton may have before it is searched lazily.
const EAGER_SHARE: usize = 8;

/// One run of [`Problem::solve`].
pub(super) struct Search<'p> {
    pub(super) problem: &'p Problem,
    pub(super) plan: Plan<'p>,
    pub(super) automata: Vec<Option<Automaton<'p>>>,
    /// The cells of groups that need no automaton, until they are chosen from.
    plain: BTreeMap<u32, Cells>,
    pub(super) choices: Vec<Choice>,
    /// What stands for each question of each variable.
    pub(super) truths: Vec<Vec<Truth>>,
    /// Which variables of a group are equal, for groups that are compared.
    pub(super) pairs: BTreeMap<u32, Pairs>,
    /// The texts found for variables that are searched lazily.
    pub(super) later: Found,
    pub(super) sat: Sat,
    /// What became of the preferences so far.
    pub(super) wishes: Vec<Wish>,
    pub(super) effort: Effort,
}

impl<'p> Search<'p> {
    /// A model, or nothing if there is none.
    ///
    /// # Errors
    /// What is too large, in words.
    pub(super) fn run(
        problem: &'p Problem,
        preferences: &[(Formula, Bound)],
    ) -> Result<Option<Model>, String> {
        Ok(Self::solved(problem, preferences)?.map(|search| search.model()))
    }

    /// What became of the preferences, or nothing if there is no model.
    ///
    /// # Errors
    /// What is too large, in words.
    pub(super) fn decide(
        problem: &'p Problem,
        preferences: &[(Formula, Bound)],
    ) -> Result<Option<Vec<Wish>>, String> {
        let search = Self::solved(problem, preferences)?;
        Ok(search.map(|search| {
            let mut wishes = search.wishes;
            wishes.resize(preferences.len(), Wish::Undecided);
            wishes
        }))
    }

    fn solved(problem: &'p Problem, preferences: &[(Formula, Bound)]) -> Result<Option<Self>, String> {
        let most = problem.limits.states;
        // What is too large for a few states is mostly easy for the lazy search.
        match Self::attempt(problem, preferences, most.div_ceil(EAGER_SHARE)) {
            Err(_) => Self::attempt(problem, preferences, most),
            done => done,
        }
    }

    /// Walks automata of up to `cap` states, and searches larger ones lazily.
    fn attempt(
        problem: &'p Problem,
        preferences: &[(Formula, Bound)],
        cap: usize,
    ) -> Result<Option<Self>, String> {
        let plan = Plan::new(&problem.variables, &problem.asserted, preferences);
        let mut search = Self {
            problem,
            automata: Vec::with_capacity(plan.groups.len()),
            plain: BTreeMap::new(),
            choices: Vec::with_capacity(problem.variables.len()),
            truths: Vec::with_capacity(problem.variables.len()),
            pairs: BTreeMap::new(),
            later: Found::new(),
            sat: Sat::new(problem.limits.conflicts),
            wishes: Vec::with_capacity(preferences.len()),
            effort: Effort::new(problem.limits.states.saturating_mul(LAZY_FACTOR)),
            plan,
        };
        for (number, group) in (0u32..).zip(&search.plan.groups) {
            let automaton = match plain(problem, group, &search.plan.asked) {
                Some(cells) => {
                    search.plain.insert(number, cells);
                    None
                }
                None => compile(problem, group, &search.plan.asked, cap)?,
            };
            search.automata.push(automaton);
        }
        for var in 0..problem.variables.len() {
            if !search.choose(var) {
                return Ok(None);
            }
        }
        search.compare();
        for clause in &search.plan.clauses {
            search.sat.demand(clause, |var, question| truth(&search.truths, var, question));
        }
        let mut later = Found::new();
        if !search.settle(None, &mut later)? {
            return Ok(None);
        }
        search.keep(&mut later);
        for number in 0..search.plan.wishes.len() {
            let Some(wish) = search.plan.wishes.get(number) else { break };
            let lit = match search.sat.formula(wish, |var, question| truth(&search.truths, var, question)) {
                Truth::If(lit) => lit,
                Truth::Const(holds) => {
                    search.wishes.push(if holds { Wish::Granted } else { Wish::Impossible });
                    continue;
                }
            };
            match search.settle(Some(lit), &mut later) {
                Ok(true) => {
                    search.sat.clause([lit]);
                    search.keep(&mut later);
                    search.wishes.push(Wish::Granted);
                }
                Ok(false) => search.wishes.push(Wish::Impossible),
                // The last solution stands; it grants fewer wishes.
                Err(_) => break,
            }
        }
        search.sat.restore();
        Ok(Some(search))
    }

    fn keep(&mut self, later: &mut Found) {
        self.sat.keep();
        self.later = std::mem::take(later);
    }

    /// The joint automaton that a variable takes part in.
    pub(super) fn automaton(&self, asked: &Asked) -> Option<&Automaton<'p>> {
        self.automata.get(asked.group.0 as usize).and_then(Option::as_ref)
    }

    /// Puts the values of a variable into the solver; false if it has none.
    fn choose(&mut self, var: usize) -> bool {
        let (Some(variable), Some(asked)) = (self.problem.variables.get(var), self.plan.asked.get(var))
        else {
            return true;
        };
        let automaton = self.automata.get(asked.group.0 as usize).and_then(Option::as_ref);
        let compared =
            self.plan.groups.get(asked.group.0 as usize).is_some_and(|group| group.members.len() > 1);
        let (choice, truths, any) = match (&variable.kind, automaton) {
            (Kind::Flag, _) => {
                let lit = self.sat.fresh();
                let truths = asked.questions.iter().map(|question| {
                    let truth = Truth::If(lit);
                    if question.denied { truth.not() } else { truth }
                });
                (Choice::Flag(lit), truths.collect(), true)
            }
            (Kind::Set { .. }, Some(automaton)) => {
                let (choice, truths) = choose_set(&mut self.sat, automaton, variable, asked);
                (choice, truths, true)
            }
            (Kind::Interval { domain, points }, _) => {
                self.one_of(cells::of_points(domain, points, variable.optional, asked))
            }
            (Kind::Text { .. } | Kind::Enumerated, automaton) if compared => {
                let cells = cells_of_texts(automaton, variable, asked);
                let all: Vec<usize> = (0..cells.len()).collect();
                let lits = selectors(&mut self.sat, all.len());
                let truths = memberships(&mut self.sat, &cells, &all, &lits);
                (Choice::Exactly(cells, lits), truths, !all.is_empty())
            }
            (Kind::Enumerated, _) => {
                let cells = match automaton {
                    Some(automaton) => cells::of_values(&automaton.machine, variable, asked),
                    None => self.plain.remove(&asked.group.0).unwrap_or_default(),
                };
                self.one_of(cells)
            }
            (Kind::Text { .. }, Some(Automaton { explored: None, .. })) if is_walked(variable, asked) => {
                let truths = asked.questions.iter().map(|_| Truth::If(self.sat.fresh())).collect();
                (Choice::Later, truths, true)
            }
            (_, automaton) => {
                let plain = self.plain.remove(&asked.group.0);
                self.one_of(plain.unwrap_or_else(|| cells_of_texts(automaton, variable, asked)))
            }
        };
        self.choices.push(choice);
        self.truths.push(truths);
        any
    }

    fn one_of(&mut self, cells: Cells) -> (Choice, Vec<Truth>, bool) {
        let kept = cells.best();
        let lits = selectors(&mut self.sat, kept.len());
        let truths = memberships(&mut self.sat, &cells, &kept, &lits);
        (Choice::OneOf(cells), truths, !kept.is_empty())
    }

    /// Ties compared variables together, and answers the questions whether they are equal.
    fn compare(&mut self) {
        for (number, group) in (0u32..).zip(&self.plan.groups) {
            let Some(Some(Automaton { machine, explored: Some(explored) })) =
                self.automata.get(number as usize)
            else {
                continue;
            };
            if group.members.len() < 2 {
                continue;
            }
            let members = members(group, &self.choices);
            let pairs = same::compare(&mut self.sat, machine, explored, &members);
            for &(one, two, lit) in &pairs {
                let var = |place: usize| members.get(place).map_or(0, |member| member.var);
                for (var, other) in [(var(one), var(two)), (var(two), var(one))] {
                    let questions =
                        self.plan.asked.get(var as usize).into_iter().flat_map(|asked| &asked.questions);
                    let truths = self.truths.get_mut(var as usize).into_iter().flatten();
                    for (question, truth) in questions.zip(truths) {
                        if question.about == About::SameAs(other) {
                            *truth = if question.denied { Truth::If(!lit) } else { Truth::If(lit) };
                        }
                    }
                }
            }
            self.pairs.insert(number, pairs);
        }
    }
}

/// The members of a compared group with their literals.
pub(super) fn members<'c>(group: &Group, choices: &'c [Choice]) -> Vec<Member<'c>> {
    let of = |&var: &u32| match choices.get(var as usize) {
        Some(Choice::Exactly(cells, lits)) => Some(Member { var, cells, lits }),
        _ => None,
    };
    group.members.iter().filter_map(of).collect()
}

fn truth(truths: &[Vec<Truth>], var: u32, question: u32) -> Truth {
    let known = truths.get(var as usize).and_then(|truths| truths.get(question as usize));
    known.copied().unwrap_or(Truth::Const(false))
}

/// Whether the value of a text or set variable needs a walk; an optional one of which nothing is asked is absent.
fn is_walked(variable: &Variable, asked: &Asked) -> bool {
    matches!(variable.kind, Kind::Text { .. } | Kind::Set { .. })
        && (!variable.optional || !asked.questions.is_empty())
}

/// The cells of a group that is one variable with a list of values, or one of which nothing is asked, where no symbol has a say:
/// an automaton would do more than is needed.
fn plain(problem: &Problem, group: &Group, asked: &[Asked]) -> Option<Cells> {
    let &[var] = group.members.as_slice() else { return None };
    let variable = problem.variables.get(var as usize)?;
    match variable.kind {
        Kind::Enumerated => {
            let asked = asked.get(var as usize)?;
            cells::of_plain_values(&group.patterns, &problem.symbols, variable, asked)
        }
        Kind::Text { ref language } if asked.get(var as usize)?.questions.is_empty() => {
            cells::of_any_text(language, &problem.symbols, variable)
        }
        _ => None,
    }
}

/// Builds the automaton of a group, and walks it if need be and possible.
fn compile<'p>(
    problem: &'p Problem,
    group: &Group,
    asked: &[Asked],
    cap: usize,
) -> Result<Option<Automaton<'p>>, String> {
    let members: Vec<(&Variable, &Asked)> = group
        .members
        .iter()
        .filter_map(|&var| Some((problem.variables.get(var as usize)?, asked.get(var as usize)?)))
        .collect();
    let compared = members.len() > 1;
    if members.iter().all(|(variable, _)| matches!(variable.kind, Kind::Interval { .. } | Kind::Flag)) {
        return Ok(None);
    }
    let names = || members.iter().map(|(variable, _)| variable.name.as_str()).collect::<Vec<_>>().join(", ");
    if members.len() > MOST_COMPARED {
        return Err(format!(
            "{}: {} values are compared with each other, at most {MOST_COMPARED} can be; compare with constants instead",
            names(),
            members.len()
        ));
    }
    // A compared variable that is one of some values is a text with these as its language.
    let values: Vec<Vec<Vec<Glob>>> = members
        .iter()
        .map(|(variable, _)| match variable.kind {
            Kind::Enumerated if compared => {
                vec![variable.texts.iter().map(|text| Glob::literal(text)).collect()]
            }
            _ => Vec::new(),
        })
        .collect();
    let languages: Vec<&[Vec<Glob>]> = members
        .iter()
        .zip(&values)
        .map(|((variable, _), values)| match &variable.kind {
            Kind::Text { language } | Kind::Set { language } => language.as_slice(),
            _ => values.as_slice(),
        })
        .collect();
    let fixed = !compared && members.iter().all(|(variable, _)| matches!(variable.kind, Kind::Enumerated));
    let texts = || members.iter().flat_map(|(variable, _)| variable.texts.iter().map(String::as_str));
    let machine = Machine::new(&group.patterns, &languages, texts(), &problem.symbols, fixed)
        .map_err(|what| format!("{}: {what}", names()))?;
    if !compared && !members.iter().any(|(variable, asked)| is_walked(variable, asked)) {
        return Ok(Some(Automaton { machine, explored: None }));
    }
    let explored = match languages.as_slice() {
        [language] if !compared && !fixed => {
            let parts = Parts::new(&group.patterns, language, texts(), &problem.symbols);
            problem.walks.explore(&machine, &parts, cap)
        }
        _ => Explored::new(&machine, cap, compared).map(Arc::new),
    };
    let explored = match explored {
        Ok(explored) => Some(explored),
        Err(_)
            if !compared && matches!(members.as_slice(), [(Variable { kind: Kind::Text { .. }, .. }, _)]) =>
        {
            None
        }
        Err(_) => {
            return Err(too_many_states(&names(), group.patterns.len(), problem.limits.states));
        }
    };
    Ok(Some(Automaton { machine, explored }))
}

/// What to say of variables whose automaton is too large.
pub(super) fn too_many_states(names: &str, patterns: usize, states: usize) -> String {
    format!(
        "{names}: {patterns} patterns overlap in more ways than {states} states can tell apart; \
         ask about fewer statements at a time"
    )
}
