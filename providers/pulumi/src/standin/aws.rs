//! What AWS's rules say of a resource that does not exist yet: its ARN from its name, the shape of its id.
//!
//! Sources: the Service Authorization Reference ("Resource types defined by …") for ARNs, the pages of the resource types in
//! the Pulumi registry for what `id` is.

use super::Session;
use super::settings::Settings;
use super::wire::Object;
use narrows_model::Partition;
use narrows_model::token::Shape;
use serde_json::Value;

/// A resource that is to be made.
pub(super) struct Resource<'a> {
    pub(super) session: &'a Session,
    pub(super) settings: &'a Settings,
    pub(super) urn: &'a str,
    pub(super) type_name: &'a str,
    pub(super) inputs: &'a Object,
}

/// An answer for an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Text(String),
    /// It follows from an input that is not known.
    Unknown,
}

impl Resource<'_> {
    /// The answer for an attribute, where a rule has one.
    pub(super) fn answer(&self, attribute: &str) -> Option<Answer> {
        if attribute == "region" {
            return Some(self.region());
        }
        match self.type_name {
            "aws:s3/bucket:Bucket" | "aws:s3/bucketV2:BucketV2" => self.bucket(attribute),
            "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint" => self.mrap(attribute),
            "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy"
                if attribute == "id" =>
            {
                Some(self.of_account(self.detail("name")))
            }
            "aws:s3/accessPoint:AccessPoint" => match attribute {
                "arn" => Some(match (self.region(), self.account()) {
                    (Answer::Text(region), Answer::Text(account)) => {
                        let before = format!("arn:{}:s3:{region}:{account}:accesspoint/", self.partition());
                        around(&before, self.text("name"), "")
                    }
                    _ => Answer::Unknown,
                }),
                "id" => Some(self.of_account(self.text("name"))),
                _ => None,
            },
            "aws:iam/role:Role" => self.iam("role", attribute),
            "aws:iam/user:User" => self.iam("user", attribute),
            "aws:iam/group:Group" => self.iam("group", attribute),
            "aws:iam/policy:Policy" => self.iam("policy", attribute),
            "aws:iam/instanceProfile:InstanceProfile" => self.iam("instance-profile", attribute),
            "aws:kms/key:Key" => self.key(attribute),
            "aws:kms/replicaKey:ReplicaKey" => self.replica(attribute),
            "aws:kms/alias:Alias" => self.named(attribute, "kms", ""),
            "aws:sns/topic:Topic" => match attribute {
                "id" => self.named("arn", "sns", ""),
                _ => self.named(attribute, "sns", ""),
            },
            "aws:lambda/function:Function" => self.named(attribute, "lambda", "function:"),
            "aws:dynamodb/table:Table" => self.named(attribute, "dynamodb", "table/"),
            "aws:cloudwatch/logGroup:LogGroup" => self.named(attribute, "logs", "log-group:"),
            "aws:cloudwatch/metricAlarm:MetricAlarm" => self.named(attribute, "cloudwatch", "alarm:"),
            "aws:ec2/vpcEndpoint:VpcEndpoint" => self.network(attribute, "vpce-", "vpc-endpoint"),
            "aws:ec2/securityGroup:SecurityGroup" => self.network(attribute, "sg-", "security-group"),
            "aws:ec2/vpc:Vpc" => self.network(attribute, "vpc-", "vpc"),
            "aws:ec2/subnet:Subnet" => self.network(attribute, "subnet-", "subnet"),
            "aws:ec2/routeTable:RouteTable" => self.network(attribute, "rtb-", "route-table"),
            "aws:organizations/policy:Policy" if attribute == "id" => {
                Some(Answer::Text(self.symbol(Shape::Hex(10), "id", "p-", "")))
            }
            "aws:organizations/account:Account" if attribute == "id" => {
                Some(Answer::Text(self.symbol(Shape::Account, "id", "", "")))
            }
            other if attribute == "id" && other.starts_with("aws:s3/bucket") => Some(self.text("bucket")),
            _ => None,
        }
    }

    /// A symbol of the resource between two texts.
    pub(super) fn symbol(&self, shape: Shape, attribute: &str, before: &str, after: &str) -> String {
        self.session.token(shape, self.urn, attribute, |token| format!("{before}{token}{after}"))
    }

    fn text(&self, input: &str) -> Answer {
        answer(self.inputs.get(input))
    }

    /// An input in `details`.
    fn detail(&self, input: &str) -> Answer {
        answer(self.inputs.get("details").and_then(|details| details.get(input)))
    }

    fn partition(&self) -> String {
        self.settings.partition(self.session)
    }

    fn region(&self) -> Answer {
        match self.inputs.get("region") {
            None | Some(Value::Null) => Answer::Text(self.settings.region(self.session)),
            given => answer(given),
        }
    }

    /// The account that the resource names, else the provider's.
    fn account(&self) -> Answer {
        match self.inputs.get("accountId") {
            None | Some(Value::Null) => Answer::Text(self.settings.account(self.session)),
            given => answer(given),
        }
    }

    /// What S3 Control calls something: account and name.
    fn of_account(&self, name: Answer) -> Answer {
        match self.account() {
            Answer::Text(account) => around(&format!("{account}:"), name, ""),
            Answer::Unknown => Answer::Unknown,
        }
    }

    fn bucket(&self, attribute: &str) -> Option<Answer> {
        let (suffix, partition) = (self.settings.dns_suffix(self.session), self.partition());
        Some(match attribute {
            "bucket" | "id" => self.text("bucket"),
            "arn" => around(&format!("arn:{partition}:s3:::"), self.text("bucket"), ""),
            "bucketDomainName" => around("", self.text("bucket"), &format!(".s3.{suffix}")),
            "bucketRegionalDomainName" => match self.region() {
                Answer::Text(region) => around("", self.text("bucket"), &format!(".s3.{region}.{suffix}")),
                Answer::Unknown => Answer::Unknown,
            },
            "bucketRegion" => self.region(),
            _ => return None,
        })
    }

    fn mrap(&self, attribute: &str) -> Option<Answer> {
        let alias = self.symbol(Shape::Letters(16), "alias", "m", ".mrap");
        Some(match attribute {
            "alias" => Answer::Text(alias),
            "arn" => match self.account() {
                Answer::Text(account) => {
                    Answer::Text(format!("arn:{}:s3::{account}:accesspoint/{alias}", self.partition()))
                }
                Answer::Unknown => Answer::Unknown,
            },
            "domainName" => {
                let suffix = self.settings.dns_suffix(self.session);
                Answer::Text(format!("{alias}.accesspoint.s3-global.{suffix}"))
            }
            "accountId" => self.account(),
            "name" => self.detail("name"),
            "id" => self.of_account(self.detail("name")),
            _ => return None,
        })
    }

    fn iam(&self, kind: &str, attribute: &str) -> Option<Answer> {
        let path = match self.inputs.get("path") {
            None | Some(Value::Null) => Answer::Text("/".to_owned()),
            given => answer(given),
        };
        let arn = || match path {
            Answer::Text(path) => self.in_account(
                &format!("arn:{}:iam::", self.partition()),
                &format!(":{kind}{path}"),
                self.text("name"),
            ),
            Answer::Unknown => Answer::Unknown,
        };
        match attribute {
            "arn" => Some(arn()),
            "id" if kind == "policy" => Some(arn()),
            "id" | "name" => Some(self.text("name")),
            _ => None,
        }
    }

    fn key(&self, attribute: &str) -> Option<Answer> {
        let id = match self.inputs.get("multiRegion") {
            Some(Value::Bool(true)) => self.symbol(Shape::Hex(32), "keyId", "mrk-", ""),
            None | Some(Value::Null | Value::Bool(false)) => self.symbol(Shape::Uuid, "keyId", "", ""),
            Some(_) => return None,
        };
        match attribute {
            "id" | "keyId" => Some(Answer::Text(id)),
            "arn" => Some(self.regional("kms", "key/", Answer::Text(id))),
            _ => None,
        }
    }

    /// A replica has the key id of its primary, which only the primary's ARN tells.
    fn replica(&self, attribute: &str) -> Option<Answer> {
        if !["id", "keyId", "arn"].contains(&attribute) {
            return None;
        }
        let (Answer::Text(primary), Answer::Text(region)) = (self.text("primaryKeyArn"), self.region())
        else {
            return Some(Answer::Unknown);
        };
        let fields: Vec<&str> = primary.splitn(6, ':').collect();
        let [arn, partition, service, _, account, resource] = fields.as_slice() else {
            return Some(Answer::Unknown);
        };
        Some(Answer::Text(match attribute {
            "arn" => [*arn, *partition, *service, region.as_str(), *account, *resource].join(":"),
            _ => resource.strip_prefix("key/")?.to_owned(),
        }))
    }

    /// What has a name, and an ARN made of it.
    fn named(&self, attribute: &str, service: &str, kind: &str) -> Option<Answer> {
        match attribute {
            "arn" => Some(self.regional(service, kind, self.text("name"))),
            "id" | "name" => Some(self.text("name")),
            _ => None,
        }
    }

    fn network(&self, attribute: &str, prefix: &str, kind: &str) -> Option<Answer> {
        let id = self.symbol(Shape::Hex(17), "id", prefix, "");
        match attribute {
            "id" => Some(Answer::Text(id)),
            "arn" => Some(self.regional("ec2", &format!("{kind}/"), Answer::Text(id))),
            "ownerId" => Some(Answer::Text(self.settings.account(self.session))),
            _ => None,
        }
    }

    /// The account between two texts, then a name.
    fn in_account(&self, before: &str, between: &str, name: Answer) -> Answer {
        around(&format!("{before}{}{between}", self.settings.account(self.session)), name, "")
    }

    /// An ARN with Region and account.
    fn regional(&self, service: &str, kind: &str, name: Answer) -> Answer {
        match self.region() {
            Answer::Text(region) => {
                let before = format!("arn:{}:{service}:{region}:", self.partition());
                self.in_account(&before, &format!(":{kind}"), name)
            }
            Answer::Unknown => Answer::Unknown,
        }
    }
}

