use crate::{Attribute, Deployment, Kind, Part, Reference, ResourceId, Text};

/// A value unknown before deployment, as one character of the private use plane 15 inside otherwise plain text.
///
/// Text with symbols lets patterns be matched against values that exist only later: a symbol is equal to itself, differs
/// from the symbols of other created resources, and is undecided against what covers only part of its [`Shape`].
pub type Symbol = char;

const FIRST: u32 = 0xF_0000;
const LAST: u32 = 0xF_FFFD;

/// Whether the character stands for a value unknown before deployment.
pub fn is_symbol(c: char) -> bool {
    (FIRST..=LAST).contains(&u32::from(c))
}

/// The language that a symbol's value is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One character of `first`, then characters of `rest`; between `min` and `max` characters in all.
    ///
    /// Both are lists of inclusive ranges.
    Word {
        /// What the first character can be.
        first: &'static [(char, char)],
        /// What each further character can be.
        rest: &'static [(char, char)],
        /// The least number of characters.
        min: usize,
        /// The greatest number of characters.
        max: usize,
    },
    /// Any text: nothing is known of it, and it may equal any other value.
    Any,
}

impl Shape {
    /// What precedes `.mrap` in an MRAP's alias: `[a-z][a-z0-9]*`, at most 58 characters.
    pub const MRAP_ALIAS_STEM: Self =
        Self::Word { first: &[('a', 'z')], rest: &[('a', 'z'), ('0', '9')], min: 1, max: 58 };
    /// What follows `vpce-` in an endpoint's id: hexadecimal digits.
    pub const ENDPOINT_DIGITS: Self =
        Self::Word { first: &[('0', '9'), ('a', 'f')], rest: &[('0', '9'), ('a', 'f')], min: 8, max: 17 };
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    display: String,
    stand_in: String,
    shape: Shape,
    owner: Option<Reference>,
}

/// The symbols of one deployment, in the order in which they were met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Symbols {
    entries: Vec<Entry>,
}

impl Symbols {
    /// The language of a symbol; `None` for a character that is not one of these symbols.
    pub fn shape(&self, symbol: Symbol) -> Option<Shape> {
        self.entry(symbol).map(|entry| entry.shape)
    }

    /// The reference that a symbol stands for, where it is a value of a resource in the input.
    pub fn owner(&self, symbol: Symbol) -> Option<&Reference> {
        self.entry(symbol)?.owner.as_ref()
    }

    /// All symbols so far.
    pub fn iter(&self) -> impl Iterator<Item = Symbol> + '_ {
        (FIRST..).take(self.entries.len()).filter_map(char::from_u32)
    }

    /// A text as a person should see it: each symbol as its reference, in `${…}`.
    pub fn show(&self, text: &str) -> String {
        self.replace(text, |entry| format!("${{{}}}", entry.display))
    }

    /// A text with an example of the right shape in the place of each symbol.
    pub fn stand_in(&self, text: &str) -> String {
        self.replace(text, |entry| entry.stand_in.clone())
    }

    fn replace(&self, text: &str, by: impl Fn(&Entry) -> String) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match self.entry(c) {
                Some(entry) => out.push_str(&by(entry)),
                None => out.push(c),
            }
        }
        out
    }

    fn entry(&self, symbol: Symbol) -> Option<&Entry> {
        let index = u32::from(symbol).checked_sub(FIRST)?;
        self.entries.get(usize::try_from(index).ok()?)
    }

    fn intern(&mut self, entry: Entry) -> Symbol {
        let index = self.entries.iter().position(|known| *known == entry).unwrap_or_else(|| {
            self.entries.push(entry);
            self.entries.len() - 1
        });
        // 65,534 symbols are more than any policy can hold; past them all unknowns share one, which only loses precision.
        u32::try_from(index)
            .ok()
            .and_then(|index| char::from_u32((FIRST + index).min(LAST)))
            .unwrap_or('\u{F0000}')
    }

    /// The symbol of an expression that cannot be resolved.
    pub fn opaque(&mut self, expression: &str) -> Symbol {
        let display = expression.to_owned();
        self.intern(Entry { display, stand_in: "unknown".to_owned(), shape: Shape::Any, owner: None })
    }

    /// A text with every reference resolved: to what the deployment knows, and to symbols where it does not.
    ///
    /// Characters of the symbols' plane in the text itself become one opaque symbol, so that nothing can pose as one.
    pub fn resolve(&mut self, deployment: &Deployment, text: &Text) -> String {
        let mut out = String::new();
        for part in text.parts() {
            match part {
                Part::Literal(literal) if !literal.contains(is_symbol) => out.push_str(literal),
                Part::Literal(_) => out.push(self.opaque("text with private use characters")),
                Part::Unknown(expression) => out.push(self.opaque(expression)),
                Part::Reference(reference) => {
                    let known = deployment.value_of(reference);
                    for part in known.parts() {
                        match part {
                            Part::Literal(literal) => out.push_str(literal),
                            Part::Unknown(expression) => out.push(self.opaque(expression)),
                            Part::Reference(primitive) => {
                                self.push_primitive(deployment, primitive, &mut out)
                            }
                        }
                    }
                }
            }
        }
        out
    }

    fn push_primitive(&mut self, deployment: &Deployment, reference: &Reference, out: &mut String) {
        let Reference { resource, attribute } = reference;
        let display = match deployment.get(resource).map(|resource| resource.address.as_str()) {
            Some(address) if !address.is_empty() => format!("{address}.{attribute}"),
            _ => reference.to_string(),
        };
        let number = self.entries.len() + 1;
        let (before, shape, stand_in, after) = match (&resource.kind, attribute) {
            (Kind::MultiRegionAccessPoint, Attribute::Alias) => {
                ("", Shape::MRAP_ALIAS_STEM, format!("mnarrows{number}"), ".mrap")
            }
            (Kind::VpcEndpoint, Attribute::Id) => {
                ("vpce-", Shape::ENDPOINT_DIGITS, format!("{number:017x}"), "")
            }
            _ => return out.push(self.opaque(&display)),
        };
        let owner = Some(reference.clone());
        let known = self.entries.iter().find(|entry| entry.owner == owner).cloned();
        let entry = known.unwrap_or(Entry { display, stand_in, shape, owner });
        out.push_str(before);
        out.push(self.intern(entry));
        out.push_str(after);
    }

    /// The text of one value of a resource, resolved as [`Symbols::resolve`] does.
    pub fn resolve_attribute(
        &mut self,
        deployment: &Deployment,
        id: &ResourceId,
        attribute: Attribute,
    ) -> String {
        self.resolve(deployment, &id.attribute(attribute).into())
    }
}
