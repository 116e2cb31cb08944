//! `getPolicyDocument`: the document that the provider makes of the arguments.
//!
//! Source: the function's page in the Pulumi registry, and the provider's `policy_document_data_source.go`.

use super::wire::Object;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const VERSION: &str = "2012-10-17";

/// A document that others are merged into.
#[derive(Default)]
struct Merged {
    version: String,
    id: Option<Value>,
    statements: Vec<Value>,
}

impl Merged {
    /// Takes over another document: what has a `Sid` takes the place of the statement with that `Sid`.
    fn merge(&mut self, version: &str, id: Option<Value>, statements: Vec<Value>) {
        self.id = id.or(self.id.take());
        if version > self.version.as_str() {
            version.clone_into(&mut self.version);
        }
        for statement in statements {
            let known = match sid(&statement) {
                Some(_) => self.statements.iter_mut().find(|known| sid(known) == sid(&statement)),
                None => None,
            };
            match known {
                Some(known) => *known = statement,
                None => self.statements.push(statement),
            }
        }
    }

    fn merge_text(&mut self, text: &Value, name: &str) -> Result<(), String> {
        let Some(text) = text.as_str().filter(|text| !text.is_empty()) else { return Ok(()) };
        let document: Value = serde_json::from_str(text).map_err(|error| format!("`{name}`: {error}"))?;
        let statements = match document.get("Statement") {
            Some(Value::Array(items)) => items.clone(),
            Some(one) => vec![one.clone()],
            None => Vec::new(),
        };
        let version = document.get("Version").and_then(Value::as_str).unwrap_or_default();
        self.merge(version, document.get("Id").cloned(), statements);
        Ok(())
    }
}

fn sid(statement: &Value) -> Option<&str> {
    statement.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty())
}

/// The document.
///
/// # Errors
/// What is wrong with the arguments.
pub(super) fn make(arguments: &Object) -> Result<Value, String> {
    let given = Value::Object(arguments.clone());
    if let Some(deprecated) =
        ["sourceJson", "overrideJson"].into_iter().find(|name| text(&given, name).is_some())
    {
        return Err(format!(
            "`{deprecated}` is not supported: use sourcePolicyDocuments or overridePolicyDocuments"
        ));
    }
    let mut merged = Merged::default();
    for source in items(&given, "sourcePolicyDocuments")? {
        merged.merge_text(source, "sourcePolicyDocuments")?;
    }
    let mut statements: Vec<Value> = Vec::new();
    for item in items(&given, "statements")? {
        let statement = statement(item)?;
        if let Some(name) = sid(&statement)
            && statements.iter().any(|known| sid(known) == Some(name))
        {
            return Err(format!("two statements have the sid `{name}`: expected one"));
        }
        statements.push(statement);
    }
    let id = text(&given, "policyId").map(Value::from);
    merged.merge(text(&given, "version").unwrap_or(VERSION), id, statements);
    for over in items(&given, "overridePolicyDocuments")? {
        merged.merge_text(over, "overridePolicyDocuments")?;
    }
    let mut document = json!({"Version": merged.version});
    if let Some(members) = document.as_object_mut() {
        members.extend(merged.id.map(|id| ("Id".to_owned(), id)));
        if !merged.statements.is_empty() {
            members.insert("Statement".to_owned(), merged.statements.into());
        }
    }
    Ok(document)
}

fn text<'a>(given: &'a Value, name: &str) -> Option<&'a str> {
    given.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// The items of a list, none where it is not given.
fn items<'a>(given: &'a Value, name: &str) -> Result<&'a [Value], String> {
    match given.get(name) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(other) => Err(format!("`{name}` is {other}: expected a list")),
    }
}

/// The texts of a set, in the provider's order; `&{` stands for `${` there.
fn texts(given: &Value, name: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for item in items(given, name)? {
        let text = item.as_str().ok_or_else(|| format!("`{name}` has {item}: expected a string"))?;
        found.push(text.replace("&{", "${"));
    }
    Ok(found)
}

fn sorted(given: &Value, name: &str) -> Result<Vec<String>, String> {
    let mut found = texts(given, name)?;
    found.sort_by(|one, other| other.cmp(one));
    found.dedup();
    Ok(found)
}

fn one_or_list(mut texts: Vec<String>) -> Value {
    match (texts.pop(), texts.is_empty()) {
        (Some(only), true) => only.into(),
        (last, _) => {
            texts.extend(last);
            texts.into()
        }
    }
}

fn required<'a>(given: &'a Value, name: &str) -> Result<&'a str, String> {
    text(given, name).ok_or_else(|| format!("`{name}` is missing in {given}: expected a string"))
}

