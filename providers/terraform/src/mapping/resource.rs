use super::Fields;
use crate::error::ReadError;
use crate::kinds;
use narrows_model::{Input, Region, Resource, ResourceId, Value, ValueKind};

/// A resource whose arguments are read.
pub(crate) struct Given<'a> {
    /// Its Terraform type.
    pub type_name: &'a str,
    /// Its logical name, with module path and instance key.
    pub name: String,
    /// How Terraform spells its identity.
    pub address: String,
    /// Its arguments with templates read, an object.
    pub arguments: Value,
    /// What it says it depends on.
    pub depends_on: Vec<ResourceId>,
    /// The Region of its provider, where the source says it for this resource.
    pub provider_region: Option<Input<Region>>,
}

impl Given<'_> {
    /// The resource.
    pub(crate) fn resource(mut self) -> Result<Resource, ReadError> {
        let location = self.arguments.location.clone();
        let mut region = None;
        if kinds::is_regional(self.type_name) {
            region = Fields::new(&self.arguments, &self.address).input("region")?.or(self.provider_region);
            if let ValueKind::Object(members) = &mut self.arguments.kind {
                members.edit(|members| members.retain(|member| member.name != "region"));
            }
        }
        let body = super::body(&Fields::new(&self.arguments, &self.address), self.type_name)?;
        Ok(Resource {
            id: ResourceId::new(body.kind(), self.name),
            region,
            body,
            depends_on: self.depends_on,
            address: self.address.into(),
            location,
        })
    }
}
