//! Service and resource control policies, by the accounts that they bind.
//!
//! Source: Organizations User Guide, "Service control policies", "Resource control policies" and "SCP evaluation".

use super::build::{BuildError, Builder};
use super::{Policy, Unused};
use narrows_iam::{Document, DocumentKind, Effect};
use narrows_model::resources::Body;
use narrows_model::resources::organisations::Control;
use narrows_model::{Attribute, ControlPolicyId, Kind, Resource, Source, may_be_same};
use std::collections::{BTreeMap, BTreeSet};

/// What AWS's own control policy allows.
const FULL_ACCESS: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;

/// The control policies that bind an account.
#[derive(Clone, Debug)]
pub struct Controls {
    /// The account.
    pub account: String,
    /// Whether the input says that it is a member: the management account is bound by none.
    pub member: bool,
    /// The levels of the organisation that have service control policies in the input, the account first.
    pub service: Vec<Level>,
    /// The resource control policies of all levels; they only deny.
    pub resource: Vec<Policy>,
}

/// The service control policies of a root, a unit or an account. One of them must allow what the account's principals do.
#[derive(Clone, Debug)]
pub struct Level {
    /// Those that are there.
    pub policies: Vec<Policy>,
    /// AWS's own policy that allows everything, where the input does not say whether it is still attached beside others that
    /// allow something.
    pub perhaps: Option<Policy>,
}

impl Controls {
    /// A member account that nothing binds yet.
    pub fn new(account: impl Into<String>) -> Self {
        Self { account: account.into(), member: true, service: Vec::new(), resource: Vec::new() }
    }

    /// Whether a resource of this account belongs to the one that they bind; none where that is not known.
    pub(crate) fn owns(&self, account: Option<&str>) -> Option<bool> {
        match account {
            Some(account) if account == self.account => Some(true),
            Some(account) if !may_be_same(account, &self.account) => Some(false),
            _ => None,
        }
    }

    /// Why it is open whether the resource control policies bind a resource whose account is not known.
    pub(crate) fn owner_doubt(&self) -> String {
        format!(
            "whether the resource belongs to account {}, whose control policies are in the input, is not known",
            self.account
        )
    }

    /// Why it is open whether the policies bind the account.
    pub(crate) fn doubt(&self) -> Option<String> {
        (!self.member).then(|| {
            format!(
                "the control policies of account {} bind it only if it is not the organisation's management account, which the \
                 input does not say",
                self.account
            )
        })
    }
}

impl Level {
    /// The level of these policies; AWS's own is beside them, for sure where they allow nothing themselves.
    pub fn of(mut policies: Vec<Policy>) -> Self {
        let allows = |document: &Document| document.statements.iter().any(|it| it.effect == Effect::Allow);
        let own = |policy: &Policy| match policy {
            Policy::Document { name, .. } => name == ControlPolicyId::FULL_ACCESS,
            _ => false,
        };
        let full = full_access();
        if policies.iter().any(own) {
            return Self { policies, perhaps: None };
        }
        let open = policies.iter().any(|policy| match policy {
            Policy::Document { document, .. } => allows(document),
            _ => true,
        });
        if open {
            return Self { policies, perhaps: full };
        }
        policies.extend(full);
        Self { policies, perhaps: None }
    }

    /// Why it is open whether the level allows what its policies do not.
    pub(crate) fn doubt(&self) -> Option<String> {
        let names: Vec<&str> = self.policies.iter().filter_map(Policy::name).collect();
        self.perhaps.as_ref().map(|_| {
            format!(
                "whether {} is still attached beside {} is not in the input",
                ControlPolicyId::FULL_ACCESS,
                names.join(" and ")
            )
        })
    }
}

fn full_access() -> Option<Policy> {
    let name = ControlPolicyId::FULL_ACCESS.to_owned();
    let parsed = narrows_iam::parse_text(&Source::file(name.as_str(), FULL_ACCESS), DocumentKind::Identity);
    parsed.ok().map(|parsed| Policy::Document { name, document: parsed.document })
}

/// What is attached to a root, a unit or an account.
#[derive(Default)]
struct Attached {
    service: Vec<Policy>,
    resource: Vec<Policy>,
    names: Vec<String>,
}

