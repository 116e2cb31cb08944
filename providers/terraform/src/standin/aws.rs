//! What AWS's rules say of a resource that does not exist yet: its ARN from its name, the shape of its id.
//!
//! Source: the Service Authorization Reference ("Resource types defined by …") for ARNs, the pages of the resource
//! types in the AWS provider's documentation for what `id` is.

use super::configured::Configured;
use super::made::Maker;
use super::value::Data;
use narrows_model::Partition;
use narrows_model::token::Shape;
use std::collections::BTreeMap;

/// An answer for one computed attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// This text, exactly.
    Exact(String),
    /// A text that holds the account's symbol, and is otherwise exact.
    WithAccount(String, String),
    /// A text with a symbol of the resource in it.
    Symbol { text: String, token: String },
    /// It follows from an argument that is not known yet.
    Unknown,
}

/// A resource of the AWS provider that is to be created.
pub(super) struct Resource<'a> {
    pub(super) maker: Maker<'a>,
    pub(super) provider: &'a Configured,
    /// Its arguments.
    pub(super) given: &'a BTreeMap<String, Data>,
}

/// A text that may hold one symbol of the resource, or not be known yet.
#[derive(Clone)]
enum Name {
    Known(String),
    Symbol { text: String, token: String },
    Unknown,
}

