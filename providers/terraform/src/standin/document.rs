//! `aws_iam_policy_document`: the JSON text that the provider makes of the arguments.

use super::value::Data;
use narrows_model::{Location, Value, ValueKind};

/// The attributes `json` and `minified_json`, or what is wrong with the arguments.
pub(super) fn texts(config: &Data) -> Result<(String, String), String> {
    let document = crate::policy_document::from_arguments(&value(config), crate::policy_document::TYPE)?;
    let (mut wide, mut narrow) = (String::new(), String::new());
    write(&document, Some(0), &mut wide);
    write(&document, None, &mut narrow);
    Ok((wide, narrow))
}

/// A value of the engine as one of an artifact.
fn value(data: &Data) -> Value {
    let kind = match data {
        Data::Null => ValueKind::Null,
        Data::Bool(value) => ValueKind::Bool(*value),
        Data::Number(number) => ValueKind::Number(number.to_string().into()),
        Data::Text(text) => return Value::text(text.as_str()),
        Data::List(items) => return Value::list(items.iter().map(value)),
        Data::Map(members) => {
            return Value::object(members.iter().map(|(name, data)| (name.as_str(), value(data))));
        }
        Data::Unknown | Data::Other(_) => {
            return Value::text(narrows_model::Text::unknown("a value that is not known"));
        }
    };
    Value { kind, location: Location::none() }
}

/// JSON as Go's `encoding/json` writes it: `<`, `>` and `&` are escaped, an indent is two spaces.
fn write(value: &Value, indent: Option<usize>, out: &mut String) {
    let inner = indent.map(|indent| indent + 1);
    let line = |out: &mut String, indent: Option<usize>| {
        if let Some(indent) = indent {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", indent));
        }
    };
    match &value.kind {
        ValueKind::List(items) if !items.is_empty() => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                line(out, inner);
                write(item, inner, out);
            }
            line(out, indent);
            out.push(']');
        }
        ValueKind::Object(members) if !members.is_empty() => {
            out.push('{');
            for (index, member) in members.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                line(out, inner);
                out.push_str(&escaped(&serde_json::Value::from(member.name.as_str()).to_string()));
                out.push_str(if indent.is_some() { ": " } else { ":" });
                write(&member.value, inner, out);
            }
            line(out, indent);
            out.push('}');
        }
        _ => out.push_str(&escaped(&value.to_json_text().to_string())),
    }
}

fn escaped(json: &str) -> String {
    json.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}
