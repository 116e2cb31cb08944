//! The ways in which a request can meet a document, and whether one of them matches a statement.

use super::Holder;
use super::actions::{About, Candidates, Seen};
use crate::access::{AccessModel, Bucket, BucketAcl, Policy, Subject};
use crate::counterexample::call;
use crate::decide::{close, collect_open};
use crate::lower::{AccessPoint, Keys, Resource, Sort, lower_statement};
use crate::question::Route;
use crate::scene::{self, LIKELY_KEY, access_point, variables};
use crate::solve::{Bound, Formula, Glob, Model, Outcome, Pattern, Problem};
use crate::unknowns::unknowns;
use narrows_iam::actions::{self, Action};
use narrows_iam::{
    ConditionKey, Document, EvaluationContext, Request, Statement, Token, Truth, Values, matches,
};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether a request can match a statement.
pub(super) enum Found {
    /// One does, on every reading.
    Some,
    /// None does, on any reading.
    None,
    /// It is not decided, for this reason.
    Open(String),
}

/// Whether some request matches on the upper reading.
enum Possible {
    Yes(Box<Lowered>),
    No,
    TooLarge(String),
}

/// A statement in one scene.
struct Lowered {
    keys: Keys,
    matched: Formula,
    /// Whose requests the document is asked about.
    callers: Formula,
    problem: Problem,
}

/// One way in which a request can meet a document.
struct Scene<'a> {
    keys: Keys,
    bucket: Cow<'a, Bucket>,
    route: Route,
    via: AccessPoint,
    target: Target,
}

/// What a request is about.
enum Target {
    /// The document's own resource, or what is in it.
    Own { arn: String, separator: &'static str, object: bool },
    /// Anything at all.
    Any,
}

/// The scenes of a holder.
pub(super) struct Setup<'a> {
    pub model: &'a AccessModel,
    pub holder: Holder,
    scenes: Vec<Scene<'a>>,
    actions: Seen,
}

impl<'a> Setup<'a> {
    pub fn new(model: &'a AccessModel, holder: Holder) -> Self {
        let scenes = match holder {
            Holder::Bucket(index) => model.buckets.get(index).map(|it| of_bucket(model, index, it)),
            Holder::Mrap(index) => of_mrap(model, index),
            Holder::Endpoint(_) | Holder::Role(_) => Some(of_anything(model)),
        };
        Self { model, holder, scenes: scenes.unwrap_or_default(), actions: Seen::default() }
    }

    /// Whether some request matches a statement.
    pub fn matches(&self, document: &Document, index: usize) -> Found {
        let Some(statement) = document.statements.get(index) else { return Found::None };
        let mut unconfirmed = false;
        for (scene, account) in self.ways(statement) {
            let Some(lowered) = self.lowered(scene, &account, statement, false) else { continue };
            let mut problem = lowered.problem;
            // A request that is shown has values that were looked at.
            problem.assert(lowered.keys.decided(), Bound::Lo);
            let confirmed = |found: &Model| self.confirmed(document, index, scene, &lowered.keys, found);
            // Nobody sees which request it is.
            let wanted = Formula::and([lowered.callers, lowered.matched.clone()]);
            if problem.guess(&wanted).is_some_and(|found| confirmed(&found)) {
                return Found::Some;
            }
            problem.assert(lowered.matched, Bound::Lo);
            let Outcome::Sat(found) = problem.solve(&[]) else { continue };
            if confirmed(&found) {
                return Found::Some;
            }
            unconfirmed = true;
        }
        let what = match self.possible(statement, false) {
            Possible::No => match self.possible(statement, true) {
                Possible::No => return Found::None,
                Possible::Yes(_) => {
                    "only an action that S3 is not known to have would match; correct its name, or its Resource"
                        .to_owned()
                }
                Possible::TooLarge(what) => format!("too large to decide: {what}"),
            },
            Possible::TooLarge(what) => format!("too large to decide: {what}"),
            Possible::Yes(_) if unconfirmed => {
                "the evaluator does not confirm a request that was found; this is a gap in one of the two, please report it"
                    .to_owned()
            }
            Possible::Yes(lowered) => open(self.model, &lowered),
        };
        Found::Open(what)
    }

    /// Whether some request may match, actions that S3 is not known to have included; true where that is not decided.
    pub fn may_match(&self, statement: &Statement) -> bool {
        !matches!(self.possible(statement, true), Possible::No)
    }

