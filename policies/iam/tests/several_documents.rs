//! What AWS documents about several documents, sentence by sentence.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use narrows_iam::Truth::{self, Maybe, No, Yes};
use narrows_iam::{
    Acl, Acls, Authorization, Context, DecidedBy, Decision, Document, DocumentKind, Endpoint, Identity,
    Named, Principal, Request, authorize, authorize_through_mrap, parse_text,
};
use narrows_model::resources::s3::{AclGrant, AclPermission, Grantee};
use narrows_model::{Source, Symbols};

const OWN: &str = "111111111111";
const FOREIGN: &str = "222222222222";

fn role() -> Principal {
    Principal::Role { arn: format!("arn:aws:iam::{OWN}:role/app"), session: "one".to_owned() }
}

fn user() -> Principal {
    Principal::User { arn: format!("arn:aws:iam::{OWN}:user/bob") }
}

fn root() -> Principal {
    Principal::Root { partition: "aws".to_owned(), account: OWN.parse().unwrap() }
}

fn federated() -> Principal {
    Principal::FederatedUser { arn: format!("arn:aws:sts::{OWN}:federated-user/fred") }
}

fn service() -> Principal {
    Principal::Service("logging.s3.amazonaws.com".to_owned())
}

fn request(principal: Principal) -> Request {
    let (action, resource) = ("s3:GetObject".to_owned(), "arn:aws:s3:::bucket/key".to_owned());
    Request { principal, action, resource, context: Context::default() }
}

/// A resource policy of one statement for this principal, as JSON.
fn policy(effect: &str, principal: &str) -> Document {
    let text = format!(
        r#"{{"Statement": {{"Effect": "{effect}", "Principal": {principal}, "Action": "s3:*", "Resource": "*"}}}}"#
    );
    parse_text(&Source::file("resource.json", text), DocumentKind::Resource).unwrap().document
}

/// An identity policy of one statement.
fn own(effect: &str, action: &str) -> Document {
    let text = format!(
        r#"{{"Statement": {{"Sid": "Own", "Effect": "{effect}", "Action": "{action}", "Resource": "*"}}}}"#
    );
    parse_text(&Source::file("own.json", text), DocumentKind::Identity).unwrap().document
}

fn named<'a>(name: &'a str, document: &'a Document) -> Named<'a> {
    Named { name, document }
}

/// The decision on a resource of an account, with these changes to what is given otherwise: nothing.
fn decide(
    caller: Principal,
    account: &str,
    change: impl for<'a> FnOnce(&mut Authorization<'a>, &'a Fixture),
) -> Decision {
    let (request, symbols, fixture) = (request(caller), Symbols::default(), Fixture::new());
    let mut authorization = Authorization::new(&request, &symbols, account);
    change(&mut authorization, &fixture);
    authorize(&authorization)
}

/// Documents to put into an authorization.
struct Fixture {
    everyone: Document,
    session: Document,
    bob: Document,
    app: Document,
    account: Document,
    service: Document,
    deny: Document,
    deny_everyone: Document,
    gateway: Document,
    allow: Document,
    nothing: Document,
}

