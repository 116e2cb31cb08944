//! Whole questions: what is proved holds of random requests, and every refutation is confirmed.

use super::document::{context, model, parse, resource};
use super::generate::{ACCOUNT, BUCKET, MRAP, Parts, Way, cap, document, parts, perimeter};
use crate::access::{AccessModel, BucketAcl, Controls, Identity, Level, Policy};
use crate::decide::{First, ask_with, search};
use crate::question::{Demand, KeyTest, PrincipalForm, Question, Route, Scope, split_actions};
use crate::replay::replay_legs_with;
use crate::scene::{self, CallerPolicies, Statements};
use crate::solve::Glob;
use crate::{Verdict, ask};
use narrows_iam::{ConditionKey, DocumentKind, Principal, Request, Truth, scalar};
use narrows_model::resources::s3::{AclGrant, AclPermission, Grantee, ObjectOwnership, PublicAccessBlock};
use narrows_model::{Source, Text};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use std::cell::Cell;

pub(super) const ROLE: &str = "arn:aws:iam::123456789012:role/app";
const OTHER_ROLE: &str = "arn:aws:iam::123456789012:role/else";
pub(super) const ACTIONS: [&str; 4] =
    ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetObjectTagging"];

pub(super) fn policy(name: &str, text: &str, kind: DocumentKind) -> Policy {
    Policy::Document { name: name.to_owned(), document: parse(text, kind) }
}

/// Models with random policies of the bucket, the MRAP and one role, and the texts of the policies.
pub(super) fn models() -> impl Strategy<Value = (AccessModel, String)> {
    let any_document = || prop_oneof![2 => perimeter(), 1 => document(true)];
    let of_mrap = prop::option::of(any_document());
    let of_role = prop::option::of(document(false));
    let ownership = prop_oneof![3 => Just(None), 1 => Just(Some(ObjectOwnership::ObjectWriter)),
        1 => Just(Some(ObjectOwnership::BucketOwnerEnforced))];
    let ownership = (ownership, acl(), public_access());
    let account = prop_oneof![4 => Just(Some(ACCOUNT.to_owned())), 1 => Just(None)];
    let caps =
        (prop::option::weighted(0.4, cap()), prop::option::weighted(0.2, cap()), 0_u32..10, controls());
    let caps = (caps, super::key::key(), prop::bool::weighted(0.25));
    (any_document(), of_mrap, of_role, ownership, account, prop::bool::weighted(0.8), caps).prop_map(
        |(
            of_bucket,
            of_mrap,
            of_role,
            ownership,
            account,
            in_input,
            ((boundary, of_other, unknown, controls), key, unnamed),
        )| {
            let mut model = model();
            if unnamed {
                let name = model.symbols.opaque("var.bucket");
                model.buckets[0].name = name.to_string();
                model.buckets[0].arn = format!("arn:aws:s3:::{name}");
            }
            let own = model.buckets[0].arn.clone();
            let policy = |name: &str, text: &str, kind| {
                let value = narrows_model::json::parse(&Source::file("policy.json", text)).unwrap();
                let named = &mut |text: &Text| text.as_literal().unwrap().replace(BUCKET, &own).into();
                let document = narrows_iam::parse_with_remarks(&value, kind, named).unwrap().document;
                Policy::Document { name: name.to_owned(), document }
            };
            let mut text = format!("bucket: {of_bucket}\naccount: {account:?}\nownership: {ownership:?}");
            let (ownership, acl, public_access_block) = ownership;
            let bucket = &mut model.buckets[0];
            bucket.policy = policy("bucket.json", &of_bucket, DocumentKind::Resource);
            (bucket.ownership, bucket.acl, bucket.public_access_block) =
                (ownership, acl, public_access_block);
            bucket.account = account;
            model.mraps[0].in_input = in_input;
            if let Some(of_mrap) = of_mrap.filter(|_| in_input) {
                text += &format!("\nmrap: {of_mrap}");
                model.mraps[0].policy = policy("mrap.json", &of_mrap, DocumentKind::Resource);
            }
            if let Some(of_role) = of_role {
                text += &format!("\nrole: {of_role}");
                let policies = vec![policy("role.json", &of_role, DocumentKind::Identity)];
                model.identities.push(Identity { policies, ..Identity::new(ROLE) });
            }
            let mut bound = |role: &str, boundary: Policy, document: &str| {
                text += &format!("\nboundary of {role}: {document}");
                match model.identities.iter_mut().find(|identity| identity.arn == role) {
                    Some(identity) => identity.boundary = boundary,
                    None => model.identities.push(Identity { boundary, ..Identity::new(role) }),
                }
            };
            if let Some(boundary) = boundary {
                bound(ROLE, policy("boundary.json", &boundary, DocumentKind::Identity), &boundary);
            }
            if let Some(boundary) = of_other {
                bound(OTHER_ROLE, policy("other.json", &boundary, DocumentKind::Identity), &boundary);
            }
            if unknown == 0 {
                let (name, expression, location) =
                    ("later.json".to_owned(), "x".to_owned(), narrows_model::Location::none());
                bound(OTHER_ROLE, Policy::Unknown { name, expression, location }, "unknown");
            }
            if let Some(key) = key {
                text += &format!("\nkey: {key:?}");
                key.add(&mut model);
            }
            for (controls, spelled) in controls {
                text += &spelled;
                model.controls.push(controls);
            }
            (model, text)
        },
    )
}

