use super::expression::Instance;
use crate::hcl::{Budget, Step, instance_name};
use narrows_model::{Text, Value};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The parts of a plan, by address.
pub(super) struct Plan<'p> {
    whole: &'p Value,
    /// What is unknown of each managed resource.
    unknown: BTreeMap<&'p str, &'p Value>,
    /// What is known of each resource.
    planned: BTreeMap<&'p str, &'p Value>,
    /// The keys of each resource's instances, by its address without one.
    keys: BTreeMap<&'p str, Vec<Option<Step>>>,
    /// What data sources gave.
    data: BTreeMap<&'p str, &'p Value>,
    /// The data sources that are read when the plan is applied.
    deferred: BTreeMap<&'p str, &'p Value>,
    /// What was taken for granted of expressions that the plan does not show.
    assumed: RefCell<BTreeSet<String>>,
    /// How many values are said to be unknown in each way.
    unknowns: RefCell<BTreeMap<String, usize>>,
    /// The resources that are destroyed and made anew.
    replaced: BTreeSet<&'p str>,
    /// What resources that are destroyed had, by their type.
    deleted: BTreeMap<&'p str, Vec<&'p Value>>,
    pub(super) budget: Budget,
}

impl<'p> Plan<'p> {
    pub(super) fn of(whole: &'p Value, planned_values: &'p Value) -> Self {
        let mut plan = Self {
            whole,
            unknown: BTreeMap::new(),
            planned: BTreeMap::new(),
            keys: BTreeMap::new(),
            data: BTreeMap::new(),
            deferred: BTreeMap::new(),
            assumed: RefCell::default(),
            unknowns: RefCell::default(),
            replaced: BTreeSet::new(),
            deleted: BTreeMap::new(),
            budget: Budget::default(),
        };
        for change in whole.get("resource_changes").and_then(Value::items).unwrap_or_default() {
            let address = change.get("address").and_then(Value::as_str);
            let unknown = change.get("change").and_then(|change| change.get("after_unknown"));
            let actions = change.get("change").and_then(|change| change.get("actions")?.items());
            let has =
                |action: &str| actions.is_some_and(|it| it.iter().any(|it| it.as_str() == Some(action)));
            if has("create") && has("delete") {
                plan.replaced.extend(address);
            }
            let before = change.get("change").and_then(|change| change.get("before"));
            if let (Some(kind), Some(before), true) =
                (change.get("type").and_then(Value::as_str), before, has("delete"))
            {
                plan.deleted.entry(kind).or_default().push(before);
            }
            if let (Some(address), Some(unknown), None) = (address, unknown, change.get("deposed")) {
                plan.unknown.insert(address, unknown);
            }
        }
        if let Some(root) = planned_values.get("root_module") {
            plan.collect(root);
        }
        let prior = whole.get("prior_state").and_then(|state| state.get("values")?.get("root_module"));
        if let Some(root) = prior {
            plan.collect_data(root);
        }
        plan
    }

    fn collect(&mut self, module: &'p Value) {
        for resource in module.get("resources").and_then(Value::items).unwrap_or_default() {
            let address = resource.get("address").and_then(Value::as_str);
            if let (Some(address), Some("data")) = (address, resource.get("mode").and_then(Value::as_str)) {
                self.deferred.insert(address, resource);
            } else if let (Some(address), Some(values)) = (address, resource.get("values")) {
                let key = resource.get("index").and_then(super::instance_key);
                let whole = address.strip_suffix(instance_name("", key.as_ref()).as_str()).unwrap_or(address);
                self.keys.entry(whole).or_default().push(key);
                self.planned.insert(address, values);
            }
        }
        for child in module.get("child_modules").and_then(Value::items).unwrap_or_default() {
            self.collect(child);
        }
    }

