//! Statements.

use super::error::{Nearest, ParseError, Problem};
use super::pattern::Syntax;
use super::{DocumentKind, Parser, span, strings};
use crate::{ActionClause, Effect, Pattern, PrincipalClause, ResourceClause, Statement, actions};
use narrows_model::{Location, Member, Value, is_symbol};

const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

const PARENT: &str = "the statement";

/// The one of two elements that a statement has, and whether it is the second, the `Not…` one.
fn either<'v>(
    members: &'v [Member],
    plain: &'static str,
    negated: &str,
) -> Result<Option<(&'v Member, bool)>, ParseError> {
    let find = |name: &str| members.iter().find(|member| member.name == name);
    match (find(plain), find(negated)) {
        (Some(_), Some(second)) => Err(ParseError::new(Problem::Both { plain }, &second.location)),
        (Some(member), None) => Ok(Some((member, false))),
        (None, Some(member)) => Ok(Some((member, true))),
        (None, None) => Ok(None),
    }
}

impl Parser<'_> {
    pub(super) fn statement(&mut self, value: &Value) -> Result<Statement, ParseError> {
        let members = self.object(value, PARENT, &ELEMENTS)?;
        let location = &value.location;
        let sid = match value.get("Sid") {
            Some(sid) => Some(self.sid(sid)?),
            None => None,
        };
        let effect = self.effect(value)?;
        let principal = self.principal_element(members, effect, location)?;
        let Some((action, negated)) = either(members, "Action", "NotAction")? else {
            let remedy = "add one, such as \"s3:GetObject\"";
            return Err(missing("Action", remedy, location));
        };
        let action = ActionClause { negated, patterns: self.actions(action)?, location: span(action) };
        let resource = self.resource_element(members, location)?;
        let conditions = match members.iter().find(|member| member.name == "Condition") {
            Some(block) => self.conditions(block)?,
            None => Vec::new(),
        };
        Ok(Statement { sid, effect, principal, action, resource, conditions, location: location.clone() })
    }

    /// IAM stores letters and digits only; S3, KMS and endpoints take spaces and more.
    ///
    /// Sources: IAM User Guide, "IAM JSON policy elements: Sid" and "Grammar of the IAM JSON policy language"
    /// (`sid_string`); S3 User Guide, "Bucket policy examples", which has ids with spaces.
    fn sid(&mut self, value: &Value) -> Result<String, ParseError> {
        let sid = self.string(value, "Sid")?;
        let other = |c: &char| !c.is_ascii_alphanumeric() && !is_symbol(*c);
        match sid.chars().find(other).filter(|_| self.kind.is_stored_by_iam()) {
            Some(character) => {
                let problem = Problem::Sid { got: sid.to_string(), character, kind: self.kind.words() };
                Err(ParseError::new(problem, &value.location))
            }
            None => Ok(sid.to_string()),
        }
    }

    fn effect(&mut self, statement: &Value) -> Result<Effect, ParseError> {
        let Some(value) = statement.get("Effect") else {
            return Err(missing("Effect", "add \"Allow\" or \"Deny\"", &statement.location));
        };
        if let Some(expression) = super::unresolved(value) {
            return Err(ParseError::new(
                Problem::Unknown { what: "a statement's effect", expression },
                &value.location,
            ));
        }
        match self.string(value, "Effect")?.as_str() {
            "Allow" => Ok(Effect::Allow),
            "Deny" => Ok(Effect::Deny),
            got => {
                let nearest = Nearest::to(got, ["Allow", "Deny"]);
                Err(ParseError::new(Problem::Effect { got: got.to_owned(), nearest }, &value.location))
            }
        }
    }

    fn principal_element(
        &mut self,
        members: &[Member],
        effect: Effect,
        statement: &Location,
    ) -> Result<Option<PrincipalClause>, ParseError> {
        let element = either(members, "Principal", "NotPrincipal")?;
        match (element, self.kind) {
            (Some((member, negated)), DocumentKind::Identity) => {
                let problem = Problem::Misplaced {
                    element: if negated { "NotPrincipal" } else { "Principal" },
                    kind: self.kind.words(),
                    remedy: "remove it; whoever the policy is attached to is its principal",
                };
                Err(ParseError::new(problem, &member.location))
            }
            (None, DocumentKind::Identity) => Ok(None),
            (None, _) => Err(missing(
                "Principal",
                "add one, such as {\"AWS\": \"arn:aws:iam::123456789012:role/app\"}",
                statement,
            )),
            (Some((member, true)), _) if effect == Effect::Allow => {
                Err(ParseError::new(Problem::NotPrincipalAllow, &span(member)))
            }
            (Some((member, negated)), _) => self.principal(member, negated).map(Some),
        }
    }

    fn resource_element(
        &mut self,
        members: &[Member],
        statement: &Location,
    ) -> Result<Option<ResourceClause>, ParseError> {
        match (either(members, "Resource", "NotResource")?, self.kind) {
            (Some((member, negated)), DocumentKind::Trust) => {
                let problem = Problem::Misplaced {
                    element: if negated { "NotResource" } else { "Resource" },
                    kind: self.kind.words(),
                    remedy: "remove it; the role is its resource",
                };
                Err(ParseError::new(problem, &member.location))
            }
            (None, DocumentKind::Trust) => Ok(None),
            (None, _) => Err(missing("Resource", "add one, such as \"arn:aws:s3:::bucket/*\"", statement)),
            (Some((member, negated)), _) => {
                let mut patterns = Vec::new();
                for item in strings(member)? {
                    let text = self.string(item, &member.name)?;
                    self.remark_on_alias(&text, &item.location);
                    patterns.push(self.resource(text, &item.location)?);
                }
                Ok(Some(ResourceClause { negated, patterns, location: span(member) }))
            }
        }
    }

    fn actions(&mut self, member: &Member) -> Result<Vec<Pattern>, ParseError> {
        let mut patterns = Vec::new();
        for item in strings(member)? {
            let text = self.string(item, &member.name)?;
            let pattern = self.pattern(text, Syntax { wildcards: true, variables: false }, &item.location)?;
            let well_formed =
                pattern.is_everything() || is_action(&pattern.spelled) || pattern.spelled.contains(is_symbol);
            if !well_formed {
                return Err(ParseError::new(
                    Problem::Action { got: pattern.spelled.to_string() },
                    &item.location,
                ));
            }
            if has_wildcard_service(&pattern.spelled) {
                return Err(ParseError::new(
                    Problem::ActionService { got: pattern.spelled.to_string() },
                    &item.location,
                ));
            }
            self.remark_on_action(&pattern);
            patterns.push(pattern);
        }
        Ok(patterns)
    }

    /// An S3 action that AWS does not list may be new, but is more often misspelt.
    fn remark_on_action(&mut self, pattern: &Pattern) {
        let Some((service, name)) = pattern.spelled.split_once(':') else { return };
        let plain = !pattern.spelled.contains(['*', '?']) && !pattern.spelled.contains(is_symbol);
        if plain && service.eq_ignore_ascii_case("s3") && actions::find(name).is_none() {
            let nearest = Nearest::to(name, actions::all().iter().map(|action| action.name)).within("s3:");
            let text =
                format!("`{}` is not among the actions that AWS lists for S3{nearest}", pattern.spelled);
            self.remark(text, &pattern.location);
        }
    }
}

fn is_action(text: &str) -> bool {
    let known = |b: u8| b.is_ascii_alphanumeric() || b"-*?".contains(&b);
    text.split_once(':').is_some_and(|(service, name)| {
        !service.is_empty()
            && !name.is_empty()
            && service.bytes().all(known)
            && name.bytes().all(|b| known(b) || b == b'_')
    })
}

/// A wildcard in the place of the service, other than in `*:*`, which is `*`.
///
/// Source: IAM's own words for it are "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards".
fn has_wildcard_service(action: &str) -> bool {
    action != "*:*" && action.split_once(':').is_some_and(|(service, _)| service.contains(['*', '?']))
}

fn missing(element: &'static str, remedy: &'static str, location: &Location) -> ParseError {
    ParseError::new(Problem::Missing { parent: PARENT, element, remedy }, location)
}
