//! Plans in which values that are known after apply are symbols.
//!
//! An engine plans one configuration twice, with a stand-in for its providers that answers each attribute that only the
//! cloud can tell with a made-up text, a symbol. The two plans have no character of a symbol in common, and the order of
//! two symbols is reversed. [`settle`] compares them: what is the same but for which symbols it holds is certain; what
//! differs is worked out from a symbol by a function, and is unknown. What is no text, such as a Boolean or the length of a
//! list, is no symbol: it is made up otherwise in each plan, and in a third one.
//!
//! The settled plan says in a member of its own, `narrows_symbols`, which text stands for which value, so that
//! [`crate::read_plan`] reads it as a reference.
//!
//! # What is not found out
//! A function that leaves both made-up texts as they are and would change the real value, such as a comparison with a
//! literal, or `replace` of a literal of several characters. The settled plan says that this is taken for granted.

mod compare;
mod configuration;
mod finder;
mod normal;
mod order;
mod owner;
mod resources;
mod settle;
mod state;
mod unset;

pub(crate) use finder::{Finder, Piece};
pub use order::{Renaming, in_order, reversal};
pub use settle::{Evaluated, MEMBER, SettleError, Target, set_target, settle};
pub use state::{still_open, write_state};
pub use unset::Unset;

/// The version of the member `narrows_symbols`.
pub(crate) const VERSION: u64 = 1;
/// The attribute of the symbol of the account that is deployed to, which is of no resource.
pub(crate) const ACCOUNT: &str = "account";
/// The attribute of the symbol of the provider's Region, which is of no resource.
pub(crate) const REGION: &str = "region";

/// The member of `narrows_symbols` that says whether all providers work in one account.
pub(crate) const ONE_ACCOUNT: &str = "one_account";
/// The member of `narrows_symbols` with what the plan takes for granted.
pub(crate) const ASSUMPTIONS: &str = "assumptions";

/// A value that was made up for an attribute of a resource or data source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Given {
    /// The whole value, such as `m….mrap`.
    pub text: String,
    /// The type of the resource or data source.
    pub type_name: String,
    /// The attribute, with the blocks that it stands in before it and dots between.
    pub attribute: String,
    /// The run of characters in the text that is made up.
    pub token: String,
}
