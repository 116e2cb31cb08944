//! Random policies and requests, made of bytes: of a seed's in differential runs, of a fuzzer's in fuzz targets.

mod cedar;
mod policy;
mod request;

pub use cedar::{guardrail, on_bucket};
pub use policy::{Kind, Taste, document};
pub use request::request;

use arbitrary::Unstructured;
use narrows_iam::{Principal, Request};
use serde_json::Value;

/// The account that owns every resource.
pub const ACCOUNT: &str = "123456789012";
/// Another account.
pub const FOREIGN: &str = "999999999999";
/// A Multi-Region Access Point of [`ACCOUNT`].
pub const MRAP: &str = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
/// A bucket of [`ACCOUNT`].
pub const BUCKET: &str = "arn:aws:s3:::data";

/// A request on one resource, and every document that has a say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The request.
    pub request: Request,
    /// The resource's policy.
    pub resource_policy: Option<Value>,
    /// The caller's identity policies; none for callers that have no identity.
    pub identity: Vec<Value>,
    /// The caller's permission boundary.
    pub boundary: Option<Value>,
    /// Service control policies, one for each level.
    pub service_control: Vec<Value>,
    /// Resource control policies, one for each level.
    pub resource_control: Vec<Value>,
}

/// Bytes that follow from a seed alone (SplitMix64).
pub fn bytes(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    };
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        bytes.extend(next().to_le_bytes());
    }
    bytes.truncate(count);
    bytes
}

/// A whole case. Half of the cases are one resource policy and the request, where single statements show best.
///
/// # Errors
/// None where there are bytes enough; where they run out, what is made of them becomes simpler.
pub fn case(bytes: &mut Unstructured<'_>, taste: Taste) -> arbitrary::Result<Case> {
    let request = request(bytes)?;
    let outsider = matches!(request.principal, Principal::Anonymous | Principal::Service(_));
    let root = matches!(request.principal, Principal::Root { .. });
    let alone = bytes.ratio(1, 2)?;
    let mut case = Case {
        request,
        resource_policy: None,
        identity: Vec::new(),
        boundary: None,
        service_control: Vec::new(),
        resource_control: Vec::new(),
    };
    if alone || bytes.ratio(3, 4)? {
        case.resource_policy = Some(document(bytes, Kind::Resource, taste)?);
    }
    if alone {
        return Ok(case);
    }
    // The root user has no identity policies and no boundary.
    if !outsider && !root {
        for _ in 0..bytes.int_in_range(0..=2)? {
            case.identity.push(document(bytes, Kind::Identity, taste)?);
        }
        if bytes.ratio(1, 4)? {
            case.boundary = Some(document(bytes, Kind::Identity, taste)?);
        }
    }
    if !outsider && bytes.ratio(1, 5)? {
        for _ in 0..bytes.int_in_range(1..=2)? {
            case.service_control.push(document(bytes, Kind::Identity, taste)?);
        }
    }
    if bytes.ratio(1, 6)? {
        case.resource_control.push(document(bytes, Kind::Control, taste)?);
    }
    Ok(case)
}

/// One of them.
fn pick<'a>(bytes: &mut Unstructured<'_>, pool: &[&'a str]) -> arbitrary::Result<&'a str> {
    bytes.choose(pool).copied()
}

/// One of them as JSON text, or a list of up to `most`; to a plain taste, without variables and incomplete ARNs.
fn one_or_list(
    bytes: &mut Unstructured<'_>,
    pool: &[&str],
    most: usize,
    taste: Taste,
) -> arbitrary::Result<Value> {
    let one = |bytes: &mut Unstructured<'_>| -> arbitrary::Result<Value> {
        let text = pick(bytes, pool)?;
        let short = text.starts_with("arn:") && text.matches(':').count() < 5;
        let plain = taste == Taste::Everything || !(short || text.contains("${"));
        // The first of each pool is plain.
        Ok(if plain { text } else { pool.first().copied().unwrap_or_default() }.into())
    };
    if bytes.ratio(1, 2)? {
        return one(bytes);
    }
    let count = bytes.int_in_range(1..=most)?;
    (0..count).map(|_| one(bytes)).collect::<arbitrary::Result<Vec<Value>>>().map(Value::Array)
}
