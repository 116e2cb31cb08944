//! A small deployment: two buckets that replicate to each other behind one MRAP, whose alias nobody knows yet, and an
//! endpoint.

use super::minimal::every_key_matters;
use super::short;
use narrows_guardrails::{Guardrails, Report, judge};
use narrows_model::intent::{Access, Endpoint, Grant, TlsVersion};
use narrows_model::resources::organisations::{
    Control, ControlPolicy, ControlPolicyAttachment, MemberAccount, OrganisationalUnit,
};
use narrows_model::resources::{Body, ec2, iam, s3, s3control};
use narrows_model::{
    Arn, Attribute, Deployment, Input, Intent, KeyName, Kind, Location, Partition, Region, Resource,
    ResourceId, Source, Text, Value, ValueKind,
};
use narrows_prover::AccessModel;

pub const APP: &str = "arn:aws:iam::123456789012:role/app";
pub const DEPLOYER: &str = "arn:aws:iam::123456789012:role/deploy";
pub const BUCKETS: [&str; 2] = ["data-eu", "data-us"];

/// The texts of the policies; `MRAP` stands for the MRAP's ARN and `ENDPOINT` for the endpoint's id, which exist only after
/// deployment, and `BUCKET` for the bucket's ARN, `ROLE` for the replication role's.
#[derive(Clone)]
pub struct Stack {
    /// Statements of the policies of the two buckets.
    pub buckets: [Vec<String>; 2],
    pub mrap: Vec<String>,
    pub role: Vec<String>,
    /// The endpoint's policy; full access where it has none.
    pub endpoint: Option<Vec<String>>,
    pub ownership: Option<s3::ObjectOwnership>,
    /// The permission boundary of the replication role.
    pub boundary: Option<Input<Arn>>,
    /// The Region of the buckets and of further resources.
    pub region: Option<Region>,
    /// The key of replicas; without one, objects that are encrypted with SSE-KMS are not replicated.
    pub replica_key: Option<Input<KeyName>>,
    /// Further resources, by label.
    pub more: Vec<(String, Body)>,
}

pub fn deny(sid: &str, action: &str, resource: &str, condition: &str) -> String {
    format!(
        r#"{{"Sid": "{sid}", "Effect": "Deny", "Principal": "*", "Action": {action}, "Resource": {resource}, "Condition": {condition}}}"#
    )
}

pub fn allow(sid: &str, action: &str, resource: &str) -> String {
    format!(
        r#"{{"Sid": "{sid}", "Effect": "Allow", "Principal": {{"AWS": "{APP}"}}, "Action": {action}, "Resource": {resource}}}"#
    )
}

const LIST: &str = r#"["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]"#;

