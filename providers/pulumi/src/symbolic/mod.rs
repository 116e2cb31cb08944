//! Previews in which values that are known only after the update are symbols.
//!
//! An engine previews one program twice, with a stand-in for its provider that answers each attribute which only the cloud can
//! tell with a made-up text, a symbol. The two previews have no character of a symbol in common, and the order of two symbols
//! is reversed. [`settle`] compares them: what is the same but for which symbols it holds is certain; what differs is worked
//! out from a symbol by a function, and is unknown.
//!
//! The settled preview says in a member of its own, `narrows_symbols`, which text stands for which value, so that
//! [`crate::read`] reads it as a reference.
//!
//! # What is not found out
//! A function that leaves both made-up texts as they are and would change the real value, such as a comparison with a literal,
//! or `replace` of a literal of several characters.

mod settle;
mod symbols;

pub use settle::{SettleError, assume, settle};
pub(crate) use symbols::{DERIVED, Symbols, assumptions, derived, is_settled};

/// The member of a settled preview that says what its symbols stand for.
pub(crate) const MEMBER: &str = "narrows_symbols";
/// The member of `narrows_symbols` with what the preview takes for granted.
pub(crate) const ASSUMPTIONS: &str = "assumptions";
/// The attribute of the symbol of the account that is deployed to, which is of no resource.
pub(crate) const ACCOUNT: &str = "account";
/// The attribute of the symbol of the Region of providers that do not say theirs.
#[cfg(feature = "engine")]
pub(crate) const REGION: &str = "region";

/// A value that was made up for an attribute of a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Given {
    /// The whole value, such as `m….mrap`.
    pub text: String,
    /// The resource; empty for what is of none, such as the account.
    pub urn: String,
    /// The attribute.
    pub attribute: String,
    /// The run of characters in the text that is made up.
    pub token: String,
}