impl Fixture {
    fn new() -> Self {
        let aws = |text: &str| policy("Allow", &format!(r#"{{"AWS": "{text}"}}"#));
        Self {
            everyone: policy("Allow", r#""*""#),
            session: aws(&format!("arn:aws:sts::{OWN}:assumed-role/app/one")),
            bob: aws(&format!("arn:aws:iam::{OWN}:user/bob")),
            app: aws(&format!("arn:aws:iam::{OWN}:role/app")),
            account: aws(OWN),
            service: policy("Allow", r#"{"Service": "logging.s3.amazonaws.com"}"#),
            deny: own("Deny", "s3:Get*"),
            deny_everyone: policy("Deny", r#""*""#),
            gateway: aws(OWN),
            allow: own("Allow", "s3:Get*"),
            nothing: own("Allow", "sqs:*"),
        }
    }
}

/// Whether a resource policy, alone and with the caller's identity policies allowing, is enough.
fn by_policy(
    caller: Principal,
    account: &str,
    pick: for<'a> fn(&'a Fixture) -> &'a Document,
) -> (Truth, Truth) {
    let alone =
        decide(caller.clone(), account, |a, f| a.resource_policy = Some(named("bucket policy", pick(f))));
    let both = decide(caller, account, |a, f| {
        a.resource_policy = Some(named("bucket policy", pick(f)));
        a.identity = Identity::AssumedAllowAll;
    });
    (alone.allowed, both.allowed)
}

#[test]
fn within_one_account_the_resource_or_the_identity_policy_allows() {
    assert_eq!(by_policy(role(), OWN, |f| &f.everyone), (Yes, Yes));
    assert_eq!(by_policy(role(), OWN, |f| &f.session), (Yes, Yes));
    assert_eq!(by_policy(user(), OWN, |f| &f.bob), (Yes, Yes));
    assert_eq!(by_policy(role(), OWN, |f| &f.app), (Yes, Yes));
    assert_eq!(by_policy(role(), OWN, |f| &f.account), (No, Yes), "an account only delegates");
    assert_eq!(by_policy(role(), OWN, |f| &f.service), (No, Yes), "the identity policy alone is enough");
    assert_eq!(by_policy(federated(), OWN, |f| &f.bob), (Maybe, Yes), "perhaps a session of that user");
    assert_eq!(by_policy(root(), OWN, |f| &f.service), (Yes, Yes), "the root user needs no policy");
}

#[test]
fn across_accounts_both_sides_must_allow() {
    assert_eq!(by_policy(role(), FOREIGN, |f| &f.everyone), (No, Yes));
    assert_eq!(by_policy(role(), FOREIGN, |f| &f.app), (No, Yes));
    assert_eq!(by_policy(role(), FOREIGN, |f| &f.account), (No, Yes));
    assert_eq!(by_policy(role(), FOREIGN, |f| &f.service), (No, No));
    let only_identity = decide(role(), FOREIGN, |a, _| a.identity = Identity::AssumedAllowAll);
    assert_eq!(only_identity.allowed, No);
}

#[test]
fn foreign_root_users_services_and_anonymous_callers_need_the_resource_policy_alone() {
    assert_eq!(by_policy(root(), FOREIGN, |f| &f.account), (Yes, Yes));
    assert_eq!(by_policy(root(), FOREIGN, |f| &f.service), (No, No));
    assert_eq!(by_policy(service(), OWN, |f| &f.service), (Yes, Yes));
    assert_eq!(
        by_policy(service(), OWN, |f| &f.account),
        (No, No),
        "assumed identity policies are no service's"
    );
    assert_eq!(by_policy(Principal::Anonymous, OWN, |f| &f.everyone), (Yes, Yes));
    assert_eq!(by_policy(Principal::Anonymous, OWN, |f| &f.account), (No, No));
}

#[test]
fn an_account_that_is_not_known_leaves_both_open() {
    let symbols = Symbols::default();
    let account = '\u{F0000}'.to_string();
    let request = request(role());
    let mut authorization = Authorization::new(&request, &symbols, &account);
    authorization.identity = Identity::AssumedAllowAll;
    let decision = authorize(&authorization);
    assert_eq!((decision.same_account, decision.allowed), (Maybe, Maybe));
}

#[test]
fn an_explicit_deny_anywhere_wins() {
    let allowed = |change: for<'a> fn(&mut Authorization<'a>, &'a Fixture)| {
        let decision = decide(role(), OWN, |a, f| {
            a.resource_policy = Some(named("bucket policy", &f.everyone));
            a.identity = Identity::AssumedAllowAll;
            change(a, f);
        });
        assert_eq!(decision.denied, !decision.allowed);
        decision.denied_by.map(|by| by.to_string())
    };
    assert_eq!(allowed(|_, _| {}), None);
    let denied = |name: &str| Some(format!("Own of {name}"));
    fn one<'a>(name: &'a str, document: &'a Document) -> &'a [Named<'a>] {
        Box::leak(Box::new([Named { name, document }]))
    }
    // Leaked on purpose: slices of the fixture must live as long as it does.
    fn leak(document: &Document) -> &'static Document {
        Box::leak(Box::new(document.clone()))
    }
    assert_eq!(
        allowed(|a, f| a.identity = Identity::Documents(one("identity", leak(&f.deny)))),
        denied("identity")
    );
    assert_eq!(
        allowed(|a, f| a.identity = Identity::DocumentsAndAllowAll(one("identity", leak(&f.deny)))),
        denied("identity")
    );
    assert_eq!(allowed(|a, f| a.boundary = Some(named("boundary", &f.deny))), denied("boundary"));
    assert_eq!(allowed(|a, f| a.session = one("session", leak(&f.deny))), denied("session"));
    assert_eq!(
        allowed(|a, f| a.resource_policy = Some(named("bucket policy", &f.deny_everyone))),
        Some("statement 1 of bucket policy".to_owned())
    );
    assert_eq!(
        allowed(|a, f| a.resource_control = one("rcp", leak(&f.deny_everyone))),
        Some("statement 1 of rcp".to_owned())
    );
}

#[test]
fn boundary_and_session_policies_cap_all_but_grants_by_name() {
    let capped = |pick: for<'a> fn(&'a Fixture) -> &'a Document, caller: Principal, account: &str| {
        let boundary = decide(caller.clone(), account, |a, f| {
            a.resource_policy = Some(named("bucket policy", pick(f)));
            a.identity = Identity::AssumedAllowAll;
            a.boundary = Some(named("boundary", &f.nothing));
        });
        let enough = decide(caller, account, |a, f| {
            a.resource_policy = Some(named("bucket policy", pick(f)));
            a.identity = Identity::AssumedAllowAll;
            a.boundary = Some(named("boundary", &f.allow));
        });
        (boundary.allowed, enough.allowed)
    };
    assert_eq!(capped(|f| &f.everyone, role(), OWN), (Maybe, Yes), "a permit may not rely on it");
    assert_eq!(capped(|f| &f.session, role(), OWN), (Maybe, Yes));
    assert_eq!(capped(|f| &f.bob, user(), OWN), (Maybe, Yes));
    assert_eq!(capped(|f| &f.app, role(), OWN), (No, Yes));
    assert_eq!(capped(|f| &f.account, role(), OWN), (No, Yes));
    assert_eq!(capped(|f| &f.everyone, role(), FOREIGN), (No, Yes));
    assert_eq!(capped(|f| &f.account, root(), OWN), (Yes, Yes), "the root user has no boundary");
}

