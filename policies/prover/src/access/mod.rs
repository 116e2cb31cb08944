//! Who may reach what in a deployment: its policies, attached to what they govern.

mod acls;
mod build;
mod cache;
mod controls;
mod exclusive;
mod holders;
mod identities;
mod keys;
mod managed;
mod nameless;
mod unplaced;
mod unused;

pub use acls::BucketAcl;
pub use build::BuildError;
pub use cache::Cache;
pub use controls::{Controls, Level};
pub(crate) use keys::Need;
pub use keys::{Encryption, Key, KeyUse};
pub use nameless::Nameless;

use narrows_iam::{Document, Truth};
use narrows_model::resources::s3::{ObjectOwnership, PublicAccessBlock};
use narrows_model::{Location, Partition, Symbols};

/// The access that a deployment's policies give, as far as the input tells.
///
/// Texts may hold symbols for values that exist only after deployment; [`AccessModel::symbols`] shows them.
#[derive(Clone, Debug)]
pub struct AccessModel {
    /// What the symbols in all texts stand for.
    pub symbols: Symbols,
    /// The partition that is deployed to.
    pub partition: Partition,
    /// The buckets, in order of their names.
    pub buckets: Vec<Bucket>,
    /// The MRAPs: those of the deployment in order of their names, then those only named by declarations.
    pub mraps: Vec<Mrap>,
    /// The VPC endpoints of the deployment.
    pub endpoints: Vec<Endpoint>,
    /// The roles and users that have policies or a boundary in the input.
    pub identities: Vec<Identity>,
    /// The KMS keys of the deployment.
    pub keys: Vec<Key>,
    /// The control policies of the accounts that the input says are bound by some.
    pub controls: Vec<Controls>,
    /// What the input has and the model does not use, with the reason, and what was taken for granted in reading it.
    pub remarks: Vec<String>,
    /// What the input has and the model does not use.
    pub unused: Vec<Unused>,
    /// What reading the policies found worth saying, in the order of reading.
    pub findings: Vec<Finding>,
    /// Seconds from 1970 to the day that the question is asked on: windows that closed before it are closed.
    pub as_of: i64,
    /// What its questions share.
    pub cache: Cache,
}

/// Something of the input that has a say in access and no part in the model; remarks say so as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// What messages call it.
    pub name: String,
    /// What it says, spelled out: two that say the same are the same.
    pub content: String,
    /// The bucket that it is about, where it names one.
    pub bucket: Option<String>,
    /// Why it is not used.
    pub why: String,
}

/// Something worth saying about a policy that AWS takes as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What messages call the policy.
    pub document: String,
    /// What is worth saying, references spelled out.
    pub text: String,
    /// Where.
    pub location: Location,
}

/// How a resource is named to people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// What it is, such as `bucket`.
    pub kind: String,
    /// Its name, references spelled out.
    pub name: String,
    /// Its address as the engine spells it; empty where it has none.
    pub address: String,
}

/// A policy as the input has it.
#[derive(Clone, Debug)]
pub enum Policy {
    /// The input has none.
    None,
    /// A document.
    Document {
        /// What messages call it: the address of the resource that holds it, or its file.
        name: String,
        /// The document.
        document: Document,
    },
    /// There is one, but its text is not known before deployment, or not in the input.
    Unknown {
        /// What messages call it.
        name: String,
        /// The expression that is not known; `NOT_IN_INPUT` where only a name is, `IN_DOUBT` and why where it is open whether
        /// the policy counts.
        expression: String,
        /// Where it stands.
        location: Location,
    },
    /// There are several for one resource, which has room for one: the one that is applied last stays.
    Several {
        /// What messages call them.
        names: Vec<String>,
    },
}

/// What stands for the text of a policy of which the input has only the name.
pub(crate) const NOT_IN_INPUT: &str = "its document is not in the input";

/// What precedes the reason where it is open whether a policy counts at all, in the place of its text.
pub(crate) const IN_DOUBT: &str = "in doubt: ";

impl Policy {
    /// Why nothing can be said of a policy whose text is not known; `what` is what it is, such as `policy`.
    pub(crate) fn unknown_reason(&self, what: &str) -> Option<String> {
        match self {
            Self::Unknown { name, expression, location } if expression == NOT_IN_INPUT => {
                Some(format!("the document of the {what} {name} is not in the input ({location})"))
            }
            Self::Unknown { name, expression, location } if expression.starts_with(IN_DOUBT) => {
                let why = expression.trim_start_matches(IN_DOUBT);
                Some(format!("whether the {what} {name} counts is open: {why} ({location})"))
            }
            Self::Unknown { name, expression, location } => {
                Some(format!("the {what} {name} is known only after deployment: {expression} ({location})"))
            }
            Self::None | Self::Document { .. } | Self::Several { .. } => None,
        }
    }

    /// Whether it is an AWS managed policy, which only AWS can change.
    pub(crate) fn is_of_aws(&self) -> bool {
        let fields: Vec<&str> = self.name().unwrap_or_default().splitn(6, ':').collect();
        matches!(fields.as_slice(), ["arn", _, "iam", "", "aws", policy] if policy.starts_with("policy/"))
    }

    /// What messages call it; `None` where there is none.
    fn name(&self) -> Option<&str> {
        match self {
            Self::Document { name, .. } | Self::Unknown { name, .. } => Some(name),
            Self::None | Self::Several { .. } => None,
        }
    }

    /// Adds the policy of a further resource.
    pub(crate) fn attach(&mut self, policy: Self) {
        let mut names = match self {
            Self::None => {
                *self = policy;
                return;
            }
            Self::Document { name, .. } | Self::Unknown { name, .. } => vec![std::mem::take(name)],
            Self::Several { names } => std::mem::take(names),
        };
        match policy {
            Self::None => {}
            Self::Document { name, .. } | Self::Unknown { name, .. } => names.push(name),
            Self::Several { names: others } => names.extend(others),
        }
        *self = Self::Several { names };
    }
}

