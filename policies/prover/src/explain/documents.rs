//! What each document says about a request on one resource.

use crate::access::{AccessModel, IN_DOUBT, NOT_IN_INPUT, Policy};
use crate::near::distance;
use crate::replay::{Side, boundary_of, controls_of, endpoint_of, identity_of};
use narrows_iam::{
    Acls, ConditionKey, Decision, Effect, Entry, Evaluation, Principal, Request, StatementTrace, Truth,
};
use narrows_model::Location;

/// What a document is to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The policy of the bucket or the access point.
    Resource,
    /// The policy of the VPC endpoint that the request comes through.
    Endpoint,
    /// A policy of the caller.
    Identity,
    /// The permission boundary of the caller.
    Boundary,
    /// The policy of the caller's session.
    Session,
    /// The ACLs of the bucket and its objects, where they are on.
    Acl,
    /// Another document that the evaluator consulted.
    Other,
    /// A control policy of the caller's account, or of the owner's.
    Control,
}

/// What a document comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// An Allow statement matches, and no Deny.
    Allows,
    /// An Allow statement may match, and no Deny does.
    MayAllow,
    /// An Allow statement matches the caller's account, which leaves it to the caller's own policies.
    Delegates,
    /// A Deny statement matches.
    Denies,
    /// A Deny statement may match.
    MayDeny,
    /// No statement matches.
    Nothing,
    /// There is no document, and what that means is known: the words say it.
    None(String),
    /// What the document says is not known: the words say why.
    Unknown(String),
}

/// One document's say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSays {
    /// What the document is to the request.
    pub role: Role,
    /// What the document is called; empty where there is none.
    pub name: String,
    /// What it comes to.
    pub says: Says,
    /// The statement that decides it, by its place in `statements`; for [`Says::Nothing`] the Allow that comes nearest.
    pub decisive: Option<usize>,
    /// Where the decisive statement stands, else nowhere.
    pub location: Location,
    /// What each statement says, in the document's order.
    pub statements: Vec<StatementTrace>,
}

impl DocumentSays {
    /// The statement that decides it, or comes nearest to allowing it.
    pub fn statement(&self) -> Option<&StatementTrace> {
        self.statements.get(self.decisive?)
    }

    fn without(role: Role, name: &str, says: Says) -> Self {
        let (name, location) = (name.to_owned(), Location::none());
        Self { role, name, says, decisive: None, location, statements: Vec::new() }
    }

    fn of(role: Role, name: &str, evaluation: &Evaluation) -> Self {
        let Evaluation { denied, allowed, by_name, by_role, trace, .. } = evaluation;
        let (says, decisive) = match (denied.truth, allowed.truth) {
            (Truth::Yes, _) => (Says::Denies, denied.statement),
            (Truth::Maybe, _) => (Says::MayDeny, denied.statement),
            // Only of a resource's policy it matters how the caller is meant.
            (Truth::No, Truth::Yes) if role != Role::Resource => (Says::Allows, allowed.statement),
            (Truth::No, Truth::Yes) if by_name.truth == Truth::Yes => (Says::Allows, by_name.statement),
            (Truth::No, Truth::Yes) if by_role.truth == Truth::Yes => (Says::Allows, by_role.statement),
            (Truth::No, Truth::Yes) => (Says::Delegates, allowed.statement),
            (Truth::No, Truth::Maybe) => (Says::MayAllow, allowed.statement),
            (Truth::No, Truth::No) => (Says::Nothing, nearest(trace)),
        };
        let location = decisive.and_then(|index| trace.get(index)).map(|it| it.location.clone());
        let (name, location) = (name.to_owned(), location.unwrap_or_default());
        Self { role, name, says, decisive, location, statements: trace.clone() }
    }
}

/// The Allow statement that comes nearest to matching.
fn nearest(trace: &[StatementTrace]) -> Option<usize> {
    let allows = trace.iter().enumerate().filter(|(_, statement)| statement.effect == Effect::Allow);
    allows.min_by_key(|(index, statement)| (distance(statement), *index)).map(|(index, _)| index)
}

