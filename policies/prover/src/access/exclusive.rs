//! Resources that take away what they do not list, by the names that engines give them.

use narrows_model::Kind;

/// One of `aws_iam_role_policies_exclusive` and the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Exclusive {
    /// Whose policies it lists.
    pub kind: Kind,
    /// The argument with that one's name.
    pub holder: &'static str,
    /// The argument with the list.
    pub list: &'static str,
    /// Whether it lists the ARNs of managed policies, else the names of inline ones.
    pub managed: bool,
}

impl Exclusive {
    /// What a type of a resource means; `None` for any other.
    pub(super) fn of(type_name: &str) -> Option<Self> {
        let types = [
            (Kind::Role, "role", ["role_name", "roleName"]),
            (Kind::User, "user", ["user_name", "userName"]),
            (Kind::Group, "group", ["group_name", "groupName"]),
        ];
        for (kind, word, [terraform, pulumi]) in types {
            let rest = type_name.strip_prefix("aws_iam_").and_then(|rest| rest.strip_prefix(word));
            let found = match rest {
                Some("_policies_exclusive") => Some((terraform, "policy_names", false)),
                Some("_policy_attachments_exclusive") => Some((terraform, "policy_arns", true)),
                _ => {
                    let rest = type_name.strip_prefix("aws:iam/").and_then(|rest| rest.strip_prefix(word));
                    match rest.and_then(|rest| rest.split_once(':')).map(|(module, _)| module) {
                        Some("PoliciesExclusive") => Some((pulumi, "policyNames", false)),
                        Some("PolicyAttachmentsExclusive") => Some((pulumi, "policyArns", true)),
                        _ => None,
                    }
                }
            };
            if let Some((holder, list, managed)) = found {
                return Some(Self { kind, holder, list, managed });
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_known() {
        let managed = |kind, holder, list| Some(Exclusive { kind, holder, list, managed: true });
        let terraform = Exclusive::of("aws_iam_role_policy_attachments_exclusive");
        assert_eq!(terraform, managed(Kind::Role, "role_name", "policy_arns"));
        let pulumi = Exclusive::of("aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive");
        assert_eq!(pulumi, managed(Kind::User, "userName", "policyArns"));
        let inline = Exclusive::of("aws:iam/groupPoliciesExclusive:GroupPoliciesExclusive");
        assert_eq!(inline.map(|it| (it.kind, it.managed)), Some((Kind::Group, false)));
        for other in
            ["aws_iam_role_policy", "aws:iam/rolePolicy:RolePolicy", "aws_iam_rolex_policies_exclusive"]
        {
            assert_eq!(Exclusive::of(other), None, "{other}");
        }
    }
}
