//! Edits of statements.

use super::condition::{self, widened};
use super::{each_item, each_without, with};
use narrows_model::{Part, Text, Value};

/// One edit of one statement.
#[derive(Clone, Debug)]
pub struct Edit {
    /// What kind of edit it is, such as `condition dropped`.
    pub kind: &'static str,
    /// What exactly was edited.
    pub detail: String,
    /// The statement after it; `None` where it is gone.
    pub statement: Option<Value>,
}

impl Edit {
    pub(super) fn new(kind: &'static str, detail: impl Into<String>, statement: Option<Value>) -> Self {
        Self { kind, detail: detail.into(), statement }
    }
}

/// Every edit of a statement.
pub fn edits(statement: &Value) -> Vec<Edit> {
    let mut found = vec![Edit::new("statement dropped", "", None)];
    let allow = statement.get("Effect").and_then(Value::as_str) == Some("Allow");
    let flipped = if allow { "Deny" } else { "Allow" };
    let text = |name: &str, value: &str| Some(with(statement, name, Some(Value::text(value))));
    found.push(Edit::new("effect flipped", format!("to {flipped}"), text("Effect", flipped)));
    if let Some(principal) = statement.get("Principal") {
        let everyone = principal.as_str() == Some("*");
        if everyone {
            let account = Value::object([("AWS", Value::text("123456789012"))]);
            let narrowed = with(statement, "Principal", Some(account));
            found.push(Edit::new("principal narrowed", "to the account", Some(narrowed)));
        } else {
            found.push(Edit::new("principal widened", "to *", text("Principal", "*")));
        }
    }
    actions(statement, &mut found);
    if let Some(resources) = statement.get("Resource") {
        let mut add = |kind, each: Vec<(String, Value)>| {
            let put = |value| Some(with(statement, "Resource", Some(value)));
            found.extend(each.into_iter().map(|(detail, value)| Edit::new(kind, detail, put(value))));
        };
        add("resource dropped", each_without(resources));
        add("resource cut to the other level", each_item(resources, other_level));
        add("resource widened", each_item(resources, widened));
    }
    condition::edits(statement, &mut found);
    found
}

fn actions(statement: &Value, found: &mut Vec<Edit>) {
    let Some(actions) = statement.get("Action") else { return };
    let put = |value| Some(with(statement, "Action", Some(value)));
    if actions.as_str() == Some("s3:*") {
        for narrow in ["s3:Get*", "s3:Put*", "s3:*Object"] {
            found.push(Edit::new("action narrowed", format!("to {narrow}"), put(Value::text(narrow))));
        }
    } else {
        found.push(Edit::new("action widened", "to s3:*", put(Value::text("s3:*"))));
    }
    for (detail, value) in each_without(actions) {
        found.push(Edit::new("action dropped", detail, put(value)));
    }
}

/// The container in the place of what is in it, and the other way round.
fn other_level(resource: &Value) -> Option<Value> {
    let text = resource.as_text()?;
    let mut parts = text.parts().to_vec();
    let whole = parts.pop()?;
    let tail = match &whole {
        Part::Literal(tail) => tail.as_str(),
        _ => "",
    };
    let cut = tail.strip_suffix("/object/*").or_else(|| tail.strip_suffix("/*"));
    let new = match cut {
        Some(rest) => {
            let rest = Part::literal(rest);
            parts.into_iter().chain([rest]).collect::<Text>()
        }
        None => text.clone().then_literal("/*"),
    };
    Some(Value::text(new))
}
