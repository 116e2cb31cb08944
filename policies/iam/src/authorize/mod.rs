//! What several documents together decide about a request on one resource, and through a Multi-Region Access Point.

mod acl;
mod decision;
mod mrap;

pub use acl::{Acl, bucket_permission, gives, is_anonymous_user};
pub use decision::{DecidedBy, Decision, DocumentTrace};
pub use mrap::authorize_through_mrap;

use crate::evaluate::of_account;
use crate::{Decided, Document, Evaluation, EvaluationContext, Principal, Request, Truth, evaluate};
use narrows_model::Symbols;

/// A document, and what messages call it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// What messages call it, such as `bucket policy of data-eu-west-1`.
    pub name: &'a str,
    /// The document.
    pub document: &'a Document,
}

/// The caller's identity policies. The root user, services and anonymous callers have none, whatever is given here.
#[derive(Clone, Copy, Debug)]
pub enum Identity<'a> {
    /// These and no others.
    Documents(&'a [Named<'a>]),
    /// These, and others that are not in the input, which are assumed to allow everything.
    DocumentsAndAllowAll(&'a [Named<'a>]),
    /// Not in the input; assumed to allow everything.
    AssumedAllowAll,
    /// Not in the input; assumed to be empty.
    AssumedNone,
}

/// The VPC endpoint that a request comes through.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint<'a> {
    /// Its policy; without one, it lets everything through.
    pub policy: Option<Named<'a>>,
    /// Whether it is a gateway endpoint.
    pub gateway: bool,
}

/// Whether ACLs are in force on a bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Acls<'a> {
    /// `BucketOwnerEnforced`, S3's default.
    #[default]
    Off,
    /// Another setting: an ACL may allow anyone, and an object may belong to another account, where the bucket's policy
    /// allows nothing.
    On(Acl<'a>),
    /// As `On`, of a bucket's owner's object that no list speaks of: only what the bucket's own list allows for certain.
    OwnObject(Acl<'a>),
}

/// One request on one resource, and every document that has a say.
#[derive(Clone, Copy, Debug)]
pub struct Authorization<'a> {
    /// The request.
    pub request: &'a Request,
    /// What the symbols in the request and the documents stand for.
    pub symbols: &'a Symbols,
    /// The account that owns the resource: twelve digits, or text with symbols.
    pub resource_account: &'a str,
    /// The resource's own policy.
    pub resource_policy: Option<Named<'a>>,
    /// The caller's identity policies.
    pub identity: Identity<'a>,
    /// The caller's permission boundary.
    pub boundary: Option<Named<'a>>,
    /// The session policies of the caller's session: one of them must allow; none means that there is no limit.
    pub session: &'a [Named<'a>],
    /// The service control policies of the caller's account, root first, one list for each level.
    pub service_control: &'a [&'a [Named<'a>]],
    /// The resource control policies of the resource's account, which only deny.
    pub resource_control: &'a [Named<'a>],
    /// The VPC endpoint, if the request comes through one.
    pub endpoint: Option<Endpoint<'a>>,
    /// Whether ACLs are in force.
    pub acls: Acls<'a>,
    /// Whether identity policies count within the account only where the resource's policy leaves it to them, by the
    /// account's entry, as with KMS keys.
    pub must_delegate: bool,
}

impl<'a> Authorization<'a> {
    /// A request on a resource that no document speaks about: no policies, no endpoint, no ACLs.
    pub fn new(request: &'a Request, symbols: &'a Symbols, resource_account: &'a str) -> Self {
        Self {
            request,
            symbols,
            resource_account,
            resource_policy: None,
            identity: Identity::AssumedNone,
            boundary: None,
            session: &[],
            service_control: &[],
            resource_control: &[],
            endpoint: None,
            acls: Acls::Off,
            must_delegate: false,
        }
    }
}

/// Decides a request on one resource.
///
/// An explicit Deny anywhere wins. Without one, within one account the resource policy or the identity policies allow;
/// across accounts both must. Boundary, session and service control policies and the endpoint's policy must allow too,
/// where they are given.
pub fn authorize(authorization: &Authorization<'_>) -> Decision {
    Ledger::new(authorization).decide()
}

/// What kind of caller asks, as far as combining documents goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// A user, or a session of a role or a federated user.
    Identity,
    Root,
    /// An AWS service or nobody known: the resource's side alone decides.
    Outsider,
}

/// Whether something is allowed, and by what.
#[derive(Clone)]
struct Way {
    truth: Truth,
    by: DecidedBy,
}

struct Ledger<'a> {
    authorization: &'a Authorization<'a>,
    caller: Caller,
    service_linked: bool,
    denied: Truth,
    denied_by: Option<DecidedBy>,
    capped_by: Option<String>,
    trace: Vec<DocumentTrace>,
}

