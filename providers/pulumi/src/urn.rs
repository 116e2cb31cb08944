use crate::kinds;
use narrows_model::ResourceId;

/// The parts of a URN: `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`.
///
/// Source: Pulumi documentation, "Resource names", "Uniform Resource Names (URNs)".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Urn<'a> {
    /// The types of the components that the resource is in, separated by `$`; empty for none.
    pub parents: &'a str,
    /// The type, such as `aws:s3/bucket:Bucket`.
    pub type_name: &'a str,
    /// The logical name.
    pub name: &'a str,
}

impl<'a> Urn<'a> {
    /// The parts of a URN; `None` for a text that is none.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix("urn:pulumi:")?.splitn(4, "::");
        let (_stack, _project, types, name) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let (parents, type_name) = types.rsplit_once('$').unwrap_or(("", types));
        (!type_name.is_empty()).then_some(Self { parents, type_name, name })
    }

    /// The id of the resource in a deployment: its name, after the types that it is in.
    pub(crate) fn id(&self) -> ResourceId {
        let name = match self.parents {
            "" => self.name.to_owned(),
            parents => format!("{parents}::{}", self.name),
        };
        ResourceId::new(kinds::kind_of(self.type_name), name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use narrows_model::Kind;

    #[test]
    fn names_tell_resources_of_one_type_apart() {
        let top = Urn::parse("urn:pulumi:dev::orders::aws:s3/bucketV2:BucketV2::data::eu").unwrap();
        assert_eq!((top.parents, top.type_name, top.name), ("", "aws:s3/bucketV2:BucketV2", "data::eu"));
        assert_eq!(top.id(), ResourceId::new(Kind::Bucket, "data::eu"));
        let inner = Urn::parse("urn:pulumi:dev::orders::a:b:C$d:e:F$aws:s3/bucket:Bucket::data").unwrap();
        assert_eq!(inner.id(), ResourceId::new(Kind::Bucket, "a:b:C$d:e:F::data"));
        for text in ["", "urn:pulumi:dev::orders", "urn:pulumi:dev::orders::::x", "arn:aws:s3:::b"] {
            assert_eq!(Urn::parse(text), None, "{text}");
        }
    }
}
