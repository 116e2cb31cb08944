//! Whether a case has a construct.

use crate::own::Documents;
use crate::peer::keys;
use narrows_iam::{
    Condition, Document, Entry, Family, Pattern, Principal, PrincipalEntry, PrincipalForm, Quantifier,
    Scalar, Statement, Token, Values, Version,
};
use narrows_tests::generate::Case;
use std::net::IpAddr;

fn statements(documents: &Documents) -> impl Iterator<Item = &Statement> {
    documents.iter().flat_map(|document| &document.statements)
}

fn conditions(documents: &Documents) -> impl Iterator<Item = &Condition> {
    statements(documents).flat_map(|statement| &statement.conditions)
}

fn entries(documents: &Documents) -> impl Iterator<Item = &PrincipalEntry> {
    statements(documents)
        .filter_map(|statement| statement.principal.as_ref())
        .flat_map(|clause| &clause.entries)
}

/// Where variables are legal: resources, and the values of String and ARN operators.
fn patterns(document: &Document) -> impl Iterator<Item = &Pattern> {
    document.statements.iter().flat_map(|statement| {
        let values = statement.conditions.iter().filter_map(|condition| match &condition.values {
            Values::Text(patterns) => Some(patterns),
            _ => None,
        });
        statement.resource.iter().map(|clause| &clause.patterns).chain(values).flatten()
    })
}

/// What the request has for a condition's key.
fn entry(case: &Case, condition: &Condition) -> Option<Entry> {
    keys(case).remove(condition.key.as_str())
}

fn spelled_with_variable(pattern: &&Pattern) -> bool {
    pattern.spelled.contains("${")
}

pub(super) fn literal_variable(_: &Case, documents: &Documents) -> bool {
    let old = documents.iter().filter(|document| document.version == Version::V2008);
    old.flat_map(patterns).any(|pattern| spelled_with_variable(&pattern))
}

pub(super) fn variable(_: &Case, documents: &Documents) -> bool {
    documents.iter().flat_map(patterns).any(|pattern| spelled_with_variable(&pattern))
}

pub(super) fn empty_variable(case: &Case, documents: &Documents) -> bool {
    let keys = keys(case);
    let tokens = documents.iter().flat_map(patterns).flat_map(|pattern| pattern.tokens());
    tokens
        .filter_map(|token| match token {
            Token::Variable(variable) => keys.get(variable.key.as_str()),
            _ => None,
        })
        .any(|entry| *entry == Entry::Value(String::new()))
}

pub(super) fn escape(_: &Case, documents: &Documents) -> bool {
    let escapes = |pattern: &Pattern| ["${*}", "${?}", "${$}"].iter().any(|it| pattern.spelled.contains(it));
    let equal = |family| matches!(family, Family::StringEquals | Family::StringEqualsIgnoreCase);
    conditions(documents).any(|condition| match &condition.values {
        Values::Text(patterns) => equal(condition.operator.family) && patterns.iter().any(escapes),
        _ => false,
    })
}

pub(super) fn mixed_dates(case: &Case, documents: &Documents) -> bool {
    let epoch = |text: &str| !text.contains('-');
    conditions(documents).any(|condition| match (&condition.values, entry(case, condition)) {
        (Values::Date(values), Some(Entry::Value(own))) => {
            values.iter().any(|value| matches!(value, Scalar::Known(_, text) if epoch(text) != epoch(&own)))
        }
        _ => false,
    })
}

pub(super) fn date_without_time(_: &Case, documents: &Documents) -> bool {
    conditions(documents).any(|condition| match &condition.values {
        Values::Date(values) => values.iter().any(
            |value| matches!(value, Scalar::Known(_, text) if text.contains('-') && !text.contains('T')),
        ),
        _ => false,
    })
}

pub(super) fn single_address_of_other_family(case: &Case, documents: &Documents) -> bool {
    conditions(documents).filter(|condition| condition.operator.negated).any(|condition| {
        let own: Option<IpAddr> = match entry(case, condition) {
            Some(Entry::Value(text)) => text.parse().ok(),
            _ => None,
        };
        match (&condition.values, own) {
            (Values::Ip(values), Some(own)) => values.iter().any(|value| match value {
                Scalar::Known(network, text) => {
                    !text.contains('/') && network.address.is_ipv4() != own.is_ipv4()
                }
                Scalar::Unknown(_) => false,
            }),
            _ => false,
        }
    })
}

pub(super) fn prefix_of_length_0(_: &Case, documents: &Documents) -> bool {
    conditions(documents).any(|condition| match &condition.values {
        Values::Ip(values) => {
            values.iter().any(|value| matches!(value, Scalar::Known(network, _) if network.prefix == 0))
        }
        _ => false,
    })
}