    fn collect_data(&mut self, module: &'p Value) {
        for resource in module.get("resources").and_then(Value::items).unwrap_or_default() {
            let address = resource.get("address").and_then(Value::as_str);
            let is_data = resource.get("mode").and_then(Value::as_str) == Some("data");
            if let (Some(address), Some(values), true) = (address, resource.get("values"), is_data) {
                self.data.insert(address, values);
            }
        }
        for child in module.get("child_modules").and_then(Value::items).unwrap_or_default() {
            self.collect_data(child);
        }
    }

    /// Whether it is one that `narrows plan` has made, so that doing so again tells nothing more.
    pub(super) fn is_settled(&self) -> bool {
        self.whole.get(crate::symbolic::MEMBER).is_some()
    }

    fn configuration(&self, name: &str) -> Option<&'p Value> {
        self.whole.get("configuration")?.get(name)
    }

    /// The configurations of all `aws` providers, whichever name a module has for them.
    pub(super) fn provider_configs(&self) -> impl Iterator<Item = &'p Value> {
        let members = self.configuration("provider_config").and_then(Value::members).unwrap_or_default();
        let text = |value: &'p Value, name: &str| value.get(name).and_then(Value::as_str);
        let is_aws = move |value: &&'p Value| match text(value, "full_name") {
            Some(source) => source.rsplit('/').next() == Some("aws"),
            None => text(value, "name") == Some("aws"),
        };
        members.iter().map(|member| &member.value).filter(is_aws)
    }

    /// The configuration of one provider.
    pub(super) fn provider_config(&self, key: &str) -> Option<&'p Value> {
        self.configuration("provider_config")?.get(key)
    }

    /// What data sources gave, by address.
    pub(super) fn data_sources(&self) -> impl Iterator<Item = (&'p str, &'p Value)> {
        self.data.iter().map(|(address, values)| (*address, *values))
    }

    /// A data source that is read when the plan is applied, with what is known of its arguments.
    pub(super) fn deferred(&self, address: &str) -> Option<&'p Value> {
        self.deferred.get(address).copied()
    }

    /// A value that nothing is known of but this: no other one, since two that are unknown for one reason need not be equal.
    pub(super) fn new_unknown(&self, why: String) -> Text {
        let mut unknowns = self.unknowns.borrow_mut();
        let count = unknowns.entry(why.clone()).or_default();
        *count += 1;
        Text::unknown(match why.split_once(';') {
            _ if *count == 1 => why,
            Some((what, remedy)) => format!("{what} (value {count});{remedy}"),
            None => format!("{why} (value {count})"),
        })
    }

    /// Says what was taken for granted.
    pub(super) fn assume(&self, assumption: String) {
        self.assumed.borrow_mut().insert(assumption);
    }

    /// What was taken for granted so far.
    pub(super) fn assumed(&self) -> BTreeSet<String> {
        self.assumed.borrow().clone()
    }

    /// What a data source gave.
    pub(super) fn data_source(&self, address: &str) -> Option<&'p Value> {
        self.data.get(address).copied()
    }

    /// What the resources of a type had that the plan destroys.
    pub(super) fn deleted(&self, type_name: &str) -> impl Iterator<Item = &'p Value> {
        self.deleted.get(type_name).into_iter().flatten().copied()
    }

    /// Whether a resource is destroyed and made anew.
    pub(super) fn is_replaced(&self, address: &str) -> bool {
        self.replaced.contains(address)
    }

    /// What is unknown of a managed resource.
    pub(super) fn unknown(&self, address: &str) -> Option<&'p Value> {
        self.unknown.get(address).copied()
    }

    /// What is known of a managed resource.
    pub(super) fn known(&self, address: &str) -> Option<&'p Value> {
        self.planned.get(address).copied()
    }

    /// The value of a variable of the root module.
    pub(super) fn variable(&self, name: &str) -> Option<&'p Value> {
        self.whole.get("variables")?.get(name)?.get("value")
    }
}

/// One instance of a module.
#[derive(Clone)]
pub(super) struct Module<'p> {
    pub(super) plan: &'p Plan<'p>,
    /// What goes before the names of its resources, such as `module.app["eu"].`; empty in the root module.
    pub(super) prefix: String,
    configuration: Option<&'p Value>,
    /// Which instance of its call it is, and where the call stands.
    call: Option<Call<'p>>,
}

