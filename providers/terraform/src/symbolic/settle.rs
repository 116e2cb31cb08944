//! Two plans of one configuration as one.

use super::compare::{Comparison, Subject, Unknown};
use super::normal::{Both, Spelling};
use super::owner::{self, Owner};
use super::resources::{self, Shown};
use super::unset::Unset;
use super::{ACCOUNT, ASSUMPTIONS, Given, ONE_ACCOUNT, REGION, VERSION, configuration};
use narrows_model::AccountId;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The member of a settled plan that says what its symbols mean.
pub const MEMBER: &str = "narrows_symbols";

/// What two plans with different symbols do not show.
const NO_LITERAL: &str = "a text that is known only after apply is not null, not empty, and none of those that the configuration compares it with";

/// Why two plans cannot be settled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettleError {
    /// One of them is no plan.
    #[error(
        "what the engine printed is no plan: expected `planned_values`, as terraform show -json prints them"
    )]
    NoPlan,
    /// There are more symbols than characters to stand for them.
    #[error(
        "the plan has more than 65,000 values that are known after apply: expected fewer; check a smaller configuration"
    )]
    TooMany,
    /// Which resources there are depends on a symbol.
    #[error(
        "whether there is a `{address}` depends on values that are not known before it is applied{}: expected resources \
         that do not depend on them; give the value with --set TYPE.ATTRIBUTE=VALUE",
        from(.references)
    )]
    Resources {
        /// The resource, data source or instance that one of the plans has.
        address: String,
        /// What `count` or `for_each` refers to.
        references: Vec<String>,
    },
}

fn from(references: &[String]) -> String {
    if references.is_empty() { String::new() } else { format!(" ({})", references.join(", ")) }
}

/// A plan of a configuration, with what was made up for it.
#[derive(Clone, Copy, Debug)]
pub struct Evaluated<'p> {
    /// What the engine prints as JSON.
    pub plan: &'p Value,
    /// What was made up.
    pub given: &'p [Given],
}

/// Settles plans of one configuration, which were made with different symbols: the second differs from the first in all of
/// them, and so does the third, where there is one.
///
/// What an argument that is unset comes to is left to the provider, as any attribute that the configuration does not give.
/// The result is a plan that creates everything: what the engine printed first, with the data sources that were read, and
/// [`MEMBER`]. It is the same for the same configuration. What it holds is the same in all plans.
///
/// # Errors
/// Where one is no plan, or which resources there are depends on a symbol.
pub fn settle(
    first: Evaluated<'_>,
    second: Evaluated<'_>,
    third: Option<Evaluated<'_>>,
    unset: &Unset,
) -> Result<Value, SettleError> {
    let planned = resources::planned(first.plan).into_iter();
    let unset = planned.filter_map(|shown| Some((shown.address, unset.of(&shown)?))).collect();
    let Some(third) = third else { return common(first, second, Spelling::Settled, &unset) };
    let plan = common(first, second, Spelling::First, &unset)?;
    common(Evaluated { plan: &plan, given: first.given }, third, Spelling::Settled, &unset)
}

/// The paths of arguments that are unset, by the address of the resource in the first plan.
type Paths<'u> = BTreeMap<&'u str, &'u BTreeSet<String>>;

/// What two plans have in common, as a plan.
fn common(
    first: Evaluated<'_>,
    second: Evaluated<'_>,
    spelling: Spelling,
    unset: &Paths<'_>,
) -> Result<Value, SettleError> {
    if [first, second].iter().any(|it| it.plan.get("planned_values").is_none()) {
        return Err(SettleError::NoPlan);
    }
    let [symbols, others] = [first, second].map(|it| owner::symbols(it.plan, it.given));
    let both = Both::of(&symbols, &others, spelling)?;
    let (first, second) = (first.plan, second.plan);
    let mut settled = Settled::of(first, second, &both, unset)?;
    let mut plan = first.clone();
    if let Some(root) = plan.get_mut("planned_values").and_then(|values| values.get_mut("root_module")) {
        settled.module(root, Side::Planned);
    }
    let read = resources::read(first);
    let prior = plan.get_mut("prior_state").and_then(|prior| prior.get_mut("values")?.get_mut("root_module"));
    match prior.filter(|_| !read.is_empty()) {
        Some(root) => settled.module(root, Side::Read),
        None => remove(&mut plan, &["prior_state"]),
    }
    settled.changes(&mut plan);
    settled.outputs(&mut plan, second);
    // What tells of the engine's states and clock, and what is derived from what was settled.
    remove(&mut plan, &["timestamp", "resource_drift", "output_changes", "relevant_attributes", "checks"]);
    let told = told(&both, &settled.comparison.unknown);
    if let Some(plan) = plan.as_object_mut() {
        plan.insert(MEMBER.to_owned(), told);
    }
    Ok(plan)
}

