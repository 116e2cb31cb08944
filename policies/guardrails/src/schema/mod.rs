//! The Cedar schema that guardrails are written in.

mod groups;
mod keys;

pub(crate) use groups::{GROUPS, actions_in, known};
pub(crate) use keys::{KEYS, Key, KeyType, SERVICES, find as find_key};

use std::fmt::Write as _;

/// The schema, in Cedar's own notation: principals, S3's actions in groups, buckets and objects, condition keys as context.
///
/// Guardrails of users are validated against it, strictly.
pub const SCHEMA: &str = include_str!("../../cedar/access.cedarschema");

const HEAD: &str = r#"// What guardrails can speak of. Condition keys are `context.aws.…` and `context.s3.…`, as IAM spells them.
//
// A policy is read as a specification: no request in the scope of a `forbid` may be allowed by the deployment, and each
// request in the scope of a `permit` must be allowed. This file is generated from the tables in `src/schema`.

// ---- who asks ----

/// An AWS account, by its twelve digits.
entity Account;
/// An organisation, by its id (`o-…`): whoever has it in aws:PrincipalOrgID.
entity Organization;
/// A group of callers that the owner of the deployment declared.
entity Principals;

/// A session of a role, by the role's ARN. Its tags are aws:PrincipalTag.
entity Role in [Account, Organization, Principals] = { arn: String } tags String;
/// An IAM user, by its ARN.
entity User in [Account, Organization, Principals] = { arn: String } tags String;
/// An account's root user, by its ARN.
entity Root in [Account, Organization, Principals] = { arn: String } tags String;
/// A federated user, by its ARN.
entity FederatedUser in [Account, Organization, Principals] = { arn: String } tags String;
/// An AWS service, by its principal (`logging.s3.amazonaws.com`).
entity Service in [Principals];
/// A caller without credentials.
entity Anonymous in [Principals];

// ---- what is asked for ----

/// A bucket, by its name, with what the input and the owner's declarations say of it.
entity Bucket = {
    name: String,
    /// The account that owns it, where that is known.
    account?: Account,
    /// Accounts of callers that the owner declared: of grants, exemptions, the deployer, failover operators.
    declared: Principals,
    /// Who deploys.
    deployer?: Principals,
    /// Who may go past the MRAP and the endpoints: declared exemptions that have not ended, and replication roles.
    exempt: Principals,
    /// The ids of the VPC endpoints that the owner declared.
    endpoints?: Set<String>,
    /// The least TLS version that the owner declared.
    minimumTls?: decimal,
    /// The ARNs of its Multi-Region Access Points.
    mraps: Set<String>,
    /// The organisation that the owner declared.
    organization?: Organization,
    /// Whether ACLs are in force.
    acls: Bool,
};
/// An object, by bucket and key (`bucket/key`).
entity Object in [Bucket] = {
    key: String,
    name: String,
    account?: Account,
    declared: Principals,
    deployer?: Principals,
    exempt: Principals,
    endpoints?: Set<String>,
    minimumTls?: decimal,
    mraps: Set<String>,
    organization?: Organization,
    acls: Bool,
};

// ---- the request ----

"#;

const TAIL: &str = r#"type Request = {
    aws: AwsKeys,
    s3: S3Keys,
    /// `direct`, `mrap` (one of the bucket's own), or `access-point` (any other).
    route: String,
    /// The grant that is asked about, in a guardrail with @each("grant").
    grant?: {
        role: Role,
        reads: Bool,
        writes: Bool,
        deletes: Bool,
        /// Whether the object's key, or the listed prefix, lies below the grant's prefix.
        covers: Bool,
    },
    /// The replication that is asked about, in a guardrail with @each("replication").
    replication?: {
        role: Role,
        /// Whether the bucket is the source (else a destination).
        source: Bool,
    },
    /// The role that is asked about, in a guardrail with @each("role").
    role?: {
        role: Role,
        /// Whether the request is what the role is for: what it replicates, was granted, or is exempt for.
        declared: Bool,
    },
};

// ---- actions ----

"#;

/// Writes the schema from the tables; [`SCHEMA`] is this text, checked in.
pub fn generate() -> String {
    let mut out = HEAD.to_owned();
    for service in SERVICES {
        let title = if service == "aws" { "AwsKeys" } else { "S3Keys" };
        out.push_str(&format!("type {title} = {{\n"));
        for key in KEYS.iter().filter(|key| key.service == service) {
            let name = if key.name.contains('-') { format!("\"{}\"", key.name) } else { key.name.to_owned() };
            let optional = if key.always { "" } else { "?" };
            // Writing to a String does not fail.
            let _ = writeln!(out, "    {name}{optional}: {},", key.kind.cedar());
        }
        out.push_str("};\n");
    }
    out.push_str(TAIL);
    for group in &GROUPS {
        let _ = writeln!(out, "/// {}\naction \"{}\";", group.about, group.name);
    }
    for action in known() {
        let of: Vec<String> = GROUPS
            .iter()
            .filter(|group| group.has(action))
            .map(|group| format!("\"{}\"", group.name))
            .collect();
        let groups = if of.is_empty() { String::new() } else { format!(" in [{}]", of.join(", ")) };
        let resource = if action.is_object_action() { "Object" } else { "Bucket" };
        let _ = writeln!(
            out,
            "action \"{}\"{groups} appliesTo {{ principal: [Role, User, Root, FederatedUser, Service, Anonymous], resource: [{resource}], context: Request }};",
            action.qualified()
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_what_the_tables_say() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/cedar/access.cedarschema");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, generate()).unwrap();
        }
        assert!(generate() == SCHEMA, "run this test with UPDATE=1 to write {path}");
    }

    #[test]
    fn the_schema_is_one() {
        let (_, warnings) = cedar_policy::Schema::from_cedarschema_str(SCHEMA).unwrap();
        assert_eq!(warnings.count(), 0);
    }
}
