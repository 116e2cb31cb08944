use super::function;
use narrows_model::{Value, ValueKind};

/// An expression as people write it: `!Select [0, !Ref Names]`.
pub(crate) fn spell(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    if let Some((name, argument)) = function(value) {
        out.push('!');
        out.push_str(name.strip_prefix("Fn::").unwrap_or(name));
        out.push(' ');
        return write(argument, out);
    }
    match &value.kind {
        ValueKind::Text(text) => out.push_str(&text.to_string()),
        ValueKind::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                // A comma or bracket inside a text must not look like one of the list.
                match &item.kind {
                    ValueKind::Text(_) if item.to_string().contains([',', '[', ']', '{', '}']) => {
                        out.push_str(&item.to_string());
                    }
                    _ => write(item, out),
                }
            }
            out.push(']');
        }
        ValueKind::Object(members) => {
            out.push('{');
            for (index, member) in members.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                out.push_str(&member.name);
                out.push_str(": ");
                write(&member.value, out);
            }
            out.push('}');
        }
        _ => out.push_str(&value.to_string()),
    }
}