/// Where a configuration is deployed to, as far as its providers tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The one account that all of them work in, where it is known.
    pub account: Option<AccountId>,
    /// Whether all of them work in one account.
    pub is_one_account: bool,
    /// What was taken for granted of them.
    pub assumptions: BTreeSet<String>,
}

/// Notes in a settled plan where it is deployed to.
pub fn set_target(plan: &mut Value, target: &Target) {
    let Some(member) = plan.get_mut(MEMBER).and_then(Value::as_object_mut) else { return };
    member.insert(ACCOUNT.to_owned(), target.account.as_ref().map(AccountId::as_str).into());
    member.insert(ONE_ACCOUNT.to_owned(), target.is_one_account.into());
    if let Some(assumed) = member.get_mut(ASSUMPTIONS).and_then(Value::as_array_mut) {
        assumed.extend(target.assumptions.iter().map(|it| it.as_str().into()));
    }
}

fn remove(value: &mut Value, names: &[&str]) {
    if let Some(members) = value.as_object_mut() {
        names.iter().for_each(|name| drop(members.remove(*name)));
    }
}

/// The member that says what the symbols mean.
fn told(both: &Both, unknown: &[Unknown]) -> Value {
    let symbols = both.told.iter().filter_map(|symbol| {
        let (address, attribute) = match &symbol.owner {
            Owner::Attribute { address, attribute } => (address.as_str(), attribute.as_str()),
            Owner::Account => ("", ACCOUNT),
            Owner::Region => ("", REGION),
            Owner::Nobody => return None,
        };
        Some((address, attribute, &symbol.text, &symbol.token))
    });
    let mut symbols: Vec<_> = symbols.collect();
    symbols.sort_unstable();
    let symbol = |(address, attribute, text, token): (&str, &str, &String, &String)| json!({"text": text, "token": token, "address": address, "attribute": attribute});
    let unknown = unknown
        .iter()
        .map(|it| json!({"text": it.text, "address": it.address, "path": it.path, "why": it.why}));
    let assumed = (!symbols.is_empty()).then_some(NO_LITERAL);
    json!({
        "version": VERSION,
        "symbols": symbols.into_iter().map(symbol).collect::<Vec<_>>(),
        "unknown": unknown.collect::<Vec<_>>(),
        ASSUMPTIONS: assumed.into_iter().collect::<Vec<_>>(),
    })
}

/// Which part of a plan a resource stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Planned,
    Read,
}

/// The resources of a plan, by their addresses with symbols spelled alike, with what is unknown of each.
type Resources<'p> = BTreeMap<(Side, String), (Shown<'p>, Option<&'p Value>)>;

struct Settled<'p> {
    both: &'p Both,
    comparison: Comparison<'p>,
    unset: &'p Paths<'p>,
    first: Resources<'p>,
    second: Resources<'p>,
    /// The values of each planned resource that is settled, and what of them is unknown, by its address.
    done: BTreeMap<String, (Value, Value)>,
}

fn collect<'p>(plan: &'p Value, normal: &super::normal::Normal) -> Resources<'p> {
    let unknown = resources::unknown(plan);
    let planned = resources::planned(plan).into_iter().map(|shown| (Side::Planned, shown));
    let read = resources::read(plan).into_iter().map(|shown| (Side::Read, shown));
    let keyed = planned.chain(read).map(|(side, shown)| {
        let open = unknown.get(shown.address).copied().filter(|_| side == Side::Planned);
        ((side, normal.text(shown.address)), (shown, open))
    });
    keyed.collect()
}

