//! The resources that Narrows models, one file per AWS service.

pub mod cloudwatch;
pub mod ec2;
pub mod iam;
pub mod kms;
pub mod organisations;
pub mod s3;
pub mod s3control;

use crate::{Input, Kind, Location, Reference, Region, ResourceId, Text, Value, ValueKind};
use std::str::FromStr;

/// A resource of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What identifies it; its kind is that of `body`.
    pub id: ResourceId,
    /// The Region that it is made in; `None` for global services and where the engine's default holds.
    pub region: Option<Input<Region>>,
    /// What it is.
    pub body: Body,
    /// Resources that must exist first although nothing refers to them.
    pub depends_on: Vec<ResourceId>,
    /// How the engine spells its identity, such as `aws_s3_bucket.data["eu"]`; empty for what was composed in code.
    pub address: Address,
    /// Where it stands.
    pub location: Location,
}

/// How an engine spells a resource's identity; never takes part in comparisons.
#[derive(Clone, Debug, Default)]
pub struct Address(String);

impl Address {
    /// The address as the engine spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl From<String> for Address {
    fn from(text: String) -> Self {
        Self(text)
    }
}
impl PartialEq for Address {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Address {}

/// What a resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is documented at the type that it holds")]
pub enum Body {
    Bucket(s3::Bucket),
    BucketVersioning(s3::BucketVersioning),
    BucketPublicAccessBlock(s3::BucketPublicAccessBlock),
    BucketOwnershipControls(s3::BucketOwnershipControls),
    BucketPolicy(s3::BucketPolicy),
    BucketReplication(s3::BucketReplication),
    BucketMetric(s3::BucketMetric),
    MultiRegionAccessPoint(s3control::MultiRegionAccessPoint),
    MultiRegionAccessPointPolicy(s3control::MultiRegionAccessPointPolicy),
    MultiRegionAccessPointRoutes(s3control::MultiRegionAccessPointRoutes),
    Role(iam::Role),
    RolePolicy(iam::RolePolicy),
    ManagedPolicy(iam::ManagedPolicy),
    RolePolicyAttachment(iam::RolePolicyAttachment),
    BucketEncryption(s3::BucketEncryption),
    BucketAcl(s3::BucketAcl),
    Key(kms::Key),
    ReplicaKey(kms::ReplicaKey),
    KeyPolicy(kms::KeyPolicy),
    KeyAlias(kms::KeyAlias),
    PolicyAttachment(iam::PolicyAttachment),
    User(iam::User),
    UserPolicy(iam::UserPolicy),
    UserPolicyAttachment(iam::UserPolicyAttachment),
    UserGroups(iam::UserGroups),
    Group(iam::Group),
    GroupPolicy(iam::GroupPolicy),
    GroupPolicyAttachment(iam::GroupPolicyAttachment),
    GroupMembers(iam::GroupMembers),
    ControlPolicy(organisations::ControlPolicy),
    ControlPolicyAttachment(organisations::ControlPolicyAttachment),
    MemberAccount(organisations::MemberAccount),
    OrganisationalUnit(organisations::OrganisationalUnit),
    VpcEndpoint(ec2::VpcEndpoint),
    SecurityGroup(ec2::SecurityGroup),
    SecurityGroupIngressRule(ec2::SecurityGroupIngressRule),
    MetricAlarm(cloudwatch::MetricAlarm),
    Dashboard(cloudwatch::Dashboard),
    /// A type that Narrows does not model: kept, and ignored by the proof.
    Other(Other),
}

/// A resource of a type that Narrows does not model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// The type, as the engine spells it.
    pub type_name: String,
    /// What it was given, as read.
    pub arguments: Value,
}

