//! Decides for all requests what a deployment's policies allow.

pub mod solve;
