use crate::{Evaluation, Truth};
use narrows_model::Location;
use std::fmt;

/// What all documents together decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether the request is allowed.
    pub allowed: Truth,
    /// Whether a Deny statement of any document matches.
    pub denied: Truth,
    /// What allows it, unless something denies or an endpoint or control policy leaves it out.
    pub allowed_by: DecidedBy,
    /// What denies it; `None` if nothing does on any reading.
    pub denied_by: Option<DecidedBy>,
    /// Whether the resource's side (its policy, or an ACL) allows it in any way.
    pub resource_allows: Truth,
    /// Whether the VPC endpoint lets it through; `Yes` where it comes through none.
    pub endpoint_allows: Truth,
    /// The first boundary, session or control policy that caps the caller and does not allow it, in words.
    pub capped_by: Option<String>,
    /// Whether the caller belongs to the resource's account.
    pub same_account: Truth,
    /// Whether the caller is nobody known.
    pub anonymous: bool,
    /// What each document says, in the order in which they were consulted.
    pub trace: Vec<DocumentTrace>,
}

/// What decided a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// A statement.
    Statement {
        /// The document's name.
        document: String,
        /// The statement's index in it, from 0.
        index: usize,
        /// How messages name the statement.
        label: String,
        /// The statement's place.
        location: Location,
    },
    /// What is assumed of documents that are not in the input, or a rule of AWS's that needs no document.
    Assumption(String),
    /// No statement and no assumption: what nothing allows is denied.
    Implicit,
}

impl fmt::Display for DecidedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Statement { document, label, .. } => write!(f, "{label} of {document}"),
            Self::Assumption(text) => f.write_str(text),
            Self::Implicit => f.write_str("nothing allows it"),
        }
    }
}

/// What one document says about the request on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentTrace {
    /// The document's name.
    pub document: String,
    /// The resource's ARN, which tells the legs of a request through an access point apart.
    pub resource: String,
    /// What it says.
    pub evaluation: Evaluation,
}
