//! Plans whose symbols are told: each symbol becomes the reference that it stands for.

use crate::error::ReadError;
use crate::symbolic::{self, Finder, Piece};
use narrows_model::{
    AccountId, Deployment, Location, Member, Part, Reference, ResourceId, Text, Value, ValueKind,
};
use std::collections::BTreeMap;

/// The meaning of the texts that a settled plan holds for values that are known after apply.
pub(super) struct Symbols {
    /// The account that is deployed to, where it was given.
    pub(super) account: Option<AccountId>,
    /// The made-up parts of symbols, and the texts that stand for unknown values.
    finder: Finder,
    entries: Vec<Entry>,
    /// The whole texts of symbols, each with the number of its entry.
    whole: Finder,
    /// The managed resources, by address.
    owners: BTreeMap<String, ResourceId>,
    /// Whether all of the configuration's providers work in one account.
    is_one_account: bool,
    /// What the plan takes for granted.
    pub(super) assumptions: Vec<String>,
}

struct Entry {
    token: String,
    text: String,
    meaning: Meaning,
}

enum Meaning {
    /// An attribute of a resource or data source.
    Attribute {
        address: String,
        attribute: String,
    },
    Account,
    Region,
    /// A value that cannot be told: why, and where it stands.
    Unknown(String),
}

/// Where a text stands.
#[derive(Clone, Copy)]
struct Place<'p> {
    address: &'p str,
    name: &'p str,
    is_managed: bool,
}

impl Symbols {
    /// The symbols of a plan; `None` where it is none that Narrows has settled.
    pub(super) fn of(whole: &Value) -> Result<Option<Self>, ReadError> {
        let Some(member) = whole.get(symbolic::MEMBER) else { return Ok(None) };
        let wrong = |got: &Value, what: &str, expected: &str| ReadError::Type {
            what: format!("`{what}` of `{}`", symbolic::MEMBER),
            got: got.to_string(),
            expected: expected.to_owned(),
            location: got.location.clone(),
        };
        let version = member.get("version").unwrap_or(member);
        if version.kind != ValueKind::Number(symbolic::VERSION.to_string().into()) {
            return Err(wrong(version, "version", "1, as this version of narrows plan writes it"));
        }
        let mut entries = Vec::new();
        let items = |list: &str| {
            let given = member.get(list).unwrap_or(member);
            given.items().ok_or_else(|| wrong(given, list, "a list"))
        };
        for list in ["symbols", "unknown"] {
            for item in items(list)? {
                let text = |name: &str| {
                    let text = item.get(name).and_then(Value::as_str);
                    text.map(str::to_owned).ok_or_else(|| wrong(item, name, "a string"))
                };
                let whole = text("text")?;
                let entry = match list {
                    "symbols" => {
                        let (address, attribute) = (text("address")?, text("attribute")?);
                        let meaning = match (address.as_str(), attribute.as_str()) {
                            ("", symbolic::ACCOUNT) => Meaning::Account,
                            ("", symbolic::REGION) => Meaning::Region,
                            _ => Meaning::Attribute { address, attribute },
                        };
                        Entry { token: text("token")?, text: whole, meaning }
                    }
                    // What stands at two places may be two values.
                    _ => {
                        let why = format!("{} ({}.{})", text("why")?, text("address")?, text("path")?);
                        Entry { token: whole.clone(), text: whole, meaning: Meaning::Unknown(why) }
                    }
                };
                if entry.token.len() < Finder::LEAST || !entry.text.contains(&entry.token) {
                    return Err(wrong(
                        item,
                        list,
                        "a text with the token inside, of four characters or more",
                    ));
                }
                entries.push(entry);
            }
        }
        let account = match member.get(symbolic::ACCOUNT).filter(|account| account.kind != ValueKind::Null) {
            Some(given) => {
                let parsed = given.as_str().and_then(|account| account.parse().ok());
                Some(parsed.ok_or_else(|| wrong(given, symbolic::ACCOUNT, "twelve digits"))?)
            }
            None => None,
        };
        let is_one_account = match member.get(symbolic::ONE_ACCOUNT).map(|it| (&it.kind, it)) {
            Some((ValueKind::Bool(is_one), _)) => *is_one,
            given => {
                let got = given.map_or(member, |(_, it)| it);
                return Err(wrong(got, symbolic::ONE_ACCOUNT, "true or false"));
            }
        };
        let assumption = |item: &Value| {
            item.as_str().map(str::to_owned).ok_or_else(|| wrong(item, symbolic::ASSUMPTIONS, "strings"))
        };
        let assumptions = items(symbolic::ASSUMPTIONS)?.iter().map(assumption).collect::<Result<_, _>>()?;
        let mut owners = BTreeMap::new();
        if let Some(root) = whole.get("planned_values").and_then(|planned| planned.get("root_module")) {
            collect(root, "", &mut owners);
        }
        Ok(Some(Self {
            account,
            finder: Finder::new(entries.iter().map(|entry| entry.token.as_str())),
            whole: Finder::new(entries.iter().map(|entry| entry.text.as_str())),
            entries,
            owners,
            is_one_account,
            assumptions,
        }))
    }

