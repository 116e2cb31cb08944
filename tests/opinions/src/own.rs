//! What our own evaluator says of a case.

use narrows_iam::{
    Authorization, Document, DocumentKind, EvaluationContext, Identity, Named, ParseError, Truth, authorize,
    parse_text,
};
use narrows_model::{Source, Symbols};
use narrows_tests::generate::{ACCOUNT, Case};
use serde_json::Value;

/// A case's documents, parsed.
#[derive(Clone, Debug)]
pub struct Documents {
    /// The resource's policy.
    pub resource: Option<Document>,
    /// The caller's identity policies.
    pub identity: Vec<Document>,
    /// The caller's permission boundary.
    pub boundary: Option<Document>,
    /// Service control policies, one for each level.
    pub service_control: Vec<Document>,
    /// Resource control policies, one for each level.
    pub resource_control: Vec<Document>,
}

/// What is said of a case, where AWS's documents may leave it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// Whether the request is allowed.
    pub allowed: Truth,
    /// Whether a Deny matches.
    pub denied: Truth,
}

impl Documents {
    /// Parses them.
    ///
    /// # Errors
    /// The parser's: a generated document is valid, so any error is a finding.
    pub fn parse(case: &Case) -> Result<Self, ParseError> {
        let read = |document: &Value, kind| {
            let source = Source::file("policy.json", document.to_string());
            parse_text(&source, kind).map(|parsed| parsed.document)
        };
        let all = |documents: &[Value], kind| -> Result<Vec<Document>, ParseError> {
            documents.iter().map(|document| read(document, kind)).collect()
        };
        Ok(Self {
            resource: case.resource_policy.as_ref().map(|it| read(it, DocumentKind::Resource)).transpose()?,
            identity: all(&case.identity, DocumentKind::Identity)?,
            boundary: case.boundary.as_ref().map(|it| read(it, DocumentKind::Identity)).transpose()?,
            service_control: all(&case.service_control, DocumentKind::Identity)?,
            resource_control: all(&case.resource_control, DocumentKind::Resource)?,
        })
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Document> {
        let one = self.resource.iter().chain(&self.boundary);
        one.chain(&self.identity).chain(&self.service_control).chain(&self.resource_control)
    }
}

/// Asks our own evaluator.
pub fn opinion(case: &Case, documents: &Documents) -> Opinion {
    fn named(document: &Document) -> Named<'_> {
        Named { name: "policy", document }
    }
    let identity: Vec<_> = documents.identity.iter().map(named).collect();
    let levels: Vec<_> = documents.service_control.iter().map(|document| [named(document)]).collect();
    let levels: Vec<&[Named<'_>]> = levels.iter().map(<[_; 1]>::as_slice).collect();
    let resource_control: Vec<_> = documents.resource_control.iter().map(named).collect();
    let symbols = Symbols::default();
    let authorization = Authorization {
        resource_policy: documents.resource.as_ref().map(named),
        identity: Identity::Documents(&identity),
        boundary: documents.boundary.as_ref().map(named),
        service_control: &levels,
        resource_control: &resource_control,
        ..Authorization::new(&case.request, &symbols, ACCOUNT)
    };
    let decision = authorize(&authorization);
    Opinion { allowed: decision.allowed, denied: decision.denied }
}

/// Asks our own evaluator of one policy by itself: allowed is what an Allow that no Deny overrides says, whatever else the
/// caller would need.
pub fn of_policy(case: &Case, document: &Document) -> Opinion {
    let symbols = Symbols::default();
    let evaluation = narrows_iam::evaluate(document, &case.request, &EvaluationContext::new(&symbols));
    let denied = evaluation.denied.truth;
    Opinion { allowed: evaluation.allowed.truth.and(!denied), denied }
}
