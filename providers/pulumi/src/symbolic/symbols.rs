use super::{ACCOUNT, ASSUMPTIONS, MEMBER};
use crate::error::ReadError;
use crate::urn::Urn;
use narrows_model::{Attribute, Deployment, Kind, Part, Text, Value};

/// What the symbols of a settled preview stand for; none in any other.
#[derive(Debug, Default)]
pub(crate) struct Symbols(Vec<Symbol>);

#[derive(Debug)]
struct Symbol {
    /// The text that is looked for.
    text: String,
    /// What stands there.
    part: Part,
}

/// How the expression begins of a text that a program made of a value that the model knows by a reference.
pub(crate) const DERIVED: &str = "something made of ";

/// What a text is that holds something made of a symbol: nobody knows how much of it was made so.
///
/// Two such texts need not be equal, so each is known by its place.
pub(crate) fn derived(text: &Text, place: &dyn std::fmt::Display) -> Option<Text> {
    let made = text.parts().iter().find_map(|part| match part {
        Part::Unknown(expression) if expression.starts_with(DERIVED) => Some(expression),
        _ => None,
    })?;
    Some(Text::unknown(format!("{made}, in {place}")))
}

/// Whether a preview is a settled one.
pub(crate) fn is_settled(preview: &Value) -> bool {
    preview.get(MEMBER).is_some()
}

/// What a settled preview takes for granted; nothing in any other.
pub(crate) fn assumptions(preview: &Value) -> Result<Vec<String>, ReadError> {
    let Some(listed) = preview.get(MEMBER).and_then(|member| member.get(ASSUMPTIONS)) else {
        return Ok(Vec::new());
    };
    let wrong = |value: &Value, expected: &str| ReadError::Type {
        what: format!("`{ASSUMPTIONS}` of `{MEMBER}`"),
        got: value.kind_in_words().to_owned(),
        expected: expected.to_owned(),
        location: value.location.clone(),
    };
    let items = listed.items().ok_or_else(|| wrong(listed, "a list of strings"))?;
    items.iter().map(|it| it.as_str().map(str::to_owned).ok_or_else(|| wrong(it, "a string"))).collect()
}

impl Symbols {
    /// The symbols that a preview says it has.
    pub(crate) fn of(preview: &Value) -> Self {
        let listed = preview.get(MEMBER).and_then(|member| member.get("symbols")).and_then(Value::items);
        let mut found = Vec::new();
        for given in listed.unwrap_or_default() {
            let text = |name: &str| given.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
            let (Some(token), Some(attribute)) = (text("token"), text("attribute")) else { continue };
            let urn = text("urn").unwrap_or_default();
            let id = Urn::parse(urn).map(|urn| urn.id());
            // Values that the model knows by a reference are these as a whole; of others the made-up part is not known.
            let known = id.and_then(|id| {
                let attribute = match (&id.kind, attribute) {
                    (Kind::MultiRegionAccessPoint, "alias") => Attribute::Alias,
                    (Kind::VpcEndpoint, "id") | (Kind::Key, "keyId") => Attribute::Id,
                    _ => return None,
                };
                Some((text("text")?, id.attribute(attribute).into()))
            });
            let is_known = known.is_some();
            found.extend(known.map(|(text, part)| Symbol { text: text.to_owned(), part }));
            let unknown = match (urn, attribute) {
                // Alone, it is what a program made of the value.
                (urn, attribute) if is_known => format!("{DERIVED}{attribute} of {urn}"),
                ("", ACCOUNT) => Deployment::ACCOUNT.to_owned(),
                ("", attribute) => format!("the {attribute} that is deployed to"),
                (urn, attribute) => format!("the made-up part of {attribute} of {urn}"),
            };
            found.push(Symbol { text: token.to_owned(), part: Part::Unknown(unknown.into()) });
        }
        // A token may be in a longer text that is a symbol too.
        found.sort_by(|one, other| {
            other.text.len().cmp(&one.text.len()).then_with(|| one.text.cmp(&other.text))
        });
        Self(found)
    }

    /// The first symbol in a text: what is before it, what stands there, and what is after it.
    pub(crate) fn first<'t>(&self, text: &'t str) -> Option<(&'t str, Part, &'t str)> {
        let places = self.0.iter().filter_map(|symbol| Some((text.find(&symbol.text)?, symbol)));
        // Of two at one place the longer one counts, which comes first.
        let (_, symbol) = places.min_by_key(|(place, _)| *place)?;
        let (before, after) = text.split_once(&symbol.text)?;
        Some((before, symbol.part.clone(), after))
    }
}
