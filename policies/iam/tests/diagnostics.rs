//! What each mistake in a policy is answered with.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use narrows_iam::{DocumentKind, ParseError, parse_text};
use narrows_model::{Location, Source};
use std::fmt::Write;

/// The line, the JSON path and the text that a location covers.
fn place(location: &Location) -> String {
    let (source, span) = (location.source().unwrap(), location.span().unwrap());
    let covered = source.text().get(span.start..span.end).unwrap();
    let start: String = covered.chars().take(40).collect();
    let path = location.json_path();
    format!("{} at `{start}`", if path.is_empty() { "(root)" } else { &path })
}

fn error(kind: DocumentKind, text: &str) -> ParseError {
    match parse_text(&Source::file("policy.json", text), kind) {
        Ok(parsed) => panic!("{text} parsed to {:#?}", parsed.document),
        Err(error) => error,
    }
}

fn errors(kind: DocumentKind, texts: &[String]) -> String {
    let mut out = String::new();
    for text in texts {
        let error = error(kind, text);
        assert!(!error.is_unknown(), "{text}");
        writeln!(out, "{}\n  {error}", place(&error.location)).unwrap();
    }
    out
}

/// A statement of a bucket policy, with these members beside what it needs.
fn with(replace: &str, by: &str) -> String {
    let whole = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"aws:x": "y"}}}]}"#;
    assert!(whole.contains(replace), "{replace}");
    whole.replacen(replace, by, 1)
}

