//! Whether AWS calls a bucket policy public.
//!
//! Source: S3 User Guide, "Blocking public access to your Amazon S3 storage", section "The meaning of \"public\"".

use crate::{
    Condition, Document, Effect, Family, IpNetwork, Pattern, PrincipalForm, Quantifier, Scalar, Statement,
    Token, Values,
};
use std::net::IpAddr;

/// What AWS's definition says of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Called {
    /// It is public, by this statement.
    Public(String),
    /// Each Allow is tied to principals or to fixed values.
    NotPublic,
    /// The definition does not say.
    Unclear,
}

/// What the definition says of a bucket policy. It looks at each Allow by itself, and at no Deny.
pub fn called(document: &Document) -> Called {
    let mut unclear = false;
    for (index, statement) in document.statements.iter().enumerate() {
        if statement.effect == Effect::Deny {
            continue;
        }
        match fixed(statement) {
            Some(true) => {}
            Some(false) => return Called::Public(statement.label(index)),
            None => unclear = true,
        }
    }
    if unclear { Called::Unclear } else { Called::NotPublic }
}

/// Whether an Allow is tied to principals or fixed values; `None` where the definition does not say.
fn fixed(statement: &Statement) -> Option<bool> {
    let principals = match &statement.principal {
        Some(clause) if !clause.negated => all_so(clause.entries.iter().map(|it| named(&it.form))),
        _ => Some(false),
    };
    if principals == Some(true) {
        return Some(true);
    }
    let conditions: Vec<Option<bool>> = statement.conditions.iter().map(tied).collect();
    match conditions.contains(&Some(true)) {
        true => Some(true),
        false if principals.is_none() || conditions.contains(&None) => None,
        false => Some(false),
    }
}

/// Whether all are so; `None` where none is not and some is open.
fn all_so(all: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let all: Vec<Option<bool>> = all.collect();
    if all.contains(&Some(false)) {
        return Some(false);
    }
    (!all.contains(&None)).then_some(true)
}

fn named(form: &PrincipalForm) -> Option<bool> {
    match form {
        PrincipalForm::Everyone | PrincipalForm::AwsEveryone => Some(false),
        PrincipalForm::Federated(_) | PrincipalForm::Unknown(_) => None,
        _ => Some(true),
    }
}

/// Whether a condition ties an Allow to fixed values of a key that counts; `None` where the definition does not say.
fn tied(condition: &Condition) -> Option<bool> {
    let operator = condition.operator;
    if operator.negated || operator.family == Family::Null {
        return Some(false);
    }
    let key = condition.key.as_str();
    let of_principal = ["aws:principalarn", "aws:principalaccount", "aws:principalorgpaths", "aws:username"];
    let counts = [
        "aws:principalorgid",
        "aws:sourcearn",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourceowner",
        "aws:sourceaccount",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    ];
    let fixed = match &condition.values {
        Values::Ip(networks) if key == "aws:sourceip" => all_so(networks.iter().map(narrow)),
        // A principal counts, and of the keys that tell it only the organisation's id is listed.
        Values::Text(_) if of_principal.contains(&key) => None,
        Values::Text(texts) if counts.contains(&key) => {
            let arn = key == "s3:dataaccesspointarn";
            all_so(texts.iter().map(|text| Some(constant(text) || (arn && fixed_account(text)))))
        }
        _ => Some(false),
    };
    // What does not hold of an absent key, or of every value, is not spoken of.
    let plain = !operator.if_exists && operator.quantifier != Some(Quantifier::ForAllValues);
    if plain || fixed == Some(false) { fixed } else { None }
}

/// Whether a text has neither wildcards nor variables.
fn constant(text: &Pattern) -> bool {
    text.tokens().iter().all(|token| matches!(token, Token::Char(_)))
}

/// Whether the account of an access point's ARN is fixed: its name may have wildcards.
fn fixed_account(text: &Pattern) -> bool {
    text.fields().is_some_and(|[_, _, _, _, account, _]| {
        account.len() == 12 && account.iter().all(|it| matches!(it, Token::Char(c) if c.is_ascii_digit()))
    })
}

/// Whether a network is narrow enough: not broader than /8, or /32 for IPv6, private networks aside.
fn narrow(network: &Scalar<IpNetwork>) -> Option<bool> {
    let Scalar::Known(network, _) = network else { return None };
    let least = match network.address {
        IpAddr::V4(_) => 8,
        IpAddr::V6(_) => 32,
    };
    Some(network.prefix >= least)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DocumentKind, parse_text};
    use narrows_model::Source;

    fn of(principal: &str, condition: &str) -> Called {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": [
                {{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::data/*"}},
                {{"Sid": "It", "Effect": "Allow", "Principal": {principal}, "Action": "s3:GetObject",
                  "Resource": "arn:aws:s3:::data/*", "Condition": {condition}}}]}}"#
        );
        called(&parse_text(&Source::file("policy.json", text), DocumentKind::Resource).unwrap().document)
    }

    /// The first three are examples of the User Guide.
    #[test]
    fn policies_are_public_as_the_user_guide_says() {
        let public = Called::Public("It".to_owned());
        for (condition, wanted) in [
            (r#"{"StringLike": {"aws:SourceVpc": "vpc-*"}}"#, &public),
            (r#"{"StringEquals": {"aws:SourceVpc": "vpc-91237329"}}"#, &Called::NotPublic),
            (
                r#"{"ArnLike": {"s3:DataAccessPointArn": "arn:aws:s3:*:123456789012:accesspoint/*"}}"#,
                &Called::NotPublic,
            ),
            (r#"{"ArnLike": {"s3:DataAccessPointArn": "arn:aws:s3:*:*:accesspoint/*"}}"#, &public),
            ("{}", &public),
            (r#"{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#, &Called::NotPublic),
            (r#"{"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}}"#, &public),
            (r#"{"StringEqualsIfExists": {"aws:SourceVpce": "vpce-0a1b2c3d"}}"#, &Called::Unclear),
            (r#"{"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}}"#, &public),
            (r#"{"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"]}}"#, &Called::NotPublic),
            (r#"{"IpAddress": {"aws:SourceIp": ["0.0.0.0/1"]}}"#, &public),
            (r#"{"IpAddress": {"aws:SourceIp": "2001:db8::/32"}}"#, &Called::NotPublic),
            (r#"{"IpAddress": {"aws:SourceIp": "2001::/16"}}"#, &public),
            (r#"{"StringLike": {"aws:Referer": "https://example.com/*"}}"#, &public),
            (r#"{"StringLike": {"aws:userid": "AROAEXAMPLEID:*"}}"#, &public),
            (r#"{"StringEquals": {"aws:PrincipalAccount": "123456789012"}}"#, &Called::Unclear),
            (
                r#"{"StringEquals": {"aws:Referer": "x", "aws:SourceVpce": "vpce-0a1b2c3d"}}"#,
                &Called::NotPublic,
            ),
        ] {
            assert_eq!(of(r#""*""#, condition), *wanted, "{condition}");
        }
        assert_eq!(of(r#"{"AWS": "999999999999"}"#, "{}"), Called::NotPublic);
        assert_eq!(of(r#"{"AWS": ["999999999999", "*"]}"#, "{}"), public);
        assert_eq!(of(r#"{"Service": "logging.s3.amazonaws.com"}"#, "{}"), Called::NotPublic);
    }
}
