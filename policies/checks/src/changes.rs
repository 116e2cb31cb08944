//! Version 1 of what Narrows says about a change: a struct of its own, extended only by adding keys.

use crate::view::{CounterexampleView, LegView, RouteView, SubjectView};
use narrows_prover::Subject;
use narrows_prover::compare::{Callers, Change, Changes, Group, OwnPolicies, Way};
use serde::Serialize;

/// What access a change adds and removes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangesView {
    /// The version of this form: 1.
    pub version: u32,
    /// What is known of the change as a whole.
    pub access: AccessView,
    /// How many buckets were compared.
    pub buckets: usize,
    /// What is added, then what is removed.
    pub changes: Vec<ChangeView>,
    /// What is not decided.
    pub unknown: Vec<UndecidedView>,
    /// What was taken for granted about documents and settings that are in neither state.
    pub assumptions: Vec<String>,
}

/// A change as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AccessView {
    /// Every request is decided as before.
    Unchanged,
    /// Some request is allowed that was not before; perhaps others no longer are.
    Added,
    /// No request is allowed that was not before, and some no longer are.
    Removed,
    /// It is not decided whether anything is added.
    Unknown,
}

/// Access that is added or removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeView {
    /// Which of the two.
    pub change: Direction,
    /// The bucket.
    pub bucket: SubjectView,
    /// How requests reach it.
    pub route: RouteView,
    /// The MRAP that they come through, where they come through one of the input.
    pub mrap: Option<String>,
    /// Who asks.
    pub callers: CallersView,
    /// What kind of action it is: `data-read`, `data-write`, `data-delete`, `listing` or `configuration`.
    pub group: String,
    /// The actions.
    pub actions: Vec<String>,
    /// One of the requests, where it is allowed.
    pub example: CounterexampleView,
    /// The decision on it in the other state; empty where that has no such bucket or route.
    pub refused: Vec<LegView>,
    /// What the caller's own policies are taken to say: `in-input`, `allow-everything`,
    /// `allow-nothing`, `allow-on-bucket` or `allow-on-access-point`.
    pub own_policies: String,
}

/// Added or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Allowed after the change, and not before it.
    Added,
    /// Allowed before the change, and not after it.
    Removed,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CallersView {
    /// `principal`, `account`, `other-accounts`, `anonymous` or `services`.
    pub kind: String,
    /// The principal's ARN, or the account.
    pub name: Option<String>,
}

/// Something about a bucket that is not decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UndecidedView {
    /// The bucket.
    pub bucket: SubjectView,
    /// Why.
    pub reason: String,
}

impl ChangesView {
    /// The view of what was found; `show` puts references in the place of symbols.
    pub fn new(changes: &Changes, show: impl Fn(&str) -> String) -> Self {
        let mut views: Vec<ChangeView> = changes.found.iter().map(|it| ChangeView::new(it, &show)).collect();
        views.sort_by_key(|view| view.change);
        let unknown: Vec<UndecidedView> = changes
            .unknown
            .iter()
            .map(|it| UndecidedView { bucket: SubjectView::of(&it.bucket), reason: it.reason.clone() })
            .collect();
        let access = match views.first().map(|it| it.change) {
            Some(Direction::Added) => AccessView::Added,
            _ if !unknown.is_empty() => AccessView::Unknown,
            Some(Direction::Removed) => AccessView::Removed,
            None => AccessView::Unchanged,
        };
        let assumptions = changes.assumptions.iter().cloned().collect();
        Self { version: 1, access, buckets: changes.buckets, changes: views, unknown, assumptions }
    }
}

impl ChangeView {
    fn new(change: &Change, show: &impl Fn(&str) -> String) -> Self {
        let (route, mrap) = match &change.way {
            Way::Direct => (RouteView::Direct, None),
            Way::Mrap(subject) => (RouteView::Mrap, Some(subject.name.clone())),
            Way::OtherAccessPoint => (RouteView::OtherAccessPoint, None),
        };
        let (kind, name) = match &change.callers {
            Callers::Principal(arn) => ("principal", Some(show(arn))),
            Callers::Account(account) => ("account", Some(show(account))),
            Callers::OtherAccounts => ("other-accounts", None),
            Callers::Anonymous => ("anonymous", None),
            Callers::Services => ("services", None),
        };
        Self {
            change: if change.added { Direction::Added } else { Direction::Removed },
            bucket: SubjectView::of(&change.bucket),
            route,
            mrap,
            callers: CallersView { kind: kind.to_owned(), name },
            group: group(change.group).to_owned(),
            actions: change.actions.clone(),
            example: CounterexampleView::new(&change.example.allowed),
            refused: change.example.refused.iter().map(LegView::new).collect(),
            own_policies: match change.example.own_policies {
                OwnPolicies::InInput => "in-input",
                OwnPolicies::AllowEverything => "allow-everything",
                OwnPolicies::AllowNothing => "allow-nothing",
                OwnPolicies::AllowOnBucket => "allow-on-bucket",
                OwnPolicies::AllowOnMrap => "allow-on-access-point",
            }
            .to_owned(),
        }
    }
}

fn group(group: Group) -> &'static str {
    match group {
        Group::DataRead => "data-read",
        Group::DataWrite => "data-write",
        Group::DataDelete => "data-delete",
        Group::Listing => "listing",
        Group::Configuration => "configuration",
    }
}

impl SubjectView {
    fn of(subject: &Subject) -> Self {
        Self { kind: subject.kind.clone(), name: subject.name.clone(), address: subject.address.clone() }
    }
}
