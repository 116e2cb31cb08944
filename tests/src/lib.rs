//! Whole-stack snapshots, end-to-end runs, properties and benchmarks.
pub mod corpus;
pub mod fuzz;
pub mod generate;
pub mod harness;
pub mod mutation;
pub mod run;
