//! `Principal` and `NotPrincipal`.

use super::error::{Nearest, ParseError, Problem};
use super::{Parser, span};
use crate::{PrincipalClause, PrincipalEntry, PrincipalForm};
use narrows_model::{AccountId, Location, Member, ValueKind, is_symbol};

/// The kinds of principal.
const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

const AWS_FORMS: &str =
    "`*`, an account's twelve digits, or the ARN of an account's root, role, user, session or federated user";

impl Parser<'_> {
    pub(super) fn principal(
        &mut self,
        member: &Member,
        negated: bool,
    ) -> Result<PrincipalClause, ParseError> {
        let value = &member.value;
        let mut entries = Vec::new();
        if let ValueKind::Text(text) = &value.kind {
            let spelled = (self.resolve)(text);
            let form = match spelled.as_str() {
                "*" => PrincipalForm::Everyone,
                text if text.contains(is_symbol) => PrincipalForm::Unknown(spelled.to_string()),
                text => {
                    let expected = format!("`*` or an object, such as {{\"AWS\": \"{text}\"}}");
                    return Err(ParseError::new(
                        Problem::Principal { got: spelled.to_string(), expected },
                        &value.location,
                    ));
                }
            };
            entries.push(PrincipalEntry { form, spelled, location: value.location.clone() });
        } else {
            for kind in self.object(value, "the principal", &KINDS)? {
                for item in super::strings(kind)? {
                    let spelled = self.string(item, &kind.name)?;
                    let form = form(&kind.name, &spelled)
                        .map_err(|problem| ParseError::new(problem, &item.location))?;
                    entries.push(PrincipalEntry { form, spelled, location: item.location.clone() });
                }
            }
        }
        let location = span(member);
        if entries.is_empty() {
            return Err(ParseError::new(Problem::Empty { element: member.name.to_string() }, &location));
        }
        Ok(PrincipalClause { negated, entries, location })
    }

    /// The members of an object with only these names, each once.
    pub(super) fn object<'v>(
        &self,
        value: &'v narrows_model::Value,
        parent: &'static str,
        allowed: &[&str],
    ) -> Result<&'v [Member], ParseError> {
        let members = super::members(value, parent)?;
        for (index, member) in members.iter().enumerate() {
            let name = &member.name;
            if !allowed.contains(&name.as_str()) {
                let problem = Problem::UnknownElement {
                    parent,
                    name: name.to_string(),
                    expected: allowed.join(", "),
                    nearest: Nearest::to(name, allowed.iter().copied()),
                };
                return Err(ParseError::new(problem, &member.location));
            }
            if members.iter().take(index).any(|earlier| earlier.name == *name) {
                return Err(repeated("element", name, &member.location));
            }
        }
        Ok(members)
    }
}

pub(super) fn repeated(what: &'static str, name: &str, location: &Location) -> ParseError {
    ParseError::new(Problem::Repeated { what, name: name.to_owned() }, location)
}

/// What an entry of one kind names.
fn form(kind: &str, text: &str) -> Result<PrincipalForm, Problem> {
    let wrong = |expected: &str| Problem::Principal { got: text.to_owned(), expected: expected.to_owned() };
    match kind {
        "AWS" => aws(text),
        "Service" if text.contains(is_symbol) => Ok(PrincipalForm::Unknown(text.to_owned())),
        "Service" if text.contains(['*', '?']) => Err(Problem::ServiceWildcard { got: text.to_owned() }),
        "Service" if !text.contains('.') || text.contains([':', '/', ' ']) => {
            Err(wrong("the name of a service, such as `logging.s3.amazonaws.com`"))
        }
        "Service" => Ok(PrincipalForm::Service(text.to_owned())),
        "Federated" if text.contains(['*', '?']) => Err(Problem::PrincipalWildcard { got: text.to_owned() }),
        "Federated" if text.is_empty() => Err(wrong("the ARN or the name of an identity provider")),
        "Federated" => Ok(PrincipalForm::Federated(text.to_owned())),
        _ if text.contains(is_symbol) => Ok(PrincipalForm::Unknown(text.to_owned())),
        _ if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Ok(PrincipalForm::CanonicalUser(text.to_owned()))
        }
        _ => Err(wrong("a canonical user id: 64 hexadecimal digits")),
    }
}

