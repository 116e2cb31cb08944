//! Previews and stacks as texts.

use narrows_model::{Kind, Resource, ResourceId, Source, Value, json};
use narrows_pulumi::{Read, ReadError, detect, read};

pub(crate) const UNKNOWN: &str = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
pub(crate) const SECRET: &str =
    r#"{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}"#;

pub(crate) fn urn(type_name: &str, name: &str) -> String {
    format!("urn:pulumi:dev::orders::{type_name}::{name}")
}

/// A resource as the engine writes it; `more` is further members.
pub(crate) fn state(type_name: &str, name: &str, inputs: &str, outputs: &str, more: &str) -> String {
    format!(
        r#"{{"urn": "{}", "custom": true, "type": "{type_name}", "inputs": {inputs}, "outputs": {outputs}{more}}}"#,
        urn(type_name, name)
    )
}

pub(crate) fn stack(resources: &[String]) -> Value {
    parse(&format!(r#"{{"version": 3, "deployment": {{"resources": [{}]}}}}"#, resources.join(", ")))
}

pub(crate) fn step(op: &str, old: Option<&str>, new: Option<&str>) -> String {
    let side =
        |name: &str, state: Option<&str>| state.map(|it| format!(r#", "{name}": {it}"#)).unwrap_or_default();
    format!(r#"{{"op": "{op}", "urn": "u"{}{}}}"#, side("oldState", old), side("newState", new))
}

pub(crate) fn preview(steps: &[String], same: usize) -> Value {
    parse(&format!(
        r#"{{"config": {{"aws:region": "eu-west-2"}}, "steps": [{}], "changeSummary": {{"create": 1, "same": {same}}}}}"#,
        steps.join(", ")
    ))
}

pub(crate) fn parse(text: &str) -> Value {
    json::parse(&Source::file("t.json", text)).unwrap()
}

pub(crate) fn reading(value: &Value) -> Result<Read, ReadError> {
    read(value, detect(value).unwrap())
}

pub(crate) fn read_ok(value: &Value) -> Read {
    reading(value).unwrap()
}

pub(crate) fn refused(value: &Value) -> String {
    reading(value).map(|_| String::new()).unwrap_or_else(|error| error.to_string())
}

pub(crate) fn get<'r>(read: &'r Read, kind: Kind, name: &str) -> &'r Resource {
    read.deployment.get(&ResourceId::new(kind, name)).unwrap()
}

pub(crate) fn names(read: &Read) -> Vec<String> {
    read.deployment.resources().map(|resource| resource.id.to_string()).collect()
}

pub(crate) const BUCKET: &str = "aws:s3/bucket:Bucket";
pub(crate) const POLICY: &str = "aws:s3/bucketPolicy:BucketPolicy";
pub(crate) const MRAP: &str = "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint";
pub(crate) const KEY: &str = "aws:kms/key:Key";
pub(crate) const KEY_POLICY: &str = "aws:kms/keyPolicy:KeyPolicy";
pub(crate) const ENDPOINT: &str = "aws:ec2/vpcEndpoint:VpcEndpoint";
pub(crate) const ENDPOINT_POLICY: &str = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy";

/// What is read of a preview's steps, of which none is unchanged.
pub(crate) fn previewed(steps: &[String]) -> Read {
    read_ok(&preview(steps, 0))
}

/// The policy of a bucket, key or endpoint; `None` where it has none.
pub(crate) fn policy_of(deployment: &narrows_model::Deployment, kind: Kind, name: &str) -> Option<String> {
    use narrows_model::{Attribute, Body};
    let id = ResourceId::new(kind.clone(), name);
    let policy = match &deployment.get(&id).unwrap().body {
        Body::Key(it) => it.policy.as_ref(),
        Body::ReplicaKey(it) => it.policy.as_ref(),
        Body::VpcEndpoint(it) => it.policy.as_ref(),
        _ => {
            let own = deployment.value_of(&id.attribute(Attribute::Id));
            let mut policies = deployment.of_kind(Kind::BucketPolicy).filter_map(|it| match &it.body {
                Body::BucketPolicy(it) if deployment.expand(&it.bucket.to_text()) == own => Some(&it.policy),
                _ => None,
            });
            let first = policies.next();
            assert_eq!(policies.next(), None, "{name} has several");
            first
        }
    };
    policy.map(ToString::to_string)
}
