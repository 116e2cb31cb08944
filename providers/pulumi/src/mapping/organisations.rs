//! Control policies and what they are attached to.

use super::Fields;
use crate::error::ReadError;
use narrows_model::resources::organisations::{
    Control, ControlPolicy, ControlPolicyAttachment, MemberAccount, OrganisationalUnit,
};
use narrows_model::{Attribute, Kind};

const NODES: [Kind; 2] = [Kind::OrganisationalUnit, Kind::MemberAccount];

/// `None` for policies that give no access and take none, such as those on tags.
pub(super) fn policy(fields: &Fields<'_>) -> Result<Option<ControlPolicy>, ReadError> {
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

pub(super) fn attachment(fields: &Fields<'_>) -> Result<ControlPolicyAttachment, ReadError> {
    Ok(ControlPolicyAttachment {
        policy: fields.required_named("policyId", &[Kind::ControlPolicy], Attribute::Id)?,
        target: fields.required_named("targetId", &NODES, Attribute::Id)?,
    })
}

pub(super) fn account(fields: &Fields<'_>) -> Result<MemberAccount, ReadError> {
    Ok(MemberAccount {
        name: fields.required_string("name")?,
        email: fields.required_string("email")?,
        parent: fields.named("parentId", &NODES, Attribute::Id)?,
        id: fields.known("id", "twelve digits")?,
    })
}

pub(super) fn unit(fields: &Fields<'_>) -> Result<OrganisationalUnit, ReadError> {
    Ok(OrganisationalUnit {
        name: fields.required_string("name")?,
        parent: fields.required_named("parentId", &NODES, Attribute::Id)?,
        id: fields.known("id", "the id of an organisational unit")?,
    })
}