fn around(before: &str, name: Answer, after: &str) -> Answer {
    match name {
        Answer::Text(name) => Answer::Text(format!("{before}{name}{after}")),
        Answer::Unknown => Answer::Unknown,
    }
}

/// An input as an answer: what is no text, or stands for an unknown one, is not known.
fn answer(given: Option<&Value>) -> Answer {
    match given.and_then(Value::as_str) {
        Some(text) if !crate::values::is_unknown(text) => Answer::Text(text.to_owned()),
        _ => Answer::Unknown,
    }
}

/// The domain of a partition's endpoints.
pub(super) fn dns_suffix(partition: Partition) -> &'static str {
    match partition {
        Partition::China => "amazonaws.com.cn",
        Partition::Aws | Partition::GovCloud => "amazonaws.com",
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Salt, Surroundings};
    use super::*;
    use serde_json::json;

    /// What is answered for an attribute of a resource, with an account in its surroundings.
    fn answered(type_name: &str, inputs: &Value, attribute: &str) -> Answer {
        let around = Surroundings {
            account: Some("123456789012".parse().unwrap()),
            region: Some("eu-west-2".parse().unwrap()),
            ..Surroundings::default()
        };
        let (session, settings) = (Session::new(Salt::First, around), Settings::default());
        let inputs = inputs.as_object().unwrap();
        let urn = "urn:pulumi:dev::orders::t::orders";
        let resource = Resource { session: &session, settings: &settings, urn, type_name, inputs };
        resource.answer(attribute).unwrap()
    }

    #[test]
    fn what_names_its_account_is_in_that() {
        const MRAP: &str = "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint";
        const POINT: &str = "aws:s3/accessPoint:AccessPoint";
        let text =
            |type_name: &str, inputs: &Value, attribute: &str| match answered(type_name, inputs, attribute) {
                Answer::Text(text) => text,
                Answer::Unknown => "unknown".to_owned(),
            };
        let (own, other) = (
            json!({"details": {"name": "orders"}}),
            json!({"details": {"name": "orders"}, "accountId": "210987654321"}),
        );
        assert!(text(MRAP, &own, "arn").starts_with("arn:aws:s3::123456789012:accesspoint/m"));
        assert!(text(MRAP, &other, "arn").starts_with("arn:aws:s3::210987654321:accesspoint/m"));
        assert_eq!(text(MRAP, &other, "accountId"), "210987654321");
        assert_eq!(text(MRAP, &other, "id"), "210987654321:orders");
        let unknown = json!({"details": {"name": "orders"}, "accountId": crate::values::UNKNOWN_TEXT});
        assert_eq!(text(MRAP, &unknown, "arn"), "unknown");
        let point = json!({"name": "orders", "accountId": "210987654321"});
        assert_eq!(text(POINT, &point, "arn"), "arn:aws:s3:eu-west-2:210987654321:accesspoint/orders");
    }
}
