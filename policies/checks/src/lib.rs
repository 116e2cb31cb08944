//! The view of verdicts that people and machines get, and its renderers.
//!
//! [`View`] is the versioned form of a report; [`render`] turns it into text or JSON. Nothing here prints.

pub mod render;
mod view;

pub use view::{
    CounterexampleView, DecidedByView, Decision, Finding, LegView, NotAskedView, Outcome, RouteView,
};
pub use view::{SubjectView, VerdictView, View};
