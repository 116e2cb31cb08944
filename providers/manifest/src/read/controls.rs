//! The control policies of a manifest.

use super::{Common, Reader};
use crate::error::ManifestError;
use crate::table::Table;
use narrows_model::resources::organisations::{
    Control, ControlPolicy, ControlPolicyAttachment, MemberAccount,
};
use narrows_model::{Attribute, Body, Input, Location, OrganisationNode};

/// The members that list control policies.
const LISTS: [(&str, Control); 2] =
    [("service_control_policies", Control::Service), ("resource_control_policies", Control::Resource)];

impl Reader<'_, '_> {
    /// Control policies, which are attached to the manifest's account; they say that it is a member of an organisation.
    pub(super) fn control_policies(&mut self, root: &Table<'_>) -> Result<(), ManifestError> {
        let mut account = None;
        for (list, control) in LISTS {
            for (path, place) in root.texts(list)? {
                let node = match &account {
                    Some(node) => Input::clone(node),
                    None => account.insert(self.member(list, place)?).clone(),
                };
                let (content, file) = self.file(path, place, &format!("`{list}` of the manifest"))?;
                let location = content.location.clone();
                let policy =
                    ControlPolicy { name: path.to_owned(), description: None, control, content, id: None };
                let id = self.add(&of(path, place), Body::ControlPolicy(policy), &file, &location)?;
                let attachment = ControlPolicyAttachment {
                    policy: Input::reference(id.attribute(Attribute::Id)),
                    target: node.at(place.clone()),
                };
                self.add(&of(path, place), Body::ControlPolicyAttachment(attachment), &file, place)?;
            }
        }
        Ok(())
    }

    /// The manifest's account as a member of an organisation.
    fn member(&mut self, list: &str, place: &Location) -> Result<Input<OrganisationNode>, ManifestError> {
        let Some(account) = self.deployment.account.clone() else {
            let message = format!(
                "`{list}` of the manifest: expected the account that they are attached to; add `account = \"…\"`"
            );
            return Err(ManifestError::new(message, place));
        };
        let parsed = account.as_str().parse::<OrganisationNode>();
        let node = parsed.map_err(|cause| ManifestError::name("`account` of the manifest", &cause, place))?;
        let body = MemberAccount {
            name: account.to_string(),
            email: String::new(),
            parent: None,
            id: Some(account.clone()),
        };
        self.add(&of(account.as_str(), place), Body::MemberAccount(body), "", place)?;
        Ok(Input::known(node))
    }
}

fn of(name: &str, place: &Location) -> Common {
    Common { name: name.to_owned(), account: None, region: None, location: place.clone() }
}
