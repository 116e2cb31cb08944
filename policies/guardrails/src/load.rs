//! From the text of a `.cedar` file to guardrails.

use crate::facts::{Asking, Fact, Facts};
use crate::guardrail::{Body, Each, Guardrail, Policy, Requirement};
use crate::lower::{Lowering, Way, head_actions};
use crate::schema::SCHEMA;
use cedar_policy::pst::{ActionConstraint, Effect, PrincipalConstraint, ResourceConstraint, Template};
use cedar_policy::{Policy as CedarPolicy, PolicySet, Schema, ValidationMode, Validator};
use narrows_model::intent::Severity;
use narrows_model::names::NameError;
use narrows_prover::{Demand, Scope, split_actions};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::LazyLock;

/// What is wrong with a file of guardrails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file's name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// What is wrong.
    pub message: String,
    /// Where, in bytes; none where it is about the whole file.
    pub span: Option<Range<usize>>,
    /// What to do.
    pub help: Option<String>,
}

impl Fault {
    pub(crate) fn new(name: &str, text: &str, message: impl Into<String>) -> Self {
        Self { name: name.to_owned(), text: text.to_owned(), message: message.into(), span: None, help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn at(mut self, span: Option<Range<usize>>) -> Self {
        self.span = span;
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}

impl Error for Fault {}

/// The annotations that guardrails have.
const ANNOTATIONS: [&str; 10] =
    ["caller", "description", "each", "id", "later", "public", "remarks", "remedy", "requires", "severity"];

/// The validator of the schema, made once.
static VALIDATOR: LazyLock<Result<Validator, String>> = LazyLock::new(|| {
    Schema::from_cedarschema_str(SCHEMA)
        .map(|(schema, _)| Validator::new(schema))
        .map_err(|error| error.to_string())
});

/// Reads one file.
pub(crate) struct Loader<'a> {
    name: &'a str,
    text: &'a str,
}

impl<'a> Loader<'a> {
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text }
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.name, self.text, message)
    }

    /// The fault that Cedar reports, with its first label and its help.
    fn of_cedar(&self, error: &dyn miette::Diagnostic) -> Fault {
        let span = error.labels().and_then(|mut labels| labels.next()).map(|label| {
            let start = label.offset();
            start..start.saturating_add(label.len())
        });
        // Cedar numbers policies; the place says which one it is.
        let message = error.to_string();
        let message = match message.strip_prefix("for policy `").and_then(|rest| rest.split_once("`, ")) {
            Some((_, rest)) => rest.to_owned(),
            None => message,
        };
        let fault = self.fault(message).at(span);
        match error.help() {
            Some(help) => fault.help(help.to_string()),
            None => fault,
        }
    }

    /// The guardrails of the file, not validated.
    fn read(&self) -> Result<Vec<Guardrail>, Fault> {
        self.guardrails(self.policies()?)
    }

    /// The policies of the file, in its order.
    pub fn policies(&self) -> Result<Vec<CedarPolicy>, Fault> {
        let set = PolicySet::from_str(self.text).map_err(|error| self.of_cedar(&error))?;
        if let Some(template) = set.templates().next() {
            return Err(self
                .fault(format!("the policy `{}` has slots, and nothing fills them", template.id()))
                .help("name the principal and the resource, or compare them with what the bucket declares"));
        }
        let mut policies: Vec<_> = set.policies().cloned().collect();
        // Cedar numbers policies in their order; a file with more than ten has "policy10" after "policy9".
        policies.sort_by_key(|policy| {
            let id = policy.id().to_string();
            (id.len(), id)
        });
        Ok(policies)
    }

    /// The guardrails that policies make, not validated.
    fn guardrails(&self, policies: Vec<CedarPolicy>) -> Result<Vec<Guardrail>, Fault> {
        let mut of_id: BTreeMap<String, Vec<(CedarPolicy, Template)>> = BTreeMap::new();
        for policy in policies {
            let tree = tree(&policy).map_err(|error| self.fault(error))?;
            let id = match policy.annotation("id") {
                Some(id) if !id.is_empty() => id.to_owned(),
                _ => {
                    return Err(self
                        .fault(format!("the {} has no id", tree.effect))
                        .help("write @id(\"name-of-the-guardrail\") before it"));
                }
            };
            for name in tree.annotations.keys() {
                if !ANNOTATIONS.contains(&name.as_str()) {
                    return Err(self
                        .fault(format!("`@{name}` of `{id}` is not an annotation of guardrails"))
                        .help(format!("expected one of @{}", ANNOTATIONS.join(", @"))));
                }
            }
            of_id.entry(id).or_default().push((policy, tree));
        }
        if of_id.is_empty() {
            return Err(self.fault("the file has no policy").help("write a forbid or a permit, with an @id"));
        }
        of_id
            .into_iter()
            .map(|(id, policies)| {
                let wrong = |message: String| self.fault(format!("`{id}`: {message}"));
                let said = |name: &str| {
                    let mut all = policies.iter().filter_map(|(_, tree)| tree.annotations.get(name));
                    all.next().map(ToString::to_string)
                };
                let head = Head::of(said).map_err(wrong)?;
                if let Some(reason) = policies.iter().find_map(|(_, tree)| unfit(head.each, tree)) {
                    return Err(wrong(reason.to_owned()));
                }
                let body = body(policies).map_err(wrong)?;
                Ok(head.guardrail(id.clone(), move || body))
            })
            .collect()
    }

    /// The guardrails of the file, each fit for the schema and decidable.
    pub fn validated(&self) -> Result<Vec<Guardrail>, Fault> {
        let guardrails = self.read()?;
        let validator = VALIDATOR.as_ref().map_err(|error| self.fault(format!("the schema: {error}")))?;
        let set = PolicySet::from_str(self.text).map_err(|error| self.of_cedar(&error))?;
        let result = validator.validate(&set, ValidationMode::Strict);
        // Cedar finds them in no fixed order.
        let faults = result.validation_errors().map(|error| self.of_cedar(error));
        let place = |fault: &Fault| (fault.span.as_ref().map(|span| span.start), fault.message.clone());
        if let Some(first) = faults.min_by_key(place) {
            return Err(first);
        }
        let asking = everything_declared();
        for guardrail in &guardrails {
            for policy in guardrail.policies() {
                for way in [
                    Way::Direct,
                    Way::Mrap("arn:aws:s3::123456789012:accesspoint/m.mrap".to_owned()),
                    Way::AccessPoint,
                ] {
                    let lowering = Lowering { thorough: true, ..Lowering::new(&asking, &way) };
                    lowering
                        .policy(&policy.tree)
                        .map_err(|error| self.fault(format!("`{}`: {error}", guardrail.id)))?;
                }
            }
        }
        Ok(guardrails)
    }
}

