//! One resource as the engine writes it, in a preview's step or in an exported stack.

use crate::error::ReadError;
use crate::kinds;
use crate::provider::{Provider, Providers};
use crate::symbolic::Symbols;
use crate::urn::Urn;
use crate::values::{SIGNATURE, Values, is_unknown};
use narrows_model::{Location, Member, ResourceId, Value, ValueKind};

/// A resource, as written.
#[derive(Clone, Copy)]
pub(crate) struct State<'a> {
    value: &'a Value,
    /// The URN as written.
    pub address: &'a str,
    pub urn: Urn<'a>,
    /// Whether another resource has taken its URN, and it is still there.
    pub is_left_over: bool,
}

/// Which of a resource's outputs are read beside its inputs.
#[derive(Clone, Copy)]
pub(crate) enum Outputs<'a> {
    /// All of them.
    All,
    /// Those that no other resource has a part in, and where they lack one or the id, what the state before had.
    Own {
        before: Option<State<'a>>,
        /// Whether the update makes it: what the engine knows only later of its policy is then no policy.
        is_made: bool,
    },
}

/// A resource's properties, read.
pub(crate) struct Properties {
    /// The inputs, and the outputs that are not inputs.
    pub all: Value,
    /// The inputs alone.
    pub inputs: Value,
    /// The policy that the provider reports, where it was not given as an input.
    pub reported_policy: Option<Value>,
    /// How many secrets could not be read.
    pub secrets: usize,
}

impl<'a> State<'a> {
    /// The resource that an object describes.
    pub(crate) fn of(value: &'a Value) -> Result<Self, ReadError> {
        let location = || value.location.clone();
        if value.members().is_none() {
            return Err(ReadError::Type {
                what: "a resource".to_owned(),
                got: value.kind_in_words().to_owned(),
                expected: "an object".to_owned(),
                location: location(),
            });
        }
        let Some(address) = value.get("urn").and_then(Value::as_str) else {
            return Err(ReadError::Missing {
                what: "`urn` of a resource".to_owned(),
                expected: "a string".to_owned(),
                location: location(),
            });
        };
        let Some(urn) = Urn::parse(address) else {
            return Err(ReadError::Type {
                what: "`urn` of a resource".to_owned(),
                got: format!("`{address}`"),
                expected: "one such as urn:pulumi:STACK::PROJECT::TYPE::NAME".to_owned(),
                location: location(),
            });
        };
        let state = Self { value, address, urn, is_left_over: false };
        state.checked()
    }

    /// It, if what is said of it can be relied on.
    fn checked(self) -> Result<Self, ReadError> {
        let what = |member: &str| format!("`{member}` of {}", self.address);
        // What is `custom` is made by a provider; anything else only groups what is.
        if kinds::is_made_by_provider(self.urn.type_name) && !self.flag("custom") {
            let Some(custom) = self.value.get("custom") else {
                let expected = "`true`, as a provider makes it".to_owned();
                return Err(ReadError::Missing { what: what("custom"), expected, location: self.location() });
            };
            return Err(ReadError::Type {
                what: what("custom"),
                got: format!("`{custom}`"),
                expected: "`true`, as a provider makes it".to_owned(),
                location: custom.location.clone(),
            });
        }
        match self.value.get("inputs") {
            Some(inputs) if inputs.kind != ValueKind::Null && !is_plain_object(inputs) => {
                Err(ReadError::Type {
                    what: what("inputs"),
                    got: match inputs.as_str() {
                        Some(text) if is_unknown(text) => "known only after the update".to_owned(),
                        _ if inputs.members().is_some() => "a special value".to_owned(),
                        _ => inputs.kind_in_words().to_owned(),
                    },
                    expected: "an object of properties, each known or unknown by itself".to_owned(),
                    location: inputs.location.clone(),
                })
            }
            _ => Ok(self),
        }
    }

    /// It, left over by another resource that has its URN.
    pub(crate) fn left_over(self) -> Self {
        Self { is_left_over: true, ..self }
    }

    /// Whether it stays where it is when the engine is done with it.
    ///
    /// Source: pulumi/pulumi, `DeleteStep` in `pkg/resource/deploy/step.go`.
    pub(crate) fn stays(&self) -> bool {
        self.flag("retainOnDelete") || self.flag("external")
    }

    /// Whether an interrupted replacement has deleted it already.
    pub(crate) fn is_gone(&self) -> bool {
        self.flag("pendingReplacement") && !self.stays()
    }

    /// Where it stands.
    pub(crate) fn location(&self) -> Location {
        self.value.location.clone()
    }

