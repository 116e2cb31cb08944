//! What is open in one clause, as one unknown wherever the same clause stands.
//!
//! Two decisions on the same request are compared. Where AWS's documents leave open whether a clause matches, its two
//! readings are nobody's choice for each decision: what a clause says of a request, it says in both. So a clause whose
//! truth is open becomes a flag of its own, bound by what the clause is on every and on some reading. Two clauses share
//! a flag only if they say the same and are asked of the same keys; all others stay apart, which loses precision alone.

use super::keys::{AccessPoint, Keys, Resource};
use super::setting::Setting;
use crate::solve::{Formula, Predicate, Token as Glyph, Var};
use narrows_iam::{Condition, ConditionKey, Pattern, PrincipalClause, ResourceClause, Token, Values};
use narrows_model::is_symbol;
use std::collections::BTreeMap;

/// The flags of one comparison.
#[derive(Clone, Default)]
pub(crate) struct Pins {
    flags: BTreeMap<String, Var>,
    /// What holds of the flags.
    pub bounds: Vec<Formula>,
    /// Tells the resource being lowered from the other side's, where the two are not the same one.
    pub side: String,
}

/// What the caller's own policies that are not in the input say of a request: on each leg they allow it, or do not.
#[derive(Clone)]
pub(crate) struct Unseen {
    /// The caller is one whose policies are all in the input.
    pub known: Formula,
    /// They allow it on the bucket.
    pub on_bucket: Var,
    /// They allow it on the MRAP.
    pub on_mrap: Var,
}

impl Unseen {
    /// They allow it on every leg.
    pub fn everything(&self) -> Formula {
        Formula::and([self.on_bucket, self.on_mrap].map(|var| Formula::leaf(var, Predicate::True)))
    }
}

/// Keys that tell of the resource, not of the request: they differ from bucket to bucket.
pub(crate) fn of_resource(key: &ConditionKey) -> bool {
    const STARTS: [&str; 7] = [
        "aws:requestedregion",
        "aws:resource",
        "s3:accesspointtag/",
        "s3:buckettag/",
        "s3:resourceaccount",
        "s3:accessgrantsinstancearn",
        "s3:locationconstraint",
    ];
    STARTS.iter().any(|start| key.as_str().starts_with(start))
}

impl Keys {
    /// The formula as it is, or where decisions are compared and it is open, the flag of all that has this identity.
    pub fn pinned(&mut self, identity: Option<String>, formula: Formula) -> Formula {
        let Some(identity) = identity.filter(|_| !self.is_plain(&formula)) else { return formula };
        let Some(pins) = &mut self.pins else { return formula };
        let var = *pins.flags.entry(identity).or_insert_with(|| self.problem.flag("reading"));
        let flag = Formula::leaf(var, Predicate::True);
        // Asserted on the upper reading: the flag implies the upper reading, and the lower reading implies the flag.
        pins.bounds.push(Formula::or([!flag.clone(), formula.clone()]));
        pins.bounds.push(Formula::or([flag.clone(), !formula]));
        flag
    }

    /// Whether the formula has the same value on every reading. To say no is always right, and costs a flag.
    fn is_plain(&self, formula: &Formula) -> bool {
        match formula {
            Formula::Const(_) => true,
            Formula::Open(_) => false,
            Formula::And(parts) | Formula::Or(parts) => parts.iter().all(|part| self.is_plain(part)),
            Formula::Not(part) => self.is_plain(part),
            Formula::Leaf(leaf) => {
                let Setting { kind, arn, session, service, action, key, .. } = &self.setting;
                let own = [Some(*kind), Some(*arn), *session, *service, Some(*action), Some(*key)];
                let known = own.contains(&Some(leaf.var))
                    || self.free.values().any(|(_, var)| *var == leaf.var)
                    || self.twins.values().any(|it| it.var == leaf.var || it.reads == Some(leaf.var));
                let plain = match &leaf.predicate {
                    Predicate::Present | Predicate::Within(_) | Predicate::True | Predicate::Empty => true,
                    Predicate::SameAs(_) => false,
                    Predicate::Matches(pattern)
                    | Predicate::AnyElement(pattern)
                    | Predicate::AllElements(pattern) => {
                        let symbol = |glyph: &Glyph| matches!(glyph, Glyph::Char(c) if is_symbol(*c));
                        pattern.is_exact() && !pattern.lo().iter().flat_map(|glob| &glob.0).any(symbol)
                    }
                };
                known && plain
            }
        }
    }