impl<'a> Ledger<'a> {
    fn new(authorization: &'a Authorization<'a>) -> Self {
        let principal = &authorization.request.principal;
        let caller = match principal {
            Principal::Anonymous | Principal::Service(_) => Caller::Outsider,
            Principal::Root { .. } => Caller::Root,
            _ => Caller::Identity,
        };
        let service_linked = match principal {
            Principal::Role { arn, .. } => arn.contains(":role/aws-service-role/"),
            _ => false,
        };
        Self {
            authorization,
            caller,
            service_linked,
            denied: Truth::No,
            denied_by: None,
            capped_by: None,
            trace: Vec::new(),
        }
    }

    /// Evaluates a document and notes what it denies, at most as much as `most`.
    fn consult(&mut self, named: Named<'a>, gateway_endpoint: bool, most: Truth) -> Evaluation {
        let Authorization { request, symbols, boundary, .. } = self.authorization;
        let boundary = boundary.is_some() && self.caller == Caller::Identity;
        let context = EvaluationContext { symbols, gateway_endpoint, boundary };
        let evaluation = evaluate(named.document, request, &context);
        let denied = evaluation.denied.truth.and(most);
        if denied > self.denied {
            self.denied = denied;
            self.denied_by = Some(decided_by(named, evaluation.denied));
        }
        let (document, resource) = (named.name.to_owned(), request.resource.clone());
        self.trace.push(DocumentTrace { document, resource, evaluation: evaluation.clone() });
        evaluation
    }

    /// Notes that a cap does not allow the request.
    fn cap(&mut self, allowed: Truth, words: impl FnOnce() -> String) -> Truth {
        if !allowed.hi() && self.capped_by.is_none() {
            self.capped_by = Some(words());
        }
        allowed
    }

