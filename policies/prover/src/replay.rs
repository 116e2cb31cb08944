//! The concrete decision of a request by the IAM evaluator, which shares nothing with the lowering.

use crate::access::{self, AccessModel, Bucket, Controls, Mrap, Policy};
use crate::counterexample::Leg;
use crate::key_request::of_keys;
use crate::question::{Demand, Question, Route};
use crate::scene::CallerPolicies;
use narrows_iam::{
    Acls, Authorization, ConditionKey, Decision, Endpoint, Entry, Identity, Named, Request, Truth, authorize,
    authorize_through_mrap,
};
use narrows_model::Location;

/// What decides a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// A statement.
    Statement {
        /// The document that has it: the address of its resource, or its file.
        document: String,
        /// Its `Sid`, else its number in the document.
        statement: String,
        /// Where it stands.
        location: Location,
    },
    /// An assumption about a document that is not in the input.
    Assumption(String),
    /// No statement: in words, what is missing.
    Implicit(String),
}

/// Decides the request on each leg and in all. `requests` has the bucket's leg last, an MRAP's own before it.
///
/// The legs of a permit have what S3 asks of KMS keys after the bucket's.
pub(crate) fn replay_legs(
    model: &AccessModel,
    question: &Question,
    route: Route,
    requests: &[Request],
    caller: CallerPolicies,
) -> (Truth, Vec<Leg>) {
    replay_legs_with(model, question, route, requests, (caller, question.demand.forbids()))
}

/// The same, where access control lists count for permits too if `lists` says so, as they do where decisions are compared.
pub(crate) fn replay_legs_with(
    model: &AccessModel,
    question: &Question,
    route: Route,
    requests: &[Request],
    (caller, lists): (CallerPolicies, bool),
) -> (Truth, Vec<Leg>) {
    let (mut outcome, mut legs) = replay_on_s3(model, question, route, requests, (caller, lists));
    if let (Demand::Permit { .. }, Some(last)) = (question.demand, requests.last()) {
        let own_policies: OwnPolicies = match caller {
            CallerPolicies::AllowEverything => |documents| Identity::DocumentsAndAllowAll(documents),
            CallerPolicies::InInput => |documents| Identity::Documents(documents),
        };
        for asked in of_keys(model, question.bucket, last) {
            let decision = decide(model, &Side::of_key(asked.key), &asked.request, own_policies);
            outcome =
                outcome.and(if asked.perhaps { decision.allowed.or(Truth::Maybe) } else { decision.allowed });
            if !asked.perhaps {
                legs.push(leg(model, &asked.request, &decision, &asked.key.policy));
            }
        }
    }
    (outcome, legs)
}

fn replay_on_s3(
    model: &AccessModel,
    question: &Question,
    route: Route,
    requests: &[Request],
    (caller, lists): (CallerPolicies, bool),
) -> (Truth, Vec<Leg>) {
    let (Some(bucket), Some(last)) = (model.buckets.get(question.bucket), requests.last()) else {
        return (Truth::Maybe, Vec::new());
    };
    let own_policies: OwnPolicies = match caller {
        CallerPolicies::AllowEverything if question.demand == Demand::Forbid => |_| Identity::AssumedAllowAll,
        CallerPolicies::AllowEverything => |documents| Identity::DocumentsAndAllowAll(documents),
        CallerPolicies::InInput => |documents| Identity::Documents(documents),
    };
    let on_bucket = Side::of_own_object(bucket, lists);
    let decision = decide(model, &on_bucket, last, own_policies);
    let bucket_leg = leg(model, last, &decision, &bucket.policy);
    let assumed = |resource: &str| Leg {
        resource: model.show(resource),
        allowed: true,
        decided_by: DecidedBy::Assumption(
            "policies of access points that are not in the input allow everything".to_owned(),
        ),
    };
    match route {
        Route::Direct => (decision.allowed, vec![bucket_leg]),
        Route::OtherAccessPoint => {
            let arn = last.context.get(&ConditionKey::new("s3:DataAccessPointArn"));
            let arn = match arn {
                Some(Entry::Value(arn)) => arn.as_str(),
                _ => "an access point",
            };
            (decision.allowed, vec![assumed(arn), bucket_leg])
        }
        Route::Mrap(index) => {
            let (Some(mrap), Some(first)) = (model.mraps.get(index), requests.first()) else {
                return (Truth::Maybe, Vec::new());
            };
            if !mrap.in_input && question.demand.forbids() {
                return (decision.allowed, vec![assumed(&first.resource), bucket_leg]);
            }
            let own = decide(model, &Side::of_mrap(mrap), first, own_policies);
            let own_leg = leg(model, first, &own, &mrap.policy);
            (authorize_through_mrap(own, decision).allowed, vec![own_leg, bucket_leg])
        }
    }
}

