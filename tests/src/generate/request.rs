//! Random requests, with values of the type that each key has.

use super::{ACCOUNT, BUCKET, FOREIGN, MRAP, pick};
use arbitrary::{Result, Unstructured};
use narrows_iam::{Context, Entry, Principal, Request};

/// A request on a bucket, on an object, or on a Multi-Region Access Point.
///
/// # Errors
/// None: see [`super::case`].
pub fn request(bytes: &mut Unstructured<'_>) -> Result<Request> {
    let principal = principal(bytes)?;
    let action = pick(
        bytes,
        &["s3:GetObject", "s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetObjectTagging"],
    )?;
    let key = pick(
        bytes,
        &[
            "k",
            "k",
            "K",
            "home/bob/x",
            "home/bob/x",
            "home/ann/x",
            "a/b",
            "a?b$c",
            "*",
            "x",
            "123456789012/y",
            "a:b",
        ],
    )?;
    let through = bytes.ratio(1, 3)?;
    let resource = match (action == "s3:ListBucket", through) {
        (true, true) => MRAP.to_owned(),
        (true, false) => BUCKET.to_owned(),
        (false, true) => format!("{MRAP}/object/{key}"),
        (false, false) => format!("{BUCKET}/{key}"),
    };
    let context = context(bytes, &principal)?;
    Ok(Request { principal, action: action.to_owned(), resource, context })
}

fn principal(bytes: &mut Unstructured<'_>) -> Result<Principal> {
    let role = |account: &str, name: &str, session: &str| Principal::Role {
        arn: format!("arn:aws:iam::{account}:role/{name}"),
        session: session.to_owned(),
    };
    let user =
        |account: &str, name: &str| Principal::User { arn: format!("arn:aws:iam::{account}:user/{name}") };
    let root = |account: &str| {
        account.parse().map(|account| Principal::Root { partition: "aws".to_owned(), account })
    };
    Ok(match bytes.int_in_range(0..=15_u8)? {
        0 | 1 => Principal::Anonymous,
        2 => Principal::Service("logging.s3.amazonaws.com".to_owned()),
        3 => Principal::Service("cloudfront.amazonaws.com".to_owned()),
        4 => root(ACCOUNT).unwrap_or(Principal::Anonymous),
        5 => root(FOREIGN).unwrap_or(Principal::Anonymous),
        6 => user(ACCOUNT, "path/bob"),
        7 => user(ACCOUNT, "ann"),
        8 => user(FOREIGN, "eve"),
        9 | 10 => role(ACCOUNT, "app", "one"),
        11 => role(ACCOUNT, "app", "two"),
        12 => role(ACCOUNT, "path/deep", "one"),
        13 => role(ACCOUNT, "else", "one"),
        14 => role(FOREIGN, "app", "one"),
        _ => Principal::FederatedUser { arn: format!("arn:aws:sts::{ACCOUNT}:federated-user/ann") },
    })
}

fn context(bytes: &mut Unstructured<'_>, principal: &Principal) -> Result<Context> {
    const KEYS: [(&str, &[&str]); 18] = [
        ("aws:MultiFactorAuthPresent", &["true", "false"]),
        ("aws:PrincipalOrgID", &["o-a1b2c3d4e5", "o-zzzzzzzzzz"]),
        ("aws:PrincipalTag/team", &["blue", "Blue", "", "k", "a*b"]),
        ("aws:SourceArn", &["arn:aws:s3:::data", "arn:aws:s3:::other", "arn:aws:iam::123456789012:role/app"]),
        ("aws:SourceIp", &["10.1.2.3", "203.0.113.9", "192.0.2.1", "2001:db8::1", "2001:db8:1::7"]),
        ("aws:SourceVpce", &["vpce-0a1b2c3d", "vpce-99999999"]),
        ("aws:VpcSourceIp", &["10.1.2.3", "10.255.255.255"]),
        ("aws:x", &["TWFu", "TQ=="]),
        ("s3:AccessPointNetworkOrigin", &["Internet", "VPC"]),
        ("s3:DataAccessPointAccount", &[ACCOUNT, FOREIGN]),
        ("s3:DataAccessPointArn", &[MRAP, MRAP, "arn:aws:s3:eu-west-1:123456789012:accesspoint/side"]),
        ("s3:TlsVersion", &["1.2", "1.3", "1.0"]),
        ("s3:max-keys", &["7", "8", "0", "1000"]),
        ("s3:object-lock-retain-until-date", &["2027-01-01T00:00:00Z", "2030-01-01T00:00:00Z"]),
        ("s3:prefix", &["home/", "HOME/", "home/bob/x", "", "ab", "a*b", "${x", "*"]),
        ("s3:signatureAge", &["7", "999", "600000"]),
        ("s3:x-amz-acl", &["public-read", "private"]),
        ("aws:userid", &["AIDAEXAMPLEEXAMPLEID1", "bob"]),
    ];
    let mut context = Context::default();
    for (key, pool) in KEYS {
        // An anonymous caller has no tags and no organisation.
        let given = !(key.starts_with("aws:Principal") && *principal == Principal::Anonymous);
        if given && bytes.ratio(1, 2)? {
            context.set(key, Entry::Value(pick(bytes, pool)?.to_owned()));
        }
    }
    if bytes.ratio(1, 2)? {
        let count = bytes.int_in_range(0..=3)?;
        let tags = (0..count)
            .map(|_| pick(bytes, &["owner", "cost-centre", "team", "team", "home/", ""]).map(str::to_owned));
        context.set("aws:TagKeys", Entry::Values(tags.collect::<Result<_>>()?));
    }
    for key in ["aws:SecureTransport", "aws:ViaAWSService"] {
        context.set(key, Entry::Value(pick(bytes, &["true", "false"])?.to_owned()));
    }
    let (epoch, date) = *bytes.choose(&[
        ("1795392000", "2026-11-23T00:00:00Z"),
        ("1798761600", "2027-01-01T00:00:00Z"),
        ("1830000000", "2027-12-28T13:20:00Z"),
    ])?;
    context.set("aws:EpochTime", Entry::Value(epoch.to_owned()));
    context.set("aws:CurrentTime", Entry::Value(date.to_owned()));
    Ok(context)
}
