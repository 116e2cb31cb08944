use super::exemptions::Exemptions;
use super::statement::{Statement, document};
use super::{LISTING, below, deny_old_tls, grants};
use crate::Stack;
use narrows_model::Value;

/// The policy of the access point.
pub(crate) fn policy(stack: &Stack) -> Value {
    let mrap = stack.mrap_arn();
    let objects = below(&mrap, "/object/");
    let all_objects = below(&objects, "*");
    let mut statements = Vec::new();
    let endpoints = stack.endpoint_ids();
    if !endpoints.is_empty() {
        let exemptions = Exemptions::at_mrap(stack);
        let outside = |deny: Statement| {
            exemptions.carve_out(&deny.condition("StringNotEquals", "aws:SourceVpce", endpoints.clone()))
        };
        let deny = Statement::deny("DenyObjectsOutsideEndpoints").action("s3:*");
        statements.extend(outside(deny.resource(all_objects.clone())));
        let deny = Statement::deny("DenyListingOutsideEndpoints").actions(LISTING);
        statements.extend(outside(deny.resource(mrap.clone())));
    }
    statements.extend(deny_old_tls(&[mrap.clone(), all_objects], stack.mrap.minimum_tls));
    statements.extend(stack.mrap.grants.iter().flat_map(|grant| grants::allow(grant, &objects, &mrap)));
    document(statements)
}
