//! Values as the plugin protocol carries them: MessagePack, with an extension for what is not known yet.

use rmpv::Value as Packed;
use std::collections::BTreeMap;

/// A value of the engine.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Data {
    Null,
    /// Known after the resource exists.
    Unknown,
    Bool(bool),
    Number(Packed),
    Text(String),
    List(Vec<Data>),
    /// An object or a map.
    Map(BTreeMap<String, Data>),
    /// Anything else, such as the type that goes with a value of dynamic type: passed on as it came.
    Other(Packed),
}

/// Bytes that are not a value of the engine.
#[derive(Debug, thiserror::Error)]
pub(super) enum ValueError {
    #[error("a value that is not MessagePack: {0}")]
    Packed(#[from] rmpv::decode::Error),
    #[error("a value that is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("a key of an object or map that is not a string: {0}")]
    Key(Packed),
    #[error("a string that is not UTF-8")]
    Utf8,
    #[error("a number that MessagePack cannot hold: {0}")]
    Number(serde_json::Number),
    #[error("a value could not be written: {0}")]
    Write(#[from] rmpv::encode::Error),
}

impl Data {
    pub(super) fn from_msgpack(mut bytes: &[u8]) -> Result<Self, ValueError> {
        Self::from_packed(rmpv::decode::read_value(&mut bytes)?)
    }

    pub(super) fn from_json_bytes(bytes: &[u8]) -> Result<Self, ValueError> {
        Self::from_json(&serde_json::from_slice(bytes)?)
    }

    fn from_packed(packed: Packed) -> Result<Self, ValueError> {
        Ok(match packed {
            Packed::Nil => Self::Null,
            // 0 is unknown, 12 unknown with something said of it; there is no other.
            Packed::Ext(..) => Self::Unknown,
            Packed::Boolean(value) => Self::Bool(value),
            Packed::Integer(_) | Packed::F32(_) | Packed::F64(_) => Self::Number(packed),
            Packed::String(text) => Self::Text(text.into_str().ok_or(ValueError::Utf8)?),
            Packed::Array(items) => {
                Self::List(items.into_iter().map(Self::from_packed).collect::<Result<_, _>>()?)
            }
            Packed::Map(members) => {
                let member = |(key, value): (Packed, Packed)| {
                    let name = key.as_str().map(str::to_owned).ok_or(ValueError::Key(key))?;
                    Ok::<_, ValueError>((name, Self::from_packed(value)?))
                };
                Self::Map(members.into_iter().map(member).collect::<Result<_, _>>()?)
            }
            Packed::Binary(_) => Self::Other(packed),
        })
    }

    pub(super) fn to_msgpack(&self) -> Result<Vec<u8>, ValueError> {
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, &self.to_packed())?;
        Ok(bytes)
    }

    fn to_packed(&self) -> Packed {
        match self {
            Self::Null => Packed::Nil,
            Self::Unknown => Packed::Ext(0, vec![0]),
            Self::Bool(value) => Packed::Boolean(*value),
            Self::Number(packed) | Self::Other(packed) => packed.clone(),
            Self::Text(text) => Packed::from(text.as_str()),
            Self::List(items) => Packed::Array(items.iter().map(Self::to_packed).collect()),
            Self::Map(members) => {
                let member =
                    |(name, value): (&String, &Self)| (Packed::from(name.as_str()), value.to_packed());
                Packed::Map(members.iter().map(member).collect())
            }
        }
    }

    pub(super) fn from_json(json: &serde_json::Value) -> Result<Self, ValueError> {
        Ok(match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => Self::Number(match (number.as_i64(), number.as_u64()) {
                (Some(number), _) => Packed::from(number),
                (None, Some(number)) => Packed::from(number),
                (None, None) => {
                    number.as_f64().map(Packed::from).ok_or_else(|| ValueError::Number(number.clone()))?
                }
            }),
            serde_json::Value::String(text) => Self::Text(text.clone()),
            serde_json::Value::Array(items) => {
                Self::List(items.iter().map(Self::from_json).collect::<Result<_, _>>()?)
            }
            serde_json::Value::Object(members) => Self::Map(
                members
                    .iter()
                    .map(|(name, value)| Ok((name.clone(), Self::from_json(value)?)))
                    .collect::<Result<_, ValueError>>()?,
            ),
        })
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(members) => members.get(name),
            _ => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether any part of it is known only after the resource exists.
    pub(super) fn has_unknown(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::List(items) => items.iter().any(Self::has_unknown),
            Self::Map(members) => members.values().any(Self::has_unknown),
            _ => false,
        }
    }

    /// The items of a list or set; none where it is something else.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(data: &Data) -> Data {
        Data::from_msgpack(&data.to_msgpack().unwrap()).unwrap()
    }

    #[test]
    fn values_come_back_as_they_went() {
        let json = serde_json::json!({
            "a": null, "b": true, "c": [1, -1, 1.5, 18_446_744_073_709_551_615_u64], "d": {"e": "text"}
        });
        let Data::Map(mut members) = Data::from_json(&json).unwrap() else {
            panic!("an object was read as another value")
        };
        members.insert("unknown".to_owned(), Data::Unknown);
        members.insert("type".to_owned(), Data::Other(Packed::Binary(b"\"string\"".to_vec())));
        let data = Data::Map(members);
        assert_eq!(round_trip(&data), data);
    }

    #[test]
    fn an_unknown_with_refinements_is_unknown() {
        let refined = Packed::Ext(12, vec![0x81, 0x01, 0xc2]);
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, &refined).unwrap();
        assert_eq!(Data::from_msgpack(&bytes).unwrap(), Data::Unknown);
    }

    #[test]
    fn what_is_no_value_is_an_error() {
        assert!(matches!(Data::from_msgpack(&[]), Err(ValueError::Packed(_))));
        assert!(matches!(Data::from_msgpack(&[0x81, 0x01, 0x02]), Err(ValueError::Key(_))));
        assert!(matches!(Data::from_msgpack(&[0xa1, 0xff]), Err(ValueError::Utf8)));
        assert!(matches!(Data::from_json_bytes(b"{"), Err(ValueError::Json(_))));
    }
}