impl<'p> Settled<'p> {
    fn of(
        first: &'p Value,
        second: &'p Value,
        both: &'p Both,
        unset: &'p Paths<'p>,
    ) -> Result<Self, SettleError> {
        let (first, second) = (collect(first, &both.first), collect(second, &both.second));
        for (one, other) in [(&first, &second), (&second, &first)] {
            if let Some((_, (shown, _))) = one.iter().find(|(key, _)| !other.contains_key(key)) {
                return Err(SettleError::Resources {
                    address: shown.address.to_owned(),
                    references: configuration::references_of_number(shown.configuration),
                });
            }
        }
        Ok(Self { both, comparison: Comparison::new(both), unset, first, second, done: BTreeMap::new() })
    }

    /// Settles the resources of a module of the first plan in place.
    fn module(&mut self, module: &mut Value, side: Side) {
        let Some(members) = module.as_object_mut() else { return };
        if let Some(resources) = members.get_mut("resources").and_then(Value::as_array_mut) {
            if side == Side::Read {
                resources.retain(|it| it.get("mode").and_then(Value::as_str) == Some("data"));
            }
            resources.iter_mut().for_each(|resource| self.resource(resource, side));
        }
        for child in members.get_mut("child_modules").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(child) = child.as_object_mut() {
                self.spell(child, "address");
            }
            self.module(child, side);
        }
    }

    fn resource(&mut self, resource: &mut Value, side: Side) {
        let Some(members) = resource.as_object_mut() else { return };
        let address = members.get("address").and_then(Value::as_str).unwrap_or_default().to_owned();
        let key = (side, self.both.first.text(&address));
        self.spell(members, "address");
        self.spell(members, "index");
        let (Some((shown, open)), Some((other, other_open))) = (self.first.get(&key), self.second.get(&key))
        else {
            return;
        };
        let spelled = self.both.spell(&key.1);
        let unset = self.unset.get(address.as_str()).copied();
        let subject = Subject { address: &spelled, configuration: shown.configuration, unset };
        let sides = ((shown.values(), *open), (other.values(), *other_open));
        let (values, unknown) = self.comparison.resource(subject, sides.0, sides.1);
        members.insert("values".to_owned(), values.clone());
        if side == Side::Planned {
            self.done.insert(address, (values, unknown));
        }
    }

    /// Spells the symbols in a member as the settled plan does.
    fn spell(&self, members: &mut Map<String, Value>, name: &str) {
        if let Some(Value::String(text)) = members.get_mut(name) {
            *text = self.both.spell(&self.both.first.text(text));
        }
    }

    /// Has the changes create what is planned: the engine may have been told that some of it exists.
    fn changes(&self, plan: &mut Value) {
        let Some(changes) = plan.get_mut("resource_changes").and_then(Value::as_array_mut) else { return };
        changes.retain_mut(|change| {
            let address = change.get("address").and_then(Value::as_str).unwrap_or_default();
            let Some((values, unknown)) = self.done.get(address) else { return false };
            let is_managed = change.get("mode").and_then(Value::as_str) == Some("managed");
            remove(change, &["action_reason", "previous_address", "deposed"]);
            if let Some(members) = change.as_object_mut() {
                for name in ["address", "module_address", "index"] {
                    self.spell(members, name);
                }
            }
            let Some(inner) = change.get_mut("change").and_then(Value::as_object_mut) else { return false };
            if is_managed {
                inner.insert("actions".to_owned(), json!(["create"]));
                inner.insert("before".to_owned(), Value::Null);
                inner.insert("before_sensitive".to_owned(), false.into());
            }
            inner.insert("after".to_owned(), values.clone());
            inner.insert("after_unknown".to_owned(), unknown.clone());
            inner.retain(|name, _| {
                !["replace_paths", "importing", "generated_config"].contains(&name.as_str())
            });
            true
        });
    }

    fn outputs(&mut self, plan: &mut Value, second: &Value) {
        let outputs = plan.get_mut("planned_values").and_then(|it| it.get_mut("outputs")?.as_object_mut());
        for (name, output) in outputs.into_iter().flatten() {
            let other =
                second.get("planned_values").and_then(|it| it.get("outputs")?.get(name)?.get("value"));
            if output.get("value").is_none() && other.is_none() {
                continue;
            }
            let value = self.comparison.output(name, output.get("value"), other);
            if let Some(output) = output.as_object_mut() {
                output.insert("value".to_owned(), value);
            }
        }
    }
}
