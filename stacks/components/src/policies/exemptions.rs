use super::statement::Statement;
use crate::{BreakGlass, Stack, logical};
use narrows_model::date::Date;
use narrows_model::{Kind, Text};
use std::collections::BTreeMap;

/// Who a Deny of a way leaves out.
pub(super) struct Exemptions {
    roles: Vec<Text>,
    services: Vec<Text>,
    /// Roles whose exemption ends, by its last day.
    ending: BTreeMap<Date, Vec<Text>>,
}

impl Exemptions {
    /// Who may go past the access point and the endpoints: the replication role, break-glass roles, named services.
    pub(super) fn at_bucket(stack: &Stack) -> Self {
        let replication = stack.mesh.iter().map(|_| logical::of_replication(Kind::Role).arn().into());
        let services = stack.mrap.services.iter().map(|it| Text::literal(it.service.as_str()));
        Self::new(stack, replication.collect(), services.collect())
    }

    /// Who may go past the endpoints on the way through the access point, which replication and services never take.
    pub(super) fn at_mrap(stack: &Stack) -> Self {
        Self::new(stack, Vec::new(), Vec::new())
    }

    fn new(stack: &Stack, mut roles: Vec<Text>, services: Vec<Text>) -> Self {
        let text = |it: &BreakGlass| Text::literal(it.role.as_str());
        roles.extend(stack.mrap.break_glass.iter().map(text));
        let mut ending = BTreeMap::<_, Vec<_>>::new();
        for it in &stack.mrap.break_glass {
            if let Some(last) = it.expires {
                ending.entry(last).or_default().push(text(it));
            }
        }
        Self { roles, services, ending }
    }

    /// A Deny that these are left out of, and, for each exemption that ends, the same Deny from that day on.
    pub(super) fn carve_out(&self, deny: &Statement) -> Vec<Statement> {
        let standing = deny
            .clone()
            .condition("ArnNotEquals", "aws:PrincipalArn", self.roles.iter().cloned())
            .condition("StringNotEqualsIfExists", "aws:PrincipalServiceName", self.services.iter().cloned());
        let mut statements = vec![standing];
        for (last, roles) in &self.ending {
            // None follows 9999-12-31, which is as good as no end.
            let Some(end) = Date::from_epoch_seconds(last.epoch_seconds() + 86_400) else { continue };
            let sid = format!("{}After{}", deny.sid(), last.to_string().replace('-', ""));
            let ended = deny.clone().called(sid);
            let ended = ended.condition("ArnEquals", "aws:PrincipalArn", roles.iter().cloned());
            let from = Text::literal(format!("{end}T00:00:00Z"));
            statements.push(ended.condition("DateGreaterThanEquals", "aws:CurrentTime", [from]));
        }
        statements
    }
}
