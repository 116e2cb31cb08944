//! What the values of a condition key look like, and how they compare.

use super::condition::{INSTANT, IPV4, IPV6, NUMBER, signed_point};
use crate::solve::{Glob, Point, Token as Glyph};
use narrows_iam::ConditionKey;

/// How a key's values are compared, which decides what kind of variable it gets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Sort {
    Text,
    /// Several texts.
    List,
    Number,
    Instant,
    Address,
}

impl Sort {
    /// Whether values are compared as points rather than as texts.
    pub fn is_typed(self) -> bool {
        !matches!(self, Self::Text | Self::List)
    }

    /// How a key's values are compared as its type has it; `None` for texts and for keys that this version does not know.
    ///
    /// Source: the service authorization reference's types of S3's keys; IAM User Guide for `aws:` keys.
    pub fn of(key: &ConditionKey) -> Option<Self> {
        match key.as_str() {
            "aws:epochtime"
            | "aws:multifactorauthage"
            | "s3:existingjobpriority"
            | "s3:max-annotation-results"
            | "s3:max-keys"
            | "s3:object-lock-event-hold-duration-days"
            | "s3:object-lock-remaining-retention-days"
            | "s3:requestjobpriority"
            | "s3:signatureage"
            | "s3:tlsversion" => Some(Self::Number),
            "aws:currenttime" | "aws:tokenissuetime" | "s3:object-lock-retain-until-date" => {
                Some(Self::Instant)
            }
            "aws:sourceip" | "aws:vpcsourceip" => Some(Self::Address),
            _ => None,
        }
    }
}

/// Keys whose value is `true` or `false`. Source: IAM User Guide, "AWS global condition context keys".
const BOOLEANS: [&str; 4] =
    ["aws:multifactorauthpresent", "aws:principalisawsservice", "aws:securetransport", "aws:viaawsservice"];

/// Whether a key's value, where it is there, is `true` or `false`.
pub(crate) fn is_boolean(key: &ConditionKey) -> bool {
    BOOLEANS.contains(&key.as_str())
}

/// What the values of a key look like, so that no counterexample has one that AWS would not produce.
///
/// Sources: IAM User Guide, "AWS global condition context keys"; the forms of EC2 ids.
pub(super) fn language(key: &str) -> Vec<Glob> {
    let word = |prefix: &str| {
        let mut glyphs: Vec<Glyph> = prefix.chars().map(Glyph::Char).collect();
        glyphs.extend([Glyph::One, Glyph::Many]);
        Glob(glyphs)
    };
    match key {
        "aws:sourcevpce" => vec![word("vpce-")],
        "aws:sourcevpc" => vec![word("vpc-")],
        "aws:principalorgid" => vec![word("o-")],
        // IAM User Guide, "Understand the AWS Organizations entity path".
        "aws:principalorgpaths" | "aws:resourceorgpaths" | "aws:sourceorgpaths" | "aws:vpceorgpaths" => {
            vec![Glob::wildcards("o-?*/r-?*/")]
        }
        name if BOOLEANS.contains(&name) => vec![Glob::literal("true"), Glob::literal("false")],
        _ => vec![Glob::any()],
    }
}

/// The last millisecond of year 9999, which is as far as dates are written.
const LAST_INSTANT: i128 = 253_402_300_799_999;

/// No number of a request is greater (in billionths): far beyond what any key counts.
const GREATEST: i128 = 1_000_000_000_000_000_000_000_000_000;

/// Every address. An IPv4 address that is spelled as an IPv6 one is never sent (RFC 4291, section 2.5.5.2: it stands for the
/// address of an IPv4 node), and not read.
pub(super) fn addresses() -> [(Point, Point); 3] {
    const MAPPED: u128 = 0xFFFF_0000_0000;
    let range = |family, first, last| (Point { family, value: first }, Point { family, value: last });
    [
        range(IPV4, 0, u128::from(u32::MAX)),
        range(IPV6, 0, MAPPED - 1),
        range(IPV6, MAPPED + 0x1_0000_0000, u128::MAX),
    ]
}

/// The points that a key can have, and likely ones.
///
/// Time does not run backwards: the question is about what follows the day that it is asked on.
pub(super) fn points(key: &str, sort: Sort, as_of: i64) -> (Vec<(Point, Point)>, Vec<Point>) {
    let number = |thousandths: i128| signed_point(NUMBER, thousandths * 1_000_000);
    match key {
        "aws:currenttime" | "aws:epochtime" => {
            let start = i128::from(as_of) * 1000;
            let noon = signed_point(INSTANT, start + 43_200_000);
            (vec![(signed_point(INSTANT, start), signed_point(INSTANT, LAST_INSTANT))], vec![noon])
        }
        // The versions that exist; S3 has refused those below 1.2 since 2023, but a policy is about what it says.
        "s3:tlsversion" => {
            let versions = [1200, 1300, 1100, 1000].map(number);
            (versions.iter().map(|version| (*version, *version)).collect(), versions.to_vec())
        }
        _ if sort == Sort::Address => {
            let address = |text: &str| {
                let bits = text.parse::<std::net::Ipv4Addr>().map(u32::from).unwrap_or_default();
                Point { family: IPV4, value: u128::from(bits) }
            };
            let likely = ["203.0.113.7", "198.51.100.7", "192.0.2.7", "10.0.0.7"].map(address).to_vec();
            (addresses().to_vec(), likely)
        }
        _ if sort == Sort::Instant => {
            (vec![(signed_point(INSTANT, 0), signed_point(INSTANT, LAST_INSTANT))], Vec::new())
        }
        // S3's own numbers count something.
        name => {
            let least = if name.starts_with("s3:") { 0 } else { -GREATEST };
            let domain = vec![(signed_point(NUMBER, least), signed_point(NUMBER, GREATEST))];
            (domain, [0, 1000].map(number).to_vec())
        }
    }
}
