//! Where one of a program's providers works.

use super::wire::{ConfigureRequest, Object};
use super::{Session, aws};
use crate::values;
use narrows_model::token::{Hash, Shape};
use narrows_model::{AccountId, Arn, Partition, Region};
use serde_json::Value;

/// What the program gives one provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    region: Place,
    account: Option<AccountId>,
    /// What chooses whose credentials are used, and so an account that need not be that of the surroundings.
    chooses: Option<u64>,
}

/// The Region of a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Place {
    /// The one of the surroundings.
    #[default]
    Surroundings,
    Known(Region),
    /// Another, in a partition that is not known, told apart by what the program says of it.
    Other(u64),
}

/// The arguments that choose whose credentials are used.
const CHOOSING: [&str; 11] = [
    "accessKey",
    "assumeRole",
    "assumeRoleWithWebIdentities",
    "assumeRoleWithWebIdentity",
    "assumeRoles",
    "profile",
    "secretKey",
    "sharedConfigFiles",
    "sharedCredentialsFile",
    "sharedCredentialsFiles",
    "token",
];

impl Settings {
    /// What tells its account from those of other providers.
    pub(super) fn identity(&self) -> String {
        match (&self.account, self.chooses) {
            (Some(account), _) => account.to_string(),
            (None, chooses) => format!("{chooses:?}"),
        }
    }

    /// The settings that the engine gives a provider.
    pub(super) fn of(request: &ConfigureRequest) -> Self {
        let arguments = super::provider::object(request.arguments.clone());
        let given = |name: &str| argument(request, &arguments, name);
        let region = match given("region") {
            None => Place::Surroundings,
            Some(region) => match region.as_str().and_then(|region| region.parse().ok()) {
                Some(region) => Place::Known(region),
                None => Place::Other(Hash::of(&[region.to_string().as_bytes()])),
            },
        };
        let chosen = |name: &&str| match given(name)? {
            // What is secret leaves no trace; the access key goes with it.
            _ if ["secretKey", "token"].contains(name) => Some((*name).to_owned()),
            value => Some(format!("{name}={value}")),
        };
        let chosen: Vec<String> = CHOOSING.iter().filter_map(chosen).collect();
        let chooses = (!chosen.is_empty()).then(|| Hash::of(&[chosen.concat().as_bytes()]));
        let account = role_account(given("assumeRoles").as_ref(), given("assumeRole").as_ref());
        let allowed = || match given("allowedAccountIds")?.as_array()?.as_slice() {
            [only] => only.as_str()?.parse().ok(),
            _ => None,
        };
        let has_role = given("assumeRoles").is_some() || given("assumeRole").is_some();
        Self { region, account: if has_role { account } else { account.or_else(allowed) }, chooses }
    }

    pub(super) fn region(&self, session: &Session) -> String {
        match self.region {
            Place::Known(region) => region.to_string(),
            Place::Surroundings => session.region(),
            Place::Other(hash) => {
                session.token(Shape::Letters(16), "", &format!("region {hash:x}"), str::to_owned)
            }
        }
    }

    /// The account that the provider works in: the one that it says, else that of the surroundings unless it chooses another.
    pub(super) fn account(&self, session: &Session) -> String {
        match (&self.account, self.chooses) {
            (Some(account), _) => account.to_string(),
            (None, Some(hash)) => {
                session.token(Shape::Account, "", &format!("account {hash:x}"), str::to_owned)
            }
            (None, None) => session.account(),
        }
    }

    pub(super) fn partition(&self, session: &Session) -> String {
        match self.known_partition(session) {
            Ok(partition) => partition.to_string(),
            Err(hash) => session.token(Shape::Letters(12), "", &format!("partition {hash:x}"), str::to_owned),
        }
    }