impl Body {
    /// The kind of resource that this is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Bucket(_) => Kind::Bucket,
            Self::BucketVersioning(_) => Kind::BucketVersioning,
            Self::BucketPublicAccessBlock(_) => Kind::BucketPublicAccessBlock,
            Self::BucketOwnershipControls(_) => Kind::BucketOwnershipControls,
            Self::BucketPolicy(_) => Kind::BucketPolicy,
            Self::BucketReplication(_) => Kind::BucketReplication,
            Self::BucketMetric(_) => Kind::BucketMetric,
            Self::MultiRegionAccessPoint(_) => Kind::MultiRegionAccessPoint,
            Self::MultiRegionAccessPointPolicy(_) => Kind::MultiRegionAccessPointPolicy,
            Self::MultiRegionAccessPointRoutes(_) => Kind::MultiRegionAccessPointRoutes,
            Self::Role(_) => Kind::Role,
            Self::RolePolicy(_) => Kind::RolePolicy,
            Self::ManagedPolicy(_) => Kind::ManagedPolicy,
            Self::RolePolicyAttachment(_) => Kind::RolePolicyAttachment,
            Self::BucketEncryption(_) => Kind::BucketEncryption,
            Self::BucketAcl(_) => Kind::BucketAcl,
            Self::Key(_) => Kind::Key,
            Self::ReplicaKey(_) => Kind::ReplicaKey,
            Self::KeyPolicy(_) => Kind::KeyPolicy,
            Self::KeyAlias(_) => Kind::KeyAlias,
            Self::PolicyAttachment(_) => Kind::PolicyAttachment,
            Self::User(_) => Kind::User,
            Self::UserPolicy(_) => Kind::UserPolicy,
            Self::UserPolicyAttachment(_) => Kind::UserPolicyAttachment,
            Self::UserGroups(_) => Kind::UserGroups,
            Self::Group(_) => Kind::Group,
            Self::GroupPolicy(_) => Kind::GroupPolicy,
            Self::GroupPolicyAttachment(_) => Kind::GroupPolicyAttachment,
            Self::GroupMembers(_) => Kind::GroupMembers,
            Self::ControlPolicy(_) => Kind::ControlPolicy,
            Self::ControlPolicyAttachment(_) => Kind::ControlPolicyAttachment,
            Self::MemberAccount(_) => Kind::MemberAccount,
            Self::OrganisationalUnit(_) => Kind::OrganisationalUnit,
            Self::VpcEndpoint(_) => Kind::VpcEndpoint,
            Self::SecurityGroup(_) => Kind::SecurityGroup,
            Self::SecurityGroupIngressRule(_) => Kind::SecurityGroupIngressRule,
            Self::MetricAlarm(_) => Kind::MetricAlarm,
            Self::Dashboard(_) => Kind::Dashboard,
            Self::Other(other) => Kind::Other(other.type_name.clone()),
        }
    }

    /// All references that it holds.
    pub fn references(&self) -> Vec<Reference> {
        let mut found = Vec::new();
        match self {
            Self::Bucket(it) => it.each_reference(&mut found),
            Self::BucketVersioning(it) => it.each_reference(&mut found),
            Self::BucketPublicAccessBlock(it) => it.each_reference(&mut found),
            Self::BucketOwnershipControls(it) => it.each_reference(&mut found),
            Self::BucketPolicy(it) => it.each_reference(&mut found),
            Self::BucketReplication(it) => it.each_reference(&mut found),
            Self::BucketMetric(it) => it.each_reference(&mut found),
            Self::MultiRegionAccessPoint(it) => it.each_reference(&mut found),
            Self::MultiRegionAccessPointPolicy(it) => it.each_reference(&mut found),
            Self::MultiRegionAccessPointRoutes(it) => it.each_reference(&mut found),
            Self::Role(it) => it.each_reference(&mut found),
            Self::RolePolicy(it) => it.each_reference(&mut found),
            Self::ManagedPolicy(it) => it.each_reference(&mut found),
            Self::RolePolicyAttachment(it) => it.each_reference(&mut found),
            Self::BucketEncryption(it) => it.each_reference(&mut found),
            Self::BucketAcl(it) => it.each_reference(&mut found),
            Self::Key(it) => it.each_reference(&mut found),
            Self::ReplicaKey(it) => it.each_reference(&mut found),
            Self::KeyPolicy(it) => it.each_reference(&mut found),
            Self::KeyAlias(it) => it.each_reference(&mut found),
            Self::PolicyAttachment(it) => it.each_reference(&mut found),
            Self::User(it) => it.each_reference(&mut found),
            Self::UserPolicy(it) => it.each_reference(&mut found),
            Self::UserPolicyAttachment(it) => it.each_reference(&mut found),
            Self::UserGroups(it) => it.each_reference(&mut found),
            Self::Group(it) => it.each_reference(&mut found),
            Self::GroupPolicy(it) => it.each_reference(&mut found),
            Self::GroupPolicyAttachment(it) => it.each_reference(&mut found),
            Self::GroupMembers(it) => it.each_reference(&mut found),
            Self::ControlPolicy(it) => it.each_reference(&mut found),
            Self::ControlPolicyAttachment(it) => it.each_reference(&mut found),
            Self::MemberAccount(it) => it.each_reference(&mut found),
            Self::OrganisationalUnit(it) => it.each_reference(&mut found),
            Self::VpcEndpoint(it) => it.each_reference(&mut found),
            Self::SecurityGroup(it) => it.each_reference(&mut found),
            Self::SecurityGroupIngressRule(it) => it.each_reference(&mut found),
            Self::MetricAlarm(it) => it.each_reference(&mut found),
            Self::Dashboard(it) => it.each_reference(&mut found),
            Self::Other(it) => it.arguments.collect_references(&mut found),
        }
        found
    }

    /// Puts a text in the place of each reference that it holds, where `replace` gives one.
    ///
    /// A reference in a field of valid names stays where the text that it would become is not valid there.
    pub fn replace_references(&mut self, replace: &mut dyn FnMut(&Reference) -> Option<Text>) {
        match self {
            Self::Bucket(it) => it.replace_references(replace),
            Self::BucketVersioning(it) => it.replace_references(replace),
            Self::BucketPublicAccessBlock(it) => it.replace_references(replace),
            Self::BucketOwnershipControls(it) => it.replace_references(replace),
            Self::BucketPolicy(it) => it.replace_references(replace),
            Self::BucketReplication(it) => it.replace_references(replace),
            Self::BucketMetric(it) => it.replace_references(replace),
            Self::MultiRegionAccessPoint(it) => it.replace_references(replace),
            Self::MultiRegionAccessPointPolicy(it) => it.replace_references(replace),
            Self::MultiRegionAccessPointRoutes(it) => it.replace_references(replace),
            Self::Role(it) => it.replace_references(replace),
            Self::RolePolicy(it) => it.replace_references(replace),
            Self::ManagedPolicy(it) => it.replace_references(replace),
            Self::RolePolicyAttachment(it) => it.replace_references(replace),
            Self::BucketEncryption(it) => it.replace_references(replace),
            Self::BucketAcl(it) => it.replace_references(replace),
            Self::Key(it) => it.replace_references(replace),
            Self::ReplicaKey(it) => it.replace_references(replace),
            Self::KeyPolicy(it) => it.replace_references(replace),
            Self::KeyAlias(it) => it.replace_references(replace),
            Self::PolicyAttachment(it) => it.replace_references(replace),
            Self::User(it) => it.replace_references(replace),
            Self::UserPolicy(it) => it.replace_references(replace),
            Self::UserPolicyAttachment(it) => it.replace_references(replace),
            Self::UserGroups(it) => it.replace_references(replace),
            Self::Group(it) => it.replace_references(replace),
            Self::GroupPolicy(it) => it.replace_references(replace),
            Self::GroupPolicyAttachment(it) => it.replace_references(replace),
            Self::GroupMembers(it) => it.replace_references(replace),
            Self::ControlPolicy(it) => it.replace_references(replace),
            Self::ControlPolicyAttachment(it) => it.replace_references(replace),
            Self::MemberAccount(it) => it.replace_references(replace),
            Self::OrganisationalUnit(it) => it.replace_references(replace),
            Self::VpcEndpoint(it) => it.replace_references(replace),
            Self::SecurityGroup(it) => it.replace_references(replace),
            Self::SecurityGroupIngressRule(it) => it.replace_references(replace),
            Self::MetricAlarm(it) => it.replace_references(replace),
            Self::Dashboard(it) => it.replace_references(replace),
            Self::Other(it) => it.arguments.replace_references(replace),
        }
    }
}

