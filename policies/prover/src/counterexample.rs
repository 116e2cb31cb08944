//! A request that breaks a guardrail, whole and replayed.

use crate::access::AccessModel;
use crate::call::{Call, Via};
use crate::lower::{AccessPoint, Keys, SERVICES, SESSION, Sort, spelled};
use crate::near::{Near, near};
use crate::question::{Question, Route};
use crate::replay::{DecidedBy, replay_legs};
use crate::scene::{CallerPolicies, Scene};
use crate::solve::Model;
use narrows_iam::{Context, Entry, Principal, Request, Truth, keys};
use std::collections::BTreeMap;

/// A concrete request, as people see it: references stand in the place of values that exist only after deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterexample {
    /// Who asks: a session's role, a user, root, a service or `anonymous`.
    pub principal: String,
    /// The action, such as `s3:GetObject`.
    pub action: String,
    /// The resource that the request names.
    pub resource: String,
    /// The condition keys that matter, with their values.
    pub context: BTreeMap<String, Vec<String>>,
    /// The decision on each resource, in the order in which AWS makes them.
    pub legs: Vec<Leg>,
    /// How the request reaches the bucket.
    pub route: Route,
    /// The bucket that it ends at, by the name that people know it by.
    pub bucket: String,
    /// The object's key; `None` where the request is about the bucket.
    pub key: Option<String>,
    /// The bucket's Region, where the input tells.
    pub region: Option<String>,
    /// When it is made, where that is not the day of asking.
    pub moment: Option<String>,
    /// The statement that comes nearest to what the guardrail wants, where there is one.
    pub near: Option<Near>,
    /// Another bucket, by the name that people know it by, which refuses the same request; its leg is the last. Only
    /// where the buckets of an MRAP are compared.
    pub elsewhere: Option<String>,
    /// The request on the bucket's leg, symbols in the place of values that exist only after deployment.
    pub request: Request,
}

/// The decision on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The resource's ARN.
    pub resource: String,
    /// Whether it is allowed.
    pub allowed: bool,
    /// What decides it.
    pub decided_by: DecidedBy,
}

impl Leg {
    /// Whether it is on a KMS key, which S3 asks for on the caller's behalf.
    pub fn is_of_key(&self) -> bool {
        self.resource.split(':').nth(2) == Some("kms")
    }
}

/// The requests that AWS authorizes for one call: one for each leg, the bucket's last.
pub(crate) fn requests(
    model: &AccessModel,
    question: &Question,
    scene: &Scene,
    found: &Model,
) -> Vec<Request> {
    let Some(bucket) = model.buckets.get(question.bucket) else { return Vec::new() };
    let (call, via) = call(&scene.keys, &scene.via, scene.object, found);
    call.on_legs(&bucket.arn, scene.keys.setting.bucket_account.as_deref(), &via)
}

/// The call of a solution, and how it reaches its bucket.
pub(crate) fn call(keys: &Keys, via: &AccessPoint, object: bool, found: &Model) -> (Call, Via) {
    let text = |var| found.text(var).unwrap_or_default();
    let setting = &keys.setting;
    let arn = text(setting.arn);
    let principal = match text(setting.kind).as_str() {
        "anonymous" => Principal::Anonymous,
        "service" => Principal::Service(setting.service.map_or_else(likely_service, text)),
        _ => principal(&arn, setting.session.map_or_else(|| SESSION.to_owned(), text)),
    };
    let action = text(setting.action);
    let key = text(setting.key);
    let mut base = Context::default();
    for (name, (_, var)) in &keys.free {
        let point = found.point(*var).map(|point| match keys.twins.get(&(name.clone(), Sort::Text)) {
            Some(twin) => text(twin.var),
            None => spelled(name, point),
        });
        let value = found.text(*var).or(point);
        if let Some(value) = value {
            base.set(name.as_str(), Entry::Value(value));
        }
        if let Some(values) = found.elements(*var) {
            base.set(name.as_str(), Entry::Values(values));
        }
    }
    let via = match via {
        AccessPoint::Direct => Via::Direct,
        AccessPoint::Mrap { arn, .. } => Via::Mrap { arn: arn.clone() },
        AccessPoint::Other { arn, origin } => Via::Other { arn: text(*arn), origin: text(*origin) },
    };
    (Call { principal, action, key: object.then_some(key), context: base }, via)
}

fn likely_service() -> String {
    SERVICES.first().map_or_else(String::new, |name| (*name).to_owned())
}

