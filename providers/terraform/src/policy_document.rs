//! What the AWS provider's data source `aws_iam_policy_document` makes of its arguments.
//!
//! Source: the data source's documentation in the Terraform registry, and the provider's `policy_model.go` and
//! `policy_document_data_source.go`.

use crate::error::ReadError;
use crate::hcl::as_text;
use crate::mapping::Fields;
use narrows_model::{Location, Member, Part, Text, Value, ValueKind};

/// The type of the data source.
pub(crate) const TYPE: &str = "aws_iam_policy_document";

/// What the provider gives, rather than being given.
pub(crate) const COMPUTED: [&str; 3] = ["id", "json", "minified_json"];

const VERSION: &str = "2012-10-17";

/// The value of one of the data source's attributes, from its arguments with templates read.
///
/// What the arguments do not tell makes the whole document, or the text that it is in, unknown and says why.
pub(crate) fn attribute(arguments: &Value, address: &str, attribute: &str) -> Option<Value> {
    if !["json", "minified_json"].contains(&attribute) {
        return None;
    }
    let unknown = |why: String| Value {
        kind: ValueKind::Text(Text::unknown(format!("{address}.{attribute}: {why}"))),
        location: arguments.location.clone(),
    };
    Some(match document(&Fields::new(arguments, address)) {
        Ok(document) => document.into_json_text(),
        // A document that this one is made of has said why already.
        Err(Reason::Unknown(expression)) if expression.starts_with("data.") => {
            Value { kind: ValueKind::Text(Text::unknown(expression)), location: arguments.location.clone() }
        }
        Err(Reason::Unknown(expression)) => unknown(expression),
        Err(Reason::Wrong(error)) => unknown(error.to_string()),
    })
}

/// The document that arguments which are known make.
///
/// # Errors
/// What is wrong with them, or what is not known after all.
#[cfg(feature = "engine")]
pub(crate) fn from_arguments(arguments: &Value, address: &str) -> Result<Value, String> {
    document(&Fields::new(arguments, address)).map_err(|reason| match reason {
        Reason::Unknown(what) => format!("{address}: cannot make a document of {what}"),
        Reason::Wrong(error) => error.to_string(),
    })
}

/// Why there is no document.
enum Reason {
    /// A part of it is known to the engine alone.
    Unknown(String),
    /// It is none, or only the engine can expand it.
    Wrong(ReadError),
}

impl From<ReadError> for Reason {
    fn from(error: ReadError) -> Self {
        Self::Wrong(error)
    }
}

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
            let sid = sid(&statement);
            let known = match sid {
                Some(_) => self.statements.iter_mut().find(|known| self::sid(known) == sid),
                None => None,
            };
            match known {
                Some(known) => *known = statement,
                None => self.statements.push(statement),
            }
        }
    }

    fn merge_document(&mut self, document: &Value) {
        let version = document.get("Version").and_then(Value::as_str).unwrap_or_default();
        let statements = match document.get("Statement") {
            Some(Value { kind: ValueKind::List(items), .. }) => items.clone(),
            Some(one) => vec![one.clone()].into(),
            None => Vec::new().into(),
        };
        self.merge(version, document.get("Id").cloned(), statements.to_vec());
    }
}

fn sid(statement: &Value) -> Option<&str> {
    statement.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty())
}

