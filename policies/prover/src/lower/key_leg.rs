//! What condition keys are where S3 asks KMS for a key on behalf of the caller.

use super::keys::{Binding, Keys};
use crate::solve::Glob;
use narrows_iam::ConditionKey;

/// A request of S3's to KMS, made with the caller's permissions.
///
/// Source: KMS Developer Guide, "kms:ViaService" and "kms:EncryptionContext:context-key"; IAM User Guide, "Forward access
/// sessions".
#[derive(Clone)]
pub(crate) struct KeyLeg {
    /// The key's ARN.
    pub arn: String,
    /// The account that owns it, where it is known.
    pub account: Option<String>,
    /// `kms:ViaService`, where the bucket's Region is known.
    pub via: Option<String>,
    /// The encryption context's `aws:s3:arn`, where it is known.
    pub context: Option<Context>,
}

/// The encryption context's `aws:s3:arn`.
#[derive(Clone)]
pub(crate) enum Context {
    /// The bucket's ARN.
    Bucket(String),
    /// This, followed by the object's key.
    Object(String),
}

/// Keys that tell of the caller or of the moment, and so are those of the request that S3 got.
pub(crate) fn of_caller(key: &ConditionKey) -> bool {
    let name = key.as_str();
    ["aws:principalorgid", "aws:principalorgpaths", "aws:currenttime", "aws:epochtime"].contains(&name)
        || name.starts_with("aws:principaltag/")
}

/// Keys that no request of S3's to KMS has: it comes through no endpoint of the caller's.
pub(crate) const NEVER: [&str; 4] = ["aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip", "aws:vpceaccount"];

/// The key of the encryption context that S3 sets.
pub(crate) const CONTEXT: &str = "kms:encryptioncontext:aws:s3:arn";

impl Keys {
    /// What a key is on the leg of a KMS key; `None` where that is as on the others.
    pub(super) fn on_key_leg(&self, key: &ConditionKey) -> Option<Binding> {
        let leg = self.key_leg.as_ref()?;
        let known = |text: &Option<String>| text.clone().map_or(Binding::Open, Binding::Constant);
        let name = key.as_str();
        Some(match name {
            "aws:principalarn"
            | "aws:principalaccount"
            | "aws:principalservicename"
            | "aws:principalservicenameslist"
            | "aws:principalisawsservice"
            | "aws:principaltype"
            | "aws:username"
            | "aws:userid" => return None,
            _ if of_caller(key) => return None,
            "kms:calleraccount" => Binding::PrincipalAccount,
            "kms:viaservice" => known(&leg.via),
            "aws:viaawsservice" => Binding::Constant("true".to_owned()),
            "aws:resourceaccount" => known(&leg.account),
            CONTEXT => match &leg.context {
                Some(Context::Bucket(arn)) => Binding::Constant(arn.clone()),
                Some(Context::Object(prefix)) => Binding::Object(prefix.clone()),
                None => Binding::Open,
            },
            _ if NEVER.contains(&name) || name.starts_with("s3:") => Binding::Absent,
            _ => Binding::Open,
        })
    }

    /// The formula that a text which ends with the object's key matches.
    pub(super) fn object_matches(
        &self,
        prefix: &str,
        pattern: &crate::solve::Pattern,
    ) -> crate::solve::Formula {
        use crate::solve::{Formula, Token};
        let rest = pattern.quotient(prefix, self.problem.symbols());
        let everything = |glob: &Glob| glob.0 == [Token::Many];
        match () {
            () if rest.hi().is_empty() => Formula::Const(false),
            () if rest.lo().iter().any(everything) => Formula::Const(true),
            () => Formula::matches(self.setting.key, rest),
        }
    }
}
