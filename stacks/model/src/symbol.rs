use crate::{Attribute, Deployment, Kind, Part, Reference, ResourceId, SmolStr, Text};
use std::collections::{BTreeSet, HashMap};

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

fn has_symbol(text: &str) -> bool {
    !text.is_ascii() && text.contains(is_symbol)
}

/// Whether two texts can be one, whatever their symbols stand for.
pub fn may_be_same(one: &str, other: &str) -> bool {
    let ends = |text: &str| -> (String, String) {
        let (start, rest) = text.split_once(is_symbol).unwrap_or((text, text));
        let end = rest.rsplit(is_symbol).next().unwrap_or_default();
        (start.to_owned(), end.to_owned())
    };
    if ![one, other].iter().any(|text| text.contains(is_symbol)) {
        return one == other;
    }
    let (start, end) = ends(one);
    let (other_start, other_end) = ends(other);
    (start.starts_with(&other_start) || other_start.starts_with(&start))
        && (end.ends_with(&other_end) || other_end.ends_with(&end))
}

/// Whether an expression reads files: `file("x.json")`, `templatefile(…)`, `fileset(…)` and the like.
fn reads_a_file(expression: &str) -> bool {
    let word = |text: &str| {
        let start = text.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        text.get(start..).is_some_and(|word| word.starts_with("file") || word == "templatefile")
    };
    expression
        .match_indices('(')
        .any(|(at, _)| expression.get(..at).is_some_and(|before| word(before.trim_end())))
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
    /// A bucket's name: 3 to 63 lower case letters, digits, dots and hyphens.
    ///
    /// Source: Amazon S3 User Guide, "General purpose bucket naming rules".
    pub const BUCKET_NAME: Self = Self::Word {
        first: &[('a', 'z'), ('0', '9')],
        rest: &[('a', 'z'), ('0', '9'), ('-', '.')],
        min: 3,
        max: 63,
    };
    /// What follows `vpce-` in an endpoint's id: hexadecimal digits.
    pub const ENDPOINT_DIGITS: Self =
        Self::Word { first: &[('0', '9'), ('a', 'f')], rest: &[('0', '9'), ('a', 'f')], min: 8, max: 17 };
    /// The id of an account: 12 digits.
    pub const ACCOUNT_ID: Self = Self::Word { first: &[('0', '9')], rest: &[('0', '9')], min: 12, max: 12 };
    /// A key's id: hexadecimal digits in groups, or `mrk-` and such digits.
    pub const KEY_ID: Self = Self::Word {
        first: &[('0', '9'), ('a', 'f'), ('m', 'm')],
        rest: &[('0', '9'), ('a', 'f'), ('k', 'k'), ('r', 'r'), ('-', '-')],
        min: 36,
        max: 36,
    };
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    display: String,
    stand_in: String,
    shape: Shape,
    owner: Option<Reference>,
    /// What precedes and follows the symbol in the value that the reference means.
    around: (&'static str, &'static str),
    /// The state of the deployment, of several, that alone has the value: what is in a file may be another one in each.
    of_state: Option<usize>,
}

/// The symbols of one deployment, in the order in which they were met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Symbols {
    entries: Vec<Entry>,
    /// The places of entries, by what they display.
    places: HashMap<String, Vec<usize>>,
    /// The places of those that a resource owns.
    owned: HashMap<Reference, usize>,
    /// Which state of the deployment is read, of several.
    state: usize,
    /// Which of the entries the last state has.
    met: BTreeSet<usize>,
}

impl Symbols {
    /// These symbols, for the next state of the same deployment to be read: what both spell alike is one value, but for what
    /// stands in files.
    #[must_use]
    pub fn for_next_state(&self) -> Self {
        Self { state: self.state + 1, met: BTreeSet::new(), ..self.clone() }
    }

    /// Expressions that nothing resolves and that this state has in common with the one before, in their order.
    pub fn in_common<'s>(&'s self, before: &'s Self) -> impl Iterator<Item = &'s str> {
        let old = before.entries.len();
        let entries = self.met.iter().take_while(move |index| **index < old);
        let entries = entries.filter_map(|index| self.entries.get(*index));
        entries
            .filter(|entry| entry.owner.is_none() && entry.shape == Shape::Any)
            .map(|entry| entry.display.as_str())
    }

    /// The language of a symbol; `None` for a character that is not one of these symbols.
    pub fn shape(&self, symbol: Symbol) -> Option<Shape> {
        self.entry(symbol).map(|entry| entry.shape)
    }

    /// The reference that a symbol stands for, where it is a value of a resource in the input.
    pub fn owner(&self, symbol: Symbol) -> Option<&Reference> {
        self.entry(symbol)?.owner.as_ref()
    }

