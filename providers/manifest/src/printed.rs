//! Policies inside what the AWS CLI prints of them.

use narrows_model::json::{JsonError, parse, parse_embedded};
use narrows_model::resources::organisations::Control;
use narrows_model::{Source, Value, ValueKind};
use percent_encoding::percent_decode_str;

/// What a policy is, as far as the command tells that printed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// It is attached to a resource: a bucket, an access point, a topic, …
    Resource,
    /// It is that of a key.
    Key,
    /// It is that of an MRAP.
    Mrap,
    /// It is that of a user, group or role, or a managed policy.
    Identity,
    /// It says who may assume a role.
    Trust,
    /// It is a service or resource control policy.
    Control(Control),
}

/// A policy, and what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    /// The document.
    pub policy: Value,
    /// What it is.
    pub sort: Sort,
}

/// The policy in what the AWS CLI printed, if that holds one.
///
/// `get-bucket-policy`, `get-access-point-policy`, `get-key-policy`, `get-multi-region-access-point-policy`, `get-policy-version`,
/// `get-role-policy` and the like, `get-role`, and `describe-policy` of Organizations are known.
///
/// # Errors
/// Where the text that should hold the policy is not JSON.
pub fn printed(value: &Value) -> Result<Option<Printed>, JsonError> {
    let Some((inner, sort)) = inside(value) else { return Ok(None) };
    Ok(Some(Printed { policy: document(inner)?, sort }))
}

/// A document as JSON: IAM sends it as URL-encoded text, which the AWS CLI decodes.
///
/// # Errors
/// Where a text is not JSON.
pub(crate) fn document(value: &Value) -> Result<Value, JsonError> {
    let encoded = value.as_str().map(str::trim).filter(|text| text.starts_with('%'));
    // What is not UTF-8 is not JSON as it stands either.
    if let Some(decoded) = encoded.and_then(|text| percent_decode_str(text).decode_utf8().ok()) {
        let source = match value.location.source() {
            Some(_) => Source::within(&value.location, decoded),
            None => Source::file("(composed)", decoded),
        };
        return parse(&source);
    }
    match &value.kind {
        ValueKind::Text(_) | ValueKind::Json(_) => parse_embedded(value),
        _ => Ok(value.clone()),
    }
}

fn inside(value: &Value) -> Option<(&Value, Sort)> {
    let at = |path: &[&str]| path.iter().try_fold(value, |value, name| value.get(name));
    if let Some(document) = at(&["PolicyVersion", "Document"]) {
        return Some((document, Sort::Identity));
    }
    if let (Some(document), Some(_)) = (at(&["PolicyDocument"]), at(&["PolicyName"])) {
        return Some((document, Sort::Identity));
    }
    if let Some(document) = at(&["Role", "AssumeRolePolicyDocument"]) {
        return Some((document, Sort::Trust));
    }
    if let Some(document) = at(&["Policy", "Established", "Policy"]) {
        return Some((document, Sort::Mrap));
    }
    if let Some(content) = at(&["Policy", "Content"]) {
        let control = match at(&["Policy", "PolicySummary", "Type"])?.as_str()? {
            "SERVICE_CONTROL_POLICY" => Control::Service,
            "RESOURCE_CONTROL_POLICY" => Control::Resource,
            _ => return None,
        };
        return Some((content, Sort::Control(control)));
    }
    let document = at(&["Policy"]).filter(|policy| policy.as_text().is_some())?;
    Some((document, if at(&["PolicyName"]).is_some() { Sort::Key } else { Sort::Resource }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<Sort> {
        let value = parse(&Source::file("printed.json", text)).unwrap();
        let printed = printed(&value).unwrap()?;
        assert!(printed.policy.get("Statement").is_some(), "{text}");
        Some(printed.sort)
    }

    #[test]
    fn what_a_command_prints_tells_what_the_policy_is() {
        let document = r#"{"Statement": []}"#;
        let text = r#""{\"Statement\": []}""#;
        for (given, sort) in [
            (format!(r#"{{"Policy": {text}}}"#), Sort::Resource),
            (format!(r#"{{"Policy": {text}, "PolicyName": "default"}}"#), Sort::Key),
            (format!(r#"{{"Policy": {{"Established": {{"Policy": {text}}}}}}}"#), Sort::Mrap),
            (
                format!(r#"{{"PolicyVersion": {{"Document": {document}, "VersionId": "v1"}}}}"#),
                Sort::Identity,
            ),
            (
                format!(r#"{{"RoleName": "a", "PolicyName": "b", "PolicyDocument": {document}}}"#),
                Sort::Identity,
            ),
            (
                format!(r#"{{"Role": {{"RoleName": "a", "AssumeRolePolicyDocument": {document}}}}}"#),
                Sort::Trust,
            ),
            (
                format!(
                    r#"{{"Policy": {{"PolicySummary": {{"Type": "SERVICE_CONTROL_POLICY"}}, "Content": {text}}}}}"#
                ),
                Sort::Control(Control::Service),
            ),
            (
                format!(
                    r#"{{"Policy": {{"PolicySummary": {{"Type": "RESOURCE_CONTROL_POLICY"}}, "Content": {text}}}}}"#
                ),
                Sort::Control(Control::Resource),
            ),
        ] {
            assert_eq!(found(&given), Some(sort), "{given}");
        }
        assert_eq!(
            found(r#"{"Policy": {"Arn": "arn:aws:iam::aws:policy/a", "DefaultVersionId": "v1"}}"#),
            None
        );
        assert_eq!(found(r#"{"Policy": {"PolicySummary": {"Type": "TAG_POLICY"}, "Content": "{}"}}"#), None);
        assert_eq!(found(r#"{"Resources": {}}"#), None);
    }

    #[test]
    fn a_document_may_be_url_encoded_as_iam_sends_it() {
        let encoded = "%7B%22Statement%22%3A%20%5B%5D%7D";
        let given = format!(r#"{{"Role": {{"RoleName": "a", "AssumeRolePolicyDocument": "{encoded}"}}}}"#);
        assert_eq!(found(&given), Some(Sort::Trust));
        let broken = format!(r#"{{"Policy": "{encoded}%ff"}}"#);
        let value = parse(&Source::file("printed.json", broken)).unwrap();
        assert_eq!(printed(&value).unwrap_err().location.to_string(), "printed.json:1 (Policy)");
    }

    #[test]
    fn what_is_no_json_is_an_error_at_its_place() {
        let value = parse(&Source::file("printed.json", r#"{"Policy": "{"}"#)).unwrap();
        let error = printed(&value).unwrap_err();
        assert!(error.location.to_string().contains("printed.json"), "{error:?}");
    }
}
