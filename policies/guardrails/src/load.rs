//! From the text of a `.cedar` file to guardrails.

use crate::facts::Asking;
use crate::fault::Fault;
use crate::guardrail::{Body, Each, Guardrail, Policy};
use crate::lower::{Lowering, Way, head_actions};
use crate::place::{Place, places};
use crate::schema::SCHEMA;
use cedar_policy::pst::{ActionConstraint, Effect, PrincipalConstraint, ResourceConstraint, Template};
use cedar_policy::{Policy as CedarPolicy, PolicySet, Schema, ValidationMode, Validator};
use narrows_model::intent::Severity;
use narrows_model::names::NameError;
use narrows_prover::{Demand, split_actions};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::LazyLock;

/// The annotations that guardrails have.
const ANNOTATIONS: [&str; 10] =
    ["caller", "description", "each", "id", "later", "public", "remarks", "remedy", "requires", "severity"];

/// The validator of the schema, made once.
static VALIDATOR: LazyLock<Result<Validator, String>> = LazyLock::new(|| {
    Schema::from_cedarschema_str(SCHEMA)
        .map(|(schema, _)| Validator::new(schema))
        .map_err(|error| error.to_string())
});

/// Annotations that say one thing of a guardrail, whichever of its policies they stand at.
const OF_ALL: [&str; 8] =
    ["description", "each", "later", "public", "remarks", "remedy", "requires", "severity"];

/// Reads one file.
pub(crate) struct Loader<'a> {
    name: &'a str,
    text: &'a str,
    places: Vec<Place>,
}

/// A policy of the file, and its place among the file's policies.
struct Numbered {
    tree: Template,
    number: usize,
}

impl Numbered {
    fn annotation(&self, name: &str) -> Option<String> {
        self.tree.annotations.get(name).map(ToString::to_string)
    }
}

