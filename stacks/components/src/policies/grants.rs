use super::below;
use super::statement::Statement;
use crate::Grant;
use narrows_model::intent::Access;
use narrows_model::{RoleArn, Text};

/// The Allows of a grant on one leg: what it may do to objects, and that it may list them.
///
/// `objects` is what precedes a key in an object's ARN, `container` the ARN that is listed.
pub(super) fn allow(grant: &Grant, objects: &Text, container: &Text) -> Vec<Statement> {
    let role = grant.role.as_str();
    let lists = |action: &&str| *action == "s3:ListBucket";
    let (listing, on_objects): (Vec<&str>, Vec<&str>) =
        grant.access.actions().iter().partition(|action| lists(action));
    let sid = |what: &str| format!("Allow{}{what}For{}", verb(grant.access), pascal(&grant.role));
    let keys = below(objects, &format!("{}*", grant.prefix));
    let mut statements = vec![Statement::allow_role(sid("Objects"), role).actions(on_objects).resource(keys)];
    if !listing.is_empty() {
        let list = Statement::allow_role(sid("Listing"), role).actions(listing).resource(container.clone());
        let prefix = (!grant.prefix.is_empty()).then(|| Text::literal(format!("{}*", grant.prefix)));
        statements.push(list.condition("StringLike", "s3:prefix", prefix));
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

/// A role's name in the letters and digits that a Sid may have: `orders-api` is `OrdersApi`.
fn pascal(role: &RoleArn) -> String {
    let words = role.name().as_str().split(|c: char| !c.is_ascii_alphanumeric());
    words
        .flat_map(|word| {
            let mut chars = word.chars();
            let first = chars.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(chars)
        })
        .collect()
}
