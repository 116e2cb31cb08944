//! Roles and users, their policies and their permission boundaries.
//!
//! A policy counts for the role or user that a resource of the input gives it to, whether the input has the role or user
//! itself or only its name.

use super::build::{BuildError, Builder};
use super::exclusive::Exclusive;
use super::holders::{Holder, Holders, Origin, Target};
use super::{NOT_IN_INPUT, Policy, managed};
use narrows_iam::DocumentKind;
use narrows_model::resources::Body;
use narrows_model::{Arn, Attribute, Input, Intent, Kind, Resource, Text, is_symbol};

impl<'a> Builder<'a> {
    pub(super) fn identities(&mut self, intent: &Intent) -> Result<(), BuildError> {
        let mut holders = Holders::new(self, intent);
        self.of_their_own(&mut holders)?;
        self.inline(&mut holders)?;
        self.attached(&mut holders)?;
        self.memberships(&mut holders);
        self.exclusive(&mut holders);
        self.model.identities = holders.into_identities(&mut self.model.remarks);
        Ok(())
    }

    /// What roles and users say of themselves.
    fn of_their_own(&mut self, holders: &mut Holders) -> Result<(), BuildError> {
        let deployment = self.deployment;
        for resource in deployment.of_kind(Kind::Role) {
            let Body::Role(it) = &resource.body else { continue };
            let arn = self.resolve(&resource.id.arn().into());
            let boundary = self.boundary(it.permissions_boundary.as_ref())?;
            let mut policies = Vec::new();
            for inline in &it.inline_policies {
                let policy = self.policy(resource, &inline.policy, DocumentKind::Identity)?;
                policies.push((Origin::inline(&inline.name), policy));
            }
            for managed in &it.managed_policies {
                policies.push(self.managed(managed)?);
            }
            holders.add(arn, Holder { kind: Kind::Role, boundary, policies });
        }
        for resource in deployment.of_kind(Kind::User) {
            let Body::User(it) = &resource.body else { continue };
            let arn = self.resolve(&resource.id.arn().into());
            let boundary = self.boundary(it.permissions_boundary.as_ref())?;
            holders.add(arn, Holder { kind: Kind::User, boundary, policies: Vec::new() });
        }
        for resource in deployment.of_kind(Kind::Group) {
            holders.group(self.resolve(&resource.id.arn().into()));
        }
        Ok(())
    }

    fn boundary(&mut self, arn: Option<&Input<Arn>>) -> Result<Policy, BuildError> {
        arn.map_or(Ok(Policy::None), |arn| Ok(self.managed(arn)?.1))
    }

    /// Policies that are resources of their own.
    fn inline(&mut self, holders: &mut Holders) -> Result<(), BuildError> {
        let deployment = self.deployment;
        for resource in deployment.resources() {
            let (target, name, policy) = match &resource.body {
                Body::RolePolicy(it) => (self.target(holders, Kind::Role, &it.role), &it.name, &it.policy),
                Body::UserPolicy(it) => (self.target(holders, Kind::User, &it.user), &it.name, &it.policy),
                Body::GroupPolicy(it) => (self.target(holders, Kind::Group, &it.group), &it.name, &it.policy),
                _ => continue,
            };
            let policy = self.policy(resource, policy, DocumentKind::Identity)?;
            holders.give(&target, Origin::inline(name), policy);
        }
        Ok(())
    }

    /// Managed policies, attached by resources of their own.
    fn attached(&mut self, holders: &mut Holders) -> Result<(), BuildError> {
        let deployment = self.deployment;
        for resource in deployment.resources() {
            let (arn, targets) = match &resource.body {
                Body::RolePolicyAttachment(it) => {
                    (&it.policy, vec![self.target(holders, Kind::Role, &it.role)])
                }
                Body::UserPolicyAttachment(it) => {
                    (&it.policy, vec![self.target(holders, Kind::User, &it.user)])
                }
                Body::GroupPolicyAttachment(it) => {
                    (&it.policy, vec![self.target(holders, Kind::Group, &it.group)])
                }
                Body::PolicyAttachment(it) => {
                    let roles = it.roles.iter().map(|name| self.target(holders, Kind::Role, name));
                    let mut targets: Vec<Target> = roles.collect();
                    targets.extend(it.users.iter().map(|name| self.target(holders, Kind::User, name)));
                    targets.extend(it.groups.iter().map(|name| self.target(holders, Kind::Group, name)));
                    (&it.policy, targets)
                }
                _ => continue,
            };
            let (origin, policy) = self.managed(arn)?;
            if let (Body::PolicyAttachment(_), Origin::Managed(arn)) = (&resource.body, &origin) {
                // It takes the policy from everyone whom it does not name.
                holders.only(arn.clone(), targets.clone(), resource);
            }
            for target in targets {
                holders.give(&target, origin.clone(), policy.clone());
            }
        }
        Ok(())
    }

    /// Who is in which group.
    fn memberships(&mut self, holders: &mut Holders) {
        let deployment = self.deployment;
        for resource in deployment.resources() {
            match &resource.body {
                Body::UserGroups(it) => {
                    let user = self.target(holders, Kind::User, &it.user);
                    for group in &it.groups {
                        let group = self.target(holders, Kind::Group, group);
                        holders.join(&user, &group, resource);
                    }
                }
                Body::GroupMembers(it) => {
                    let group = self.target(holders, Kind::Group, &it.group);
                    for user in &it.users {
                        let user = self.target(holders, Kind::User, user);
                        holders.join(&user, &group, resource);
                    }
                }
                _ => {}
            }
        }
    }

