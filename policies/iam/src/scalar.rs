//! The typed values of conditions and requests, from text.

use crate::IpNetwork;
use jiff::{Timestamp, civil};
use std::net::IpAddr;

/// One in the unit that numbers are kept in.
const UNIT: i128 = 1_000_000_000;

/// The last moment of year 9999, in seconds.
const LAST_SECOND: i64 = 253_402_300_799;

/// A decimal number, times 10⁹; `None` for anything else and for what has more than nine digits after the point.
pub fn number(text: &str) -> Option<i128> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || !all_digits(whole)
        || !all_digits(fraction)
        || (digits.contains('.') && fraction.is_empty())
    {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let mut value: i128 = format!("{whole}{fraction}").parse().ok()?;
    let mut scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?.checked_sub(9)?;
    while scale > 0 && value % 10 == 0 && value != 0 {
        (value, scale) = (value / 10, scale - 1);
    }
    let value = match scale {
        _ if value == 0 => 0,
        scale if scale > 0 => return None,
        scale => value.checked_mul(10_i128.checked_pow(scale.unsigned_abs())?)?,
    };
    // The comparison of numbers must never overflow.
    let value = if negative { -value } else { value };
    (value.checked_abs()? < i128::MAX / UNIT).then_some(value)
}

/// A moment in milliseconds since 1970: ISO 8601 (`2027-03-31`, `2027-03-31T12:00Z`, seconds and fractions allowed, a zone
/// needed with a time) or seconds since 1970. Four digits alone could be either and are refused.
pub fn date(text: &str) -> Option<i64> {
    if text.bytes().all(|b| b.is_ascii_digit()) && text.len() != 4 {
        let seconds: i64 = text.parse().ok()?;
        return (seconds <= LAST_SECOND).then_some(seconds * 1000);
    }
    let known = |b: u8| b.is_ascii_digit() || b"-:.+TZtz".contains(&b);
    let year_first =
        text.bytes().take(4).all(|b| b.is_ascii_digit()) && text.as_bytes().get(4) == Some(&b'-');
    if !year_first || !text.bytes().all(known) {
        return None;
    }
    let start_of = |date: civil::Date| {
        let day = date.since(civil::date(1970, 1, 1)).ok()?.get_days();
        i64::from(day).checked_mul(86_400_000)
    };
    match text.len() {
        7 => start_of(format!("{text}-01").parse().ok()?),
        10 => start_of(text.parse().ok()?),
        _ => text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond),
    }
}

/// An IPv4 or IPv6 address; whether an IPv4 address that is spelled as an IPv6 one (`::ffff:10.1.2.3`) counts as the former is
/// not documented, so that it is read as neither.
pub fn address(text: &str) -> Option<IpAddr> {
    let address: IpAddr = text.parse().ok()?;
    match address {
        IpAddr::V6(it) if it.to_ipv4_mapped().is_some() => None,
        _ => Some(address),
    }
}

/// `true` or `false` in any case.
pub fn boolean(text: &str) -> Option<bool> {
    match () {
        () if text.eq_ignore_ascii_case("true") => Some(true),
        () if text.eq_ignore_ascii_case("false") => Some(false),
        () => None,
    }
}

/// The bytes that standard base64, with padding, stands for.
pub fn base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    // Bits left over must be zero, or two texts would stand for the same bytes.
    (bits == 0 && held < 6).then_some(bytes)
}

/// An address or a network; the flag tells whether host bits were set, which are cleared.
pub fn network(text: &str) -> Option<(IpNetwork, bool)> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) if prefix.bytes().all(|b| b.is_ascii_digit()) => (address, Some(prefix)),
        Some(_) => return None,
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let prefix = prefix.map_or(Some(most), |prefix| prefix.parse().ok())?;
    let network = IpNetwork { address, prefix };
    let first = network.first()?;
    Some((IpNetwork { address: first, prefix }, first != address))
}

impl IpNetwork {
    /// The address with its host bits cleared; `None` where the prefix is longer than the address.
    fn first(self) -> Option<IpAddr> {
        let prefix = u32::from(self.prefix);
        Some(match self.address {
            IpAddr::V4(address) => {
                let free = 32_u32.checked_sub(prefix)?;
                IpAddr::V4((u32::from(address) & u32::MAX.checked_shl(free).unwrap_or(0)).into())
            }
            IpAddr::V6(address) => {
                let free = 128_u32.checked_sub(prefix)?;
                IpAddr::V6((u128::from(address) & u128::MAX.checked_shl(free).unwrap_or(0)).into())
            }
        })
    }

    /// Whether an address lies in the network; addresses of the other family never do.
    pub fn contains(self, address: IpAddr) -> bool {
        self.address.is_ipv4() == address.is_ipv4()
            && Self { address, prefix: self.prefix }.first() == Some(self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        let cases = [
            ("1.2", Some(1_200_000_000)),
            ("-3", Some(-3 * UNIT)),
            ("1e3", Some(1000 * UNIT)),
            ("0.000000001", Some(1)),
            ("0.0000000010", Some(1)),
            ("10e-10", Some(1)),
            ("0.0000000001", None),
            ("0e99", Some(0)),
            ("1e99", None),
            ("", None),
            ("1.", None),
            (".5", None),
            ("0x10", None),
            ("1_000", None),
            ("NaN", None),
        ];
        for (text, expected) in cases {
            assert_eq!(number(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_are_iso_or_seconds() {
        let cases = [
            ("1970-01-02", Some(86_400_000)),
            ("1970-02", Some(31 * 86_400_000)),
            ("1970-01-01T00:00:01Z", Some(1000)),
            ("1970-01-01T00:01Z", Some(60_000)),
            ("1970-01-01T01:00:00.5+01:00", Some(500)),
            ("1795392000", Some(1_795_392_000_000)),
            ("2027", None),
            ("1795392000000", None),
            ("2027-02-30", None),
            ("2027-01-01T00:00:00", None),
            ("2027-01-01 00:00:00Z", None),
            ("tomorrow", None),
        ];
        for (text, expected) in cases {
            assert_eq!(date(text), expected, "{text}");
        }
    }

    #[test]
    fn base64_is_strict() {
        let cases: [(&str, Option<&[u8]>); 8] = [
            ("", Some(b"")),
            ("TWFu", Some(b"Man")),
            ("TWE=", Some(b"Ma")),
            ("TQ==", Some(b"M")),
            ("TR==", None),
            ("TQ=", None),
            ("T===", None),
            ("T-_=", None),
        ];
        for (text, expected) in cases {
            assert_eq!(base64(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn networks_hold_their_addresses() {
        let (network, loose) = network("10.1.2.3/8").unwrap();
        assert!(loose && network.contains("10.255.0.1".parse().unwrap()));
        assert!(!network.contains("11.0.0.1".parse().unwrap()) && !network.contains("::1".parse().unwrap()));
        for (text, inside, outside) in [
            ("0.0.0.0/0", "255.1.1.1", "::"),
            ("2001:db8::/32", "2001:db8::1", "2001:db9::"),
            ("::/0", "ff::", "1.1.1.1"),
        ] {
            let (network, loose) = super::network(text).unwrap();
            assert!(!loose && network.contains(inside.parse().unwrap()), "{text}");
            assert!(!network.contains(outside.parse().unwrap()), "{text}");
        }
        for text in ["10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/+8", "::/129", "a"] {
            assert_eq!(super::network(text), None, "{text}");
        }
    }
}