/// Decides a request through an MRAP whose caller's own policies allow it on one of the two legs only.
pub(crate) fn replay_by_leg(
    model: &AccessModel,
    (bucket, mrap): (&Bucket, &Mrap),
    requests: &[Request],
    on_mrap: bool,
) -> (Truth, Vec<Leg>) {
    let [first, last] = requests else { return (Truth::Maybe, Vec::new()) };
    let all: OwnPolicies = |documents| Identity::DocumentsAndAllowAll(documents);
    let none: OwnPolicies = |documents| Identity::Documents(documents);
    let (mrap_policies, bucket_policies) = if on_mrap { (all, none) } else { (none, all) };
    let own = decide(model, &Side::of_mrap(mrap), first, mrap_policies);
    let own_leg = leg(model, first, &own, &mrap.policy);
    let on_bucket = Side::of_own_object(bucket, true);
    let decision = decide(model, &on_bucket, last, bucket_policies);
    let bucket_leg = leg(model, last, &decision, &bucket.policy);
    (authorize_through_mrap(own, decision).allowed, vec![own_leg, bucket_leg])
}

/// What the caller's own policies come to, given those of them that are in the input.
pub(crate) type OwnPolicies = for<'a> fn(&'a [Named<'a>]) -> Identity<'a>;

/// The resource's side of a leg.
pub(crate) struct Side<'a> {
    /// The resource's own policy.
    pub policy: &'a Policy,
    /// The account that owns the resource, where it is known.
    pub account: Option<&'a str>,
    /// The access control lists that are in force.
    pub acls: Acls<'a>,
    /// Whether it is a KMS key, whose policy must leave it to identity policies.
    pub is_key: bool,
}

impl<'a> Side<'a> {
    pub fn of_bucket(bucket: &'a Bucket) -> Self {
        Self {
            policy: &bucket.policy,
            account: bucket.account.as_deref(),
            acls: bucket.acls().map_or(Acls::Off, Acls::On),
            is_key: false,
        }
    }

    /// The bucket's side where one object that its owner owns and that no list speaks of is enough to break a demand.
    fn of_own_object(bucket: &'a Bucket, lists: bool) -> Self {
        let acls = bucket.acls().filter(|_| lists).map_or(Acls::Off, Acls::OwnObject);
        Self { acls, ..Self::of_bucket(bucket) }
    }

    pub fn of_mrap(mrap: &'a Mrap) -> Self {
        Self { policy: &mrap.policy, account: mrap.account.as_deref(), acls: Acls::Off, is_key: false }
    }

    pub fn of_key(key: &'a access::Key) -> Self {
        Self { policy: &key.policy, account: key.account.as_deref(), acls: Acls::Off, is_key: true }
    }
}

/// The caller's policies in the input; `None` where the input has none of them.
pub(crate) fn identity_of<'a>(model: &'a AccessModel, request: &Request) -> Option<&'a access::Identity> {
    let arn = request.principal.arn()?;
    model.identities.iter().find(|identity| identity.arn == arn && !identity.policies.is_empty())
}

/// The caller's permission boundary in the input; `None` where it has none.
pub(crate) fn boundary_of<'a>(model: &'a AccessModel, request: &Request) -> Option<&'a Policy> {
    let arn = request.principal.arn()?;
    let own = model.identities.iter().find(|identity| identity.arn == arn)?;
    (!matches!(own.boundary, Policy::None)).then_some(&own.boundary)
}

