//! Planned values with what is known after apply filled in from the configuration.

use super::blocks::{self, Pairing};
use super::expression::Instance;
use super::fields::{Blocks, may_be_unknown};
use crate::error::ReadError;
use crate::policy_document;
use narrows_model::{Location, Member, Value, ValueKind};

/// The arguments of a planned resource.
///
/// What is known after apply is taken from the configuration's expression; what the configuration does not give is
/// left out, since the provider makes it up.
pub(super) fn arguments(
    planned: &Value,
    configuration: Option<&Value>,
    address: &str,
    type_name: &str,
    instance: &Instance<'_>,
) -> Result<Value, ReadError> {
    let nothing = Value { kind: ValueKind::Object(Vec::new().into()), location: planned.location.clone() };
    let values = planned.get("values").filter(|values| values.members().is_some()).unwrap_or(&nothing);
    let given = match configuration {
        Some(configuration) => configuration.get("expressions").map_or(Given::Nothing, Given::Block),
        None => Given::Hidden,
    };
    let merge = Merge { type_name, address, instance, location: &planned.location };
    let unknown = instance.module.plan.unknown(address);
    let mut arguments = merge.value(Some(values), unknown, given, "")?.unwrap_or(nothing);
    if let (ValueKind::Object(members), Given::Block(configured)) = (&mut arguments.kind, given) {
        let reported =
            |member: &Member| is_reported(type_name, &member.name) && configured.get(&member.name).is_none();
        if members.iter().any(reported) {
            members.edit(|members| members.retain(|member| !reported(member)));
        }
    }
    Ok(arguments)
}

/// Whether an argument that is not configured shows what other resources of the plan gave the resource before.
///
/// A role reports the policies that were attached to it, those among them that the plan takes away.
fn is_reported(type_name: &str, name: &str) -> bool {
    type_name == "aws_iam_role" && ["inline_policy", "managed_policy_arns"].contains(&name)
}

/// Whether an argument holds a policy.
fn is_document(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or_default();
    ["policy", "assume_role_policy", "content"].contains(&last)
}

/// What the configuration gives for a value.
#[derive(Clone, Copy)]
enum Given<'v> {
    /// The members of a block.
    Block(&'v Value),
    /// An expression, or a list of blocks.
    Configured(&'v Value),
    /// Nothing.
    Nothing,
    /// Something that the plan does not show: it is in a dynamic block.
    Hidden,
}

impl<'v> Given<'v> {
    /// What is given for a member.
    fn member(self, name: &str) -> Self {
        match self {
            Self::Block(value) | Self::Configured(value) => {
                value.get(name).map_or(Self::Nothing, Self::Configured)
            }
            other => other,
        }
    }

    /// The expression, if it is one for an argument rather than blocks.
    fn expression(self) -> Option<&'v Value> {
        let Self::Configured(value) = self else { return None };
        let is_expression = value.get("constant_value").is_some() || value.get("references").is_some();
        (is_expression || value.members().is_some_and(<[Member]>::is_empty)).then_some(value)
    }
}

struct Merge<'a, 'p> {
    type_name: &'a str,
    address: &'a str,
    instance: &'a Instance<'p>,
    /// Where the planned resource stands.
    location: &'a Location,
}

impl Merge<'_, '_> {
    /// A value; `None` where neither the plan nor the configuration has one.
    fn value(
        &self,
        after: Option<&Value>,
        unknown: Option<&Value>,
        given: Given<'_>,
        path: &str,
    ) -> Result<Option<Value>, ReadError> {
        let Some(unknown) = unknown.filter(|unknown| holds_true(unknown)) else { return Ok(after.cloned()) };
        if unknown.as_bool() == Some(true) {
            return self.unknown(given, path);
        }
        let Some(after) = after else { return Ok(None) };
        let kind = match (&after.kind, &unknown.kind) {
            (ValueKind::Object(members), ValueKind::Object(unknown)) => {
                self.object(members, unknown, given, path)?
            }
            (ValueKind::List(items), ValueKind::List(unknown)) => self.list(items, unknown, given, path)?,
            _ => return Ok(Some(after.clone())),
        };
        Ok(Some(Value { kind, location: after.location.clone() }))
    }

