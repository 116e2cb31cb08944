//! The variables that every scene of a bucket has, and what their values look like.

use super::likely::Likely;
use crate::access::{AccessModel, Bucket};
use crate::lower::{AccessPoint, Keys, Setting};
use crate::question::{Actions, Route};
use crate::solve::{Class, Glob, Limits, Problem, Shape, Symbols, Token as Glyph};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// The symbols of a model as the solver takes them.
fn symbols(model: &AccessModel) -> Symbols {
    let mut symbols = Symbols::new();
    for symbol in model.symbols.iter() {
        let owned = model.symbols.owner(symbol).is_some();
        match model.symbols.shape(symbol) {
            Some(narrows_model::Shape::Word { first, rest, min, max }) => {
                let shape = Shape::Word { first: first.to_vec(), rest: rest.to_vec(), min, max };
                if owned { symbols.created(symbol, shape) } else { symbols.foreign(symbol, shape) }
            }
            Some(narrows_model::Shape::Any) | None => symbols.foreign(symbol, Shape::Any),
        }
    }
    symbols
}

/// A role that no policy names, for examples.
pub(crate) fn other_role(partition: &str, account: &str) -> String {
    format!("arn:{partition}:iam::{account}:role/any-other-role")
}

/// The account of the examples that counterexamples use for strangers.
pub(crate) fn stranger(account: Option<&str>) -> &'static str {
    if account == Some("999999999999") { "888888888888" } else { "999999999999" }
}

/// The variables that every scene of a bucket has, given with its place in the model if it has one.
pub(crate) fn variables(
    model: &AccessModel,
    (place, bucket): (Option<usize>, &Bucket),
    actions: Actions,
) -> Keys {
    let likely =
        || Likely { keys: likely_keys(model, bucket).into(), values: super::likely::values(model, bucket) };
    let likely = match place {
        Some(place) => model.cache.likely(place, likely),
        None => Arc::new(likely()),
    };
    let problem = Problem::new(Limits::default(), model.cache.symbols(|| symbols(model)));
    let mut problem = problem.sharing(model.cache.walks());
    let partition = model.partition.as_str();
    let own = bucket.account.as_deref().unwrap_or("111122223333");
    let mut principals: Vec<String> = [own, stranger(bucket.account.as_deref())]
        .iter()
        .map(|account| other_role(partition, account))
        .collect();
    if !model.controls.is_empty() {
        // What control policies do not bind.
        principals.push(format!("arn:{partition}:iam::{own}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty"));
    }
    principals.push(format!("{}EH1HDMB1FH2TC", origin_access_identity(partition)));
    let kinds = crate::lower::KINDS.map(str::to_owned).to_vec();
    let setting = Setting {
        kind: problem.enumerated("principal", kinds),
        arn: problem.text("aws:PrincipalArn", vec![principal_arns(partition)], false, principals),
        session: None,
        service: None,
        action: problem.enumerated("action", Arc::clone(&actions)),
        actions,
        key: problem.text("key", vec![vec![some_text()]], false, Arc::clone(&likely.keys)),
        partition,
        bucket_account: bucket.account.clone(),
    };
    let realistic = BTreeMap::from([
        ("aws:sourcevpce", vec!["vpce-0a1b2c3d4e5f60718".to_owned()]),
        ("aws:sourcevpc", vec!["vpc-0a1b2c3d4e5f60718".to_owned()]),
        ("aws:principalorgid", vec!["o-a1b2c3d4e5".to_owned()]),
        ("aws:principalorgpaths", vec!["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/".to_owned()]),
        ("aws:calledvia", vec!["athena.amazonaws.com".to_owned()]),
        ("aws:tagkeys", vec!["team".to_owned()]),
        ("s3:requestobjecttagkeys", vec!["team".to_owned()]),
    ]);
    Keys {
        problem,
        setting,
        reasons: Vec::new(),
        free: BTreeMap::new(),
        twins: BTreeMap::new(),
        spellings: model.cache.spellings(|| super::spellings::spellings(model)),
        realistic,
        likely: likely.values.clone(),
        flags: BTreeMap::new(),
        undecided: Vec::new(),
        compared: std::collections::BTreeSet::new(),
        constants: BTreeMap::new(),
        as_of: model.as_of,
        gateway_endpoint: false,
        key_leg: None,
        bounded: crate::solve::Formula::Const(false),
        pins: None,
        unseen: None,
        relevance: None,
    }
}

/// Any text but the empty one.
fn some_text() -> Glob {
    Glob(vec![Glyph::One, Glyph::Many])
}

