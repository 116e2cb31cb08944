//! One call as the requests that AWS authorizes for it, one for each leg.

use narrows_iam::{Context, Entry, Principal, Request};

/// How a call reaches a bucket, in texts.
pub(crate) enum Via {
    /// At the bucket's own endpoint.
    Direct,
    /// Through an MRAP.
    Mrap {
        /// The MRAP's ARN.
        arn: String,
    },
    /// Through an access point that is not in the input.
    Other {
        /// The access point's ARN.
        arn: String,
        /// Its network origin: `Internet` or `VPC`.
        origin: String,
    },
}

/// A call, without the resource that it is about.
pub(crate) struct Call {
    /// Who asks.
    pub principal: Principal,
    /// The action.
    pub action: String,
    /// The object's key; `None` where the call is about the bucket.
    pub key: Option<String>,
    /// The condition keys that do not follow from principal, resource and route.
    pub context: Context,
}

impl Call {
    /// The requests of the call on a bucket: the bucket's last, an MRAP's own before it.
    pub fn on_legs(self, bucket_arn: &str, bucket_account: Option<&str>, via: &Via) -> Vec<Request> {
        let Self { principal, action, key, context: mut base } = self;
        let resource = |arn: &str, separator: &str| match &key {
            Some(key) => format!("{arn}{separator}{key}"),
            None => arn.to_owned(),
        };
        let owner = bucket_account.map_or(Entry::Open, |account| Entry::Value(account.to_owned()));
        for name in ["aws:ResourceAccount", "s3:ResourceAccount"] {
            base.set(name, owner.clone());
        }
        let mut on_bucket = base.clone();
        let mut legs = Vec::new();
        match via {
            Via::Direct => {}
            Via::Mrap { arn } => {
                let account = account_of(arn);
                let mut own = base;
                let keys = [
                    ("s3:DataAccessPointArn", arn.as_str()),
                    ("s3:DataAccessPointAccount", account),
                    ("s3:AccessPointNetworkOrigin", "Internet"),
                ];
                for (name, value) in keys {
                    own.set(name, Entry::Perhaps(value.to_owned()));
                    on_bucket.set(name, Entry::Value(value.to_owned()));
                }
                if bucket_account.is_some_and(|bucket| bucket != account) {
                    own.set("aws:ResourceAccount", Entry::Open);
                    own.set("s3:ResourceAccount", Entry::Open);
                }
                legs.push(Request {
                    principal: principal.clone(),
                    action: action.clone(),
                    resource: resource(arn, "/object/"),
                    context: own,
                });
                on_bucket.set("aws:RequestedRegion", Entry::Open);
            }
            Via::Other { arn, origin } => {
                on_bucket.set("s3:DataAccessPointAccount", Entry::Value(account_of(arn).to_owned()));
                on_bucket.set("s3:DataAccessPointArn", Entry::Value(arn.clone()));
                on_bucket.set("s3:AccessPointNetworkOrigin", Entry::Value(origin.clone()));
                on_bucket.set("aws:RequestedRegion", Entry::Open);
            }
        }
        legs.push(Request { principal, action, resource: resource(bucket_arn, "/"), context: on_bucket });
        legs
    }
}

/// The account in an ARN.
fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}
