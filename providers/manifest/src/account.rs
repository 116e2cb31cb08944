//! What `aws iam get-account-authorization-details` prints: the identities of an account with all of their policies.

use crate::error::ManifestError;
use crate::printed::document;
use crate::table::Table;
use narrows_model::resources::iam::{
    Group, GroupPolicy, GroupPolicyAttachment, ManagedPolicy, Role, RolePolicy, User, UserGroups, UserPolicy,
    UserPolicyAttachment,
};
use narrows_model::{
    AccountId, Arn, Attribute, Body, Deployment, GroupName, Input, Partition, PolicyName, Resource,
    ResourceId, RoleName, UserName, Value,
};
use std::collections::BTreeMap;

/// The lists of identities; `Policies` beside them is the list of managed policies.
const LISTS: [&str; 3] = ["UserDetailList", "GroupDetailList", "RoleDetailList"];
/// What each list is expected to be.
const LIST: &str = "a list, as aws iam get-account-authorization-details prints it";
/// Members by which a page says that there are more, which it does not have.
const MORE: [&str; 3] = ["NextToken", "Marker", "IsTruncated"];

/// Whether something is what IAM tells of an account.
pub fn is_account_details(value: &Value) -> bool {
    LISTS.iter().any(|list| value.get(list).is_some_and(|list| list.items().is_some()))
}

/// Reads the users, groups, roles and managed policies of an account, each policy in its default version.
///
/// A policy is a JSON object, as the AWS CLI prints it, or a text, URL-encoded as IAM sends it. What the output does not have of
/// what it names, such as a group that was filtered out, is not known.
///
/// # Errors
/// One page of several, what has no name or no document, and identities of several accounts, each with its place.
pub fn account_details(value: &Value) -> Result<Deployment, ManifestError> {
    let root = Table::open(value, "the output");
    if let Some((name, more)) = MORE.iter().find_map(|name| Some((name, root.get(name)?)))
        && more.as_bool() != Some(false)
    {
        let message = format!(
            "`{name}` says that there is more than this page: expected the whole; have the AWS CLI print it without --max-items \
             and --no-paginate"
        );
        return Err(ManifestError::new(message, &more.location));
    }
    let mut reader = Reader {
        deployment: Deployment::new(None, Partition::default()),
        first: None,
        policies: BTreeMap::new(),
        groups: BTreeMap::new(),
    };
    for value in root.items("Policies", LIST)? {
        reader.managed(value)?;
    }
    for value in root.items("GroupDetailList", LIST)? {
        reader.group(value)?;
    }
    for value in root.items("UserDetailList", LIST)? {
        reader.user(value)?;
    }
    for value in root.items("RoleDetailList", LIST)? {
        reader.role(value)?;
    }
    Ok(reader.deployment)
}

struct Reader {
    deployment: Deployment,
    /// The first ARN, of whose account all are.
    first: Option<Arn>,
    /// The account's managed policies by their ARNs.
    policies: BTreeMap<Arn, ResourceId>,
    /// Its groups.
    groups: BTreeMap<GroupName, ResourceId>,
}

impl Reader {
    fn managed(&mut self, value: &Value) -> Result<(), ManifestError> {
        let table = Table::open(value, "a managed policy");
        let arn: Arn = table.required("Arn", "the policy's ARN")?;
        let table = Table::open(value, &format!("policy `{arn}`"));
        let policy = default_version(&table)?;
        if arn.account() == "aws" {
            self.deployment.add_policy_of_aws(arn, policy);
            return Ok(());
        }
        self.of_account(&arn, &table)?;
        let name: PolicyName = table.required("PolicyName", "the policy's name")?;
        let body = ManagedPolicy {
            name: Some(Input::known(name.clone())),
            path: table.required("Path", "the policy's path")?,
            description: None,
            policy,
        };
        let id = self.add(name.as_str(), Body::ManagedPolicy(body), arn.to_string(), value)?;
        self.policies.insert(arn, id);
        Ok(())
    }

