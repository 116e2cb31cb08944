//! One way in which a request can meet a bucket, as variables and formulas.

use crate::access::{AccessModel, Bucket, Mrap, Policy};
use crate::lower::{AccessPoint, Grants, Keys, Resource, Setting, lower_document, lower_scope};
use crate::question::{Actions, Demand, Question, Route};
use crate::solve::{Class, Formula, Glob, Limits, Pattern, Problem, Shape, Symbols, Token as Glyph};
use narrows_iam::ConditionKey;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A scene: what is asked, as a problem for the solver.
pub(crate) struct Scene {
    /// The variables, and the problem that holds them.
    pub keys: Keys,
    /// How the request reaches the bucket.
    pub route: Route,
    /// Whether it is about an object (else about the bucket itself).
    pub object: bool,
    /// The access point, as the bucket's leg sees it.
    pub via: AccessPoint,
    /// The request is in the guardrail's scope.
    pub scope: Formula,
    /// The request is allowed, on the lower and the upper reading.
    pub allowed: Formula,
    /// What is true of every request that AWS can produce.
    pub axioms: Formula,
}

/// What stands for the caller's own policies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallerPolicies {
    /// They allow everything.
    AllowEverything,
    /// Those in the input, and no others.
    InInput,
}

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

/// Builds the scene; `None` where the question has nothing to ask there.
pub(crate) fn build(
    model: &AccessModel,
    question: &Question,
    route: Route,
    object: bool,
    caller: CallerPolicies,
) -> Option<Scene> {
    let bucket = model.buckets.get(question.bucket)?;
    let mut actions = Arc::clone(if object { &question.object_actions } else { &question.bucket_actions });
    if actions.is_empty() {
        return None;
    }
    if let Some(later) = question.later_action.as_ref().filter(|_| object) {
        actions = actions.iter().chain([later]).cloned().collect();
    }
    let mut keys = variables(model, bucket, actions);
    let via = access_point(model, bucket, route, &mut keys)?;
    let scope = lower_scope(&question.scope, &mut keys, &via, object);
    if scope == Formula::Const(false) {
        return None;
    }
    let bucket_leg = leg_resource(&mut keys, &bucket.arn, "/", object);
    let mut allowed = match question.demand {
        Demand::Forbid => forbid_leg(bucket, &mut keys, &bucket_leg, &via),
        Demand::Permit { .. } => {
            let policy = document(&bucket.policy);
            let account = bucket.account.as_deref();
            let mut allowed = permit_leg(model, policy, account, &mut keys, &bucket_leg, &via, caller);
            if matches!(route, Route::Mrap(_)) {
                let own = Formula::and([of_account(account, &keys), !allowed.denied.clone()]);
                let enough = keys
                    .open("within one account an Allow for the access point may be enough for its bucket");
                allowed.allowed = Formula::or([allowed.allowed, Formula::and([own, enough])]);
            }
            let allowed = allowed.allowed;
            if object && bucket.acls_on() {
                let foreign = keys.open(format!(
                    "the ACLs of {} are on, so that an object may belong to another account, and no policy of the bucket's \
                     account allows anything then; set object ownership to BucketOwnerEnforced",
                    bucket.subject.name
                ));
                Formula::and([allowed, foreign])
            } else {
                allowed
            }
        }
    };
    let mut legs = vec![(bucket_leg, via.clone())];
    if let (Route::Mrap(index), AccessPoint::Mrap { arn, account, .. }) = (route, &via) {
        let mrap = model.mraps.get(index)?;
        let own = AccessPoint::Mrap { arn: arn.clone(), account: account.clone(), own_leg: true };
        let resource = leg_resource(&mut keys, arn, "/object/", object);
        let first = match question.demand {
            // The policies of access points that are not in the input allow everything when a forbid is asked.
            Demand::Forbid if !mrap.in_input => Formula::Const(true),
            Demand::Forbid => {
                caller_or_policy(&mrap.policy, mrap.account.as_deref(), &mut keys, &resource, &own)
            }
            Demand::Permit { .. } => {
                let policy = document(&mrap.policy);
                permit_leg(model, policy, mrap.account.as_deref(), &mut keys, &resource, &own, caller).allowed
            }
        };
        allowed = Formula::and([first, allowed]);
        legs.push((resource, own));
    }
    allowed = Formula::and([allowed, endpoints(model, question, &mut keys, &legs)]);
    let axioms = axioms(&mut keys, &via, model, bucket, route);
    Some(Scene { keys, route, object, via, scope, allowed, axioms })
}

fn document(policy: &Policy) -> Option<&narrows_iam::Document> {
    match policy {
        Policy::Document { document, .. } => Some(document),
        Policy::None | Policy::Unknown { .. } | Policy::Several { .. } => None,
    }
}

