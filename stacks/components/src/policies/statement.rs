use narrows_model::{Text, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A statement in the making; conditions come out by operator and key, in alphabetical order.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    sid: String,
    effect: &'static str,
    principal: Option<Value>,
    actions: Vec<&'static str>,
    resources: Vec<Text>,
    conditions: BTreeMap<&'static str, BTreeMap<&'static str, Vec<Text>>>,
}

impl Statement {
    fn new(sid: impl Into<String>, effect: &'static str, principal: Option<Value>) -> Self {
        let (actions, resources, conditions) = (Vec::new(), Vec::new(), BTreeMap::new());
        Self { sid: sid.into(), effect, principal, actions, resources, conditions }
    }

    /// A Deny for everyone: `*`, which covers services and anonymous callers too.
    pub(super) fn deny(sid: impl Into<String>) -> Self {
        Self::new(sid, "Deny", Some(Value::text("*")))
    }

    /// An Allow for everyone.
    pub(super) fn allow_everyone(sid: impl Into<String>) -> Self {
        Self::new(sid, "Allow", Some(Value::text("*")))
    }

    /// An Allow for one role.
    pub(super) fn allow_role(sid: impl Into<String>, role: &str) -> Self {
        Self::new(sid, "Allow", Some(Value::object([("AWS", Value::text(role))])))
    }

    /// An Allow for one service.
    pub(super) fn allow_service(sid: impl Into<String>, service: &str) -> Self {
        Self::new(sid, "Allow", Some(Value::object([("Service", Value::text(service))])))
    }

    /// An Allow in an identity policy, which has no principal.
    pub(super) fn allow_self(sid: impl Into<String>) -> Self {
        Self::new(sid, "Allow", None)
    }

    pub(super) fn action(self, action: &'static str) -> Self {
        self.actions([action])
    }

    pub(super) fn actions(mut self, actions: impl IntoIterator<Item = &'static str>) -> Self {
        self.actions.extend(actions);
        self
    }

    pub(super) fn resource(self, resource: Text) -> Self {
        self.resources(&[resource])
    }

    pub(super) fn resources(mut self, resources: &[Text]) -> Self {
        self.resources.extend_from_slice(resources);
        self
    }

    /// Adds a condition; all that a statement has must hold. No values add nothing.
    pub(super) fn condition(
        mut self,
        operator: &'static str,
        key: &'static str,
        values: impl IntoIterator<Item = Text>,
    ) -> Self {
        let mut values = values.into_iter().peekable();
        if values.peek().is_some() {
            self.conditions.entry(operator).or_default().entry(key).or_default().extend(values);
        }
        self
    }

    /// The same under another Sid.
    pub(super) fn called(mut self, sid: impl Into<String>) -> Self {
        self.sid = sid.into();
        self
    }

    /// The Sid.
    pub(super) fn sid(&self) -> &str {
        &self.sid
    }

    fn into_value(self) -> Value {
        let mut members = vec![("Sid", Value::text(self.sid)), ("Effect", Value::text(self.effect))];
        members.extend(self.principal.map(|principal| ("Principal", principal)));
        members.push(("Action", one_or_many(self.actions.into_iter().map(Text::from))));
        if !self.resources.is_empty() {
            members.push(("Resource", one_or_many(self.resources)));
        }
        if !self.conditions.is_empty() {
            let keys = |keys: BTreeMap<&'static str, Vec<Text>>| {
                Value::object(keys.into_iter().map(|(key, values)| (key, one_or_many(values))))
            };
            let operators = self.conditions.into_iter().map(|(operator, it)| (operator, keys(it)));
            members.push(("Condition", Value::object(operators)));
        }
        Value::object(members)
    }
}

fn one_or_many(texts: impl IntoIterator<Item = Text>) -> Value {
    let mut values: Vec<_> = texts.into_iter().map(Value::text).collect();
    match values.pop() {
        Some(only) if values.is_empty() => only,
        last => Value::list(values.into_iter().chain(last)),
    }
}

/// A policy document of these statements, as JSON text; a Sid that comes again gets a number.
pub(super) fn document(statements: impl IntoIterator<Item = Statement>) -> Value {
    let mut seen = BTreeSet::new();
    let mut values = Vec::new();
    for statement in statements {
        let candidates =
            (1_usize..).map(|n| if n == 1 { statement.sid.clone() } else { format!("{}{n}", statement.sid) });
        let free = candidates.into_iter().find(|sid| !seen.contains(sid));
        let sid = free.unwrap_or_default();
        seen.insert(sid.clone());
        values.push(statement.called(sid).into_value());
    }
    Value::object([("Version", Value::text("2012-10-17")), ("Statement", Value::list(values))])
        .into_json_text()
}