    fn group(&mut self, value: &Value) -> Result<(), ManifestError> {
        let name: GroupName = Table::open(value, "a group").required("GroupName", "the group's name")?;
        let table = Table::open(value, &format!("group `{name}`"));
        self.owned(&table)?;
        let body =
            Group { name: Input::known(name.clone()), path: table.required("Path", "the group's path")? };
        let id = self.add(name.as_str(), Body::Group(body), format!("group {name}"), value)?;
        let its = || Input::reference(id.attribute(Attribute::Id));
        for inline in inline(&table, "GroupPolicyList")? {
            let body = GroupPolicy { group: its(), name: inline.name.clone(), policy: inline.policy };
            let (key, address) =
                (format!("{name} {}", inline.name), format!("{} of group {name}", inline.name));
            self.add(&key, Body::GroupPolicy(body), address, inline.value)?;
        }
        for policy in self.attached(&table)? {
            let (key, place) = (format!("{name} {}", policy.to_text()), value);
            let body = GroupPolicyAttachment { group: its(), policy };
            self.add(&key, Body::GroupPolicyAttachment(body), format!("group {name}"), place)?;
        }
        self.groups.insert(name, id);
        Ok(())
    }

    fn user(&mut self, value: &Value) -> Result<(), ManifestError> {
        let name: UserName = Table::open(value, "a user").required("UserName", "the user's name")?;
        let table = Table::open(value, &format!("user `{name}`"));
        self.owned(&table)?;
        let body = User {
            name: Input::known(name.clone()),
            path: table.required("Path", "the user's path")?,
            permissions_boundary: self.boundary(&table)?,
        };
        let id = self.add(name.as_str(), Body::User(body), format!("user {name}"), value)?;
        let its = || Input::reference(id.attribute(Attribute::Id));
        for inline in inline(&table, "UserPolicyList")? {
            let body = UserPolicy { user: its(), name: inline.name.clone(), policy: inline.policy };
            let (key, address) =
                (format!("{name} {}", inline.name), format!("{} of user {name}", inline.name));
            self.add(&key, Body::UserPolicy(body), address, inline.value)?;
        }
        for policy in self.attached(&table)? {
            let (key, place) = (format!("{name} {}", policy.to_text()), value);
            let body = UserPolicyAttachment { user: its(), policy };
            self.add(&key, Body::UserPolicyAttachment(body), format!("user {name}"), place)?;
        }
        let groups: Vec<Input<GroupName>> = table.inputs("GroupList")?;
        let known = |group: Input<GroupName>| match group.as_known().and_then(|name| self.groups.get(name)) {
            Some(id) => Input::reference(id.attribute(Attribute::Id)).at(group.location),
            None => group,
        };
        let groups: Vec<Input<GroupName>> = groups.into_iter().map(known).collect();
        if !groups.is_empty() {
            let body = UserGroups { user: its(), groups };
            self.add(name.as_str(), Body::UserGroups(body), format!("user {name}"), value)?;
        }
        Ok(())
    }

    fn role(&mut self, value: &Value) -> Result<(), ManifestError> {
        let name: RoleName = Table::open(value, "a role").required("RoleName", "the role's name")?;
        let table = Table::open(value, &format!("role `{name}`"));
        self.owned(&table)?;
        let body = Role {
            name: Some(Input::known(name.clone())),
            path: table.required("Path", "the role's path")?,
            description: None,
            assume_role_policy: policy(&table, "AssumeRolePolicyDocument")?,
            permissions_boundary: self.boundary(&table)?,
            managed_policies: self.attached(&table)?,
            inline_policies: Vec::new(),
        };
        let id = self.add(name.as_str(), Body::Role(body), format!("role {name}"), value)?;
        for inline in inline(&table, "RolePolicyList")? {
            let role = Input::reference(id.attribute(Attribute::Id));
            let body = RolePolicy { role, name: inline.name.clone(), policy: inline.policy };
            let (key, address) =
                (format!("{name} {}", inline.name), format!("{} of role {name}", inline.name));
            self.add(&key, Body::RolePolicy(body), address, inline.value)?;
        }
        Ok(())
    }

    fn boundary(&self, table: &Table<'_>) -> Result<Option<Input<Arn>>, ManifestError> {
        let Some(value) = table.get("PermissionsBoundary") else { return Ok(None) };
        let boundary = Table::open(value, &format!("`PermissionsBoundary` of {}", table.what()));
        self.named(&boundary, "PermissionsBoundaryArn").map(Some)
    }