/// The forms of `aws:PrincipalArn`.
///
/// Sources: IAM User Guide, "aws:PrincipalArn"; IAM API reference, `CreateRole` and `CreateUser` (`[\w+=,.@-]+` below a path of
/// `[\u0021-\u007E]` that ends in a slash); STS API reference, `GetFederationToken` (the same characters, at least two).
fn principal_arns(partition: &str) -> Vec<Glob> {
    const NAME: Glyph = Glyph::Within(Class::Entity);
    const REST: Glyph = Glyph::ManyWithin(Class::Entity);
    let form = |start: &str, end: &str, name: &[Glyph]| {
        let mut glyphs: Vec<Glyph> = format!("arn:{partition}:{start}::").chars().map(Glyph::Char).collect();
        glyphs.extend(std::iter::repeat_n(Glyph::Within(Class::Digit), 12));
        glyphs.extend(end.chars().map(Glyph::Char));
        glyphs.extend(name);
        Glob(glyphs)
    };
    const PATH: [Glyph; 2] = [Glyph::Within(Class::Path), Glyph::ManyWithin(Class::Path)];
    let below_a_path = [PATH[0], PATH[1], Glyph::Char('/'), NAME, REST];
    vec![
        form("iam", ":role/", &[NAME, REST]),
        form("iam", ":role/", &below_a_path),
        form("iam", ":user/", &[NAME, REST]),
        form("iam", ":user/", &below_a_path),
        form("iam", ":root", &[]),
        form("sts", ":federated-user/", &[NAME, NAME, REST]),
        Glob(origin_access_identity(partition).chars().map(Glyph::Char).chain([NAME, REST]).collect()),
    ]
}

/// How the ARNs of users of an account without a number begin (CloudFront Developer Guide, "Restrict access with an origin access
/// identity").
fn origin_access_identity(partition: &str) -> String {
    format!("arn:{partition}:iam::cloudfront:user/CloudFront Origin Access Identity ")
}

/// The access point of a route; `None` where the bucket cannot be reached so.
pub(crate) fn access_point(
    model: &AccessModel,
    bucket: &Bucket,
    route: Route,
    keys: &mut Keys,
) -> Option<AccessPoint> {
    match route {
        Route::Direct => Some(AccessPoint::Direct),
        Route::Mrap(index) => {
            let mrap = model.mraps.get(index).filter(|_| bucket.mraps.contains(&index))?;
            let account = mrap.arn.split(':').nth(4).unwrap_or_default().to_owned();
            Some(AccessPoint::Mrap { arn: mrap.arn.clone(), account, own_leg: false })
        }
        Route::OtherAccessPoint => {
            let partition = model.partition.as_str();
            let account = bucket.account.as_deref().unwrap_or("111122223333");
            let examples = vec![
                format!("arn:{partition}:s3:us-east-1:{account}:accesspoint/another-access-point"),
                format!("arn:{partition}:s3::{account}:accesspoint/manother1mrap.mrap"),
                format!(
                    "arn:{partition}:s3:us-east-1:{}:accesspoint/another-access-point",
                    stranger(Some(account))
                ),
            ];
            let arn = keys.problem.text(
                "s3:DataAccessPointArn",
                vec![access_point_arns(partition)],
                false,
                examples,
            );
            let origin = keys
                .problem
                .enumerated("s3:AccessPointNetworkOrigin", vec!["Internet".to_owned(), "VPC".to_owned()]);
            Some(AccessPoint::Other { arn, origin })
        }
    }
}

/// One character of a name.
const NAME: Glyph = Glyph::Within(Class::Name);

/// ARNs of regional access points (a Region, a name of letters, digits and hyphens) and of MRAPs.
fn access_point_arns(partition: &str) -> Vec<Glob> {
    let literal = |text: &str| text.chars().map(Glyph::Char).collect::<Vec<_>>();
    let start = literal(&format!("arn:{partition}:s3:"));
    let mut regional = start.clone();
    regional.extend([Glyph::OneInField, Glyph::ManyInField, Glyph::Char(':')]);
    regional.extend(std::iter::repeat_n(Glyph::Within(Class::Digit), 12));
    regional.extend(literal(":accesspoint/"));
    regional.extend([NAME, NAME, NAME, Glyph::ManyWithin(Class::Name)]);
    let mut multi = start;
    multi.push(Glyph::Char(':'));
    multi.extend(std::iter::repeat_n(Glyph::Within(Class::Digit), 12));
    multi.extend(literal(":accesspoint/"));
    multi.extend([NAME, Glyph::ManyWithin(Class::Name)]);
    multi.extend(literal(".mrap"));
    vec![Glob(regional), Glob(multi)]
}

/// The object key of most examples.
pub(crate) const LIKELY_KEY: &str = "example.txt";

/// Object keys for examples: one below each prefix that the bucket's policy names, the plainest first.
fn likely_keys(model: &AccessModel, bucket: &Bucket) -> Vec<String> {
    let mut keys = vec![LIKELY_KEY.to_owned()];
    let mut prefixes = HashSet::from([""]);
    let start = format!("{}/", bucket.arn);
    let documents = [&bucket.policy].into_iter().chain(model.mraps_of(bucket).map(|mrap| &mrap.policy));
    let clauses = documents
        .filter_map(super::legs::document)
        .flat_map(|it| &it.statements)
        .filter_map(|it| it.resource.as_ref());
    for pattern in clauses.flat_map(|clause| &clause.patterns) {
        let literal = pattern
            .spelled
            .strip_prefix(start.as_str())
            .or_else(|| Some(pattern.spelled.split_once("/object/")?.1));
        let Some((prefix, _)) = literal.and_then(|key| key.split_once('*')) else { continue };
        if prefixes.insert(prefix) {
            keys.push(format!("{prefix}{LIKELY_KEY}"));
        }
    }
    keys
}
