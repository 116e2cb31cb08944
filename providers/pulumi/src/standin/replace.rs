//! What cannot change in place, so that the engine makes the resource anew: its symbols are then other values.
//!
//! Source: the resources' pages in the registry of Terraform's AWS provider, "Forces new resource".

use super::wire::Object;
use serde_json::Value;

/// The inputs of a type that cannot change.
fn fixed(type_name: &str) -> &'static [&'static str] {
    match type_name {
        "aws:ec2/vpcEndpoint:VpcEndpoint" => &["serviceName", "serviceRegion", "vpcEndpointType", "vpcId"],
        "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy" => &["vpcEndpointId"],
        "aws:iam/groupMembership:GroupMembership" => &["group", "name"],
        "aws:iam/groupPolicy:GroupPolicy" => &["group", "name", "namePrefix"],
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment" => &["group", "policyArn"],
        "aws:iam/policy:Policy" => &["description", "name", "namePrefix", "path"],
        "aws:iam/policyAttachment:PolicyAttachment" => &["name", "policyArn"],
        "aws:iam/role:Role" => &["name", "namePrefix", "path"],
        "aws:iam/rolePolicy:RolePolicy" => &["name", "namePrefix", "role"],
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment" => &["policyArn", "role"],
        "aws:iam/userGroupMembership:UserGroupMembership" => &["user"],
        "aws:iam/userPolicy:UserPolicy" => &["name", "namePrefix", "user"],
        "aws:iam/userPolicyAttachment:UserPolicyAttachment" => &["policyArn", "user"],
        "aws:kms/alias:Alias" => &["name", "namePrefix"],
        "aws:kms/key:Key" => &["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion"],
        "aws:kms/keyPolicy:KeyPolicy" => &["keyId"],
        "aws:kms/replicaKey:ReplicaKey" => &["primaryKeyArn"],
        "aws:organizations/account:Account" => &["email", "roleName"],
        "aws:organizations/organizationalUnit:OrganizationalUnit" => &["parentId"],
        "aws:organizations/policy:Policy" => &["type"],
        "aws:organizations/policyAttachment:PolicyAttachment" => &["policyId", "targetId"],
        // Nothing of an MRAP can change once it is there.
        "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint" => &["accountId", "details"],
        "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy" => &["accountId"],
        // Buckets, and all that is configured on them.
        other if other.starts_with("aws:s3/bucket") => &["bucket", "bucketPrefix"],
        "aws:s3/accessPoint:AccessPoint" => &["accountId", "bucket", "name", "vpcConfiguration"],
        _ => &[],
    }
}

/// Whether an input that differs makes the engine make the resource anew.
pub(super) fn is_forced(type_name: &str, input: &str, olds: &Object, news: &Object) -> bool {
    // Since version 7 of the provider each resource has its Region; one that is given for the first time may be the same.
    if input == "region" {
        return olds.contains_key("region") && news.contains_key("region");
    }
    if type_name == "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy"
        && input == "details"
    {
        let name = |inputs: &Object| inputs.get("details").and_then(|it| it.get("name")).cloned();
        return name(olds) != name(news);
    }
    // A prefix that is given up is no change of the name that was made of it.
    let is_known = |inputs: &Object| inputs.get(input).is_some_and(|value| *value != Value::Null);
    fixed(type_name).contains(&input) && (is_known(news) || !input.ends_with("Prefix"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_names_a_resource_cannot_change_in_place() {
        const POLICY: &str = "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy";
        let forced = |type_name: &str, input: &str, old: Value, new: Value| {
            is_forced(type_name, input, old.as_object().unwrap(), new.as_object().unwrap())
        };
        let details = |name: &str, policy: &str| json!({"details": {"name": name, "policy": policy}});
        assert!(forced(
            "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint",
            "details",
            details("orders", ""),
            details("other", "")
        ));
        assert!(!forced(POLICY, "details", details("orders", "{}"), details("orders", "[]")));
        assert!(forced(POLICY, "details", details("orders", "{}"), details("other", "{}")));
        let (one, other) = (json!({"bucket": "a", "policy": "{}"}), json!({"bucket": "b", "policy": "[]"}));
        for (input, expected) in [("bucket", true), ("policy", false)] {
            let is = forced("aws:s3/bucketPolicy:BucketPolicy", input, one.clone(), other.clone());
            assert_eq!(is, expected, "{input}");
        }
        let region = |region: &str| json!({"region": region});
        assert!(forced("aws:s3/bucket:Bucket", "region", region("eu-west-2"), region("us-east-1")));
        assert!(!forced("aws:s3/bucket:Bucket", "region", json!({}), region("us-east-1")));
    }
}
