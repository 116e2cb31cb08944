//! The view of verdicts that people and machines get, and its renderers.
//!
//! [`View`] is the versioned form of a report and [`ExplanationView`] that of one request explained; [`render`] turns them
//! into text or JSON. Nothing here prints.

mod changes;
mod command;
mod explanation;
mod gathered;
pub mod render;
mod sentence;
mod size;
mod sorted;
mod source;
mod view;

pub use changes::{AccessView, CallersView, ChangeView, ChangesView, Direction, UndecidedView};
pub use explanation::{
    BucketView, DocumentView, EffectView, ElementView, ExplanationView, LegExplanationView, MatchView,
    RequestView, RoleView, RulingView, SaysView, StatementView,
};
pub use gathered::{Gathered, Together};
pub use sorted::Store;
pub use source::{Counts, Parts, Source};
pub use view::{
    AcceptedView, CounterexampleView, DecidedByView, Decision, FindingView, IdleStatementView, LegView,
    NotAskedView, Outcome, RouteView,
};
pub use view::{SubjectView, VerdictView, View};
