//! The same deployment as programs that a real engine plans.

use super::forms::{BUCKETS, LISTS, Stack, policy};
use narrows::{Disk, Exit, Stream, Streams, Style};
use narrows_tests::harness::pulumi::go_program;
use serde_json::Value;
use std::fs;
use std::path::Path;

const FLAGS: [&str; 8] = [
    "--guardrail",
    "only-through-mrap",
    "--account",
    "123456789012",
    "--format",
    "json",
    "--as-of",
    "2026-12-01",
];

/// A configuration in HCL, file by file.
pub type Hcl = fn(Stack) -> Vec<(&'static str, String)>;

/// The report of `narrows plan` on a configuration.
pub fn planned(engine: &Path, configuration: Hcl, stack: Stack) -> (Exit, Value) {
    of_folder(engine, &configuration(stack), &[])
}

/// The report of `narrows plan` on a program in Pulumi's YAML.
pub fn previewed(engine: &Path, stack: Stack) -> (Exit, Value) {
    of_folder(engine, &[("Pulumi.yaml", yaml(stack))], &["--region", "eu-west-2"])
}

/// The report of `narrows plan` on a program in Go, which may have to be compiled.
pub fn compiled(engine: &Path, stack: Stack) -> (Exit, Value) {
    let text = |name: &str| fs::read_to_string(go_program().join(name)).unwrap();
    let program = ["Pulumi.yaml", "go.mod", "go.sum", "main.go"].map(|name| (name.to_owned(), text(name)));
    let policies = BUCKETS.map(|(_, name)| (format!("{name}.json"), policy(name, stack, "\"${arn}\"")));
    let files: Vec<(&str, String)> =
        program.iter().chain(&policies).map(|(name, text)| (name.as_str(), text.clone())).collect();
    of_folder(engine, &files, &["--region", "eu-west-2", "--timeout", "1200"])
}

fn of_folder(engine: &Path, files: &[(&str, String)], args: &[&str]) -> (Exit, Value) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let (root, engine) = (folder.path().display().to_string(), engine.display().to_string());
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        stdout: Stream::new(&mut stdout, Style::PLAIN),
        stderr: Stream::new(&mut stderr, Style::PLAIN),
    };
    let args = [&["narrows", "plan", &root, "--engine", &engine][..], &FLAGS, args].concat();
    let exit = narrows::run(args.into_iter().map(Into::into), &mut streams, &mut Disk);
    assert_ne!(exit, Exit::Failed, "{}", String::from_utf8_lossy(&stderr));
    (exit, serde_json::from_slice(&stdout).unwrap())
}

/// What both configurations have besides the policies.
fn resources() -> String {
    let buckets = BUCKETS.map(|(logical, name)| {
        format!("resource \"aws_s3_bucket\" \"{logical}\" {{\n  bucket = \"{name}\"\n}}\n\n")
    });
    let regions = BUCKETS
        .map(|(logical, _)| format!("    region {{\n      bucket = aws_s3_bucket.{logical}.id\n    }}\n"));
    format!(
        "provider \"aws\" {{\n  region = \"eu-west-2\"\n}}\n\n{}resource \"aws_s3control_multi_region_access_point\" \"orders\" {{\n  \
         details {{\n    name = \"orders\"\n{}  }}\n}}\n\n",
        buckets.concat(),
        regions.concat()
    )
}

/// Policies in `jsonencode`.
pub fn jsonencode(stack: Stack) -> Vec<(&'static str, String)> {
    let policies = BUCKETS.map(|(logical, name)| {
        // An expression of HCL may be written as JSON with references in it.
        let policy = policy(name, stack, "aws_s3control_multi_region_access_point.orders.arn");
        format!(
            "resource \"aws_s3_bucket_policy\" \"{logical}\" {{\n  bucket = aws_s3_bucket.{logical}.id\n  policy = jsonencode({policy})\n}}\n\n"
        )
    });
    vec![("main.tf", resources() + &policies.concat())]
}

/// Policies as `aws_iam_policy_document` in a module.
pub fn documents(stack: Stack) -> Vec<(&'static str, String)> {
    let modules = BUCKETS.map(|(logical, name)| {
        let exempt = if (stack, name) == (Stack::Broken, "orders-london") {
            "\"arn:aws:iam::123456789012:role/deploy*\""
        } else {
            ""
        };
        format!(
            "module \"{logical}\" {{\n  source       = \"./policy\"\n  bucket       = aws_s3_bucket.{logical}.id\n  \
             access_point = aws_s3control_multi_region_access_point.orders.arn\n  exempt       = [{exempt}]\n}}\n\n"
        )
    });
    let statement = |sid: &str, actions: &str, resource: &str| {
        format!(
            r#"  statement {{
    sid       = "{sid}"
    effect    = "Deny"
    actions   = {actions}
    resources = ["arn:aws:s3:::{resource}"]
    principals {{
      type        = "*"
      identifiers = ["*"]
    }}
    condition {{
      test     = "ArnNotEquals"
      variable = "s3:DataAccessPointArn"
      values   = [var.access_point]
    }}
    dynamic "condition" {{
      for_each = length(var.exempt) > 0 ? [var.exempt] : []
      content {{
        test     = "ArnNotLike"
        variable = "aws:PrincipalArn"
        values   = condition.value
      }}
    }}
  }}
"#
        )
    };
    let module = format!(
        "variable \"bucket\" {{}}\nvariable \"access_point\" {{}}\nvariable \"exempt\" {{\n  type = list(string)\n}}\n\n\
         data \"aws_iam_policy_document\" \"this\" {{\n{}{}}}\n\n\
         resource \"aws_s3_bucket_policy\" \"this\" {{\n  bucket = var.bucket\n  policy = data.aws_iam_policy_document.this.json\n}}\n",
        statement("OnlyThroughMrap", "[\"s3:*\"]", "${var.bucket}/*"),
        statement("OnlyThroughMrapList", LISTS, "${var.bucket}")
    );
    vec![("main.tf", resources() + &modules.concat()), ("policy/main.tf", module)]
}

/// A program in Pulumi's YAML; JSON is YAML.
fn yaml(stack: Stack) -> String {
    let buckets = BUCKETS.map(|(logical, name)| {
        let policy = policy(name, stack, "\"${orders.arn}\"");
        format!(
            "  {logical}:\n    type: aws:s3/bucket:Bucket\n    properties: {{bucket: {name}}}\n  {logical}-policy:\n    \
             type: aws:s3/bucketPolicy:BucketPolicy\n    properties: {{\"bucket\": \"${{{logical}.id}}\", \"policy\": {{\"fn::toJSON\": {}}}}}\n",
            policy.replace('\n', " ")
        )
    });
    format!(
        "name: orders\nruntime: yaml\nresources:\n{}  orders:\n    type: aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint\n    \
         properties: {{\"details\": {{\"name\": \"orders\", \"regions\": [{{\"bucket\": \"${{London.id}}\"}}, {{\"bucket\": \"${{Osaka.id}}\"}}]}}}}\n",
        buckets.concat()
    )
}