fn lowered(policy: &Policy, keys: &mut Keys, resource: &Resource, via: &AccessPoint) -> Grants {
    document(policy).map_or_else(Grants::none, |document| lower_document(document, keys, resource, via))
}

/// A role that no policy names, for examples.
pub(crate) fn other_role(partition: &str, account: &str) -> String {
    format!("arn:{partition}:iam::{account}:role/any-other-role")
}

/// The account of the examples that counterexamples use for strangers.
fn stranger(account: Option<&str>) -> &'static str {
    if account == Some("999999999999") { "888888888888" } else { "999999999999" }
}

/// The variables that every scene of a bucket has.
pub(crate) fn variables(model: &AccessModel, bucket: &Bucket, actions: Actions) -> Keys {
    let mut problem = Problem::new(Limits::default(), symbols(model));
    let partition = model.partition.as_str();
    let own = bucket.account.as_deref().unwrap_or("111122223333");
    let principals = [own, stranger(bucket.account.as_deref())]
        .iter()
        .map(|account| other_role(partition, account))
        .collect();
    let kinds = crate::lower::KINDS.map(str::to_owned).to_vec();
    let setting = Setting {
        kind: problem.enumerated("principal", kinds),
        arn: problem.text("aws:PrincipalArn", vec![principal_arns(partition)], false, principals),
        session: None,
        service: None,
        action: problem.enumerated("action", Arc::clone(&actions)),
        actions,
        key: problem.text("key", vec![vec![some_text()]], false, likely_keys(model, bucket)),
        partition,
        bucket_account: bucket.account.clone(),
    };
    let realistic = BTreeMap::from([
        ("aws:sourcevpce", vec!["vpce-0a1b2c3d4e5f60718".to_owned()]),
        ("aws:sourcevpc", vec!["vpc-0a1b2c3d4e5f60718".to_owned()]),
        ("aws:principalorgid", vec!["o-a1b2c3d4e5".to_owned()]),
    ]);
    Keys {
        problem,
        setting,
        reasons: Vec::new(),
        free: BTreeMap::new(),
        realistic,
        constants: BTreeMap::new(),
        as_of: model.as_of,
        gateway_endpoint: false,
    }
}

/// Any text but the empty one.
fn some_text() -> Glob {
    Glob(vec![Glyph::One, Glyph::Many])
}

/// The forms of `aws:PrincipalArn`. Source: IAM User Guide, "aws:PrincipalArn".
fn principal_arns(partition: &str) -> Vec<Glob> {
    let form = |start: &str, end: &str, named: bool| {
        let mut glyphs: Vec<Glyph> = format!("arn:{partition}:{start}::").chars().map(Glyph::Char).collect();
        glyphs.extend(std::iter::repeat_n(Glyph::Within(Class::Digit), 12));
        glyphs.extend(end.chars().map(Glyph::Char));
        if named {
            glyphs.extend([Glyph::OneInField, Glyph::ManyInField]);
        }
        Glob(glyphs)
    };
    vec![
        form("iam", ":role/", true),
        form("iam", ":user/", true),
        form("iam", ":root", false),
        form("sts", ":federated-user/", true),
        origin_access_identities(partition),
    ]
}

/// Users of an account without a number (CloudFront Developer Guide, "Restrict access with an origin access identity").
fn origin_access_identities(partition: &str) -> Glob {
    let start = format!("arn:{partition}:iam::cloudfront:user/CloudFront Origin Access Identity ");
    let mut glyphs: Vec<Glyph> = start.chars().map(Glyph::Char).collect();
    glyphs.extend([Glyph::OneInField, Glyph::ManyInField]);
    Glob(glyphs)
}

