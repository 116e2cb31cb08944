//! Policies that are made past the AWS provider: by others, by Cloud Control, in a CloudFormation stack.

use narrows_model::{Text, Value};

/// What a resource that the AWS provider does not make itself has in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Elsewhere {
    /// What may be a policy, in words, and what to do.
    Policy { what: String, remedy: &'static str },
    /// Something of S3 that is no policy.
    Settings { by: &'static str },
}

const CLASSIC: &str = "make it with the provider aws (Pulumi's AWS Classic)";

/// The types of CloudFormation that have a policy which decides on access to S3.
const POLICIES: [&str; 15] = [
    "AWS::EC2::VPCEndpoint",
    "AWS::IAM::Group",
    "AWS::IAM::GroupPolicy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::User",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::UserToGroupAddition",
    "AWS::KMS::Key",
    "AWS::KMS::ReplicaKey",
    "AWS::Organizations::Policy",
    "AWS::S3::BucketPolicy",
    "AWS::S3::MultiRegionAccessPointPolicy",
];

/// What a template has in it where it can make more than its text says.
const OPENS: [&str; 4] = ["Transform", "::MODULE", "AWS::CloudFormation::Stack", "AWS::Serverless::"];

/// Whether resources of a type may hold a policy that is not read.
pub(super) fn is_elsewhere(type_name: &str) -> bool {
    of(type_name, None).is_some()
}

/// What a resource of a type has in it; `None` for one that has no say in access to S3, and for those that are read.
pub(crate) fn of(type_name: &str, inputs: Option<&Value>) -> Option<Elsewhere> {
    let input = |name: &str| inputs?.get(name)?.as_text();
    match type_name {
        "aws:cloudcontrol/resource:Resource" => {
            return of_cloudformation(input("typeName"), "Cloud Control", CLASSIC);
        }
        "aws-native:index:ExtensionResource" => {
            return of_cloudformation(input("type"), "the provider aws-native", CLASSIC);
        }
        "aws:cloudformation/stack:Stack"
        | "aws:cloudformation/stackSet:StackSet"
        | "aws-native:cloudformation:Stack"
        | "aws-native:cloudformation:StackSet"
        | "aws:serverlessrepository/cloudFormationStack:CloudFormationStack" => {
            return of_template(input("templateBody"));
        }
        _ => {}
    }
    if let Some(rest) = type_name.strip_prefix("aws-native:") {
        let name = format!("AWS::{}", rest.replace(':', "::")).to_lowercase();
        return match POLICIES.iter().any(|policy| policy.to_lowercase() == name) {
            true => Some(policy("the provider aws-native is not read", CLASSIC)),
            false => rest.starts_with("s3").then_some(Elsewhere::Settings { by: "the provider aws-native" }),
        };
    }
    // A provider made from Terraform's by name, and the resources inside a Terraform module.
    let is_bridged = type_name.starts_with("aws:index/")
        || type_name.split_once(":tf:aws_").is_some_and(|(_, name)| is_policy_of_terraform(name));
    is_bridged.then(|| policy("resources of a provider made from Terraform's are not read", CLASSIC))
}

fn policy(what: &str, remedy: &'static str) -> Elsewhere {
    Elsewhere::Policy { what: what.to_owned(), remedy }
}

/// What a type of CloudFormation's has in it; one that is not known may be any.
fn of_cloudformation(type_name: Option<&Text>, by: &'static str, remedy: &'static str) -> Option<Elsewhere> {
    let Some(name) = type_name.and_then(Text::as_literal) else {
        return Some(policy("its type is not known before the update", remedy));
    };
    if POLICIES.contains(&name) {
        return Some(policy(&format!("{name} of {by} is not read"), remedy));
    }
    name.starts_with("AWS::S3").then_some(Elsewhere::Settings { by })
}

/// What a template may have in it, by its text.
fn of_template(body: Option<&Text>) -> Option<Elsewhere> {
    const REMEDY: &str =
        "make what is in it with the provider aws (Pulumi's AWS Classic), or check its template by itself";
    let Some(body) = body.and_then(Text::as_literal) else {
        return Some(policy("its template is not in the preview", REMEDY));
    };
    let opens = OPENS.iter().find(|word| body.contains(*word));
    let found = POLICIES.iter().find(|name| body.contains(*name)).or(opens);
    if let Some(found) = found {
        return Some(policy(&format!("its template has {found}"), REMEDY));
    }
    // An escape may spell a type otherwise.
    if ["\\u", "\\U", "\\x", "\\\n"].iter().any(|escape| body.contains(escape)) {
        return Some(policy("its template has escapes, which may spell a type", REMEDY));
    }
    body.contains("AWS::S3").then_some(Elsewhere::Settings { by: "a CloudFormation stack" })
}

/// Whether resources of a type of Terraform's, without `aws_`, may hold a policy.
fn is_policy_of_terraform(name: &str) -> bool {
    const BEGINNINGS: [&str; 8] = [
        "cloudcontrolapi_",
        "cloudformation_",
        "iam_",
        "kms_",
        "organizations_policy",
        "s3_bucket",
        "s3control_",
        "vpc_endpoint",
    ];
    BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(type_name: &str, inputs: &[(&str, &str)]) -> Option<String> {
        let inputs = Value::object(inputs.iter().map(|(name, text)| (*name, Value::text(*text))));
        match of(type_name, Some(&inputs)) {
            Some(Elsewhere::Policy { what, .. }) => Some(what),
            Some(Elsewhere::Settings { by }) => Some(format!("settings by {by}")),
            None => None,
        }
    }

    #[test]
    fn what_may_hold_a_policy_is_told_by_what_is_in_it() {
        const CONTROL: &str = "aws:cloudcontrol/resource:Resource";
        const EXTENSION: &str = "aws-native:index:ExtensionResource";
        const STACK: &str = "aws:cloudformation/stack:Stack";
        type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], Option<&'a str>);
        let cases: [Case<'_>; 19] = [
            (
                CONTROL,
                &[("typeName", "AWS::S3::BucketPolicy")],
                Some("AWS::S3::BucketPolicy of Cloud Control is not read"),
            ),
            (CONTROL, &[("typeName", "AWS::S3::Bucket")], Some("settings by Cloud Control")),
            (CONTROL, &[("typeName", "AWS::ECS::Cluster")], None),
            (CONTROL, &[], Some("its type is not known before the update")),
            (
                EXTENSION,
                &[("type", "AWS::IAM::Role")],
                Some("AWS::IAM::Role of the provider aws-native is not read"),
            ),
            (EXTENSION, &[("type", "AWS::ECS::Cluster")], None),
            (STACK, &[("templateBody", "Resources: {A: {Type: AWS::SNS::Topic}}")], None),
            (
                STACK,
                &[("templateBody", "Resources: {A: {Type: AWS::S3::Bucket}}")],
                Some("settings by a CloudFormation stack"),
            ),
            (
                STACK,
                &[("templateBody", "Resources: {A: {Type: AWS::S3::BucketPolicy}}")],
                Some("its template has AWS::S3::BucketPolicy"),
            ),
            (STACK, &[("templateBody", "Transform: X")], Some("its template has Transform")),
            (
                STACK,
                &[("templateBody", r#"{"Type": "\u0041WS::S3::BucketPolicy"}"#)],
                Some("its template has escapes, which may spell a type"),
            ),
            (STACK, &[("templateUrl", "https://example.com/t")], Some("its template is not in the preview")),
            ("aws-native:s3:BucketPolicy", &[], Some("the provider aws-native is not read")),
            ("aws-native:s3:Bucket", &[], Some("settings by the provider aws-native")),
            ("aws-native:ec2:Vpc", &[], None),
            (
                "aws:index/s3BucketPolicy:S3BucketPolicy",
                &[],
                Some("resources of a provider made from Terraform's are not read"),
            ),
            (
                "orders:tf:aws_s3_bucket_policy",
                &[],
                Some("resources of a provider made from Terraform's are not read"),
            ),
            ("orders:tf:aws_sns_topic", &[], None),
            ("aws:s3/bucketPolicy:BucketPolicy", &[], None),
        ];
        for (type_name, inputs, expected) in cases {
            assert_eq!(found(type_name, inputs).as_deref(), expected, "{type_name} {inputs:?}");
        }
    }
}
