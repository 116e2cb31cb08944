//! Values for attributes that nothing is known of.

use super::schema::{Attribute, Nesting, Type};
use super::session::{Salt, Session};
use super::value::Data;
use narrows_model::Partition;
use narrows_model::token::{Hash, Shape};
use std::collections::BTreeMap;

/// Whose attributes are made up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Maker<'a> {
    pub(super) session: &'a Session,
    pub(super) type_name: &'a str,
    /// The partition, where it is known.
    pub(super) partition: Option<Partition>,
    /// What tells this resource from all others, the same in both salts.
    pub(super) identity: u64,
}

/// An attribute's place: its path in the schema, for people, and with indices, to tell elements apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) exact: String,
}

impl Place {
    pub(super) fn then(&self, name: &str) -> Self {
        let join =
            |before: &str| if before.is_empty() { name.to_owned() } else { format!("{before}.{name}") };
        Self { path: join(&self.path), exact: join(&self.exact) }
    }

    pub(super) fn at(&self, index: impl std::fmt::Display) -> Self {
        Self { path: self.path.clone(), exact: format!("{}[{index}]", self.exact) }
    }
}

impl Maker<'_> {
    /// The token for a place in the resource; the same each time.
    pub(super) fn token(&self, shape: Shape, place: &str) -> String {
        let parts = [self.type_name.as_bytes(), &self.identity.to_le_bytes(), place.as_bytes()];
        self.session.token(shape, Hash::of(&parts))
    }

    /// A symbol for a text of which only the attribute's name is known.
    pub(super) fn text(&self, place: &Place) -> Data {
        let name = place.path.rsplit('.').next().unwrap_or_default();
        let is_arn = self.type_name.starts_with("aws_") && (name == "arn" || name.ends_with("_arn"));
        let partition = self.partition.filter(|_| is_arn);
        let token = self.token(if partition.is_some() { Shape::Arn } else { Shape::Any }, &place.exact);
        let text = match partition {
            Some(partition) => format!("arn:{partition}:{token}"),
            None => token.clone(),
        };
        self.session.give(self.type_name, &place.path, &text, &token);
        Data::Text(text)
    }

    /// A value of a type, such that no two salts have the same.
    ///
    /// Numbers, Booleans and lengths have few or no characters to tell a symbol by, so what depends on them shows only by
    /// being different in the plans.
    pub(super) fn value(&self, r#type: &Type, place: &Place) -> Data {
        let salt = self.session.salt();
        let seed = || Hash::of(&[&self.identity.to_le_bytes(), place.exact.as_bytes()]);
        if !matches!(r#type, Type::Text | Type::Dynamic) {
            self.session.make_up();
        }
        // Lists of texts are long enough for the subscripts that configurations use, such as of availability zones.
        let few = match r#type {
            Type::List(of) | Type::Set(of) if **of == Type::Text => 3,
            _ => 1,
        };
        let indices = 0..match salt {
            Salt::First => few,
            Salt::Second => few + 1,
            Salt::Third => 0,
        };
        let key = |index: i32| self.token(Shape::Letters(16), &format!("{}[{index}] key", place.exact));
        match r#type {
            Type::Text => self.text(place),
            Type::Number => Data::Number(match salt {
                Salt::First => 0.into(),
                Salt::Second => (1_000_003 + seed() % 1000).into(),
                Salt::Third => 1.into(),
            }),
            Type::Bool => {
                Data::Bool(self.session.boolean(format!("{}.{}", self.type_name, place.path), seed()))
            }
            Type::Dynamic => {
                let string = rmpv::Value::Binary(b"\"string\"".to_vec());
                Data::List(vec![Data::Other(string), self.text(place)])
            }
            Type::List(of) => Data::List(indices.map(|index| self.value(of, &place.at(index))).collect()),
            Type::Set(of) => Data::List(distinct(indices.map(|index| self.value(of, &place.at(index))))),
            Type::Map(of) => {
                Data::Map(indices.map(|index| (key(index), self.value(of, &place.at(index)))).collect())
            }
            Type::Tuple(of) => Data::List(
                of.iter().enumerate().map(|(index, of)| self.value(of, &place.at(index))).collect(),
            ),
            Type::Object(fields) => Data::Map(
                fields.iter().map(|(name, of)| (name.clone(), self.value(of, &place.then(name)))).collect(),
            ),
            Type::Nested(nesting, attributes) => match nesting {
                Nesting::Single | Nesting::Group => self.object(attributes, place),
                Nesting::List => {
                    Data::List(indices.map(|index| self.object(attributes, &place.at(index))).collect())
                }
                Nesting::Set => {
                    Data::List(distinct(indices.map(|index| self.object(attributes, &place.at(index)))))
                }
                Nesting::Map => Data::Map(
                    indices.map(|index| (key(index), self.object(attributes, &place.at(index)))).collect(),
                ),
            },
        }
    }

    /// A document that nobody has written: no two salts have any part of it in common that code could take for certain.
    pub(super) fn document(&self) -> Data {
        self.session.make_up();
        let text = match self.session.salt() {
            Salt::First => r#"{"Version":"2012-10-17","Statement":[]}"#,
            Salt::Second | Salt::Third => {
                r#"{"Version":"2008-10-17","Id":"x","Statement":[{"Sid":"x","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}"#
            }
        };
        Data::Text(text.to_owned())
    }

    fn object(&self, attributes: &BTreeMap<String, Attribute>, place: &Place) -> Data {
        let made = |(name, attribute): (&String, &Attribute)| {
            let value = if attribute.computed {
                self.value(&attribute.r#type, &place.then(name))
            } else {
                Data::Null
            };
            (name.clone(), value)
        };
        Data::Map(attributes.iter().map(made).collect())
    }
}

/// The items without repetitions, which a set does not have.
fn distinct(items: impl Iterator<Item = Data>) -> Vec<Data> {
    let mut found: Vec<Data> = Vec::new();
    for item in items {
        if !found.contains(&item) {
            found.push(item);
        }
    }
    found
}
