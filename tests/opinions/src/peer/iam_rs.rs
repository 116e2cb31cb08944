//! The crate `iam-rs`.

use super::{Verdict, keys};
use iam_rs::{Arn, Context, ContextValue, Decision, IAMPolicy, IAMRequest, PrincipalId, evaluate_policy};
use narrows_iam::{Entry, Principal};
use narrows_tests::generate::Case;
use serde_json::Value;

/// The crate, which keeps nothing between questions.
#[derive(Clone, Copy, Debug)]
pub struct IamRs;

impl IamRs {
    /// What it says of one resource policy for the case's request.
    pub fn ask(self, case: &Case, policy: &Value) -> Verdict {
        match decide(case, policy) {
            Ok(Decision::Allow) => Verdict::Allowed,
            Ok(Decision::Deny) => Verdict::Denied,
            Ok(Decision::NotApplicable) => Verdict::NotAllowed,
            Err(text) => Verdict::Failed(text),
        }
    }
}

fn decide(case: &Case, policy: &Value) -> Result<Decision, String> {
    let policy: IAMPolicy = serde_json::from_value(policy.clone()).map_err(|error| error.to_string())?;
    let principal = match &case.request.principal {
        Principal::Anonymous => iam_rs::Principal::Wildcard,
        Principal::Service(name) => iam_rs::Principal::Service(PrincipalId::String(name.clone())),
        // The crate knows no sessions: a role asks by its own ARN.
        other => iam_rs::Principal::Aws(PrincipalId::String(other.arn().unwrap_or_default())),
    };
    let resource = Arn::parse(&case.request.resource).map_err(|error| error.to_string())?;
    let mut context = Context::new();
    for (key, entry) in keys(case) {
        let value = match entry {
            // The crate compares Bool with booleans alone; no other key has these texts.
            Entry::Value(text) if text == "true" || text == "false" => ContextValue::Boolean(text == "true"),
            Entry::Value(text) => ContextValue::String(text),
            Entry::Values(texts) => ContextValue::StringList(texts),
            Entry::Perhaps(_) | Entry::Open => continue,
        };
        context.insert(key, value);
    }
    let request = IAMRequest::new_with_context(principal, case.request.action.clone(), resource, context);
    evaluate_policy(&policy, &request).map_err(|error| error.to_string())
}