impl Resource<'_> {
    /// The answer for an attribute at the top of the resource, where a rule has one.
    pub(super) fn answer(&self, attribute: &str) -> Option<Answer> {
        if attribute == "region" {
            return Some(Answer::Exact(self.region()?));
        }
        match self.maker.type_name {
            "aws_s3_bucket" => self.bucket(attribute),
            "aws_s3control_multi_region_access_point" => self.mrap(attribute),
            "aws_s3control_multi_region_access_point_policy" => match attribute {
                "id" => Some(self.with_account("", ":", &self.block_text("details", "name")?)),
                _ => None,
            },
            "aws_s3_access_point" => self.access_point(attribute),
            "aws_iam_role"
            | "aws_iam_user"
            | "aws_iam_group"
            | "aws_iam_policy"
            | "aws_iam_instance_profile" => self.iam(attribute),
            "aws_kms_key" | "aws_kms_replica_key" => self.key(attribute),
            "aws_kms_alias" => match attribute {
                "arn" => Some(self.regional("kms", "", &self.name("name")?)),
                "id" | "name" => Some(answer(self.name("name")?)),
                _ => None,
            },
            "aws_sns_topic" => match attribute {
                "arn" | "id" => Some(self.regional("sns", "", &self.name("name")?)),
                "name" => Some(answer(self.name("name")?)),
                "owner" => Some(self.account()),
                _ => None,
            },
            "aws_sqs_queue" => match attribute {
                "arn" => Some(self.regional("sqs", "", &self.name("name")?)),
                "name" => Some(answer(self.name("name")?)),
                _ => None,
            },
            "aws_lambda_function" => match attribute {
                "arn" => Some(self.regional("lambda", "function:", &self.name("function_name")?)),
                "id" => Some(answer(self.name("function_name")?)),
                _ => None,
            },
            "aws_dynamodb_table" => match attribute {
                "arn" => Some(self.regional("dynamodb", "table/", &self.name("name")?)),
                "id" => Some(answer(self.name("name")?)),
                _ => None,
            },
            "aws_cloudwatch_log_group" => match attribute {
                "arn" => Some(self.regional("logs", "log-group:", &self.name("name")?)),
                "id" | "name" => Some(answer(self.name("name")?)),
                _ => None,
            },
            "aws_cloudwatch_metric_alarm" | "aws_cloudwatch_composite_alarm" => match attribute {
                "arn" => Some(self.regional("cloudwatch", "alarm:", &self.name("alarm_name")?)),
                "id" => Some(answer(self.name("alarm_name")?)),
                _ => None,
            },
            "aws_sfn_state_machine" => match attribute {
                "arn" | "id" => Some(self.regional("states", "stateMachine:", &self.name("name")?)),
                "name" => Some(answer(self.name("name")?)),
                _ => None,
            },
            other => match (attribute, NETWORK.iter().find(|(type_name, ..)| *type_name == other)) {
                (_, Some((_, prefix, kind))) => self.network(attribute, prefix, kind),
                ("id", None) => super::bucket_id::of(other, self.given),
                _ => None,
            },
        }
    }

    fn bucket(&self, attribute: &str) -> Option<Answer> {
        let name = self.name("bucket")?;
        Some(match attribute {
            "bucket" | "id" => answer(name),
            "arn" => self.in_partition(|partition| self.around(&format!("arn:{partition}:s3:::"), &name, "")),
            "bucket_domain_name" => self
                .in_partition(|partition| self.around("", &name, &format!(".s3.{}", dns_suffix(partition)))),
            "bucket_regional_domain_name" => match self.region() {
                Some(region) => self.in_partition(|partition| {
                    self.around("", &name, &format!(".s3.{region}.{}", dns_suffix(partition)))
                }),
                None => Answer::Unknown,
            },
            _ => return None,
        })
    }

    fn mrap(&self, attribute: &str) -> Option<Answer> {
        let token = self.maker.token(Shape::Letters(16), "alias");
        let alias = format!("m{token}.mrap");
        let symbol = |text: String| Answer::Symbol { text, token: token.clone() };
        Some(match attribute {
            "alias" => symbol(alias),
            "arn" => match self.account_id() {
                Some((account, _)) => self.in_partition(|partition| {
                    symbol(format!("arn:{partition}:s3::{account}:accesspoint/{alias}"))
                }),
                None => Answer::Unknown,
            },
            "domain_name" => self.in_partition(|partition| {
                symbol(format!("{alias}.accesspoint.s3-global.{}", dns_suffix(partition)))
            }),
            "account_id" => self.account(),
            "id" => self.with_account("", ":", &self.block_text("details", "name")?),
            _ => return None,
        })
    }

    fn access_point(&self, attribute: &str) -> Option<Answer> {
        match attribute {
            "arn" => Some(self.regional("s3", "accesspoint/", &self.name("name")?)),
            "id" => Some(self.with_account("", ":", &self.name("name")?)),
            "account_id" => Some(self.account()),
            _ => None,
        }
    }

    fn iam(&self, attribute: &str) -> Option<Answer> {
        let kind = match self.maker.type_name {
            "aws_iam_instance_profile" => "instance-profile",
            other => other.strip_prefix("aws_iam_")?,
        };
        let name = self.name("name")?;
        let arn = || {
            let path = match self.given.get("path") {
                Some(Data::Text(path)) => path.clone(),
                Some(Data::Unknown) => return Answer::Unknown,
                _ => "/".to_owned(),
            };
            self.in_partition(|partition| {
                self.with_account(&format!("arn:{partition}:iam::"), &format!(":{kind}{path}"), &name)
            })
        };
        match attribute {
            "arn" => Some(arn()),
            "id" if kind == "policy" => Some(arn()),
            "id" | "name" => Some(answer(name.clone())),
            _ => None,
        }
    }

    fn key(&self, attribute: &str) -> Option<Answer> {
        let several_regions = match (self.maker.type_name, self.given.get("multi_region")) {
            ("aws_kms_replica_key", _) | (_, Some(Data::Bool(true))) => true,
            (_, Some(Data::Unknown)) => return None,
            _ => false,
        };
        let (text, token) = if several_regions {
            let token = self.maker.token(Shape::Hex(32), "key_id");
            (format!("mrk-{token}"), token)
        } else {
            let token = self.maker.token(Shape::Uuid, "key_id");
            (token.clone(), token)
        };
        match attribute {
            // A replica has the key id of its primary, which only the primary's ARN tells.
            "id" | "key_id" | "arn" if self.maker.type_name == "aws_kms_replica_key" => {
                self.replica(attribute)
            }
            "id" | "key_id" => Some(Answer::Symbol { text, token }),
            "arn" => Some(self.regional("kms", "key/", &Name::Symbol { text, token })),
            _ => None,
        }
    }

    fn replica(&self, attribute: &str) -> Option<Answer> {
        let Some(Data::Text(primary)) = self.given.get("primary_key_arn") else {
            return Some(Answer::Unknown);
        };
        let fields: Vec<&str> = primary.splitn(6, ':').collect();
        let [arn, partition, service, _, account, resource] = fields.as_slice() else { return None };
        let id = resource.strip_prefix("key/")?;
        let text = match attribute {
            "arn" => [*arn, *partition, *service, self.region()?.as_str(), *account, *resource].join(":"),
            _ => id.to_owned(),
        };
        Some(Answer::Exact(text))
    }

    fn network(&self, attribute: &str, prefix: &str, kind: &str) -> Option<Answer> {
        let token = self.maker.token(Shape::Hex(17), "id");
        let id = Name::Symbol { text: format!("{prefix}{token}"), token };
        match attribute {
            "id" => Some(answer(id)),
            "arn" => Some(self.regional("ec2", &format!("{kind}/"), &id)),
            "owner_id" => Some(self.account()),
            "name" => Some(answer(self.name("name")?)),
            "security_group_rule_id" => Some(answer(id)),
            _ => None,
        }
    }

    /// The name that an argument gives, or that the provider makes up after `…_prefix` or without one.
    fn name(&self, argument: &str) -> Option<Name> {
        let prefix = format!("{}_prefix", if argument == "bucket" { "bucket" } else { "name" });
        let prefix = match (self.given.get(argument), self.given.get(&prefix)) {
            (Some(Data::Text(text)), _) if !text.is_empty() => return Some(Name::Known(text.clone())),
            (Some(Data::Unknown), _) | (_, Some(Data::Unknown)) => return Some(Name::Unknown),
            (_, Some(Data::Text(prefix))) => prefix.clone(),
            _ => "terraform-".to_owned(),
        };
        let token = self.maker.token(Shape::Hex(26), "name");
        Some(Name::Symbol { text: format!("{prefix}{token}"), token })
    }

    /// An argument of the one block of a type.
    fn block_text(&self, block: &str, argument: &str) -> Option<Name> {
        match self.given.get(block)?.items().first()?.get(argument)? {
            Data::Text(text) => Some(Name::Known(text.clone())),
            Data::Unknown => Some(Name::Unknown),
            _ => None,
        }
    }

    fn region(&self) -> Option<String> {
        match self.given.get("region") {
            Some(Data::Text(region)) => Some(region.clone()),
            Some(Data::Unknown) => None,
            _ => Some(self.provider.region(self.maker.session)),
        }
    }

    /// What holds the partition.
    fn in_partition(&self, answer: impl FnOnce(Partition) -> Answer) -> Answer {
        self.maker.partition.map_or(Answer::Unknown, answer)
    }

    /// The account that the resource is made in, and whether it is a symbol: the one that an argument of it names, else the
    /// provider's; `None` where the argument is not known yet.
    fn account_id(&self) -> Option<(String, bool)> {
        match self.given.get("account_id") {
            Some(Data::Text(account)) if !account.is_empty() => Some((account.clone(), false)),
            Some(Data::Unknown) => None,
            _ => Some(self.provider.account(self.maker.session)),
        }
    }

    fn account(&self) -> Answer {
        match self.account_id() {
            Some((account, true)) => Answer::WithAccount(account.clone(), account),
            Some((account, false)) => Answer::Exact(account),
            None => Answer::Unknown,
        }
    }

    fn around(&self, before: &str, name: &Name, after: &str) -> Answer {
        match name {
            Name::Known(name) => Answer::Exact(format!("{before}{name}{after}")),
            Name::Symbol { text, token } => {
                Answer::Symbol { text: format!("{before}{text}{after}"), token: token.clone() }
            }
            Name::Unknown => Answer::Unknown,
        }
    }

    /// The account between two texts, then a name.
    fn with_account(&self, before: &str, between: &str, name: &Name) -> Answer {
        let Some((account, symbol)) = self.account_id() else { return Answer::Unknown };
        match self.around(&format!("{before}{account}{between}"), name, "") {
            Answer::Exact(text) if symbol => Answer::WithAccount(text, account),
            other => other,
        }
    }

    /// An ARN with Region and account.
    fn regional(&self, service: &str, kind: &str, name: &Name) -> Answer {
        let Some(region) = self.region() else { return Answer::Unknown };
        self.in_partition(|partition| {
            self.with_account(&format!("arn:{partition}:{service}:{region}:"), &format!(":{kind}"), name)
        })
    }
}

/// Resources of EC2's network: what their id starts with, and how their ARN calls them.
const NETWORK: [(&str, &str, &str); 8] = [
    ("aws_vpc", "vpc-", "vpc"),
    ("aws_subnet", "subnet-", "subnet"),
    ("aws_route_table", "rtb-", "route-table"),
    ("aws_security_group", "sg-", "security-group"),
    ("aws_vpc_security_group_ingress_rule", "sgr-", "security-group-rule"),
    ("aws_vpc_security_group_egress_rule", "sgr-", "security-group-rule"),
    ("aws_vpc_endpoint", "vpce-", "vpc-endpoint"),
    ("aws_internet_gateway", "igw-", "internet-gateway"),
];

fn answer(name: Name) -> Answer {
    match name {
        Name::Known(text) => Answer::Exact(text),
        Name::Symbol { text, token } => Answer::Symbol { text, token },
        Name::Unknown => Answer::Unknown,
    }
}

/// The domain of a partition's endpoints.
pub(super) fn dns_suffix(partition: Partition) -> &'static str {
    match partition {
        Partition::China => "amazonaws.com.cn",
        Partition::Aws | Partition::GovCloud => "amazonaws.com",
    }
}