/// What annotations say of a guardrail.
pub(crate) struct Head {
    each: Each,
    severity: Severity,
    requires: Vec<Requirement>,
    said: [Option<String>; 3],
    later: bool,
    public: bool,
}

impl Head {
    /// Reads the annotations, by their names.
    ///
    /// # Errors
    /// What is wrong with one.
    pub fn of(said: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let severity = said("severity").map(|text| text.parse::<Severity>()).transpose();
        let each = said("each").map(|text| text.parse()).transpose()?;
        let requires = said("requires").unwrap_or_default();
        let words = requires.split(',').map(str::trim).filter(|word| !word.is_empty());
        Ok(Self {
            each: each.unwrap_or_default(),
            severity: severity.map_err(|error: NameError| error.to_string())?.unwrap_or_default(),
            requires: words.map(str::parse).collect::<Result<_, _>>()?,
            said: ["description", "remedy", "remarks"].map(&said),
            later: said("later").is_some(),
            public: said("public").is_some(),
        })
    }

    /// The guardrail with these annotations, and the policies that `make` gives.
    pub fn guardrail(self, id: String, make: impl FnOnce() -> Body + Send + Sync + 'static) -> Guardrail {
        let [description, remedy, remarks] = self.said;
        let new = Guardrail::new(id, make);
        Guardrail {
            description: description.unwrap_or_else(|| new.id.clone()),
            severity: self.severity,
            remedy: remedy.unwrap_or_default(),
            remarks: remarks.into_iter().collect(),
            each: self.each,
            requires: self.requires,
            later: self.later,
            public: self.public,
            ..new
        }
    }
}

