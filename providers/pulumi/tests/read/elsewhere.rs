//! Policies that are made past the AWS provider.

use crate::helpers::*;

#[test]
fn policies_of_another_provider_are_refused() {
    let native = |type_name| stack(&[state(type_name, "data", "{}", "{}", "")]);
    assert_eq!(
        refused(&native("aws-native:s3:BucketPolicy")),
        "urn:pulumi:dev::orders::aws-native:s3:BucketPolicy::data, which may hold a policy, is not supported here: the \
         provider aws-native is not read; make it with the provider aws (Pulumi's AWS Classic)"
    );
    assert_eq!(
        read_ok(&native("aws-native:s3:Bucket")).notes,
        [
            "not read, since they are of the provider aws-native: urn:pulumi:dev::orders::aws-native:s3:Bucket::data"
        ]
    );
    assert_eq!(read_ok(&native("aws-native:ec2:Vpc")).notes, Vec::<String>::new());
}

#[test]
fn what_cloud_control_or_a_stack_makes_does_not_vanish() {
    let of = |type_name: &str, inputs: &str| stack(&[state(type_name, "data", inputs, "{}", "")]);
    let control = "aws:cloudcontrol/resource:Resource";
    let text = refused(&of(control, r#"{"typeName": "AWS::S3::BucketPolicy", "desiredState": "{}"}"#));
    assert!(text.contains("AWS::S3::BucketPolicy of Cloud Control is not read"), "{text}");
    assert_ne!(refused(&of(control, &format!(r#"{{"typeName": "{UNKNOWN}"}}"#))), "");
    let read = read_ok(&of(control, r#"{"typeName": "AWS::S3::Bucket"}"#));
    assert_eq!(read.notes, [format!("not read, since they are of Cloud Control: {}", urn(control, "data"))]);
    let template = r#"{"templateBody": "{\"Resources\": {\"A\": {\"Type\": \"AWS::S3::BucketPolicy\"}}}"}"#;
    let text = refused(&of("aws:cloudformation/stack:Stack", template));
    assert!(text.contains("its template has AWS::S3::BucketPolicy"), "{text}");
    for bridged in ["aws:index/s3BucketPolicy:S3BucketPolicy", "orders:tf:aws_s3_bucket_policy"] {
        assert!(refused(&of(bridged, "{}")).contains("made from Terraform's"), "{bridged}");
    }
}
