//! From a policy document to what it allows and what it denies.

use super::condition::{filled, lower_condition, union};
use super::keys::{AccessPoint, Keys, Resource};
use super::pattern::{self, Rule};
use super::principal::{Matched, lower_not_principal, lower_principal};
use super::relevant::{Fate, Kinds};
use super::variable::{Comparison, Subject, any_text};
use crate::solve::{Formula, Glob, Pattern, Token};
use narrows_iam::{Document, Effect, Pattern as Source, Statement, Token as PatternToken};
use narrows_model::is_symbol;

/// What a document says about a request on one resource.
pub(crate) struct Grants {
    /// An Allow statement matches a caller that it names, or any caller of a document without principals.
    pub by_name: Formula,
    /// An Allow statement matches the caller's role.
    pub by_role: Formula,
    /// An Allow statement matches the caller's account.
    pub by_account: Formula,
    /// A Deny statement matches.
    pub denied: Formula,
}

impl Grants {
    /// What a document that is not there says: nothing.
    pub fn none() -> Self {
        Self {
            by_name: Formula::Const(false),
            by_role: Formula::Const(false),
            by_account: Formula::Const(false),
            denied: Formula::Const(false),
        }
    }

    /// An Allow statement matches in any way.
    pub fn allowed(&self) -> Formula {
        Formula::or([self.by_name.clone(), self.by_role.clone(), self.by_account.clone()])
    }
}

/// Lowers a document for one leg: the statements that [`Keys::relevance`] has a use for.
pub(crate) fn lower_document(
    document: &Document,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
) -> Grants {
    let mut by_name = Vec::new();
    let mut by_role = Vec::new();
    let mut by_account = Vec::new();
    let mut denied = Vec::new();
    let mut taken = Kinds::default();
    for statement in &document.statements {
        match keys.fate(statement, taken) {
            Fate::Lowered => {}
            Fate::Taken(kinds) => {
                taken = taken.and(kinds);
                continue;
            }
            Fate::LeftOut => continue,
        }
        let rest = lower_rest(statement, keys, resource, via);
        if rest == Formula::Const(false) {
            continue;
        }
        match (statement.effect, &statement.principal) {
            (Effect::Allow, None) => by_name.push(rest),
            (Effect::Allow, Some(clause)) => {
                let matched = lower_principal(clause, keys);
                by_name.push(Formula::and([matched.by_name, rest.clone()]));
                by_role.push(Formula::and([matched.by_role, rest.clone()]));
                by_account.push(Formula::and([matched.by_account, rest]));
            }
            (Effect::Deny, None) => denied.push(rest),
            (Effect::Deny, Some(clause)) => {
                let principal = if clause.negated {
                    lower_not_principal(clause, keys)
                } else {
                    Matched::any(lower_principal(clause, keys))
                };
                denied.push(Formula::and([principal, rest]));
            }
        }
    }
    let taken = taken.holds(keys);
    for allowed in [&mut by_name, &mut by_role, &mut by_account] {
        allowed.push(taken.clone());
    }
    Grants {
        by_name: Formula::or(by_name),
        by_role: Formula::or(by_role),
        by_account: Formula::or(by_account),
        denied: Formula::or(denied),
    }
}

/// The formula that a statement matches, whatever it does then.
pub(crate) fn lower_statement(
    statement: &Statement,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
) -> Formula {
    let rest = lower_rest(statement, keys, resource, via);
    if rest == Formula::Const(false) {
        return rest;
    }
    let principal = match &statement.principal {
        None => Formula::Const(true),
        Some(clause) if clause.negated => lower_not_principal(clause, keys),
        Some(clause) => Matched::any(lower_principal(clause, keys)),
    };
    Formula::and([principal, rest])
}

/// Action, resource and conditions of a statement.
fn lower_rest(statement: &Statement, keys: &mut Keys, resource: &Resource, via: &AccessPoint) -> Formula {
    let mut parts = Vec::with_capacity(2 + statement.conditions.len());
    let action = lower_action(&statement.action.patterns, keys);
    parts.push(if statement.action.negated { !action } else { action });
    if let Some(clause) = &statement.resource {
        let matched = lower_resource(&clause.patterns, keys, resource, via);
        let matched = match clause.negated {
            true => Formula::and([!matched, filled(&clause.patterns, keys, via)]),
            false => matched,
        };
        let pin = keys.pins.is_some().then(|| keys.pin_of_resource(clause, resource, via));
        parts.push(keys.pinned(pin, matched));
    }
    // Most statements are about other actions or resources: what their conditions say does not matter then.
    if parts.contains(&Formula::Const(false)) {
        return Formula::Const(false);
    }
    for condition in &statement.conditions {
        let holds = lower_condition(condition, keys, via);
        let pin = keys.pins.is_some().then(|| keys.pin_of_condition(condition, via));
        parts.push(keys.pinned(pin, holds));
    }
    Formula::and(parts)
}

