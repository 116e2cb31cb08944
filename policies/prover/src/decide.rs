//! From a question to an answer: proved, refuted with a request, or unknown with the reason.

use crate::access::{AccessModel, Bucket, KeyUse, Policy};
use crate::counterexample::{Counterexample, replay};
use crate::lower::{INSTANT, signed_point};
use crate::question::{Demand, Question, Route};
use crate::scene::{self, CallerPolicies, Scene, Statements};
use crate::solve::{Bound, Formula, Model, Outcome as Solved, Pattern, Predicate, Var, Wish};
use crate::unknowns::unknowns;
use crate::vacuous::Idle;
use std::collections::BTreeSet;

/// The answer to a question, with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The verdict.
    pub verdict: Verdict,
    /// What was assumed about documents that are not in the input.
    pub assumptions: BTreeSet<String>,
    /// Whether a request with the question's later action would go through, or may.
    pub later_open: bool,
    /// Whether no request is in the question's scope; the verdict is unknown then.
    pub empty: bool,
}

/// The three verdicts.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It holds for all requests.
    Proved,
    /// It does not hold: this request shows it.
    Refuted(Box<Counterexample>),
    /// It is not decided, for this reason.
    Unknown(String),
    /// It is about statements rather than requests, and does not hold: no request can match these.
    Vacuous(Vec<Idle>),
}

impl Verdict {
    /// Whether it does not hold, as a request or a statement shows.
    pub fn is_refuted(&self) -> bool {
        matches!(self, Self::Refuted(_) | Self::Vacuous(_))
    }
}

/// Decides a question.
pub fn ask(model: &AccessModel, question: &Question) -> Answer {
    ask_with(model, question, &[Statements::Denies, Statements::Relevant])
}

/// As [`ask`], where a proof is sought with these statements before all are lowered.
pub(crate) fn ask_with(model: &AccessModel, question: &Question, before: &[Statements]) -> Answer {
    let Some(bucket) = model.buckets.get(question.bucket) else {
        let verdict = Verdict::Unknown("the bucket is not in the input".to_owned());
        return Answer { verdict, assumptions: BTreeSet::new(), later_open: false, empty: false };
    };
    let assumptions = assumptions(model, bucket, question);
    let mut found = Found::default();
    let (verdict, empty) = match unknown_policy(model, bucket, question) {
        Some(reason) => (Verdict::Unknown(reason), false),
        None => {
            let verdict = decide(model, question, before, &mut found);
            let empty = !found.asked && !found.open;
            (verdict, empty)
        }
    };
    Answer { verdict, assumptions, later_open: found.later_open, empty }
}

/// The first policy that the question needs and that is not known before deployment.
fn unknown_policy(model: &AccessModel, bucket: &Bucket, question: &Question) -> Option<String> {
    let mut needed = vec![&bucket.policy];
    for route in &question.routes {
        if let Route::Mrap(index) = route {
            needed.extend(model.mraps.get(*index).map(|mrap| &mrap.policy));
        }
    }
    if matches!(question.demand, Demand::Permit { .. }) {
        needed.extend(model.endpoints.iter().map(|endpoint| &endpoint.policy));
        let keys = model.key_needs(question.bucket);
        needed.extend(keys.iter().filter_map(|need| Some(&model.keys.get(need.key)?.policy)));
    }
    needed.into_iter().find_map(unknown)
}

/// Why a policy is not known, where it is not.
pub(crate) fn unknown(policy: &Policy) -> Option<String> {
    match policy {
        Policy::Unknown { .. } => policy.unknown_reason("policy of").map(|reason| {
            format!("{reason}; check the generated configuration, or give the plan of an applied stack")
        }),
        Policy::Several { names } => Some(format!(
            "{} are policies of one resource, which keeps the one that is applied last: join their statements into one",
            names.join(" and ")
        )),
        Policy::None | Policy::Document { .. } => None,
    }
}

/// What the scenes of a question have in common.
#[derive(Default)]
struct Found {
    /// Some scene has a request in the guardrail's scope.
    asked: bool,
    /// Some scene was not decided, so that it may have one.
    open: bool,
    /// An action that does not exist yet would go through, or its decision is open.
    later_open: bool,
}