    /// The caller's own policies are not in the input, and allow the request on the leg.
    pub fn unseen(&self, via: &AccessPoint) -> Option<Formula> {
        let unseen = self.unseen.as_ref()?;
        let var = match via {
            AccessPoint::Mrap { own_leg: true, .. } => unseen.on_mrap,
            _ => unseen.on_bucket,
        };
        Some(Formula::and([!unseen.known.clone(), Formula::leaf(var, Predicate::True)]))
    }

    fn side(&self) -> &str {
        self.pins.as_ref().map_or("", |pins| pins.side.as_str())
    }

    /// The identity of a condition on a leg.
    pub fn pin_of_condition(&self, condition: &Condition, via: &AccessPoint) -> String {
        let Condition { operator, key, values, .. } = condition;
        let variables = match values {
            Values::Text(patterns) => variables(patterns),
            _ => Vec::new(),
        };
        let side = self.side_of([key].into_iter().chain(variables));
        let values = sorted(match values {
            Values::Text(patterns) => patterns.iter().map(|it| format!("{:?}", it.tokens())).collect(),
            Values::Number(all) => all.iter().map(|it| format!("{it:?}")).collect(),
            Values::Date(all) => all.iter().map(|it| format!("{it:?}")).collect(),
            Values::Bool(all) => all.iter().map(|it| format!("{it:?}")).collect(),
            Values::Binary(all) => all.iter().map(|it| format!("{it:?}")).collect(),
            Values::Ip(all) => all.iter().map(|it| format!("{it:?}")).collect(),
        });
        format!("condition {operator:?} {key} {values:?} {} {side}", self.place(via))
    }

    /// The identity of a resource clause on a leg: what follows the resource's own ARN, where all patterns begin with it.
    pub fn pin_of_resource(&self, clause: &ResourceClause, resource: &Resource, via: &AccessPoint) -> String {
        let own = match resource {
            Resource::Fixed { arn, .. } => arn,
            Resource::Object { prefix } => prefix,
        };
        let rest: Option<Vec<_>> = clause
            .patterns
            .iter()
            .map(|it| after(it.tokens(), own).map(|rest| format!("{rest:?}")))
            .collect();
        let (start, texts) = match rest {
            Some(rest) => ("", rest),
            None => (own.as_str(), clause.patterns.iter().map(|it| format!("{:?}", it.tokens())).collect()),
        };
        let object = matches!(resource, Resource::Object { .. });
        let side = self.side_of(variables(&clause.patterns));
        let (texts, negated, place) = (sorted(texts), clause.negated, self.place(via));
        format!("resource {negated} {object} {start:?} {texts:?} {place} {side}")
    }

    /// The identity of a `NotPrincipal` clause.
    pub fn pin_of_principals(&self, clause: &PrincipalClause) -> String {
        let forms = sorted(clause.entries.iter().map(|it| format!("{:?}", it.form)).collect());
        format!("principals {forms:?} {} {:?}", self.gateway_endpoint, self.bounded)
    }

    /// Which keys a leg has.
    fn place(&self, via: &AccessPoint) -> String {
        let account = &self.setting.bucket_account;
        match via {
            AccessPoint::Direct => format!("direct {account:?}"),
            AccessPoint::Mrap { arn, account: of_mrap, own_leg } => {
                format!("through {arn} {of_mrap} {own_leg} {account:?}")
            }
            AccessPoint::Other { arn, origin } => format!("through {arn:?} {origin:?} {account:?}"),
        }
    }

    /// The side, where one of the keys is the resource's own.
    fn side_of<'k>(&self, keys: impl IntoIterator<Item = &'k ConditionKey>) -> &str {
        if keys.into_iter().any(of_resource) { self.side() } else { "" }
    }
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts.dedup();
    texts
}

/// The keys of policy variables.
fn variables(patterns: &[Pattern]) -> Vec<&ConditionKey> {
    patterns.iter().flat_map(|pattern| pattern.tokens()).filter_map(key_of).collect()
}

/// What follows a text that the tokens begin with, character by character.
fn after<'t>(tokens: &'t [Token], text: &str) -> Option<&'t [Token]> {
    let mut rest = tokens;
    for c in text.chars() {
        let (first, others) = rest.split_first()?;
        if *first != Token::Char(c) {
            return None;
        }
        rest = others;
    }
    Some(rest)
}

fn key_of(token: &Token) -> Option<&ConditionKey> {
    match token {
        Token::Variable(variable) => Some(&variable.key),
        Token::Char(_) | Token::One | Token::Many => None,
    }
}