impl Builder<'_> {
    pub(super) fn controls(&mut self) -> Result<(), BuildError> {
        let mut attached = self.attachments()?;
        if attached.is_empty() {
            return Ok(());
        }
        let parents = self.parents();
        let management = self.management();
        let is_account = |id: &str| id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit());
        let members: BTreeSet<String> = parents.keys().filter(|id| is_account(id)).cloned().collect();
        let mut accounts = members.clone();
        accounts.extend(attached.keys().filter(|id| is_account(id)).cloned());
        let mut used = BTreeSet::new();
        for account in accounts {
            if management.as_ref() == Some(&account) {
                continue;
            }
            let member = members.contains(&account) || management.is_some();
            let mut controls = Controls { member, ..Controls::new(account.as_str()) };
            let (mut node, mut seen) = (account, BTreeSet::new());
            while seen.insert(node.clone()) {
                if let Some(here) = attached.get(&node) {
                    used.insert(node.clone());
                    if !here.service.is_empty() {
                        controls.service.push(Level::of(here.service.clone()));
                    }
                    controls.resource.extend(here.resource.iter().cloned());
                }
                let Some(Some(parent)) = parents.get(&node) else { break };
                node.clone_from(parent);
            }
            if !controls.service.is_empty() || !controls.resource.is_empty() {
                self.model.controls.push(controls);
            }
        }
        attached.retain(|node, _| !used.contains(node));
        for (node, here) in attached {
            let why = match management.as_ref() == Some(&node) {
                true => "control policies do not bind an organisation's management account".to_owned(),
                false => "the input does not say which accounts are below it".to_owned(),
            };
            let (names, node) = (here.names.join(" and "), self.model.show(&node));
            let says = |policy: &Policy| match policy {
                Policy::Document { document, .. } => narrows_iam::to_value(document).to_string(),
                other => other.unknown_reason("control policy").unwrap_or_default(),
            };
            let content: Vec<String> = here.service.iter().chain(&here.resource).map(says).collect();
            let (name, content) =
                (format!("{names}, attached to {node}"), format!("{node} {}", content.join(" ")));
            self.unused_one(Unused { name, content, bucket: None, why });
        }
        Ok(())
    }

    /// What is attached where, by the node's id.
    fn attachments(&mut self) -> Result<BTreeMap<String, Attached>, BuildError> {
        let deployment = self.deployment;
        let mut attached: BTreeMap<String, Attached> = BTreeMap::new();
        for resource in deployment.of_kind(Kind::ControlPolicyAttachment) {
            let Body::ControlPolicyAttachment(it) = &resource.body else { continue };
            let node = self.resolve_input(&it.target);
            let id = self.resolve_input(&it.policy);
            let found = match it.policy.as_reference() {
                Some(reference) => deployment.get(&reference.resource),
                None => deployment
                    .of_kind(Kind::ControlPolicy)
                    .find(|resource| self.resolve(&resource.id.attribute(Attribute::Id).into()) == id),
            };
            let (control, policy) = match found {
                _ if id == ControlPolicyId::FULL_ACCESS => (Control::Service, full_access()),
                Some(Resource { body: Body::ControlPolicy(policy), .. }) => {
                    let kind = match policy.control {
                        Control::Service => DocumentKind::Identity,
                        Control::Resource => DocumentKind::Resource,
                    };
                    let resource = found.unwrap_or(resource);
                    (policy.control, Some(self.policy(resource, &policy.content, kind)?))
                }
                // Tag policies and the like.
                Some(_) => continue,
                None => {
                    let (address, node) = (resource.address.as_str(), self.model.show(&node));
                    let name =
                        format!("the policy {} that {address} attaches to {node}", self.model.show(&id));
                    let why = "its document is not in the input".to_owned();
                    self.unused_one(Unused { content: name.clone(), name, bucket: None, why });
                    continue;
                }
            };
            let Some(policy) = policy else { continue };
            let here = attached.entry(node).or_default();
            here.names.extend(policy.name().map(str::to_owned));
            match control {
                Control::Service => here.service.push(policy),
                Control::Resource => here.resource.push(policy),
            }
        }
        Ok(attached)
    }

    /// The accounts and units of the input by their ids, with what they are in.
    fn parents(&mut self) -> BTreeMap<String, Option<String>> {
        let deployment = self.deployment;
        let mut parents = BTreeMap::new();
        for resource in deployment.resources() {
            let parent = match &resource.body {
                Body::MemberAccount(it) => it.parent.as_ref().map(|parent| self.resolve_input(parent)),
                Body::OrganisationalUnit(it) => Some(self.resolve_input(&it.parent)),
                _ => continue,
            };
            parents.insert(self.resolve(&resource.id.attribute(Attribute::Id).into()), parent);
        }
        parents
    }

    /// The organisation's management account, where the input tells it.
    fn management(&self) -> Option<String> {
        let types = [
            ("aws_organizations_organization", "master_account_id"),
            ("aws:organizations/organization:Organization", "masterAccountId"),
        ];
        types.into_iter().find_map(|(type_name, account)| {
            self.deployment.of_kind(Kind::Other(type_name.to_owned())).find_map(|resource| {
                let Body::Other(it) = &resource.body else { return None };
                Some(it.arguments.get(account)?.as_str()?.to_owned())
            })
        })
    }
}
