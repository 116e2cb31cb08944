use narrows_model::json::JsonError;
use narrows_model::{GraphError, Location, NameError, Partition, Region, ResourceId};

/// Why a deployment cannot be written as Terraform JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// A logical name is no label.
    #[error(
        "`{id}` cannot be a Terraform label: expected a letter or underscore, then letters, digits, underscores and \
         hyphens; rename the resource"
    )]
    Label {
        /// The resource.
        id: ResourceId,
        /// Where it stands.
        location: Location,
    },
    /// A value has a part that nobody can resolve.
    #[error(
        "`{id}` holds `{expression}`, which cannot be resolved: expected values and references to resources of the \
         deployment; give the value"
    )]
    Unresolved {
        /// The resource.
        id: ResourceId,
        /// The part, as its source spells it.
        expression: String,
        /// Where the resource stands.
        location: Location,
    },
    /// A reference to a value that the resource does not have in Terraform.
    #[error("`{id}` refers to `{reference}`: expected an attribute that Terraform's `{type_name}` has")]
    Attribute {
        /// The resource that refers.
        id: ResourceId,
        /// What it refers to.
        reference: String,
        /// The Terraform type of what it refers to.
        type_name: String,
        /// Where the resource stands.
        location: Location,
    },
    /// The resource says it is made in a Region where it cannot be.
    #[error("`{id}` is in `{got}`: expected {expected}")]
    Region {
        /// The resource.
        id: ResourceId,
        /// The Region.
        got: String,
        /// What was expected.
        expected: String,
        /// Where the resource stands.
        location: Location,
    },
    /// The provider's Region is in another partition than the deployment.
    #[error("the provider's Region `{region}` is in partition `{}`: expected one in `{partition}`, as the deployment; \
             set the provider's Region", region.partition())]
    Partition {
        /// The provider's Region.
        region: Region,
        /// The deployment's partition.
        partition: Partition,
    },
    /// The resource has a setting that Terraform's type does not take.
    #[error("`{id}` has {got}: expected {expected}")]
    Unsupported {
        /// The resource.
        id: ResourceId,
        /// The setting.
        got: String,
        /// What was expected.
        expected: String,
        /// Where the resource stands.
        location: Location,
    },
    /// The resources are no graph.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

impl EmitError {
    /// Where the resource stands, if it was read from somewhere; none for what was composed in code.
    pub fn location(&self) -> Location {
        match self {
            Self::Label { location, .. }
            | Self::Unresolved { location, .. }
            | Self::Attribute { location, .. }
            | Self::Region { location, .. }
            | Self::Unsupported { location, .. } => location.clone(),
            Self::Partition { .. } | Self::Graph(_) => Location::none(),
        }
    }
}

/// Why a configuration or a plan cannot be read as a deployment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The text is not JSON.
    #[error("{0}")]
    Json(JsonError),
    /// A string is not a template.
    #[error("not a template: {message}; write a literal `${{` as `$${{` and a literal `%{{` as `%%{{`")]
    Template {
        /// What is wrong with it.
        message: String,
        /// The string.
        location: Location,
    },
    /// A value is of the wrong type.
    #[error("{what} is {got}: expected {expected}")]
    Type {
        /// What has the value.
        what: String,
        /// What it is.
        got: String,
        /// What was expected.
        expected: String,
        /// The value.
        location: Location,
    },
    /// A name is not valid.
    #[error("{what}: {cause}")]
    Name {
        /// What has the name.
        what: String,
        /// What is wrong with it.
        cause: Box<NameError>,
        /// The name.
        location: Location,
    },
    /// A required argument is not there.
    #[error("{what} is missing: expected {expected}")]
    Missing {
        /// What is missing.
        what: String,
        /// What was expected.
        expected: String,
        /// What should have it.
        location: Location,
    },
    /// A value that must be known here, and is known to the engine alone.
    #[error(
        "{what} is `{expression}`, which cannot be worked out here: expected {expected}; give the value, or check a plan \
         that has it (narrows plan DIR makes one)"
    )]
    Unresolved {
        /// What has the value.
        what: String,
        /// The expression, as the source spells it.
        expression: String,
        /// What was expected.
        expected: String,
        /// The value.
        location: Location,
    },
    /// A value that must be known here, and that only the deployment tells.
    #[error(
        "{what} is `{expression}`: expected {expected}; write it out, or give what it is worked out from with narrows plan \
         --set TYPE.ATTRIBUTE=VALUE"
    )]
    AfterApply {
        /// What has the value.
        what: String,
        /// What is known of it.
        expression: String,
        /// What was expected.
        expected: String,
        /// The value.
        location: Location,
    },
    /// Something that cannot be read without missing policies.
    #[error("{what} is not supported here: {remedy}")]
    Unsupported {
        /// What it is.
        what: String,
        /// What to do.
        remedy: String,
        /// Where it stands.
        location: Location,
    },
    /// One name is given to two things.
    #[error("{what} is given twice: expected it once; remove one")]
    Repeated {
        /// What is repeated.
        what: String,
        /// The second.
        location: Location,
    },
}

impl ReadError {
    /// Where it goes wrong.
    pub fn location(&self) -> &Location {
        match self {
            Self::Json(error) => &error.location,
            Self::Template { location, .. }
            | Self::Type { location, .. }
            | Self::Name { location, .. }
            | Self::Missing { location, .. }
            | Self::Unresolved { location, .. }
            | Self::AfterApply { location, .. }
            | Self::Unsupported { location, .. }
            | Self::Repeated { location, .. } => location,
        }
    }
}

impl ReadError {
    /// The same in a plan that `narrows plan` has made, where making one is no remedy.
    pub(crate) fn in_settled_plan(self) -> Self {
        match self {
            Self::Unresolved { what, expression, expected, location } => {
                Self::AfterApply { what, expression, expected, location }
            }
            other => other,
        }
    }
}

impl From<JsonError> for ReadError {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}
