use super::exemptions::Exemptions;
use super::statement::{Statement, document};
use super::{LISTING, NEW_PATHS, below, deny_old_tls, grants};
use crate::{MrapRegion, Stack};
use narrows_model::{Text, Value};

/// The policy of a Region's bucket.
///
/// The replication role needs no Allow: it belongs to the bucket's account, where its own policy is enough.
pub(crate) fn policy(stack: &Stack, region: MrapRegion) -> Value {
    let bucket = stack.bucket_arn(region);
    let objects = below(&bucket, "/");
    let exemptions = Exemptions::at_bucket(stack);
    let mrap = stack.mrap_arn();
    let mut statements = deny_outside("Mrap", &bucket, |deny| {
        exemptions.carve_out(&deny.condition("ArnNotEquals", "s3:DataAccessPointArn", [mrap.clone()]))
    });
    let endpoints = stack.endpoint_ids();
    if !endpoints.is_empty() {
        // In statements of their own: conditions of one statement are ANDed, so either way would do.
        statements.extend(deny_outside("Endpoints", &bucket, |deny| {
            exemptions.carve_out(&deny.condition("StringNotEquals", "aws:SourceVpce", endpoints.clone()))
        }));
    }
    statements.extend(deny_old_tls(&[bucket.clone(), below(&objects, "*")], stack.mrap.minimum_tls));
    statements.extend(deny_new_paths(stack, &bucket));
    statements.extend(stack.mrap.grants.iter().flat_map(|grant| grants::allow(grant, &objects, &bucket)));
    let allow = |it| grants::allow_service(it, &stack.mrap.account, &objects, &bucket);
    statements.extend(stack.mrap.services.iter().flat_map(allow));
    document(statements)
}

/// Denies all but the deployer what opens other ways to data; nothing where no deployer is declared.
///
/// The account's root user stays, which can replace a bucket policy whatever it says.
fn deny_new_paths(stack: &Stack, bucket: &Text) -> Option<Statement> {
    let deployer = stack.mrap.deployer.as_ref()?;
    let root = format!("arn:{}:iam::{}:root", deployer.partition(), stack.mrap.account);
    let spared = [Text::literal(deployer.as_str()), Text::literal(root)];
    let deny = Statement::deny("DenyNewPaths").actions(NEW_PATHS).resource(bucket.clone());
    Some(deny.condition("ArnNotEquals", "aws:PrincipalArn", spared))
}

/// Denies all actions on objects, also those that S3 has yet to invent, and listing; never an action on configuration.
fn deny_outside(what: &str, bucket: &Text, narrow: impl Fn(Statement) -> Vec<Statement>) -> Vec<Statement> {
    let objects = Statement::deny(format!("DenyObjectsOutside{what}")).action("s3:*");
    let listing = Statement::deny(format!("DenyListingOutside{what}")).actions(LISTING);
    let mut statements = narrow(objects.resource(below(bucket, "/*")));
    statements.extend(narrow(listing.resource(bucket.clone())));
    statements
}
