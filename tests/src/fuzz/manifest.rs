//! Manifests of raw policy files: any text reads or gives an error, and nothing panics.

use narrows_model::{Body, Source};

pub(super) const WORDS: &[&str] = &[
    "[[bucket]]\n",
    "[[mrap]]\n",
    "[[role]]\n",
    "[[endpoint]]\n",
    "name = \"orders\"\n",
    "version = 1\n",
    "policy = \"a.json\"\n",
    "account = \"123456789012\"\n",
    "public_access_block = true\n",
    "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
    "\"",
    "=",
    "{",
    "}",
    "[",
    "]",
    "\n",
];

/// Reads the text as a manifest whose files all hold one policy.
pub(super) fn manifest(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}"#;
    let mut named = 0;
    let mut load = |name: &str| {
        named += 1;
        Ok(Source::file(name, policy))
    };
    let Ok(deployment) = narrows_manifest::read(&Source::file("narrows.policies.toml", text), &mut load)
    else {
        return;
    };
    let policies = deployment.resources().filter(|it| match &it.body {
        Body::BucketPolicy(_)
        | Body::MultiRegionAccessPointPolicy(_)
        | Body::RolePolicy(_)
        | Body::ManagedPolicy(_) => true,
        Body::VpcEndpoint(endpoint) => endpoint.policy.is_some(),
        Body::Role(role) => role.assume_role_policy.members().is_some(),
        _ => false,
    });
    assert_eq!(policies.count(), named, "a policy file was read and not attached, or attached and not read");
}