    /// How many values can be told apart.
    pub const MOST: u32 = LAST - FIRST + 1;

    /// Whether there are more values than symbols, so that two that differ may share one: nothing can be told then.
    pub fn are_too_many(&self) -> bool {
        u32::try_from(self.entries.len()).map_or(true, |count| count > Self::MOST)
    }

    /// All symbols so far.
    pub fn iter(&self) -> impl Iterator<Item = Symbol> + '_ {
        (FIRST..=LAST).take(self.entries.len()).filter_map(char::from_u32)
    }

    /// A text as a person should see it: each symbol as its reference, in `${…}`.
    ///
    /// What a symbol always stands beside (`.mrap` after an alias, `vpce-` before an endpoint's digits) is part of the
    /// value that the reference means, and goes into it.
    pub fn show(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            let Some(entry) = self.entry(c) else {
                out.push(c);
                continue;
            };
            let (before, after) = entry.around;
            let whole = out.ends_with(before) && rest.as_str().starts_with(after);
            if whole {
                out.truncate(out.len() - before.len());
                rest = rest.as_str().get(after.len()..).unwrap_or_default().chars();
            }
            out.push_str(&format!("${{{}{}}}", if whole { "" } else { "part of " }, entry.display));
        }
        out
    }

    /// A text with an example of the right shape in the place of each symbol.
    pub fn stand_in(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match self.entry(c) {
                Some(entry) => out.push_str(&entry.stand_in),
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
        let alike = self.places.get(&entry.display);
        let known =
            alike.and_then(|all| all.iter().find(|at| self.entries.get(**at) == Some(&entry)).copied());
        let index = known.unwrap_or_else(|| {
            let new = self.entries.len();
            self.places.entry(entry.display.clone()).or_default().push(new);
            if let Some(owner) = &entry.owner {
                self.owned.entry(owner.clone()).or_insert(new);
            }
            self.entries.push(entry);
            new
        });
        self.met.insert(index);
        Self::symbol_at(index)
    }

    fn symbol_at(index: usize) -> Symbol {
        // Past the last one all share a symbol: see `are_too_many`.
        u32::try_from(index)
            .ok()
            .and_then(|index| char::from_u32((FIRST + index).min(LAST)))
            .unwrap_or('\u{F0000}')
    }

    /// The symbol of an expression that cannot be resolved; of the account that is deployed to, it is known that it is one.
    pub fn opaque(&mut self, expression: &str) -> Symbol {
        let (shape, stand_in) = match expression {
            Deployment::ACCOUNT => (Shape::ACCOUNT_ID, "111122223333"),
            _ => (Shape::Any, "unknown"),
        };
        let (display, stand_in) = (expression.to_owned(), stand_in.to_owned());
        let of_state = reads_a_file(expression).then_some(self.state);
        self.intern(Entry { display, stand_in, shape, owner: None, around: ("", ""), of_state })
    }

    /// A symbol for a value of a shape of which nothing else is known; where somebody owns it, it differs from what others own.
    pub fn nameless(&mut self, display: &str, shape: Shape, owner: Option<Reference>) -> Symbol {
        let (display, stand_in) = (display.to_owned(), "nameless".to_owned());
        self.intern(Entry { display, stand_in, shape, owner, around: ("", ""), of_state: None })
    }

    /// A text with every reference resolved: to what the deployment knows, and to symbols where it does not.
    ///
    /// A text that has characters of the symbols' plane becomes one opaque symbol, so that nothing can pose as one.
    pub fn resolve(&mut self, deployment: &Deployment, text: &Text) -> SmolStr {
        if let [Part::Literal(literal)] = text.parts()
            && !has_symbol(literal)
        {
            return literal.clone();
        }
        let mut out = String::new();
        for part in text.parts() {
            match part {
                Part::Literal(literal) if !has_symbol(literal) => out.push_str(literal),
                Part::Literal(literal) => out.push(self.opaque(&format!("\"{}\"", literal.escape_default()))),
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
        out.into()
    }

    fn push_primitive(&mut self, deployment: &Deployment, reference: &Reference, out: &mut String) {
        if let Some((index, entry)) =
            self.owned.get(reference).and_then(|index| Some((*index, self.entries.get(*index)?)))
        {
            out.push_str(entry.around.0);
            out.push(Self::symbol_at(index));
            out.push_str(entry.around.1);
            return;
        }
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
            (Kind::Bucket, Attribute::Id) => {
                ("", Shape::BUCKET_NAME, format!("narrows-unnamed-bucket-{number}"), "")
            }
            (Kind::Key, Attribute::Id) => {
                ("", Shape::KEY_ID, format!("{number:08x}-0000-4000-8000-000000000000"), "")
            }
            _ => return out.push(self.opaque(&display)),
        };
        let owner = Some(reference.clone());
        out.push_str(before);
        let around = (before, after);
        out.push(self.intern(Entry { display, stand_in, shape, owner, around, of_state: None }));
        out.push_str(after);
    }

    /// The text of one value of a resource, resolved as [`Symbols::resolve`] does.
    pub fn resolve_attribute(
        &mut self,
        deployment: &Deployment,
        id: &ResourceId,
        attribute: Attribute,
    ) -> SmolStr {
        self.resolve(deployment, &id.attribute(attribute).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::s3::PublicAccessBlock;
    use crate::resources::s3control::MultiRegionAccessPoint;
    use crate::{Body, Input, Location, Partition, Resource};

    #[test]
    fn more_values_than_symbols_are_told() {
        let mut symbols = Symbols::default();
        for number in 0..Symbols::MOST {
            symbols.opaque(&format!("x{number}"));
        }
        assert!(!symbols.are_too_many());
        assert_eq!(symbols.opaque("x0"), '\u{F0000}');
        assert!(!symbols.are_too_many());
        symbols.opaque("y");
        assert!(symbols.are_too_many());
    }

    #[test]
    fn a_symbol_is_shown_as_the_reference_that_it_belongs_to() {
        let id = ResourceId::new(Kind::MultiRegionAccessPoint, "data");
        let mut deployment = Deployment::new(Some("123456789012".parse().unwrap()), Partition::Aws);
        let mrap = MultiRegionAccessPoint {
            name: Input::known("data".parse().unwrap()),
            account: None,
            buckets: Vec::new(),
            public_access_block: PublicAccessBlock::ALL,
            alias: None,
        };
        deployment
            .add(Resource {
                id: id.clone(),
                region: None,
                body: Body::MultiRegionAccessPoint(mrap),
                depends_on: Vec::new(),
                address: "m.data".to_owned().into(),
                location: Location::none(),
            })
            .unwrap();
        let mut symbols = Symbols::default();
        let arn = symbols.resolve_attribute(&deployment, &id, Attribute::Arn);
        assert_eq!(symbols.show(&arn), "arn:aws:s3::123456789012:accesspoint/${m.data.alias}");
        assert_eq!(symbols.stand_in(&arn), "arn:aws:s3::123456789012:accesspoint/mnarrows1.mrap");
        assert_eq!(symbols.resolve_attribute(&deployment, &id, Attribute::Arn), arn);
        let other = symbols.opaque("var.x");
        assert_eq!(symbols.show(&format!("a{other}.mrap")), "a${var.x}.mrap");
    }

    #[test]
    fn two_states_have_in_common_what_both_spell_and_no_file_tells() {
        let mut first = Symbols::default();
        let of = |symbols: &mut Symbols, expression| symbols.opaque(expression);
        let before =
            ["var.a", "var.b", "file(\"x.json\")", "jsondecode( templatefile (\"x\", {}))", "profile(1)"]
                .map(|it| of(&mut first, it));
        let mut second = first.for_next_state();
        assert_eq!(of(&mut second, "var.a"), before[0]);
        assert_ne!(of(&mut second, "file(\"x.json\")"), before[2]);
        assert_ne!(of(&mut second, "jsondecode( templatefile (\"x\", {}))"), before[3]);
        assert_eq!(of(&mut second, "profile(1)"), before[4]);
        of(&mut second, "var.c");
        assert_eq!(second.in_common(&first).collect::<Vec<_>>(), ["var.a", "profile(1)"]);
    }

    #[test]
    fn texts_that_can_be_one() {
        let (x, y) = ('\u{F0000}', '\u{F0001}');
        for (one, other, expected) in [
            ("aa".to_owned(), "aaa".to_owned(), false),
            ("orders".to_owned(), "orders".to_owned(), true),
            (format!("{x}"), "orders".to_owned(), true),
            (format!("data-{x}"), "orders".to_owned(), false),
            (format!("data-{x}"), "data-eu".to_owned(), true),
            (format!("data-{x}-eu"), format!("data-{x}-us"), false),
            (format!("{x}-eu"), format!("data-{y}"), true),
            (format!("{x}-eu"), "data-us".to_owned(), false),
        ] {
            assert_eq!(may_be_same(&one, &other), expected, "{one:?} {other:?}");
            assert_eq!(may_be_same(&other, &one), expected, "{other:?} {one:?}");
        }
    }
}
