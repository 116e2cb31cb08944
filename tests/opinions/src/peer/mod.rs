//! Evaluators that others wrote.

mod iam_rs;
mod iam_simulate;

pub use iam_rs::IamRs;
pub use iam_simulate::IamSimulate;

use narrows_iam::{Entry, Principal};
use narrows_tests::generate::Case;
use std::collections::BTreeMap;
use std::fmt;

/// An evaluator that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// `@cloud-copilot/iam-simulate` of npm, which combines documents of all kinds.
    IamSimulate,
    /// The crate `iam-rs`, asked of one resource policy at a time.
    IamRs,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::IamSimulate => "iam-simulate 0.1.173",
            Self::IamRs => "iam-rs 0.8.0",
        })
    }
}

/// What a peer says of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is allowed.
    Allowed,
    /// Nothing allows it.
    NotAllowed,
    /// A Deny matches.
    Denied,
    /// The peer failed, with this text.
    Failed(String),
}

/// The keys that a request has, those that follow from its principal included, as AWS documents them.
///
/// Kept apart from the evaluator's own list, so that a mistake in one of the two shows. What AWS leaves open is absent.
pub fn keys(case: &Case) -> BTreeMap<String, Entry> {
    let mut keys: BTreeMap<String, Entry> =
        case.request.context.iter().map(|(key, entry)| (key.as_str().to_owned(), entry.clone())).collect();
    let mut put = |key: &str, value: &str| keys.insert(key.to_owned(), Entry::Value(value.to_owned()));
    let (kind, arn) = match &case.request.principal {
        Principal::Anonymous => {
            put("aws:principalaccount", "anonymous");
            put("aws:principaltype", "Anonymous");
            return keys;
        }
        Principal::Service(name) => {
            put("aws:principalisawsservice", "true");
            put("aws:principalservicename", name);
            return keys;
        }
        Principal::Root { partition, account } => ("Account", format!("arn:{partition}:iam::{account}:root")),
        Principal::User { arn } => ("User", arn.clone()),
        Principal::Role { arn, .. } => ("AssumedRole", arn.clone()),
        Principal::FederatedUser { arn } => ("FederatedUser", arn.clone()),
    };
    put("aws:principaltype", kind);
    put("aws:principalarn", &arn);
    put("aws:principalaccount", arn.split(':').nth(4).unwrap_or_default());
    put("aws:principalisawsservice", "false");
    // The root user's id is that of its account (IAM User Guide, "IAM policy elements: Variables and tags").
    if kind == "Account" {
        put("aws:userid", arn.split(':').nth(4).unwrap_or_default());
    }
    if kind == "User" {
        put("aws:username", arn.rsplit('/').next().unwrap_or_default());
    }
    keys
}

/// The ARN that AWS shows as the caller: of a role, its session's.
pub(crate) fn caller(principal: &Principal) -> Option<String> {
    match principal {
        Principal::Role { arn, session } => {
            let account = arn.split(':').nth(4)?;
            Some(format!("arn:aws:sts::{account}:assumed-role/{}/{session}", arn.rsplit('/').next()?))
        }
        other => other.arn(),
    }
}
