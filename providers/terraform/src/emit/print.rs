//! Values as the text of a file.

use crate::error::EmitError;
use crate::hcl;
use crate::kinds;
use crate::mapping::Args;
use narrows_model::{Member, Part, Resource, Text, Value, ValueKind};

/// The arguments of a resource with every text spelled as a template, and documents as JSON inside a string.
pub(super) fn spell(args: Args, resource: &Resource) -> Result<Args, EmitError> {
    let speller = Speller { resource };
    let members = args.into_members().into_iter().map(|member| {
        // Addresses are no templates.
        if member.name == "depends_on" { Ok(member) } else { speller.member(member) }
    });
    members.collect::<Result<Vec<_>, _>>().map(Args::from_members)
}

struct Speller<'a> {
    resource: &'a Resource,
}

impl Speller<'_> {
    fn member(&self, member: Member) -> Result<Member, EmitError> {
        Ok(Member { name: hcl::escape(&member.name).into(), value: self.value(member.value)?, ..member })
    }

    fn value(&self, value: Value) -> Result<Value, EmitError> {
        let kind = match value.kind {
            ValueKind::Text(text) => ValueKind::Text(self.template(&text)?),
            ValueKind::Json(inner) => ValueKind::Text(self.template(&inner.to_json_text())?),
            ValueKind::List(items) => {
                ValueKind::List(items.iter().map(|item| self.value(item.clone())).collect::<Result<_, _>>()?)
            }
            ValueKind::Object(members) => ValueKind::Object(
                members.iter().map(|member| self.member(member.clone())).collect::<Result<_, _>>()?,
            ),
            other => other,
        };
        Ok(Value { kind, location: value.location })
    }

    fn template(&self, text: &Text) -> Result<Text, EmitError> {
        hcl::print(text, |part| self.expression(part)).map(Text::literal)
    }

    fn expression(&self, part: &Part) -> Result<String, EmitError> {
        let (id, location) = (self.resource.id.clone(), self.resource.location.clone());
        match part {
            Part::Reference(reference) => {
                let target = &reference.resource;
                let (type_name, _) = kinds::type_of(&target.kind);
                let path = kinds::path_of(&target.kind, &reference.attribute).ok_or_else(|| {
                    let (reference, type_name) = (reference.to_string(), type_name.to_owned());
                    EmitError::Attribute { id, reference, type_name, location }
                })?;
                Ok(format!("{type_name}.{}.{path}", target.name))
            }
            Part::Unknown(expression) | Part::Literal(expression) => {
                Err(EmitError::Unresolved { id, expression: expression.to_string(), location })
            }
        }
    }
}

/// A whole file: JSON, two spaces a level, one member a line.
pub(super) fn file(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, &mut out);
    out.push('\n');
    out
}

fn write(value: &Value, depth: usize, out: &mut String) {
    match &value.kind {
        ValueKind::Text(text) => out.push_str(&quote(&text.to_string())),
        ValueKind::Json(inner) => out.push_str(&quote(&inner.to_string())),
        ValueKind::Null => out.push_str("null"),
        ValueKind::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        ValueKind::Number(number) => out.push_str(number),
        ValueKind::List(items) => write_all(items.iter().map(|item| (None, item)), ('[', ']'), depth, out),
        ValueKind::Object(members) => {
            let members = members.iter().map(|member| (Some(member.name.as_str()), &member.value));
            write_all(members, ('{', '}'), depth, out);
        }
    }
}

fn write_all<'a>(
    items: impl ExactSizeIterator<Item = (Option<&'a str>, &'a Value)>,
    (open, close): (char, char),
    depth: usize,
    out: &mut String,
) {
    let line = |depth: usize, out: &mut String| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    out.push(open);
    let empty = items.len() == 0;
    for (index, (name, value)) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        line(depth + 1, out);
        if let Some(name) = name {
            out.push_str(&quote(name));
            out.push_str(": ");
        }
        write(value, depth + 1, out);
    }
    if !empty {
        line(depth, out);
    }
    out.push(close);
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
