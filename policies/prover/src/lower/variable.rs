//! Texts of a policy with policy variables in them.
//!
//! A variable is filled in with each value that its key is likely to have, each under the formula that the key has it.
//! For all other values a flag of the solver tells whether the text matches; the flag lies between what certainly matches
//! and what may. So a proof covers every value, and a refutation uses one that was looked at.

use super::condition::union;
use super::domains::Sort;
use super::keys::{AccessPoint, Binding, Keys, Undecided};
use super::pattern::{self, Rule};
use crate::solve::{Formula, Glob, Pattern, Predicate, Token as Glyph, Var};
use narrows_iam::{ConditionKey, Pattern as Source, Token, Variable};
use narrows_model::is_symbol;
use std::collections::BTreeSet;

/// What texts are compared with.
#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    /// A text that is known.
    Constant(&'a str),
    /// The text of a variable of the solver, which may be compared with that of another.
    Text(Var),
    /// Object keys, after this start of their ARN.
    After(&'a str),
    /// Anything else.
    Other,
}

/// Who compares: what is looked at, and under which name the same comparison is known again.
#[derive(Clone, Copy)]
pub(super) struct Comparison<'a> {
    /// How the texts are matched.
    pub rule: Rule,
    /// What they are compared with.
    pub subject: Subject<'a>,
    /// Names the subject: equal names are the same text in a request.
    pub name: &'a str,
    /// The access point, as the leg sees it.
    pub via: &'a AccessPoint,
}

/// A formula from a pattern.
type Look<'a> = &'a dyn Fn(&mut Keys, &Pattern) -> Formula;

/// More cases than this are not told apart.
const MOST_CASES: usize = 64;

/// More values of one key than this are not looked at one by one.
const MOST_VALUES: usize = 12;

/// The formula that one of the texts matches what `look` looks at.
pub(super) fn any_text(
    texts: &[Source],
    keys: &mut Keys,
    comparison: &Comparison<'_>,
    look: Look<'_>,
) -> Formula {
    let (open, known): (Vec<_>, Vec<_>) = texts.iter().partition(|text| pattern::has_variable(text));
    let symbols = keys.problem.symbols();
    let lowered = |text: &Source| pattern::lowered_with(text, comparison.rule, symbols);
    let known: Vec<Pattern> = known.into_iter().map(lowered).collect();
    let mut parts = Vec::new();
    if !known.is_empty() {
        parts.push(look(keys, &union(&known)));
    }
    for text in open {
        parts.push(match same(text, keys, comparison, look) {
            Some(formula) => formula,
            None => joint(std::slice::from_ref(text), keys, comparison, look),
        });
    }
    Formula::or(parts)
}

/// As [`any_text`], where the texts cannot be looked at one by one: every element of a list matches one of them.
pub(super) fn joint(
    texts: &[Source],
    keys: &mut Keys,
    comparison: &Comparison<'_>,
    look: Look<'_>,
) -> Formula {
    let drafts = texts.iter().map(Draft::new).collect();
    let mut cases = Cases { keys, comparison, look, left: MOST_CASES };
    cases.fill(drafts, &Path { holds: Formula::Const(true), doubtful: false, opened: BTreeSet::new() })
}

/// A text whose variables are being filled in.
#[derive(Clone)]
struct Draft {
    /// The text with the characters of values as they are.
    strict: Source,
    /// The text where `*` and `?` of values are wildcards, which AWS's documents leave open.
    lenient: Source,
}

impl Draft {
    fn new(source: &Source) -> Self {
        Self { strict: source.clone(), lenient: source.clone() }
    }

    fn variables(&self) -> impl Iterator<Item = &Variable> {
        variables(&self.strict)
    }

