//! What can be asked of an access model.

use crate::solve::Glob;
use narrows_iam::{ConditionKey, IpNetwork, actions};
use std::sync::Arc;

/// Names of actions, shared by the questions that ask about the same.
pub type Actions = Arc<[String]>;

/// Splits actions into those of objects and those of buckets.
pub fn split_actions<'a>(names: impl IntoIterator<Item = &'a str>) -> (Actions, Actions) {
    let (objects, buckets): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|name| actions::is_object_action(name));
    let shared = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    (shared(objects), shared(buckets))
}

/// One thing that must never, or must always, be allowed at one bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Whether the scope must never or always be allowed.
    pub demand: Demand,
    /// The bucket, by its place in [`crate::AccessModel::buckets`].
    pub bucket: usize,
    /// How the request reaches the bucket.
    pub routes: Vec<Route>,
    /// The actions asked about of every object, by name (`s3:GetObject`).
    pub object_actions: Actions,
    /// The actions asked about of the bucket.
    pub bucket_actions: Actions,
    /// An object action that does not exist yet; it has no part in the verdict (see [`crate::Answer::later_open`]).
    pub later_action: Option<String>,
    /// Which requests are asked about.
    pub scope: Scope,
}

/// What a guardrail demands of the requests in its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// None may be allowed, on any reading of AWS's documents; policies of callers that are not in the input allow
    /// everything.
    Forbid,
    /// None may be allowed, on any reading; callers have the policies that are in the input, and no others.
    ForbidAsGiven,
    /// Each must be allowed, on every reading.
    Permit {
        /// Whether the caller's own policies are taken to allow everything, so that only a Deny can stop the request.
        caller_may_do_anything: bool,
    },
}

impl Demand {
    /// Whether none of the requests may be allowed (else all must be).
    pub fn forbids(self) -> bool {
        matches!(self, Self::Forbid | Self::ForbidAsGiven)
    }
}

/// How a request reaches a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// At the bucket's own endpoint.
    Direct,
    /// Through an MRAP of the model, by its place in [`crate::AccessModel::mraps`].
    Mrap(usize),
    /// Through an access point that is not in the input.
    OtherAccessPoint,
}

/// A set of requests, told by their principal and condition keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Those in all of them.
    All(Vec<Scope>),
    /// Those in any of them.
    Any(Vec<Scope>),
    /// Those not in it.
    Not(Box<Scope>),
    /// Requests of callers without credentials.
    Anonymous,
    /// Requests of AWS services.
    AnyService,
    /// Requests of AWS services with one of these names.
    Service(Vec<String>),
    /// Requests of IAM principals whose `aws:PrincipalArn` is one of these.
    PrincipalArn(Vec<String>),
    /// Requests of IAM principals of one of these accounts.
    PrincipalAccount(Vec<String>),
    /// Requests of IAM principals of this form.
    PrincipalForm(PrincipalForm),
    /// Requests of IAM principals whose `aws:PrincipalArn` matches.
    PrincipalLike(Glob),
    /// Requests for one of these actions, by name (`s3:GetObject`).
    Action(Vec<String>),
    /// Requests on an object; the others are on the bucket.
    Object,
    /// Requests on objects whose key matches.
    ObjectKey(Glob),
    /// Requests on objects whose key begins so, and on the bucket with an `s3:prefix` that begins so.
    Below(String),
    /// Requests that have the key, with a value that passes the test.
    Key(ConditionKey, KeyTest),
}

/// The forms of an IAM principal's ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalForm {
    /// A session of a role: `arn:…:iam::…:role/…`.
    Role,
    /// A user: `arn:…:iam::…:user/…`.
    User,
    /// An account's root user: `arn:…:iam::…:root`.
    Root,
    /// A federated user: `arn:…:sts::…:federated-user/…`.
    FederatedUser,
}

/// What is asked of a condition key's value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeyTest {
    /// Anything: the key is there.
    Present,
    /// One of these texts, exactly.
    OneOf(Vec<String>),
    /// A text that matches.
    Like(Glob),
    /// A number below this one, times 10⁹.
    Below(i128),
    /// A number in this range, ends included, times 10⁹.
    Numbers(Option<i128>, Option<i128>),
    /// A moment before this one, in seconds from 1970.
    Before(i64),
    /// A moment in this range, ends included, in milliseconds from 1970.
    Moments(Option<i64>, Option<i64>),
    /// An address in one of these networks.
    Addresses(Vec<IpNetwork>),
}

impl Scope {
    /// Requests that have the key with one of these values.
    pub fn key_is(key: &str, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::Key(ConditionKey::new(key), KeyTest::OneOf(values.into_iter().map(Into::into).collect()))
    }

    /// Requests that do not have the key.
    pub fn key_absent(key: &str) -> Self {
        Self::not(Self::Key(ConditionKey::new(key), KeyTest::Present))
    }

    /// All requests.
    pub fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// No request.
    pub fn nothing() -> Self {
        Self::Any(Vec::new())
    }

    /// Requests that are not in the scope.
    #[allow(clippy::should_implement_trait, reason = "reads better than `!` in a list of scopes")]
    pub fn not(scope: Self) -> Self {
        Self::Not(Box::new(scope))
    }
}
