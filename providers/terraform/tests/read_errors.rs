//! What is refused in a configuration, with its place.
#![allow(clippy::unwrap_used, reason = "tests")]

use narrows_model::Source;
use narrows_terraform::read_config;

/// The error for a file, and where it is.
fn refused(text: &str) -> String {
    refused_in("main.tf.json", text)
}

fn refused_in(name: &str, text: &str) -> String {
    let error = read_config(&[Source::file(name, text)]).unwrap_err();
    format!("{error}\n  at {}", error.location())
}

fn in_resource(type_name: &str, arguments: &str) -> String {
    refused(&format!(
        "{{\n \"resource\": {{\n  \"{type_name}\": {{\n   \"data\": {{\n    {arguments}\n   }}}}}}}}"
    ))
}

#[test]
fn not_terraform_json() {
    insta::assert_snapshot!(refused("{\"resource\": }"), @r"
    not JSON: unexpected close brace
      at main.tf.json:1
    ");
    insta::assert_snapshot!(refused("[1]"), @r"
    the top of a file is a number: expected an object
      at main.tf.json:1 ([0])
    ");
    insta::assert_snapshot!(refused("{\"resource\": 1}"), @r"
    resource is a number: expected an object
      at main.tf.json:1 (resource)
    ");
    insta::assert_snapshot!(refused("{\"resource\": {\"aws_s3_bucket\": {\"data\": true}}}"), @r"
    resource aws_s3_bucket data is a boolean: expected an object
      at main.tf.json:1 (resource.aws_s3_bucket.data)
    ");
    insta::assert_snapshot!(refused("{\"resources\": {}}"), @r"
    a block of type `resources` is not supported here: expected one of Terraform's, such as `resource`, `provider` or `locals`; remove it
      at main.tf.json:1 (resources)
    ");
    let twice = "{\"resource\": [{\"aws_s3_bucket\": {\"a\": {}}}, {\"aws_s3_bucket\": {\"a\": {}}}]}";
    insta::assert_snapshot!(refused(twice), @r"
    resource aws_s3_bucket.a is given twice: expected it once; remove one
      at main.tf.json:1 (resource[1].aws_s3_bucket.a)
    ");
    insta::assert_snapshot!(in_resource("aws_s3_bucket", "\"bucket\": \"aaa\", \"bucket\": \"bbb\""), @r"
    `bucket` is given twice: expected it once; remove one
      at main.tf.json:5 (resource.aws_s3_bucket.data.bucket)
    ");
    insta::assert_snapshot!(refused("{\"locals\": [{\"a\": 1}, {\"a\": 2}]}"), @r"
    local `a` is given twice: expected it once; remove one
      at main.tf.json:1 (locals[1].a)
    ");
}

#[test]
fn not_a_template() {
    insta::assert_snapshot!(in_resource("aws_s3_bucket", "\"bucket\": \"data-${\""), @r"
    not a template: unexpected token at column 6; write a literal `${` as `$${` and a literal `%{` as `%%{`
      at main.tf.json:5 (resource.aws_s3_bucket.data.bucket)
    ");
    insta::assert_snapshot!(in_resource("aws_s3_bucket", "\"bucket\": \"data-${a b}\""), @r"
    not a template: expected `}` at column 10; write a literal `${` as `$${` and a literal `%{` as `%%{`
      at main.tf.json:5 (resource.aws_s3_bucket.data.bucket)
    ");
    insta::assert_snapshot!(refused("{\"locals\": {\"a\": \"${upper(\"}}"), @r"
    not a template: expected `}` at column 8; write a literal `${` as `$${` and a literal `%{` as `%%{`
      at main.tf.json:1 (locals.a)
    ");
}

#[test]
fn wrong_names() {
    insta::assert_snapshot!(in_resource("aws_s3_bucket", "\"bucket\": \"Data\""), @r"
    `bucket` of aws_s3_bucket.data: `Data` is not a bucket name: expected only lower-case letters, digits, dots and hyphens (it has `D`)
      at main.tf.json:5 (resource.aws_s3_bucket.data.bucket)
    ");
    insta::assert_snapshot!(in_resource("aws_s3_bucket", "\"region\": \"ap-northwest-3\""), @r"
    `region` of aws_s3_bucket.data: `ap-northwest-3` is not an AWS Region: expected a Region code such as us-east-1; did you mean `ap-northeast-3`?
      at main.tf.json:5 (resource.aws_s3_bucket.data.region)
    ");
    insta::assert_snapshot!(in_resource("aws_iam_role", "\"path\": \"apps\", \"assume_role_policy\": \"{}\""), @r"
    `path` of aws_iam_role.data: `apps` is not a role path: expected `/`, or text that begins and ends with a slash, such as /apps/
      at main.tf.json:5 (resource.aws_iam_role.data.path)
    ");
    insta::assert_snapshot!(refused("{\"provider\": {\"aws\": {\"allowed_account_ids\": [\"12345\"]}}}"), @r"
    `allowed_account_ids` of provider aws: `12345` is not an AWS account id: expected twelve digits, such as 123456789012
      at main.tf.json:1 (provider.aws.allowed_account_ids[0])
    ");
    insta::assert_snapshot!(
        in_resource("aws_s3control_multi_region_access_point", "\"details\": {\"name\": \"Data\"}"), @r"
    `name` of aws_s3control_multi_region_access_point.data.details: `Data` is not a Multi-Region Access Point name: expected 3 to 50 lower-case letters, digits and hyphens, with a letter or digit at both ends
      at main.tf.json:5 (resource.aws_s3control_multi_region_access_point.data.details.name)
    ");
}

#[test]
fn wrong_types() {
    insta::assert_snapshot!(
        in_resource("aws_s3control_multi_region_access_point", "\"details\": {\"name\": \"data\"}"), @r"
    `region` of aws_s3control_multi_region_access_point.data.details is missing: expected a block for each bucket
      at main.tf.json:5 (resource.aws_s3control_multi_region_access_point.data.details)
    ");
    insta::assert_snapshot!(in_resource("aws_s3_bucket", "\"bucket\": [\"data\"]"), @r"
    `bucket` of aws_s3_bucket.data is a list: expected a string
      at main.tf.json:5 (resource.aws_s3_bucket.data.bucket)
    ");
    insta::assert_snapshot!(in_resource("aws_s3_bucket", "\"force_destroy\": \"maybe\""), @r"
    `force_destroy` of aws_s3_bucket.data is `maybe`: expected `true` or `false`
      at main.tf.json:5 (resource.aws_s3_bucket.data.force_destroy)
    ");
    insta::assert_snapshot!(in_resource("aws_s3_bucket_policy", "\"bucket\": \"data\""), @r"
    `policy` of aws_s3_bucket_policy.data is missing: expected a string that holds JSON
      at main.tf.json:4 (resource.aws_s3_bucket_policy.data)
    ");
    insta::assert_snapshot!(
        in_resource("aws_s3_bucket_policy", "\"bucket\": \"data\", \"policy\": {\"Version\": \"2012-10-17\"}"), @r"
    `policy` of aws_s3_bucket_policy.data is an object: expected a string that holds JSON
      at main.tf.json:5 (resource.aws_s3_bucket_policy.data.policy)
    ");
    insta::assert_snapshot!(in_resource("aws_s3_bucket_versioning", "\"bucket\": \"data\""), @r"
    `versioning_configuration` of aws_s3_bucket_versioning.data is missing: expected a block
      at main.tf.json:4 (resource.aws_s3_bucket_versioning.data)
    ");
    insta::assert_snapshot!(in_resource("aws_s3_bucket_versioning",
        "\"bucket\": \"data\", \"versioning_configuration\": {\"status\": \"enabled\"}"), @r"
    `status` of aws_s3_bucket_versioning.data.versioning_configuration is `enabled`: expected `Enabled`, `Suspended` or `Disabled`
      at main.tf.json:5 (resource.aws_s3_bucket_versioning.data.versioning_configuration.status)
    ");
    insta::assert_snapshot!(in_resource("aws_s3_bucket_versioning",
        "\"bucket\": \"data\", \"versioning_configuration\": [{\"status\": \"Enabled\"}, {}]"), @r"
    block `versioning_configuration` of aws_s3_bucket_versioning.data is given twice: expected it once; remove one
      at main.tf.json:5 (resource.aws_s3_bucket_versioning.data.versioning_configuration[1])
    ");
    let route = "{\"bucket\": \"data\", \"region\": \"eu-west-2\", \"traffic_dial_percentage\": 10}";
    insta::assert_snapshot!(in_resource("aws_s3control_multi_region_access_point_routes",
        &format!("\"mrap\": \"${{aws_s3control_multi_region_access_point.a.arn}}\", \"route\": [{route}]")), @r"
    `traffic_dial_percentage` of aws_s3control_multi_region_access_point_routes.data.route[0] is `10`: expected `100` or `0`
      at main.tf.json:5 (resource.aws_s3control_multi_region_access_point_routes.data.route[0].traffic_dial_percentage)
    ");
    insta::assert_snapshot!(in_resource("aws_s3_bucket", "\"depends_on\": \"aws_s3_bucket.a\""), @r"
    `depends_on` of aws_s3_bucket.data is `aws_s3_bucket.a`: expected a list of addresses such as `aws_s3_bucket.data`
      at main.tf.json:5 (resource.aws_s3_bucket.data.depends_on)
    ");
}

#[test]
fn what_only_terraform_can_work_out() {
    insta::assert_snapshot!(in_resource("aws_s3_bucket", "\"for_each\": \"${local.regions}\""), @r"
    `for_each` of aws_s3_bucket.data is not supported here: write the resources out, or check a plan (narrows plan DIR makes one)
      at main.tf.json:5 (resource.aws_s3_bucket.data.for_each)
    ");
    insta::assert_snapshot!(in_resource("aws_s3_bucket", "\"count\": 2"), @r"
    `count` of aws_s3_bucket.data is not supported here: write the resources out, or check a plan (narrows plan DIR makes one)
      at main.tf.json:5 (resource.aws_s3_bucket.data.count)
    ");
    insta::assert_snapshot!(in_resource("aws_s3_bucket_versioning",
        "\"bucket\": \"data\", \"versioning_configuration\": {\"status\": \"${var.status}\"}"), @r"
    `status` of aws_s3_bucket_versioning.data.versioning_configuration is `var.status`, which cannot be worked out here: expected `Enabled`, `Suspended` or `Disabled`; give the value, or check a plan that has it (narrows plan DIR makes one)
      at main.tf.json:5 (resource.aws_s3_bucket_versioning.data.versioning_configuration.status)
    ");
    insta::assert_snapshot!(in_resource("aws_s3control_multi_region_access_point",
        "\"details\": {\"name\": \"data\", \"dynamic\": {\"region\": {\"for_each\": [], \"content\": {}}}}"), @r"
    a dynamic block for `region` of aws_s3control_multi_region_access_point.data.details is not supported here: only Terraform can expand it; write the blocks out, or check a plan instead (narrows plan DIR makes one)
      at main.tf.json:5 (resource.aws_s3control_multi_region_access_point.data.details.dynamic.region)
    ");
    insta::assert_snapshot!(refused("{\"module\": {\"mrap\": {\"source\": \"./mrap\"}}}"), @r"
    module `mrap` is not supported here: write its resources out in this folder, or check a plan (narrows plan DIR makes one)
      at main.tf.json:1 (module.mrap)
    ");
    insta::assert_snapshot!(refused_in("a/b_override.tf.json", "{}"), @r"
    override file `b_override.tf.json` is not supported here: merge it into what it overrides, or check a plan (narrows plan DIR makes one)
      at a/b_override.tf.json:1
    ");
}

#[test]
fn what_the_model_has_another_place_for() {
    insta::assert_snapshot!(in_resource("aws_s3_bucket", "\"policy\": \"{}\""), @r"
    `policy` of aws_s3_bucket.data is not supported here: the AWS provider deprecates it; move it to an aws_s3_bucket_policy
      at main.tf.json:5 (resource.aws_s3_bucket.data.policy)
    ");
    insta::assert_snapshot!(refused("{\"resource\": {\"aws_s3_bucket\": {\n\"a\": {\"region\": \"eu-west-2\"},\n\"b\": {\"region\": \"cn-north-1\"}}}}"), @r"
    a deployment to two partitions (eu-west-2 and cn-north-1) is not supported here: check what goes to each partition on its own
      at main.tf.json:3 (resource.aws_s3_bucket.b.region)
    ");
}
