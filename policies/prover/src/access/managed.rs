//! AWS managed policies that roles of many deployments have, as AWS publishes them.
//!
//! Where the documents come from, and how one is added: `policies/prover/managed/README.md`.

use narrows_iam::{Document, DocumentKind};
use narrows_model::{Partition, Source};

/// A policy of AWS's own, in the version that was its default when it was noted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listed {
    /// Its path and name.
    name: &'static str,
    version: &'static str,
    /// The day of that version.
    date: &'static str,
    text: &'static str,
}

macro_rules! listed {
    ($name:literal, $version:literal, $date:literal) => {
        Listed {
            name: $name,
            version: $version,
            date: $date,
            text: include_str!(concat!("../../managed/", $name, ".json")),
        }
    };
}

/// In order of their names.
const LISTED: &[Listed] = &[
    listed!("AWSLambdaExecute", "v1", "2015-02-06"),
    listed!("AWSXRayDaemonWriteAccess", "v2", "2024-02-13"),
    listed!("AWSXrayWriteOnlyAccess", "v2", "2018-08-28"),
    listed!("AmazonEC2ContainerRegistryReadOnly", "v3", "2019-12-10"),
    listed!("AmazonEKSWorkerNodePolicy", "v3", "2023-11-27"),
    listed!("AmazonEKS_CNI_Policy", "v6", "2026-03-04"),
    listed!("AmazonS3FullAccess", "v2", "2021-09-27"),
    listed!("AmazonS3ReadOnlyAccess", "v3", "2023-08-10"),
    listed!("AmazonSSMDirectoryServiceAccess", "v1", "2019-03-15"),
    listed!("AmazonSSMManagedInstanceCore", "v2", "2019-05-23"),
    listed!("CloudWatchAgentServerPolicy", "v3", "2024-02-06"),
    listed!("service-role/AWSLambdaBasicExecutionRole", "v1", "2015-04-09"),
    listed!("service-role/AWSLambdaDynamoDBExecutionRole", "v1", "2015-04-09"),
    listed!("service-role/AWSLambdaKinesisExecutionRole", "v2", "2018-11-19"),
    listed!("service-role/AWSLambdaRole", "v1", "2015-02-06"),
    listed!("service-role/AWSLambdaSQSQueueExecutionRole", "v1", "2018-06-14"),
    listed!("service-role/AWSLambdaVPCAccessExecutionRole", "v3", "2024-01-05"),
    listed!("service-role/AmazonEC2RoleforSSM", "v8", "2019-01-24"),
    listed!("service-role/AmazonECSTaskExecutionRolePolicy", "v1", "2017-11-16"),
    listed!("service-role/AmazonElasticMapReduceforEC2Role", "v3", "2017-08-11"),
];

/// The AWS managed policy that allows everything, and has done so since there is IAM.
const ADMINISTRATOR: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;

/// The document of the AWS managed policy with this ARN, and what is taken for granted of it; `None` for one that is not known.
pub(super) fn document(partition: Partition, arn: &str) -> Option<(Document, Option<String>)> {
    let name = arn.strip_prefix(&format!("arn:{partition}:iam::aws:policy/"))?;
    if name == "AdministratorAccess" {
        return Some((parsed(arn, ADMINISTRATOR)?, None));
    }
    // In other partitions the same name may stand for another document.
    let listed = LISTED.iter().find(|it| it.name == name).filter(|_| partition == Partition::Aws)?;
    let assumed = format!("assumed: {arn} is as in its version {} of {}", listed.version, listed.date);
    Some((parsed(arn, listed.text)?, Some(assumed)))
}

fn parsed(arn: &str, text: &str) -> Option<Document> {
    narrows_iam::parse_text(&Source::file(arn, text), DocumentKind::Identity).ok().map(|it| it.document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_document_of_the_list_is_one_and_is_found_by_its_arn() {
        for (listed, next) in LISTED.iter().zip(LISTED.iter().skip(1)) {
            assert!(listed.name < next.name, "{}", next.name);
        }
        for listed in LISTED {
            let arn = format!("arn:aws:iam::aws:policy/{}", listed.name);
            let (document, assumed) = document(Partition::Aws, &arn).unwrap();
            assert!(!document.statements.is_empty(), "{}", listed.name);
            assert_eq!(
                assumed,
                Some(format!("assumed: {arn} is as in its version {} of {}", listed.version, listed.date))
            );
        }
    }

    #[test]
    fn others_are_not_known() {
        for arn in [
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "arn:aws:iam::123456789012:policy/AmazonS3FullAccess",
            "arn:aws:iam::aws:policy/service-role/AmazonS3FullAccess",
            "arn:aws-cn:iam::aws:policy/AmazonS3FullAccess",
        ] {
            assert!(document(Partition::Aws, arn).is_none(), "{arn}");
        }
        assert!(document(Partition::China, "arn:aws-cn:iam::aws:policy/AmazonS3FullAccess").is_none());
        assert!(document(Partition::China, "arn:aws-cn:iam::aws:policy/AdministratorAccess").is_some());
    }
}
