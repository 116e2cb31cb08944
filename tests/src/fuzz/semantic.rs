//! The prover's verdicts, against the evaluator's decisions of single requests.

use crate::generate::{self, ACCOUNT, BUCKET, Kind, Taste};
use arbitrary::Unstructured;
use narrows_iam::{
    Authorization, ConditionKey, Context, Document, DocumentKind, Entry, Identity, Named, Principal, Request,
    Truth, authorize, parse_text,
};
use narrows_model::{Partition, Source, Symbols};
use narrows_prover::{
    AccessModel, Bucket, Cache, Counterexample, Demand, Policy, Question, Route, Scope, Subject, Verdict,
    ask, split_actions,
};

/// The first moment of the generated requests, in seconds from 1970.
const AS_OF: i64 = 1_795_392_000;

/// How many requests are tried on a policy of which something is proved.
const TRIED: u64 = 40;

const ACTIONS: [&str; 4] = ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetObjectTagging"];

/// A scope, and whether a request is in it.
type Asked = (fn() -> Scope, fn(&Request) -> bool);

const SCOPES: [Asked; 6] = [
    (Scope::everything, |_| true),
    (
        || Scope::key_is("aws:SecureTransport", ["false"]),
        |request| has(request, "aws:SecureTransport", "false"),
    ),
    (
        || Scope::not(Scope::key_is("aws:SourceVpce", ["vpce-0a1b2c3d"])),
        |request| !has(request, "aws:SourceVpce", "vpce-0a1b2c3d"),
    ),
    (|| Scope::Anonymous, |request| request.principal == Principal::Anonymous),
    (|| Scope::not(Scope::Anonymous), |request| request.principal != Principal::Anonymous),
    (
        || Scope::PrincipalAccount(vec![ACCOUNT.to_owned()]),
        |request| request.principal.account().as_deref() == Some(ACCOUNT),
    ),
];

fn has(request: &Request, key: &str, value: &str) -> bool {
    matches!(request.context.get(&ConditionKey::new(key)), Some(Entry::Value(own)) if own == value)
}

/// What is proved holds of every request tried; what is refuted, the evaluator refutes as well.
pub(super) fn semantic(bytes: &[u8]) {
    let bytes = &mut Unstructured::new(bytes);
    let policy = generate::document(bytes, Kind::Resource, Taste::Everything);
    let text = policy.unwrap_or_else(|error| panic!("{error}")).to_string();
    let (scope, within) = *bytes.choose(&SCOPES).unwrap_or_else(|error| panic!("{error}"));
    let seed = bytes.arbitrary::<u64>().unwrap_or_default();
    let parsed = parse_text(&Source::file("policy.json", text.as_str()), DocumentKind::Resource);
    let document = parsed.unwrap_or_else(|error| panic!("{error} in {text}")).document;
    let (object_actions, bucket_actions) = split_actions(ACTIONS);
    let question = Question {
        demand: Demand::Forbid,
        bucket: 0,
        routes: vec![Route::Direct],
        object_actions,
        bucket_actions,
        later_action: None,
        scope: scope(),
    };
    match ask(&model(&document), &question).verdict {
        Verdict::Unknown(reason) => {
            assert!(
                !reason.contains("does not confirm") && !reason.contains("contradicts"),
                "{reason} of {text}"
            );
        }
        Verdict::Proved => {
            for number in 0..TRIED {
                let request = direct(seed.wrapping_add(number));
                let allowed = decision(&document, &request);
                assert!(
                    !within(&request) || allowed == Truth::No,
                    "proved of {:?}, yet {allowed:?}: {text} on {request:#?}",
                    question.scope
                );
            }
        }
        Verdict::Vacuous(statements) => panic!("{statements:?}, of a question about requests"),
        Verdict::Refuted(example) => {
            let request = of(&example);
            assert!(within(&request), "{request:#?} is not in {:?}", question.scope);
            let allowed = decision(&document, &request);
            assert_eq!(allowed, Truth::Yes, "refuted by what is not allowed: {text} on {request:#?}");
        }
    }
}

