//! What one side allows beyond the other: decided, shown, replayed.

use super::pair::{bucket, question};
use super::{Beyond, Difference, OwnPolicies, Pair, Side, Which};
use crate::counterexample::{describe, requests, shown};
use crate::decide::{close, collect_open, wishes};
use crate::lower::lower_scope;
use crate::question::{Route, Scope};
use crate::replay::{replay_by_leg, replay_legs_with};
use crate::scene::{self, CallerPolicies, Scene};
use crate::solve::{Bound, Formula, Glob, Model, Outcome, Pattern, Predicate, Problem, Wish};
use crate::unknowns::unknowns;
use narrows_iam::{Effect, Truth};
use std::collections::BTreeSet;

/// Why it is open who is a caller of the bucket's own account.
const NO_ACCOUNT: &str = "the bucket's account is not known; give it with --account ID";

impl Pair<'_> {
    /// What this side allows with these actions, of the requests in the scope, and the other one does not.
    pub fn beyond(&mut self, side: Which, actions: &[String], scope: &Scope) -> Beyond {
        let (yes, no) = match side {
            Which::First => (0, 1),
            Which::Second => (1, 0),
        };
        let [Some(one), Some(other)] =
            [yes, no].map(|side| Some((self.plain.get(side)?, self.pinned.get(side)?)))
        else {
            return Beyond::NoRequest;
        };
        let difference = |one: &Formula, other: &Formula| Formula::and([one.clone(), !other.clone()]);
        let (certain, perhaps) = (difference(one.0, other.0), difference(one.1, other.1));
        let Some(asked) = self.asked(yes, actions, scope) else { return Beyond::NoRequest };
        let problem = self.problem(&asked);
        let mut bound = problem.clone();
        for rule in self.keys.pins.iter().flat_map(|pins| &pins.bounds) {
            bound.assert(rule.clone(), Bound::Hi);
        }
        let Some(memo) = self.sides.first().map(|side| &side.model.cache.decided) else {
            return Beyond::NoRequest;
        };
        let decided = memo.decide(&bound, &[(perhaps.clone(), Bound::Hi)]);
        match decided.as_ref().map(|found| found.as_deref()) {
            Ok(None) => return Beyond::NoRequest,
            Ok(Some([Wish::Impossible, ..])) => return Beyond::Nothing,
            Ok(Some([Wish::Granted, ..])) => {}
            Ok(Some(_)) => {
                return Beyond::Unknown("too large to decide within the limits of the search".to_owned());
            }
            Err(what) => return Beyond::Unknown(format!("too large to decide: {what}")),
        }
        let mut surely = problem;
        surely.assert(asked, Bound::Lo);
        surely.assert(certain, Bound::Lo);
        // A difference that is shown has values that were looked at.
        surely.assert(self.keys.decided(), Bound::Lo);
        let Some(view) = self.view(yes) else { return Beyond::NoRequest };
        let likely = self.likely(&view);
        if let Outcome::Sat(found) = surely.solve(&likely) {
            if let Some(own) = self.own_key() {
                return Beyond::Unknown(own);
            }
            return match self.replay(yes, no, &found) {
                Err(_) if self.no_account() => Beyond::Unknown(NO_ACCOUNT.to_owned()),
                Ok(found) => Beyond::Something(Box::new(found)),
                Err(reason) => Beyond::Unknown(reason),
            };
        }
        self.unknown(yes, bound, &perhaps, &view, &likely)
    }

    /// What makes an example easy to believe: first of all that the caller's own policies are all alike.
    fn likely(&self, view: &Scene) -> Vec<(Formula, Bound)> {
        let mut first = Vec::new();
        if let Some(unseen) = &self.keys.unseen {
            let nothing = [unseen.on_bucket, unseen.on_mrap].map(|var| !Formula::leaf(var, Predicate::True));
            first.push((Formula::or([unseen.everything(), Formula::and(nothing)]), Bound::Lo));
            first.push((unseen.everything(), Bound::Lo));
        }
        first.extend(wishes(view));
        first
    }

    /// The requests that are asked about, as a formula; `None` where there are none.
    fn asked(&mut self, side: usize, actions: &[String], scope: &Scope) -> Option<Formula> {
        let via = self.vias.get(side)?.clone();
        let scope = lower_scope(scope, &mut self.keys, &via, self.object);
        let setting = &self.keys.setting;
        let named: Vec<&String> = actions.iter().filter(|name| setting.actions.contains(name)).collect();
        if named.is_empty() || scope == Formula::Const(false) {
            return None;
        }
        if named.len() == setting.actions.len() {
            return Some(scope);
        }
        let globs = named.into_iter().map(|name| Glob::literal(name)).collect::<Vec<_>>();
        Some(Formula::and([scope, Formula::matches(setting.action, Pattern::exact(globs))]))
    }

    /// The requests that AWS can produce and that are asked about.
    fn problem(&mut self, asked: &Formula) -> Problem {
        let mut rules = Vec::new();
        let [one, other] = self.plain.clone();
        for (side, via) in self.sides.into_iter().zip(self.vias.clone()) {
            let (Some(place), Some(bucket)) = (side.place, bucket(&side)) else { continue };
            rules.push(scene::axioms(
                &mut self.keys,
                &via,
                side.model,
                bucket,
                place.route,
                &[asked, &one, &other],
            ));
        }
        // Root needs no policy of its own, and others than IAM principals have none.
        if let Some(unseen) = &self.keys.unseen {
            let setting = &self.keys.setting;
            let root = Pattern::exact(vec![Glob::arn("arn:*:iam::*:root")]);
            let has_policies = Formula::and([setting.iam(), !setting.arn_matches(root)]);
            rules.push(Formula::or([has_policies, unseen.everything()]));
        }
        if let Some(side) = self.sides.first() {
            rules.push(scene::related(&mut self.keys, side.model, [&one, &other], None));
        }
        let mut problem = self.keys.problem.clone();
        for rule in rules {
            problem.assert(rule, Bound::Hi);
        }
        problem.assert(asked.clone(), Bound::Hi);
        problem
    }

    /// Whether nobody says which account a bucket belongs to.
    fn no_account(&self) -> bool {
        self.sides.iter().filter_map(bucket).any(|bucket| bucket.account.is_none())
    }

    /// What to say where a policy asks for what tells of the bucket.
    fn own_key(&self) -> Option<String> {
        let key = self.own_keys.first()?;
        Some(format!("{key} is each bucket's own, and its value is not in the input"))
    }

    /// One side as a scene of its own.
    fn view(&self, side: usize) -> Option<Scene> {
        let of = self.sides.get(side)?;
        let mut keys = self.keys.clone();
        keys.setting.bucket_account.clone_from(&bucket(of)?.account);
        Some(Scene {
            keys,
            route: of.place?.route,
            object: self.object,
            via: self.vias.get(side)?.clone(),
            scope: Formula::Const(true),
            allowed: self.plain.get(side)?.clone(),
            axioms: Formula::Const(true),
        })
    }

    /// Evaluates the request concretely on both sides.
    fn replay(&self, yes: usize, no: usize, found: &Model) -> Result<Difference, String> {
        let arn = found.text(self.keys.setting.arn).unwrap_or_default();
        let flags = self.keys.unseen.as_ref().map(|it| (found.flag(it.on_bucket), found.flag(it.on_mrap)));
        let (caller, own_policies) = match flags {
            _ if self.known.contains(&arn) => (CallerPolicies::InInput, OwnPolicies::InInput),
            Some((true, true)) | None => (CallerPolicies::AllowEverything, OwnPolicies::AllowEverything),
            Some((false, false)) => (CallerPolicies::InInput, OwnPolicies::AllowNothing),
            Some((true, false)) => (CallerPolicies::InInput, OwnPolicies::AllowOnBucket),
            Some((false, true)) => (CallerPolicies::InInput, OwnPolicies::AllowOnMrap),
        };
        let decided = |side: usize| {
            let view = self.view(side)?;
            let of: &Side<'_> = self.sides.get(side)?;
            let question = question(of.place?, caller, &self.keys.setting.actions);
            let requests = requests(of.model, &question, &view, found);
            let (truth, legs) = match (own_policies, view.route) {
                (OwnPolicies::AllowOnBucket | OwnPolicies::AllowOnMrap, Route::Mrap(mrap)) => {
                    let legs_of = (bucket(of)?, of.model.mraps.get(mrap)?);
                    replay_by_leg(of.model, legs_of, &requests, own_policies == OwnPolicies::AllowOnMrap)
                }
                _ => replay_legs_with(of.model, &question, view.route, &requests, (caller, true)),
            };
            Some((truth, shown(of.model, &question, &view, found, &requests, legs)?))
        };
        let unconfirmed = || {
            "the evaluator does not confirm a difference that was found; this is a gap in one of the two, please report it"
                .to_owned()
        };
        let Some((Truth::Yes, allowed)) = decided(yes) else { return Err(unconfirmed()) };
        match decided(no) {
            None => Ok(Difference { allowed, refused: Vec::new(), own_policies, near: None }),
            Some((Truth::No, refused)) => {
                let near = refused.near.filter(|near| near.effect == Effect::Allow);
                Ok(Difference { allowed, refused: refused.legs, own_policies, near })
            }
            Some(_) => Err(unconfirmed()),
        }
    }

    /// Why it is open whether there is a difference.
    fn unknown(
        &self,
        side: usize,
        bound: Problem,
        perhaps: &Formula,
        view: &Scene,
        likely: &[(Formula, Bound)],
    ) -> Beyond {
        let rules = self.keys.pins.iter().flat_map(|pins| &pins.bounds);
        let mut found = BTreeSet::new();
        collect_open(perhaps, &mut found);
        rules.clone().for_each(|rule| collect_open(rule, &mut found));
        // What it hangs on: of the requests for which this one thing is not open, none would differ.
        let decisive = |number: &u32| {
            let mut problem = bound.clone();
            for rule in rules.clone() {
                problem.assert(close(rule, *number, true), Bound::Hi);
            }
            problem.assert(close(perhaps, *number, true), Bound::Hi);
            problem.decide(&[]) == Ok(None)
        };
        let words = |number: &u32| self.keys.reasons.get(usize::try_from(*number).ok()?).cloned();
        let mut reasons: Vec<String> =
            found.iter().filter(|number| decisive(number)).filter_map(words).collect();
        if reasons.is_empty() {
            reasons = found.iter().filter_map(words).collect();
        }
        reasons.truncate(3);
        let mut problem = bound.clone();
        problem.assert(perhaps.clone(), Bound::Hi);
        let request =
            match (problem.solve(likely), self.sides.get(side).and_then(|it| Some((it.model, it.place?)))) {
                (Outcome::Sat(found), Some((model, place))) => {
                    let caller = CallerPolicies::AllowEverything;
                    let question = question(place, caller, &self.keys.setting.actions);
                    describe(model, &question, view, &found)
                }
                _ => "a request".to_owned(),
            };
        if self.no_account() {
            reasons.insert(0, NO_ACCOUNT.to_owned());
        }
        if let Some(own) = self.own_key().filter(|_| reasons.is_empty()) {
            reasons.push(own);
        }
        if reasons.is_empty() {
            let values = self.sides.get(side).map(|it| unknowns(it.model, [perhaps]));
            reasons.extend(values.map(|values| format!("it depends on {values}")));
        }
        Beyond::Unknown(format!("whether {request} is decided differently is open: {}", reasons.join("; ")))
    }
}