fn decide(model: &AccessModel, question: &Question, before: &[Statements], found: &mut Found) -> Verdict {
    let caller = match question.demand {
        Demand::Forbid | Demand::Permit { caller_may_do_anything: true } => CallerPolicies::AllowEverything,
        Demand::ForbidAsGiven | Demand::Permit { caller_may_do_anything: false } => CallerPolicies::InInput,
    };
    let mut unknown: Option<String> = None;
    for route in &question.routes {
        for object in [true, false] {
            let way = (*route, object);
            let Some(verdict) = on_route(model, question, way, caller, before, found) else { continue };
            match verdict {
                Verdict::Proved => {}
                Verdict::Unknown(reason) => {
                    found.open = true;
                    unknown = unknown.or(Some(reason));
                }
                refuted @ (Verdict::Refuted(_) | Verdict::Vacuous(_)) => return refuted,
            }
        }
    }
    match unknown {
        Some(reason) => Verdict::Unknown(reason),
        None if found.asked => Verdict::Proved,
        None => Verdict::Unknown("no request is in the guardrail's scope, so nothing was proved".to_owned()),
    }
}

/// The verdict on one way in which a request can meet the bucket; `None` where nothing is asked there.
///
/// Most statements of a long policy are Allows, and most proofs need none of them. So the Denies are asked alone first, then
/// the statements that name some caller of the scope. Where that is no proof the whole scene is asked, so that a
/// counterexample does not hang on it.
fn on_route(
    model: &AccessModel,
    question: &Question,
    (route, object): (Route, bool),
    caller: CallerPolicies,
    before: &[Statements],
    found: &mut Found,
) -> Option<Verdict> {
    for statements in before.iter().copied() {
        if statements == Statements::Denies
            && question.demand == (Demand::Permit { caller_may_do_anything: false })
        {
            // Without an Allow nothing is permitted.
            continue;
        }
        let mut scene = scene::build(model, question, route, object, caller, statements)?;
        let first = search(model, question, &mut scene);
        if scene.is_whole() {
            return Some(settle(model, question, scene, caller, first, found));
        }
        // An action that does not exist yet needs the Allows where the Denies let it through.
        if let First::Proved { asked, later_open: false } = first {
            found.asked |= asked;
            return Some(Verdict::Proved);
        }
    }
    let mut scene = scene::build(model, question, route, object, caller, Statements::All)?;
    let first = search(model, question, &mut scene);
    Some(settle(model, question, scene, caller, first, found))
}

/// The formula that the demand is broken, for a bound.
fn broken(question: &Question, scene: &Scene) -> Formula {
    match question.demand {
        Demand::Forbid | Demand::ForbidAsGiven => scene.allowed.clone(),
        Demand::Permit { .. } => !scene.allowed.clone(),
    }
}

/// What one search tells.
pub(crate) enum First {
    /// No request of the scope breaks the demand.
    Proved {
        /// Whether the scope has a request at all.
        asked: bool,
        /// Whether one with the later action would go through, or may.
        later_open: bool,
    },
    /// Some request breaks it on some reading.
    Broken {
        /// The formula that it is broken.
        broken: Formula,
        axioms: Formula,
        /// Whether one with the later action would go through, or may.
        later_open: bool,
    },
    /// It was too large, for this reason.
    TooLarge { reason: String, asked: bool, later_open: bool },
}

/// Asks whether the scope has a request, and whether one of them breaks the demand.
pub(crate) fn search(model: &AccessModel, question: &Question, scene: &mut Scene) -> First {
    let broken = broken(question, scene);
    let axioms = std::mem::replace(&mut scene.axioms, Formula::Const(true));
    let problem = &mut scene.keys.problem;
    problem.assert(axioms.clone(), Bound::Hi);
    problem.assert(scene.scope.clone(), Bound::Hi);
    let later = match &question.later_action {
        Some(name) if scene.object => Formula::matches(scene.keys.setting.action, Pattern::literal(name)),
        _ => Formula::Const(false),
    };
    let now = Formula::and([broken, !later.clone()]);
    let then = Formula::and([scene.allowed.clone(), later]);
    // One search tells whether the scope has a request at all, and whether one of them breaks the demand.
    let wishes = [(now.clone(), Bound::Hi), (then, Bound::Hi)];
    match model.cache.decided.decide(problem, &wishes) {
        Ok(None) => First::Proved { asked: false, later_open: false },
        Err(what) => First::TooLarge {
            reason: format!("too large to decide: {what}"),
            asked: false,
            later_open: false,
        },
        Ok(Some(wishes)) => {
            let later_open = wishes.get(1) != Some(&Wish::Impossible);
            match wishes.first() {
                Some(Wish::Impossible) => First::Proved { asked: true, later_open },
                Some(Wish::Granted) => First::Broken { broken: now, axioms, later_open },
                _ => First::TooLarge {
                    reason: "too large to decide within the limits of the search".to_owned(),
                    asked: true,
                    later_open,
                },
            }
        }
    }
}

