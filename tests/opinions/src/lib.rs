//! What others say of the same policies: differential tests against independent evaluators and provers.
//!
//! Agreement says little where both sides share code, so these share none with ours: two evaluators that others wrote, and
//! Cedar's symbolic compiler with an SMT solver. What a peer reads otherwise than AWS documents is left out by name: see
//! [`exclusion`].

pub mod compare;
pub mod exclusion;
pub mod own;
pub mod peer;
pub mod symbolic;