fn lower_resource(patterns: &[Source], keys: &mut Keys, resource: &Resource, via: &AccessPoint) -> Formula {
    let matches = |keys: &Keys, pattern: &Pattern| {
        let (var, rest) = match resource {
            Resource::Fixed { var, arn } => (*var, pattern.quotient(arn, keys.problem.symbols())),
            Resource::Object { prefix } => {
                (keys.setting.key, pattern.quotient(prefix, keys.problem.symbols()))
            }
        };
        let everything = |glob: &Glob| glob.0 == [Token::Many];
        match resource {
            _ if rest.hi().is_empty() => Formula::Const(false),
            _ if rest.lo().iter().any(everything) => Formula::Const(true),
            Resource::Fixed { .. } if rest.lo().iter().any(|glob| glob.0.is_empty()) => Formula::Const(true),
            Resource::Fixed { .. } => Formula::matches(var, pattern.clone()),
            Resource::Object { .. } => Formula::matches(var, rest),
        }
    };
    let subject = match resource {
        Resource::Fixed { arn, .. } => Subject::Constant(arn),
        Resource::Object { prefix } => Subject::After(prefix),
    };
    let name = format!("resource {}", via.is_own_leg());
    let comparison = Comparison { rule: Rule::Resource, subject, name: &name, via };
    any_text(patterns, keys, &comparison, &|keys, pattern| matches(keys, pattern))
}

/// The formula that the action is one of these; a constant where that is so of all or of none of the scene's actions.
fn lower_action(patterns: &[Source], keys: &Keys) -> Formula {
    let matching =
        |name: &String| patterns.iter().any(|pattern| matches_action(pattern.tokens(), name.as_bytes()));
    let count = keys.setting.actions.iter().filter(|name| matching(name)).count();
    let plain = |token: &PatternToken| match token {
        PatternToken::Char(c) => !is_symbol(*c),
        PatternToken::One | PatternToken::Many => true,
        PatternToken::Variable(_) => false,
    };
    let known = patterns.iter().flat_map(|pattern| pattern.tokens()).all(plain);
    if known && (count == 0 || count == keys.setting.actions.len()) {
        return Formula::Const(count > 0);
    }
    let lowered: Vec<Pattern> = patterns.iter().map(pattern::action).collect();
    Formula::matches(keys.setting.action, union(&lowered))
}

/// Whether an action's name, which is ASCII, matches a pattern without regard to case.
pub(crate) fn matches_action(pattern: &[PatternToken], name: &[u8]) -> bool {
    let (mut pattern, mut name) = (pattern, name);
    // Where to go on after the last `*`, with one more character of the name taken by it.
    let mut again: Option<(&[PatternToken], &[u8])> = None;
    loop {
        match (pattern.split_first(), name.split_first()) {
            (Some((PatternToken::Many, rest)), _) => {
                again = Some((rest, name));
                pattern = rest;
                continue;
            }
            (Some((PatternToken::One, rest)), Some((_, left))) => {
                (pattern, name) = (rest, left);
                continue;
            }
            (Some((PatternToken::Char(c), rest)), Some((at, left)))
                if c.eq_ignore_ascii_case(&char::from(*at)) =>
            {
                (pattern, name) = (rest, left);
                continue;
            }
            (None, None) => return true,
            _ => {}
        }
        let Some((rest, from)) = again else { return false };
        let Some((_, left)) = from.split_first() else { return false };
        again = Some((rest, left));
        (pattern, name) = (rest, left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use narrows_iam::{DocumentKind, parse_text};

    fn matches(pattern: &str, name: &str) -> bool {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": {pattern:?}, "Resource": "*"}}}}"#
        );
        let source = narrows_model::Source::file("policy.json", text);
        let document = parse_text(&source, DocumentKind::Identity).unwrap().document;
        matches_action(document.statements[0].action.patterns[0].tokens(), name.as_bytes())
    }

    #[test]
    fn actions_match_as_globs_in_any_case() {
        for pattern in
            ["*", "s3:*", "s3:GetObject", "S3:getobject", "s3:Get*", "s3:*Object", "s3:?etObject", "s3:*t*t"]
        {
            assert!(matches(pattern, "s3:GetObject"), "{pattern}");
        }
        for pattern in
            ["s3:GetObject?", "s3:Put*", "s3:GetObjectA*", "s3:*Acl", "ec2:*", "s3:*x*", "s3:?GetObject"]
        {
            assert!(!matches(pattern, "s3:GetObject"), "{pattern}");
        }
    }
}
