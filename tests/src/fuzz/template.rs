//! The reader of CloudFormation templates: it never panics or runs on, its places are in the text, and it reads the same twice.

use narrows_cloudformation::{Options, ReadError, Reading, Template, read};

pub(super) const WORDS: &[&str] = &[
    "Resources:\n",
    "  Type: AWS::S3::Bucket\n",
    "\"Type\": \"AWS::S3::BucketPolicy\"",
    "AWS::S3::MultiRegionAccessPoint",
    "AWS::IAM::Role",
    "AWS::CloudFormation::Stack",
    "AWS::CloudFormation::StackSet",
    "TemplateURL: t.yaml",
    "Transform: AWS::LanguageExtensions\n",
    "Fn::ForEach::A",
    "Fn::Transform",
    "!Sub ",
    "!Ref ",
    "!GetAtt ",
    "!If [C, ",
    "!Join ['', ",
    "!Select [0, ",
    "!Split [',', ",
    "!FindInMap [",
    "!ImportValue ",
    "!Ref AWS::NoValue",
    "AWS::AccountId",
    "AWS::Region",
    "{{resolve:ssm:",
    "}}",
    "${",
    "${!",
    "&a ",
    "*a",
    "<<: ",
    "|\n",
    ">-\n",
    "---\n",
    "? ",
    "- ",
    "0777",
    "yes",
    "\u{10FFFF}",
    "é",
];

pub(super) fn template(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (once, again) = (outcome(&text), outcome(&text));
    match (once, again) {
        (Ok(once), Ok(again)) => {
            assert_eq!(once.len(), again.len(), "{text}");
            for (one, other) in once.iter().zip(&again) {
                assert_eq!((&one.choices, &one.notes), (&other.choices, &other.notes), "{text}");
                assert_eq!(one.deployment, other.deployment, "{text}");
            }
        }
        (Err(once), Err(again)) => {
            assert_eq!(once, again, "{text}");
            let place = once.location().in_file();
            if let (Some(source), Some(span)) = (place.source(), place.span()) {
                assert!(source.text().get(span.start..span.end).is_some(), "{once}: {span:?} of {text}");
            }
        }
        _ => panic!("read once and refused once: {text}"),
    }
}

fn outcome(text: &str) -> Result<Vec<Reading>, ReadError> {
    match Template::parse("t.yaml", text)? {
        Some(template) => {
            read(&template, &Options::default(), &|file| Ok((file == "t.yaml").then(|| text.to_owned())))
        }
        None => Ok(Vec::new()),
    }
}
