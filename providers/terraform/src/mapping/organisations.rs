//! Control policies and what they are attached to: `aws_organizations_policy`, `aws_organizations_policy_attachment`,
//! `aws_organizations_account`, `aws_organizations_organizational_unit`.

use super::fields::spelled;
use super::{Args, Fields};
use crate::error::ReadError;
use narrows_model::resources::organisations::{
    Control, ControlPolicy, ControlPolicyAttachment, MemberAccount, OrganisationalUnit,
};

const TYPES: [(&str, Control); 2] =
    [("SERVICE_CONTROL_POLICY", Control::Service), ("RESOURCE_CONTROL_POLICY", Control::Resource)];

pub(super) fn policy(it: &ControlPolicy) -> Args {
    Args::default()
        .text("name", it.name.as_str())
        .optional_text("description", it.description.as_deref())
        .text("type", spelled(&TYPES, it.control))
        .document("content", &it.content)
}

/// `None` for policies that give no access and take none, such as those on tags.
pub(super) fn read_policy(fields: &Fields<'_>) -> Result<Option<ControlPolicy>, ReadError> {
    let control = match fields.string("type")?.as_deref() {
        None | Some("SERVICE_CONTROL_POLICY") => Control::Service,
        Some("RESOURCE_CONTROL_POLICY") => Control::Resource,
        Some(_) => return Ok(None),
    };
    Ok(Some(ControlPolicy {
        name: fields.required_string("name")?,
        description: fields.string("description")?,
        control,
        content: fields.required_document("content")?,
        id: fields.known("id", "the id of a control policy")?,
    }))
}

pub(super) fn attachment(it: &ControlPolicyAttachment) -> Args {
    Args::default().input("policy_id", &it.policy).input("target_id", &it.target)
}

pub(super) fn read_attachment(fields: &Fields<'_>) -> Result<ControlPolicyAttachment, ReadError> {
    Ok(ControlPolicyAttachment {
        policy: fields.required_input("policy_id")?,
        target: fields.required_input("target_id")?,
    })
}

pub(super) fn account(it: &MemberAccount) -> Args {
    Args::default()
        .text("name", it.name.as_str())
        .text("email", it.email.as_str())
        .optional_input("parent_id", it.parent.as_ref())
}

pub(super) fn read_account(fields: &Fields<'_>) -> Result<MemberAccount, ReadError> {
    Ok(MemberAccount {
        name: fields.required_string("name")?,
        email: fields.required_string("email")?,
        parent: fields.input("parent_id")?,
        id: fields.known("id", "twelve digits")?,
    })
}

pub(super) fn unit(it: &OrganisationalUnit) -> Args {
    Args::default().text("name", it.name.as_str()).input("parent_id", &it.parent)
}

pub(super) fn read_unit(fields: &Fields<'_>) -> Result<OrganisationalUnit, ReadError> {
    Ok(OrganisationalUnit {
        name: fields.required_string("name")?,
        parent: fields.required_input("parent_id")?,
        id: fields.known("id", "the id of an organisational unit")?,
    })
}