    fn possible(&self, statement: &Statement, unlisted: bool) -> Possible {
        let mut too_large = None;
        for (scene, account) in self.ways(statement) {
            let Some(mut lowered) = self.lowered(scene, &account, statement, unlisted) else { continue };
            lowered.problem.assert(lowered.matched.clone(), Bound::Hi);
            match self.model.cache.decided.decide(&lowered.problem, &[]) {
                Ok(None) => {}
                Ok(Some(_)) => return Possible::Yes(Box::new(lowered)),
                Err(what) => too_large = Some(what),
            }
        }
        too_large.map_or(Possible::No, Possible::TooLarge)
    }

    /// The scenes, each with the accounts that the resource may belong to, as far as the statement tells them apart.
    fn ways<'s>(&'s self, statement: &'s Statement) -> impl Iterator<Item = (&'s Scene<'a>, Option<String>)> {
        let accounts = self.accounts(statement);
        self.scenes.iter().flat_map(move |scene| {
            let accounts = match scene.target {
                Target::Own { .. } => vec![scene.bucket.account.clone()],
                Target::Any => accounts.clone(),
            };
            accounts.into_iter().map(move |account| (scene, account))
        })
    }

    /// Accounts that a resource of any kind may have: nobody knows, and then those that a statement may ask for.
    fn accounts(&self, statement: &Statement) -> Vec<Option<String>> {
        let owner = |key: &ConditionKey| matches!(key.as_str(), "aws:resourceaccount" | "s3:resourceaccount");
        let variable = |token: &Token| matches!(token, Token::Variable(variable) if owner(&variable.key));
        let texts = statement.conditions.iter().filter_map(|it| match &it.values {
            Values::Text(texts) => Some((&it.key, texts)),
            _ => None,
        });
        let in_resource = statement.resource.iter().flat_map(|it| &it.patterns);
        let tokens = texts.clone().flat_map(|(_, texts)| texts).chain(in_resource).flat_map(|it| it.tokens());
        let asked = statement.conditions.iter().any(|it| owner(&it.key)) || tokens.into_iter().any(variable);
        if !asked {
            return vec![None];
        }
        let mut known: BTreeSet<String> = texts
            .filter(|(key, _)| owner(key))
            .flat_map(|(_, texts)| texts)
            .map(|it| it.spelled.to_string())
            .filter(|text| text.len() == 12 && text.bytes().all(|it| it.is_ascii_digit()))
            .collect();
        known.extend(self.model.buckets.iter().filter_map(|it| it.account.clone()));
        if let Holder::Role(index) = self.holder {
            let role = self.model.identities.get(index);
            known.extend(role.and_then(|it| it.arn.split(':').nth(4)).map(str::to_owned));
        }
        known.insert("999999999999".to_owned());
        known.into_iter().map(Some).chain([None]).collect()
    }

    /// The statement in a scene; `None` where no action of the scene matches it.
    fn lowered(
        &self,
        scene: &Scene<'_>,
        account: &Option<String>,
        statement: &Statement,
        unlisted: bool,
    ) -> Option<Lowered> {
        let about = match scene.target {
            Target::Own { object: true, .. } => About::Object,
            Target::Own { object: false, .. } => About::Bucket,
            Target::Any => About::Anything,
        };
        let Candidates { known, possible } = self.actions.candidates(&statement.action, about);
        let actions = if unlisted { possible } else { known };
        if actions.is_empty() {
            return None;
        }
        let mut keys = scene.keys.clone();
        keys.setting.action = keys.problem.enumerated("action", Arc::clone(&actions));
        keys.setting.actions = actions;
        keys.setting.bucket_account.clone_from(account);
        let resource = match &scene.target {
            Target::Own { arn, separator, object } => scene::leg_resource(&mut keys, arn, separator, *object),
            Target::Any => Resource::Object { prefix: String::new() },
        };
        let mut rules = Vec::new();
        if matches!(scene.target, Target::Any) {
            rules.extend(shapes(&keys));
        }
        let mut caller = None;
        let callers = match self.holder {
            Holder::Endpoint(index) => {
                let endpoint = self.model.endpoints.get(index)?;
                let key = ConditionKey::new("aws:SourceVpce");
                let binding = keys.binding(&key, &AccessPoint::Direct, Sort::Text);
                keys.gateway_endpoint = endpoint.gateway;
                keys.matches(&key, &binding, &Pattern::literal(&endpoint.id))
            }
            Holder::Role(index) => {
                let role = self.model.identities.get(index)?;
                caller = Some(role.arn.as_str());
                keys.setting.arn_matches(Pattern::literal(&role.arn))
            }
            Holder::Bucket(_) | Holder::Mrap(_) => Formula::Const(true),
        };
        rules.push(callers.clone());
        let matched = lower_statement(statement, &mut keys, &resource, &scene.via);
        rules.push(scene::axioms(&mut keys, &scene.via, self.model, &scene.bucket, scene.route, &[&matched]));
        rules.push(scene::related(&mut keys, self.model, [&matched, &matched], caller));
        let mut problem = keys.problem.clone();
        rules.into_iter().for_each(|rule| problem.assert(rule, Bound::Hi));
        Some(Lowered { keys, matched, callers, problem })
    }

    /// Whether the IAM evaluator finds that a request matches the statement.
    fn confirmed(
        &self,
        document: &Document,
        index: usize,
        scene: &Scene<'_>,
        keys: &Keys,
        found: &Model,
    ) -> bool {
        let Some(request) = request(scene, keys, found) else { return false };
        let gateway_endpoint = match self.holder {
            Holder::Endpoint(index) => self.model.endpoints.get(index).is_some_and(|it| it.gateway),
            _ => false,
        };
        let context = EvaluationContext { gateway_endpoint, ..EvaluationContext::new(&self.model.symbols) };
        document.statements.get(index).is_some_and(|it| matches(it, &request, &context) == Truth::Yes)
    }
}