/// The VPC endpoint of the input that a request comes through.
pub(crate) fn endpoint_of<'a>(model: &'a AccessModel, request: &Request) -> Option<&'a access::Endpoint> {
    match request.context.get(&ConditionKey::new("aws:SourceVpce")) {
        Some(Entry::Value(id)) => model.endpoints.iter().find(|endpoint| endpoint.id == *id),
        _ => None,
    }
}

fn named(policy: &Policy) -> Option<Named<'_>> {
    match policy {
        Policy::Document { name, document } => Some(Named { name, document }),
        Policy::None | Policy::Unknown { .. } | Policy::Several { .. } => None,
    }
}

/// The evaluator's decision on one leg.
pub(crate) fn decide(
    model: &AccessModel,
    side: &Side<'_>,
    request: &Request,
    own_policies: OwnPolicies,
) -> Decision {
    decide_in_session(model, side, request, own_policies, None)
}

/// The same, for a session with this session policy.
pub(crate) fn decide_in_session(
    model: &AccessModel,
    side: &Side<'_>,
    request: &Request,
    own_policies: OwnPolicies,
    session: Option<&Policy>,
) -> Decision {
    // Where the owner is not known, the caller is taken to belong to it: the assumption is printed with the verdict.
    // No bucket belongs to the account of CloudFront's origin access identities.
    let callers = request.principal.account().filter(|account| account != "cloudfront").unwrap_or_default();
    let mut authorization = Authorization::new(request, &model.symbols, side.account.unwrap_or(&callers));
    authorization.resource_policy = named(side.policy);
    authorization.must_delegate = side.is_key;
    authorization.acls = side.acls;
    let documents: Vec<Named<'_>> = identity_of(model, request)
        .into_iter()
        .flat_map(|own| own.policies.iter().filter_map(named))
        .collect();
    let session: Vec<Named<'_>> = session.into_iter().filter_map(named).collect();
    authorization.session = &session;
    authorization.boundary = boundary_of(model, request).and_then(named);
    authorization.identity = own_policies(&documents);
    let through = endpoint_of(model, request);
    authorization.endpoint =
        through.map(|endpoint| Endpoint { policy: named(&endpoint.policy), gateway: endpoint.gateway });
    let of = |account: Option<&str>| model.controls.iter().find(|it| Some(it.account.as_str()) == account);
    let (caller, owners) = (of(request.principal.account().as_deref()), owners(model, side));
    let under = |loose: bool| controlled(&authorization, caller, &owners, loose);
    let doubtful = |it: &Controls| it.doubt().is_some();
    let levels = caller.into_iter().flat_map(|it| &it.service).any(|level| level.perhaps.is_some());
    let unclear = owners.iter().any(|(it, surely)| doubtful(it) || !surely);
    if !levels && !caller.is_some_and(doubtful) && !unclear {
        return under(false);
    }
    // What is open about control policies is decided both ways: they only take access away.
    let (least, most) = (under(false), under(true));
    Decision {
        allowed: Truth::from_bounds(least.allowed.lo() && most.allowed.lo(), most.allowed.hi()),
        denied: Truth::from_bounds(most.denied.lo(), least.denied.hi()),
        denied_by: most.denied_by.clone().or(least.denied_by),
        trace: least.trace,
        ..most
    }
}