    /// The draft with a value for each variable of the key; `None` where the key is absent and a variable has no default.
    fn filled(&self, key: &ConditionKey, value: Option<&str>, rule: Rule) -> Option<Self> {
        let fill = |source: &Source, wild: bool| -> Option<Source> {
            let mut tokens = Vec::with_capacity(source.tokens().len());
            for token in source.tokens() {
                let Token::Variable(variable) = token else {
                    tokens.push(token.clone());
                    continue;
                };
                if variable.key != *key {
                    tokens.push(token.clone());
                    continue;
                }
                tokens.extend(value.or(variable.default.as_deref())?.chars().map(|c| match c {
                    '*' if wild && rule.has_wildcards() => Token::Many,
                    '?' if wild && rule.has_wildcards() => Token::One,
                    c => Token::Char(c),
                }));
            }
            Some(source.with_tokens(tokens))
        };
        Some(Self { strict: fill(&self.strict, false)?, lenient: fill(&self.lenient, true)? })
    }

    /// What the draft matches; a variable that is left is any text.
    fn pattern(&self, rule: Rule) -> Pattern {
        if pattern::has_variable(&self.strict) {
            return Pattern::bounds([], pattern::loosest(&self.lenient, rule));
        }
        let strict = pattern::lowered(&self.strict, rule);
        if self.strict.tokens() == self.lenient.tokens() {
            return strict;
        }
        let lenient = pattern::lowered(&self.lenient, rule);
        let hi: Vec<Glob> = strict.hi().iter().chain(lenient.hi()).cloned().collect();
        Pattern::bounds(strict.lo().to_vec(), hi)
    }
}

fn variables(source: &Source) -> impl Iterator<Item = &Variable> {
    source.tokens().iter().filter_map(|token| match token {
        Token::Variable(variable) => Some(variable.as_ref()),
        _ => None,
    })
}

/// What is assumed on the way to one case.
#[derive(Clone)]
struct Path {
    holds: Formula,
    /// Nothing can be said of a value, so that the match is open.
    doubtful: bool,
    /// The keys that have a value which is not looked at.
    opened: BTreeSet<ConditionKey>,
}

/// What a variable can stand for.
struct Fillings {
    /// Values, each with the formula that the key has it.
    values: Vec<(Formula, String)>,
    /// The formula that the key has another value.
    other: Formula,
    /// Whether nothing can be said of another value.
    doubtful: bool,
    /// The formula that the key is absent.
    absent: Formula,
}

struct Cases<'k, 'a> {
    keys: &'k mut Keys,
    comparison: &'a Comparison<'a>,
    look: Look<'a>,
    left: usize,
}

impl Cases<'_, '_> {
    fn fill(&mut self, drafts: Vec<Draft>, path: &Path) -> Formula {
        let next =
            drafts.iter().flat_map(Draft::variables).find(|variable| !path.opened.contains(&variable.key));
        let Some(key) = next.map(|variable| variable.key.clone()) else { return self.settled(&drafts, path) };
        let fillings = self.fillings(&key, &drafts);
        let rule = self.comparison.rule;
        let mut parts = Vec::new();
        let mut case = |cases: &mut Self, value: Option<&str>, when: Formula| {
            if when == Formula::Const(false) {
                return;
            }
            let filled: Vec<Draft> =
                drafts.iter().filter_map(|draft| draft.filled(&key, value, rule)).collect();
            let holds = Formula::and([path.holds.clone(), when.clone()]);
            let matched = cases.fill(filled, &Path { holds, ..path.clone() });
            parts.push(Formula::and([when, matched]));
        };
        case(self, None, fillings.absent);
        for (when, value) in fillings.values {
            case(self, Some(&value), when);
        }
        if fillings.other != Formula::Const(false) {
            let mut opened = path.opened.clone();
            opened.insert(key);
            let holds = Formula::and([path.holds.clone(), fillings.other.clone()]);
            let doubtful = path.doubtful || fillings.doubtful;
            let matched = self.fill(drafts, &Path { holds, doubtful, opened });
            parts.push(Formula::and([fillings.other, matched]));
        }
        Formula::or(parts)
    }