/// The grants of the bucket's ACL, where the input has it.
fn acl() -> impl Strategy<Value = BucketAcl> {
    let grantee = select(vec![
        Grantee::Group(Grantee::ALL_USERS.to_owned()),
        Grantee::Group(Grantee::AUTHENTICATED_USERS.to_owned()),
        Grantee::Group(Grantee::LOG_DELIVERY.to_owned()),
        Grantee::CanonicalUser("0123456789abcdef".repeat(4)),
    ]);
    let permission = select(vec![
        AclPermission::FullControl,
        AclPermission::Read,
        AclPermission::Write,
        AclPermission::ReadAcp,
        AclPermission::WriteAcp,
    ]);
    let grant = (grantee, permission).prop_map(|(grantee, permission)| AclGrant { grantee, permission });
    prop_oneof![
        6 => Just(BucketAcl::Absent),
        4 => prop::collection::vec(grant, 0..3).prop_map(BucketAcl::Grants),
        1 => Just(BucketAcl::Unclear),
    ]
}

fn public_access() -> impl Strategy<Value = Option<PublicAccessBlock>> {
    let block = any::<bool>().prop_map(|ignore_public_acls| PublicAccessBlock {
        block_public_acls: false,
        block_public_policy: false,
        ignore_public_acls,
        restrict_public_buckets: false,
    });
    prop::option::weighted(0.4, block)
}

/// The control policies of the owner's account and of another.
fn controls() -> impl Strategy<Value = Vec<(Controls, String)>> {
    let levels = || prop::collection::vec(prop::collection::vec(cap(), 1..3), 0..3);
    let of_resources = || prop::option::of(denying(document(true)));
    let one = |account: &'static str| {
        (levels(), of_resources(), prop::bool::weighted(0.7)).prop_map(
            move |(levels, of_resources, member)| {
                let named = |text: &String| policy("control.json", text, DocumentKind::Identity);
                let spelled =
                    format!("\ncontrols of {account} (member: {member}): {levels:?} {of_resources:?}");
                let service =
                    levels.iter().map(|level| Level::of(level.iter().map(named).collect())).collect();
                let resource = of_resources
                    .iter()
                    .map(|text| policy("rcp.json", text, DocumentKind::Resource))
                    .collect();
                (Controls { member, service, resource, ..Controls::new(account) }, spelled)
            },
        )
    };
    let both = (prop::option::weighted(0.3, one(ACCOUNT)), prop::option::weighted(0.2, one("999999999999")));
    both.prop_map(|(own, other)| own.into_iter().chain(other).collect())
}

/// Documents that only deny.
fn denying(documents: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    documents.prop_map(|text| text.replace("\"Effect\": \"Allow\"", "\"Effect\": \"Deny\""))
}