fn settle(
    model: &AccessModel,
    question: &Question,
    scene: Scene,
    caller: CallerPolicies,
    first: First,
    found: &mut Found,
) -> Verdict {
    let (broken, axioms) = match first {
        First::Proved { asked, later_open } => {
            found.asked |= asked;
            found.later_open |= later_open;
            return Verdict::Proved;
        }
        First::TooLarge { reason, asked, later_open } => {
            found.asked |= asked;
            found.later_open |= later_open;
            return Verdict::Unknown(reason);
        }
        First::Broken { broken, axioms, later_open } => {
            found.asked = true;
            found.later_open |= later_open;
            (broken, axioms)
        }
    };
    let wishes = wishes(&scene);
    let mut possible = scene.keys.problem.clone();
    let mut problem = possible.clone();
    possible.assert(broken.clone(), Bound::Hi);
    // A request that goes through on every reading is a refutation; one that does on some reading only is not.
    problem.assert(axioms, Bound::Lo);
    problem.assert(scene.scope.clone(), Bound::Lo);
    problem.assert(broken, Bound::Lo);
    // A refutation has values that were looked at.
    problem.assert(scene.keys.decided(), Bound::Lo);
    if let Solved::Sat(found) = problem.solve(&wishes) {
        if let Some(reason) = only_the_callers_policies(model, question, &scene, &found, caller) {
            return Verdict::Unknown(reason);
        }
        let example = replay(model, question, &scene, &found, caller);
        return match example {
            Ok(example) => Verdict::Refuted(Box::new(example)),
            Err(reason) => Verdict::Unknown(reason),
        };
    }
    // What is asked about is shown by its own name, where its request need not be another's.
    let within = std::iter::once((scene.scope.clone(), Bound::Lo)).chain(wishes).collect::<Vec<_>>();
    match possible.solve(&within) {
        Solved::Sat(perhaps) => {
            let known = only_the_callers_policies(model, question, &scene, &perhaps, caller);
            Verdict::Unknown(known.unwrap_or_else(|| reason(model, question, &scene, &perhaps)))
        }
        Solved::Unsat => Verdict::Unknown("the search contradicts itself; please report it".to_owned()),
        Solved::TooLarge { what } => Verdict::Unknown(format!("too large to decide: {what}")),
    }
}

/// Whether the permit fails only for want of the caller's own policies, and what to say then.
fn only_the_callers_policies(
    model: &AccessModel,
    question: &Question,
    scene: &Scene,
    found: &Model,
    caller: CallerPolicies,
) -> Option<String> {
    // Of a role whose policies are in the input, there is nothing left to hope for.
    let role = found.text(scene.keys.setting.arn).unwrap_or_default();
    if question.demand.forbids()
        || caller != CallerPolicies::InInput
        || model.identities.iter().any(|identity| identity.arn == role && !identity.policies.is_empty())
    {
        return None;
    }
    let with_all = scene::build(
        model,
        question,
        scene.route,
        scene.object,
        CallerPolicies::AllowEverything,
        Statements::All,
    )?;
    let broken = broken(question, &with_all);
    let mut problem = with_all.keys.problem.clone();
    problem.assert(with_all.axioms.clone(), Bound::Hi);
    problem.assert(with_all.scope.clone(), Bound::Hi);
    problem.assert(broken, Bound::Hi);
    match problem.solve(&[]) {
        Solved::Unsat => Some(
            "it holds only if the caller's own identity policies allow it, and they are not in the input; \
             add them, or name the role in the resource policies"
                .to_owned(),
        ),
        _ => None,
    }
}

/// Of how many open points it is found out which of them matter together.
const MOST_OPEN: usize = 16;