fn principal(arn: &str, session: String) -> Principal {
    let mut fields = arn.splitn(6, ':').skip(1);
    let partition = fields.next().unwrap_or_default().to_owned();
    let account = fields.nth(2).unwrap_or_default();
    let name = fields.next().unwrap_or_default();
    if name.starts_with("role/") {
        return Principal::Role { arn: arn.to_owned(), session };
    }
    if name.starts_with("user/") {
        return Principal::User { arn: arn.to_owned() };
    }
    match account.parse() {
        Ok(account) if name == "root" => Principal::Root { partition, account },
        _ => Principal::FederatedUser { arn: arn.to_owned() },
    }
}

/// The request in a few words, for reasons.
pub(crate) fn describe(model: &AccessModel, question: &Question, scene: &Scene, found: &Model) -> String {
    let requests = requests(model, question, scene, found);
    let Some(last) = requests.last() else { return "a request".to_owned() };
    let who = model.show(&show_principal(&last.principal));
    format!("{} on {} by {who}", last.action, model.show(&last.resource))
}

/// A principal as people know it.
pub(crate) fn show_principal(principal: &Principal) -> String {
    match principal {
        Principal::Anonymous => "anonymous".to_owned(),
        Principal::Service(name) => name.clone(),
        other => other.arn().unwrap_or_default(),
    }
}

/// Evaluates the request concretely and puts it into words; refuses one that the evaluator does not confirm.
///
/// # Errors
/// Why the request does not count: the evaluator finds that its decision is open, or is another.
pub(crate) fn replay(
    model: &AccessModel,
    question: &Question,
    scene: &Scene,
    found: &Model,
    caller: CallerPolicies,
) -> Result<Counterexample, String> {
    let requests = requests(model, question, scene, found);
    let (outcome, legs) = replay_legs(model, question, scene.route, &requests, caller);
    let forbid = question.demand.forbids();
    let expected = if forbid { Truth::Yes } else { Truth::No };
    let words = describe(model, question, scene, found);
    if outcome != expected {
        return Err(format!(
            "the evaluator does not confirm the decision found for {words}; this is a gap in one of the two, please report it"
        ));
    }
    shown(model, question, scene, found, &requests, legs).ok_or_else(|| "there is no request".to_owned())
}

/// The request as people see it, with its decision.
pub(crate) fn shown(
    model: &AccessModel,
    question: &Question,
    scene: &Scene,
    found: &Model,
    requests: &[Request],
    legs: Vec<Leg>,
) -> Option<Counterexample> {
    let last = requests.last()?;
    let named = match &scene.via {
        AccessPoint::Other { arn, .. } if scene.object => {
            format!(
                "{}/object/{}",
                found.text(*arn).unwrap_or_default(),
                found.text(scene.keys.setting.key).unwrap_or_default()
            )
        }
        AccessPoint::Other { arn, .. } => found.text(*arn).unwrap_or_default(),
        _ => requests.first().map(|first| first.resource.clone()).unwrap_or_default(),
    };
    let mut context = BTreeMap::new();
    for (key, entry) in last.context.iter() {
        let mut set = |values: Vec<String>| context.insert(keys::spelled(key.as_str()), values);
        match entry {
            Entry::Value(value) | Entry::Perhaps(value) => set(vec![model.show(value)]),
            Entry::Values(values) => set(values.iter().map(|value| model.show(value)).collect()),
            Entry::Open => None,
        };
    }
    // The owner's account is a fact of the bucket, not of the request.
    context.remove("aws:ResourceAccount");
    context.remove("s3:ResourceAccount");
    // The leg of an access point that is not in the input has no request of its own, and those of keys come last.
    let on_s3 = legs.iter().filter(|leg| !leg.is_of_key()).count();
    let unseen = on_s3.saturating_sub(requests.len());
    let stopped = legs.iter().position(|leg| !leg.allowed);
    let by_key = stopped.is_some_and(|leg| leg >= on_s3);
    let stopped = stopped.map(|leg| leg.saturating_sub(unseen));
    let bucket = model.buckets.get(question.bucket);
    let today = narrows_model::date::Date::from_epoch_seconds(model.as_of).map(|day| day.to_string());
    let later = |moment: &String| today.is_some_and(|today| !moment.starts_with(&today));
    Some(Counterexample {
        moment: context.get("aws:CurrentTime").and_then(|it: &Vec<String>| it.first()).cloned().filter(later),
        near: if by_key { None } else { near(model, question, scene.route, requests, stopped) },
        elsewhere: None,
        bucket: bucket.map(|bucket| bucket.subject.name.clone()).unwrap_or_default(),
        key: scene.object.then(|| found.text(scene.keys.setting.key).unwrap_or_default()),
        region: bucket.and_then(|bucket| bucket.region.clone()),
        principal: model.show(&show_principal(&last.principal)),
        action: last.action.clone(),
        resource: model.show(&named),
        context,
        legs,
        route: scene.route,
        request: last.clone(),
    })
}
