//! What must hold of a deployment, as questions to the prover.
//!
//! Each guardrail is one file in `guardrail/` and one line in [`guardrails`].

mod guardrail;
mod report;

pub use guardrail::{Guardrail, guardrails};
pub use report::{Judged, NotAsked, Report, judge};
