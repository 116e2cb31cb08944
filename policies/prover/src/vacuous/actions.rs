//! Which actions a request on a document's resources can be for, as far as a clause tells them apart.

use crate::lower::matches_action;
use crate::question::Actions;
use narrows_iam::actions::{self, Action};
use narrows_iam::{ActionClause, Token};
use narrows_model::is_symbol;
use std::cell::RefCell;

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// An object of S3.
    Object,
    /// A bucket, or an access point itself.
    Bucket,
    /// Anything, of any service.
    Anything,
}

/// Actions that a clause matches, one of each kind that matters.
#[derive(Clone)]
pub(super) struct Candidates {
    /// Of S3's catalogue, and of other services, whose actions are not listed here.
    pub known: Actions,
    /// Those and one that S3 is not known to have, where there may be such a one.
    pub possible: Actions,
}

/// The candidates of clauses that were looked at: most statements of a policy have one of a few.
#[derive(Default)]
pub(super) struct Seen(RefCell<Vec<(ActionClause, About, Candidates)>>);

impl Seen {
    /// The actions that a clause matches; one for all that are asked of the same resources.
    pub fn candidates(&self, clause: &ActionClause, about: About) -> Candidates {
        const MOST: usize = 32;
        let mut seen = self.0.borrow_mut();
        let same = |known: &ActionClause| {
            let pairs = || known.patterns.iter().zip(&clause.patterns);
            known.negated == clause.negated
                && known.patterns.len() == clause.patterns.len()
                && pairs().all(|(one, other)| one.tokens() == other.tokens())
        };
        if let Some((.., found)) = seen.iter().find(|(known, of, _)| *of == about && same(known)) {
            return found.clone();
        }
        let found = candidates(clause, about);
        if seen.len() < MOST {
            seen.push((clause.clone(), about, found.clone()));
        }
        found
    }
}

fn candidates(clause: &ActionClause, about: About) -> Candidates {
    let matching = |name: &str| {
        clause.patterns.iter().any(|it| matches_action(it.tokens(), name.as_bytes())) != clause.negated
    };
    let spelled_out = clause.patterns.iter().flat_map(|it| it.tokens()).all(|token| {
        !matches!(token, Token::Char(c) if is_symbol(*c)) && !matches!(token, Token::Variable(_))
    });
    let of = |which: &dyn Fn(&Action) -> bool| -> Option<String> {
        let mut all = actions::all().iter().filter(|action| which(action)).map(Action::qualified);
        // Where a name exists only after deployment, any may be meant, and the formula tells.
        all.find(|name| !spelled_out || matching(name))
    };
    // An action without a resource type is asked of no resource (service authorization reference).
    let of_bucket = |it: &Action| !it.is_object_action() && it.resource_types != ["*"];
    let mut known: Vec<String> = match about {
        About::Object => of(&Action::is_object_action).into_iter().collect(),
        About::Bucket => of(&of_bucket).into_iter().collect(),
        About::Anything => {
            let bucket_alone = |it: &Action| it.is_bucket_action() && !it.is_object_action();
            let other = |it: &Action| !it.is_bucket_action() && !it.is_object_action();
            [of(&Action::is_object_action), of(&bucket_alone), of(&other)].into_iter().flatten().collect()
        }
    };
    if !spelled_out {
        // All of the catalogue: which of them is meant is a value of the formula.
        let all = actions::all().iter().filter(|it| match about {
            About::Object => it.is_object_action(),
            About::Bucket => of_bucket(it),
            About::Anything => true,
        });
        known = all.map(Action::qualified).collect();
    }
    if about == About::Anything {
        known.extend(foreign(clause, &matching));
    }
    let mut possible = known.clone();
    possible.extend(unlisted(clause, &matching));
    Candidates { known: known.into(), possible: possible.into() }
}

/// An action of another service than S3 that a clause matches.
fn foreign(clause: &ActionClause, matching: &dyn Fn(&str) -> bool) -> Option<String> {
    if clause.negated {
        return ["kms:Decrypt", "sts:AssumeRole", "ec2:RunInstances", "narrows:AnyOther"]
            .into_iter()
            .find(|name| matching(name))
            .map(str::to_owned);
    }
    // `dynamodb:*` is every action of a service.
    let written =
        clause.patterns.iter().flat_map(|it| ["", "AnyOther"].map(|many| witness(it.tokens(), many)));
    let named = |name: &String| {
        name.split_once(':').is_some_and(|(service, action)| {
            !service.is_empty() && !action.is_empty() && !service.eq_ignore_ascii_case("s3")
        })
    };
    let everything = matching("kms:Decrypt").then(|| "kms:Decrypt".to_owned());
    everything.into_iter().chain(written).find(named)
}

/// An action of S3 that is not in the catalogue and that a clause matches: the catalogue may be older than the action.
fn unlisted(clause: &ActionClause, matching: &dyn Fn(&str) -> bool) -> Option<String> {
    const START: &str = "s3:";
    if clause.negated {
        let name = "s3:NotInTheCatalogue".to_owned();
        return matching(&name).then_some(name);
    }
    let new = |name: &String| {
        let bare = name.strip_prefix(START).unwrap_or_default();
        !bare.is_empty() && actions::find(name).is_none()
    };
    clause
        .patterns
        .iter()
        .flat_map(|it| after(it.tokens(), START))
        .flat_map(|rest| ["", "NotYetKnown"].map(|many| format!("{START}{}", witness(rest, many))))
        .find(new)
}

/// What is left of a pattern once it has read a text, in each way in which it can.
fn after<'a>(tokens: &'a [Token], text: &str) -> Vec<&'a [Token]> {
    let mut places = vec![tokens];
    for c in text.chars() {
        let mut next: Vec<&[Token]> = Vec::new();
        for mut place in places {
            while let Some((Token::Many, rest)) = place.split_first() {
                next.push(place);
                place = rest;
            }
            match place.split_first() {
                Some((Token::One, rest)) => next.push(rest),
                Some((Token::Char(own), rest)) if own.eq_ignore_ascii_case(&c) || is_symbol(*own) => {
                    next.push(rest);
                }
                _ => {}
            }
        }
        places = next;
    }
    places
}

/// A text that a pattern matches: this for each `*`, and a letter for each `?`.
fn witness(tokens: &[Token], many: &str) -> String {
    tokens.iter().fold(String::new(), |mut text, token| {
        match token {
            Token::Char(c) => text.push(*c),
            Token::One => text.push('X'),
            Token::Many => text.push_str(many),
            Token::Variable(_) => {}
        }
        text
    })
}
