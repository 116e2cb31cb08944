//! Version 1 of the explanation of one request: a struct of its own, extended only by adding keys.

use crate::{RouteView, SubjectView};
use narrows_iam::{Effect, Element, StatementTrace, Truth};
use narrows_model::Location;
use narrows_prover::Route;
use narrows_prover::explain::{DocumentSays, Explanation, LegExplained, Outcome, Role, Ruling, Says};
use serde::Serialize;
use std::collections::BTreeMap;

/// The decision on one request, and everything that had a say in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplanationView {
    /// The version of this form: 1.
    pub version: u32,
    /// The request, as it was understood.
    pub request: RequestView,
    /// The decision in all: denied if it is at some bucket, else open if it is at some.
    pub decision: RulingView,
    /// The decision on the access point's own resource; none for a direct request.
    pub access_point: Option<LegExplanationView>,
    /// The decision at each bucket that the request may be routed to.
    pub buckets: Vec<BucketView>,
    /// What was assumed about what is not in the input.
    pub assumptions: Vec<String>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestView {
    /// Who asks.
    pub principal: String,
    /// The name of the role's session; none where the caller is not a session of a role.
    pub session: Option<String>,
    /// The action, such as `s3:GetObject`.
    pub action: String,
    /// The resource that the request names.
    pub resource: String,
    /// How the request reaches the buckets.
    pub route: RouteView,
    /// The condition keys that were given.
    pub context: BTreeMap<String, Vec<String>>,
    /// The condition keys that are on every request and were not given, with the values assumed.
    pub assumed_context: BTreeMap<String, String>,
}

/// What is decided of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RulingView {
    /// It gets through.
    Allowed,
    /// It does not.
    Denied,
    /// It rests on what the input or AWS's documents leave open.
    Depends,
}

/// The decision at one bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BucketView {
    /// The bucket.
    pub bucket: SubjectView,
    /// The decision, the access point's leg included.
    pub decision: RulingView,
    /// Why it is denied, or what it depends on; empty where it is allowed.
    pub why: Vec<String>,
    /// The bucket's own leg.
    pub leg: LegExplanationView,
    /// What S3 asks of KMS keys on the caller's behalf; left out where no key of the input is asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<LegExplanationView>,
}

/// The decision on one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LegExplanationView {
    /// The resource's ARN.
    pub resource: String,
    /// What S3 asks on it, where it is a KMS key; else it is the request's action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The decision on it alone.
    pub decision: RulingView,
    /// What each document says.
    pub documents: Vec<DocumentView>,
}

/// One document's say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentView {
    /// What the document is to the request.
    pub role: RoleView,
    /// What it is called; none where there is no document.
    pub name: Option<String>,
    /// What it comes to.
    pub says: SaysView,
    /// What that means, where there is no statement to show.
    pub note: Option<String>,
    /// The label of the statement that decides it, or of the Allow that comes nearest; none where there is none.
    pub statement: Option<String>,
    /// Where that statement stands: `file:line (json.path)`; none where that is not known.
    pub location: Option<String>,
    /// Every statement.
    pub statements: Vec<StatementView>,
}

/// What a document is to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleView {
    /// The policy of the bucket or the access point.
    Resource,
    /// The policy of the VPC endpoint.
    Endpoint,
    /// A policy of the caller.
    Identity,
    /// The permission boundary of the caller.
    Boundary,
    /// The policy of the caller's session.
    Session,
    /// The ACLs of the bucket and its objects, where they are on.
    Acl,
    /// Another document that has a say.
    Other,
    /// A control policy of the caller's account, or of the owner's.
    Control,
}

/// What a document comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SaysView {
    /// An Allow matches, and no Deny.
    Allows,
    /// An Allow may match, and no Deny does.
    MayAllow,
    /// An Allow matches the caller's account, which leaves it to the caller's own policies.
    Delegates,
    /// A Deny matches.
    Denies,
    /// A Deny may match.
    MayDeny,
    /// No statement matches.
    Nothing,
    /// There is no document.
    None,
    /// It is not known.
    Unknown,
}

/// What one statement says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementView {
    /// Its `Sid`, or its number.
    pub label: String,
    /// `allow` or `deny`.
    pub effect: EffectView,
    /// Whether it matches.
    pub matches: MatchView,
    /// Where it stands; none where that is not known.
    pub location: Option<String>,
    /// Whether it decides what the document says, or comes nearest to allowing it.
    pub decisive: bool,
    /// Its elements, all of which must match.
    pub elements: Vec<ElementView>,
}

/// What a statement does where it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "IAM's own words")]
pub enum EffectView {
    Allow,
    Deny,
}

