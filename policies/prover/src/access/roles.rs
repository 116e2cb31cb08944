//! Roles, their policies and their permission boundaries.

use super::build::{BuildError, Builder};
use super::{Identity, NOT_IN_INPUT, Policy};
use narrows_iam::DocumentKind;
use narrows_model::resources::Body;
use narrows_model::{Arn, Attribute, Input, Kind, Resource, ResourceId, RoleName, Source};

/// The AWS managed policy that allows everything, and has done so since there is IAM.
const ADMINISTRATOR: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;

impl<'a> Builder<'a> {
    pub(super) fn identities(&mut self) -> Result<(), BuildError> {
        let deployment = self.deployment;
        for resource in deployment.of_kind(Kind::Role) {
            let Body::Role(it) = &resource.body else { continue };
            let mut identity = Identity::new(self.resolve(&resource.id.arn().into()));
            for inline in &it.inline_policies {
                let policy = self.policy(resource, &inline.policy, DocumentKind::Identity)?;
                identity.policies.push(policy);
            }
            for arn in &it.managed_policies {
                let policy = self.managed(arn)?;
                identity.policies.push(policy);
            }
            if let Some(arn) = &it.permissions_boundary {
                identity.boundary = self.managed(arn)?;
            }
            if !identity.policies.is_empty() || !matches!(identity.boundary, Policy::None) {
                self.model.identities.push(identity);
            }
        }
        for resource in deployment.of_kind(Kind::RolePolicy) {
            let Body::RolePolicy(it) = &resource.body else { continue };
            let Some(arn) = self.role_arn(&it.role) else { continue };
            let policy = self.policy(resource, &it.policy, DocumentKind::Identity)?;
            self.give(arn, policy);
        }
        for resource in deployment.of_kind(Kind::RolePolicyAttachment) {
            let Body::RolePolicyAttachment(it) = &resource.body else { continue };
            let Some(arn) = self.role_arn(&it.role) else { continue };
            let policy = self.managed(&it.policy)?;
            self.give(arn, policy);
        }
        self.model.identities.sort_by(|one, other| one.arn.cmp(&other.arn));
        Ok(())
    }

    /// Gives a policy to the role with this ARN.
    fn give(&mut self, arn: String, policy: Policy) {
        match self.model.identities.iter_mut().find(|identity| identity.arn == arn) {
            Some(identity) => identity.policies.push(policy),
            None => {
                let policies = vec![policy];
                self.model.identities.push(Identity { policies, ..Identity::new(arn) });
            }
        }
    }

    /// The managed policy with this ARN.
    fn managed(&mut self, arn: &Input<Arn>) -> Result<Policy, BuildError> {
        let text = self.resolve_input(arn);
        if let Some(resource) = self.managed_resource(arn, &text)
            && let Body::ManagedPolicy(it) = &resource.body
        {
            return self.policy(resource, &it.policy, DocumentKind::Identity);
        }
        let name = self.model.show(&text);
        if text == format!("arn:{}:iam::aws:policy/AdministratorAccess", self.deployment.partition) {
            let source = Source::file(name.as_str(), ADMINISTRATOR);
            if let Ok(parsed) = narrows_iam::parse_text(&source, DocumentKind::Identity) {
                return Ok(Policy::Document { name, document: parsed.document });
            }
        }
        Ok(Policy::Unknown { name, expression: NOT_IN_INPUT.to_owned(), location: arn.location.clone() })
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

    /// The ARN of the role that a policy is attached to, where the input has the role.
    fn role_arn(&mut self, role: &Input<RoleName>) -> Option<String> {
        let id: ResourceId = match role.as_reference() {
            Some(reference) => reference.resource.clone(),
            None => {
                let name = self.resolve_input(role);
                let deployment = self.deployment;
                let found = deployment.of_kind(Kind::Role).find(|resource| {
                    let text = deployment.value_of(&resource.id.attribute(Attribute::Id));
                    text.as_literal() == Some(name.as_str())
                });
                found?.id.clone()
            }
        };
        Some(self.resolve(&id.arn().into()))
    }
}
