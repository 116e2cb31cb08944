//! The policy templates of the macro `AWS::Serverless`.
//!
//! Source: AWS SAM Developer Guide, "Policy template list".

use narrows_model::{Value, ValueKind};

/// A template that is about S3 or KMS.
struct Template {
    name: &'static str,
    /// The name of its one parameter.
    parameter: &'static str,
    /// What it allows on what.
    statements: &'static [(&'static [&'static str], &'static [&'static str])],
}

const BUCKET: &str = "arn:${AWS::Partition}:s3:::${given}";
const OBJECTS: &str = "arn:${AWS::Partition}:s3:::${given}/*";
const KEY: &str = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${given}";

const TEMPLATES: [Template; 7] = [
    Template {
        name: "S3ReadPolicy",
        parameter: "BucketName",
        statements: &[(
            &[
                "s3:GetObject",
                "s3:ListBucket",
                "s3:GetBucketLocation",
                "s3:GetObjectVersion",
                "s3:GetLifecycleConfiguration",
            ],
            &[BUCKET, OBJECTS],
        )],
    },
    Template {
        name: "S3WritePolicy",
        parameter: "BucketName",
        statements: &[(
            &["s3:PutObject", "s3:PutObjectAcl", "s3:PutLifecycleConfiguration"],
            &[BUCKET, OBJECTS],
        )],
    },
    Template {
        name: "S3CrudPolicy",
        parameter: "BucketName",
        statements: &[(
            &[
                "s3:GetObject",
                "s3:ListBucket",
                "s3:GetBucketLocation",
                "s3:GetObjectVersion",
                "s3:PutObject",
                "s3:PutObjectAcl",
                "s3:GetLifecycleConfiguration",
                "s3:PutLifecycleConfiguration",
                "s3:DeleteObject",
            ],
            &[BUCKET, OBJECTS],
        )],
    },
    Template {
        name: "S3FullAccessPolicy",
        parameter: "BucketName",
        statements: &[
            (
                &[
                    "s3:GetObject",
                    "s3:GetObjectAcl",
                    "s3:GetObjectVersion",
                    "s3:PutObject",
                    "s3:PutObjectAcl",
                    "s3:DeleteObject",
                    "s3:DeleteObjectTagging",
                    "s3:DeleteObjectVersionTagging",
                    "s3:GetObjectTagging",
                    "s3:GetObjectVersionTagging",
                    "s3:PutObjectTagging",
                    "s3:PutObjectVersionTagging",
                ],
                &[OBJECTS],
            ),
            (
                &[
                    "s3:ListBucket",
                    "s3:GetBucketLocation",
                    "s3:GetLifecycleConfiguration",
                    "s3:PutLifecycleConfiguration",
                ],
                &[BUCKET],
            ),
        ],
    },
    Template { name: "KMSDecryptPolicy", parameter: "KeyId", statements: &[(&["kms:Decrypt"], &[KEY])] },
    Template { name: "KMSEncryptPolicy", parameter: "KeyId", statements: &[(&["kms:Encrypt"], &[KEY])] },
    Template {
        name: "KMSEncryptPolicy_v2",
        parameter: "KeyId",
        statements: &[(
            &[
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:GenerateDataKeyPair",
                "kms:GenerateDataKeyPairWithoutPlaintext",
            ],
            &[KEY],
        )],
    },
];

/// Templates that allow nothing of S3, of KMS, or of any service that passes access on.
const ELSEWHERE: [&str; 74] = [
    "AMIDescribePolicy",
    "AWSSecretsManagerGetSecretValuePolicy",
    "AWSSecretsManagerRotationPolicy",
    "AcmGetCertificatePolicy",
    "AthenaQueryPolicy",
    "CloudFormationDescribeStacksPolicy",
    "CloudWatchDashboardPolicy",
    "CloudWatchDescribeAlarmHistoryPolicy",
    "CloudWatchPutMetricPolicy",
    "CodeCommitCrudPolicy",
    "CodeCommitReadPolicy",
    "CodePipelineLambdaExecutionPolicy",
    "CodePipelineReadOnlyPolicy",
    "ComprehendBasicAccessPolicy",
    "CostExplorerReadOnlyPolicy",
    "DynamoDBBackupFullAccessPolicy",
    "DynamoDBCrudPolicy",
    "DynamoDBReadPolicy",
    "DynamoDBReconfigurePolicy",
    "DynamoDBRestoreFromBackupPolicy",
    "DynamoDBStreamReadPolicy",
    "DynamoDBWritePolicy",
    "EC2CopyImagePolicy",
    "EC2DescribePolicy",
    "EFSWriteAccessPolicy",
    "EKSDescribePolicy",
    "EcsRunTaskPolicy",
    "ElasticMapReduceAddJobFlowStepsPolicy",
    "ElasticMapReduceCancelStepsPolicy",
    "ElasticMapReduceModifyInstanceFleetPolicy",
    "ElasticMapReduceModifyInstanceGroupsPolicy",
    "ElasticMapReduceSetTerminationProtectionPolicy",
    "ElasticMapReduceTerminateJobFlowsPolicy",
    "ElasticsearchHttpPostPolicy",
    "EventBridgePutEventsPolicy",
    "FilterLogEventsPolicy",
    "FirehoseCrudPolicy",
    "FirehoseWritePolicy",
    "KinesisCrudPolicy",
    "KinesisStreamReadPolicy",
    "LambdaInvokePolicy",
    "MobileAnalyticsWriteOnlyAccessPolicy",
    "OrganizationsListAccountsPolicy",
    "PinpointEndpointAccessPolicy",
    "PollyFullAccessPolicy",
    "RekognitionDetectOnlyPolicy",
    "RekognitionFacesManagementPolicy",
    "RekognitionFacesPolicy",
    "RekognitionLabelsPolicy",
    "RekognitionNoDataAccessPolicy",
    "RekognitionReadPolicy",
    "RekognitionWriteOnlyAccessPolicy",
    "Route53ChangeResourceRecordSetsPolicy",
    "SESBulkTemplatedCrudPolicy",
    "SESBulkTemplatedCrudPolicy_v2",
    "SESCrudPolicy",
    "SESEmailTemplateCrudPolicy",
    "SESSendBouncePolicy",
    "SNSCrudPolicy",
    "SNSPublishMessagePolicy",
    "SQSPollerPolicy",
    "SQSSendMessagePolicy",
    "SSMParameterReadPolicy",
    "SSMParameterWithSlashPrefixReadPolicy",
    "SageMakerCreateEndpointConfigPolicy",
    "SageMakerCreateEndpointPolicy",
    "ServerlessRepoReadWriteAccessPolicy",
    "StepFunctionsCallbackPolicy",
    "StepFunctionsExecutionPolicy",
    "StepFunctionsExecutionPolicy_v2",
    "TextractDetectAnalyzePolicy",
    "TextractGetResultPolicy",
    "TextractPolicy",
    "VPCAccessPolicy",
];

/// What a template comes to.
pub(crate) enum Expanded {
    /// A document, in which functions are to be resolved.
    Document(Value),
    /// Nothing that is asked about.
    Elsewhere,
    /// It is none that is known, or it is not given what it needs.
    Unknown,
}

/// The document that a template with these parameters stands for.
pub(crate) fn expanded(name: &str, parameters: &Value) -> Expanded {
    let Some(template) = TEMPLATES.iter().find(|template| template.name == name) else {
        return if ELSEWHERE.contains(&name) { Expanded::Elsewhere } else { Expanded::Unknown };
    };
    let given = parameters.get(template.parameter).filter(|given| given.kind != ValueKind::Null);
    let Some(given) = given else { return Expanded::Unknown };
    let texts = |texts: &[&str]| Value::list(texts.iter().map(|text| Value::text(*text)));
    let arn = |pattern: &&str| {
        let with = Value::object([("given", given.clone())]);
        Value::object([("Fn::Sub", Value::list([Value::text(*pattern), with]))])
    };
    let statement = |(actions, arns): &(&[&str], &[&str])| {
        Value::object([
            ("Effect", Value::text("Allow")),
            ("Action", texts(actions)),
            ("Resource", Value::list(arns.iter().map(arn))),
        ])
    };
    let statements = Value::list(template.statements.iter().map(statement));
    let mut document = Value::object([("Version", Value::text("2012-10-17")), ("Statement", statements)]);
    document.location = parameters.location.clone();
    Expanded::Document(document)
}