    /// Resources that take away what they do not list: `aws_iam_role_policies_exclusive` and the like.
    fn exclusive(&mut self, holders: &mut Holders) {
        let deployment = self.deployment;
        for resource in deployment.resources() {
            let Body::Other(it) = &resource.body else { continue };
            let Some(Exclusive { kind, holder, list, managed }) = Exclusive::of(&it.type_name) else {
                continue;
            };
            let text = |value: &narrows_model::Value| value.as_text().cloned();
            let Some(name) = it.arguments.get(holder).and_then(text) else { continue };
            let target = self.target_of(holders, kind, &name);
            let listed = it.arguments.get(list).and_then(narrows_model::Value::items).unwrap_or_default();
            let listed: Vec<String> =
                listed.iter().filter_map(text).map(|text| self.resolve(&text)).collect();
            holders.keep(&target, managed, &listed, resource);
        }
    }

    /// Whom a field names.
    fn target<T: std::fmt::Display>(&mut self, holders: &mut Holders, kind: Kind, name: &Input<T>) -> Target {
        self.target_of(holders, kind, &name.to_text())
    }

    fn target_of(&mut self, holders: &mut Holders, kind: Kind, text: &Text) -> Target {
        let deployment = self.deployment;
        let named = text.as_reference().filter(|reference| reference.resource.kind == kind);
        let named = named.and_then(|reference| deployment.get(&reference.resource));
        let name = match named {
            Some(resource) => self.resolve(&resource.id.attribute(Attribute::Id).into()),
            None => self.resolve(text),
        };
        if kind == Kind::Group {
            return self.group(holders, named, name);
        }
        let found = named.or_else(|| {
            deployment
                .of_kind(kind.clone())
                .find(|resource| self.resolve(&resource.id.attribute(Attribute::Id).into()) == name)
        });
        match found {
            Some(resource) => Target::Holder(self.resolve(&resource.id.arn().into())),
            None if name.contains(is_symbol) => Target::Any(kind),
            None => Target::Holder(self.arn_by_name(holders, &kind, &name)),
        }
    }

    /// The group that a resource is, or that has a name.
    fn group(&mut self, holders: &mut Holders, resource: Option<&Resource>, name: String) -> Target {
        if resource.is_none() && name.contains(is_symbol) {
            return Target::Any(Kind::Group);
        }
        let deployment = self.deployment;
        let is_it = |it: &&Resource| self.resolve(&it.id.attribute(Attribute::Id).into()) == name;
        let found: Vec<&Resource> = match resource {
            Some(resource) => vec![resource],
            None => deployment.of_kind(Kind::Group).filter(is_it).collect(),
        };
        match found.as_slice() {
            [] => holders.named_group(name),
            [only] => Target::Group(self.resolve(&only.id.arn().into())),
            // One of each of several accounts.
            _ => Target::Any(Kind::Group),
        }
    }

    /// The ARN of a role or user of which the input has only the name: the one that something else in it names, else that
    /// without a path.
    fn arn_by_name(&mut self, holders: &mut Holders, kind: &Kind, name: &str) -> String {
        let account = match &self.deployment.account {
            Some(account) => Text::literal(account.as_str()),
            None => Text::unknown("the account that is deployed to"),
        };
        let form = if *kind == Kind::Role { "role" } else { "user" };
        let start = Text::literal(format!("arn:{}:iam::", self.deployment.partition)).then(account);
        let start = self.resolve(&start.then_literal(format!(":{form}/")));
        holders.known_arn(&start, name).unwrap_or_else(|| {
            let arn = format!("{start}{name}");
            holders.assume(&arn, format!("{form} {name} has no path: its ARN is {}", self.model.show(&arn)));
            arn
        })
    }

    /// The managed policy with this ARN.
    fn managed(&mut self, arn: &Input<Arn>) -> Result<(Origin, Policy), BuildError> {
        let text = self.resolve_input(arn);
        let origin = Origin::Managed(text.clone());
        if let Some(resource) = self.managed_resource(arn, &text)
            && let Body::ManagedPolicy(it) = &resource.body
        {
            return Ok((origin, self.policy(resource, &it.policy, DocumentKind::Identity)?));
        }
        let name = self.model.show(&text);
        let given = text.parse().ok().and_then(|arn: Arn| self.deployment.policies_of_aws().get(&arn));
        if let Some(value) = given {
            let parsed = narrows_iam::parse(value, DocumentKind::Identity, &mut |text| text.shown());
            return Ok(match parsed {
                Ok(document) => (origin, Policy::Document { name, document }),
                // Nobody but AWS can mend it.
                Err(cause) => {
                    let (expression, location) = (cause.to_string(), cause.location.clone());
                    (origin, Policy::Unknown { name, expression, location })
                }
            });
        }
        if let Some((document, assumed)) = managed::document(self.deployment.partition, &text) {
            self.model.remarks.extend(assumed.filter(|it| !self.model.remarks.contains(it)));
            return Ok((origin, Policy::Document { name, document }));
        }
        let (expression, location) = (NOT_IN_INPUT.to_owned(), arn.location.clone());
        Ok((origin, Policy::Unknown { name, expression, location }))
    }

    /// The resource that a managed policy's ARN is of.
    fn managed_resource(&mut self, arn: &Input<Arn>, text: &str) -> Option<&'a Resource> {
        let deployment = self.deployment;
        if let Some(reference) = arn.as_reference() {
            return deployment.get(&reference.resource);
        }
        deployment
            .of_kind(Kind::ManagedPolicy)
            .find(|resource| self.resolve(&resource.id.arn().into()) == text)
    }
}