    /// A value of which nothing is known.
    fn unknown(&self, given: Given<'_>, path: &str) -> Result<Option<Value>, ReadError> {
        if let Some(expression) = given.expression() {
            if is_document(path)
                && expression.get("constant_value").is_none()
                && let Some((document, taken)) = self.instance.referred_document(expression)
            {
                self.instance.module.plan.assume(format!(
                    "`{path}` of {} is taken to be {taken}, which is all that its expression refers to",
                    self.address
                ));
                return Ok(Some(document));
            }
            return self.instance.value(expression, self.type_name, path).map(Some);
        }
        // Nothing of a policy may be left out.
        if self.type_name == policy_document::TYPE && !policy_document::COMPUTED.contains(&path) {
            return Err(ReadError::Unresolved {
                what: format!("`{path}` of {}", self.address),
                expression: self.instance.in_dynamic_block().first_unknown().unwrap_or_default().to_owned(),
                expected: "blocks whose number is known".to_owned(),
                location: self.location.clone(),
            });
        }
        match Blocks::of(self.type_name, path) {
            Some(Blocks::MrapBuckets) => {
                let bucket = Value::object([("bucket", Value::text(self.instance.in_dynamic_block()))]);
                Ok(Some(Value::list([bucket])))
            }
            Some(Blocks::InlinePolicies) if matches!(given, Given::Nothing) => Ok(None),
            Some(Blocks::InlinePolicies) => {
                let policy = Value::object([("policy", Value::text(self.instance.in_dynamic_block()))]);
                Ok(Some(Value::list([policy])))
            }
            Some(Blocks::Other) => Err(ReadError::Unresolved {
                what: format!("`{path}` of {}", self.address),
                expression: self.instance.in_dynamic_block().first_unknown().unwrap_or_default().to_owned(),
                expected: "blocks whose number is known".to_owned(),
                location: self.location.clone(),
            }),
            None if matches!(given, Given::Hidden) && may_be_unknown(self.type_name, path) => {
                Ok(Some(Value::text(self.instance.in_dynamic_block())))
            }
            None => Ok(None),
        }
    }

    fn object(
        &self,
        after: &[Member],
        unknown: &[Member],
        given: Given<'_>,
        path: &str,
    ) -> Result<ValueKind, ReadError> {
        if let Some(source) = given.expression().filter(|source| source.get("constant_value").is_some()) {
            return Ok(self.instance.value(source, self.type_name, path)?.kind);
        }
        let is_map = given.expression().is_some();
        let of = |members: &[Member], name: &str| {
            members.iter().find(|member| member.name == name).map(|member| member.value.clone())
        };
        let only_unknown = unknown.iter().filter(|member| of(after, &member.name).is_none());
        let mut merged = Vec::new();
        for Member { name, location, .. } in after.iter().chain(only_unknown) {
            // All members of a map that is one expression come from that expression.
            let inner = if is_map { given } else { given.member(name) };
            let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
            let value = self.value(of(after, name).as_ref(), of(unknown, name).as_ref(), inner, &path)?;
            merged.extend(value.map(|value| Member {
                name: name.clone(),
                location: location.clone(),
                value,
            }));
        }
        Ok(ValueKind::Object(merged.into()))
    }

    fn list(
        &self,
        after: &[Value],
        unknown: &[Value],
        given: Given<'_>,
        path: &str,
    ) -> Result<ValueKind, ReadError> {
        if let Some(source) = given.expression() {
            return match source.get("constant_value") {
                Some(_) => Ok(self.instance.value(source, self.type_name, path)?.kind),
                None => Ok(self.elements(after, unknown, source, path)),
            };
        }
        let pairing = match given {
            Given::Configured(value) => {
                blocks::pair(self.type_name, path, after, unknown, value.items().unwrap_or_default())
            }
            // Blocks that exist and are not configured come from a dynamic block.
            Given::Nothing | Given::Hidden | Given::Block(_) => vec![Pairing::Hidden; after.len()],
        };
        let mut merged = Vec::new();
        for ((after, unknown), pairing) in after.iter().zip(unknown).zip(pairing) {
            let given = match pairing {
                Pairing::Block(block) => Given::Block(block),
                Pairing::Hidden => Given::Hidden,
            };
            merged.extend(self.value(Some(after), Some(unknown), given, path)?);
        }
        Ok(ValueKind::List(merged.into()))
    }

    /// A list of plain values, some known after apply, of which only what they come from is known.
    fn elements(&self, after: &[Value], unknown: &[Value], source: &Value, path: &str) -> ValueKind {
        let is_unknown = |index: usize| unknown.get(index).is_some_and(holds_true);
        let count = (0..after.len()).filter(|index| is_unknown(*index)).count();
        let mut found = self.instance.elements(source, self.type_name, path, count).into_iter();
        let element = |(index, known): (usize, &Value)| {
            if !is_unknown(index) {
                return known.clone();
            }
            let location: Location = source.location.clone();
            Value { kind: ValueKind::Text(found.next().unwrap_or_default()), location }
        };
        ValueKind::List(after.iter().enumerate().map(element).collect())
    }
}

/// Whether anything in a value of `after_unknown` is unknown.
fn holds_true(unknown: &Value) -> bool {
    match &unknown.kind {
        ValueKind::Bool(unknown) => *unknown,
        ValueKind::List(items) => items.iter().any(holds_true),
        ValueKind::Object(members) => members.iter().any(|member| holds_true(&member.value)),
        _ => false,
    }
}
