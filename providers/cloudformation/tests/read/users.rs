//! Users, groups and what is attached to them.

use super::{read, resource};
use narrows_cloudformation::Reading;
use narrows_model::{Body, Kind};

const TEMPLATE: &str = "\
Resources:
  Alice:
    Type: AWS::IAM::User
    Properties:
      UserName: alice
      Path: /people/
      PermissionsBoundary: !Ref Managed
      Groups: [!Ref Readers, others]
      ManagedPolicyArns: [!Ref Managed, 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']
      Policies: [{PolicyName: own, PolicyDocument: {Statement: []}}]
  Nameless: {Type: AWS::IAM::User}
  Readers:
    Type: AWS::IAM::Group
    Properties:
      GroupName: readers
      ManagedPolicyArns: [!GetAtt Managed.PolicyArn]
      Policies: [{PolicyName: read, PolicyDocument: {Statement: []}}]
  Members:
    Type: AWS::IAM::UserToGroupAddition
    Properties: {GroupName: !Ref Readers, Users: [!Ref Nameless, bob]}
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: managed
      PolicyDocument: {Statement: []}
      Users: [!Ref Nameless]
      Groups: [!Ref Readers]
  Inline:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: inline, PolicyDocument: {Statement: []}, Users: [bob], Groups: [!Ref Readers]}
  OfUser:
    Type: AWS::IAM::UserPolicy
    Properties: {PolicyName: of-user, PolicyDocument: {Statement: []}, UserName: !Ref Nameless}
  OfGroup:
    Type: AWS::IAM::GroupPolicy
    Properties: {PolicyName: of-group, PolicyDocument: {Statement: []}, GroupName: !Ref Readers}
  OfRole:
    Type: AWS::IAM::RolePolicy
    Properties: {PolicyName: of-role, PolicyDocument: {Statement: []}, RoleName: deploy}
";

/// Each resource, and to whom it gives what.
fn listed(reading: &Reading) -> String {
    let mut lines = Vec::new();
    for resource in reading.deployment.resources() {
        let expand = |text: narrows_model::Text| reading.deployment.expand(&text).to_string();
        let what = match &resource.body {
            Body::User(it) => format!(
                "{}, path {}, boundary {}",
                expand(it.name.to_text()),
                it.path,
                it.permissions_boundary.as_ref().map(|it| expand(it.to_text())).unwrap_or_default()
            ),
            Body::Group(it) => expand(it.name.to_text()),
            Body::UserPolicy(it) => format!("{} to {}", it.name, expand(it.user.to_text())),
            Body::GroupPolicy(it) => format!("{} to {}", it.name, expand(it.group.to_text())),
            Body::RolePolicy(it) => format!("{} to {}", it.name, expand(it.role.to_text())),
            Body::UserPolicyAttachment(it) => {
                format!("{} to {}", expand(it.policy.to_text()), expand(it.user.to_text()))
            }
            Body::GroupPolicyAttachment(it) => {
                format!("{} to {}", expand(it.policy.to_text()), expand(it.group.to_text()))
            }
            Body::UserGroups(it) => {
                let groups: Vec<_> = it.groups.iter().map(|group| expand(group.to_text())).collect();
                format!("{} in {}", expand(it.user.to_text()), groups.join(" and "))
            }
            Body::GroupMembers(it) => {
                let users: Vec<_> = it.users.iter().map(|user| expand(user.to_text())).collect();
                format!("{} in {}", users.join(" and "), expand(it.group.to_text()))
            }
            _ => String::new(),
        };
        lines.push(format!("{}: {what}", resource.id));
    }
    lines.join("\n")
}

#[test]
fn users_and_groups_have_what_is_attached_to_them() {
    insta::assert_snapshot!(listed(&read(TEMPLATE)), @"
    role policy OfRole: of-role to deploy
    managed policy Managed: 
    user Alice: alice, path /people/, boundary arn:aws:iam::123456789012:policy/managed
    user Nameless: ${Nameless.UserName}, path /, boundary 
    user policy Alice.Policies[0]: own to alice
    user policy Inline.Users[0]: inline to bob
    user policy OfUser: of-user to ${Nameless.UserName}
    user policy attachment Alice.ManagedPolicyArns[0]: arn:aws:iam::123456789012:policy/managed to alice
    user policy attachment Alice.ManagedPolicyArns[1]: arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess to alice
    user policy attachment Managed.Users[0]: arn:aws:iam::123456789012:policy/managed to ${Nameless.UserName}
    groups of a user Alice.Groups: alice in readers and others
    group Readers: readers
    group policy Inline.Groups[0]: inline to readers
    group policy OfGroup: of-group to readers
    group policy Readers.Policies[0]: read to readers
    group policy attachment Managed.Groups[0]: arn:aws:iam::123456789012:policy/managed to readers
    group policy attachment Readers.ManagedPolicyArns[0]: arn:aws:iam::123456789012:policy/managed to readers
    members of a group Members: ${Nameless.UserName} and bob in readers
    ");
}

#[test]
fn a_user_without_a_name_is_one_user_of_its_own() {
    let reading = read(TEMPLATE);
    let user = resource(&reading, Kind::User, "Nameless");
    let value = |attribute| reading.deployment.value_of(&user.id.attribute(attribute)).to_string();
    assert_eq!(value(narrows_model::Attribute::Id), "${Nameless.UserName}");
    assert_eq!(value(narrows_model::Attribute::Arn), "arn:aws:iam::123456789012:user/${Nameless.UserName}");
}
