use super::fields::Naming;
use super::merge;
use super::module::{Module, spelled_key};
use crate::error::ReadError;
use crate::hcl::{self, Scope, Step, instance_name, walk};
use crate::policy_document;
use narrows_model::{Kind, Reference, Text, Value, ValueKind};

/// Where an expression of the configuration stands: in an instance of a resource, a module call or an output.
#[derive(Clone)]
pub(super) struct Instance<'p> {
    pub(super) module: &'p Module<'p>,
    /// The key of the instance.
    pub(super) key: Option<Step>,
    /// The expression that the instances are made for.
    pub(super) for_each: Option<&'p Value>,
}

impl Scope for Instance<'_> {
    fn module_prefix(&self) -> &str {
        &self.module.prefix
    }

    fn lookup(&self, root: &str, steps: &[Step]) -> Option<Value> {
        let (Step::Name(name), rest) = steps.split_first()? else { return None };
        match (root, name.as_str()) {
            ("each", "key") | ("count", "index") if rest.is_empty() => self.key_value(),
            ("each", "value") => self.each_value(rest),
            ("var", name) if self.module.is_root() => walk(self.module.plan.variable(name)?, rest),
            ("var", name) => match (self.module.argument(name), self.module.caller()) {
                (Some(expression), Some(caller)) => walk(&caller.source(expression)?, rest),
                _ => walk(self.module.variable_default(name)?, rest),
            },
            ("module", name) => {
                let (key, rest) = match rest.split_first()? {
                    (Step::Name(_), _) => (None, rest),
                    (key, rest) => (Some(key.clone()), rest),
                };
                let (Step::Name(output), rest) = rest.split_first()? else { return None };
                let child = self.module.child(name, key);
                let inside = Instance { module: &child, key: None, for_each: None };
                walk(&inside.source(child.output(output)?)?, rest)
            }
            ("data", type_name) => {
                let (Step::Name(name), rest) = rest.split_first()? else { return None };
                let (key, rest) = match rest.split_first()? {
                    (Step::Name(_), _) => (None, rest),
                    (key, rest) => (Some(key), rest),
                };
                let address = self.module.address(&format!("data.{type_name}"), &instance_name(name, key));
                match (self.module.plan.data_source(&address), rest) {
                    (Some(values), rest) => walk(values, rest),
                    (None, [Step::Name(attribute)]) if type_name == policy_document::TYPE => {
                        self.document(&address, name, key.cloned(), attribute)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Values that the plan knows, of resources that Narrows does not model.
    fn known(&self, type_name: &str, steps: &[Step]) -> Option<Value> {
        let (Step::Name(name), rest) = steps.split_first()? else { return None };
        let (key, path) = match rest.split_first()? {
            (Step::Name(_), _) => (None, rest),
            (key, path) => (Some(key), path),
        };
        let reference = self.reference(type_name, steps)?;
        if !matches!(reference.resource.kind, Kind::Other(_)) {
            return None;
        }
        let address = self.module.address(type_name, &instance_name(name, key));
        let value = walk(self.module.plan.known(&address)?, path)?;
        matches!(value.kind, ValueKind::Text(_) | ValueKind::Number(_) | ValueKind::Bool(_)).then_some(value)
    }
}

impl<'p> Instance<'p> {
    /// An attribute of a policy document that is read when the plan is applied.
    fn document(&self, address: &str, name: &str, key: Option<Step>, attribute: &str) -> Option<Value> {
        let plan = self.module.plan;
        let planned = plan.deferred(address)?;
        let configuration = self.module.configured("data", policy_document::TYPE, name);
        let for_each = configuration.and_then(|it| it.get("for_each_expression"));
        let inside = Instance { module: self.module, key, for_each };
        let arguments = plan.budget.spend(|| {
            merge::arguments(planned, configuration, address, policy_document::TYPE, &inside).ok()
        })?;
        policy_document::attribute(&arguments, address, attribute)
    }

    /// The document that an expression is, if all that is known is what it refers to: a policy document's JSON and nothing
    /// else. Names what is taken for that.
    pub(super) fn referred_document(&self, expression: &Value) -> Option<(Value, String)> {
        self.module.plan.budget.spend(|| {
            let [only] = <[String; 1]>::try_from(references(expression)).ok()?;
            if let Some(variable) = only.strip_prefix("var.").filter(|_| !self.module.is_root()) {
                return self.module.caller()?.referred_document(self.module.argument(variable)?);
            }
            if let Some((module, output)) = only.strip_prefix("module.").and_then(|rest| rest.split_once('.'))
            {
                let (name, key) = match module.split_once('[') {
                    Some((name, key)) => (name, spelled_key(key.strip_suffix(']')?)),
                    None => (module, None),
                };
                let child = self.module.child(name, key);
                let inside = Instance { module: &child, key: None, for_each: None };
                return inside.referred_document(child.output(output)?);
            }
            let is_document = only.starts_with(&format!("data.{}.", policy_document::TYPE))
                && [".json", ".minified_json"].iter().any(|attribute| only.ends_with(attribute));
            is_document.then(|| Some((self.value_at(&only)?, format!("{}{only}", self.module.prefix))))?
        })
    }

    fn key_value(&self) -> Option<Value> {
        Some(match self.key.as_ref()? {
            Step::Index(index) => Value::new(ValueKind::Number(index.to_string().into())),
            Step::Key(key) | Step::Name(key) => Value::text(key.as_str()),
        })
    }

    fn each_value(&self, rest: &[Step]) -> Option<Value> {
        if let Some((type_name, name)) = self.for_each_resource() {
            let steps: Vec<Step> =
                [Step::Name(name), self.key.clone()?].into_iter().chain(rest.iter().cloned()).collect();
            return Some(Value::text(Text::from(self.reference(&type_name, &steps)?)));
        }
        let collection = self.for_each?.get("constant_value")?;
        let Some(Step::Key(key)) = &self.key else { return None };
        // The keys of a map may be templates; of a set each value is its key.
        let resolved = hcl::resolve(collection, self).ok()?;
        walk(resolved.get(key)?, rest)
    }

    /// The resource whose instances the instances here are made for, one for each.
    fn for_each_resource(&self) -> Option<(String, String)> {
        let expression = self.for_each?;
        let [only] = <[String; 1]>::try_from(references(expression)).ok()?;
        if let Some(source) = expression.get("constant_value")
            && source.as_str()?.trim() != format!("${{{only}}}")
        {
            return None;
        }
        let (type_name, name) = only.split_once('.')?;
        let exists = self.module.instances(type_name, name).contains(&self.key);
        exists.then(|| (type_name.to_owned(), name.to_owned()))
    }

    /// The value of an expression whose source text, or value, the plan holds.
    fn source(&self, expression: &Value) -> Option<Value> {
        self.module.plan.budget.spend(|| self.source_text(expression))
    }

    fn source_text(&self, expression: &Value) -> Option<Value> {
        if let Some(source) = expression.get("constant_value") {
            return match expression.get("references") {
                // Without references it is a value, unless it is the text of a template.
                None if !holds_template(source) => Some(source.clone()),
                _ => hcl::resolve(source, self).ok(),
            };
        }
        let [only] = <[String; 1]>::try_from(references(expression)).ok()?;
        self.value_at(&only)
    }

    /// The value that an address means here.
    fn value_at(&self, address: &str) -> Option<Value> {
        let value = hcl::parse(&format!("${{{address}}}"), &narrows_model::Location::none(), self).ok()?;
        value.as_text().is_none_or(|text| text.first_unknown().is_none()).then_some(value)
    }

    /// The value of a field that is known after apply.
    pub(super) fn value(&self, expression: &Value, type_name: &str, path: &str) -> Result<Value, ReadError> {
        if let Some(source) = expression.get("constant_value") {
            return hcl::resolve(source, self);
        }
        let naming = Naming::of(type_name, path);
        let named = naming.and_then(|naming| self.named(expression, &naming));
        let unknown = || self.module.plan.new_unknown(self.after_apply(&references(expression)));
        let text = named.map_or_else(unknown, Text::from);
        Ok(Value { kind: ValueKind::Text(text), location: expression.location.clone() })
    }

    /// The one fitting value that an expression refers to.
    fn named(&self, expression: &Value, naming: &Naming) -> Option<Reference> {
        self.module.plan.budget.spend(|| self.one_named(expression, naming))
    }

    fn one_named(&self, expression: &Value, naming: &Naming) -> Option<Reference> {
        if expression.get("constant_value").is_some() {
            return naming.fits(self.source(expression)?.as_text()?.as_reference()?);
        }
        let references = references(expression);
        let (address, key) = match references.as_slice() {
            [only] => (only, None),
            [resource, key] if key == "each.key" || key == "count.index" => (resource, self.key.as_ref()),
            [key, resource] if key == "each.key" || key == "count.index" => (resource, self.key.as_ref()),
            _ => return None,
        };
        if let Some(key) = key {
            // `aws_s3_bucket.data[each.key].id`: the plan holds the resource and the key, not what follows.
            let (type_name, name) = address.split_once('.')?;
            let exists = self.module.instances(type_name, name).contains(&Some(key.clone()));
            return naming.of_resource(exists.then(|| self.resource(type_name, name, Some(key)))?);
        }
        if let Some(variable) = address.strip_prefix("var.").filter(|_| !self.module.is_root()) {
            return self.module.caller()?.named(self.module.argument(variable)?, naming);
        }
        if let Some((module, output)) = address.strip_prefix("module.").and_then(|rest| rest.split_once('.'))
        {
            let (name, key) = match module.split_once('[') {
                Some((name, key)) => (name, spelled_key(key.strip_suffix(']')?)),
                None => (module, None),
            };
            let child = self.module.child(name, key);
            let inside = Instance { module: &child, key: None, for_each: None };
            return inside.named(child.output(output)?, naming);
        }
        naming.fits(self.value_at(address)?.as_text()?.as_reference()?)
    }

    /// The values of an argument that is a list, for its elements that are known after apply.
    pub(super) fn elements(
        &self,
        expression: &Value,
        type_name: &str,
        path: &str,
        count: usize,
    ) -> Vec<Text> {
        let references = references(expression);
        let naming = Naming::of(type_name, path);
        let named = |address: &String| {
            naming.as_ref()?.fits(self.value_at(address)?.as_text()?.as_reference()?).map(Text::from)
        };
        let found: Option<Vec<Text>> = references.iter().map(named).collect();
        found.filter(|found| found.len() == count).unwrap_or_else(|| {
            (0..count).map(|_| self.module.plan.new_unknown(self.after_apply(&references))).collect()
        })
    }

    /// What is said in the place of a value that nobody knows before the plan is applied.
    fn after_apply(&self, references: &[String]) -> String {
        match (references, self.module.plan.is_settled()) {
            ([], false) => "known after apply; narrows plan may work it out".to_owned(),
            ([], true) => "known after apply".to_owned(),
            (_, false) => {
                format!("known after apply, from {}; narrows plan works it out", references.join(", "))
            }
            (_, true) => format!("known after apply, from {}", references.join(", ")),
        }
    }

    /// What is said in the place of a value in a block that the configuration inside the plan does not show.
    pub(super) fn in_dynamic_block(&self) -> Text {
        let why = match self.module.plan.is_settled() {
            false => "known after apply, in a dynamic block; narrows plan works it out",
            true => "known after apply, in a dynamic block",
        };
        self.module.plan.new_unknown(why.to_owned())
    }
}

/// Whether a value holds text that is a template of more than literals.
fn holds_template(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Text(text) => {
            text.as_literal().is_some_and(|text| text.contains("${") || text.contains("%{"))
        }
        ValueKind::List(items) => items.iter().any(holds_template),
        ValueKind::Object(members) => members.iter().any(|member| holds_template(&member.value)),
        _ => false,
    }
}

/// What an expression refers to, each at its longest: Terraform lists `a.b.arn` and `a.b` for one.
pub(super) fn references(expression: &Value) -> Vec<String> {
    let listed = expression.get("references").and_then(Value::items).unwrap_or_default();
    let all: Vec<&str> = listed.iter().filter_map(Value::as_str).collect();
    let is_longer = |long: &str, short: &str| {
        long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.') || rest.starts_with('['))
    };
    let mut longest: Vec<String> = Vec::new();
    for reference in &all {
        let known = longest.iter().any(|other| other == reference);
        if !known && !all.iter().any(|other| is_longer(other, reference)) {
            longest.push((*reference).to_owned());
        }
    }
    longest
}