impl<'a> Loader<'a> {
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, places: Vec::new() }
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.name, self.text, message)
    }

    /// The fault at an annotation of a policy, or at the policy where it has none of this name.
    fn fault_at(&self, policy: &Numbered, annotation: &str, message: impl Into<String>) -> Fault {
        self.fault(message).at(self.places.get(policy.number).map(|place| place.of(annotation)))
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
        let help = match message.as_str() {
            "attribute `key` on entity type `Bucket` not found" => Some(
                "some of the actions are on the bucket, which has no key: test `resource is Object` before"
                    .to_owned(),
            ),
            _ => error.help().map(|help| help.to_string()),
        };
        let fault = self.fault(message).at(span);
        match help {
            Some(help) => fault.help(help),
            None => fault,
        }
    }

    /// The policies of the file, in its order.
    #[cfg(test)]
    pub fn policies(mut self) -> Result<Vec<CedarPolicy>, Fault> {
        let set = self.parse()?;
        Ok(in_order(&set).cloned().collect())
    }

    /// What policies of a guardrail ask for; for those that are shipped, which tests validate.
    pub fn body(&self, id: &str, policies: Vec<CedarPolicy>) -> Result<Body, Fault> {
        let mut body = Body::default();
        for (number, policy) in policies.into_iter().enumerate() {
            let tree = self.tree(&policy)?;
            body.policies.push(self.policy(id, &Numbered { tree, number })?);
            body.cedar.add(policy).map_err(|error| self.fault(error.to_string()))?;
        }
        Ok(body)
    }

    fn tree(&self, policy: &CedarPolicy) -> Result<Template, Fault> {
        let tree = policy
            .to_pst()
            .map_err(|error| self.fault(format!("the policy `{}` cannot be read: {error}", policy.id())))?;
        Ok(tree.body().clone())
    }

    fn parse(&mut self) -> Result<PolicySet, Fault> {
        let set = PolicySet::from_str(self.text).map_err(|error| self.of_cedar(&error))?;
        self.places = places(self.text);
        Ok(set)
    }

    /// The guardrails of the file, each with its policies.
    fn guardrails(&self, set: &PolicySet) -> Result<Vec<(Guardrail, Vec<Numbered>)>, Fault> {
        if let Some(template) = set.templates().next() {
            return Err(self
                .fault(format!("the policy `{}` has slots, and nothing fills them", template.id()))
                .at(number(template.id().as_ref()).and_then(|it| Some(self.places.get(it)?.of("id"))))
                .help("name the principal and the resource, or compare them with what the bucket declares"));
        }
        let mut sets: BTreeMap<String, PolicySet> = BTreeMap::new();
        let mut trees: BTreeMap<String, Vec<Numbered>> = BTreeMap::new();
        for (at, policy) in in_order(set).enumerate() {
            let number = number(policy.id().as_ref()).unwrap_or(at);
            let read = Numbered { tree: self.tree(policy)?, number };
            let id = match policy.annotation("id") {
                Some(id) if !id.is_empty() => id.to_owned(),
                _ => {
                    return Err(self
                        .fault_at(&read, "id", format!("the {} has no id", read.tree.effect))
                        .help("write @id(\"name-of-the-guardrail\") before it"));
                }
            };
            for name in read.tree.annotations.keys() {
                if !ANNOTATIONS.contains(&name.as_str()) {
                    let message = format!("`@{name}` of `{id}` is not an annotation of guardrails");
                    return Err(self
                        .fault_at(&read, name.as_str(), message)
                        .help(format!("expected one of @{}", ANNOTATIONS.join(", @"))));
                }
            }
            let set = sets.entry(id.clone()).or_default();
            set.add(policy.clone()).map_err(|error| self.fault(error.to_string()))?;
            trees.entry(id).or_default().push(read);
        }
        if sets.is_empty() {
            return Err(self.fault("the file has no policy").help("write a forbid or a permit, with an @id"));
        }
        sets.into_iter()
            .map(|(id, cedar)| {
                let trees = trees.remove(&id).unwrap_or_default();
                Ok((self.guardrail(id, cedar, &trees)?, trees))
            })
            .collect()
    }

    fn guardrail(&self, id: String, cedar: PolicySet, policies: &[Numbered]) -> Result<Guardrail, Fault> {
        let mut said: BTreeMap<&str, (String, &Numbered)> = BTreeMap::new();
        for (name, policy) in OF_ALL.iter().flat_map(|name| policies.iter().map(move |policy| (name, policy)))
        {
            let Some(value) = policy.annotation(name) else { continue };
            match said.get(name) {
                Some((known, _)) if *known != value => {
                    let message = format!("`{id}` has two @{name}: \"{known}\" and \"{value}\"");
                    return Err(self.fault_at(policy, name, message).help(
                        "policies with one @id are one guardrail: write it once, or give one of them another @id",
                    ));
                }
                Some(_) => {}
                None => drop(said.insert(name, (value, policy))),
            }
        }
        let text = |name: &str| said.get(name).map(|(value, _)| value.as_str());
        let wrong = |name: &str, message: String| {
            let message = format!("`{id}`: {message}");
            match said.get(name) {
                Some((_, policy)) => self.fault_at(policy, name, message),
                None => self.fault(message),
            }
        };
        let severity = text("severity").map(str::parse::<Severity>).transpose();
        let severity =
            severity.map_err(|error: NameError| wrong("severity", error.to_string()))?.unwrap_or_default();
        let each = text("each").map(str::parse::<Each>).transpose();
        let each = each.map_err(|error| wrong("each", error))?.unwrap_or_default();
        let requires = text("requires").unwrap_or_default();
        let requires = requires
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|error| wrong("requires", error))?;
        if let Some(reason) = policies.iter().find_map(|policy| unfit(each, &policy.tree)) {
            return Err(wrong("each", reason.to_owned()));
        }
        let asked = policies.iter().map(|policy| self.policy(&id, policy)).collect::<Result<_, _>>()?;
        Ok(Guardrail {
            description: text("description").unwrap_or(&id).to_owned(),
            severity,
            remedy: text("remedy").unwrap_or_default().to_owned(),
            remarks: text("remarks").map(str::to_owned).into_iter().collect(),
            each,
            requires,
            later: said.contains_key("later"),
            public: said.contains_key("public"),
            ..Guardrail::new(id, move || Body { policies: asked, cedar })
        })
    }

    fn policy(&self, id: &str, policy: &Numbered) -> Result<Policy, Fault> {
        let tree = &policy.tree;
        let caller = policy.annotation("caller");
        let demand = match (tree.effect, caller.as_deref()) {
            (Effect::Forbid, None) => Demand::Forbid,
            (Effect::Forbid, Some("as-given")) => Demand::ForbidAsGiven,
            (Effect::Permit, None) => Demand::Permit { caller_may_do_anything: false },
            (Effect::Permit, Some("anything")) => Demand::Permit { caller_may_do_anything: true },
            (effect, Some(other)) => {
                let message = format!(
                    "`{id}`: `@caller(\"{other}\")` is not understood on a {effect}: expected \"as-given\" on a forbid, \
                     \"anything\" on a permit"
                );
                return Err(self.fault_at(policy, "caller", message));
            }
        };
        let actions = head_actions(&tree.action)
            .map_err(|error| self.fault_at(policy, "id", format!("`{id}`: {error}")))?;
        let actions = split_actions(actions.iter().map(String::as_str));
        Ok(Policy { tree: tree.clone(), demand, actions })
    }

    /// The guardrails of the file, each fit for the schema and decidable.
    pub fn validated(mut self) -> Result<Vec<Guardrail>, Fault> {
        let set = self.parse()?;
        let validator = VALIDATOR.as_ref().map_err(|error| self.fault(format!("the schema: {error}")))?;
        let result = validator.validate(&set, ValidationMode::Strict);
        // Cedar finds them in no fixed order.
        let faults = result.validation_errors().map(|error| self.of_cedar(error));
        let place = |fault: &Fault| (fault.span.as_ref().map(|span| span.start), fault.message.clone());
        if let Some(first) = faults.min_by_key(place) {
            return Err(first);
        }
        let guardrails = self.guardrails(&set)?;
        let asking = Asking::of_everything();
        for (guardrail, policies) in &guardrails {
            for policy in policies {
                for way in [
                    Way::Direct,
                    Way::Mrap("arn:aws:s3::123456789012:accesspoint/m.mrap".to_owned()),
                    Way::AccessPoint,
                ] {
                    let lowering = Lowering { thorough: true, ..Lowering::new(&asking, &way) };
                    lowering.policy(&policy.tree).map_err(|error| {
                        self.fault_at(policy, "id", format!("`{}`: {error}", guardrail.id))
                    })?;
                }
            }
        }
        Ok(guardrails.into_iter().map(|(guardrail, _)| guardrail).collect())
    }
}

/// The policies of a set as they stand in its text.
fn in_order(set: &PolicySet) -> impl Iterator<Item = &CedarPolicy> {
    let mut policies: Vec<_> = set.policies().collect();
    // Cedar numbers them in their order; a file with more than ten has "policy10" after "policy9".
    policies.sort_by_key(|policy| {
        let id = policy.id().to_string();
        (id.len(), id)
    });
    policies.into_iter()
}

/// The number of a policy, from the id that Cedar gives it.
fn number(id: &str) -> Option<usize> {
    id.strip_prefix("policy")?.parse().ok()
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
