//! From IAM documents to formulas over the variables of a request.

mod condition;
mod document;
mod domains;
mod key_leg;
mod keys;
mod list;
mod pattern;
mod pins;
mod principal;
mod scope;
mod setting;
mod variable;

#[cfg(test)]
pub(crate) use condition::IPV6;
pub(crate) use condition::{INSTANT, IPV4, NUMBER, signed_point, signed_value};
pub(crate) use document::{Grants, lower_document, lower_statement, matches_action};
pub(crate) use domains::Sort;
pub(crate) use key_leg::{CONTEXT, Context, KeyLeg, NEVER, of_caller};
pub(crate) use keys::{AccessPoint, Keys, Resource};
pub(crate) use list::filled_list;
pub(crate) use pins::{Pins, Unseen, of_resource};
pub(crate) use scope::lower_scope;
pub(crate) use setting::{KINDS, SERVICES, SESSION, Setting};