pub(super) fn set_of_empty_texts(case: &Case, documents: &Documents) -> bool {
    conditions(documents).filter(|condition| condition.operator.quantifier.is_some()).any(|condition| {
        match entry(case, condition) {
            Some(Entry::Value(text)) => text.is_empty(),
            Some(Entry::Values(texts)) => !texts.is_empty() && texts.iter().all(String::is_empty),
            _ => false,
        }
    })
}

pub(super) fn arn_operator(_: &Case, documents: &Documents) -> bool {
    conditions(documents).any(|condition| matches!(condition.operator.family, Family::Arn { .. }))
}

pub(super) fn arn_operator_with_everything(_: &Case, documents: &Documents) -> bool {
    conditions(documents).any(|condition| match (condition.operator.family, &condition.values) {
        (Family::Arn { .. }, Values::Text(patterns)) => patterns.iter().any(Pattern::is_everything),
        _ => false,
    })
}

pub(super) fn variable_in_field(_: &Case, documents: &Documents) -> bool {
    let is = |pattern: &Pattern| {
        let [first @ .., _] = pattern.fields()?;
        first.iter().find(|field| field.iter().any(|token| matches!(token, Token::Variable(_))))?;
        Some(())
    };
    conditions(documents).any(|condition| match (condition.operator.family, &condition.values) {
        (Family::Arn { .. }, Values::Text(patterns)) => patterns.iter().any(|pattern| is(pattern).is_some()),
        _ => false,
    })
}

pub(super) fn role_without_its_path(case: &Case, documents: &Documents) -> bool {
    let Principal::Role { arn: own, .. } = &case.request.principal else { return false };
    let name = |arn: &str| arn.rsplit('/').next().map(str::to_owned);
    entries(documents).any(|entry| match &entry.form {
        PrincipalForm::Role { arn } => arn != own && name(arn) == name(own),
        _ => false,
    })
}

pub(super) fn wildcard_in_request(case: &Case, _: &Documents) -> bool {
    case.request.resource.contains(['*', '?'])
}

pub(super) fn no_version(_: &Case, documents: &Documents) -> bool {
    documents.iter().any(|document| !document.version_given)
}

pub(super) fn mixed_principals(_: &Case, documents: &Documents) -> bool {
    let kind = |entry: &PrincipalEntry| match entry.form {
        PrincipalForm::Service(_) => 1,
        PrincipalForm::Federated(_) => 2,
        PrincipalForm::CanonicalUser(_) => 3,
        _ => 0,
    };
    statements(documents).filter_map(|statement| statement.principal.as_ref()).any(|clause| {
        let mut kinds = clause.entries.iter().map(kind);
        kinds.next().is_some_and(|first| kinds.any(|next| next != first))
    })
}

pub(super) fn account(case: &Case, documents: &Documents) -> bool {
    let root = matches!(case.request.principal, Principal::Root { .. });
    entries(documents).any(|entry| match entry.form {
        PrincipalForm::Account(_) => true,
        PrincipalForm::Everyone => false,
        _ => root,
    })
}

pub(super) fn session(_: &Case, documents: &Documents) -> bool {
    entries(documents).any(|entry| {
        matches!(entry.form, PrincipalForm::Session { .. } | PrincipalForm::FederatedUser { .. })
    })
}

pub(super) fn anonymous(case: &Case, _: &Documents) -> bool {
    case.request.principal == Principal::Anonymous
}

pub(super) fn set_operator_on_other_types(_: &Case, documents: &Documents) -> bool {
    conditions(documents).any(|condition| {
        let operator = condition.operator;
        let plain = matches!(condition.values, Values::Text(_)) && !operator.if_exists;
        matches!(operator.quantifier, Some(Quantifier::ForAllValues | Quantifier::ForAnyValue)) && !plain
    })
}

pub(super) fn null_with_both(_: &Case, documents: &Documents) -> bool {
    conditions(documents).any(|condition| match (condition.operator.family, &condition.values) {
        (Family::Null, Values::Bool(values)) => values.len() > 1,
        _ => false,
    })
}

pub(super) fn short_resource(_: &Case, documents: &Documents) -> bool {
    let clauses = statements(documents).filter_map(|statement| statement.resource.as_ref());
    clauses.flat_map(|clause| &clause.patterns).any(short)
}

pub(super) fn short_and_negated(_: &Case, documents: &Documents) -> bool {
    let clauses = statements(documents).filter_map(|statement| statement.resource.as_ref());
    let operator =
        conditions(documents).any(|condition| match (condition.operator.family, &condition.values) {
            (Family::Arn { .. }, Values::Text(patterns)) => {
                condition.operator.negated && patterns.iter().any(short)
            }
            _ => false,
        });
    operator || clauses.filter(|clause| clause.negated).flat_map(|clause| &clause.patterns).any(short)
}

fn short(pattern: &Pattern) -> bool {
    !pattern.is_everything() && pattern.fields().is_none()
}
