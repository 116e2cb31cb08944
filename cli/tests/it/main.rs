//! Runs of the whole program in memory, and of the binary as a process.

#![expect(clippy::unwrap_used, reason = "a helper that fails should fail its test")]

mod account;
mod alike;
mod bare;
mod check;
mod declarations;
mod denied;
mod diff;
mod documents;
mod engines;
mod errors;
mod example;
mod explain;
mod guardrails;
mod help;
mod manifest;
mod many;
mod new;
mod plan;
mod plan_proxy;
mod plan_pulumi;
mod process;
mod pulumi;
mod refutations;
mod synth;
mod templates;
mod together;

use narrows::{Exit, Memory, Stream, Streams, Style};

use std::fmt;

/// What a run did.
pub(crate) struct Ran {
    pub(crate) exit: Exit,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) files: Memory,
}

/// Runs the program on files in memory, on a fixed day, without colour.
pub(crate) fn narrows(mut files: Memory, args: &[&str]) -> Ran {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        stdout: Stream::new(&mut stdout, Style::PLAIN),
        stderr: Stream::new(&mut stderr, Style::PLAIN),
    };
    let args = std::iter::once(&"narrows").chain(args).map(Into::into);
    let exit = narrows::run(args, &mut streams, &mut files);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { exit, stdout: text(stdout), stderr: text(stderr), files }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit {}\n{}{}", self.exit.code(), self.stdout, self.stderr)
    }
}

pub(crate) const MRAP: &str = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";

/// A bucket policy that admits only what comes through [`MRAP`], over TLS.
pub(crate) const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "DenyNotThroughMrap",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": "arn:aws:s3:::orders-eu-west-2/*",
      "Condition": {
        "ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"}
      }
    },
    {
      "Sid": "DenyListNotThroughMrap",
      "Effect": "Deny",
      "Principal": "*",
      "Action": ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"],
      "Resource": "arn:aws:s3:::orders-eu-west-2",
      "Condition": {
        "ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"}
      }
    },
    {
      "Sid": "DenyWithoutTls",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": ["arn:aws:s3:::orders-eu-west-2", "arn:aws:s3:::orders-eu-west-2/*"],
      "Condition": {"Bool": {"aws:SecureTransport": "false"}}
    }
  ]
}
"#;

/// Files in memory with one policy, `policy.json`.
pub(crate) fn policy(text: &str) -> Memory {
    Memory::new().with("policy.json", text)
}

/// Files in memory with the stack that `narrows new` describes, in `orders`.
pub(crate) fn stack() -> Memory {
    narrows(Memory::new(), &["new", "orders"]).files
}

/// The description of the example.
pub(crate) fn description(files: &Memory) -> String {
    let path = std::path::Path::new("orders/narrows.toml");
    String::from_utf8(narrows::Files::read(files, path).unwrap()).unwrap()
}
