//! Where providers work: their Region and account.

use crate::state::State;
use crate::symbolic::Symbols;
use crate::urn::Urn;
use crate::values::{Values, is_unknown};
use narrows_model::{AccountId, Arn, Region, Value, json};
use std::collections::BTreeMap;

/// What is known of a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Provider {
    pub region: Option<Region>,
    pub account: Option<AccountId>,
}

/// The AWS providers, by their URNs.
#[derive(Debug, Default)]
pub(crate) struct Providers {
    named: BTreeMap<String, Provider>,
    /// What the stack's configuration gives providers that the program does not make itself.
    default: Provider,
}

/// The type of AWS providers.
const AWS: &str = "pulumi:providers:aws";

impl Providers {
    /// With what a stack's configuration says.
    pub(crate) fn configured(config: Option<&Value>) -> Self {
        let given = |name: &str| config?.get(&format!("aws:{name}"));
        Self { named: BTreeMap::new(), default: provider(given) }
    }

    /// Notes a resource if it is an AWS provider.
    ///
    /// A symbol in its settings is no Region or account that is known.
    pub(crate) fn note(&mut self, state: &State<'_>, symbols: &Symbols) {
        if state.urn.type_name == AWS {
            let mut values = Values { resource: state.address, secrets: 0, symbols };
            let inputs = state.inputs().map(|inputs| values.value(inputs, ""));
            let provider = provider(|name| inputs.as_ref()?.get(name));
            self.named.insert(state.address.to_owned(), provider);
        }
    }

    /// The provider that a resource names: a URN, and an id after it.
    pub(crate) fn get(&self, reference: &str) -> Option<&Provider> {
        let (urn, _) = reference.rsplit_once("::")?;
        let parts = Urn::parse(urn).filter(|urn| urn.type_name == AWS)?;
        let is_default = || parts.name == "default" || parts.name.starts_with("default_");
        self.named.get(urn).or_else(|| is_default().then_some(&self.default))
    }

    /// The one account that all providers are bound to.
    pub(crate) fn account(&self) -> Option<&AccountId> {
        let mut accounts = match self.named.is_empty() {
            true => vec![self.default.account.as_ref()],
            false => self.named.values().map(|provider| provider.account.as_ref()).collect(),
        };
        accounts.dedup();
        match accounts.as_slice() {
            [only] => *only,
            _ => None,
        }
    }
}

/// A provider from its settings.
fn provider<'v>(given: impl Fn(&str) -> Option<&'v Value>) -> Provider {
    let text = |name: &str| given(name)?.as_str().filter(|text| !is_unknown(text));
    // Settings that are no strings are JSON in one.
    let list = |name: &str| {
        let value = given(name)?;
        let value = if value.as_str().is_some() { json::parse_embedded(value).ok()? } else { value.clone() };
        value.items().map(<[Value]>::to_vec)
    };
    let bound = list("allowedAccountIds").and_then(|accounts| match accounts.as_slice() {
        [only] => only.as_str()?.parse().ok(),
        _ => None,
    });
    let assumed = || {
        let roles = list("assumeRoles")?;
        let arn: Arn = roles.last()?.get("roleArn")?.as_str()?.parse().ok()?;
        arn.account().parse().ok()
    };
    Provider {
        region: text("region").and_then(|region| region.parse().ok()),
        account: bound.or_else(assumed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use narrows_model::Source;

    fn of(text: &str) -> Provider {
        let value = json::parse(&Source::file("t", text)).unwrap();
        provider(|name| value.get(name))
    }

    #[test]
    fn settings_tell_region_and_account() {
        let one = of(r#"{"region": "eu-west-2", "allowedAccountIds": "[\"123456789012\"]"}"#);
        assert_eq!(one.region.map(|region| region.to_string()).as_deref(), Some("eu-west-2"));
        assert_eq!(one.account.as_ref().map(AccountId::as_str), Some("123456789012"));
        let assumed = of(r#"{"assumeRoles": "[{\"roleArn\":\"arn:aws:iam::210987654321:role/x\"}]"}"#);
        assert_eq!(assumed.account.as_ref().map(AccountId::as_str), Some("210987654321"));
        for nothing in [
            r#"{"region": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "allowedAccountIds": "[]"}"#,
            r#"{"allowedAccountIds": "[\"123456789012\", \"210987654321\"]", "assumeRoles": "x"}"#,
        ] {
            assert_eq!(of(nothing), Provider::default(), "{nothing}");
        }
    }
}