/// What each document that governs a request says, the resource's own first.
pub(super) fn all(
    model: &AccessModel,
    side: &Side<'_>,
    (in_input, session): (bool, Option<&Policy>),
    request: &Request,
    decision: &Decision,
) -> Vec<DocumentSays> {
    let traced = |role: Role, policy: &Policy, none: Says| match policy {
        Policy::None => DocumentSays::without(role, "", none),
        Policy::Unknown { name, expression, location } => {
            let words = match expression.as_str() {
                NOT_IN_INPUT => "not in the input".to_owned(),
                expression if expression.starts_with(IN_DOUBT) => {
                    format!("perhaps: {}", expression.trim_start_matches(IN_DOUBT))
                }
                expression => format!("known only after deployment: {expression}"),
            };
            let location = location.clone();
            DocumentSays { location, ..DocumentSays::without(role, name, Says::Unknown(words)) }
        }
        Policy::Several { names } => DocumentSays::without(
            role,
            &names.join(" and "),
            Says::Unknown(
                "several for one resource, which has room for one: the one applied last stays".to_owned(),
            ),
        ),
        Policy::Document { name, .. } => match decision.trace.iter().find(|it| it.document == *name) {
            Some(trace) => DocumentSays::of(role, name, &trace.evaluation),
            None => DocumentSays::without(role, name, Says::None("was not consulted".to_owned())),
        },
    };
    let none = match in_input {
        true => Says::None("there is none, so it allows nothing and denies nothing".to_owned()),
        false => Says::Unknown("not in the input".to_owned()),
    };
    let mut documents = vec![traced(Role::Resource, side.policy, none)];
    if side.acls != Acls::Off {
        let words = "ACLs are on: one may allow it, and the bucket's policy allows nothing on another account's object";
        documents.push(DocumentSays::without(Role::Acl, "", Says::Unknown(words.to_owned())));
    }
    match (endpoint_of(model, request), request.context.get(&ConditionKey::new("aws:SourceVpce"))) {
        (Some(endpoint), _) => {
            let mut says = traced(
                Role::Endpoint,
                &endpoint.policy,
                Says::None("there is none: the endpoint lets everything through".to_owned()),
            );
            if says.name.is_empty() {
                says.name.clone_from(&endpoint.subject.address);
            }
            documents.push(says);
        }
        (None, Some(Entry::Value(id))) => documents.push(DocumentSays::without(
            Role::Endpoint,
            &model.show(id),
            Says::Unknown("not in the input; taken to let everything through".to_owned()),
        )),
        (None, _) => {}
    }
    if has_own_policies(&request.principal) {
        match identity_of(model, request) {
            Some(own) => {
                let none = || Says::None("there is none".to_owned());
                documents.extend(own.policies.iter().map(|policy| traced(Role::Identity, policy, none())));
            }
            None => documents.push(DocumentSays::without(
                Role::Identity,
                "",
                Says::Unknown("not in the input".to_owned()),
            )),
        }
    }
    let none = Says::None("there is none".to_owned());
    documents.extend(boundary_of(model, request).map(|policy| traced(Role::Boundary, policy, none.clone())));
    documents.extend(session.map(|policy| traced(Role::Session, policy, none.clone())));
    let controls = controls_of(model, side, request);
    documents.extend(controls.into_iter().map(|policy| traced(Role::Control, policy, none.clone())));
    for other in &decision.trace {
        if !documents.iter().any(|known| known.name == other.document) {
            documents.push(DocumentSays::of(Role::Other, &other.document, &other.evaluation));
        }
    }
    documents
}

/// Whether a caller has identity policies: the root user, services, origin access identities and anonymous callers have none.
pub(super) fn has_own_policies(principal: &Principal) -> bool {
    !matches!(principal, Principal::Anonymous | Principal::Service(_) | Principal::Root { .. })
        && !is_origin_access_identity(principal)
}

/// Whether a caller is a user of CloudFront's own account.
pub(super) fn is_origin_access_identity(principal: &Principal) -> bool {
    matches!(principal, Principal::User { .. }) && principal.account().as_deref() == Some("cloudfront")
}