#[test]
fn one_of_the_session_policies_must_allow() {
    let (allow, nothing) = (own("Allow", "s3:*"), own("Allow", "sqs:*"));
    let lists: [&[Named<'_>]; 3] =
        [&[named("a", &nothing), named("b", &allow)], &[named("a", &nothing)], &[]];
    let (request, symbols) = (request(role()), Symbols::default());
    let allowed = lists.map(|session| {
        let mut authorization = Authorization::new(&request, &symbols, OWN);
        authorization.identity = Identity::AssumedAllowAll;
        authorization.session = session;
        authorize(&authorization).allowed
    });
    assert_eq!(allowed, [Yes, No, Yes]);
}

#[test]
fn at_each_level_some_service_control_policy_must_allow() {
    let (allow, nothing, deny) = (own("Allow", "*"), own("Allow", "sqs:*"), own("Deny", "s3:GetObject"));
    let (allow, nothing, deny) = (named("full", &allow), named("other", &nothing), named("deny", &deny));
    let bucket = policy("Allow", r#""*""#);
    let symbols = Symbols::default();
    let allowed = |caller: Principal, levels: &[&[Named<'_>]]| {
        let request = request(caller);
        let mut authorization = Authorization::new(&request, &symbols, OWN);
        authorization.resource_policy = Some(named("bucket policy", &bucket));
        authorization.service_control = levels;
        authorize(&authorization).allowed
    };
    assert_eq!(allowed(role(), &[&[allow], &[allow]]), Yes);
    assert_eq!(allowed(role(), &[&[allow], &[nothing]]), No);
    assert_eq!(allowed(role(), &[&[allow], &[nothing, allow]]), Yes);
    assert_eq!(allowed(role(), &[&[allow, deny], &[allow]]), No);
    assert_eq!(allowed(root(), &[&[nothing]]), No, "the root user is bound");
    let linked = Principal::Role {
        arn: format!("arn:aws:iam::{OWN}:role/aws-service-role/x.amazonaws.com/Linked"),
        session: "s".to_owned(),
    };
    assert_eq!(allowed(linked, &[&[deny]]), Yes, "service-linked roles are not");
    assert_eq!(allowed(service(), &[&[deny]]), Yes);
    assert_eq!(allowed(Principal::Anonymous, &[&[nothing]]), Yes);
}

#[test]
fn resource_control_policies_bind_any_caller_and_perhaps_services() {
    let (deny, everyone) = (policy("Deny", r#""*""#), policy("Allow", r#""*""#));
    let list = [named("rcp", &deny)];
    let symbols = Symbols::default();
    let allowed = [role(), Principal::Anonymous, service()].map(|caller| {
        let request = request(caller);
        let mut authorization = Authorization::new(&request, &symbols, FOREIGN);
        authorization.resource_policy = Some(named("bucket policy", &everyone));
        authorization.identity = Identity::AssumedAllowAll;
        authorization.resource_control = &list;
        authorize(&authorization).allowed
    });
    assert_eq!(allowed, [No, No, Maybe]);
}

#[test]
fn an_endpoints_policy_must_allow_what_comes_through_it() {
    let through = |gateway: bool, pick: Option<for<'a> fn(&'a Fixture) -> &'a Document>| {
        decide(role(), OWN, |a, f| {
            a.identity = Identity::AssumedAllowAll;
            a.endpoint =
                Some(Endpoint { policy: pick.map(|pick| named("endpoint policy", pick(f))), gateway });
        })
        .allowed
    };
    assert_eq!(through(false, None), Yes, "without a policy it lets everything through");
    assert_eq!(through(false, Some(|f| &f.everyone)), Yes);
    assert_eq!(through(false, Some(|f| &f.gateway)), Yes);
    assert_eq!(through(true, Some(|f| &f.gateway)), Maybe, "an account may be its root user");
    assert_eq!(through(false, Some(|f| &f.bob)), No);
}

#[test]
fn acls_are_a_third_source_of_allow_and_take_every_certainty() {
    let with_acls = |caller: Principal, pick: for<'a> fn(&'a Fixture) -> &'a Document| {
        decide(caller, OWN, |a, f| {
            a.resource_policy = Some(named("bucket policy", pick(f)));
            a.acls = Acls::On(Acl { grants: None, public: Yes });
        })
        .allowed
    };
    assert_eq!(with_acls(Principal::Anonymous, |f| &f.everyone), Maybe);
    assert_eq!(with_acls(Principal::Anonymous, |f| &f.app), Maybe);
    assert_eq!(with_acls(role(), |f| &f.everyone), Maybe);
    assert_eq!(with_acls(role(), |f| &f.deny_everyone), No);
}

#[test]
fn a_grant_of_an_acl_allows_what_its_permission_is_for() {
    use AclPermission::{FullControl, Read, ReadAcp, Write, WriteAcp};
    let group = |uri: &str| Grantee::Group(uri.to_owned());
    let everyone = group(Grantee::ALL_USERS);
    let authenticated = group(Grantee::AUTHENTICATED_USERS);
    let delivery = group(Grantee::LOG_DELIVERY);
    let account = Grantee::CanonicalUser("0123456789abcdef".repeat(4));
    let nobody = Grantee::CanonicalUser("65a011a29cdf8ec533ec3d1ccaae921c".to_owned());
    let object = "arn:aws:s3:::bucket/key";
    let bucket = "arn:aws:s3:::bucket";
    for (grantee, permission, public, caller, action, expected) in [
        (&everyone, Read, Yes, Principal::Anonymous, "s3:ListBucket", Yes),
        (&everyone, Read, Yes, Principal::Anonymous, "s3:listbucketversions", Yes),
        (&everyone, Read, Yes, Principal::Anonymous, "s3:GetBucketAcl", No),
        (&everyone, Read, Yes, Principal::Anonymous, "s3:GetBucketPolicy", No),
        (&everyone, Read, Maybe, Principal::Anonymous, "s3:ListBucket", Maybe),
        (&everyone, Read, No, Principal::Anonymous, "s3:ListBucket", No),
        (&everyone, Read, Yes, role(), "s3:ListBucket", Yes),
        (&everyone, Read, Yes, service(), "s3:ListBucket", Maybe),
        (&everyone, FullControl, Yes, Principal::Anonymous, "s3:PutBucketAcl", Yes),
        (&everyone, WriteAcp, Yes, Principal::Anonymous, "s3:PutBucketAcl", Yes),
        (&everyone, ReadAcp, Yes, Principal::Anonymous, "s3:GetBucketAcl", Yes),
        (&everyone, Write, Yes, Principal::Anonymous, "s3:PutObject", Yes),
        (&everyone, Read, Yes, Principal::Anonymous, "s3:PutObject", No),
        // Objects have lists of their own.
        (&everyone, Read, Yes, Principal::Anonymous, "s3:GetObject", Maybe),
        (&everyone, Read, No, Principal::Anonymous, "s3:GetObject", Maybe),
        (&everyone, Read, No, role(), "s3:GetObject", Maybe),
        (&authenticated, Read, Yes, Principal::Anonymous, "s3:ListBucket", No),
        (&authenticated, Read, Yes, role(), "s3:ListBucket", Yes),
        (&delivery, Write, No, service(), "s3:PutObject", Maybe),
        (&delivery, Write, Yes, role(), "s3:PutObject", No),
        // Nothing tells whose an id is, and in its own account it leaves it to identity policies.
        (&account, Read, Yes, Principal::Anonymous, "s3:ListBucket", No),
        (&account, Read, Yes, role(), "s3:ListBucket", No),
        (&nobody, Read, Yes, Principal::Anonymous, "s3:ListBucket", Maybe),
    ] {
        let resource = if action == "s3:PutObject" || action == "s3:GetObject" { object } else { bucket };
        let grants = [AclGrant { grantee: grantee.clone(), permission }];
        let asked = Request {
            principal: caller,
            action: action.to_owned(),
            resource: resource.to_owned(),
            context: Context::default(),
        };
        let symbols = Symbols::default();
        let decided = |own_object: bool| {
            let mut authorization = Authorization::new(&asked, &symbols, OWN);
            let acl = Acl { grants: Some(&grants), public };
            authorization.acls = if own_object { Acls::OwnObject(acl) } else { Acls::On(acl) };
            authorize(&authorization).allowed
        };
        // Another account may own the object.
        let open = action == "s3:PutObject" && expected == Yes;
        let what = format!("{grantee:?} {permission:?} {asked:?}");
        assert_eq!(decided(false), if open { Maybe } else { expected }, "{what}");
        assert_eq!(decided(true), if expected == Yes { Yes } else { No }, "{what}");
    }
    // In another account an id may be the caller's, whose own policies must allow it too.
    let grants = [AclGrant { grantee: account, permission: Read }];
    let symbols = Symbols::default();
    let asked = Request {
        principal: role(),
        action: "s3:ListBucket".to_owned(),
        resource: bucket.to_owned(),
        context: Context::default(),
    };
    for (identity, expected) in [(Identity::AssumedAllowAll, Maybe), (Identity::AssumedNone, No)] {
        let mut authorization = Authorization::new(&asked, &symbols, "999999999999");
        authorization.acls = Acls::On(Acl { grants: Some(&grants), public: Yes });
        authorization.identity = identity;
        assert_eq!(authorize(&authorization).allowed, expected);
    }
}

#[test]
fn the_decision_names_what_decided() {
    let by = |decision: Decision| decision.allowed_by.to_string();
    let assumed = decide(role(), OWN, |a, _| a.identity = Identity::AssumedAllowAll);
    assert_eq!(by(assumed), "identity policies that are not in the input allow everything");
    assert_eq!(by(decide(root(), OWN, |_, _| {})), "the root user needs no identity policy");
    assert_eq!(by(decide(role(), OWN, |_, _| {})), "nothing allows it");
    let found = decide(role(), OWN, |a, f| a.resource_policy = Some(named("bucket policy", &f.app)));
    let DecidedBy::Statement { document, index, location, .. } = found.allowed_by else {
        panic!("a statement")
    };
    assert_eq!(
        (document.as_str(), index, location.to_string().as_str()),
        ("bucket policy", 0, "resource.json:1 (Statement)")
    );
    assert_eq!(found.trace[0].resource, "arn:aws:s3:::bucket/key");
}

/// The access point's and the bucket's policy, and the bucket's account, to whether a role with these identity policies
/// gets through.
fn through(
    mrap: &Document,
    bucket: &Document,
    account: &str,
    identity: Identity<'_>,
    caller: Principal,
) -> Decision {
    let symbols = Symbols::default();
    let mut request = request(caller);
    request.resource = format!("arn:aws:s3::{OWN}:accesspoint/m.mrap/object/key");
    let leg = |request: &Request, name: &str, policy: &Document, account: &str| {
        let mut authorization = Authorization::new(request, &symbols, account);
        authorization.resource_policy = Some(named(name, policy));
        authorization.identity = identity;
        authorize(&authorization)
    };
    let first = leg(&request, "access point policy", mrap, OWN);
    request.resource = "arn:aws:s3:::bucket/key".to_owned();
    authorize_through_mrap(first, leg(&request, "bucket policy", bucket, account))
}

#[test]
fn through_a_multi_region_access_point_both_legs_count() {
    let fixture = Fixture::new();
    let Fixture { everyone, app, service: other, deny_everyone, .. } = &fixture;
    let all = Identity::AssumedAllowAll;
    let none = Identity::AssumedNone;
    let allowed = |mrap, bucket, account, identity| through(mrap, bucket, account, identity, role()).allowed;
    assert_eq!(allowed(app, app, OWN, none), Yes, "granted by name on both legs");
    assert_eq!(allowed(app, other, OWN, all), Yes, "identity policies allow both legs");
    assert_eq!(allowed(app, other, OWN, none), Maybe, "within one account leg 2 may need no further Allow");
    assert_eq!(allowed(other, app, OWN, none), No, "leg 1 must be allowed");
    assert_eq!(allowed(app, deny_everyone, OWN, all), No, "a Deny on either denies");
    assert_eq!(allowed(deny_everyone, app, OWN, all), No);
    assert_eq!(allowed(app, app, FOREIGN, all), Yes);
    assert_eq!(
        allowed(app, app, FOREIGN, none),
        Maybe,
        "whether leg 2 needs an identity Allow across accounts is open"
    );
    assert_eq!(allowed(app, other, FOREIGN, all), No, "a foreign bucket's policy must allow");
    assert_eq!(
        through(everyone, everyone, OWN, all, Principal::Anonymous).allowed,
        No,
        "anonymous callers cannot"
    );

    let denied = through(app, deny_everyone, OWN, all, role());
    assert_eq!(denied.denied_by.map(|by| by.to_string()).as_deref(), Some("statement 1 of bucket policy"));
    let open = through(app, other, OWN, none, role());
    assert_eq!(
        open.allowed_by.to_string(),
        "within one account the access point's side may be enough for its bucket"
    );
    let resources: Vec<&str> = open.trace.iter().map(|document| document.resource.as_str()).collect();
    assert_eq!(
        resources,
        ["arn:aws:s3::111111111111:accesspoint/m.mrap/object/key", "arn:aws:s3:::bucket/key"]
    );
}