#[test]
fn documents() {
    let texts = [
        "",
        "{",
        "[]",
        "\"{}\"",
        "{}",
        r#"{"Statement": []}"#,
        r#"{"Statement": "x"}"#,
        r#"{"Statement": [[]]}"#,
        r#"{"statement": []}"#,
        r#"{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": []}"#,
        r#"{"Version": "2012-10-18", "Statement": []}"#,
        r#"{"Version": 2012, "Statement": []}"#,
        r#"{"Id": null, "Statement": []}"#,
        "{\"Id\": \"\u{F0000}\"}",
        r#"{"Id": "\uDB80\uDC00", "Statement": []}"#,
    ]
    .map(str::to_owned);
    insta::assert_snapshot!(errors(DocumentKind::Resource, &texts), @r#"
    (root) at ``
      the policy is not JSON: nothing there; expected a value
    (root) at `{`
      the policy is not JSON: unterminated object
    (root) at `[]`
      the policy is a list: expected an object
    (root) at `{}`
      the policy has no `Statement`: add at least one statement
    (root) at `{}`
      the policy has no `Statement`: add at least one statement
    Statement at `[]`
      `Statement` is empty: expected at least one value; remove the element, or say what it is meant for
    Statement at `"x"`
      the statement is a string: expected an object
    Statement[0] at `[]`
      the statement is a list: expected an object
    statement at `"statement"`
      `statement` is not an element of the policy: expected one of Version, Id, Statement; did you mean `Statement`?
    Version at `"Version"`
      element `Version` is given twice: expected each name once; join the two
    Version at `"2012-10-18"`
      version `2012-10-18` is unknown: expected `2012-10-17` or `2008-10-17`; did you mean `2012-10-17`?
    Version at `2012`
      `Version` is a number: expected a string
    Id at `null`
      `Id` is null: expected a string
    Id at `󰀀`
      unsupported character U+F0000: expected text without private use characters
    Id at `"\uDB80\uDC00"`
      unsupported character U+F0000: expected text without private use characters
    "#);
}

#[test]
fn statements() {
    let texts = [
        with(r#""Effect": "Allow", "#, ""),
        with(r#""Allow""#, r#""allow""#),
        with(r#""Allow""#, "true"),
        with(r#""Effect""#, r#""effect""#),
        with(r#""Effect""#, r#""Sid": "a", "Sid": "b", "Effect""#),
        with(r#""Principal": "*", "#, ""),
        with(r#""Action": "s3:GetObject", "#, ""),
        with(r#""Resource": "*", "#, ""),
        with(r#""Action""#, r#""NotAction": "s3:Put*", "Action""#),
        with(r#""Resource""#, r#""NotResource": "*", "Resource""#),
        with(r#""Principal""#, r#""NotPrincipal": "*", "Principal""#),
        with(r#""Principal""#, r#""NotPrincipal""#),
        with(r#""s3:GetObject""#, "[]"),
        with(r#""s3:GetObject""#, r#""""#),
        with(r#""s3:GetObject""#, r#""GetObject""#),
        with(r#""s3:GetObject""#, r#"["s3:", "s3:GetObject"]"#),
        with(r#""s3:GetObject""#, r#"["s3:GetObject", "*:GetObject"]"#),
        with(r#""s3:GetObject""#, r#""s?:*""#),
        with(r#""s3:GetObject""#, r#"{"a": 1}"#),
        with(r#""Resource": "*""#, r#""Resource": []"#),
        with(r#""Resource": "*""#, r#""Resource": "bucket/*""#),
        with(r#""Resource": "*""#, r#""Resource": ["arn:aws:s3:::b", "Arn:aws:s3:::b"]"#),
        with(r#""Resource": "*""#, r#""Resource": [["*"]]"#),
        with(r#""Condition": {"#, r#""Conditions": {"#),
    ];
    insta::assert_snapshot!(errors(DocumentKind::Resource, &texts), @r#"
    Statement[0] at `{"Principal": "*", "Action": "s3:GetObje`
      the statement has no `Effect`: add "Allow" or "Deny"
    Statement[0].Effect at `"allow"`
      effect `allow` is unknown: expected `Allow` or `Deny`; did you mean `Allow`?
    Statement[0].Effect at `true`
      `Effect` is a boolean: expected a string
    Statement[0].effect at `"effect"`
      `effect` is not an element of the statement: expected one of Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition; did you mean `Effect`?
    Statement[0].Sid at `"Sid"`
      element `Sid` is given twice: expected each name once; join the two
    Statement[0] at `{"Effect": "Allow", "Action": "s3:GetObj`
      the statement has no `Principal`: add one, such as {"AWS": "arn:aws:iam::123456789012:role/app"}
    Statement[0] at `{"Effect": "Allow", "Principal": "*", "R`
      the statement has no `Action`: add one, such as "s3:GetObject"
    Statement[0] at `{"Effect": "Allow", "Principal": "*", "A`
      the statement has no `Resource`: add one, such as "arn:aws:s3:::bucket/*"
    Statement[0].NotAction at `"NotAction"`
      the statement has both `Action` and `NotAction`: expected one of them; split the statement in two
    Statement[0].NotResource at `"NotResource"`
      the statement has both `Resource` and `NotResource`: expected one of them; split the statement in two
    Statement[0].NotPrincipal at `"NotPrincipal"`
      the statement has both `Principal` and `NotPrincipal`: expected one of them; split the statement in two
    Statement[0].NotPrincipal at `"NotPrincipal": "*"`
      `NotPrincipal` with `Allow` would allow everyone else, anonymous callers too: use `Principal` with conditions
    Statement[0].Action at `"Action"`
      `Action` is empty: expected at least one value; remove the element, or say what it is meant for
    Statement[0].Action at `""`
      `` is not an action: expected `*` or `service:Name`, such as `s3:GetObject`
    Statement[0].Action at `"GetObject"`
      `GetObject` is not an action: expected `*` or `service:Name`, such as `s3:GetObject`
    Statement[0].Action[0] at `"s3:"`
      `s3:` is not an action: expected `*` or `service:Name`, such as `s3:GetObject`
    Statement[0].Action[1] at `"*:GetObject"`
      `*:GetObject` has a wildcard before its colon, which AWS refuses: expected `*` alone or one service, such as `s3:Get*`; write an entry for each service
    Statement[0].Action at `"s?:*"`
      `s?:*` has a wildcard before its colon, which AWS refuses: expected `*` alone or one service, such as `s3:Get*`; write an entry for each service
    Statement[0].Action at `{"a": 1}`
      `Action` is an object: expected a string or a list of strings
    Statement[0].Resource at `"Resource"`
      `Resource` is empty: expected at least one value; remove the element, or say what it is meant for
    Statement[0].Resource at `"bucket/*"`
      `bucket/*` is not a resource: expected `*` or an ARN, such as `arn:aws:s3:::bucket/*`
    Statement[0].Resource[1] at `"Arn:aws:s3:::b"`
      `Arn:aws:s3:::b` is not a resource: expected `*` or an ARN, such as `arn:aws:s3:::bucket/*`
    Statement[0].Resource[0] at `["*"]`
      `Resource` is a list: expected a string
    Statement[0].Conditions at `"Conditions"`
      `Conditions` is not an element of the statement: expected one of Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition; did you mean `Condition`?
    "#);
}

#[test]
fn what_a_document_is_attached_to() {
    let whole = with("aws:x", "aws:x");
    let texts = |text: String| [text];
    let mut out = errors(DocumentKind::Identity, &texts(whole.clone()));
    out += &errors(DocumentKind::Trust, &texts(whole));
    out += &errors(DocumentKind::Endpoint, &texts(with(r#""Principal": "*", "#, "")));
    out += &errors(DocumentKind::Trust, &texts(with(r#""Principal": "*", "#, "")));
    insta::assert_snapshot!(out, @r#"
    Statement[0].Principal at `"Principal"`
      `Principal` does not belong into an identity policy: remove it; whoever the policy is attached to is its principal
    Statement[0].Resource at `"Resource"`
      `Resource` does not belong into a trust policy: remove it; the role is its resource
    Statement[0] at `{"Effect": "Allow", "Action": "s3:GetObj`
      the statement has no `Principal`: add one, such as {"AWS": "arn:aws:iam::123456789012:role/app"}
    Statement[0] at `{"Effect": "Allow", "Action": "s3:GetObj`
      the statement has no `Principal`: add one, such as {"AWS": "arn:aws:iam::123456789012:role/app"}
    "#);
}

#[test]
fn what_iam_takes_as_a_sid() {
    let identity = |sids: &[&str]| {
        let one = |sid: &&str| {
            format!(r#"{{"Sid": {sid:?}, "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#)
        };
        let all: Vec<String> = sids.iter().map(one).collect();
        format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, all.join(", "))
    };
    let trust =
        r#"{"Statement": {"Sid": "a_b", "Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}"#;
    let texts = [identity(&["Read only"]), identity(&["a", "é"]), identity(&["a", "b", "a"])];
    let mut out = errors(DocumentKind::Identity, &texts);
    out += &errors(DocumentKind::Trust, &[trust.to_owned()]);
    insta::assert_snapshot!(out, @r#"
    Statement[0].Sid at `"Read only"`
      `Sid` `Read only` has ` `: expected letters and digits only (A-Z, a-z, 0-9) in an identity policy; leave it out
    Statement[1].Sid at `"é"`
      `Sid` `é` has `é`: expected letters and digits only (A-Z, a-z, 0-9) in an identity policy; leave it out
    Statement[2] at `{"Sid": "a", "Effect": "Allow", "Action"`
      two statements have the `Sid` `a`: expected each once in an identity policy; rename one
    Statement.Sid at `"a_b"`
      `Sid` `a_b` has `_`: expected letters and digits only (A-Z, a-z, 0-9) in a trust policy; leave it out
    "#);
    // Without an id there is none to repeat, and S3's own examples have spaces.
    let read = |kind, text: &str| parse_text(&Source::file("policy.json", text), kind).unwrap();
    assert!(read(DocumentKind::Identity, &identity(&["", "", "A1"])).remarks.is_empty());
    let spaced = with(r#""Effect""#, r#""Sid": "Allow the web: read_only-1", "Effect""#);
    assert!(read(DocumentKind::Resource, &spaced).remarks.is_empty());
}

#[test]
fn a_variable_in_the_old_version_is_text() {
    let text = r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*",
        "Resource": "arn:aws:s3:::b/${aws:username}/*",
        "Condition": {"StringLike": {"s3:prefix": "${aws:username}/*"}, "Bool": {"aws:SecureTransport": "true"}}}}"#;
    let mut out = String::new();
    for version in ["none", "2008-10-17", "2012-10-17"] {
        let given = format!("{{\"Version\": \"{version}\", ");
        let text = if version == "none" { text.to_owned() } else { text.replacen('{', &given, 1) };
        let parsed = parse_text(&Source::file("policy.json", text), DocumentKind::Resource).unwrap();
        for remark in &parsed.remarks {
            writeln!(out, "{version}, {}\n  {}", place(&remark.location), remark.text).unwrap();
        }
    }
    insta::assert_snapshot!(out, @r#"
    none, Statement.Resource at `"arn:aws:s3:::b/${aws:username}/*"`
      `arn:aws:s3:::b/${aws:username}/*` is taken as it is spelled: policy variables need `"Version": "2012-10-17"`
    none, Statement.Condition.StringLike.s3:prefix at `"${aws:username}/*"`
      `${aws:username}/*` is taken as it is spelled: policy variables need `"Version": "2012-10-17"`
    2008-10-17, Statement.Resource at `"arn:aws:s3:::b/${aws:username}/*"`
      `arn:aws:s3:::b/${aws:username}/*` is taken as it is spelled: policy variables need `"Version": "2012-10-17"`
    2008-10-17, Statement.Condition.StringLike.s3:prefix at `"${aws:username}/*"`
      `${aws:username}/*` is taken as it is spelled: policy variables need `"Version": "2012-10-17"`
    "#);
}

#[test]
fn principals() {
    let principal = |text: &str| with(r#""Principal": "*""#, &format!("\"Principal\": {text}"));
    let aws = |text: &str| principal(&format!("{{\"AWS\": \"{text}\"}}"));
    let texts = [
        principal("{}"),
        principal("[]"),
        principal("{\"AWS\": []}"),
        principal("{\"AWS\": [1]}"),
        principal("{\"aws\": \"*\"}"),
        principal("{\"AWS\": \"*\", \"AWS\": \"*\"}"),
        principal("\"arn:aws:iam::123456789012:root\""),
        principal("{\"Service\": \"*\"}"),
        principal("{\"Service\": \"*.amazonaws.com\"}"),
        principal("{\"Service\": \"lambda\"}"),
        principal("{\"Federated\": \"*\"}"),
        principal("{\"Federated\": \"\"}"),
        principal("{\"CanonicalUser\": \"79a5\"}"),
        aws(""),
        aws("1234"),
        aws("arn:aws:iam::123456789012:role/*"),
        aws("arn:aws:iam::*:root"),
        aws("arn:aws:iam::1234:root"),
        aws("arn:aws:iam::123456789012:group/admins"),
        aws("arn:aws:iam::123456789012:role/"),
        aws("arn:aws:iam::123456789012:roles/app"),
        aws("arn:aws:iam::123456789012:oidc-provider/accounts.google.com"),
        aws("arn:aws:sts::123456789012:assumed-role/app"),
        aws("arn:aws:sts::123456789012:assumed-role/path/app/session"),
        aws("arn:amazon:iam::123456789012:role/app"),
        aws("logging.s3.amazonaws.com"),
    ];
    insta::assert_snapshot!(errors(DocumentKind::Resource, &texts), @r#"
    Statement[0].Principal at `"Principal": {}`
      `Principal` is empty: expected at least one value; remove the element, or say what it is meant for
    Statement[0].Principal at `[]`
      the principal is a list: expected an object
    Statement[0].Principal.AWS at `"AWS"`
      `AWS` is empty: expected at least one value; remove the element, or say what it is meant for
    Statement[0].Principal.AWS[0] at `1`
      `AWS` is a number: expected a string
    Statement[0].Principal.aws at `"aws"`
      `aws` is not an element of the principal: expected one of AWS, Service, Federated, CanonicalUser; did you mean `AWS`?
    Statement[0].Principal.AWS at `"AWS"`
      element `AWS` is given twice: expected each name once; join the two
    Statement[0].Principal at `"arn:aws:iam::123456789012:root"`
      `arn:aws:iam::123456789012:root` is not a principal: expected `*` or an object, such as {"AWS": "arn:aws:iam::123456789012:root"}
    Statement[0].Principal.Service at `"*"`
      service `*` has a wildcard: expected the name of one service, such as `logging.s3.amazonaws.com`
    Statement[0].Principal.Service at `"*.amazonaws.com"`
      service `*.amazonaws.com` has a wildcard: expected the name of one service, such as `logging.s3.amazonaws.com`
    Statement[0].Principal.Service at `"lambda"`
      `lambda` is not a principal: expected the name of a service, such as `logging.s3.amazonaws.com`
    Statement[0].Principal.Federated at `"*"`
      principal `*` has a wildcard, which IAM does not expand there: expected a whole ARN; to match many, use `*` with a condition on `aws:PrincipalArn`
    Statement[0].Principal.Federated at `""`
      `` is not a principal: expected the ARN or the name of an identity provider
    Statement[0].Principal.CanonicalUser at `"79a5"`
      `79a5` is not a principal: expected a canonical user id: 64 hexadecimal digits
    Statement[0].Principal.AWS at `""`
      `` is not a principal: expected `*`, an account's twelve digits, or the ARN of an account's root, role, user, session or federated user
    Statement[0].Principal.AWS at `"1234"`
      `1234` is not a principal: expected `*`, an account's twelve digits, or the ARN of an account's root, role, user, session or federated user
    Statement[0].Principal.AWS at `"arn:aws:iam::123456789012:role/*"`
      principal `arn:aws:iam::123456789012:role/*` has a wildcard, which IAM does not expand there: expected a whole ARN; to match many, use `*` with a condition on `aws:PrincipalArn`
    Statement[0].Principal.AWS at `"arn:aws:iam::*:root"`
      principal `arn:aws:iam::*:root` has a wildcard, which IAM does not expand there: expected a whole ARN; to match many, use `*` with a condition on `aws:PrincipalArn`
    Statement[0].Principal.AWS at `"arn:aws:iam::1234:root"`
      `arn:aws:iam::1234:root` is not a principal: expected `*`, an account's twelve digits, or the ARN of an account's root, role, user, session or federated user; `1234` is not an AWS account id: expected twelve digits, such as 123456789012
    Statement[0].Principal.AWS at `"arn:aws:iam::123456789012:group/admins"`
      `arn:aws:iam::123456789012:group/admins` is not a principal: expected `*`, an account's twelve digits, or the ARN of an account's root, role, user, session or federated user; a group cannot be a principal, name its users
    Statement[0].Principal.AWS at `"arn:aws:iam::123456789012:role/"`
      `arn:aws:iam::123456789012:role/` is not a principal: expected `*`, an account's twelve digits, or the ARN of an account's root, role, user, session or federated user
    Statement[0].Principal.AWS at `"arn:aws:iam::123456789012:roles/app"`
      `arn:aws:iam::123456789012:roles/app` is not a principal: expected `*`, an account's twelve digits, or the ARN of an account's root, role, user, session or federated user
    Statement[0].Principal.AWS at `"arn:aws:iam::123456789012:oidc-provider`
      `arn:aws:iam::123456789012:oidc-provider/accounts.google.com` is not a principal: expected `*`, an account's twelve digits, or the ARN of an account's root, role, user, session or federated user; an identity provider is given as {"Federated": "arn:aws:iam::123456789012:oidc-provider/accounts.google.com"}
    Statement[0].Principal.AWS at `"arn:aws:sts::123456789012:assumed-role/`
      `arn:aws:sts::123456789012:assumed-role/app` is not a principal: expected `*`, an account's twelve digits, or the ARN of an account's root, role, user, session or federated user; a session is `assumed-role/<role>/<session>`, the role without its path
    Statement[0].Principal.AWS at `"arn:aws:sts::123456789012:assumed-role/`
      `arn:aws:sts::123456789012:assumed-role/path/app/session` is not a principal: expected `*`, an account's twelve digits, or the ARN of an account's root, role, user, session or federated user; a session is `assumed-role/<role>/<session>`, the role without its path
    Statement[0].Principal.AWS at `"arn:amazon:iam::123456789012:role/app"`
      `arn:amazon:iam::123456789012:role/app` is not a principal: expected `*`, an account's twelve digits, or the ARN of an account's root, role, user, session or federated user; `amazon` is not a partition
    Statement[0].Principal.AWS at `"logging.s3.amazonaws.com"`
      `logging.s3.amazonaws.com` is not a principal: expected `*`, an account's twelve digits, or the ARN of an account's root, role, user, session or federated user; a service is given as {"Service": "logging.s3.amazonaws.com"}
    "#);
}

#[test]
fn conditions() {
    let block = |text: &str| with(r#"{"StringEquals": {"aws:x": "y"}}"#, text);
    let one = |operator: &str, value: &str| block(&format!(r#"{{"{operator}": {{"aws:x": {value}}}}}"#));
    let texts = [
        block("[]"),
        block(r#"{"StringEquals": []}"#),
        block(r#"{"StringEqual": {"aws:x": "y"}}"#),
        block(r#"{"ForAllValue:StringEquals": {"aws:x": "y"}}"#),
        block(r#"{"ForAllValues:Null": {"aws:x": "true"}}"#),
        block(r#"{"NullIfExists": {"aws:x": "true"}}"#),
        block(r#"{"ArnLike": {}, "arnlike": {}}"#),
        block(r#"{"StringEquals": {"aws:x": "y", "AWS:X": "z"}}"#),
        block(r#"{"StringEquals": {"DataAccessPointArn": "y"}}"#),
        block(r#"{"StringEquals": {"PrincipalArn": "y"}}"#),
        one("StringEquals", "[]"),
        one("StringEquals", "null"),
        one("StringEquals", "[[\"y\"]]"),
        one("Bool", "\"yes\""),
        one("Bool", "[true, 1]"),
        one("Null", "\"${aws:username}\""),
        one("NumericLessThan", "\"1.2.3\""),
        one("NumericEquals", "1e40"),
        one("DateLessThan", "\"2027\""),
        one("DateLessThan", "1795392000000"),
        one("IpAddress", "\"10.0.0.0/33\""),
        one("NotIpAddress", "\"10.0.0\""),
        one("BinaryEquals", "\"a\""),
    ];
    insta::assert_snapshot!(errors(DocumentKind::Resource, &texts), @r#"
    Statement[0].Condition at `[]`
      `Condition` is a list: expected an object
    Statement[0].Condition.StringEquals at `[]`
      a condition operator's block is a list: expected an object
    Statement[0].Condition.StringEqual at `"StringEqual"`
      condition operator `StringEqual` is unknown: expected one that IAM documents, such as `ArnNotEquals`; did you mean `StringEquals`?
    Statement[0].Condition.ForAllValue:StringEquals at `"ForAllValue:StringEquals"`
      condition operator `ForAllValue:StringEquals` is unknown: expected one that IAM documents, such as `ArnNotEquals`; did you mean `ForAllValues:StringEquals`?
    Statement[0].Condition.ForAllValues:Null at `"ForAllValues:Null"`
      `ForAllValues:Null` takes neither a quantifier nor `IfExists`: write `Null`
    Statement[0].Condition.NullIfExists at `"NullIfExists"`
      `NullIfExists` takes neither a quantifier nor `IfExists`: write `Null`
    Statement[0].Condition.arnlike at `"arnlike"`
      condition operator `arnlike` is given twice: expected each name once; join the two
    Statement[0].Condition.StringEquals.AWS:X at `"AWS:X"`
      condition key `AWS:X` is given twice: expected each name once; join the two
    Statement[0].Condition.StringEquals.DataAccessPointArn at `"DataAccessPointArn"`
      `DataAccessPointArn` is not a condition key: expected `prefix:name`, such as `aws:PrincipalArn`; did you mean `s3:DataAccessPointArn`?
    Statement[0].Condition.StringEquals.PrincipalArn at `"PrincipalArn"`
      `PrincipalArn` is not a condition key: expected `prefix:name`, such as `aws:PrincipalArn`; did you mean `aws:PrincipalArn`?
    Statement[0].Condition.StringEquals.aws:x at `"aws:x"`
      `aws:x` is empty: expected at least one value; remove the element, or say what it is meant for
    Statement[0].Condition.StringEquals.aws:x at `null`
      `aws:x` is null: expected a string
    Statement[0].Condition.StringEquals.aws:x[0] at `["y"]`
      `aws:x` is a list: expected a string
    Statement[0].Condition.Bool.aws:x at `"yes"`
      `yes` is not a value for Bool: expected `true` or `false`
    Statement[0].Condition.Bool.aws:x[1] at `1`
      `1` is not a value for Bool: expected `true` or `false`
    Statement[0].Condition.Null.aws:x at `"${aws:username}"`
      `${aws:username}` is not a value for Null: expected `true` or `false`
    Statement[0].Condition.NumericLessThan.aws:x at `"1.2.3"`
      `1.2.3` is not a value for NumericLessThan: expected a decimal number with at most nine digits after the point
    Statement[0].Condition.NumericEquals.aws:x at `1e40`
      `1e40` is not a value for NumericEquals: expected a decimal number with at most nine digits after the point
    Statement[0].Condition.DateLessThan.aws:x at `"2027"`
      `2027` is not a value for DateLessThan: expected an ISO 8601 date (with a zone if it has a time), such as 2027-03-31T00:00:00Z, or seconds since 1970
    Statement[0].Condition.DateLessThan.aws:x at `1795392000000`
      `1795392000000` is not a value for DateLessThan: expected an ISO 8601 date (with a zone if it has a time), such as 2027-03-31T00:00:00Z, or seconds since 1970
    Statement[0].Condition.IpAddress.aws:x at `"10.0.0.0/33"`
      `10.0.0.0/33` is not a value for IpAddress: expected an address or a network in CIDR form, such as 10.0.0.0/16
    Statement[0].Condition.NotIpAddress.aws:x at `"10.0.0"`
      `10.0.0` is not a value for NotIpAddress: expected an address or a network in CIDR form, such as 10.0.0.0/16
    Statement[0].Condition.BinaryEquals.aws:x at `"a"`
      `a` is not a value for BinaryEquals: expected base64
    "#);
}

#[test]
fn policy_variables() {
    let resource = |text: &str| with(r#""Resource": "*""#, &format!("\"Resource\": \"{text}\""));
    let texts = [
        resource("arn:aws:s3:::b/${aws:username"),
        resource("arn:aws:s3:::b/${bucket_name}"),
        resource("arn:aws:s3:::b/${AWS::AccountId}"),
        resource("arn:aws:s3:::b/${aws:x, 'open}"),
        resource("arn:aws:s3:::b/${aws:x 'y'}"),
        resource("arn:aws:s3:::b/${aws:x, 'y'z}"),
        resource("arn:aws:s3:::b/${aws:TagKeys}"),
        resource("arn:aws:s3::${aws:PrincipalAccount}:accesspoint/a"),
    ];
    insta::assert_snapshot!(errors(DocumentKind::Resource, &texts), @r#"
    Statement[0].Resource at `"arn:aws:s3:::b/${aws:username"`
      policy variable in `arn:aws:s3:::b/${aws:username`: no `}` follows `${`: close it, or write `${$}` for a dollar sign
    Statement[0].Resource at `"arn:aws:s3:::b/${bucket_name}"`
      policy variable in `arn:aws:s3:::b/${bucket_name}`: `bucket_name` is not a condition key: expected `${prefix:name}`, `${prefix:name, 'default'}`, `${*}`, `${?}` or `${$}`; a template must be rendered first
    Statement[0].Resource at `"arn:aws:s3:::b/${AWS::AccountId}"`
      policy variable in `arn:aws:s3:::b/${AWS::AccountId}`: `AWS::AccountId` is not a condition key: expected `${prefix:name}`, `${prefix:name, 'default'}`, `${*}`, `${?}` or `${$}`; a template must be rendered first
    Statement[0].Resource at `"arn:aws:s3:::b/${aws:x, 'open}"`
      policy variable in `arn:aws:s3:::b/${aws:x, 'open}`: the default has no closing quote
    Statement[0].Resource at `"arn:aws:s3:::b/${aws:x 'y'}"`
      policy variable in `arn:aws:s3:::b/${aws:x 'y'}`: a quote without a comma before it: expected `${key, 'default'}`
    Statement[0].Resource at `"arn:aws:s3:::b/${aws:x, 'y'z}"`
      policy variable in `arn:aws:s3:::b/${aws:x, 'y'z}`: no `}` after the default
    Statement[0].Resource at `"arn:aws:s3:::b/${aws:TagKeys}"`
      policy variable in `arn:aws:s3:::b/${aws:TagKeys}`: `aws:TagKeys` has several values: expected a key with one
    Statement[0].Resource at `"arn:aws:s3::${aws:PrincipalAccount}:acc`
      policy variable in `arn:aws:s3::${aws:PrincipalAccount}:accesspoint/a`: `aws:principalaccount` stands before the fifth colon: expected variables only after it; write the field out
    "#);
}

#[test]
fn remarks() {
    let text = r#"{"Version": "2012-10-17", "Statement": [
      {"Sid": "a", "Effect": "Deny", "Principal": "*", "Action": ["s3:GetObjects", "S3:getobject"],
       "Resource": "arn:aws:s3::123456789012:accesspoint/Mfzwi.mrap/object/*",
       "Condition": {"stringEquals": {"s3:DataAccessPoint": "a*"}, "ArnLike": {"aws:PrincipalArn": ["*", "arn:aws:iam"]},
         "Bool": {"aws:SecureTransport": ["False"]}, "IpAddress": {"aws:SourceIp": "10.1.0.0/8"}, "Null": {},
         "ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/A.mrap"}}},
      {"Sid": "a", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {}}]}"#;
    let parsed = parse_text(&Source::file("policy.json", text), DocumentKind::Resource).unwrap();
    let mut out = String::new();
    for remark in &parsed.remarks {
        writeln!(out, "{}\n  {}", place(&remark.location), remark.text).unwrap();
    }
    insta::assert_snapshot!(out, @r#"
    Statement[0].Action[0] at `"s3:GetObjects"`
      `s3:GetObjects` is not among the actions that AWS lists for S3; did you mean `s3:GetObject`?
    Statement[0].Resource at `"arn:aws:s3::123456789012:accesspoint/Mf`
      `Mfzwi.mrap` has upper case, which no alias has: it matches nothing
    Statement[0].Condition.stringEquals at `"stringEquals"`
      operator `stringEquals` is documented as `StringEquals`
    Statement[0].Condition.stringEquals.s3:DataAccessPoint at `"s3:DataAccessPoint"`
      S3 documents no condition key `s3:DataAccessPoint`: it is always absent; did you mean `s3:DataAccessPointArn`?
    Statement[0].Condition.stringEquals.s3:DataAccessPoint at `"a*"`
      `StringEquals` takes `a*` literally: `StringLike` takes wildcards
    Statement[0].Condition.ArnLike.aws:PrincipalArn[1] at `"arn:aws:iam"`
      `arn:aws:iam` has fewer than six fields, so what it matches is open
    Statement[0].Condition.Bool.aws:SecureTransport at `["False"]`
      `False` is documented as `false`
    Statement[0].Condition.IpAddress.aws:SourceIp at `"10.1.0.0/8"`
      `10.1.0.0/8` has bits set after its prefix: it counts as 10.0.0.0
    Statement[0].Condition.Null at `"Null": {}`
      `Null` has no key and says nothing
    Statement[0].Condition.ArnNotEquals.s3:DataAccessPointArn at `"arn:aws:s3::123456789012:accesspoint/A.`
      `A.mrap` has upper case, which no alias has: it matches nothing
    Statement[1].Condition at `"Condition": {}`
      the condition block is empty and says nothing
    Statement[1] at `{"Sid": "a", "Effect": "Deny", "Principa`
      two statements have the id `a`
    "#);
}
