//! Bare bucket policies.

use super::{Found, bare};
use crate::args::Declared;
use crate::failure::Failure;
use narrows_iam::DocumentKind;
use narrows_manifest::{Printed, Sort};
use narrows_model::resources::s3::{Bucket, BucketPolicy};
use narrows_model::{Body, BucketName, Deployment, Input, Kind, Location, Resource, ResourceId, Value};
use std::collections::BTreeSet;
use std::path::Path;

/// Refuses policies alone where nothing says through which MRAP their buckets are to be reached, and one `--bucket` for
/// several of them.
pub(super) fn have_access_point(found: &[Found], flags: &Declared) -> Result<(), Failure> {
    let policies: Vec<&Found> = found.iter().filter(|input| input.sort == super::Sort::Policy).collect();
    if let (Some(bucket), [_, _, ..]) = (&flags.bucket, policies.as_slice()) {
        return Err(Failure::new(format!(
            "--bucket `{bucket}` is about one policy, and there are {}",
            policies.len()
        ))
        .help(
            "leave --bucket out where each policy names its bucket, or say in a manifest what each is of",
        ));
    }
    if let (Some(first), false) = (found.first(), flags.mraps.is_empty())
        && found.iter().all(|input| input.sort == super::Sort::Bare)
    {
        let failure =
            Failure::new(format!("`{}` is no policy of a bucket, and --mrap is for buckets", first.name));
        return Err(failure.help(
            "leave --mrap out to be told how it is attached to something; if it is a bucket's, name that with --bucket NAME",
        ));
    }
    let says_nothing = |input: &&Found| [super::Sort::Policy, super::Sort::Account].contains(&input.sort);
    match policies.first() {
        Some(first) if found.iter().filter(says_nothing).count() == found.len() && flags.mraps.is_empty() && !flags.direct => {
            Err(Failure::new(format!("`{}` is a policy, and no access point is given", first.name)).help(
                "say which MRAP the bucket is to be reached through: --mrap arn:aws:s3::<account>:accesspoint/<alias>.mrap",
            ))
        }
        _ => Ok(()),
    }
}

/// The deployment of one bucket and its policy; what is none of a bucket has nothing to ask about.
pub(super) fn found(path: &Path, printed: Printed, flags: &Declared) -> Result<Found, Failure> {
    // Who names the bucket says that it is the policy of one.
    let is_told = flags.bucket.is_some() && printed.sort == Sort::Resource;
    if !is_told && let Some(found) = bare::found(path, &printed)? {
        return Ok(found);
    }
    let policy = printed.policy;
    let name = match &flags.bucket {
        Some(name) => name.clone(),
        None => named_bucket(path, &policy)?,
    };
    let partition = flags.mraps.first().map(|it| it.arn.partition()).unwrap_or_default();
    let mut deployment = Deployment::new(flags.account.clone(), partition);
    let body = Body::Bucket(Bucket { name: Some(Input::known(name.clone())), force_destroy: false });
    let bodies = [
        (body, String::new(), Location::none()),
        (
            Body::BucketPolicy(BucketPolicy { bucket: Input::known(name.clone()), policy: policy.clone() }),
            path.display().to_string(),
            policy.location.clone(),
        ),
    ];
    for (body, address, location) in bodies {
        let id = ResourceId::new(body.kind(), name.as_str());
        let resource =
            Resource { id, region: None, body, depends_on: Vec::new(), address: address.into(), location };
        deployment.add(resource).map_err(|error| Failure::new(error.to_string()))?;
    }
    debug_assert_eq!(deployment.of_kind(Kind::BucketPolicy).count(), 1);
    let kind = format!("the policy of bucket {name}");
    let implied = deployment.of_kind(Kind::Bucket).map(|bucket| bucket.id.clone()).collect();
    Ok(Found { sort: super::Sort::Policy, implied, ..Found::new(path, &kind, deployment) })
}

/// The one bucket that a policy's resources name.
fn named_bucket(path: &Path, policy: &Value) -> Result<BucketName, Failure> {
    let mut names = BTreeSet::new();
    let statements = policy.get("Statement").map(each).unwrap_or_default();
    for statement in statements {
        for member in ["Resource", "NotResource"] {
            for resource in statement.get(member).map(each).unwrap_or_default() {
                names.extend(resource.as_str().and_then(bucket_of));
            }
        }
    }
    let list: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match (names.pop_first(), names.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(Failure::new(format!(
            "`{}` names {} buckets, {}: expected one",
            path.display(),
            list.len(),
            list.join(", ")
        ))
        .help("say which bucket it is the policy of: --bucket NAME")),
        // What is no policy names nothing; then that is what is wrong.
        (None, _) => {
            Err(match narrows_iam::parse(policy, DocumentKind::Resource, &mut |text| text.shown()) {
                Err(error) => Failure::worded(&format!("{}: {error}", path.display())).at(&error.location),
                Ok(_) => Failure::new(format!("`{}` names no bucket in its resources", path.display()))
                    .help("say which bucket it is the policy of: --bucket NAME"),
            })
        }
    }
}

/// The items of a list, or the one value that stands for such a list.
fn each(value: &Value) -> Vec<&Value> {
    value.items().map_or_else(|| vec![value], |items| items.iter().collect())
}

/// The bucket in the ARN of a bucket or of objects; none for access points and patterns.
fn bucket_of(arn: &str) -> Option<BucketName> {
    let mut fields = arn.splitn(6, ':').skip(2);
    let (service, region, account, resource) =
        (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    if service != "s3" || !region.is_empty() || !account.is_empty() {
        return None;
    }
    resource.split('/').next()?.parse().ok()
}