fn leg_resource(keys: &mut Keys, arn: &str, separator: &str, object: bool) -> Resource {
    if object {
        Resource::Object { prefix: format!("{arn}{separator}") }
    } else {
        let var = keys.problem.enumerated("resource", vec![arn.to_owned()]);
        Resource::Fixed { var, arn: arn.to_owned() }
    }
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

/// The caller is an IAM principal of the account; any IAM principal where the account is not known.
fn of_account(account: Option<&str>, keys: &Keys) -> Formula {
    match account {
        Some(account) => keys.setting.account_matches(&Pattern::literal(account)),
        None => Formula::and([keys.setting.iam(), !keys.setting.origin_access_identity()]),
    }
}

/// A leg of a forbid: the caller's own policies allow everything, so in the owner's account only a Deny stops it; all
/// others need the resource's policy.
fn caller_or_policy(
    policy: &Policy,
    account: Option<&str>,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
) -> Formula {
    let grants = lowered(policy, keys, resource, via);
    let own = of_account(account, keys);
    Formula::and([!grants.denied.clone(), Formula::or([own, grants.allowed()])])
}

/// The bucket's leg of a forbid: as [`caller_or_policy`], with ACLs and public access settings.
fn forbid_leg(bucket: &Bucket, keys: &mut Keys, resource: &Resource, via: &AccessPoint) -> Formula {
    let grants = lowered(&bucket.policy, keys, resource, via);
    let own = of_account(bucket.account.as_deref(), keys);
    let mut by_policy = grants.allowed();
    if bucket.public_access_block.is_some_and(|block| block.restrict_public_buckets) {
        let open = keys
            .open("RestrictPublicBuckets stops anonymous callers where AWS calls the bucket policy public");
        by_policy = Formula::and([by_policy, Formula::or([!keys.setting.anonymous(), open])]);
    }
    let mut sources = vec![own, by_policy];
    if bucket.acls_on() {
        sources.push(keys.open(format!(
            "the ACLs of {} and its objects are on and may allow anyone; set object ownership to BucketOwnerEnforced",
            bucket.subject.name
        )));
    }
    Formula::and([!grants.denied, Formula::or(sources)])
}

/// What the policies say on a leg of a permit.
struct Permitted {
    denied: Formula,
    allowed: Formula,
}

/// A leg of a permit: nothing denies, and the policies that are known allow.
fn permit_leg(
    model: &AccessModel,
    policy: Option<&narrows_iam::Document>,
    account: Option<&str>,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
    caller: CallerPolicies,
) -> Permitted {
    let grants = policy.map_or_else(Grants::none, |document| lower_document(document, keys, resource, via));
    let mut denied = vec![grants.denied.clone()];
    // A Deny in the caller's own policies holds, whatever else they are taken to allow.
    let mut by_identity = Vec::new();
    for identity in &model.identities {
        let is = keys.setting.arn_matches(Pattern::literal(&identity.arn));
        for policy in &identity.policies {
            let (allows, denies) = match policy {
                Policy::Unknown { name, .. } => {
                    let open = keys.open(format!("the policy {name} is known only after deployment"));
                    (open.clone(), open)
                }
                _ => {
                    let own = lowered(policy, keys, resource, via);
                    (own.by_name, own.denied)
                }
            };
            by_identity.push(Formula::and([is.clone(), allows]));
            denied.push(Formula::and([is.clone(), denies]));
        }
    }
    let identity = match caller {
        CallerPolicies::AllowEverything => Formula::Const(true),
        CallerPolicies::InInput => Formula::or(by_identity),
    };
    let named = Formula::or([grants.by_name.clone(), grants.by_role.clone()]);
    let within = Formula::and([of_account(account, keys), Formula::or([named, identity.clone()])]);
    let across = Formula::and([grants.allowed(), identity]);
    let unauthenticated = Formula::and([!keys.setting.iam(), grants.by_name]);
    let denied = Formula::or(denied);
    let allowed = Formula::and([!denied.clone(), Formula::or([within, across, unauthenticated])]);
    Permitted { denied, allowed }
}

/// What comes through an endpoint of the input needs its policy too, on each leg.
fn endpoints(
    model: &AccessModel,
    question: &Question,
    keys: &mut Keys,
    legs: &[(Resource, AccessPoint)],
) -> Formula {
    let key = ConditionKey::new("aws:SourceVpce");
    // A forbid that never looks at endpoints is proved without them.
    if question.demand == Demand::Forbid && !keys.free.contains_key(&key) {
        return Formula::Const(true);
    }
    let mut parts = Vec::new();
    for endpoint in &model.endpoints {
        let Policy::Document { document, .. } = &endpoint.policy else { continue };
        let binding = keys.binding(&key, &AccessPoint::Direct, crate::lower::Sort::Text);
        let through = keys.matches(&key, &binding, &Pattern::literal(&endpoint.id));
        for (resource, via) in legs {
            keys.gateway_endpoint = endpoint.gateway;
            let grants = lower_document(document, keys, resource, via);
            keys.gateway_endpoint = false;
            let passes = Formula::and([grants.allowed(), !grants.denied]);
            parts.push(Formula::or([!through.clone(), passes]));
        }
    }
    Formula::and(parts)
}

/// What is true of every request. Each rule names its source; a rule that is not always true would be unsound.
fn axioms(keys: &mut Keys, via: &AccessPoint, model: &AccessModel, bucket: &Bucket, route: Route) -> Formula {
    let text = |keys: &mut Keys, name: &str| keys.free.get(&ConditionKey::new(name)).map(|(_, var)| *var);
    let mut rules = Vec::new();
    let word = |keys: &Keys, name: &str, value: &str| {
        let var = keys.free.get(&ConditionKey::new(name)).map(|(_, var)| *var);
        var.map(|var| Formula::matches(var, Pattern::literal(value)))
    };
    // `aws:SourceIp` is absent from requests through a VPC endpoint (IAM User Guide, "aws:SourceIp").
    let vpce = text(keys, "aws:SourceVpce").map(Formula::present);
    if let (Some(ip), Some(vpce)) = (text(keys, "aws:SourceIp").map(Formula::present), &vpce) {
        rules.push(!Formula::and([ip, vpce.clone()]));
    }
    // The other VPC keys come with `aws:SourceVpce` only, and none with a forwarded request.
    let forwarded = word(keys, "aws:ViaAWSService", "true");
    for name in ["aws:SourceVpc", "aws:VpcSourceIp", "aws:VpceAccount"] {
        let Some(present) = text(keys, name).map(Formula::present) else { continue };
        if let Some(vpce) = &vpce {
            rules.push(Formula::or([!present.clone(), vpce.clone()]));
        }
        if let Some(ip) = text(keys, "aws:SourceIp").map(Formula::present) {
            rules.push(!Formula::and([ip, present.clone()]));
        }
        if let Some(forwarded) = &forwarded {
            rules.push(!Formula::and([present, forwarded.clone()]));
        }
    }
    if let (Some(vpce), Some(forwarded)) = (&vpce, &forwarded) {
        rules.push(!Formula::and([vpce.clone(), forwarded.clone()]));
    }
    // `s3:TlsVersion` is there only when the request came over TLS (service authorization reference).
    if let (Some(tls), Some(secure)) =
        (text(keys, "s3:TlsVersion").map(Formula::present), word(keys, "aws:SecureTransport", "true"))
    {
        rules.push(Formula::or([!tls, secure]));
    }
    // Anonymous callers have no organisation and no principal tags.
    let of_caller: Vec<_> = keys
        .free
        .iter()
        .filter(|(key, _)| {
            key.as_str() == "aws:principalorgid" || key.as_str().starts_with("aws:principaltag/")
        })
        .map(|(_, (_, var))| *var)
        .collect();
    for var in of_caller {
        rules.push(!Formula::and([keys.setting.anonymous(), Formula::present(var)]));
    }
    // Anonymous callers cannot use an MRAP (S3 User Guide, "Multi-Region Access Point restrictions").
    if matches!(route, Route::Mrap(_)) {
        rules.push(!keys.setting.anonymous());
    }
    if let AccessPoint::Other { arn, origin } = via {
        // It is none of the bucket's own MRAPs, which have routes of their own, and none that cannot lead to the bucket: an
        // MRAP's buckets never change. An MRAP has no VPC origin.
        for (index, mrap) in model.mraps.iter().enumerate() {
            if bucket.mraps.contains(&index) || !may_lead_to(model, bucket, index, mrap) {
                rules.push(!Formula::matches(*arn, Pattern::literal(&mrap.arn)));
            }
        }
        let multi = Formula::matches(*arn, Pattern::exact(vec![Glob::wildcards("arn:*:s3::*")]));
        let internet = Formula::matches(*origin, Pattern::literal("Internet"));
        rules.push(Formula::or([!multi, internet]));
    }
    Formula::and(rules)
}

/// The object key of most examples.
pub(crate) const LIKELY_KEY: &str = "example.txt";

/// Whether an MRAP may lead to a bucket that is not known as one of its own.
///
/// Of an MRAP that is only declared, not all buckets are known; and a name that exists only after deployment may be any.
fn may_lead_to(model: &AccessModel, bucket: &Bucket, index: usize, mrap: &Mrap) -> bool {
    let unknown = |bucket: &Bucket| {
        let owned = |c: char| model.symbols.owner(c).is_some();
        bucket.name.chars().any(|c| narrows_model::is_symbol(c) && !owned(c))
    };
    let mut members = model.buckets.iter().filter(|member| member.mraps.contains(&index));
    !mrap.in_input || unknown(bucket) || members.any(unknown)
}

/// Object keys for examples: one below each prefix that the bucket's policy names, the plainest first.
fn likely_keys(model: &AccessModel, bucket: &Bucket) -> Vec<String> {
    let mut keys = vec![LIKELY_KEY.to_owned()];
    let start = format!("{}/", bucket.arn);
    let documents =
        [Some(&bucket.policy)].into_iter().flatten().chain(model.mraps.iter().map(|mrap| &mrap.policy));
    let clauses =
        documents.filter_map(document).flat_map(|it| &it.statements).filter_map(|it| it.resource.as_ref());
    for pattern in clauses.flat_map(|clause| &clause.patterns) {
        let literal = pattern
            .spelled
            .strip_prefix(start.as_str())
            .or_else(|| Some(pattern.spelled.split_once("/object/")?.1));
        let Some((prefix, _)) = literal.and_then(|key| key.split_once('*')) else { continue };
        let key = format!("{prefix}{LIKELY_KEY}");
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}