fn document(fields: &Fields<'_>) -> Result<Value, Reason> {
    for deprecated in ["source_json", "override_json"] {
        if fields.string(deprecated)?.is_some_and(|text| !text.is_empty()) {
            return Err(Reason::Unknown(format!("`{deprecated}`, which the provider no longer reads")));
        }
    }
    let mut merged = Merged::default();
    for source in documents(fields, "source_policy_documents")? {
        merged.merge_document(&source);
    }
    let version = match fields.text("version")? {
        Some((text, _)) => text.as_literal().ok_or_else(|| Reason::Unknown(text.to_string()))?.to_owned(),
        None => VERSION.to_owned(),
    };
    let mut statements: Vec<Value> = Vec::new();
    for block in fields.blocks("statement")? {
        let statement = statement(&block)?;
        if sid(&statement).is_some() && statements.iter().any(|known| sid(known) == sid(&statement)) {
            let what = format!("Sid `{}`", sid(&statement).unwrap_or_default());
            return Err(ReadError::Repeated { what, location: block.location() }.into());
        }
        statements.push(statement);
    }
    let id = fields.get("policy_id").filter(|id| id.as_str() != Some("")).cloned();
    merged.merge(&version, id, statements);
    for over in documents(fields, "override_policy_documents")? {
        merged.merge_document(&over);
    }
    let mut members = vec![member("Version", Value::text(merged.version), &fields.location())];
    members.extend(merged.id.map(|id| member("Id", id, &fields.location())));
    if !merged.statements.is_empty() {
        let statements =
            Value { kind: ValueKind::List(merged.statements.into()), location: fields.location() };
        members.push(member("Statement", statements, &fields.location()));
    }
    Ok(Value { kind: ValueKind::Object(members.into()), location: fields.location() })
}

/// The documents in a list of JSON texts; null and empty ones are skipped.
fn documents(fields: &Fields<'_>, name: &str) -> Result<Vec<Value>, Reason> {
    let Some(list) = fields.get(name) else { return Ok(Vec::new()) };
    let Some(items) = list.items() else { return Err(Reason::Unknown(list.to_string())) };
    let mut found = Vec::new();
    for item in items.iter().filter(|item| item.kind != ValueKind::Null && item.as_str() != Some("")) {
        let document =
            narrows_model::json::parse_embedded(item).map_err(|_| Reason::Unknown(unresolved(item)))?;
        if document.members().is_none() {
            return Err(Reason::Unknown(item.to_string()));
        }
        found.push(document);
    }
    Ok(found)
}

/// The part of a text that is not known, else all of it.
fn unresolved(value: &Value) -> String {
    value.first_unknown().map_or_else(|| value.to_string(), str::to_owned)
}

fn statement(block: &Fields<'_>) -> Result<Value, Reason> {
    let place = block.location();
    let mut members = Vec::new();
    let sid = block.text("sid")?.filter(|(text, _)| text.as_literal() != Some(""));
    if let Some((sid, location)) = sid {
        if sid.as_literal().is_none() {
            // It may be that of another statement, and take its place.
            return Err(Reason::Unknown(sid.to_string()));
        }
        members.push(member("Sid", at(sid, &location), &place));
    }
    let effect = block.text("effect")?;
    let (effect, location) = effect.unwrap_or_else(|| (Text::literal("Allow"), place.clone()));
    members.push(member("Effect", at(effect, &location), &place));
    for (argument, element) in [
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ] {
        let replaced = element.ends_with("Resource");
        let mut texts = texts(block, argument, replaced)?;
        sort(&mut texts);
        if !texts.is_empty() {
            members.push(member(element, one_or_list(texts, block, argument), &place));
        }
    }
    for (argument, element) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        members.extend(principals(block, argument)?.map(|value| member(element, value, &place)));
    }
    members.extend(conditions(block)?.map(|value| member("Condition", value, &place)));
    Ok(Value { kind: ValueKind::Object(members.into()), location: place })
}

/// The texts of a list or set; one that is not known as a whole makes the document unknown.
fn texts(fields: &Fields<'_>, name: &str, replaced: bool) -> Result<Vec<Value>, Reason> {
    let Some(list) = fields.get(name) else { return Ok(Vec::new()) };
    let Some(items) = list.items() else {
        return match &list.kind {
            ValueKind::Text(text) if text.as_literal().is_none() => Err(Reason::Unknown(text.to_string())),
            _ => Err(fields.wrong(name, list, "a list of strings").into()),
        };
    };
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let text = as_text(item).ok_or_else(|| fields.wrong(name, item, "a string"))?;
        found.push(at(if replaced { with_variables(&text) } else { text }, &item.location));
    }
    Ok(found)
}

