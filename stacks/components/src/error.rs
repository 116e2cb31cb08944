use crate::MrapRegion;
use narrows_model::{AccountId, Arn, BucketName, GraphError, NameError, ResourceId, RoleArn};

/// A stack that cannot be built: what is wrong, and which of its parts it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}; {}", fault.help())]
pub struct StackError {
    fault: Fault,
    subject: Subject,
}

impl StackError {
    pub(crate) fn new(subject: Subject, fault: Fault) -> Self {
        Self { fault, subject }
    }

    /// What is wrong.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Which part it is about.
    pub fn subject(&self) -> Subject {
        self.subject
    }
}

/// A part of a stack; lists are counted from 0, in the order in which things were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The stack as a whole.
    Stack,
    /// The deployer.
    Deployer,
    /// A bucket.
    Bucket(usize),
    /// A grant.
    Grant(usize),
    /// A break-glass role.
    BreakGlass(usize),
    /// A service that is exempt.
    Service(usize),
    /// The replication mesh.
    Replication,
    /// An active Region of the failover routes.
    Active(usize),
    /// A passive Region of the failover routes, in the order in which they take over.
    Passive(usize),
    /// The failover routes as a whole.
    Failover,
    /// A failover operator.
    Operator(usize),
    /// A Region's private access.
    PrivateAccess(usize),
    /// A topic that alarms notify.
    Notify(usize),
}

/// What can be wrong with a stack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An access point has at most one bucket in a Region.
    #[error(
        "two buckets in {region}, `{first}` and `{second}`: expected one bucket in each Region of an access point"
    )]
    RepeatedRegion {
        /// The Region.
        region: MrapRegion,
        /// The bucket that was there.
        first: BucketName,
        /// The bucket that came second.
        second: BucketName,
    },
    /// Bucket names are unique in a partition.
    #[error(
        "two buckets are called `{0}`: expected names that differ, for they are unique across accounts and Regions"
    )]
    RepeatedBucket(BucketName),
    /// S3's quota.
    #[error("{0} buckets: expected at most 17, S3's quota of Regions for one access point")]
    TooManyRegions(usize),
    /// The same grant twice.
    #[error("`{role}` is granted {access} on `{prefix}` twice: expected each grant once")]
    RepeatedGrant {
        /// The role.
        role: RoleArn,
        /// The access.
        access: &'static str,
        /// The prefix.
        prefix: String,
    },
    /// The same exemption twice.
    #[error("`{0}` is exempt twice: expected each exemption once")]
    RepeatedExemption(String),
    /// An exemption that would not help, for another account's role needs an Allow as well.
    #[error("break-glass role `{role}` is of another account: expected a role of {account}")]
    ForeignBreakGlass {
        /// The role.
        role: RoleArn,
        /// The stack's account.
        account: AccountId,
    },
    /// An exemption that nobody can judge.
    #[error("`{0}` is exempt without a reason: expected a few words on what it is for")]
    NoReason(String),
    /// Not an exact role or user.
    #[error(
        "`{0}` is not the ARN of a role or user: expected arn:aws:iam::<account>:role/<name> without wildcards"
    )]
    NotAPrincipal(Arn),
    /// A Region that is not part of the access point.
    #[error("{region} is not part of the access point: expected one of its Regions, {}", list(.known))]
    Outside {
        /// The Region.
        region: MrapRegion,
        /// The access point's Regions.
        known: Vec<MrapRegion>,
    },
    /// A Region of the access point that was forgotten.
    #[error("{region} is left out of {what}: expected every Region of the access point")]
    LeftOut {
        /// The Region.
        region: MrapRegion,
        /// Of what.
        what: &'static str,
    },
    /// A Region named twice.
    #[error("{region} is named twice in {what}: expected each Region once")]
    NamedTwice {
        /// The Region.
        region: MrapRegion,
        /// In what.
        what: &'static str,
    },
    /// A second endpoint in a Region.
    #[error("two endpoints in {0}: expected one VPC in each Region")]
    RepeatedEndpoint(MrapRegion),
    /// A subnet or client network named twice.
    #[error("`{0}` is listed twice: expected each subnet and each client network once")]
    RepeatedNetwork(String),
    /// Not an SNS topic.
    #[error("`{0}` is not an SNS topic: expected arn:aws:sns:<region>:<account>:<topic>")]
    NotATopic(Arn),
    /// An alarm can only notify a topic of its own Region, and there are none in this one.
    #[error("`{topic}` is in a Region without alarms: expected one of {}", list(.known))]
    TopicOutside {
        /// The topic.
        topic: Arn,
        /// The access point's Regions.
        known: Vec<MrapRegion>,
    },
    /// S3's limit.
    #[error("the {resource} has up to {size} bytes: expected at most {limit}, S3's limit")]
    PolicyTooLarge {
        /// The policy.
        resource: ResourceId,
        /// Its greatest size, references replaced by the longest values that they can have.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// A name that was put together from others is none; a fault of Narrows.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The parts do not make a graph; a fault of Narrows.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

impl Fault {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::RepeatedRegion { .. } => "leave one of them out, or put it into a stack of its own",
            Self::RepeatedBucket(_) => "add the Region to the name, as in orders-eu-west-2",
            Self::TooManyRegions(_) => "split the stack",
            Self::RepeatedGrant { .. } | Self::RepeatedExemption(_) => "remove one of them",
            Self::ForeignBreakGlass { .. } => {
                "name a role of the account, and let people of the other account assume it"
            }
            Self::NoReason(_) => "say why the way past the access point has to exist",
            Self::NotAPrincipal(_) => "name one role or user; for a session, its role",
            Self::Outside { .. } => "add a bucket there, or name another Region",
            Self::LeftOut { .. } => {
                "name it too; a Region that nobody thought of is what fails in a failover"
            }
            Self::NamedTwice { .. } => "remove one of them",
            Self::RepeatedEndpoint(_) => {
                "connect the other VPC to the first, by peering or a transit gateway"
            }
            Self::RepeatedNetwork(_) => "remove one of them",
            Self::NotATopic(_) => "give the topic's ARN; other kinds of alarm actions are not supported",
            Self::TopicOutside { .. } => "an alarm notifies topics of its own Region only: name one there",
            Self::PolicyTooLarge { .. } => {
                "merge grants: one role for several applications, or shorter prefixes"
            }
            Self::Name(_) | Self::Graph(_) => "this is a fault of Narrows; please report it",
        }
    }
}

fn list(regions: &[MrapRegion]) -> String {
    regions.iter().map(|region| region.as_str()).collect::<Vec<_>>().join(", ")
}