    /// The plan with references in the place of symbols.
    pub(super) fn explain(&self, whole: &Value) -> Value {
        let mut plan = whole.clone();
        let ValueKind::Object(members) = &mut plan.kind else { return plan };
        for Member { name, value, .. } in members {
            match name.as_str() {
                "planned_values" => self.modules(value, "root_module"),
                "prior_state" => {
                    if let Some(values) = member_mut(value, "values") {
                        self.modules(values, "root_module");
                    }
                }
                _ => {}
            }
        }
        plan
    }

    fn modules(&self, values: &mut Value, name: &str) {
        let Some(module) = member_mut(values, name) else { return };
        self.module(module);
    }

    fn module(&self, module: &mut Value) {
        let ValueKind::Object(members) = &mut module.kind else { return };
        for Member { name, value, .. } in members {
            let ValueKind::List(items) = &mut value.kind else { continue };
            match name.as_str() {
                "resources" => items.make_mut().iter_mut().for_each(|resource| self.resource(resource)),
                "child_modules" => items.make_mut().iter_mut().for_each(|child| self.module(child)),
                _ => {}
            }
        }
    }

    fn resource(&self, resource: &mut Value) {
        let address = resource.get("address").and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_managed = resource.get("mode").and_then(Value::as_str) == Some("managed");
        let Some(values) = member_mut(resource, "values") else { return };
        let ValueKind::Object(members) = &mut values.kind else { return };
        *members = std::mem::take(members)
            .into_iter()
            .filter_map(|member| {
                let name = member.name.clone();
                self.member(member.clone(), Place { address: &address, name: &name, is_managed })
            })
            .collect();
    }

    /// A member; `None` where its value is one that the resource itself gets.
    fn member(&self, mut member: Member, place: Place<'_>) -> Option<Member> {
        if place.is_managed && self.is_own(&member.value, place.address) {
            return None;
        }
        if self.finder.finds_in(&member.name) {
            member.name = self.text(&member.name, place).to_string().into();
        }
        member.value = self.value(member.value, place);
        Some(member)
    }

    /// Whether a text, or one in a list, holds a symbol of the resource that it stands in.
    fn is_own(&self, value: &Value, own: &str) -> bool {
        match &value.kind {
            ValueKind::Text(text) => {
                self.finder.split(text.as_literal().unwrap_or_default()).iter().any(|piece| match piece {
                    Piece::Found(number, _) => matches!(
                        self.entries.get(*number).map(|entry| &entry.meaning),
                        Some(Meaning::Attribute { address, .. }) if address == own
                    ),
                    Piece::Between(_) => false,
                })
            }
            ValueKind::List(items) => {
                items.iter().any(|item| item.members().is_none() && self.is_own(item, own))
            }
            _ => false,
        }
    }

    fn value(&self, value: Value, place: Place<'_>) -> Value {
        let kind = match value.kind {
            ValueKind::Text(text) => return self.leaf(text, value.location, place),
            ValueKind::List(items) => {
                ValueKind::List(items.iter().map(|item| self.value(item.clone(), place)).collect())
            }
            ValueKind::Object(members) => {
                ValueKind::Object(members.iter().filter_map(|it| self.member(it.clone(), place)).collect())
            }
            other => other,
        };
        Value { kind, location: value.location }
    }