    /// The formula of drafts that nothing more can be filled into.
    fn settled(&mut self, drafts: &[Draft], path: &Path) -> Formula {
        let rule = self.comparison.rule;
        let (open, known): (Vec<&Draft>, Vec<&Draft>) =
            drafts.iter().partition(|draft| pattern::has_variable(&draft.strict));
        let patterns: Vec<Pattern> = known.iter().map(|draft| draft.pattern(rule)).collect();
        let surely = match patterns.is_empty() {
            true => Pattern::exact([]),
            false => union(&patterns),
        };
        let surely = (self.look)(self.keys, &surely);
        let Some(first) = open.first() else { return surely };
        let all: Vec<Glob> = drafts.iter().flat_map(|draft| draft.pattern(rule).hi().to_vec()).collect();
        let perhaps = (self.look)(self.keys, &Pattern::exact(all));
        let reason = pattern::variable_reason(&first.strict);
        if path.doubtful {
            let open = self.keys.open(reason);
            return Formula::or([surely, Formula::and([perhaps, open])]);
        }
        let name = format!("{} {rule:?} {}", self.comparison.name, self.spelled(drafts));
        let flag = self.keys.flag(&name);
        let undecided = Formula::and([path.holds.clone(), perhaps.clone(), !surely.clone()]);
        self.keys.undecided.push(Undecided { formula: undecided, reason });
        Formula::or([surely, Formula::and([perhaps, flag])])
    }