    /// Whether it is made by a provider, and no component.
    pub(crate) fn is_custom(&self) -> bool {
        self.flag("custom") && !self.urn.type_name.starts_with(kinds::PROVIDERS)
    }

    /// Whether something is said of it.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.value.get(name).and_then(Value::as_bool) == Some(true)
    }

    /// Its inputs as written.
    pub(crate) fn inputs(&self) -> Option<&'a Value> {
        self.value.get("inputs").filter(|inputs| inputs.members().is_some())
    }

    /// What the provider calls it, where that is known.
    pub(crate) fn id(&self) -> Option<&'a Value> {
        self.value.get("id").filter(|id| id.as_str().is_some_and(|id| !id.is_empty() && !is_unknown(id)))
    }

    /// The provider that makes it.
    pub(crate) fn provider<'p>(&self, providers: &'p Providers) -> Option<&'p Provider> {
        providers.get(self.value.get("provider")?.as_str()?)
    }

    /// What it needs first.
    pub(crate) fn dependencies(&self) -> Vec<ResourceId> {
        urns(self.value.get("dependencies"))
    }

    /// What the value of a property comes from; of all that the resource comes from where the engine does not say.
    pub(crate) fn dependencies_of(&self, property: &str) -> Vec<ResourceId> {
        match self.value.get("propertyDependencies") {
            Some(each) => urns(each.get(property)),
            None => self.dependencies(),
        }
    }

    /// Its properties.
    pub(crate) fn properties(&self, outputs: Outputs<'a>, symbols: &Symbols) -> Properties {
        let kind = kinds::kind_of(self.urn.type_name);
        let mut values = Values { resource: self.address, secrets: 0, symbols };
        let nothing = || Value { kind: ValueKind::Object(Vec::new().into()), location: self.location() };
        let mut read = |given: Option<&Value>| {
            let given = given.map_or_else(nothing, |given| values.value(given, ""));
            let given = if given.members().is_some() { given } else { nothing() };
            Value { location: self.location(), ..given }
        };
        let inputs = read(self.inputs());
        let mut all = inputs.members().unwrap_or_default().to_vec();
        let sources = match outputs {
            Outputs::All => [self.value.get("outputs"), None],
            Outputs::Own { before, .. } => {
                [self.value.get("outputs"), before.and_then(|before| before.value.get("outputs"))]
            }
        };
        let own = matches!(outputs, Outputs::Own { .. });
        let mut reported_policy = None;
        let reports = kinds::reports_policy(&kind) && !has(&all, "policy");
        for source in sources.into_iter().flatten() {
            let given = read(Some(source));
            for member in given.members().unwrap_or_default() {
                if member.name == "policy" && kinds::reports_policy(&kind) {
                    // The last word counts, even where it says that nothing is known.
                    if reports && reported_policy.is_none() && member.value.kind != ValueKind::Null {
                        reported_policy = Some(member.value.clone());
                    }
                    continue;
                }
                // What is known only later says nothing.
                let known = member.value.first_unknown().is_none() && member.value.references().is_empty();
                if known && !has(&all, &member.name) && !(own && kinds::is_reported(&kind, &member.name)) {
                    all.push(member.clone());
                }
            }
        }
        let is_made = matches!(outputs, Outputs::Own { is_made: true, .. });
        let reported_policy = reported_policy.filter(|policy| {
            let is_known = policy.first_unknown().is_none();
            policy.as_str() != Some("") && (is_known || !is_made)
        });
        let before = match outputs {
            Outputs::All => None,
            Outputs::Own { before, .. } => before.and_then(|before| before.id()),
        };
        if let Some(id) = self.id().or(before) {
            all.retain(|member| member.name != "id");
            let location = id.location.clone();
            all.push(Member { name: "id".into(), location, value: id.clone() });
        }
        let all = Value { kind: ValueKind::Object(all.into()), location: self.location() };
        Properties { all, inputs, reported_policy, secrets: values.secrets }
    }
}

/// Whether a value is an object, and none that stands for a value of another kind.
fn is_plain_object(value: &Value) -> bool {
    value.members().is_some() && value.get(SIGNATURE).is_none()
}

/// Whether a property is among these, with a value.
fn has(members: &[Member], name: &str) -> bool {
    members.iter().any(|member| member.name == name && member.value.kind != ValueKind::Null)
}

/// The resources that a list of URNs names.
fn urns(list: Option<&Value>) -> Vec<ResourceId> {
    let texts = list.and_then(Value::items).unwrap_or_default().iter().filter_map(Value::as_str);
    texts.filter_map(Urn::parse).map(|urn| urn.id()).collect()
}
