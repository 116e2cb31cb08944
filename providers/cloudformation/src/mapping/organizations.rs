//! Control policies and what they are attached to: `AWS::Organizations::Policy`, `Account`, `OrganizationalUnit`.

use super::{Fields, Made};
use crate::error::ReadError;
use narrows_model::resources::organisations::{
    Control, ControlPolicy, ControlPolicyAttachment, MemberAccount, OrganisationalUnit,
};
use narrows_model::{Attribute, Body, Input, ResourceId};

/// None for policies that give no access and take none, such as those on tags.
pub(super) fn policy(fields: &Fields<'_>, id: &ResourceId) -> Result<Vec<Made>, ReadError> {
    let control = match fields.required_string("Type")?.as_str() {
        "SERVICE_CONTROL_POLICY" => Control::Service,
        "RESOURCE_CONTROL_POLICY" => Control::Resource,
        _ => return Ok(Vec::new()),
    };
    let mut made = vec![Made::itself(Body::ControlPolicy(ControlPolicy {
        name: fields.required_string("Name")?,
        description: fields.string("Description")?,
        control,
        content: fields.required_document("Content")?,
        id: None,
    }))];
    for (index, item) in fields.items("TargetIds")?.iter().enumerate() {
        let body = ControlPolicyAttachment {
            policy: Input::reference(id.attribute(Attribute::Id)),
            target: fields.one_input("TargetIds", item)?,
        };
        let suffix = format!(".TargetIds[{index}]");
        made.push(Made::part(suffix, Body::ControlPolicyAttachment(body), item.location.clone()));
    }
    Ok(made)
}

pub(super) fn account(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    let parent = fields.items("ParentIds")?.first();
    Ok(vec![Made::itself(Body::MemberAccount(MemberAccount {
        name: fields.required_string("AccountName")?,
        email: fields.required_string("Email")?,
        parent: parent.map(|item| fields.one_input("ParentIds", item)).transpose()?,
        id: None,
    }))])
}

pub(super) fn unit(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    Ok(vec![Made::itself(Body::OrganisationalUnit(OrganisationalUnit {
        name: fields.required_string("Name")?,
        parent: fields.required_input("ParentId")?,
        id: None,
    }))])
}