fn questions() -> impl Strategy<Value = Question> {
    let demand = select(vec![
        Demand::Forbid,
        Demand::Forbid,
        Demand::Forbid,
        Demand::Permit { caller_may_do_anything: true },
        Demand::Permit { caller_may_do_anything: false },
        Demand::ForbidAsGiven,
    ]);
    let routes = subsequence(vec![Route::Direct, Route::Mrap(0), Route::OtherAccessPoint], 1..=3);
    let tls = ConditionKey::new("s3:TlsVersion");
    let scopes = vec![
        Scope::not(Scope::key_is("s3:DataAccessPointArn", [MRAP])),
        Scope::not(Scope::key_is("aws:SourceVpce", ["vpce-0a1b2c3d"])),
        Scope::key_is("aws:SecureTransport", ["false"]),
        Scope::key_is("aws:ViaAWSService", ["false"]),
        Scope::not(Scope::PrincipalArn(vec![ROLE.to_owned()])),
        Scope::PrincipalArn(vec![ROLE.to_owned()]),
        Scope::PrincipalAccount(vec![ACCOUNT.to_owned()]),
        Scope::not(Scope::Service(vec!["logging.s3.amazonaws.com".to_owned()])),
        Scope::Anonymous,
        Scope::not(Scope::AnyService),
        Scope::not(Scope::Anonymous),
        Scope::Below("home/".to_owned()),
        Scope::Key(tls.clone(), KeyTest::Below(1_200_000_000)),
        Scope::Key(tls, KeyTest::Present),
        Scope::Key(ConditionKey::new("aws:CurrentTime"), KeyTest::Before(1_798_761_601)),
        Scope::key_absent("aws:SourceVpce"),
        Scope::PrincipalForm(PrincipalForm::Role),
        Scope::not(Scope::PrincipalForm(PrincipalForm::User)),
        Scope::PrincipalLike(Glob::wildcards("*:role/a*")),
        Scope::Action(vec!["s3:GetObject".to_owned(), "s3:ListBucket".to_owned()]),
        Scope::not(Scope::Object),
        Scope::ObjectKey(Glob::wildcards("*.txt")),
        Scope::not(Scope::Key(
            ConditionKey::new("aws:SourceVpce"),
            KeyTest::Like(Glob::wildcards("vpce-0a*")),
        )),
        Scope::not(Scope::Key(
            ConditionKey::new("aws:SourceIp"),
            KeyTest::Addresses(vec![scalar::network("203.0.113.0/24").unwrap().0]),
        )),
    ];
    let scope = subsequence(scopes, 1..4).prop_map(Scope::All);
    (demand, routes, subsequence(ACTIONS.to_vec(), 1..=4), scope).prop_map(
        |(demand, routes, actions, scope)| {
            let (object_actions, bucket_actions) = split_actions(actions);
            Question { demand, bucket: 0, routes, object_actions, bucket_actions, later_action: None, scope }
        },
    )
}

/// Whether a request is in a scope.
fn within(scope: &Scope, parts: &Parts) -> bool {
    let object = narrows_iam::actions::is_object_action(parts.action);
    let request = Request {
        principal: parts.principal.clone(),
        action: parts.action.to_owned(),
        resource: resource(parts, false),
        context: context(parts, false),
    };
    scope.holds(&request, object.then_some(parts.key)) == Truth::Yes
}

/// Takes away what AWS would not send together.
fn possible(mut parts: Parts) -> Parts {
    let keys = &mut parts.keys;
    let is = |keys: &std::collections::BTreeMap<&str, String>, key, word| {
        keys.get(key).is_some_and(|own| own == word)
    };
    if is(keys, "aws:ViaAWSService", "true") {
        keys.remove("aws:SourceVpce");
    }
    if is(keys, "aws:ViaAWSService", "false") {
        parts.lists.remove("aws:CalledVia");
    }
    if keys.contains_key("aws:SourceVpce") {
        keys.remove("aws:SourceIp");
    } else {
        keys.remove("aws:VpcSourceIp");
    }
    if is(keys, "aws:SecureTransport", "false") {
        keys.remove("s3:TlsVersion");
    }
    if parts.principal == Principal::Anonymous {
        keys.remove("aws:PrincipalTag/t");
        keys.remove("aws:MultiFactorAuthPresent");
        if parts.way == Way::Mrap {
            parts.way = Way::Direct;
        }
    }
    parts
}

/// The evaluator's decision; `lists` says whether access control lists count.
pub(super) fn decision(model: &AccessModel, question: &Question, parts: &Parts, lists: bool) -> Truth {
    let request = |own_leg| {
        let mut context = context(parts, own_leg);
        if model.buckets[0].account.is_none() {
            context.set("aws:ResourceAccount", narrows_iam::Entry::Open);
            context.set("s3:ResourceAccount", narrows_iam::Entry::Open);
        }
        Request {
            principal: parts.principal.clone(),
            action: parts.action.to_owned(),
            // The bucket may have a name that is not known.
            resource: resource(parts, own_leg).replace(BUCKET, &model.buckets[0].arn),
            context,
        }
    };
    let (route, requests) = match parts.way {
        Way::Direct => (Route::Direct, vec![request(false)]),
        Way::Mrap => (Route::Mrap(0), vec![request(true), request(false)]),
        Way::Other { .. } => (Route::OtherAccessPoint, vec![request(false)]),
    };
    let caller = match question.demand {
        Demand::ForbidAsGiven | Demand::Permit { caller_may_do_anything: false } => CallerPolicies::InInput,
        _ => CallerPolicies::AllowEverything,
    };
    replay_legs_with(model, question, route, &requests, (caller, lists)).0
}

/// Whether a question is asked of a request.
fn asked(question: &Question, parts: &Parts) -> bool {
    let route = match parts.way {
        Way::Direct => Route::Direct,
        Way::Mrap => Route::Mrap(0),
        Way::Other { .. } => Route::OtherAccessPoint,
    };
    question.routes.contains(&route)
        && question
            .object_actions
            .iter()
            .chain(&*question.bucket_actions)
            .any(|action| action == parts.action)
        && within(&question.scope, parts)
}

