//! The diagnostics of each name: what was wrong, what came, what was expected.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may panic, in its helpers too"
)]
use narrows_model::date::Date;
use narrows_model::intent::{Access, TlsVersion};
use narrows_model::*;
use std::fmt::Display;
use std::str::FromStr;

/// The errors of these texts, one a line.
fn errors<T: FromStr>(texts: &[&str]) -> String
where
    T::Err: Display,
{
    let error = |text: &&str| match text.parse::<T>() {
        Ok(_) => panic!("`{text}` is valid"),
        Err(error) => error.to_string(),
    };
    texts.iter().map(error).collect::<Vec<_>>().join("\n")
}

/// Each of these texts is a name, and is printed and read through serde as it was written.
fn valid<T: FromStr + Display + serde::Serialize + serde::de::DeserializeOwned>(texts: &[&str])
where
    T::Err: Display,
{
    for text in texts {
        let name: T = text.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(name.to_string(), *text);
        let json = serde_json::to_string(&name).unwrap();
        assert_eq!(serde_json::from_str::<T>(&json).unwrap().to_string(), *text);
    }
}

#[test]
fn regions() {
    valid::<Region>(&["us-east-1", "ap-northeast-3", "us-gov-west-1"]);
    insta::assert_snapshot!(errors::<Region>(&["ap-northwest-3", "EU-WEST-2", "us-east1", "london", ""]), @r#"
`ap-northwest-3` is not an AWS Region: expected a Region code such as us-east-1; did you mean `ap-northeast-3`?
`EU-WEST-2` is not an AWS Region: expected a Region code such as us-east-1; did you mean `eu-west-2`?
`us-east1` is not an AWS Region: expected a Region code such as us-east-1; did you mean `us-east-1`?
`london` is not an AWS Region: expected a Region code such as us-east-1
`` is not an AWS Region: expected a Region code such as us-east-1
"#);
}

#[test]
fn accounts() {
    valid::<AccountId>(&["123456789012", "000000000000"]);
    insta::assert_snapshot!(errors::<AccountId>(&["12345678901", "1234-5678-9012", ""]), @r#"
`12345678901` is not an AWS account id: expected twelve digits, such as 123456789012
`1234-5678-9012` is not an AWS account id: expected twelve digits, such as 123456789012
`` is not an AWS account id: expected twelve digits, such as 123456789012
"#);
}

#[test]
fn organisations() {
    valid::<OrganisationId>(&["o-a1b2c3d4e5"]);
    insta::assert_snapshot!(errors::<OrganisationId>(&["o-short", "ou-a1b2c3d4e5", "o-A1B2C3D4E5"]), @r#"
`o-short` is not an organisation id: expected `o-` and 10 to 32 lower-case letters or digits, such as o-a1b2c3d4e5
`ou-a1b2c3d4e5` is not an organisation id: expected `o-` and 10 to 32 lower-case letters or digits, such as o-a1b2c3d4e5
`o-A1B2C3D4E5` is not an organisation id: expected `o-` and 10 to 32 lower-case letters or digits, such as o-a1b2c3d4e5
"#);
}

#[test]
fn partitions() {
    valid::<Partition>(&["aws", "aws-cn", "aws-us-gov"]);
    insta::assert_snapshot!(errors::<Partition>(&["aws-gov", "azure"]), @r#"
`aws-gov` is not an AWS partition: expected aws, aws-cn or aws-us-gov
`azure` is not an AWS partition: expected aws, aws-cn or aws-us-gov
"#);
}

#[test]
fn buckets() {
    valid::<BucketName>(&["abc", "a.b-c", "0rders"]);
    insta::assert_snapshot!(errors::<BucketName>(&[
        "ab",
        "Orders",
        "-orders",
        "a..b",
        "10.0.0.1",
        "xn--orders",
        "orders-s3alias",
        "orders.mrap",
    ]), @r#"
`ab` is not a bucket name: expected 3 to 63 characters (it has 2)
`Orders` is not a bucket name: expected only lower-case letters, digits, dots and hyphens (it has `O`)
`-orders` is not a bucket name: expected a letter or digit at both ends
`a..b` is not a bucket name: expected no two dots in a row
`10.0.0.1` is not a bucket name: expected a name that is not an IPv4 address
`xn--orders` is not a bucket name: expected a name without the prefix `xn--`, which S3 reserves
`orders-s3alias` is not a bucket name: expected a name without the suffix `-s3alias`, which S3 reserves
`orders.mrap` is not a bucket name: expected a name without the suffix `.mrap`, which S3 reserves
"#);
}

#[test]
fn access_point_names() {
    valid::<MrapName>(&["abc", "orders-2"]);
    insta::assert_snapshot!(errors::<MrapName>(&["ab", "Orders", "orders-", "orders.mrap"]), @r#"
`ab` is not a Multi-Region Access Point name: expected 3 to 50 lower-case letters, digits and hyphens, with a letter or digit at both ends
`Orders` is not a Multi-Region Access Point name: expected 3 to 50 lower-case letters, digits and hyphens, with a letter or digit at both ends
`orders-` is not a Multi-Region Access Point name: expected 3 to 50 lower-case letters, digits and hyphens, with a letter or digit at both ends
`orders.mrap` is not a Multi-Region Access Point name: expected 3 to 50 lower-case letters, digits and hyphens, with a letter or digit at both ends
"#);
}

#[test]
fn access_point_aliases() {
    valid::<MrapAlias>(&["mfzwi23gnjvgw.mrap"]);
    insta::assert_snapshot!(errors::<MrapAlias>(&["orders", "1abc.mrap", "m-f.mrap", ".mrap"]), @r#"
`orders` is not a Multi-Region Access Point alias: expected lower-case letters and digits followed by `.mrap`, such as mfzwi23gnjvgw.mrap (the alias, not the name)
`1abc.mrap` is not a Multi-Region Access Point alias: expected lower-case letters and digits followed by `.mrap`, such as mfzwi23gnjvgw.mrap (the alias, not the name)
`m-f.mrap` is not a Multi-Region Access Point alias: expected lower-case letters and digits followed by `.mrap`, such as mfzwi23gnjvgw.mrap (the alias, not the name)
`.mrap` is not a Multi-Region Access Point alias: expected lower-case letters and digits followed by `.mrap`, such as mfzwi23gnjvgw.mrap (the alias, not the name)
"#);
}

#[test]
fn access_point_arns() {
    valid::<MrapArn>(&["arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"]);
    insta::assert_snapshot!(errors::<MrapArn>(&[
        "mfzwi23gnjvgw.mrap",
        "arn:aws:s3::123456789012:accesspoint/orders",
        "arn:aws:s3:us-west-2:123456789012:accesspoint/mfzwi23gnjvgw.mrap",
        "arn:aws:s3::1234:accesspoint/mfzwi23gnjvgw.mrap",
        "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap",
        "arn:aws:sns::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
    ]), @r#"
`mfzwi23gnjvgw.mrap` is not the ARN of a Multi-Region Access Point: expected arn:aws:s3::<account>:accesspoint/<alias>.mrap
`arn:aws:s3::123456789012:accesspoint/orders` is not the ARN of a Multi-Region Access Point: expected arn:aws:s3::<account>:accesspoint/<alias>.mrap; `orders` is not a Multi-Region Access Point alias: expected lower-case letters and digits followed by `.mrap`, such as mfzwi23gnjvgw.mrap (the alias, not the name)
`arn:aws:s3:us-west-2:123456789012:accesspoint/mfzwi23gnjvgw.mrap` is not the ARN of a Multi-Region Access Point: expected arn:aws:s3::<account>:accesspoint/<alias>.mrap, with an empty Region field (it has `us-west-2`)
`arn:aws:s3::1234:accesspoint/mfzwi23gnjvgw.mrap` is not the ARN of a Multi-Region Access Point: expected arn:aws:s3::<account>:accesspoint/<alias>.mrap; `1234` is not an AWS account id: expected twelve digits, such as 123456789012
`arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap` is not the ARN of a Multi-Region Access Point: expected arn:aws:s3::<account>:accesspoint/<alias>.mrap
`arn:aws:sns::123456789012:accesspoint/mfzwi23gnjvgw.mrap` is not the ARN of a Multi-Region Access Point: expected arn:aws:s3::<account>:accesspoint/<alias>.mrap (its service is `sns`)
"#);
}

#[test]
fn arns() {
    valid::<Arn>(&["arn:aws:s3:::orders", "arn:aws:sns:eu-west-2:123456789012:a:b"]);
    insta::assert_snapshot!(errors::<Arn>(&[
        "orders",
        "arn:aws:s3::orders",
        "arn::s3:::orders",
        "arn:aws:s3:::"
    ]), @r#"
`orders` is not an ARN: expected arn:<partition>:<service>:<region>:<account>:<resource>
`arn:aws:s3::orders` is not an ARN: expected arn:<partition>:<service>:<region>:<account>:<resource>
`arn::s3:::orders` is not an ARN: expected arn:<partition>:<service>:<region>:<account>:<resource>
`arn:aws:s3:::` is not an ARN: expected arn:<partition>:<service>:<region>:<account>:<resource>
"#);
}

#[test]
fn role_arns() {
    valid::<RoleArn>(&["arn:aws:iam::123456789012:role/api", "arn:aws:iam::123456789012:role/apps/eu/api"]);
    insta::assert_snapshot!(errors::<RoleArn>(&[
        "api",
        "arn:aws:iam::123456789012:user/me",
        "arn:aws:sts::123456789012:assumed-role/api/session",
        "arn:aws:iam::123456789012:role/*",
        "arn:aws:iam::1234:role/api",
        "arn:aws:iam::123456789012:role/",
    ]), @r#"
`api` is not the ARN of an IAM role: expected arn:aws:iam::<account>:role/<name>, without wildcards
`arn:aws:iam::123456789012:user/me` is not the ARN of an IAM role: expected arn:aws:iam::<account>:role/<name>, without wildcards
`arn:aws:sts::123456789012:assumed-role/api/session` is not the ARN of an IAM role: expected arn:aws:iam::<account>:role/<name>, without wildcards (this is the ARN of a session; give its role)
`arn:aws:iam::123456789012:role/*` is not the ARN of an IAM role: expected arn:aws:iam::<account>:role/<name>, without wildcards; `*` is not a role name: expected 1 to 64 letters, digits or characters of +=,.@_-
`arn:aws:iam::1234:role/api` is not the ARN of an IAM role: expected arn:aws:iam::<account>:role/<name>, without wildcards; `1234` is not an AWS account id: expected twelve digits, such as 123456789012
`arn:aws:iam::123456789012:role/` is not the ARN of an IAM role: expected arn:aws:iam::<account>:role/<name>, without wildcards; `` is not a role name: expected 1 to 64 letters, digits or characters of +=,.@_-
"#);
}

#[test]
fn role_names_and_paths() {
    valid::<RoleName>(&["api", "A+=,.@_-z"]);
    valid::<RolePath>(&["/", "/apps/eu/"]);
    insta::assert_snapshot!(errors::<RoleName>(&["", "a/b", "a*"]), @r#"
`` is not a role name: expected 1 to 64 letters, digits or characters of +=,.@_-
`a/b` is not a role name: expected 1 to 64 letters, digits or characters of +=,.@_-
`a*` is not a role name: expected 1 to 64 letters, digits or characters of +=,.@_-
"#);
    insta::assert_snapshot!(errors::<RolePath>(&["apps/", "/apps", ""]), @r#"
`apps/` is not a role path: expected `/`, or text that begins and ends with a slash, such as /apps/
`/apps` is not a role path: expected `/`, or text that begins and ends with a slash, such as /apps/
`` is not a role path: expected `/`, or text that begins and ends with a slash, such as /apps/
"#);
}

#[test]
fn service_principals() {
    valid::<ServicePrincipal>(&["logging.s3.amazonaws.com", "s3.ap-east-1.amazonaws.com"]);
    insta::assert_snapshot!(errors::<ServicePrincipal>(&["s3", "*.amazonaws.com", "S3.amazonaws.com"]), @r#"
`s3` is not a service principal: expected a name such as logging.s3.amazonaws.com, without wildcards
`*.amazonaws.com` is not a service principal: expected a name such as logging.s3.amazonaws.com, without wildcards
`S3.amazonaws.com` is not a service principal: expected a name such as logging.s3.amazonaws.com, without wildcards
"#);
}

#[test]
fn network_ids() {
    valid::<VpcId>(&["vpc-0a1b2c3d", "vpc-0a1b2c3d4e5f60718"]);
    insta::assert_snapshot!(errors::<VpcId>(&["subnet-0a1b2c3d", "vpc-0a1b2c3", "vpc-0A1B2C3D"]), @r#"
`subnet-0a1b2c3d` is not a VPC id: expected `vpc-` and 8 or 17 hexadecimal digits, such as vpc-0a1b2c3d4e5f60718
`vpc-0a1b2c3` is not a VPC id: expected `vpc-` and 8 or 17 hexadecimal digits, such as vpc-0a1b2c3d4e5f60718
`vpc-0A1B2C3D` is not a VPC id: expected `vpc-` and 8 or 17 hexadecimal digits, such as vpc-0a1b2c3d4e5f60718
"#);
    insta::assert_snapshot!(errors::<SubnetId>(&["vpc-0a1b2c3d"]), @r#"
`vpc-0a1b2c3d` is not a subnet id: expected `subnet-` and 8 or 17 hexadecimal digits, such as subnet-0a1b2c3d4e5f60718
"#);
    insta::assert_snapshot!(errors::<VpcEndpointId>(&["vpc-0a1b2c3d"]), @r#"
`vpc-0a1b2c3d` is not a VPC endpoint id: expected `vpce-` and 8 or 17 hexadecimal digits, such as vpce-0a1b2c3d4e5f60718
"#);
    insta::assert_snapshot!(errors::<SecurityGroupId>(&["default"]), @r#"
`default` is not a security group id: expected `sg-` and 8 or 17 hexadecimal digits, such as sg-0a1b2c3d4e5f60718
"#);
}

#[test]
fn networks() {
    valid::<Cidr>(&["10.0.0.0/8", "0.0.0.0/0", "192.168.1.7/32"]);
    insta::assert_snapshot!(errors::<Cidr>(&[
        "10.0.0.0",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "fd00::/8",
        "10.0.0/8"
    ]), @r#"
`10.0.0.0` is not an IPv4 network: expected an address and a prefix length, such as 10.0.0.0/16
`10.0.0.1/8` is not an IPv4 network: expected no bits set after the prefix, as in 10.0.0.0/8
`10.0.0.0/33` is not an IPv4 network: expected an address and a prefix length, such as 10.0.0.0/16
`fd00::/8` is not an IPv4 network: expected an address and a prefix length, such as 10.0.0.0/16
`10.0.0/8` is not an IPv4 network: expected an address and a prefix length, such as 10.0.0.0/16
"#);
}

#[test]
fn stack_names() {
    valid::<StackName>(&["abc", "orders-2"]);
    insta::assert_snapshot!(errors::<StackName>(&["ab", "2orders", "orders-", "Orders"]), @r#"
`ab` is not a stack name: expected 3 to 40 lower-case letters, digits and hyphens, with a letter first and no hyphen at the end
`2orders` is not a stack name: expected 3 to 40 lower-case letters, digits and hyphens, with a letter first and no hyphen at the end
`orders-` is not a stack name: expected 3 to 40 lower-case letters, digits and hyphens, with a letter first and no hyphen at the end
`Orders` is not a stack name: expected 3 to 40 lower-case letters, digits and hyphens, with a letter first and no hyphen at the end
"#);
}

#[test]
fn key_prefixes() {
    valid::<KeyPrefix>(&["", "reports/", "a b/(c)!"]);
    let long = "x".repeat(1025);
    insta::assert_snapshot!(errors::<KeyPrefix>(&["a/*", "a?", "${aws:username}/", "a\\b", "été/", "a\n", &long])
            .replace(&long, "xxx…"), @r#"
`a/*` is not a key prefix: expected plain text (it has `*`, which a policy reads as a pattern; `reports/` already covers all below it)
`a?` is not a key prefix: expected plain text (it has `?`, which a policy reads as a pattern; `reports/` already covers all below it)
`${aws:username}/` is not a key prefix: expected plain text (it has `$`, which a policy reads as a pattern; `reports/` already covers all below it)
`a\b` is not a key prefix: expected printable ASCII without \{}^%`[]"<>~#| (it has '\\')
`été/` is not a key prefix: expected printable ASCII without \{}^%`[]"<>~#| (it has 'é')
`a
` is not a key prefix: expected printable ASCII without \{}^%`[]"<>~#| (it has '\n')
`xxx…` is not a key prefix: expected at most 1,024 bytes (it has 1025)
"#);
}

#[test]
fn dates() {
    assert_eq!("2027-03-31".parse::<Date>().unwrap().to_string(), "2027-03-31");
    insta::assert_snapshot!(errors::<Date>(&["2027-02-29", "31.03.2027", "2027-3-31"]), @r#"
`2027-02-29` is not a date: expected YYYY-MM-DD, such as 2027-03-31
`31.03.2027` is not a date: expected YYYY-MM-DD, such as 2027-03-31
`2027-3-31` is not a date: expected YYYY-MM-DD, such as 2027-03-31
"#);
}

#[test]
fn words_of_the_intent() {
    for access in Access::ALL {
        assert_eq!(access.as_str().parse(), Ok(access));
    }
    insta::assert_snapshot!(errors::<Access>(&["readwrite", "admin"]), @r#"
`readwrite` is not a kind of access: expected read, write or read-write; did you mean `read-write`?
`admin` is not a kind of access: expected read, write or read-write
"#);
    insta::assert_snapshot!(errors::<TlsVersion>(&["1.1", "TLS 1.2"]), @r#"
`1.1` is not a TLS version to ask for: expected 1.2 or 1.3
`TLS 1.2` is not a TLS version to ask for: expected 1.2 or 1.3
"#);
}
