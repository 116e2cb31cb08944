use crate::{Fault, StackError, Subject};
use narrows_model::resources::Body;
use narrows_model::{Deployment, Part, Value};

/// S3's limit for a bucket policy, which access point policies share; in bytes.
const LIMIT: usize = 20_480;

/// The longest value of what is unknown before deployment: an alias has 63 characters at most.
const LONGEST_UNKNOWN: usize = 63;

/// Refuses policies that S3 would refuse for their size.
pub(crate) fn check(deployment: &Deployment) -> Result<(), StackError> {
    for resource in deployment.resources() {
        let policy = match &resource.body {
            Body::BucketPolicy(it) => &it.policy,
            Body::MultiRegionAccessPointPolicy(it) => &it.policy,
            _ => continue,
        };
        let size = size(deployment, policy);
        if size > LIMIT {
            let fault = Fault::PolicyTooLarge { resource: resource.id.clone(), size, limit: LIMIT };
            return Err(StackError::new(Subject::Stack, fault));
        }
    }
    Ok(())
}

fn size(deployment: &Deployment, policy: &Value) -> usize {
    let document = match &policy.kind {
        narrows_model::ValueKind::Json(inner) => inner,
        _ => policy,
    };
    let text = deployment.expand(&document.to_json_text());
    let part = |part: &Part| match part {
        Part::Literal(literal) => literal.len(),
        Part::Reference(_) | Part::Unknown(_) => LONGEST_UNKNOWN,
    };
    text.parts().iter().map(part).sum()
}
