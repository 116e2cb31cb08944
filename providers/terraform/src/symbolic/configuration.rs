//! What the configuration inside a plan gives for a value.

use serde_json::Value;

/// The configuration of one resource or data source.
pub(super) fn of_resource<'p>(
    plan: &'p Value,
    modules: &[String],
    (mode, type_name, name): (&str, &str, &str),
) -> Option<&'p Value> {
    let root = plan.get("configuration")?.get("root_module")?;
    let module =
        modules.iter().try_fold(root, |module, name| module.get("module_calls")?.get(name)?.get("module"))?;
    let is = |resource: &&Value, member: &str, text: &str| {
        resource.get(member).and_then(Value::as_str) == Some(text)
    };
    module.get("resources")?.as_array()?.iter().find(|resource| {
        is(resource, "mode", mode) && is(resource, "type", type_name) && is(resource, "name", name)
    })
}

/// Who gives a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'p> {
    /// Expressions by name: those of the resource, or of its blocks of one type.
    Blocks(&'p [Value]),
    /// An expression of the configuration.
    Configured,
    /// The provider: the configuration says nothing.
    Provider,
    /// The plan does not show it: it may be in a dynamic block.
    Hidden,
}

impl<'p> Source<'p> {
    /// What is given for the arguments of a resource.
    pub(super) fn of(configuration: Option<&'p Value>) -> Self {
        match configuration.and_then(|configuration| configuration.get("expressions")) {
            Some(expressions) => Self::Blocks(std::slice::from_ref(expressions)),
            // A resource without arguments has no expressions.
            None if configuration.is_some() => Self::Blocks(&[]),
            None => Self::Hidden,
        }
    }

    /// What is given for a member that has these values in two plans.
    pub(super) fn member_of_both(self, name: &str, first: Option<&Value>, second: Option<&Value>) -> Self {
        // Blocks that only one of the plans has are blocks all the same.
        let blocks = [first, second].into_iter().flatten().find(|value| holds_objects(value));
        self.member(name, blocks.or(first).or(second))
    }

    /// What is given for a member that has this value.
    pub(super) fn member(self, name: &str, value: Option<&Value>) -> Self {
        let Self::Blocks(blocks) = self else { return self.inner() };
        let given: Vec<&Value> = blocks.iter().filter_map(|block| block.get(name)).collect();
        match given.as_slice() {
            [] if value.is_some_and(holds_objects) => Self::Hidden,
            [] => Self::Provider,
            [Value::Array(inner)] if Some(inner.len()) == value.and_then(Value::as_array).map(Vec::len) => {
                Self::Blocks(inner)
            }
            [Value::Array(_), ..] => Self::Hidden,
            _ => Self::Configured,
        }
    }

    /// What is given for the parts of a value that is no list of blocks.
    fn inner(self) -> Self {
        match self {
            Self::Blocks(_) | Self::Hidden => Self::Hidden,
            other => other,
        }
    }

    /// Whether the plan shows that the configuration gives the value.
    pub(super) fn is_configuration(self) -> bool {
        matches!(self, Self::Configured | Self::Blocks(_))
    }

    /// Whether the value is that of blocks, whose members the schema tells.
    pub(super) fn is_blocks(self) -> bool {
        matches!(self, Self::Blocks(_))
    }

    /// Whether the plan does not show who gives the value.
    pub(super) fn is_hidden(self) -> bool {
        matches!(self, Self::Hidden)
    }

    /// Whether nothing but the provider can have given the value.
    pub(super) fn is_provider(self) -> bool {
        matches!(self, Self::Provider)
    }
}

/// Whether a value can be that of blocks, which a dynamic block would hide.
fn holds_objects(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().any(Value::is_object))
}

/// What the expressions for an argument or for blocks refer to, each at its longest, in order.
pub(super) fn references(configuration: Option<&Value>, argument: &str) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(given) = configuration.and_then(|it| it.get("expressions")?.get(argument)) {
        collect(given, &mut all);
    }
    longest(&all)
}

/// What the number of a resource's instances is made from.
pub(super) fn references_of_number(configuration: Option<&Value>) -> Vec<String> {
    let mut all = Vec::new();
    for expression in ["count_expression", "for_each_expression"] {
        if let Some(given) = configuration.and_then(|it| it.get(expression)) {
            collect(given, &mut all);
        }
    }
    longest(&all)
}

fn collect<'v>(given: &'v Value, all: &mut Vec<&'v str>) {
    match given {
        Value::Array(items) => items.iter().for_each(|item| collect(item, all)),
        Value::Object(members) => match members.get("references").and_then(Value::as_array) {
            Some(references) => all.extend(references.iter().filter_map(Value::as_str)),
            None => members.values().for_each(|value| collect(value, all)),
        },
        _ => {}
    }
}

fn longest(all: &[&str]) -> Vec<String> {
    let is_longer = |long: &str, short: &str| {
        long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.') || rest.starts_with('['))
    };
    let mut longest: Vec<String> = Vec::new();
    for reference in all {
        let known = longest.iter().any(|other| other == reference);
        if !known && !all.iter().any(|other| is_longer(other, reference)) {
            longest.push((*reference).to_owned());
        }
    }
    longest
}
