//! What must hold of a deployment, written in Cedar and read as a specification.
//!
//! Each guardrail is a `.cedar` file in the schema [`SCHEMA`]: no request in the scope of a `forbid` may be allowed by the
//! deployment, and each request in the scope of a `permit` must be allowed. [`judge`] asks [`Guardrails`] of a deployment;
//! every refutation is looked at a second time by Cedar's own authorizer.

mod alike;
mod cores;
mod exemptions;
mod facts;
mod fault;
mod guardrail;
mod load;
mod lower;
mod nameless;
mod overrides;
mod place;
mod public;
mod readings;
mod replay;
mod report;
mod schema;
mod shipped;
mod subject;
#[cfg(test)]
mod tables;

pub use fault::Fault;
pub use guardrail::{Guardrail, Guardrails};
pub use readings::{Readings, readings};
pub use report::{Accepted, Judged, NotAsked, Report, judge, judge_on};
pub use schema::{SCHEMA, generate as generate_schema};
pub use shipped::shipped_ids;