fn statement(given: &Value) -> Result<Value, String> {
    let mut made = Object::new();
    made.extend(text(given, "sid").map(|sid| ("Sid".to_owned(), sid.into())));
    made.insert("Effect".to_owned(), text(given, "effect").unwrap_or("Allow").into());
    for (argument, element) in [
        ("actions", "Action"),
        ("notActions", "NotAction"),
        ("resources", "Resource"),
        ("notResources", "NotResource"),
    ] {
        let texts = sorted(given, argument)?;
        if !texts.is_empty() {
            made.insert(element.to_owned(), one_or_list(texts));
        }
    }
    for (argument, element) in [("principals", "Principal"), ("notPrincipals", "NotPrincipal")] {
        made.extend(principals(given, argument)?.map(|value| (element.to_owned(), value)));
    }
    let mut conditions: BTreeMap<&str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    for condition in items(given, "conditions")? {
        let keys = conditions.entry(required(condition, "test")?).or_default();
        keys.entry(required(condition, "variable")?).or_default().extend(texts(condition, "values")?);
    }
    if !conditions.is_empty() {
        let keys = |keys: BTreeMap<&str, Vec<String>>| -> Value {
            keys.into_iter()
                .map(|(key, values)| (key.to_owned(), one_or_list(values)))
                .collect::<Object>()
                .into()
        };
        let operators: Object =
            conditions.into_iter().map(|(test, given)| (test.to_owned(), keys(given))).collect();
        made.insert("Condition".to_owned(), operators.into());
    }
    Ok(made.into())
}

fn principals(given: &Value, name: &str) -> Result<Option<Value>, String> {
    let blocks = items(given, name)?;
    let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for block in blocks {
        kinds.entry(required(block, "type")?).or_default().extend(sorted(block, "identifiers")?);
    }
    Ok(match (blocks.len(), kinds.get("*").map(Vec::as_slice)) {
        (0, _) => None,
        (1, Some([only])) if only == "*" => Some("*".into()),
        _ => {
            let kinds = kinds.into_iter().map(|(kind, values)| (kind.to_owned(), one_or_list(values)));
            Some(kinds.collect::<Object>().into())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(arguments: Value) -> Result<Value, String> {
        make(arguments.as_object().unwrap())
    }

    #[test]
    fn a_statement_is_what_its_arguments_say() {
        let document = made(json!({"statements": [{
            "sid": "A", "effect": "Deny", "actions": ["s3:Get*", "s3:Put*"], "resources": ["arn:aws:s3:::b/&{aws:username}"],
            "principals": [{"type": "*", "identifiers": ["*"]}],
            "conditions": [
                {"test": "StringEquals", "variable": "a", "values": ["1"]},
                {"test": "StringEquals", "variable": "b", "values": ["2", "3"]},
            ],
        }, {"notActions": ["x:Y"], "notResources": ["*"], "principals": [{"type": "AWS", "identifiers": ["*"]}]}]}));
        assert_eq!(
            document.unwrap(),
            json!({"Version": "2012-10-17", "Statement": [
                {"Sid": "A", "Effect": "Deny", "Action": ["s3:Put*", "s3:Get*"], "Resource": "arn:aws:s3:::b/${aws:username}",
                 "Principal": "*", "Condition": {"StringEquals": {"a": "1", "b": ["2", "3"]}}},
                {"Effect": "Allow", "NotAction": "x:Y", "NotResource": "*", "Principal": {"AWS": "*"}},
            ]})
        );
    }

    #[test]
    fn a_later_document_takes_the_place_of_a_statement_by_its_sid() {
        let one = |effect: &str| {
            format!(r#"{{"Version": "2012-10-17", "Statement": {{"Sid": "A", "Effect": "{effect}"}}}}"#)
        };
        let document = made(json!({
            "sourcePolicyDocuments": [one("Allow"), ""],
            "statements": [{"sid": "B", "actions": ["*"]}],
            "overridePolicyDocuments": [one("Deny")],
        }));
        assert_eq!(
            document.unwrap().get("Statement"),
            Some(&json!([{"Sid": "A", "Effect": "Deny"}, {"Sid": "B", "Effect": "Allow", "Action": "*"}]))
        );
        for wrong in [
            json!({"statements": [{"sid": "A"}, {"sid": "A"}]}),
            json!({"statements": {}}),
            json!({"statements": [{"actions": [1]}]}),
            json!({"sourceJson": "{}"}),
            json!({"sourcePolicyDocuments": ["{"]}),
            json!({"statements": [{"conditions": [{"test": "x"}]}]}),
        ] {
            assert!(made(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