/// Things that hold references.
pub(crate) trait CollectReferences {
    /// Adds each reference inside to `found`.
    fn collect_references(&self, found: &mut Vec<Reference>);

    /// Puts a text in the place of each reference inside, where `replace` gives one.
    fn replace_references(&mut self, replace: &mut dyn FnMut(&Reference) -> Option<Text>);
}
impl<T: FromStr> CollectReferences for Input<T> {
    fn collect_references(&self, found: &mut Vec<Reference>) {
        found.extend(self.references().cloned());
    }

    fn replace_references(&mut self, replace: &mut dyn FnMut(&Reference) -> Option<Text>) {
        let Some(text) = self.as_computed() else { return };
        if let Ok(replaced) = Self::parse(text.replaced(replace)) {
            *self = replaced.at(self.location.clone());
        }
    }
}
impl CollectReferences for Value {
    fn collect_references(&self, found: &mut Vec<Reference>) {
        found.extend(self.references().into_iter().cloned());
    }

    fn replace_references(&mut self, replace: &mut dyn FnMut(&Reference) -> Option<Text>) {
        // What has none stays shared with other clones.
        if !self.has_references() {
            return;
        }
        match &mut self.kind {
            ValueKind::Text(text) => *text = text.replaced(replace),
            ValueKind::List(items) => {
                items.make_mut().iter_mut().for_each(|item| item.replace_references(replace));
            }
            ValueKind::Object(members) => {
                members.make_mut().iter_mut().for_each(|member| member.value.replace_references(replace));
            }
            ValueKind::Json(inner) => inner.replace_references(replace),
            ValueKind::Null | ValueKind::Bool(_) | ValueKind::Number(_) => {}
        }
    }
}
impl<T: CollectReferences> CollectReferences for Vec<T> {
    fn collect_references(&self, found: &mut Vec<Reference>) {
        self.iter().for_each(|item| item.collect_references(found));
    }