/// A bucket.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// How people know it.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The account that owns it, where it is known.
    pub account: Option<String>,
    /// Its Region, where the input tells.
    pub region: Option<String>,
    /// Whether nobody says which account that is, so that it is taken to be the MRAP's.
    pub account_assumed: bool,
    /// Whether its name is known, though a symbol stands for it ([`Nameless`]).
    pub name_is_known: bool,
    /// Its policy.
    pub policy: Policy,
    /// Its object ownership, where the input says.
    pub ownership: Option<ObjectOwnership>,
    /// Its access control list.
    pub acl: BucketAcl,
    /// Its public access settings, where the input says.
    pub public_access_block: Option<PublicAccessBlock>,
    /// The MRAPs that it may be reached through, by their place in [`AccessModel::mraps`].
    pub mraps: Vec<usize>,
    /// Its replication, where the input has one.
    pub replication: Option<Replication>,
    /// Its default encryption, where the input says that it is SSE-KMS.
    pub encryption: Option<Encryption>,
}

/// The replication of a bucket.
#[derive(Clone, Debug)]
pub struct Replication {
    /// The ARN of the role.
    pub role: String,
    /// The destinations by their place in [`AccessModel::buckets`].
    pub destinations: Vec<usize>,
    /// Destinations that are not in the input.
    pub foreign: Vec<String>,
    /// Whether objects that are encrypted with SSE-KMS are replicated.
    pub encrypted: bool,
    /// The keys of such replicas, by the destination's place in [`AccessModel::buckets`].
    pub keys: Vec<(usize, KeyUse)>,
    /// Where it stands.
    pub location: Location,
}

/// A Multi-Region Access Point.
#[derive(Clone, Debug)]
pub struct Mrap {
    /// How people know it.
    pub subject: Subject,
    /// Its ARN.
    pub arn: String,
    /// The account that owns it, where it is known.
    pub account: Option<String>,
    /// Its policy.
    pub policy: Policy,
    /// Whether the input has the MRAP itself; of others only the ARN is known.
    pub in_input: bool,
}

/// A VPC endpoint.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// How people know it.
    pub subject: Subject,
    /// Its id.
    pub id: String,
    /// Its policy; [`Policy::None`] is full access.
    pub policy: Policy,
    /// Whether it is a gateway endpoint.
    pub gateway: bool,
    /// The id of its resource.
    pub resource: narrows_model::ResourceId,
}

/// The policies of a role or user, and what caps them.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The ARN of the role or user.
    pub arn: String,
    /// Its policies in the input.
    pub policies: Vec<Policy>,
    /// Its permission boundary; [`Policy::None`] where it has none.
    pub boundary: Policy,
}

impl Identity {
    /// A role or user about which nothing else is known.
    pub fn new(arn: impl Into<String>) -> Self {
        Self { arn: arn.into(), policies: Vec::new(), boundary: Policy::None }
    }
}

impl Bucket {
    /// Whether ACLs are in force: the input says so, or has one, which S3 takes only where they are.
    ///
    /// Source: S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket" (with ACLs off, requests to
    /// set one fail with `AccessControlListNotSupported`, whatever it grants).
    pub fn acls_on(&self) -> bool {
        match self.ownership {
            Some(ObjectOwnership::ObjectWriter | ObjectOwnership::BucketOwnerPreferred) => true,
            Some(ObjectOwnership::BucketOwnerEnforced) => false,
            None => self.acl != BucketAcl::Absent,
        }
    }

    /// What is taken for granted about object ownership where the input does not state it.
    pub(crate) fn ownership_assumed(&self) -> Option<&'static str> {
        match (self.ownership, self.acls_on()) {
            (Some(_), _) => None,
            (None, false) => Some("object ownership is BucketOwnerEnforced, S3's default: ACLs are off"),
            (None, true) => Some("object ownership lets ACLs be on, since the input has one"),
        }
    }

    /// The access control lists that have a say; `None` where they are off.
    pub(crate) fn acls(&self) -> Option<narrows_iam::Acl<'_>> {
        // Without the bucket's settings, S3's defaults ignore public grants, and those of old buckets do not.
        let public = match self.public_access_block {
            Some(block) => (!block.ignore_public_acls).into(),
            None => Truth::Maybe,
        };
        self.acls_on().then_some(narrows_iam::Acl { grants: self.acl.grants(), public })
    }
}

impl AccessModel {
    /// The MRAPs that a bucket belongs to.
    pub(crate) fn mraps_of<'m>(&'m self, bucket: &'m Bucket) -> impl Iterator<Item = &'m Mrap> {
        bucket.mraps.iter().filter_map(|index| self.mraps.get(*index))
    }

    /// Whether something of a bucket's name is known only after deployment, and is not the bucket's own.
    pub(crate) fn has_unknown_name(&self, bucket: &Bucket) -> bool {
        let owned = |c: char| self.symbols.owner(c).is_some();
        bucket.name.chars().any(|c| narrows_model::is_symbol(c) && !owned(c))
    }

    /// The places of each MRAP's buckets, in order, each once.
    pub fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.mraps.len()];
        for (index, bucket) in self.buckets.iter().enumerate() {
            for mrap in &bucket.mraps {
                if let Some(members) = members.get_mut(*mrap).filter(|it| it.last() != Some(&index)) {
                    members.push(index);
                }
            }
        }
        members
    }

    /// A text as a person should see it, with references in the place of symbols.
    pub fn show(&self, text: &str) -> String {
        self.symbols.show(text)
    }
}