fn model(document: &Document) -> AccessModel {
    let bucket = Bucket {
        subject: Subject { kind: "bucket".to_owned(), name: "data".to_owned(), address: String::new() },
        name: "data".to_owned(),
        arn: BUCKET.to_owned(),
        account: Some(ACCOUNT.to_owned()),
        region: None,
        account_assumed: false,
        name_is_known: false,
        policy: Policy::Document { name: "policy.json".to_owned(), document: document.clone() },
        ownership: None,
        public_access_block: None,
        mraps: Vec::new(),
        replication: None,
        encryption: None,
        acl: narrows_prover::BucketAcl::Absent,
    };
    AccessModel {
        symbols: Symbols::default(),
        partition: Partition::Aws,
        buckets: vec![bucket],
        mraps: Vec::new(),
        endpoints: Vec::new(),
        identities: Vec::new(),
        controls: Vec::new(),
        keys: Vec::new(),
        remarks: Vec::new(),
        unused: Vec::new(),
        findings: Vec::new(),
        as_of: AS_OF,
        cache: Cache::default(),
    }
}

fn decision(document: &Document, request: &Request) -> Truth {
    let symbols = Symbols::default();
    let authorization = Authorization {
        resource_policy: Some(Named { name: "policy.json", document }),
        identity: Identity::AssumedAllowAll,
        ..Authorization::new(request, &symbols, ACCOUNT)
    };
    authorize(&authorization).allowed
}

/// A request at the bucket's own endpoint, without what AWS would not send together.
fn direct(seed: u64) -> Request {
    let bytes = generate::bytes(seed, 512);
    let mut request =
        generate::request(&mut Unstructured::new(&bytes)).unwrap_or_else(|error| panic!("{error}"));
    let key = request.resource.split_once("/object/").map(|(_, key)| key.to_owned());
    match (request.action.as_str(), key) {
        ("s3:ListBucket", _) => request.resource = BUCKET.to_owned(),
        (_, Some(key)) => request.resource = format!("{BUCKET}/{key}"),
        _ => {}
    }
    let there = |request: &Request, key: &str| request.context.get(&ConditionKey::new(key)).is_some();
    let mut gone = vec!["s3:DataAccessPointArn", "s3:DataAccessPointAccount", "s3:AccessPointNetworkOrigin"];
    if has(&request, "aws:ViaAWSService", "true") {
        gone.extend(["aws:SourceVpce", "aws:VpcSourceIp"]);
    } else if there(&request, "aws:SourceVpce") {
        gone.push("aws:SourceIp");
    } else {
        gone.push("aws:VpcSourceIp");
    }
    if has(&request, "aws:SecureTransport", "false") {
        gone.push("s3:TlsVersion");
    }
    gone.iter().for_each(|key| request.context.remove(&ConditionKey::new(key)));
    resource_keys(&mut request.context);
    request
}

fn resource_keys(context: &mut Context) {
    for key in ["aws:ResourceAccount", "s3:ResourceAccount"] {
        context.set(key, Entry::Value(ACCOUNT.to_owned()));
    }
}

/// The request of a counterexample, with the keys that every request has.
fn of(example: &Counterexample) -> Request {
    let arn = example.principal.clone();
    let principal = match arn.as_str() {
        "anonymous" => Principal::Anonymous,
        _ if arn.ends_with(":root") => {
            let account = arn.split(':').nth(4).unwrap_or_default();
            let account = account.parse().unwrap_or_else(|error| panic!("{arn}: {error}"));
            Principal::Root { partition: "aws".to_owned(), account }
        }
        _ if arn.contains(":user/") => Principal::User { arn },
        _ if arn.contains(":federated-user/") => Principal::FederatedUser { arn },
        _ if arn.contains(":role/") => Principal::Role { arn, session: "session".to_owned() },
        _ => Principal::Service(arn),
    };
    let mut context = Context::default();
    context.set("aws:SecureTransport", Entry::Value("true".to_owned()));
    context.set("aws:ViaAWSService", Entry::Value("false".to_owned()));
    context.set("aws:CurrentTime", Entry::Value("2026-11-23T00:00:00Z".to_owned()));
    context.set("aws:EpochTime", Entry::Value(AS_OF.to_string()));
    resource_keys(&mut context);
    for (key, values) in &example.context {
        let entry = match values.as_slice() {
            [one] if !narrows_iam::keys::is_multi_valued(&ConditionKey::new(key)) => {
                Entry::Value(one.clone())
            }
            several => Entry::Values(several.to_vec()),
        };
        context.set(key, entry);
    }
    Request { principal, action: example.action.clone(), resource: example.resource.clone(), context }
}