    /// The drafts without the start that all object keys have, so that both legs of a request know them as the same.
    fn spelled(&self, drafts: &[Draft]) -> String {
        let one = |draft: &Draft| {
            let tokens = draft.strict.tokens();
            let Subject::After(start) = self.comparison.subject else { return format!("{tokens:?}") };
            let mut rest = tokens.iter();
            match start.chars().all(|c| rest.next() == Some(&Token::Char(c))) {
                true => format!("key {:?}", rest.as_slice()),
                false => format!("{start} {tokens:?}"),
            }
        };
        drafts.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    fn fillings(&mut self, key: &ConditionKey, drafts: &[Draft]) -> Fillings {
        let keys = &mut *self.keys;
        let binding = keys.binding(key, self.comparison.via, Sort::Text);
        let of = |values: Vec<(Formula, String)>, other, doubtful, absent| Fillings {
            values,
            other,
            doubtful,
            absent,
        };
        match &binding {
            Binding::Absent => return of(Vec::new(), Formula::Const(false), false, Formula::Const(true)),
            Binding::Constant(text) => {
                let value = (Formula::Const(true), text.clone());
                return of(vec![value], Formula::Const(false), false, Formula::Const(false));
            }
            Binding::Perhaps(text) => {
                let there = keys.present(&binding);
                return of(vec![(there.clone(), text.clone())], Formula::Const(false), false, !there);
            }
            Binding::Open | Binding::Point(_) | Binding::List(_) | Binding::ServiceNames => {
                let there = keys.present(&binding);
                return of(Vec::new(), there.clone(), true, !there);
            }
            _ => {}
        }
        let there = keys.present(&binding);
        let captured = self.captured(key, drafts);
        let all = captured.is_some();
        let keys = &mut *self.keys;
        let mut values = captured.unwrap_or_else(|| keys.candidates(key));
        if !all && values.len() > self.left {
            values.clear();
        }
        self.left = self.left.saturating_sub(values.len());
        let values: Vec<(Formula, String)> = values
            .into_iter()
            .map(|value| (keys.matches(key, &binding, &Pattern::literal(&value)), value))
            .collect();
        let known = Formula::or(values.iter().map(|(holds, _)| holds.clone()));
        let other = match all {
            false => Formula::and([there.clone(), !known]),
            // A value that has wildcards may match what it is not part of.
            true if self.comparison.rule.has_wildcards() => {
                let wild = keys.matches(key, &binding, &wild());
                Formula::and([there.clone(), wild, !known])
            }
            true => Formula::Const(false),
        };
        of(values, other, all, !there)
    }

    /// The values with which a draft may match a constant subject; `None` where they cannot be told.
    fn captured(&self, key: &ConditionKey, drafts: &[Draft]) -> Option<Vec<String>> {
        let Subject::Constant(text) = self.comparison.subject else { return None };
        let plain = self.comparison.rule != Rule::TextInAnyCase && !text.contains(is_symbol);
        let mut found = BTreeSet::new();
        for draft in drafts {
            let tokens = draft.lenient.tokens();
            let symbol = |token: &Token| matches!(token, Token::Char(c) if is_symbol(*c));
            // An ARN of fewer fields may be completed.
            let colons = tokens.iter().filter(|token| **token == Token::Char(':')).count();
            let short = matches!(self.comparison.rule, Rule::Arn | Rule::Resource) && colons < 5;
            if !plain || short || tokens.iter().any(symbol) {
                return None;
            }
            let text: Vec<char> = text.chars().collect();
            capture(tokens, &text, None, key, &mut found);
        }
        (found.len() <= MOST_VALUES).then(|| found.into_iter().collect())
    }
}

/// Collects the parts of a text that a variable can stand for; wildcards and other variables stand for any text.
fn capture(
    tokens: &[Token],
    text: &[char],
    value: Option<&[char]>,
    key: &ConditionKey,
    found: &mut BTreeSet<String>,
) {
    if found.len() > MOST_VALUES {
        return;
    }
    let Some((token, later)) = tokens.split_first() else {
        if text.is_empty() {
            found.extend(value.map(|value| value.iter().collect::<String>()));
        }
        return;
    };
    match token {
        Token::Char(c) => {
            if let Some((own, text)) = text.split_first()
                && own == c
            {
                capture(later, text, value, key, found);
            }
        }
        Token::One => {
            if let Some((_, text)) = text.split_first() {
                capture(later, text, value, key, found);
            }
        }
        Token::Variable(variable) if variable.key == *key => {
            for end in 0..=text.len() {
                let Some((part, rest)) = text.split_at_checked(end) else { return };
                if value.is_none_or(|value| value == part) {
                    capture(later, rest, Some(part), key, found);
                }
            }
        }
        Token::Many | Token::Variable(_) => {
            for end in 0..=text.len() {
                capture(later, text.get(end..).unwrap_or_default(), value, key, found);
            }
        }
    }
}

/// Texts with a wildcard in them.
fn wild() -> Pattern {
    let with = |c| Glob(vec![Glyph::Many, Glyph::Char(c), Glyph::Many]);
    Pattern::exact([with('*'), with('?')])
}

/// The formula of a text that is one variable, whose key is a text of its own, as is the subject: whether they are equal.
fn same(source: &Source, keys: &mut Keys, comparison: &Comparison<'_>, look: Look<'_>) -> Option<Formula> {
    let (Subject::Text(subject), [Token::Variable(variable)]) = (comparison.subject, source.tokens()) else {
        return None;
    };
    if !matches!(comparison.rule, Rule::Text | Rule::Glob) {
        return None;
    }
    let Binding::Text(other) = keys.binding(&variable.key, comparison.via, Sort::Text) else { return None };
    if !keys.may_compare(subject, other) {
        return None;
    }
    let equal = Formula::leaf(subject, Predicate::SameAs(other));
    let mut parts = vec![equal];
    if comparison.rule.has_wildcards() {
        let open = keys.open(pattern::variable_reason(source));
        let any = Pattern::exact([Glob::any()]);
        parts.push(Formula::and([look(keys, &any), Formula::matches(other, wild()), open]));
    }
    if let Some(filled) = Draft::new(source).filled(&variable.key, None, comparison.rule) {
        let matched = look(keys, &filled.pattern(comparison.rule));
        parts.push(Formula::and([!Formula::present(other), matched]));
    }
    Some(Formula::or(parts))
}
