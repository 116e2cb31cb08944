//! The roles that the macro `AWS::Serverless` makes of functions and state machines.
//!
//! Source: AWS SAM Developer Guide, "Generated CloudFormation resources" of `AWS::Serverless::Function` and
//! `AWS::Serverless::StateMachine`, and "Globals section of the AWS SAM template".

use crate::error::ReadError;
use crate::policy_templates::{Expanded, expanded};
use crate::resolve::{Found, as_text};
use crate::stack::Stack;
use narrows_model::{Location, Member, Text, Value, ValueKind};

/// What the names of the macro's types begin with.
pub(crate) const PREFIX: &str = "AWS::Serverless::";

/// Types of which the macro makes a role, by the service that assumes it.
const WITH_ROLE: [(&str, &str); 2] =
    [("Function", "lambda.amazonaws.com"), ("StateMachine", "states.amazonaws.com")];

/// Types of which the macro makes nothing that has a say in access to buckets.
const WITHOUT_ROLE: [&str; 4] = ["Api", "HttpApi", "LayerVersion", "SimpleTable"];

/// AWS managed policies with a path, which the macro takes by their names.
const SERVICE_ROLES: [&str; 8] = [
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaDynamoDBExecutionRole",
    "AWSLambdaENIManagementAccess",
    "AWSLambdaKinesisExecutionRole",
    "AWSLambdaMSKExecutionRole",
    "AWSLambdaRole",
    "AWSLambdaSQSQueueExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
];

/// The name of the role that is made of a resource; `None` where none is.
pub(crate) fn role_name(member: &Member) -> Option<String> {
    of(member)?;
    let role = member.value.get("Properties").and_then(|properties| properties.get("Role"));
    // What a function gives may be nothing.
    let given = role.is_some_and(|role| role.get("Fn::If").is_none());
    (!given).then(|| format!("{}Role", member.name))
}

/// The type without its prefix and the service that assumes the role.
fn of(member: &Member) -> Option<(&'static str, &'static str)> {
    let name = member.value.get("Type").and_then(Value::as_str)?.strip_prefix(PREFIX)?;
    WITH_ROLE.into_iter().find(|(known, _)| *known == name)
}

/// Why what the macro makes of a resource is not all that there is; `None` where it is.
pub(crate) fn unread(member: &Member) -> Option<String> {
    let type_name = member.value.get("Type").and_then(Value::as_str).unwrap_or_default();
    let what = if member.value.get("Connectors").is_some() {
        "its connectors add policies to roles"
    } else {
        let name = type_name.strip_prefix(PREFIX)?;
        if WITH_ROLE.iter().any(|(known, _)| *known == name) || WITHOUT_ROLE.contains(&name) {
            return None;
        }
        "what AWS::Serverless makes of it is not read"
    };
    Some(format!(
        "not used: {}: {what}; check the processed template (aws cloudformation get-template --template-stage Processed)",
        member.name
    ))
}

/// Whether a resource adds policies to roles of others.
fn connects(member: &Member) -> bool {
    let type_name = member.value.get("Type").and_then(Value::as_str);
    type_name == Some("AWS::Serverless::Connector") || member.value.get("Connectors").is_some()
}

