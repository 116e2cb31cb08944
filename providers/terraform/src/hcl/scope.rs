use crate::kinds;
use narrows_model::{Kind, Reference, ResourceId, Value};
use std::cell::Cell;

/// One step from a value into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// `.name`
    Name(String),
    /// `["key"]`
    Key(String),
    /// `[0]`
    Index(u64),
}

/// What names mean where an expression stands.
pub(crate) trait Scope {
    /// What a name that is not a resource's (`local`, `var`, `each`, `data` …) means, with the steps after it.
    ///
    /// `None` where that cannot be known from the input.
    fn lookup(&self, root: &str, steps: &[Step]) -> Option<Value>;

    /// The value of a resource, where it is known and better than a reference to it.
    fn known(&self, _type_name: &str, _steps: &[Step]) -> Option<Value> {
        None
    }

    /// What goes before a resource's name: the path of the module instance that it is in, with a dot, or nothing.
    fn module_prefix(&self) -> &str {
        ""
    }

    /// The resource that an address means, in this module.
    fn resource(&self, type_name: &str, name: &str, key: Option<&Step>) -> ResourceId {
        let name = format!("{}{}", self.module_prefix(), instance_name(name, key));
        ResourceId::new(kinds::kind_of(type_name), name)
    }

    /// The value that an address with steps after it means; `None` where the steps do not end at an attribute.
    fn reference(&self, type_name: &str, steps: &[Step]) -> Option<Reference> {
        let (Step::Name(name), rest) = steps.split_first()? else { return None };
        let (key, path) = match rest.split_first() {
            Some((Step::Name(_), _)) => (None, rest),
            Some((key, path)) => (Some(key), path),
            None => return None,
        };
        if !matches!(path.first(), Some(Step::Name(_))) {
            return None;
        }
        let resource = self.resource(type_name, name, key);
        let attribute = kinds::attribute_of(&resource.kind, spell_steps(path).trim_start_matches('.'));
        Some(resource.attribute(attribute))
    }
}

/// Bounds the work of replacing a name: it may stand for other names, but not without end.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    depth: Cell<usize>,
    spent: Cell<usize>,
}

impl Budget {
    /// How many names may stand for one another.
    const DEPTH: usize = 64;
    /// How many names one name may be made of in all.
    const NAMES: usize = 10_000;

    /// Runs a replacement; `None` where it goes too far, so that the name stays unknown.
    pub(crate) fn spend<T>(&self, replace: impl FnOnce() -> Option<T>) -> Option<T> {
        let depth = self.depth.get();
        let spent = if depth == 0 { 0 } else { self.spent.get() };
        if depth >= Self::DEPTH || spent >= Self::NAMES {
            return None;
        }
        self.spent.set(spent + 1);
        self.depth.set(depth + 1);
        let found = replace();
        self.depth.set(depth);
        found
    }
}

/// Names at the start of an expression that no resource type has.
pub(crate) fn is_reserved(root: &str) -> bool {
    ["var", "local", "data", "module", "each", "count", "path", "terraform", "self", "ephemeral", "provider"]
        .contains(&root)
}

/// A resource's name with its instance key, as in `data["eu"]`.
pub(crate) fn instance_name(name: &str, key: Option<&Step>) -> String {
    format!("{name}{}", spell_steps(key.map(std::slice::from_ref).unwrap_or_default()))
}

/// Steps as an expression spells them.
pub(crate) fn spell_steps(steps: &[Step]) -> String {
    let spell = |step: &Step| match step {
        Step::Name(name) => format!(".{name}"),
        Step::Key(key) => format!("[{}]", serde_json::Value::from(key.as_str())),
        Step::Index(index) => format!("[{index}]"),
    };
    steps.iter().map(spell).collect()
}

/// The value that steps lead to.
pub(crate) fn walk(value: &Value, steps: &[Step]) -> Option<Value> {
    let mut at = value;
    for step in steps {
        at = match step {
            Step::Name(name) | Step::Key(name) => at.get(name)?,
            Step::Index(index) => at.items()?.get(usize::try_from(*index).ok()?)?,
        };
    }
    Some(at.clone())
}

/// A reference to the name of an MRAP whose id is referred to; its id is `<account>:<name>`.
pub(crate) fn name_of_mrap(reference: &Reference) -> Option<Reference> {
    let is_id = reference.resource.kind == Kind::MultiRegionAccessPoint
        && reference.attribute == narrows_model::Attribute::Id;
    is_id.then(|| reference.resource.attribute(narrows_model::Attribute::Other("name".to_owned())))
}