    /// What domain names end with.
    pub(super) fn dns_suffix(&self, session: &Session) -> String {
        match self.known_partition(session) {
            Ok(partition) => aws::dns_suffix(partition).to_owned(),
            Err(hash) => session.token(Shape::Letters(12), "", &format!("dnsSuffix {hash:x}"), str::to_owned),
        }
    }

    fn known_partition(&self, session: &Session) -> Result<Partition, u64> {
        match self.region {
            Place::Known(region) => Ok(region.partition()),
            Place::Surroundings => Ok(session.partition()),
            Place::Other(hash) => Err(hash),
        }
    }
}

/// What a provider is given, as an argument or by the stack's configuration; what is empty is not given.
///
/// Arguments that are no strings are JSON in one.
fn argument(request: &ConfigureRequest, arguments: &Object, name: &str) -> Option<Value> {
    let configured = || Some(Value::from(request.variables.get(&format!("aws:config:{name}"))?.as_str()));
    let value = arguments.get(name).filter(|value| !value.is_null()).cloned().or_else(configured)?;
    let inner = value.as_str().filter(|text| text.starts_with(['[', '{']));
    let value = inner.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(value);
    let is_empty = match &value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    (!is_empty).then_some(value)
}

/// The account of the role that is taken last.
fn role_account(roles: Option<&Value>, role: Option<&Value>) -> Option<AccountId> {
    let last = match roles {
        Some(roles) => roles.as_array()?.last()?,
        None => role?,
    };
    let arn = last.get("roleArn")?.as_str().filter(|arn| !values::is_unknown(arn))?;
    arn.parse::<Arn>().ok()?.account().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::{Salt, Surroundings};
    use super::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn of(arguments: &Value) -> (String, String, String) {
        let around = Surroundings {
            account: "123456789012".parse().ok(),
            region: "eu-west-2".parse().ok(),
            ..Surroundings::default()
        };
        let session = Session::new(Salt::First, around);
        let arguments = arguments.as_object().cloned().unwrap_or_default();
        let request = ConfigureRequest { variables: BTreeMap::new(), arguments: Some(arguments.into()) };
        let settings = Settings::of(&request);
        (settings.account(&session), settings.region(&session), settings.partition(&session))
    }

    fn account(arguments: Value) -> String {
        of(&arguments).0
    }

    #[test]
    fn a_provider_that_chooses_credentials_does_not_work_in_the_given_account() {
        assert_eq!(account(json!({"skipRequestingAccountId": true})), "123456789012");
        let role = |arn: &str| json!({"assumeRoles": json!([{"roleArn": arn}]).to_string()});
        assert_eq!(account(role("arn:aws:iam::210987654321:role/x")), "210987654321");
        assert_eq!(
            account(json!({"allowedAccountIds": "[\"210987654321\"]", "profile": "x"})),
            "210987654321"
        );
        let mut symbols = vec![
            account(json!({"profile": "one"})),
            account(json!({"profile": "two"})),
            account(json!({"accessKey": "AKIA"})),
            account(role(values::UNKNOWN_TEXT)),
        ];
        assert!(symbols.iter().all(|symbol| symbol != "123456789012"), "{symbols:?}");
        assert_eq!(symbols.first(), Some(&account(json!({"profile": "one"}))));
        symbols.sort();
        symbols.dedup();
        assert_eq!(symbols.len(), 4);
    }

    #[test]
    fn a_region_that_is_not_known_is_none_of_the_surroundings_and_has_no_known_partition() {
        let places = |arguments| {
            let (_, region, partition) = of(&arguments);
            (region, partition)
        };
        assert_eq!(places(json!({})), ("eu-west-2".to_owned(), "aws".to_owned()));
        assert_eq!(places(json!({"region": "cn-north-1"})).1, "aws-cn");
        for region in ["xx-new-9", values::UNKNOWN_TEXT] {
            let (region, partition) = places(json!({"region": region}));
            assert!(region != "eu-west-2" && partition != "aws", "{region} {partition}");
        }
    }
}