#[test]
fn what_is_proved_holds_and_what_is_refuted_is_confirmed() {
    let config = Config { cases: 400, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let counts = [const { Cell::new(0_usize) }; 4];
    let count = |index: usize| counts[index].set(counts[index].get() + 1);
    let outcome = runner.run(&(models(), questions(), any::<u64>()), |((model, text), question, seed)| {
        match ask(&model, &question).verdict {
            Verdict::Refuted(_) | Verdict::Vacuous(_) => count(1),
            Verdict::Unknown(reason) => {
                count(2);
                prop_assert!(!reason.contains("does not confirm"), "{reason}\n{question:?}\n{text}");
                prop_assert!(!reason.contains("too large"), "{reason}\n{question:?}\n{text}");
            }
            Verdict::Proved => {
                count(0);
                let wanted = match question.demand {
                    Demand::Forbid | Demand::ForbidAsGiven => Truth::No,
                    Demand::Permit { .. } => Truth::Yes,
                };
                // The account has one role of a name.
                let named = |parts: &Parts| {
                    let twin = parts.principal.arn().is_some_and(|arn| arn.ends_with("role/path/app"));
                    twin && model.identities.iter().any(|identity| identity.arn == ROLE)
                };
                let all = requests(seed, 600).filter(|parts| !named(parts));
                for parts in all.filter(|parts| asked(&question, parts)) {
                    count(3);
                    let own = decision(&model, &question, &parts, question.demand.forbids());
                    if own != wanted {
                        return Err(TestCaseError::fail(format!(
                            "proved, yet {own:?} by the evaluator\n{question:?}\n{text}\n{parts:?}"
                        )));
                    }
                }
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let [proved, refuted, unknown, tried] = counts.map(Cell::into_inner);
    println!(
        "{proved} proved, {refuted} refuted, {unknown} unknown; {tried} requests tried on what is proved in {BUCKET}"
    );
    assert!(proved > 20 && refuted > 200 && tried > 1000, "{proved} {refuted} {unknown} {tried}");
}

/// What is asked of fewer statements has the same answer as what is asked of all.
#[test]
fn statements_are_left_out_where_they_have_no_say() {
    let config = Config { cases: 400, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let counts = [const { Cell::new(0_usize) }; 3];
    let count = |index: usize| counts[index].set(counts[index].get() + 1);
    let outcome =
        runner.run(&(models(), questions(), any::<bool>()), |((model, text), mut question, later)| {
            question.later_action = later.then(|| "s3:GetObjectNotYetKnown".to_owned());
            prop_assert_eq!(
                ask(&model, &question),
                ask_with(&model, &question, &[]),
                "{:?}\n{}",
                question,
                text
            );
            let caller = match question.demand {
                Demand::ForbidAsGiven | Demand::Permit { caller_may_do_anything: false } => {
                    CallerPolicies::InInput
                }
                _ => CallerPolicies::AllowEverything,
            };
            for (route, object) in question.routes.iter().flat_map(|route| [(*route, true), (*route, false)])
            {
                let found = |statements| {
                    let mut scene = scene::build(&model, &question, route, object, caller, statements)?;
                    let whole = scene.is_whole();
                    Some((search(&model, &question, &mut scene), whole))
                };
                let Some((all, _)) = found(Statements::All) else { continue };
                for statements in [Statements::Denies, Statements::Relevant] {
                    let (fewer, whole) = found(statements).unwrap();
                    if whole {
                        continue;
                    }
                    let says = |first: &First| match first {
                        First::Proved { asked, later_open } => (true, *asked, *later_open),
                        First::Broken { later_open, .. } => (false, true, *later_open),
                        First::TooLarge { reason, .. } => panic!("{reason}"),
                    };
                    let (all, fewer) = (says(&all), says(&fewer));
                    // Without the Allows more may break the demand, and never less.
                    if statements == Statements::Relevant || fewer.0 && !fewer.2 {
                        count(if statements == Statements::Relevant { 2 } else { 0 });
                        prop_assert_eq!(fewer, all, "{:?} {} {:?}\n{}", route, object, question, text);
                    }
                    if statements == Statements::Relevant && all.0 {
                        count(1);
                    }
                }
            }
            Ok(())
        });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let [denies, proved, relevant] = counts.map(Cell::into_inner);
    println!(
        "{denies} scenes proved by Denies alone; others left out of {relevant} scenes, of which {proved} are proved"
    );
    assert!(denies > 40 && relevant > 60 && proved > 20, "{denies} {relevant} {proved}");
}

pub(super) fn requests(seed: u64, count: usize) -> impl Iterator<Item = Parts> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let parts = parts();
    std::iter::from_fn(move || Some(possible(parts.new_tree(&mut runner).unwrap().current()))).take(count)
}