impl Stack<'_> {
    /// The properties of the role that the macro makes of a resource, as those of an `AWS::IAM::Role`.
    pub(crate) fn role_of(&self, member: &Member) -> Found<Option<Value>> {
        let Some((kind, service)) = of(member) else { return Ok(None) };
        if self.property(member, kind, "Role")?.is_some() {
            return Ok(None);
        }
        let location = member.location.clone();
        let at = |kind| Value { kind, location: location.clone() };
        let mut attached: Vec<Value> = Vec::new();
        if kind == "Function" {
            attached.push(at(ValueKind::Text(self.managed("AWSLambdaBasicExecutionRole"))));
            for (property, name) in
                [("VpcConfig", "AWSLambdaVPCAccessExecutionRole"), ("Tracing", "AWSXRayDaemonWriteAccess")]
            {
                if self.property(member, kind, property)?.is_some() {
                    attached.push(at(ValueKind::Text(self.managed(name))));
                }
            }
        }
        let mut inline: Vec<(String, Value)> = Vec::new();
        let given = self.property(member, kind, "Policies")?;
        let items = match &given {
            Some(Value { kind: ValueKind::List(items), .. }) => items,
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        for (index, item) in items.iter().enumerate() {
            match self.policy(&member.name, item)? {
                Policy::Managed(arn) if attached.contains(&arn) => {}
                Policy::Managed(arn) => attached.push(arn),
                Policy::Elsewhere => {}
                Policy::Inline(document) => {
                    inline.push((format!("{}RolePolicy{index}", member.name), document))
                }
            }
        }
        if self.resources().iter().any(connects) {
            let unknown = Text::unknown("what the connectors of the template add");
            inline.push((format!("{} connectors", member.name), at(ValueKind::Text(unknown))));
        }
        let inline = inline.into_iter().map(|(name, document)| {
            let location = document.location.clone();
            let fields = vec![named("PolicyName", Value::text(name)), named("PolicyDocument", document)];
            Value { kind: ValueKind::Object(fields.into()), location }
        });
        let trust = self.property(member, kind, "AssumeRolePolicyDocument")?;
        let mut fields = vec![
            named("AssumeRolePolicyDocument", trust.unwrap_or_else(|| assumed_by(service))),
            named("Policies", at(ValueKind::List(inline.collect()))),
            named("ManagedPolicyArns", at(ValueKind::List(attached.into()))),
        ];
        for (property, name) in [("RolePath", "Path"), ("PermissionsBoundary", "PermissionsBoundary")] {
            fields.extend(self.property(member, kind, property)?.map(|value| named(name, value)));
        }
        Ok(Some(at(ValueKind::Object(fields.into()))))
    }

    /// A property of a resource, else what `Globals` say of all of its type; one that is not known counts as given.
    fn property(&self, member: &Member, kind: &str, name: &str) -> Found<Option<Value>> {
        let given = match member.value.get("Properties") {
            Some(given) if given.get("Fn::Transform").is_some() => {
                return Err(crate::template::transforms::unknown_macro("Fn::Transform", given).into());
            }
            Some(given) => given.get(name),
            None => None,
        };
        let everywhere = || self.template.get("Globals")?.get(kind)?.get(name);
        let Some(value) = given.or_else(everywhere) else { return Ok(None) };
        Ok(self.resolve(value)?.filter(|value| value.kind != ValueKind::Null))
    }

    /// One item of `Policies`.
    fn policy(&self, resource: &str, item: &Value) -> Found<Policy> {
        if item.get("Statement").is_some() {
            return Ok(Policy::Inline(item.clone()));
        }
        if let Some([template]) = item.members() {
            match expanded(&template.name, &template.value) {
                Expanded::Elsewhere => return Ok(Policy::Elsewhere),
                Expanded::Document(document) => {
                    if let Some(resolved) = self.resolve(&document)? {
                        return Ok(Policy::Inline(resolved));
                    }
                }
                Expanded::Unknown => {}
            }
            let text = Text::unknown(format!("the policy template {} of AWS::Serverless", template.name));
            return Ok(Policy::Inline(Value {
                kind: ValueKind::Text(text),
                location: item.location.clone(),
            }));
        }
        let Some(text) = as_text(item) else {
            return Err(ReadError::Type {
                what: format!("an item of `Policies` of {resource}"),
                got: item.kind_in_words().to_owned(),
                expected: "a managed policy, a policy document, or one policy template".to_owned(),
                location: item.location.clone(),
            }
            .into());
        };
        let text = match text.as_literal() {
            Some(name) if !name.starts_with("arn:") => self.managed(name),
            _ => text,
        };
        Ok(Policy::Managed(Value { kind: ValueKind::Text(text), location: item.location.clone() }))
    }

    /// The ARN of an AWS managed policy.
    fn managed(&self, name: &str) -> Text {
        let path = if SERVICE_ROLES.contains(&name) { "service-role/" } else { "" };
        Text::literal(format!("arn:{}:iam::aws:policy/{path}{name}", self.world.partition))
    }
}

/// What an item of `Policies` is.
enum Policy {
    /// The ARN of a managed policy.
    Managed(Value),
    /// A document.
    Inline(Value),
    /// A template that is about other services than S3 and KMS.
    Elsewhere,
}

/// The document that lets a service assume a role.
fn assumed_by(service: &str) -> Value {
    let statement = Value::object([
        ("Effect", Value::text("Allow")),
        ("Principal", Value::object([("Service", Value::text(service))])),
        ("Action", Value::text("sts:AssumeRole")),
    ]);
    Value::object([("Version", Value::text("2012-10-17")), ("Statement", Value::list([statement]))])
}

fn named(name: &str, value: Value) -> Member {
    Member { name: name.into(), location: Location::none(), value }
}
