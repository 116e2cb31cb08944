//! Policy documents from values and from text.

mod condition;
mod error;
mod pattern;
mod principal;
mod statement;

pub use error::{Nearest, ParseError, Problem};

use crate::{Document, Version};
use narrows_model::{Location, Member, SmolStr, Source, Span, Text, Value, ValueKind, is_symbol, json};
use std::borrow::Cow;
use std::sync::Arc;

/// What a policy is attached to, which decides what its statements must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// A bucket's, access point's or key's policy, or a resource control policy: principals and resources.
    Resource,
    /// A policy of a role, user or group, a boundary, a session policy or a service control policy: no principals.
    Identity,
    /// A role's trust policy: principals, no resources.
    Trust,
    /// A VPC endpoint's policy: principals and resources.
    Endpoint,
}

impl DocumentKind {
    /// The kind in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Resource => "a resource policy",
            Self::Identity => "an identity policy",
            Self::Trust => "a trust policy",
            Self::Endpoint => "an endpoint policy",
        }
    }

    /// Whether IAM or Organizations stores it, under IAM's own rules for `Sid`.
    fn is_stored_by_iam(self) -> bool {
        matches!(self, Self::Identity | Self::Trust)
    }
}

/// Something worth saying about a document that is no error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What is worth saying; may hold symbols.
    pub text: String,
    /// Where.
    pub location: Location,
}

/// A document and the remarks that reading it gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The document.
    pub document: Document,
    /// The remarks, in the document's order.
    pub remarks: Vec<Remark>,
}

/// Reads a policy from a value: an object, or JSON inside text.
///
/// `resolve` turns text with references into text with symbols, as `narrows_model::Symbols::resolve` does.
///
/// # Errors
/// The first thing that is no valid policy, with its place; [`ParseError::is_unknown`] where nothing is wrong but the
/// document's structure is only known after deployment.
pub fn parse(
    value: &Value,
    kind: DocumentKind,
    resolve: &mut dyn FnMut(&Text) -> SmolStr,
) -> Result<Document, ParseError> {
    parse_with_remarks(value, kind, resolve).map(|parsed| parsed.document)
}

/// Reads a policy as [`parse`] does, and keeps what is worth a remark.
///
/// # Errors
/// As [`parse`].
pub fn parse_with_remarks(
    value: &Value,
    kind: DocumentKind,
    resolve: &mut dyn FnMut(&Text) -> SmolStr,
) -> Result<Parsed, ParseError> {
    let value = decode(value)?;
    let mut parser = Parser { kind, resolve, version: Version::V2008, remarks: Vec::new() };
    let document = parser.document(&value)?;
    Ok(Parsed { document, remarks: parser.remarks })
}

/// Reads a policy from the text of a file, which has no references.
///
/// # Errors
/// As [`parse`]; also text with characters of the private use planes 15 and 16, which stand for symbols.
pub fn parse_text(source: &Arc<Source>, kind: DocumentKind) -> Result<Parsed, ParseError> {
    if let Some((start, c)) = source.text().char_indices().find(|(_, c)| is_symbol(*c)) {
        let location = Location::new(source, Span { start, end: start + c.len_utf8() });
        return Err(ParseError::new(Problem::PrivateUse(u32::from(c)), &location));
    }
    let value = json::parse(source)
        .map_err(|error| ParseError::new(Problem::NotJson(error.to_string()), &error.location))?;
    let mut literal = |text: &Text| text.shown();
    match first_private_use(&value) {
        Some(error) => Err(error),
        None => parse_with_remarks(&value, kind, &mut literal),
    }
}

/// A JSON escape can spell a symbol too.
fn first_private_use(value: &Value) -> Option<ParseError> {
    match &value.kind {
        ValueKind::Text(text) => text
            .as_literal()?
            .chars()
            .find(|c| is_symbol(*c))
            .map(|c| ParseError::new(Problem::PrivateUse(u32::from(c)), &value.location)),
        ValueKind::List(items) => items.iter().find_map(first_private_use),
        ValueKind::Object(members) => members.iter().find_map(|member| first_private_use(&member.value)),
        _ => None,
    }
}

/// The policy as an object, where it is JSON inside text.
fn decode(value: &Value) -> Result<Cow<'_, Value>, ParseError> {
    let ValueKind::Text(text) = &value.kind else {
        return Ok(match &value.kind {
            ValueKind::Json(inner) => Cow::Borrowed(inner),
            _ => Cow::Borrowed(value),
        });
    };
    match (json::parse_embedded(value), unresolved(value)) {
        (Ok(inner), _) if unresolved(&inner).is_none() => Ok(Cow::Owned(inner)),
        // References decide where the objects begin and end.
        (_, Some(_)) => {
            let expression = text.first_unknown().map_or_else(|| text.to_string(), str::to_owned);
            Err(ParseError::new(Problem::Unknown { what: "the policy", expression }, &value.location))
        }
        (Ok(inner), None) => Ok(Cow::Owned(inner)),
        (Err(error), None) => Err(ParseError::new(Problem::NotJson(error.to_string()), &error.location)),
    }
}

/// The expression that a text with references depends on; `None` for everything else.
fn unresolved(value: &Value) -> Option<String> {
    let text = value.as_text().filter(|text| text.as_literal().is_none())?;
    Some(text.first_unknown().map_or_else(|| text.to_string(), str::to_owned))
}