/// Whether something matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchView {
    /// It does.
    Yes,
    /// AWS's documents, or values unknown before deployment, leave it open.
    Open,
    /// It does not.
    No,
}

/// Whether one element of a statement matches, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ElementView {
    /// `principal`, `action`, `resource` or `condition`.
    pub element: &'static str,
    /// Whether it matches.
    pub matches: MatchView,
    /// Why, with the values compared.
    pub reason: String,
}

impl ExplanationView {
    /// The view of an explanation.
    pub fn new(explanation: &Explanation) -> Self {
        let it = explanation;
        Self {
            version: 1,
            request: RequestView {
                principal: it.principal.clone(),
                session: it.session.clone(),
                action: it.action.clone(),
                resource: it.resource.clone(),
                route: match it.route {
                    Route::Direct => RouteView::Direct,
                    Route::Mrap(_) => RouteView::Mrap,
                    Route::OtherAccessPoint => RouteView::OtherAccessPoint,
                },
                context: it.context.clone(),
                assumed_context: it.assumed.clone(),
            },
            decision: it.ruling().into(),
            access_point: it.access_point.as_ref().map(LegExplanationView::new),
            buckets: it.outcomes.iter().map(BucketView::new).collect(),
            assumptions: it.assumptions.iter().cloned().collect(),
        }
    }
}

impl From<Ruling> for RulingView {
    fn from(ruling: Ruling) -> Self {
        match ruling {
            Ruling::Allowed => Self::Allowed,
            Ruling::Denied => Self::Denied,
            Ruling::Depends => Self::Depends,
        }
    }
}

impl From<Truth> for MatchView {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::Yes => Self::Yes,
            Truth::Maybe => Self::Open,
            Truth::No => Self::No,
        }
    }
}

impl BucketView {
    fn new(outcome: &Outcome) -> Self {
        let Outcome { bucket, ruling, why, leg, keys } = outcome;
        Self {
            bucket: SubjectView {
                kind: bucket.kind.clone(),
                name: bucket.name.clone(),
                address: bucket.address.clone(),
            },
            decision: (*ruling).into(),
            why: why.clone(),
            leg: LegExplanationView::new(leg),
            keys: keys.iter().map(LegExplanationView::new).collect(),
        }
    }
}

impl LegExplanationView {
    fn new(leg: &LegExplained) -> Self {
        Self {
            resource: leg.resource.clone(),
            action: Some(leg.action.clone()).filter(|action| action.starts_with("kms:")),
            decision: leg.ruling.into(),
            documents: leg.documents.iter().map(DocumentView::new).collect(),
        }
    }
}

impl DocumentView {
    fn new(document: &DocumentSays) -> Self {
        let (says, note) = match &document.says {
            Says::Allows => (SaysView::Allows, None),
            Says::MayAllow => (SaysView::MayAllow, None),
            Says::Delegates => (SaysView::Delegates, None),
            Says::Denies => (SaysView::Denies, None),
            Says::MayDeny => (SaysView::MayDeny, None),
            Says::Nothing => (SaysView::Nothing, None),
            Says::None(note) => (SaysView::None, Some(note.clone())),
            Says::Unknown(note) => (SaysView::Unknown, Some(note.clone())),
        };
        let statement = |(index, trace)| StatementView::new(trace, document.decisive == Some(index));
        Self {
            role: match document.role {
                Role::Resource => RoleView::Resource,
                Role::Endpoint => RoleView::Endpoint,
                Role::Identity => RoleView::Identity,
                Role::Boundary => RoleView::Boundary,
                Role::Session => RoleView::Session,
                Role::Acl => RoleView::Acl,
                Role::Other => RoleView::Other,
                Role::Control => RoleView::Control,
            },
            name: Some(document.name.clone()).filter(|name| !name.is_empty()),
            says,
            note,
            statement: document.statement().map(|statement| statement.label.clone()),
            location: place(&document.location),
            statements: document.statements.iter().enumerate().map(statement).collect(),
        }
    }
}

impl StatementView {
    fn new(trace: &StatementTrace, decisive: bool) -> Self {
        Self {
            label: trace.label.clone(),
            effect: match trace.effect {
                Effect::Allow => EffectView::Allow,
                Effect::Deny => EffectView::Deny,
            },
            matches: trace.truth.into(),
            location: place(&trace.location),
            decisive,
            elements: trace
                .elements
                .iter()
                .map(|element| ElementView {
                    element: match element.element {
                        Element::Principal => "principal",
                        Element::Action => "action",
                        Element::Resource => "resource",
                        Element::Condition => "condition",
                    },
                    matches: element.truth.into(),
                    reason: element.reason.clone(),
                })
                .collect(),
        }
    }
}

fn place(location: &Location) -> Option<String> {
    location.source().map(|_| location.to_string())
}
