use narrows_model::{Input, Member, Text, Value, ValueKind};
use std::fmt::Display;

/// The arguments and blocks of a resource, in the order in which they are written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Args(Vec<Member>);

impl Args {
    /// The members of an object.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        Some(Self(value.members()?.to_vec()))
    }

    /// One more argument.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        let location = narrows_model::Location::none();
        self.0.push(Member { name: name.into(), location, value });
        self
    }

    /// The text of something.
    pub(crate) fn text(self, name: &str, text: impl Into<Text>) -> Self {
        self.with(name, Value::text(text))
    }

    /// A field that may refer to other resources.
    pub(crate) fn input<T: Display>(self, name: &str, input: &Input<T>) -> Self {
        self.text(name, input.to_text())
    }

    /// The same, left out where there is none.
    pub(crate) fn optional_input<T: Display>(self, name: &str, input: Option<&Input<T>>) -> Self {
        match input {
            Some(input) => self.input(name, input),
            None => self,
        }
    }

    /// Text, left out where there is none.
    pub(crate) fn optional_text(self, name: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// A list of fields, left out where it is empty.
    pub(crate) fn inputs<T: Display>(self, name: &str, inputs: &[Input<T>]) -> Self {
        if inputs.is_empty() {
            return self;
        }
        self.with(name, Value::list(inputs.iter().map(|input| Value::text(input.to_text()))))
    }

    /// A Boolean.
    pub(crate) fn flag(self, name: &str, flag: bool) -> Self {
        self.with(name, Value::new(ValueKind::Bool(flag)))
    }

    /// A whole number.
    pub(crate) fn number(self, name: &str, number: impl Into<u64>) -> Self {
        let number: u64 = number.into();
        self.with(name, Value::new(ValueKind::Number(number.to_string().into())))
    }

    /// A document, as JSON inside a string.
    pub(crate) fn document(self, name: &str, document: &Value) -> Self {
        self.with(name, super::as_json_text(document))
    }

    /// One block.
    pub(crate) fn block(self, name: &str, block: Args) -> Self {
        self.with(name, block.into_value())
    }

    /// Several blocks of one type.
    pub(crate) fn blocks(self, name: &str, blocks: impl IntoIterator<Item = Args>) -> Self {
        self.with(name, Value::list(blocks.into_iter().map(Args::into_value)))
    }

    /// The members in order.
    pub(crate) fn into_members(self) -> Vec<Member> {
        self.0
    }

    /// The same again.
    pub(crate) fn from_members(members: Vec<Member>) -> Self {
        Self(members)
    }

    /// These arguments as an object.
    pub(crate) fn into_value(self) -> Value {
        Value::new(ValueKind::Object(self.0.into()))
    }
}
