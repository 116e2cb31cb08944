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
mod relevant;
mod scope;
mod setting;
mod spelling;
mod variable;

pub(crate) use condition::{INSTANT, NUMBER, is_epoch_time, range as network_range, signed_point};
pub(crate) use document::{Grants, lower_document, lower_statement, matches_action};
pub(crate) use domains::{Sort, is_boolean};
pub(crate) use key_leg::{CONTEXT, Context, KeyLeg, NEVER, of_caller};
pub(crate) use keys::{AccessPoint, Keys, Resource};
pub(crate) use list::filled_list;
pub(crate) use pins::{Pins, Unseen, of_resource};
pub(crate) use relevant::{Allows, Relevance};
pub(crate) use scope::lower_scope;
pub(crate) use setting::{KINDS, SERVICES, SESSION, Setting};
pub(crate) use spelling::{Spellings, likely_texts, read, read_as, show, spelled};