#[derive(Clone)]
struct Call<'p> {
    configuration: &'p Value,
    key: Option<Step>,
    parent: &'p Module<'p>,
}

impl<'p> Module<'p> {
    pub(super) fn root(plan: &'p Plan<'p>) -> Self {
        let configuration = plan.configuration("root_module");
        Self { plan, prefix: String::new(), configuration, call: None }
    }

    /// The child module whose address is given, as in `module.app["eu"]`.
    pub(super) fn child_at<'c>(&'c self, address: &str) -> Module<'c> {
        let last = address.strip_prefix(self.prefix.as_str()).unwrap_or(address);
        let last = last.strip_prefix("module.").unwrap_or(last);
        let (name, key) = match last.split_once('[') {
            Some((name, rest)) => (name, spelled_key(rest.strip_suffix(']').unwrap_or(rest))),
            None => (last, None),
        };
        self.child(name, key)
    }

    /// An instance of a child module.
    pub(super) fn child<'c>(&'c self, name: &str, key: Option<Step>) -> Module<'c> {
        let prefix = format!("{}module.{}.", self.prefix, instance_name(name, key.as_ref()));
        let call = self.configuration.and_then(|module| module.get("module_calls")?.get(name));
        Module {
            plan: self.plan,
            prefix,
            configuration: call.and_then(|call| call.get("module")),
            call: call.map(|configuration| Call { configuration, key, parent: self }),
        }
    }

    /// The configuration of a managed resource.
    pub(super) fn resource(&self, type_name: &str, name: &str) -> Option<&'p Value> {
        self.configured("managed", type_name, name)
    }

    /// The configuration of a managed resource or of a data source.
    pub(super) fn configured(&self, mode: &str, type_name: &str, name: &str) -> Option<&'p Value> {
        let is = |resource: &&Value, member: &str, text: &str| {
            resource.get(member).and_then(Value::as_str) == Some(text)
        };
        self.configuration?.get("resources")?.items()?.iter().find(|resource| {
            is(resource, "type", type_name) && is(resource, "name", name) && is(resource, "mode", mode)
        })
    }

    /// The instance keys of a managed resource that is planned.
    pub(super) fn instances(&self, type_name: &str, name: &str) -> &[Option<Step>] {
        self.plan.keys.get(self.address(type_name, name).as_str()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The address of a resource in this module.
    pub(super) fn address(&self, type_name: &str, name: &str) -> String {
        format!("{}{type_name}.{name}", self.prefix)
    }

    /// The expression that an output is.
    pub(super) fn output(&self, name: &str) -> Option<&'p Value> {
        self.configuration?.get("outputs")?.get(name)?.get("expression")
    }

    /// The default of a variable, a literal.
    pub(super) fn variable_default(&self, name: &str) -> Option<&'p Value> {
        self.configuration?.get("variables")?.get(name)?.get("default")
    }

    /// Whether this is the root module.
    pub(super) fn is_root(&self) -> bool {
        self.prefix.is_empty()
    }

    /// The expression that the module's call gives a variable.
    pub(super) fn argument(&self, name: &str) -> Option<&'p Value> {
        self.call.as_ref()?.configuration.get("expressions")?.get(name)
    }

    /// Where the module's call stands: its arguments mean something in the parent, with the instance's key.
    pub(super) fn caller(&self) -> Option<Instance<'p>> {
        let call = self.call.as_ref()?;
        let for_each = call.configuration.get("for_each_expression");
        Some(Instance { module: call.parent, key: call.key.clone(), for_each })
    }
}

/// An instance key as an address spells it between brackets.
pub(super) fn spelled_key(text: &str) -> Option<Step> {
    match text.parse() {
        Ok(index) => Some(Step::Index(index)),
        Err(_) => Some(Step::Key(serde_json::from_str(text).ok()?)),
    }
}