/// From a member's name to the end of its value.
fn span(member: &Member) -> Location {
    let (start, end) = (&member.location, &member.value.location);
    match (start.source(), start.span(), end.source(), end.span()) {
        (Some(source), Some(start), Some(other), Some(end)) if Arc::ptr_eq(source, other) => {
            Location::new(source, Span { start: start.start, end: end.end.max(start.end) })
        }
        _ => start.clone(),
    }
}

/// The members of an object, or why there are none.
fn members<'v>(value: &'v Value, what: &'static str) -> Result<&'v [Member], ParseError> {
    if let Some(expression) = unresolved(value) {
        return Err(ParseError::new(Problem::Unknown { what, expression }, &value.location));
    }
    value.members().ok_or_else(|| {
        let problem =
            Problem::WrongType { what: what.to_owned(), got: value.kind_in_words(), expected: "an object" };
        ParseError::new(problem, &value.location)
    })
}

/// The items of a list of at least one, or the value itself.
fn one_or_more<'v>(value: &'v Value, element: &str, location: &Location) -> Result<&'v [Value], ParseError> {
    match value.items() {
        Some([]) => Err(ParseError::new(Problem::Empty { element: element.to_owned() }, location)),
        Some(items) => Ok(items),
        None => Ok(std::slice::from_ref(value)),
    }
}

/// The items of a member that is a string or a list of strings, the strings not yet looked at.
fn strings(member: &Member) -> Result<&[Value], ParseError> {
    if member.value.members().is_some() {
        let problem = Problem::WrongType {
            what: format!("`{}`", member.name),
            got: member.value.kind_in_words(),
            expected: "a string or a list of strings",
        };
        return Err(ParseError::new(problem, &member.value.location));
    }
    one_or_more(&member.value, &member.name, &member.location)
}

struct Parser<'a> {
    kind: DocumentKind,
    resolve: &'a mut dyn FnMut(&Text) -> SmolStr,
    version: Version,
    remarks: Vec<Remark>,
}

impl Parser<'_> {
    fn remark(&mut self, text: impl Into<String>, location: &Location) {
        self.remarks.push(Remark { text: text.into(), location: location.clone() });
    }

    fn string(&mut self, value: &Value, what: &str) -> Result<SmolStr, ParseError> {
        match &value.kind {
            ValueKind::Text(text) => Ok((self.resolve)(text)),
            ValueKind::Json(inner) => Ok((self.resolve)(&inner.to_json_text())),
            _ => {
                let problem = Problem::WrongType {
                    what: format!("`{what}`"),
                    got: value.kind_in_words(),
                    expected: "a string",
                };
                Err(ParseError::new(problem, &value.location))
            }
        }
    }

    fn document(&mut self, value: &Value) -> Result<Document, ParseError> {
        self.object(value, "the policy", &["Version", "Id", "Statement"])?;
        if let Some(version) = value.get("Version") {
            self.version = self.read_version(version)?;
        }
        let id = match value.get("Id") {
            Some(id) => Some(self.string(id, "Id")?),
            None => None,
        };
        let Some(list) = value.get("Statement") else {
            let problem = Problem::Missing {
                parent: "the policy",
                element: "Statement",
                remedy: "add at least one statement",
            };
            return Err(ParseError::new(problem, &value.location));
        };
        let mut statements: Vec<crate::Statement> = Vec::new();
        for item in one_or_more(list, "Statement", &list.location)? {
            let statement = self.statement(item)?;
            if let Some(sid) = statement.sid.as_ref().filter(|sid| !sid.is_empty())
                && statements.iter().any(|earlier| earlier.sid.as_ref() == Some(sid))
            {
                // IAM User Guide, "IAM JSON policy elements: Sid": unique within a policy.
                if self.kind.is_stored_by_iam() {
                    let problem = Problem::SidRepeated { got: sid.clone(), kind: self.kind.words() };
                    return Err(ParseError::new(problem, &item.location));
                }
                self.remark(format!("two statements have the id `{sid}`"), &item.location);
            }
            statements.push(statement);
        }
        Ok(Document {
            version: self.version,
            version_given: value.get("Version").is_some(),
            id: id.map(Into::into),
            statements,
            location: value.location.clone(),
        })
    }

    fn read_version(&mut self, value: &Value) -> Result<Version, ParseError> {
        if let Some(expression) = unresolved(value) {
            return Err(ParseError::new(
                Problem::Unknown { what: "the policy's version", expression },
                &value.location,
            ));
        }
        match self.string(value, "Version")?.as_str() {
            "2012-10-17" => Ok(Version::V2012),
            "2008-10-17" => Ok(Version::V2008),
            got => {
                let nearest = Nearest::to(got, ["2012-10-17", "2008-10-17"]);
                Err(ParseError::new(Problem::Version { got: got.to_owned(), nearest }, &value.location))
            }
        }
    }

    /// An MRAP's alias is lower case, and ARNs are compared with regard to case.
    fn remark_on_alias(&mut self, text: &str, location: &Location) {
        let rest = text.split_once(":accesspoint/").map(|(_, rest)| rest);
        let Some(alias) = rest.map(|rest| rest.split('/').next().unwrap_or_default()) else { return };
        if alias.to_ascii_lowercase().ends_with(".mrap") && alias.contains(|c: char| c.is_ascii_uppercase()) {
            self.remark(
                format!("`{alias}` has upper case, which no alias has: it matches nothing"),
                location,
            );
        }
    }
}