impl Stack {
    /// The policies as they should be.
    pub fn good() -> Self {
        let outside = |what: &str, condition: &str| {
            [
                deny(&format!("Objects{what}"), r#""s3:*""#, r#""BUCKET/*""#, condition),
                deny(&format!("Listing{what}"), LIST, r#""BUCKET""#, condition),
            ]
        };
        let mut bucket = Vec::new();
        bucket.extend(outside(
            "OutsideMrap",
            r#"{"ArnNotEquals": {"s3:DataAccessPointArn": "MRAP", "aws:PrincipalArn": "ROLE"}}"#,
        ));
        bucket.extend(outside(
            "OutsideEndpoint",
            r#"{"StringNotEquals": {"aws:SourceVpce": "ENDPOINT"}, "ArnNotEquals": {"aws:PrincipalArn": "ROLE"}}"#,
        ));
        let all = r#"["BUCKET", "BUCKET/*"]"#;
        bucket.push(deny("NoTls", r#""s3:*""#, all, r#"{"Bool": {"aws:SecureTransport": "false"}}"#));
        bucket.push(deny("OldTls", r#""s3:*""#, all, r#"{"NumericLessThan": {"s3:TlsVersion": "1.2"}}"#));
        bucket.push(allow("AppObjects", r#""s3:GetObject""#, r#""BUCKET/*""#));
        bucket.push(allow("AppListing", r#""s3:ListBucket""#, r#""BUCKET""#));
        let mrap = vec![
            allow("AppObjects", r#""s3:GetObject""#, r#""MRAP/object/*""#),
            allow("AppListing", r#""s3:ListBucket""#, r#""MRAP""#),
        ];
        let of_role = |sid: &str, actions: &str, resource: &str| {
            format!(r#"{{"Sid": "{sid}", "Effect": "Allow", "Action": {actions}, "Resource": {resource}}}"#)
        };
        let role = vec![
            of_role(
                "Configuration",
                r#"["s3:GetReplicationConfiguration", "s3:ListBucket"]"#,
                r#"["arn:aws:s3:::data-eu", "arn:aws:s3:::data-us"]"#,
            ),
            of_role(
                "Objects",
                r#"["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging",
                    "s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]"#,
                r#"["arn:aws:s3:::data-eu/*", "arn:aws:s3:::data-us/*"]"#,
            ),
        ];
        Self {
            buckets: [bucket.clone(), bucket],
            mrap,
            role,
            endpoint: None,
            ownership: None,
            boundary: None,
            region: None,
            replica_key: None,
            more: Vec::new(),
        }
    }

    /// Changes the statement of this `Sid` in the policy of the first bucket.
    #[must_use]
    pub fn in_bucket(mut self, sid: &str, from: &str, to: &str) -> Self {
        change(&mut self.buckets[0], sid, from, to);
        self
    }

    /// Changes the statement of this `Sid` in the MRAP's policy.
    #[must_use]
    pub fn in_mrap(mut self, sid: &str, from: &str, to: &str) -> Self {
        change(&mut self.mrap, sid, from, to);
        self
    }

    /// Changes the statement of this `Sid` in the replication role's policy.
    #[must_use]
    pub fn in_role(mut self, sid: &str, from: &str, to: &str) -> Self {
        change(&mut self.role, sid, from, to);
        self
    }

    /// Takes the statement of this `Sid` out of the policy of the first bucket.
    #[must_use]
    pub fn without(mut self, sid: &str) -> Self {
        let before = self.buckets[0].len();
        self.buckets[0].retain(|statement| !statement.contains(&format!("\"{sid}\"")));
        assert_eq!(self.buckets[0].len(), before - 1);
        self
    }

    /// The stack with a further resource.
    #[must_use]
    pub fn with(mut self, label: &str, body: Body) -> Self {
        self.more.push((label.to_owned(), body));
        self
    }

    /// The verdicts of one guardrail, in short.
    pub fn check(&self, guardrail: &'static str) -> String {
        self.check_as(guardrail, &intent())
    }

    pub fn check_as(&self, guardrail: &'static str, intent: &Intent) -> String {
        short(&self.report(guardrail, intent))
    }

    /// The verdicts of one guardrail.
    pub fn report(&self, guardrail: &'static str, intent: &Intent) -> Report {
        let as_of = "2026-11-23".parse().unwrap();
        let model = AccessModel::build(&self.deployment(), intent, as_of).unwrap();
        let report = judge(&model, intent, &Guardrails::shipped().only(&[guardrail]), as_of);
        every_key_matters(&model, &report);
        report
    }

    /// The stack's resources.
    pub fn deployment(&self) -> Deployment {
        let account = "123456789012".parse().unwrap();
        let mut deployment = Deployment::new(Some(account), Partition::Aws);
        let mut add = |kind, name: &str, body| {
            let resource = Resource {
                id: ResourceId::new(kind, name),
                region: self.region.map(Input::known),
                body,
                depends_on: Vec::new(),
                address: name.to_owned().into(),
                location: Location::none(),
            };
            deployment.add(resource).unwrap();
        };
        for (label, body) in &self.more {
            add(body.kind(), label, body.clone());
        }
        let bucket = |name: &str| Input::known(name.parse().unwrap());
        let role = ResourceId::new(Kind::Role, "replication");
        let trust = document(&[r#"{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}"#.to_owned()], "");
        add(
            Kind::Role,
            "replication",
            Body::Role(iam::Role {
                name: Some(Input::known("replication".parse().unwrap())),
                path: Default::default(),
                description: None,
                assume_role_policy: trust,
                permissions_boundary: self.boundary.clone(),
                managed_policies: Vec::new(),
                inline_policies: Vec::new(),
            }),
        );
        add(
            Kind::RolePolicy,
            "role-policy",
            Body::RolePolicy(iam::RolePolicy {
                role: Input::reference(role.attribute(Attribute::Id)),
                name: "replication".to_owned(),
                policy: document(&self.role, ""),
            }),
        );
        for (name, statements) in BUCKETS.iter().zip(&self.buckets) {
            add(
                Kind::Bucket,
                name,
                Body::Bucket(s3::Bucket { name: Some(bucket(name)), force_destroy: false }),
            );
            let policy = document(statements, name);
            let address = format!("policy-{name}");
            // Without statements it has none.
            if !statements.is_empty() {
                let policy = s3::BucketPolicy { bucket: bucket(name), policy };
                add(Kind::BucketPolicy, &address, Body::BucketPolicy(policy));
            }
            if let Some(ownership) = self.ownership {
                let controls = s3::BucketOwnershipControls { bucket: bucket(name), ownership };
                add(
                    Kind::BucketOwnershipControls,
                    &format!("ownership-{name}"),
                    Body::BucketOwnershipControls(controls),
                );
            }
            let other = BUCKETS.iter().find(|other| *other != name).unwrap();
            let rule = s3::ReplicationRule {
                id: "all".to_owned(),
                enabled: true,
                priority: 1,
                prefix: String::new(),
                destination: Input::known(format!("arn:aws:s3:::{other}").parse().unwrap()),
                destination_account: None,
                delete_markers: true,
                replica_modifications: true,
                time_control: false,
                metrics: false,
                encrypted_objects: self.replica_key.is_some(),
                replica_key: self.replica_key.clone(),
            };
            let replication = s3::BucketReplication {
                bucket: bucket(name),
                role: Input::reference(role.arn()),
                rules: vec![rule],
            };
            add(
                Kind::BucketReplication,
                &format!("replication-{name}"),
                Body::BucketReplication(replication),
            );
        }
        let members =
            BUCKETS.map(|name| s3control::MrapBucket { bucket: bucket(name), account: None }).to_vec();
        add(
            Kind::MultiRegionAccessPoint,
            "mrap",
            Body::MultiRegionAccessPoint(s3control::MultiRegionAccessPoint {
                name: Input::known("my-mrap".parse().unwrap()),
                account: None,
                buckets: members,
                public_access_block: s3::PublicAccessBlock::ALL,
                alias: None,
            }),
        );
        add(
            Kind::MultiRegionAccessPointPolicy,
            "mrap-policy",
            Body::MultiRegionAccessPointPolicy(s3control::MultiRegionAccessPointPolicy {
                mrap: Input::known("my-mrap".parse().unwrap()),
                policy: document(&self.mrap, ""),
            }),
        );
        add(
            Kind::VpcEndpoint,
            "endpoint",
            Body::VpcEndpoint(ec2::VpcEndpoint {
                vpc: Input::known("vpc-0a1b2c3d".parse().unwrap()),
                service_name: ec2::VpcEndpoint::MRAP_SERVICE.to_owned(),
                endpoint_type: ec2::EndpointType::Interface,
                private_dns: true,
                subnets: Vec::new(),
                security_groups: Vec::new(),
                policy: self.endpoint.as_ref().map(|statements| document(statements, "")),
                id: None,
            }),
        );
        deployment
    }
}

fn change(statements: &mut [String], sid: &str, from: &str, to: &str) {
    let statement =
        statements.iter_mut().find(|statement| statement.contains(&format!("\"{sid}\""))).unwrap();
    assert!(statement.contains(from), "{from} is not in {statement}");
    *statement = statement.replace(from, to);
}

/// What is declared of the stack.
pub fn intent() -> Intent {
    Intent {
        account: Some("123456789012".parse().unwrap()),
        grants: vec![Grant {
            role: APP.parse().unwrap(),
            access: Access::Read,
            mrap: "my-mrap".parse().unwrap(),
            prefix: String::new(),
        }],
        deployer: Some(DEPLOYER.parse().unwrap()),
        endpoints: Some(vec![Endpoint::Resource(ResourceId::new(Kind::VpcEndpoint, "endpoint"))]),
        minimum_tls: Some(TlsVersion::V1_2),
        ..Intent::default()
    }
}

/// A managed policy of these statements.
pub fn managed(statements: &[&str]) -> Body {
    let statements: Vec<String> = statements.iter().map(|statement| (*statement).to_owned()).collect();
    Body::ManagedPolicy(iam::ManagedPolicy {
        name: None,
        path: Default::default(),
        description: None,
        policy: document(&statements, ""),
    })
}

/// A control policy of these statements.
pub fn control(control: Control, statements: &[&str]) -> Body {
    let statements: Vec<String> = statements.iter().map(|statement| (*statement).to_owned()).collect();
    Body::ControlPolicy(ControlPolicy {
        name: "perimeter".to_owned(),
        description: None,
        control,
        content: document(&statements, ""),
        id: None,
    })
}

/// The attachment of the control policy with this label, or this id.
pub fn attached(policy: &str, target: &str) -> Body {
    let by_label = || Input::reference(ResourceId::new(Kind::ControlPolicy, policy).attribute(Attribute::Id));
    let policy = policy.parse().map_or_else(|_| by_label(), Input::known);
    Body::ControlPolicyAttachment(ControlPolicyAttachment {
        policy,
        target: Input::known(target.parse().unwrap()),
    })
}

/// The stack's account as a member of an organisation, in a unit or root.
pub fn member(parent: &str) -> Body {
    Body::MemberAccount(MemberAccount {
        name: "data".to_owned(),
        email: "data@example.com".to_owned(),
        parent: Some(Input::known(parent.parse().unwrap())),
        id: Some("123456789012".parse().unwrap()),
    })
}

/// A unit of an organisation, in another or in the root.
pub fn unit(id: &str, parent: &str) -> Body {
    Body::OrganisationalUnit(OrganisationalUnit {
        name: id.to_owned(),
        parent: Input::known(parent.parse().unwrap()),
        id: Some(id.parse().unwrap()),
    })
}

/// The ARN of the managed policy with this label.
pub fn managed_arn(label: &str) -> Input<Arn> {
    Input::reference(ResourceId::new(Kind::ManagedPolicy, label).arn())
}

/// A role without policies.
pub fn role(name: &str, boundary: Option<Input<Arn>>) -> Body {
    Body::Role(iam::Role {
        name: Some(Input::known(name.parse().unwrap())),
        path: Default::default(),
        description: None,
        assume_role_policy: document(&[], ""),
        permissions_boundary: boundary,
        managed_policies: Vec::new(),
        inline_policies: Vec::new(),
    })
}

/// A document of these statements, the words that stand for references replaced.
pub fn document(statements: &[String], bucket: &str) -> Value {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(","));
    let text = text.replace("BUCKET", &format!("arn:aws:s3:::{bucket}"));
    fill(narrows_model::json::parse(&Source::file("policy.json", text)).unwrap())
}

fn fill(mut value: Value) -> Value {
    value.kind = match value.kind {
        ValueKind::Text(text) => ValueKind::Text(filled(&text)),
        ValueKind::List(items) => ValueKind::List(items.iter().cloned().map(fill).collect()),
        ValueKind::Object(mut members) => {
            for member in &mut members {
                member.value = fill(member.value.clone());
            }
            ValueKind::Object(members)
        }
        other => other,
    };
    value
}

fn filled(text: &Text) -> Text {
    let references = [
        ("MRAP", ResourceId::new(Kind::MultiRegionAccessPoint, "mrap").arn()),
        ("ENDPOINT", ResourceId::new(Kind::VpcEndpoint, "endpoint").attribute(Attribute::Id)),
        ("ROLE", ResourceId::new(Kind::Role, "replication").arn()),
    ];
    let literal = text.as_literal().unwrap();
    for (word, reference) in references {
        if let Some((before, after)) = literal.split_once(word) {
            return Text::literal(before).then(reference).then_literal(after);
        }
    }
    text.clone()
}