/// Why a scene is undecided: what is open about the request that goes through on some reading.
fn reason(model: &AccessModel, question: &Question, scene: &Scene, perhaps: &Model) -> String {
    let mut found = BTreeSet::new();
    collect_open(&scene.allowed, &mut found);
    collect_open(&scene.scope, &mut found);
    let broken = broken(question, scene);
    // Whether nothing of this would go through if all of these were read the other way.
    let decisive = |closed: &[u32], of: &Formula| {
        let read = |formula: &Formula| {
            closed.iter().fold(formula.clone(), |formula, number| close(&formula, *number, true))
        };
        let mut problem = scene.keys.problem.clone();
        problem.assert(read(&scene.scope), Bound::Hi);
        problem.assert(read(&broken), Bound::Hi);
        problem.assert(of.clone(), Bound::Hi);
        problem.decide(&[]) == Ok(None)
    };
    let shown = |var| match perhaps.text(var) {
        Some(text) => Formula::matches(var, Pattern::literal(&text)),
        None => Formula::Const(true),
    };
    let words = |number: &u32| scene.keys.reasons.get(usize::try_from(*number).ok()?).map(String::as_str);
    // What the answer hangs on: each by itself, else what is left for such a request when all is taken away on which that does
    // not hang.
    let any = Formula::Const(true);
    let mut needed: Vec<u32> = found.iter().copied().filter(|number| decisive(&[*number], &any)).collect();
    if needed.is_empty() && found.len() <= MOST_OPEN {
        let setting = &scene.keys.setting;
        let such = Formula::and([shown(setting.action), shown(setting.arn)]);
        let mut aside: Vec<u32> = Vec::new();
        for number in found.iter().rev() {
            aside.push(*number);
            if decisive(&aside, &such) {
                aside.pop();
                needed.insert(0, *number);
            }
        }
    } else if needed.is_empty() {
        needed = found.into_iter().collect();
    }
    let mut reasons: Vec<&str> = needed.iter().filter_map(words).collect();
    if reasons.is_empty() {
        let undecided: BTreeSet<&str> = scene.keys.undecided.iter().map(|it| it.reason.as_str()).collect();
        reasons = undecided.into_iter().collect();
    }
    reasons.truncate(3);
    let request = crate::counterexample::describe(model, question, scene, perhaps);
    if reasons.is_empty() {
        let values = unknowns(model, [&scene.scope, &scene.allowed]);
        return format!("whether {request} goes through depends on {values}");
    }
    format!("whether {request} goes through is open: {}", model.show(&reasons.join("; ")))
}

/// The formula with one open point read the other way.
pub(crate) fn close(formula: &Formula, number: u32, positive: bool) -> Formula {
    match formula {
        Formula::Open(open) if *open == number => Formula::Const(!positive),
        Formula::And(parts) => {
            Formula::and(parts.iter().map(|part| close(part, number, positive)).collect::<Vec<_>>())
        }
        Formula::Or(parts) => {
            Formula::or(parts.iter().map(|part| close(part, number, positive)).collect::<Vec<_>>())
        }
        Formula::Not(part) => !close(part, number, !positive),
        Formula::Open(_) | Formula::Const(_) | Formula::Leaf(_) => formula.clone(),
    }
}

pub(crate) fn collect_open(formula: &Formula, found: &mut BTreeSet<u32>) {
    match formula {
        Formula::Open(number) => {
            found.insert(*number);
        }
        Formula::And(parts) | Formula::Or(parts) => parts.iter().for_each(|part| collect_open(part, found)),
        Formula::Not(part) => collect_open(part, found),
        Formula::Const(_) | Formula::Leaf(_) => {}
    }
}

/// What makes a counterexample easy to believe, most important first.
pub(crate) fn wishes(scene: &Scene) -> Vec<(Formula, Bound)> {
    let keys = &scene.keys;
    let setting = &keys.setting;
    let mut wishes = vec![setting.iam()];
    if let Some(account) = &setting.bucket_account {
        wishes.push(setting.account_matches(&Pattern::literal(account)));
        for account in [account, scene::stranger(Some(account))] {
            let other = scene::other_role(setting.partition, account);
            wishes.push(setting.arn_matches(Pattern::literal(&other)));
        }
    }
    let role = crate::solve::Glob::arn("arn:*:iam::*:role/*");
    wishes.push(setting.arn_matches(Pattern::exact(vec![role])));
    // In accounts that a policy names, too, a role has a name that could be one's own.
    let likely = crate::solve::Glob::arn("arn:*:iam::*:role/any-other-role");
    wishes.push(setting.arn_matches(Pattern::exact(vec![likely])));
    for action in ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:PutBucketPolicy"] {
        wishes.push(Formula::matches(setting.action, Pattern::literal(action)));
    }
    if scene.object {
        wishes.push(Formula::matches(setting.key, Pattern::literal(scene::LIKELY_KEY)));
    }
    for (key, (_, var)) in &keys.free {
        let likely = match key.as_str() {
            "aws:securetransport" => Formula::matches(*var, Pattern::literal("true")),
            "aws:viaawsservice" => Formula::matches(*var, Pattern::literal("false")),
            "aws:currenttime" | "aws:epochtime" => today(*var, keys.as_of),
            _ => !Formula::present(*var),
        };
        wishes.push(likely);
    }
    wishes.into_iter().map(|wish| (wish, Bound::Lo)).collect()
}

