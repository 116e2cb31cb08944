//! Solves in turns with the lazy search: the SAT solver proposes, the search looks for texts, contradictions become clauses.

use std::collections::{BTreeMap, BTreeSet};

use batsat::Lit;

use super::choice::Choice;
use super::lazy::{Budget, Lazy};
use super::plan::{About, Question};
use super::problem::Kind;
use super::sat::Truth;
use super::search::{Search, too_many_states};

/// The values found for lazily searched variables, absent or a text.
pub(super) type Found = BTreeMap<usize, Option<String>>;

/// How many states the lazy search of a pair of questions may look at.
const PAIR: usize = 500;

/// Most questions of which all pairs are looked at.
const MOST_PAIRED: usize = 100;

/// What the lazy search may still use, and what it knows.
pub(super) struct Effort {
    budget: Budget,
    /// Pairs of questions (variable, one, other) that were looked at.
    paired: BTreeSet<(usize, usize, usize)>,
}

impl Effort {
    /// May look at so many states.
    pub(super) fn new(states: usize) -> Self {
        Self { budget: Budget(states), paired: BTreeSet::new() }
    }
}

/// What became of a proposal.
enum Proposal {
    /// The variable can be absent or have this text.
    Taken(Option<String>),
    /// It cannot be; a clause rules the reason out.
    Refused,
}

impl Search<'_> {
    /// Solves until every lazily searched variable has a value for what the solution says of it.
    ///
    /// # Errors
    /// What takes too long, in words.
    pub(super) fn settle(&mut self, wish: Option<Lit>, found: &mut Found) -> Result<bool, String> {
        'again: loop {
            let solved = self.sat.solve(wish).ok_or_else(|| {
                let most = self.problem.limits.conflicts;
                format!("the search took more than {most} conflicts; ask about fewer statements at a time")
            })?;
            if !solved {
                return Ok(false);
            }
            found.clear();
            for var in 0..self.choices.len() {
                if matches!(self.choices.get(var), Some(Choice::Later)) {
                    match self.propose(var)? {
                        Proposal::Taken(value) => found.insert(var, value),
                        Proposal::Refused => continue 'again,
                    };
                }
            }
            return Ok(true);
        }
    }

    fn propose(&mut self, var: usize) -> Result<Proposal, String> {
        let (Some(variable), Some(asked), Some(truths)) =
            (self.problem.variables.get(var), self.plan.asked.get(var), self.truths.get(var))
        else {
            return Ok(Proposal::Taken(None));
        };
        let (Kind::Text { language }, Some(group)) =
            (&variable.kind, self.plan.groups.get(asked.group.0 as usize))
        else {
            return Ok(Proposal::Taken(None));
        };
        let needed: Vec<(usize, Question, Truth)> = asked
            .questions
            .iter()
            .zip(truths)
            .enumerate()
            .filter(|&(_, (_, &truth))| self.sat.is_true(truth))
            .map(|(number, (&question, &truth))| (number, question, truth))
            .collect();
        if variable.optional && needed.iter().all(|(_, question, _)| question.denied) {
            return Ok(Proposal::Taken(None));
        }
        let questions: Vec<Question> = needed.iter().map(|&(_, question, _)| question).collect();
        if let Some(text) = self.preferred(variable, asked, &questions) {
            return Ok(Proposal::Taken(Some(text)));
        }
        let lazy = Lazy { patterns: &group.patterns, language, symbols: &self.problem.symbols };
        let mut core = None;
        // Two questions often contradict each other, which is cheap to see for the two alone and hard among many.
        if needed.len() <= MOST_PAIRED {
            for (place, &(one, first, _)) in needed.iter().enumerate() {
                for &(two, second, _) in needed.iter().skip(place + 1) {
                    let both = [first, second];
                    let worth = both.iter().any(|question| !question.denied) || about_presence(&both);
                    if core.is_none() && worth && self.effort.paired.insert((var, one, two)) {
                        let mut small = Budget(PAIR);
                        if matches!(lazy.find(&both, &mut small), Ok(None)) {
                            core = Some(both.to_vec());
                        }
                    }
                }
            }
        }
        let core = match core {
            Some(core) => core,
            None => match lazy.find(&questions, &mut self.effort.budget) {
                Ok(Some(text)) => return Ok(Proposal::Taken(Some(text))),
                Ok(None) => lazy.shrink(&questions, &mut self.effort.budget),
                Err(_) => {
                    return Err(too_many_states(
                        &variable.name,
                        group.patterns.len(),
                        self.problem.limits.states,
                    ));
                }
            },
        };
        // Absence answers no to everything: where that is all the core wants, it must not be ruled out.
        let more = (variable.optional && core.iter().all(|question| question.denied))
            .then(|| questions.iter().find(|question| !question.denied))
            .flatten();
        let ruled_out =
            needed.iter().filter(|(_, question, _)| core.contains(question) || more == Some(question));
        let clause: Vec<Lit> = ruled_out
            .filter_map(|&(_, _, truth)| if let Truth::If(lit) = truth { Some(!lit) } else { None })
            .collect();
        self.sat.clause(clause);
        Ok(Proposal::Refused)
    }
}

fn about_presence(questions: &[Question]) -> bool {
    questions.iter().any(|question| question.about == About::Present)
}