fn aws(text: &str) -> Result<PrincipalForm, Problem> {
    let wrong = |expected: String| Problem::Principal { got: text.to_owned(), expected };
    if text == "*" {
        return Ok(PrincipalForm::AwsEveryone);
    }
    if text.contains(is_symbol) {
        return Ok(PrincipalForm::Unknown(text.to_owned()));
    }
    if text.contains(['*', '?']) {
        return Err(Problem::PrincipalWildcard { got: text.to_owned() });
    }
    if let Ok(account) = text.parse() {
        return Ok(PrincipalForm::Account(account));
    }
    if is_unique_id(text) {
        return Ok(PrincipalForm::Deleted);
    }
    // The path of a service-linked role holds the name of its service.
    if text.contains(".amazonaws.com") && !text.starts_with("arn:") {
        return Err(wrong(format!("{AWS_FORMS}; a service is given as {{\"Service\": \"{text}\"}}")));
    }
    let mut fields = text.splitn(6, ':');
    let mut field = || fields.next();
    let (Some("arn"), Some(partition), Some(service), Some(""), Some(account), Some(resource)) =
        (field(), field(), field(), field(), field(), field())
    else {
        return Err(wrong(AWS_FORMS.to_owned()));
    };
    if partition != "aws" && !partition.starts_with("aws-") {
        return Err(wrong(format!("{AWS_FORMS}; `{partition}` is not a partition")));
    }
    let (sort, name) = resource.split_once('/').unwrap_or((resource, ""));
    let arn = || text.to_owned();
    if (service, account, sort) == ("iam", "cloudfront", "user") && !name.is_empty() {
        // CloudFront's origin access identities are users of an account of its own.
        return Ok(PrincipalForm::User { arn: arn() });
    }
    let account: AccountId = account.parse().map_err(|cause| wrong(format!("{AWS_FORMS}; {cause}")))?;
    match (service, sort, name) {
        ("iam", "root", "") if resource == "root" => Ok(PrincipalForm::Account(account)),
        ("iam", "role", name) if is_name(name) => Ok(PrincipalForm::Role { arn: arn() }),
        ("iam", "user", name) if is_name(name) => Ok(PrincipalForm::User { arn: arn() }),
        ("iam", "group", _) => {
            Err(wrong(format!("{AWS_FORMS}; a group cannot be a principal, name its users")))
        }
        ("iam", "saml-provider" | "oidc-provider", _) => {
            Err(wrong(format!("{AWS_FORMS}; an identity provider is given as {{\"Federated\": \"{text}\"}}")))
        }
        ("sts", "federated-user", name) if is_name(name) => Ok(PrincipalForm::FederatedUser { arn: arn() }),
        ("sts", "assumed-role", name) => match name.split_once('/') {
            Some((role, session)) if is_name(role) && is_name(session) && !session.contains('/') => {
                Ok(PrincipalForm::Session {
                    partition: partition.to_owned(),
                    account,
                    role: role.to_owned(),
                    session: session.to_owned(),
                })
            }
            _ => Err(wrong(format!(
                "{AWS_FORMS}; a session is `assumed-role/<role>/<session>`, the role without its path"
            ))),
        },
        _ => Err(wrong(AWS_FORMS.to_owned())),
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.ends_with('/') && name.bytes().all(|b| (0x21..=0x7e).contains(&b))
}

/// `AROA…` or `AIDA…`, which AWS shows in the place of a deleted role or user.
fn is_unique_id(text: &str) -> bool {
    let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    (text.starts_with("AROA") || text.starts_with("AIDA"))
        && (16..=128).contains(&text.len())
        && text.bytes().all(upper)
}
