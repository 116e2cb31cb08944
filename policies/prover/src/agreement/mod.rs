//! The lowering against the evaluator, which shares nothing with it: on random policies and random requests both say the
//! same.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at what they do not expect")]

mod compare;
mod document;
mod generate;
mod key;
mod question;
mod related;
