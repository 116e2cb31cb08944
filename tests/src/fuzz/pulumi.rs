//! The reader of Pulumi's previews and stacks: it never panics, its errors name a place, and it reads the same twice.

use narrows_model::{Deployment, Source, json};
use narrows_pulumi::{ReadError, detect, read, read_before};

pub(super) const WORDS: &[&str] = &[
    "\"changeSummary\": {\"same\": 1}",
    "\"op\": \"same\"",
    "\"op\": \"replace\"",
    "\"op\": \"delete\"",
    "\"oldState\": ",
    "\"newState\": ",
    "\"delete\": true",
    "\"pendingReplacement\": true",
    "\"retainOnDelete\": true",
    "\"pending_operations\": [{}]",
    "\"severity\": \"info#err\"",
    "\"external\": true",
    "\"custom\": true",
    "urn:pulumi:dev::orders::",
    "aws:s3/bucket:Bucket::data",
    "aws:iam/role:Role",
    "aws-native:s3:BucketPolicy",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:cloudcontrol/resource:Resource",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "4dabf18193072939515e22adb298388d",
    "1b47061264138c4ac30d75fd1eb44270",
    "d0e6a833031e9bbcd3f4e8bde6ca49a4",
    "\"plaintext\": \"\\\"x\\\"\"",
    "[secret]",
    "\"propertyDependencies\": {}",
    "null",
    "[",
    "{",
    "\\\"",
    "\u{10FFFF}",
    "é",
];

pub(super) fn pulumi(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(value) = json::parse(&Source::file("t.json", text.as_ref())) else { return };
    let Some(form) = detect(&value) else { return };
    let after = || read(&value, form).map(|read| read.deployment);
    same(&text, after(), after());
    same(&text, read_before(&value), read_before(&value));
}

fn same(text: &str, once: Result<Deployment, ReadError>, again: Result<Deployment, ReadError>) {
    assert_eq!(once, again, "{text}");
    if let Err(error) = once {
        let place = error.location().in_file();
        let (source, span) = place.source().zip(place.span()).unwrap_or_else(|| panic!("{error}: no place"));
        assert!(source.text().get(span.start..span.end).is_some(), "{error}: {span:?} of {text}");
    }
}
