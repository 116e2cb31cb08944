//! Guardrails in Cedar: read, lowered, and held against Cedar's own authorizer on random requests.

use crate::generate::{ACCOUNT, MRAP, bytes, on_bucket};
use arbitrary::Unstructured;
use narrows_guardrails::{Guardrails, readings};
use narrows_iam::Truth;
use narrows_model::intent::{Endpoint, Exempt, Exemption, Membership, TlsVersion};
use narrows_model::{Deployment, Intent, Partition};
use narrows_prover::AccessModel;
use std::fmt::Display;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;

pub(super) const WORDS: &[&str] = &[
    "forbid (principal, action, resource)",
    "permit (principal is Role, action in Action::\"data\", resource is Object)",
    "@id(\"a\")",
    "@each(\"bucket\")",
    "@caller(\"anything\")",
    "when { ",
    "unless { ",
    " };",
    " && ",
    " || ",
    "!",
    "context.aws has SourceVpce",
    "context.aws.SourceVpce == \"vpce-0a1b2c3d\"",
    "context.s3[\"max-keys\"]",
    "resource.key like \"a*\"",
    "principal in resource.exempt",
    "resource has minimumTls",
    "if true then false else true",
    "[\"a\", \"b\"].contains(",
    "decimal(\"1.2\")",
    "ip(\"10.0.0.0/8\")",
    "datetime(\"2027-01-01\")",
    "9223372036854775807",
];

/// How many requests are read.
const TRIED: u64 = 6;

/// A file of guardrails: refused with a reason, or read the same by the lowering and by Cedar.
pub(super) fn cedar_lowering(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    agree(&text, hasher.finish(), TRIED);
}

/// Reads a file of guardrails for random requests; gives how many readings there were, in the scope and outside of it.
///
/// # Panics
/// Where the lowering and Cedar's authorizer differ.
pub fn agree(text: &str, seed: u64, count: u64) -> [u64; 2] {
    let mut seen = [0, 0];
    let mut guardrails = Guardrails::default();
    if let Err(fault) = guardrails.add("random.cedar", text) {
        assert!(!fault.message.is_empty(), "{text}");
        if let Some(span) = &fault.span {
            assert!(text.get(span.clone()).is_some(), "{span:?} of {fault} is no place in {text}");
        }
        return seen;
    }
    let as_of = valid("2026-11-23");
    let intent = declared();
    let deployment = Deployment::new(None, Partition::Aws);
    let model = AccessModel::build(&deployment, &intent, as_of).unwrap_or_else(|error| panic!("{error}"));
    for guardrail in guardrails.iter() {
        for number in 0..count {
            let bytes = bytes(seed.wrapping_add(number), 512);
            let Ok((route, request, key)) = on_bucket(&mut Unstructured::new(&bytes)) else { continue };
            let read = readings((&model, &intent, as_of), guardrail, (0, route), &request, key.as_deref());
            let Some(read) = read else { panic!("there is no bucket") };
            let cedar = match read.cedar {
                Ok(cedar) => cedar,
                Err(error) => panic!("Cedar: {error}\n{text}\n{request:#?}"),
            };
            match read.lowered {
                Ok(Truth::Maybe) | Err(_) => continue,
                Ok(lowered) => {
                    let lowered = lowered == Truth::Yes;
                    assert_eq!(
                        lowered, cedar,
                        "lowered it is {lowered}, Cedar says {cedar}: {text}\n{route:?} {key:?} {request:#?}"
                    );
                }
            }
            seen[usize::from(cedar)] += 1;
        }
    }
    seen
}

fn valid<T: FromStr<Err: Display>>(text: &str) -> T {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Of one bucket behind one MRAP, everything that can be declared.
fn declared() -> Intent {
    let role = |name: &str| Exempt::Role(valid(&format!("arn:aws:iam::{ACCOUNT}:role/{name}")));
    let exemption = |who, expires: Option<&str>| Exemption {
        who,
        reason: "declared".to_owned(),
        expires: expires.map(valid),
    };
    Intent {
        account: Some(valid(ACCOUNT)),
        deployer: Some(valid("arn:aws:iam::123456789012:role/else")),
        organisation: Some(valid("o-a1b2c3d4e5")),
        endpoints: Some(vec![Endpoint::Id(valid("vpce-0a1b2c3d"))]),
        minimum_tls: Some(TlsVersion::V1_2),
        memberships: vec![Membership { bucket: valid("data"), mraps: vec![valid(MRAP)] }],
        exemptions: vec![
            exemption(role("path/deep"), None),
            exemption(role("app"), Some("2026-12-31")),
            exemption(Exempt::Service(valid("logging.s3.amazonaws.com")), None),
        ],
        ..Intent::default()
    }
}