    /// Whether one of the documents allows.
    fn any(&mut self, documents: &'a [Named<'a>]) -> Way {
        let mut way = Way { truth: Truth::No, by: DecidedBy::Implicit };
        for named in documents {
            let evaluation = self.consult(*named, false, Truth::Yes);
            if evaluation.allowed.truth > way.truth {
                way = Way { truth: evaluation.allowed.truth, by: decided_by(*named, evaluation.allowed) };
            }
        }
        way
    }

    fn identity(&mut self) -> Way {
        let nothing = Way { truth: Truth::No, by: DecidedBy::Implicit };
        if self.caller != Caller::Identity {
            return nothing;
        }
        let assumed = || {
            let text = "identity policies that are not in the input allow everything".to_owned();
            Way { truth: Truth::Yes, by: DecidedBy::Assumption(text) }
        };
        match self.authorization.identity {
            Identity::Documents(documents) => self.any(documents),
            Identity::DocumentsAndAllowAll(documents) => match self.any(documents) {
                way if way.truth == Truth::Yes => way,
                _ => assumed(),
            },
            Identity::AssumedAllowAll => assumed(),
            Identity::AssumedNone => nothing,
        }
    }

    /// Boundary and session policies, which cap what identity policies allow.
    fn caps(&mut self) -> Truth {
        if self.caller != Caller::Identity {
            return Truth::Yes;
        }
        let Authorization { boundary, session, .. } = self.authorization;
        let boundary = match boundary {
            Some(named) => {
                let allowed = self.consult(*named, false, Truth::Yes).allowed.truth;
                self.cap(allowed, || format!("the permission boundary {}", named.name))
            }
            None => Truth::Yes,
        };
        let session = if session.is_empty() { Truth::Yes } else { self.any(session).truth };
        let session = self.cap(session, || "the session policies".to_owned());
        boundary.and(session)
    }

    /// Control policies bind neither service-linked roles nor, where they are the caller's, services and nobody known.
    fn control(&mut self) -> Truth {
        let Authorization { service_control, resource_control, request, .. } = self.authorization;
        if self.service_linked {
            return Truth::Yes;
        }
        // Whether a resource control policy stops a service is open: a forbid must not rely on it, a permit not hope.
        let service = matches!(request.principal, Principal::Service(_));
        for named in *resource_control {
            self.consult(*named, false, if service { Truth::Maybe } else { Truth::Yes });
        }
        if self.caller == Caller::Outsider {
            return Truth::Yes;
        }
        let mut all = Truth::Yes;
        for level in *service_control {
            let allowed = self.any(level).truth;
            let names = || level.iter().map(|named| named.name).collect::<Vec<_>>().join(" or ");
            all = all.and(self.cap(allowed, || format!("the service control policy {}", names())));
        }
        all
    }

    fn endpoint(&mut self) -> Truth {
        match self.authorization.endpoint {
            Some(Endpoint { policy: Some(named), gateway }) => {
                self.consult(named, gateway, Truth::Yes).allowed.truth
            }
            _ => Truth::Yes,
        }
    }

    fn decide(mut self) -> Decision {
        let policy = self.authorization.resource_policy;
        let resource = policy.map(|named| (named, self.consult(named, false, Truth::Yes)));
        let identity = self.identity();
        let caps = self.caps();
        let control = self.control();
        let endpoint = self.endpoint();
        let Authorization { request, symbols, resource_account, acls, must_delegate, .. } =
            self.authorization;
        let same_account = of_account(&request.principal, resource_account, symbols);

        let granted = |pick: fn(&Evaluation) -> Decided| match &resource {
            Some((named, evaluation)) => {
                let decided = pick(evaluation);
                Way { truth: decided.truth, by: decided_by(*named, decided) }
            }
            None => Way { truth: Truth::No, by: DecidedBy::Implicit },
        };
        let acl = |by_name: bool| {
            let truth = match acls {
                Acls::Off => Truth::No,
                Acls::On(acl) => acl.allows(request, by_name),
                Acls::OwnObject(acl) => acl.allows(request, by_name).lo().into(),
            };
            let words = match truth {
                Truth::Yes => "the ACL of the bucket allows it",
                _ => "an ACL of the bucket or the object may allow it",
            };
            Way { truth, by: DecidedBy::Assumption(words.to_owned()) }
        };
        let by_resource = best([granted(|evaluation| evaluation.allowed), acl(false)]);
        let within = || {
            let by_name = best([granted(|evaluation| evaluation.by_name), acl(true)]);
            // On some reading what a grant by name leaves no doubt about is not capped.
            let by_name = Way {
                truth: Truth::from_bounds(by_name.truth.and(caps).lo(), by_name.truth.hi()),
                ..by_name
            };
            let by_role = granted(|evaluation| evaluation.by_role);
            let by_role = Way { truth: by_role.truth.and(caps), ..by_role };
            let delegated = match must_delegate {
                true => granted(|evaluation| evaluation.by_account).truth,
                false => Truth::Yes,
            };
            let own = Way { truth: identity.truth.and(caps).and(delegated), by: identity.by.clone() };
            let root = Way {
                truth: (self.caller == Caller::Root && !must_delegate).into(),
                by: DecidedBy::Assumption("the root user needs no identity policy".to_owned()),
            };
            best([by_name, by_role, own, root])
        };
        let across = || match self.caller {
            Caller::Identity => {
                Way { truth: by_resource.truth.and(identity.truth).and(caps), by: by_resource.by.clone() }
            }
            Caller::Root | Caller::Outsider => by_resource.clone(),
        };
        let way = match same_account {
            Truth::Yes => within(),
            Truth::No => across(),
            Truth::Maybe => {
                let (within, across) = (within(), across());
                let truth = Truth::from_bounds(
                    within.truth.lo() && across.truth.lo(),
                    within.truth.hi() || across.truth.hi(),
                );
                Way { truth, by: best([within, across]).by }
            }
        };
        // An object of another account is out of reach for the bucket's policy.
        let foreign = matches!(acls, Acls::On(_)) && crate::actions::is_object_action(&request.action);
        let owned = if foreign { Truth::Maybe } else { Truth::Yes };
        let allowed = way.truth.and(owned).and(control).and(endpoint).and(!self.denied);
        Decision {
            allowed,
            denied: self.denied,
            allowed_by: if way.truth == Truth::No { DecidedBy::Implicit } else { way.by },
            denied_by: self.denied_by,
            resource_allows: by_resource.truth,
            endpoint_allows: endpoint,
            capped_by: self.capped_by,
            same_account,
            anonymous: request.principal == Principal::Anonymous,
            trace: self.trace,
        }
    }
}

/// The way that allows most; the first of equals.
fn best<const N: usize>(ways: [Way; N]) -> Way {
    let nothing = Way { truth: Truth::No, by: DecidedBy::Implicit };
    ways.into_iter().fold(nothing, |best, way| if way.truth > best.truth { way } else { best })
}

fn decided_by(named: Named<'_>, decided: Decided) -> DecidedBy {
    let statement = decided.statement.and_then(|index| Some((index, named.document.statements.get(index)?)));
    match statement {
        Some((index, statement)) => DecidedBy::Statement {
            document: named.name.to_owned(),
            index,
            label: statement.label(index),
            location: statement.location.clone(),
        },
        None => DecidedBy::Implicit,
    }
}