    /// The managed policies that are attached to something.
    fn attached(&self, table: &Table<'_>) -> Result<Vec<Input<Arn>>, ManifestError> {
        let one = |value| {
            let attached = Table::open(value, &format!("an attached policy of {}", table.what()));
            self.named(&attached, "PolicyArn")
        };
        table.items("AttachedManagedPolicies", LIST)?.iter().map(one).collect()
    }

    /// A managed policy by its ARN.
    fn named(&self, table: &Table<'_>, member: &str) -> Result<Input<Arn>, ManifestError> {
        let arn: Arn = table.required(member, "the ARN of a managed policy")?;
        let named = match self.policies.get(&arn) {
            Some(id) => Input::reference(id.arn()),
            None => Input::known(arn),
        };
        Ok(named.at(table.location().clone()))
    }

    /// Takes note of the account that an identity is of.
    fn owned(&mut self, table: &Table<'_>) -> Result<(), ManifestError> {
        let arn: Arn = table.required("Arn", "its ARN")?;
        self.of_account(&arn, table)
    }

    /// Takes note of an account, which must be one.
    fn of_account(&mut self, arn: &Arn, table: &Table<'_>) -> Result<(), ManifestError> {
        let wrong =
            |cause| ManifestError::name(&format!("`Arn` of {}", table.what()), &cause, table.location());
        let account: AccountId = arn.account().parse().map_err(wrong)?;
        let partition: Partition = arn.partition().parse().map_err(wrong)?;
        match &self.first {
            Some(first) if (first.account(), first.partition()) != (arn.account(), arn.partition()) => {
                let message = format!("{arn} and {first} are of two accounts: expected the output of one");
                Err(ManifestError::new(message, table.location()))
            }
            Some(_) => Ok(()),
            None => {
                self.first = Some(arn.clone());
                self.deployment.account = Some(account);
                self.deployment.partition = partition;
                Ok(())
            }
        }
    }

    fn add(
        &mut self,
        name: &str,
        body: Body,
        address: String,
        value: &Value,
    ) -> Result<ResourceId, ManifestError> {
        let id = ResourceId::new(body.kind(), name);
        let location = value.location.clone();
        let resource = Resource {
            id: id.clone(),
            region: None,
            body,
            depends_on: Vec::new(),
            address: address.clone().into(),
            location,
        };
        match self.deployment.add(resource) {
            Ok(()) => Ok(id),
            Err(_) => {
                let message = format!("{address} is given twice: expected it once; remove one");
                Err(ManifestError::new(message, &value.location))
            }
        }
    }
}

/// A policy inside what holds it.
struct Inline<'a> {
    name: String,
    policy: Value,
    /// All that is said of it.
    value: &'a Value,
}

fn inline<'a>(table: &Table<'a>, list: &str) -> Result<Vec<Inline<'a>>, ManifestError> {
    let one = |value: &'a Value| {
        let inner = Table::open(value, &format!("an inline policy of {}", table.what()));
        let name: PolicyName = inner.required("PolicyName", "the policy's name")?;
        let inner = Table::open(value, &format!("policy `{name}` of {}", table.what()));
        Ok(Inline { name: name.to_string(), policy: policy(&inner, "PolicyDocument")?, value })
    };
    table.items(list, LIST)?.iter().map(one).collect()
}

/// The document of the version that counts.
fn default_version(table: &Table<'_>) -> Result<Value, ManifestError> {
    let versions = table.items("PolicyVersionList", LIST)?;
    let is_default =
        |version: &&Value| version.get("IsDefaultVersion").and_then(Value::as_bool) == Some(true);
    match versions.iter().find(is_default) {
        Some(version) => {
            policy(&Table::open(version, &format!("the default version of {}", table.what())), "Document")
        }
        None => {
            let message =
                format!("{} has no default version: expected one with `IsDefaultVersion`", table.what());
            Err(ManifestError::new(message, table.location()))
        }
    }
}

/// The policy in a member.
fn policy(table: &Table<'_>, member: &str) -> Result<Value, ManifestError> {
    let Some(value) = table.get(member) else {
        let message = format!("`{member}` of {} is missing: expected a policy", table.what());
        return Err(ManifestError::new(message, table.location()));
    };
    let policy = document(value)?;
    match policy.members() {
        Some(_) => Ok(policy),
        None => {
            let got = policy.kind_in_words();
            let message = format!("`{member}` of {} is {got}: expected a policy", table.what());
            Err(ManifestError::new(message, &value.location))
        }
    }
}