/// What is taken for granted about policies that cap others.
///
/// Whether a session policy is given, only `narrows explain` knows.
pub(crate) fn not_attached(models: &[&AccessModel], session: bool) -> &'static str {
    let bounded =
        |model: &&AccessModel| model.identities.iter().any(|it| !matches!(it.boundary, Policy::None));
    match (models.iter().all(|model| model.controls.is_empty()), models.iter().any(bounded)) {
        (true, false) if session => "control policies and permission boundaries are not attached",
        (true, true) if session => {
            "control policies are not attached, nor permission boundaries beyond those in the input"
        }
        (false, _) if session => {
            "control policies and permission boundaries beyond those in the input are not attached, and AWS's control policies \
             that allow everything are"
        }
        (true, false) => "control policies, permission boundaries and session policies are not attached",
        (true, true) => {
            "control and session policies are not attached, nor permission boundaries beyond those in the input"
        }
        (false, _) => {
            "session policies are not attached, nor control policies and permission boundaries beyond those in the input, and \
             AWS's control policies that allow everything are"
        }
    }
}

/// What is taken for granted about the keys of a bucket's objects.
pub(crate) fn keys_assumed(model: &AccessModel, index: usize, bucket: &Bucket) -> String {
    let name = &bucket.subject.name;
    match bucket.encryption.as_ref().map(|encryption| &encryption.key) {
        Some(KeyUse::InInput(key)) => {
            let key = model.keys.get(*key).map(|key| key.subject.address.as_str()).unwrap_or_default();
            format!(
                "objects of {name} are encrypted as its default has it, with {key}; its grants are not in the input"
            )
        }
        Some(KeyUse::Elsewhere(key)) => {
            format!("S3 authorization only for {name}: the key {key} is not in the input")
        }
        None if !model.key_needs(index).is_empty() => format!(
            "replicas in {name} are encrypted with the keys that the replication names, other objects with none of KMS's"
        ),
        None => "S3 authorization only: permissions of KMS keys are not part of the input".to_owned(),
    }
}

/// The formula that a moment lies on the day of asking.
fn today(var: Var, as_of: i64) -> Formula {
    let start = i128::from(as_of) * 1000;
    let day = (signed_point(INSTANT, start), signed_point(INSTANT, start + 86_400_000 - 1));
    Formula::leaf(var, Predicate::Within(vec![day]))
}

/// What an answer takes for granted about documents that are not in the input.
fn assumptions(model: &AccessModel, bucket: &Bucket, question: &Question) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut add = |text: String| {
        found.insert(text);
    };
    match question.demand {
        Demand::Forbid => add("identity policies of users, roles and root allow everything".to_owned()),
        Demand::ForbidAsGiven => add("callers have no policies but those in the input".to_owned()),
        Demand::Permit { caller_may_do_anything: true } => {
            add("the caller's own policies allow everything".to_owned());
        }
        Demand::Permit { caller_may_do_anything: false } => {
            add("identity policies that are not in the input allow nothing".to_owned());
            add(keys_assumed(model, question.bucket, bucket));
        }
    }
    add(not_attached(&[model], false).to_owned());
    model.remarks.iter().for_each(|remark| add(remark.clone()));
    if let Some(text) = bucket.ownership_assumed() {
        add(text.to_owned());
    }
    if bucket.account_assumed {
        add("the bucket is in the MRAP's account, since none is given".to_owned());
    }
    if bucket.account.is_none() {
        add("the bucket's account is not known: any IAM principal may belong to it".to_owned());
    }
    if question.demand.forbids()
        && question.routes.iter().any(|route| matches!(route, Route::OtherAccessPoint))
    {
        add("policies of access points that are not in the input allow everything".to_owned());
    }
    let uses_endpoints = matches!(question.demand, Demand::Permit { .. });
    for endpoint in model.endpoints.iter().filter(|_| uses_endpoints) {
        if matches!(endpoint.policy, Policy::None) {
            add(format!("{} has no policy in the input: full access", endpoint.subject.name));
        }
    }
    found
}
