//! From IAM documents to formulas over the variables of a request.

mod condition;
mod document;
mod keys;
mod pattern;
mod principal;
mod scope;

pub(crate) use condition::{INSTANT, IPV4, NUMBER, SECONDS, signed_value};
#[cfg(test)]
pub(crate) use condition::{IPV6, signed_point};
pub(crate) use document::{Grants, lower_document};
pub(crate) use keys::{AccessPoint, KINDS, Keys, Resource, SERVICES, SESSION, Setting, Sort};
pub(crate) use scope::lower_scope;