/// The request of a solution, on the leg that the document is asked about.
fn request(scene: &Scene<'_>, keys: &Keys, found: &Model) -> Option<Request> {
    let account = keys.setting.bucket_account.clone();
    let (arn, object) = match &scene.target {
        Target::Own { object, .. } => (scene.bucket.arn.clone(), *object),
        Target::Any => (found.text(keys.setting.key)?, false),
    };
    let (call, via) = call(keys, &scene.via, object, found);
    let mut legs = call.on_legs(&arn, account.as_deref(), &via);
    match &scene.via {
        AccessPoint::Mrap { own_leg: true, .. } if legs.len() > 1 => {
            let mut own = legs.swap_remove(0);
            if matches!(scene.target, Target::Any) {
                own.resource = arn;
            }
            Some(own)
        }
        _ => legs.pop(),
    }
}

/// What the answer hangs on.
fn open(model: &AccessModel, lowered: &Lowered) -> String {
    let mut found = BTreeSet::new();
    collect_open(&lowered.matched, &mut found);
    let words = |number: &u32| lowered.keys.reasons.get(usize::try_from(*number).ok()?).cloned();
    let decisive = |number: &u32| {
        let mut problem = lowered.problem.clone();
        problem.assert(close(&lowered.matched, *number, true), Bound::Hi);
        problem.decide(&[]) == Ok(None)
    };
    let mut reasons: Vec<String> = found.iter().filter(|number| decisive(number)).filter_map(words).collect();
    if reasons.is_empty() {
        reasons = found.iter().filter_map(words).collect();
    }
    if reasons.is_empty() {
        let undecided: BTreeSet<_> = lowered.keys.undecided.iter().map(|it| it.reason.clone()).collect();
        reasons.extend(undecided);
    }
    if reasons.is_empty() {
        return format!("it depends on {}", unknowns(model, [&lowered.matched]));
    }
    reasons.truncate(3);
    model.show(&reasons.join("; "))
}

/// What resources S3's own actions are asked of, where anything can be.
///
/// Source: service authorization reference, "Resource types defined by Amazon S3".
fn shapes(keys: &Keys) -> Vec<Formula> {
    let of = |which: &dyn Fn(&Action) -> bool, forms: [&str; 2]| {
        let names = keys.setting.actions.iter().filter(|name| actions::find(name).is_some_and(which));
        let globs: Vec<Glob> = names.map(|name| Glob::literal(name)).collect();
        let asked = Formula::matches(keys.setting.action, Pattern::exact(globs));
        let forms = forms.map(Glob::wildcards).to_vec();
        Formula::or([!asked, Formula::matches(keys.setting.key, Pattern::exact(forms))])
    };
    let bucket_alone = |it: &Action| it.is_bucket_action() && !it.is_object_action();
    let objects = of(&Action::is_object_action, ["arn:*:s3:::*/*", "arn:*:s3:*:*:accesspoint/*/object/*"]);
    let buckets = of(&bucket_alone, ["arn:*:s3:::*", "arn:*:s3:*:*:accesspoint/*"]);
    // A bucket's name has no slash.
    let names = keys.setting.actions.iter().filter(|name| actions::find(name).is_some_and(bucket_alone));
    let globs: Vec<Glob> = names.map(|name| Glob::literal(name)).collect();
    let of_bucket = Formula::matches(keys.setting.action, Pattern::exact(globs));
    let object = Formula::matches(keys.setting.key, Pattern::exact(vec![Glob::wildcards("arn:*:s3:::*/*")]));
    vec![objects, buckets, !Formula::and([of_bucket, object])]
}