    fn replace_references(&mut self, replace: &mut dyn FnMut(&Reference) -> Option<Text>) {
        self.iter_mut().for_each(|item| item.replace_references(replace));
    }
}
impl<T: CollectReferences> CollectReferences for Option<T> {
    fn collect_references(&self, found: &mut Vec<Reference>) {
        self.iter().for_each(|item| item.collect_references(found));
    }

    fn replace_references(&mut self, replace: &mut dyn FnMut(&Reference) -> Option<Text>) {
        self.iter_mut().for_each(|item| item.replace_references(replace));
    }
}

/// Declares which fields of a resource can hold references.
macro_rules! referring {
    ($type:ty: $($field:ident),+) => {
        impl $type {
            pub(crate) fn each_reference(&self, found: &mut Vec<crate::Reference>) {
                $(crate::resources::CollectReferences::collect_references(&self.$field, found);)+
            }

            pub(crate) fn replace_references(
                &mut self,
                replace: &mut dyn FnMut(&crate::Reference) -> Option<crate::Text>,
            ) {
                $(crate::resources::CollectReferences::replace_references(&mut self.$field, replace);)+
            }
        }
        impl crate::resources::CollectReferences for $type {
            fn collect_references(&self, found: &mut Vec<crate::Reference>) {
                self.each_reference(found);
            }

            fn replace_references(
                &mut self,
                replace: &mut dyn FnMut(&crate::Reference) -> Option<crate::Text>,
            ) {
                <$type>::replace_references(self, replace);
            }
        }
    };
}
pub(crate) use referring;