/// A text with `${` in the place of `&{`, which spares the Terraform language's own `${`.
fn with_variables(text: &Text) -> Text {
    let replace = |part: &Part| match part {
        Part::Literal(literal) => Part::Literal(literal.replace("&{", "${").into()),
        other => other.clone(),
    };
    text.parts().iter().map(replace).collect()
}

/// Puts the members of a set in the provider's order, each once.
fn sort(texts: &mut Vec<Value>) {
    texts.sort_by_cached_key(|value| std::cmp::Reverse(value.as_text().map(ToString::to_string)));
    texts.dedup();
}

fn principals(block: &Fields<'_>, name: &str) -> Result<Option<Value>, Reason> {
    let mut kinds: Vec<(String, Vec<Value>)> = Vec::new();
    let blocks = block.blocks(name)?;
    for principal in &blocks {
        let kind = principal.required_string("type")?;
        let mut identifiers = texts(principal, "identifiers", true)?;
        sort(&mut identifiers);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, known)) => known.extend(identifiers),
            None => kinds.push((kind, identifiers)),
        }
    }
    kinds.sort_by(|one, other| one.0.cmp(&other.0));
    match (blocks.len(), kinds.as_slice()) {
        (0, _) => Ok(None),
        (1, [(kind, only)])
            if kind == "*" && matches!(only.as_slice(), [one] if one.as_str() == Some("*")) =>
        {
            Ok(only.first().cloned())
        }
        _ => {
            let of = |(kind, values): (String, Vec<Value>)| {
                let place = values.first().map(|value| value.location.clone()).unwrap_or_default();
                member(&kind, single(values, &place), &place)
            };
            let members = kinds.into_iter().map(of).collect();
            Ok(Some(Value { kind: ValueKind::Object(members), location: block.location() }))
        }
    }
}

/// A condition key with its values.
type Key = (String, Vec<Value>);

fn conditions(block: &Fields<'_>) -> Result<Option<Value>, Reason> {
    let mut operators: Vec<(String, Vec<Key>)> = Vec::new();
    for condition in block.blocks("condition")? {
        let (test, variable) = (condition.required_string("test")?, condition.required_string("variable")?);
        let values = texts(&condition, "values", true)?;
        let keys = match operators.iter().position(|(known, _)| *known == test) {
            Some(index) => index,
            None => {
                operators.push((test, Vec::new()));
                operators.len() - 1
            }
        };
        let Some((_, keys)) = operators.get_mut(keys) else { continue };
        match keys.iter_mut().find(|(known, _)| *known == variable) {
            Some((_, known)) => known.extend(values),
            None => keys.push((variable, values)),
        }
    }
    if operators.is_empty() {
        return Ok(None);
    }
    let place = block.location();
    operators.sort_by(|one, other| one.0.cmp(&other.0));
    let operator = |(test, mut keys): (String, Vec<Key>)| {
        keys.sort_by(|one, other| one.0.cmp(&other.0));
        let key = |(variable, values): Key| {
            let place = values.first().map_or_else(|| place.clone(), |value| value.location.clone());
            member(&variable, single(values, &place), &place)
        };
        let keys =
            Value { kind: ValueKind::Object(keys.into_iter().map(key).collect()), location: place.clone() };
        member(&test, keys, &place)
    };
    let members = operators.into_iter().map(operator).collect();
    Ok(Some(Value { kind: ValueKind::Object(members), location: place.clone() }))
}

fn one_or_list(values: Vec<Value>, block: &Fields<'_>, name: &str) -> Value {
    let place = block.get(name).map_or_else(|| block.location(), |list| list.location.clone());
    single(values, &place)
}

/// The one value, or the list of several.
fn single(mut values: Vec<Value>, place: &Location) -> Value {
    match (values.pop(), values.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            values.extend(last);
            Value { kind: ValueKind::List(values.into()), location: place.clone() }
        }
    }
}

fn member(name: &str, value: Value, location: &Location) -> Member {
    Member { name: name.into(), location: location.clone(), value }
}

fn at(text: Text, location: &Location) -> Value {
    Value { kind: ValueKind::Text(text), location: location.clone() }
}
