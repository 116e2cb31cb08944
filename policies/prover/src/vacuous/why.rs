//! Why no request matches a statement: the least of its elements that rule all of them out.

use super::Holder;
use super::scene::Setup;
use narrows_iam::actions::{self, Action};
use narrows_iam::{ActionClause, Pattern, PrincipalForm, Statement};
use std::fmt::Write as _;

/// An element of a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Principal,
    Action,
    Resource,
    Condition(usize),
}

/// The reason, in words. The statement is one that no request matches.
pub(super) fn why(setup: &Setup<'_>, statement: &Statement) -> String {
    let mut parts = Vec::new();
    parts.extend(statement.principal.is_some().then_some(Part::Principal));
    parts.push(Part::Action);
    parts.extend(statement.resource.is_some().then_some(Part::Resource));
    parts.extend((0..statement.conditions.len()).map(Part::Condition));
    let mut at = 0;
    while at < parts.len() {
        let mut fewer = parts.clone();
        fewer.remove(at);
        if setup.may_match(&only(statement, &fewer)) {
            at += 1;
        } else {
            parts = fewer;
        }
    }
    words(setup, statement, &parts)
}

/// The statement with these elements alone.
fn only(statement: &Statement, parts: &[Part]) -> Statement {
    let has = |part: Part| parts.contains(&part);
    let all = Pattern::plain("*", true, statement.action.location.clone());
    let conditions = statement.conditions.iter().enumerate();
    Statement {
        sid: statement.sid.clone(),
        effect: statement.effect,
        principal: statement.principal.clone().filter(|_| has(Part::Principal)),
        action: match has(Part::Action) {
            true => statement.action.clone(),
            false => ActionClause {
                negated: false,
                patterns: vec![all],
                location: statement.action.location.clone(),
            },
        },
        resource: statement.resource.clone().filter(|_| has(Part::Resource)),
        conditions: conditions
            .filter(|(index, _)| has(Part::Condition(*index)))
            .map(|(_, condition)| condition.clone())
            .collect(),
        location: statement.location.clone(),
    }
}

fn words(setup: &Setup<'_>, statement: &Statement, parts: &[Part]) -> String {
    let show = |part: &Part| shown(setup, statement, *part);
    match parts {
        [] => "no request reaches the policy at all".to_owned(),
        [Part::Action] => match setup.holder {
            Holder::Bucket(_) => {
                format!("{} is nothing that is asked of a bucket or its objects", show(&Part::Action))
            }
            Holder::Mrap(_) => {
                format!("{} is nothing that is asked of an MRAP or its objects", show(&Part::Action))
            }
            Holder::Endpoint(_) | Holder::Role(_) => format!("{} is no action", show(&Part::Action)),
        },
        [Part::Resource] => match setup.holder {
            Holder::Bucket(_) => {
                format!("{} is neither this bucket nor an object of it", show(&Part::Resource))
            }
            Holder::Mrap(_) => {
                format!(
                    "{} is neither this MRAP nor an object through it (<ARN>/object/<key>)",
                    show(&Part::Resource)
                )
            }
            Holder::Endpoint(_) | Holder::Role(_) => format!("{} is no resource", show(&Part::Resource)),
        },
        [Part::Principal] => {
            let deleted = |clause: &narrows_iam::PrincipalClause| {
                clause.entries.iter().all(|it| it.form == PrincipalForm::Deleted)
            };
            match statement.principal.as_ref().is_some_and(deleted) {
                true => {
                    "its Principal is the id of a role or user that was deleted, which is nobody".to_owned()
                }
                false => format!("{} is no caller that can be", show(&Part::Principal)),
            }
        }
        [Part::Action, Part::Resource] => {
            let (action, resource) = (show(&Part::Action), show(&Part::Resource));
            match kinds(&statement.action) {
                Some(true) => {
                    format!("{action} is asked of objects, and {resource} is none: add `/*` for the objects")
                }
                Some(false) => {
                    format!(
                        "{action} is asked of the bucket itself, and {resource} is not one: leave out what follows its name"
                    )
                }
                None => format!("{action} is not asked of {resource}"),
            }
        }
        [one @ Part::Condition(_)] => {
            let mut text = format!("{} holds for no request", show(one));
            if let Some(day) = timed(statement, parts).then(|| as_of(setup)).flatten() {
                // Writing to a String does not fail.
                let _ = write!(text, " from {day} on");
            }
            text
        }
        [one, two] => format!("{} and {} exclude each other", show(one), show(two)),
        [first @ .., last] => {
            let all: Vec<String> = first.iter().map(show).collect();
            format!("{} and {} exclude each other", all.join(", "), show(last))
        }
    }
}

fn shown(setup: &Setup<'_>, statement: &Statement, part: Part) -> String {
    let listed = |patterns: &[Pattern]| {
        const MOST: usize = 3;
        let mut texts: Vec<String> =
            patterns.iter().take(MOST).map(|it| format!("`{}`", setup.model.show(&it.spelled))).collect();
        if patterns.len() > MOST {
            texts.push(format!("{} more", patterns.len() - MOST));
        }
        texts.join(", ")
    };
    let not = |negated: bool| if negated { "Not" } else { "" };
    match part {
        Part::Principal => {
            let negated = statement.principal.as_ref().is_some_and(|it| it.negated);
            let entries = statement.principal.iter().flat_map(|it| &it.entries);
            let names: Vec<String> =
                entries.take(3).map(|it| format!("`{}`", setup.model.show(&it.spelled))).collect();
            format!("its {}Principal {}", not(negated), names.join(", "))
        }
        Part::Action => {
            format!("its {}Action {}", not(statement.action.negated), listed(&statement.action.patterns))
        }
        Part::Resource => match &statement.resource {
            Some(clause) => format!("its {}Resource {}", not(clause.negated), listed(&clause.patterns)),
            None => "its Resource".to_owned(),
        },
        Part::Condition(index) => match statement.conditions.get(index) {
            Some(condition) => format!("its condition {} {}", condition.operator, condition.spelled_key),
            None => "its condition".to_owned(),
        },
    }
}

/// Whether the actions that a clause names are all of objects, or none is; `None` where both are, or it names none.
fn kinds(clause: &ActionClause) -> Option<bool> {
    let matching = |it: &&Action| {
        let name = it.qualified();
        let any = |pattern: &Pattern| crate::lower::matches_action(pattern.tokens(), name.as_bytes());
        clause.patterns.iter().any(any) != clause.negated
    };
    let mut all = actions::all().iter().filter(matching).map(Action::is_object_action);
    let first = all.next()?;
    all.all(|it| it == first).then_some(first)
}

/// Whether a condition asks for the time.
fn timed(statement: &Statement, parts: &[Part]) -> bool {
    parts.iter().any(|part| match part {
        Part::Condition(index) => statement
            .conditions
            .get(*index)
            .is_some_and(|it| matches!(it.key.as_str(), "aws:currenttime" | "aws:epochtime")),
        _ => false,
    })
}

fn as_of(setup: &Setup<'_>) -> Option<String> {
    narrows_model::date::Date::from_epoch_seconds(setup.model.as_of).map(|day| day.to_string())
}
