use super::below;
use super::statement::Statement;
use crate::{ExemptService, Grant};
use narrows_model::intent::Access;
use narrows_model::{AccountId, KeyPrefix, Text};

/// The Allows of a grant on one leg: what it may do to objects, and that it may list them.
///
/// `objects` is what precedes a key in an object's ARN, `container` the ARN that is listed.
pub(super) fn allow(grant: &Grant, objects: &Text, container: &Text) -> Vec<Statement> {
    let name = pascal(grant.role.name().as_str());
    let start = |sid: String| Statement::allow_role(sid, grant.role.as_str());
    allow_access(grant.access, &grant.prefix, (objects, container), &name, start)
}

/// The Allows of an exempt service, on behalf of one account alone; without that, any account could have it act here.
pub(super) fn allow_service(
    exemption: &ExemptService,
    account: &AccountId,
    objects: &Text,
    container: &Text,
) -> Vec<Statement> {
    let service = exemption.service.as_str();
    let name = pascal(service.strip_suffix(".amazonaws.com").unwrap_or(service));
    let start = |sid: String| {
        let statement = Statement::allow_service(sid, service);
        statement.condition("StringEquals", "aws:SourceAccount", [Text::literal(account.as_str())])
    };
    allow_access(exemption.access, &exemption.prefix, (objects, container), &name, start)
}

fn allow_access(
    access: Access,
    prefix: &KeyPrefix,
    (objects, container): (&Text, &Text),
    name: &str,
    start: impl Fn(String) -> Statement,
) -> Vec<Statement> {
    let (listing, on_objects): (Vec<&str>, Vec<&str>) =
        access.actions().iter().partition(|action| **action == "s3:ListBucket");
    let sid = |what: &str| format!("Allow{}{what}For{name}", verb(access));
    let keys = below(objects, &format!("{prefix}*"));
    let mut statements = vec![start(sid("Objects")).actions(on_objects).resource(keys)];
    if !listing.is_empty() {
        let list = start(sid("Listing")).actions(listing).resource(container.clone());
        let below_prefix = (!prefix.is_empty()).then(|| Text::literal(format!("{prefix}*")));
        statements.push(list.condition("StringLike", "s3:prefix", below_prefix));
    }
    statements
}

fn verb(access: Access) -> &'static str {
    match access {
        Access::Read => "Read",
        Access::Write => "Write",
        Access::ReadWrite => "ReadWrite",
    }
}

/// A name in the letters and digits that a Sid may have: `orders-api` is `OrdersApi`.
fn pascal(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .flat_map(|word| {
            let mut chars = word.chars();
            let first = chars.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(chars)
        })
        .collect()
}