/// The decision under the control policies of the caller's and the owner's account; `loose` leaves out what is open.
fn controlled(
    authorization: &Authorization<'_>,
    caller: Option<&Controls>,
    owners: &[(&Controls, bool)],
    loose: bool,
) -> Decision {
    let counts = |it: &&Controls| !(loose && it.doubt().is_some());
    let levels: Vec<Vec<Named<'_>>> = caller.filter(counts).map_or_else(Vec::new, |controls| {
        controls
            .service
            .iter()
            .map(|level| {
                let unknown = level.policies.iter().any(|policy| matches!(policy, Policy::Unknown { .. }));
                let perhaps = level.perhaps.iter().filter(|_| loose || unknown);
                level.policies.iter().chain(perhaps).filter_map(named).collect()
            })
            .collect()
    });
    let levels: Vec<&[Named<'_>]> = levels.iter().map(Vec::as_slice).collect();
    let of_resources: Vec<Named<'_>> = owners
        .iter()
        .filter(|(it, surely)| counts(it) && (*surely || !loose))
        .flat_map(|(it, _)| &it.resource)
        .filter_map(named)
        .collect();
    let mut authorization = *authorization;
    authorization.service_control = &levels;
    authorization.resource_control = &of_resources;
    authorize(&authorization)
}

/// Whose resource control policies bind the resource of a leg, and whether they surely do.
fn owners<'a>(model: &'a AccessModel, side: &Side<'_>) -> Vec<(&'a Controls, bool)> {
    let owner = |it: &'a Controls| match it.owns(side.account) {
        Some(false) => None,
        owns => Some((it, owns.is_some())),
    };
    model.controls.iter().filter_map(owner).collect()
}

/// The control policies that have a say on a leg: the service control policies of the caller's account, and the resource
/// control policies of the owner's.
pub(crate) fn controls_of<'a>(model: &'a AccessModel, side: &Side<'_>, request: &Request) -> Vec<&'a Policy> {
    let linked = request.principal.arn().is_some_and(|arn| arn.contains(":role/aws-service-role/"));
    if linked {
        return Vec::new();
    }
    let of = |account: Option<&str>| model.controls.iter().find(|it| Some(it.account.as_str()) == account);
    let account = request.principal.account();
    let service =
        of(account.as_deref()).into_iter().flat_map(|it| &it.service).flat_map(|level| &level.policies);
    service.chain(owners(model, side).into_iter().flat_map(|(it, _)| &it.resource)).collect()
}

fn leg(model: &AccessModel, request: &Request, decision: &Decision, policy: &Policy) -> Leg {
    let allowed = decision.allowed == Truth::Yes;
    let by = match (allowed, &decision.denied_by) {
        (true, _) => &decision.allowed_by,
        (false, Some(denied)) => denied,
        (false, None) => &narrows_iam::DecidedBy::Implicit,
    };
    let decided_by = match by {
        narrows_iam::DecidedBy::Statement { document, label, location, .. } => DecidedBy::Statement {
            document: document.clone(),
            statement: label.clone(),
            location: location.clone(),
        },
        narrows_iam::DecidedBy::Assumption(text) => DecidedBy::Assumption(text.clone()),
        narrows_iam::DecidedBy::Implicit => {
            DecidedBy::Implicit(missing(decision, policy, endpoint_of(model, request), &request.action))
        }
    };
    Leg { resource: model.show(&request.resource), allowed, decided_by }
}

/// What is missing where nothing allows a request.
fn missing(decision: &Decision, policy: &Policy, through: Option<&access::Endpoint>, action: &str) -> String {
    if decision.endpoint_allows != Truth::Yes {
        let name = through.and_then(|endpoint| match &endpoint.policy {
            Policy::Document { name, .. } => Some(format!(" {name}")),
            Policy::None | Policy::Unknown { .. } | Policy::Several { .. } => None,
        });
        let name = name.unwrap_or_default();
        return format!("no statement of the policy of the VPC endpoint{name} allows it");
    }
    if let Some(name) = &decision.capped_by {
        return format!("no statement of {name} allows it");
    }
    match policy {
        Policy::Document { name, .. } if action.starts_with("kms:") => format!(
            "no statement of {name} allows the caller {action}, and no policy of the caller's own to which it leaves that"
        ),
        Policy::Document { name, .. } => {
            format!("no statement of {name} or of the caller's own policies allows it")
        }
        Policy::None | Policy::Unknown { .. } | Policy::Several { .. } => {
            "the resource has no policy, and the caller's own policies do not allow it".to_owned()
        }
    }
}