/// A policy as a tree.
///
/// # Errors
/// What Cedar says where it cannot make one.
pub(crate) fn tree(policy: &CedarPolicy) -> Result<Template, String> {
    let tree =
        policy.to_pst().map_err(|error| format!("the policy `{}` cannot be read: {error}", policy.id()))?;
    Ok(tree.body().clone())
}

/// What policies ask for.
///
/// # Errors
/// What is wrong with one.
pub(crate) fn body(policies: Vec<(CedarPolicy, Template)>) -> Result<Body, String> {
    let mut body = Body::default();
    for (policy, tree) in policies {
        let caller = tree.annotations.get("caller").map(ToString::to_string);
        let demand = match (tree.effect, caller.as_deref()) {
            (Effect::Forbid, None) => Demand::Forbid,
            (Effect::Forbid, Some("as-given")) => Demand::ForbidAsGiven,
            (Effect::Permit, None) => Demand::Permit { caller_may_do_anything: false },
            (Effect::Permit, Some("anything")) => Demand::Permit { caller_may_do_anything: true },
            (effect, Some(other)) => {
                return Err(format!(
                    "`@caller(\"{other}\")` is not understood on a {effect}: expected \"as-given\" on a forbid, \
                     \"anything\" on a permit"
                ));
            }
        };
        let actions = head_actions(&tree.action).map_err(|error| error.to_string())?;
        let actions = split_actions(actions.iter().map(String::as_str));
        body.policies.push(Policy { tree, demand, actions });
        body.cedar.add(policy).map_err(|error| error.to_string())?;
    }
    Ok(body)
}

/// Why a policy cannot be asked about such a subject.
fn unfit(each: Each, policy: &Template) -> Option<&'static str> {
    match each {
        Each::Mrap if policy.effect == Effect::Forbid || policy.annotations.contains_key("caller") => Some(
            "@each(\"mrap\") compares what the buckets of an MRAP decide: write a permit without @caller, which says that \
             what one of them allows, each of them allows",
        ),
        Each::Policy if !is_bare(policy) => Some(
            "@each(\"policy\") is about the statements of policies, of which each must match some request: write `permit \
             (principal, action, resource);` without conditions and without @caller",
        ),
        _ => None,
    }
}

/// Whether a policy permits everything, and says nothing else.
fn is_bare(policy: &Template) -> bool {
    policy.effect == Effect::Permit
        && policy.principal == PrincipalConstraint::Any
        && policy.action == ActionConstraint::Any
        && policy.resource == ResourceConstraint::Any
        && policy.clauses().is_empty()
        && !policy.annotations.contains_key("caller")
}

/// A subject of which everything is declared, to find out what a policy asks for.
fn everything_declared() -> Asking {
    let role = || Fact::Role("arn:aws:iam::123456789012:role/app".to_owned());
    let some = || Fact::When(Scope::Below("x".to_owned()));
    let callers = || Fact::Principals(Scope::PrincipalAccount(vec!["123456789012".to_owned()]));
    let resource: Facts = BTreeMap::from([
        ("account", Fact::Account("123456789012".to_owned())),
        ("acls", some()),
        ("declared", callers()),
        ("deployer", callers()),
        ("endpoints", Fact::Texts(vec!["vpce-0a1b2c3d".to_owned()])),
        ("exempt", callers()),
        ("minimumTls", Fact::Decimal(1_200_000_000)),
        ("mraps", Fact::Texts(vec!["arn:aws:s3::123456789012:accesspoint/m.mrap".to_owned()])),
        ("name", Fact::Text("bucket".to_owned())),
        ("organization", Fact::Organization("o-a1b2c3d4e5".to_owned())),
    ]);
    let grant = BTreeMap::from([
        ("covers", some()),
        ("deletes", some()),
        ("reads", some()),
        ("role", role()),
        ("writes", some()),
    ]);
    let replication = BTreeMap::from([("role", role()), ("source", some())]);
    let of_role = BTreeMap::from([("declared", some()), ("role", role())]);
    let subject = BTreeMap::from([
        ("grant", Fact::Record(grant)),
        ("replication", Fact::Record(replication)),
        ("role", Fact::Record(of_role)),
    ]);
    Asking { resource: resource.into(), subject }
}
