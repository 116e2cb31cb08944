//! The two versions of the plugin protocol, which differ in names alone as far as they are used here.

use super::super::schema::SchemaError;
use super::super::wire;
use prost::Message;

/// A version of the plugin protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Version 5.
    Five,
    /// Version 6.
    Six,
}

/// The calls that have another name in version 5: that one last.
const RENAMED: [(&str, &str); 6] = [
    ("GetProviderSchema", "GetSchema"),
    ("ValidateProviderConfig", "PrepareProviderConfig"),
    ("ValidateResourceConfig", "ValidateResourceTypeConfig"),
    ("ValidateDataResourceConfig", "ValidateDataSourceConfig"),
    ("ConfigureProvider", "Configure"),
    ("StopProvider", "Stop"),
];

impl Protocol {
    pub(in super::super) fn version(self) -> u8 {
        match self {
            Self::Five => 5,
            Self::Six => 6,
        }
    }

    fn service(self) -> &'static str {
        match self {
            Self::Five => "/tfplugin5.Provider/",
            Self::Six => "/tfplugin6.Provider/",
        }
    }

    /// The name that a call has in version 6.
    pub(in super::super) fn method(self, path: &str) -> Option<&str> {
        let name = path.strip_prefix(self.service())?;
        let renamed = RENAMED.iter().find(|(_, five)| self == Self::Five && *five == name);
        Some(renamed.map_or(name, |(six, _)| six))
    }

    /// Where a call goes that has this name in version 6.
    pub(super) fn path(self, method: &str) -> String {
        let renamed = RENAMED.iter().find(|(six, _)| self == Self::Five && *six == method);
        format!("{}{}", self.service(), renamed.map_or(method, |(_, five)| five))
    }

    /// The block of a schema, as version 6 has it.
    pub(super) fn block(self, schema: &[u8], path: &str) -> Result<wire::Block, SchemaError> {
        let schema = match self {
            Self::Five => wire::five::Schema::decode(schema).map(Into::into),
            Self::Six => wire::Schema::decode(schema),
        };
        let schema =
            schema.map_err(|error| SchemaError::Wire { path: path.to_owned(), error: error.to_string() })?;
        Ok(schema.block.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_have_the_names_of_their_version() {
        assert_eq!(Protocol::Five.method("/tfplugin5.Provider/GetSchema"), Some("GetProviderSchema"));
        assert_eq!(Protocol::Six.method("/tfplugin6.Provider/GetProviderSchema"), Some("GetProviderSchema"));
        assert_eq!(Protocol::Six.method("/tfplugin5.Provider/GetSchema"), None);
        assert_eq!(Protocol::Five.path("PlanResourceChange"), "/tfplugin5.Provider/PlanResourceChange");
        for (six, five) in RENAMED {
            assert_eq!(Protocol::Five.path(six), format!("/tfplugin5.Provider/{five}"));
            assert_eq!(Protocol::Six.path(six), format!("/tfplugin6.Provider/{six}"));
        }
    }

    /// Number 10 is a flag in one version and a message in the other.
    #[test]
    fn a_schema_of_version_5_is_read_with_its_own_numbers() {
        let name = [&[0x0a, 1, b'a'][..], &[0x12, 8], br#""string""#, &[0x50, 1]].concat();
        let attribute = [&[0x12, u8::try_from(name.len()).unwrap()][..], &name].concat();
        let schema = [&[0x12, u8::try_from(attribute.len()).unwrap()][..], &attribute].concat();
        let block = Protocol::Five.block(&schema, "a").unwrap();
        assert!(block.attributes.first().unwrap().write_only);
        assert!(Protocol::Six.block(&schema, "a").unwrap_err().to_string().starts_with("a: "));
    }
}