/// The variables that every scene has; the action is each statement's own.
fn base(model: &AccessModel, place: Option<usize>, bucket: &Bucket) -> Keys {
    let mut keys = variables(model, (place, bucket), Arc::from(["s3:GetObject".to_owned()]));
    keys.bounded = scene::bounded(model, &keys);
    // Nobody sees the keys, and a policy may name many.
    keys.problem.prefer(keys.setting.key, [LIKELY_KEY.to_owned()]);
    keys
}

/// A request on a bucket or on one of its objects, by each route.
fn of_bucket<'a>(model: &AccessModel, index: usize, bucket: &'a Bucket) -> Vec<Scene<'a>> {
    let keys = base(model, Some(index), bucket);
    let routes = [Route::Direct].into_iter().chain(bucket.mraps.iter().map(|index| Route::Mrap(*index)));
    let mut scenes = Vec::new();
    for route in routes.chain([Route::OtherAccessPoint]) {
        for object in [true, false] {
            let mut keys = keys.clone();
            let Some(via) = access_point(model, bucket, route, &mut keys) else { continue };
            let target = Target::Own { arn: bucket.arn.clone(), separator: "/", object };
            scenes.push(Scene { keys, bucket: Cow::Borrowed(bucket), route, via, target });
        }
    }
    scenes
}

/// A request on an MRAP or on an object through it.
fn of_mrap(model: &AccessModel, index: usize) -> Option<Vec<Scene<'_>>> {
    let mrap = model.mraps.get(index)?;
    let member = model.buckets.iter().enumerate().find(|(_, it)| it.mraps.contains(&index));
    let (place, bucket) = match member {
        Some((place, bucket)) => (Some(place), Cow::Borrowed(bucket)),
        None => (None, Cow::Owned(stand_in(mrap.account.clone()))),
    };
    let keys = base(model, place, &bucket);
    let account = mrap.arn.split(':').nth(4).unwrap_or_default().to_owned();
    let scene = |object: bool| Scene {
        keys: keys.clone(),
        bucket: bucket.clone(),
        route: Route::Mrap(index),
        via: AccessPoint::Mrap { arn: mrap.arn.clone(), account: account.clone(), own_leg: true },
        target: Target::Own { arn: mrap.arn.clone(), separator: "/object/", object },
    };
    Some(vec![scene(true), scene(false)])
}

/// A request on anything, by any route.
fn of_anything(model: &AccessModel) -> Vec<Scene<'static>> {
    let bucket = stand_in(None);
    let keys = base(model, None, &bucket);
    let scene = |keys: Keys, route: Route, via: AccessPoint| Scene {
        keys,
        bucket: Cow::Owned(bucket.clone()),
        route,
        via,
        target: Target::Any,
    };
    let mut scenes = vec![scene(keys.clone(), Route::Direct, AccessPoint::Direct)];
    for (index, mrap) in model.mraps.iter().enumerate() {
        let account = mrap.arn.split(':').nth(4).unwrap_or_default().to_owned();
        for own_leg in [false, true] {
            let via = AccessPoint::Mrap { arn: mrap.arn.clone(), account: account.clone(), own_leg };
            scenes.push(scene(keys.clone(), Route::Mrap(index), via));
        }
    }
    let mut keys = keys;
    if let Some(via) = access_point(model, &bucket, Route::OtherAccessPoint, &mut keys) {
        scenes.push(scene(keys, Route::OtherAccessPoint, via));
    }
    scenes
}

/// Stands for a bucket that nothing is known of.
fn stand_in(account: Option<String>) -> Bucket {
    Bucket {
        subject: Subject { kind: "bucket".to_owned(), name: String::new(), address: String::new() },
        name: String::new(),
        arn: String::new(),
        account,
        region: None,
        account_assumed: false,
        name_is_known: false,
        policy: Policy::None,
        ownership: None,
        acl: BucketAcl::Absent,
        public_access_block: None,
        mraps: Vec::new(),
        replication: None,
        encryption: None,
    }
}
