use narrows_model::date::Date;
use narrows_model::intent::{Access, Severity, TlsVersion};
use narrows_model::{
    AccountId, Arn, BucketName, Cidr, KeyPrefix, MrapName, NameError, OrganisationId, RoleArn,
    ServicePrincipal, Span, StackName, SubnetId, VpcId,
};
#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
#[cfg(feature = "schema")]
use std::borrow::Cow;
use std::marker::PhantomData;
use toml::Spanned;

use crate::{MrapRegion, MrapRegionError};

/// A text of the description that is to be a `T`, and where it stands.
pub(super) struct Given<T> {
    pub(super) text: String,
    pub(super) span: Span,
    meaning: PhantomData<T>,
}

impl<'de, T> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<String>::deserialize(deserializer)?;
        let span = Span { start: spanned.span().start, end: spanned.span().end };
        Ok(Self { text: spanned.into_inner(), span, meaning: PhantomData })
    }
}

#[cfg(feature = "schema")]
impl<T: Described> JsonSchema for Given<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        T::schema()
    }
}

/// A part of the description and where it stands.
pub(super) struct Placed<T> {
    pub(super) it: T,
    pub(super) span: Span,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<T>::deserialize(deserializer)?;
        let span = Span { start: spanned.span().start, end: spanned.span().end };
        Ok(Self { it: spanned.into_inner(), span })
    }
}

#[cfg(feature = "schema")]
impl<T: JsonSchema> JsonSchema for Placed<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// Why a text is no `T`: what is wrong, and the nearest name where there is one.
pub(super) struct Wrong {
    pub(super) message: String,
    pub(super) nearest: Option<String>,
}

impl From<NameError> for Wrong {
    fn from(error: NameError) -> Self {
        let whole = error.to_string();
        // The suggestion is shown as help instead.
        let message = whole.split_once("; did you mean").map_or(whole.as_str(), |(before, _)| before);
        Self { message: message.to_owned(), nearest: error.nearest().map(str::to_owned) }
    }
}

impl From<MrapRegionError> for Wrong {
    fn from(error: MrapRegionError) -> Self {
        match error {
            MrapRegionError::Name(error) => error.into(),
            error @ MrapRegionError::Unsupported(_) => Self { message: error.to_string(), nearest: None },
        }
    }
}

/// A kind of text that the description can hold, for its JSON Schema and its messages.
///
/// A pattern never refuses what the type admits; it may admit more, for the type alone decides.
pub(super) trait Described: Sized {
    #[cfg(feature = "schema")]
    const NAME: &'static str;

    fn read(text: &str) -> Result<Self, Wrong>;

    #[cfg(feature = "schema")]
    fn schema() -> Schema;
}

macro_rules! described {
    ($type:ty, $name:literal, $schema:tt) => {
        impl Described for $type {
            #[cfg(feature = "schema")]
            const NAME: &'static str = $name;

            fn read(text: &str) -> Result<Self, Wrong> {
                text.parse::<Self>().map_err(Wrong::from)
            }

            #[cfg(feature = "schema")]
            fn schema() -> Schema {
                json_schema!($schema)
            }
        }
    };
}

described!(StackName, "StackName", {
    "type": "string", "pattern": "^[a-z][a-z0-9-]{1,38}[a-z0-9]$"
});
described!(AccountId, "AccountId", { "type": "string", "pattern": "^[0-9]{12}$" });
described!(OrganisationId, "OrganisationId", { "type": "string", "pattern": "^o-[a-z0-9]{10,32}$" });
described!(MrapName, "MrapName", { "type": "string", "pattern": "^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$" });
described!(BucketName, "BucketName", {
    "type": "string", "pattern": "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
});
described!(KeyPrefix, "KeyPrefix", { "type": "string", "pattern": "^[^*?$]*$", "maxLength": 1024 });
described!(RoleArn, "RoleArn", {
    "type": "string", "pattern": "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[!-~]*[A-Za-z0-9+=,.@_-]{1,64}$"
});
described!(Arn, "Arn", {
    "type": "string", "pattern": "^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$"
});
described!(ServicePrincipal, "ServicePrincipal", {
    "type": "string", "pattern": "^[a-z0-9._-]+[.](amazonaws[.]com|amazonaws[.]com[.]cn|amazon[.]com|aws[.]internal)$"
});
described!(VpcId, "VpcId", { "type": "string", "pattern": "^vpc-([0-9a-f]{8}|[0-9a-f]{17})$" });
described!(SubnetId, "SubnetId", { "type": "string", "pattern": "^subnet-([0-9a-f]{8}|[0-9a-f]{17})$" });
described!(Cidr, "Cidr", { "type": "string", "pattern": "^[0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,2}$" });
described!(Date, "Date", { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" });
described!(Access, "Access", { "type": "string", "enum": ["read", "write", "read-write"] });
described!(Severity, "Severity", { "type": "string", "enum": ["low", "medium", "high"] });
described!(TlsVersion, "TlsVersion", { "type": "string", "enum": ["1.2", "1.3"] });

impl Described for MrapRegion {
    #[cfg(feature = "schema")]
    const NAME: &'static str = "Region";

    fn read(text: &str) -> Result<Self, Wrong> {
        text.parse::<Self>().map_err(Wrong::from)
    }

    #[cfg(feature = "schema")]
    fn schema() -> Schema {
        let codes: Vec<_> =
            narrows_model::Region::mrap_capable().map(narrows_model::Region::as_str).collect();
        json_schema!({ "type": "string", "enum": codes })
    }
}

/// Words that say why something has to be; never empty.
pub(super) struct Reason(pub(super) String);

impl Described for Reason {
    #[cfg(feature = "schema")]
    const NAME: &'static str = "Reason";

    fn read(text: &str) -> Result<Self, Wrong> {
        if text.trim().is_empty() {
            let message = "an empty reason: expected a few words on why".to_owned();
            return Err(Wrong { message, nearest: None });
        }
        Ok(Self(text.to_owned()))
    }

    #[cfg(feature = "schema")]
    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "[^ ]" })
    }
}