    fn leaf(&self, text: Text, location: Location, place: Place<'_>) -> Value {
        let value = Value { kind: ValueKind::Text(text), location };
        let Some(literal) = value.as_str().filter(|text| self.finder.finds_in(text)) else { return value };
        let explained = self.text(literal, place);
        // In JSON no more than the text is unknown in which a part of a symbol stands.
        if let ([Part::Unknown(_)], Ok(inner)) =
            (explained.parts(), narrows_model::json::parse_embedded(&value))
            && (inner.members().is_some() || inner.items().is_some())
        {
            let inner = self.value(inner, Place { is_managed: false, ..place });
            return Value { kind: ValueKind::Json(Box::new(inner)), location: value.location };
        }
        Value { kind: ValueKind::Text(explained), location: value.location }
    }

    /// A text with symbols as references; all of it is unknown where a part of a symbol stands alone.
    fn text(&self, literal: &str, place: Place<'_>) -> Text {
        let mut out = Text::default();
        for piece in self.whole.split(literal) {
            match piece {
                Piece::Between(text) => {
                    let part = self.finder.split(text).into_iter().find_map(|piece| match piece {
                        Piece::Found(number, _) => self.entries.get(number),
                        Piece::Between(_) => None,
                    });
                    if let Some(entry) = part {
                        let around = self.finder.split(literal).into_iter().map(|piece| match piece {
                            Piece::Between(text) => text,
                            Piece::Found(..) => "…",
                        });
                        let around: String = around.collect();
                        return Text::unknown(format!(
                            "a part of {} in `{around}`",
                            self.spelled(entry, place)
                        ));
                    }
                    out.push(Part::literal(text));
                }
                Piece::Found(number, _) => {
                    if let Some(entry) = self.entries.get(number) {
                        out.push(self.part(entry, place));
                    }
                }
            }
        }
        out
    }

    fn part(&self, entry: &Entry, place: Place<'_>) -> Part {
        if let Meaning::Attribute { address, attribute } = &entry.meaning
            && let Some(owner) = self.owners.get(address)
        {
            let attribute = crate::kinds::attribute_of(&owner.kind, attribute);
            return Reference { resource: owner.clone(), attribute }.into();
        }
        if let (Meaning::Account, true, Some(account)) = (&entry.meaning, self.is_one_account, &self.account)
        {
            return Part::Literal(account.to_string().into());
        }
        Part::Unknown(self.spelled(entry, place).into())
    }

    /// What an entry stands for, in words; two values that may differ are spelled differently.
    fn spelled(&self, entry: &Entry, place: Place<'_>) -> String {
        match &entry.meaning {
            Meaning::Attribute { address, attribute } => format!("{address}.{attribute}"),
            Meaning::Account if self.is_one_account => Deployment::ACCOUNT.to_owned(),
            Meaning::Account => format!("the account that {} of {} names", place.name, place.address),
            Meaning::Region => {
                format!("the provider's Region that {} of {} names", place.name, place.address)
            }
            Meaning::Unknown(why) => why.clone(),
        }
    }
}

fn member_mut<'v>(value: &'v mut Value, name: &str) -> Option<&'v mut Value> {
    let ValueKind::Object(members) = &mut value.kind else { return None };
    members.make_mut().iter_mut().find(|member| member.name == name).map(|member| &mut member.value)
}

/// The managed resources of a module and those in it, by address.
fn collect(module: &Value, prefix: &str, owners: &mut BTreeMap<String, ResourceId>) {
    for resource in module.get("resources").and_then(Value::items).unwrap_or_default() {
        let member = |name: &str| resource.get(name).and_then(Value::as_str);
        let (Some("managed"), Some(address), Some(type_name), Some(name)) =
            (member("mode"), member("address"), member("type"), member("name"))
        else {
            continue;
        };
        let key = resource.get("index").and_then(super::instance_key);
        let name = format!("{prefix}{}", crate::hcl::instance_name(name, key.as_ref()));
        let id = ResourceId::new(crate::kinds::kind_of(type_name), name);
        owners.insert(address.to_owned(), id);
    }
    for child in module.get("child_modules").and_then(Value::items).unwrap_or_default() {
        let address = child.get("address").and_then(Value::as_str).unwrap_or_default();
        collect(child, &format!("{address}."), owners);
    }
}
