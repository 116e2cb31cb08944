//! Keys that are looked at both as texts and as numbers, dates or addresses.
//!
//! Such a key has a text and a point. Which point a text stands for is certain of the texts that the policies compare the
//! key with, and of some others around them: there the two are tied. How AWS spells other values is not documented, so
//! that elsewhere any text may go with any point: a proof covers every spelling, a refutation has one that is certain.

use super::condition::{
    INSTANT, IPV4, IPV6, NUMBER, is_epoch_time, signed_point, signed_value, whole_seconds,
};
use super::domains::{Sort, addresses, points};
use super::keys::{Binding, Keys, Undecided};
use crate::solve::{Formula, Glob, Pattern, Point, Predicate, Var};
use narrows_iam::{ConditionKey, scalar};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The texts that a key is tried with where it is compared in two ways.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Spellings {
    /// The texts, the likeliest first.
    pub texts: Vec<String>,
    /// The condition that compares it in the other way than its type has it, and where it stands.
    pub place: String,
}

/// The second variable of a key.
#[derive(Clone)]
pub(crate) struct Twin {
    /// The text of a key that has a type, else what its text is read as.
    pub var: Var,
    /// Where it is what a text is read as: whether the text can be read so.
    pub reads: Option<Var>,
}

/// The point that a text stands for.
pub(crate) fn read(sort: Sort, text: &str) -> Option<Point> {
    match sort {
        Sort::Text | Sort::List => None,
        Sort::Number => Some(signed_point(NUMBER, scalar::number(text)?)),
        Sort::Instant => Some(signed_point(INSTANT, i128::from(scalar::date(text)?))),
        Sort::Address => Some(address(scalar::address(text)?)),
    }
}

/// The ranges of the variable of a key that has a type which a text stands for; `None` for texts of another type.
pub(crate) fn read_as(key: &ConditionKey, text: &str) -> Option<Vec<(Point, Point)>> {
    let point = read(Sort::of(key)?, text)?;
    let ranges = vec![(point, point)];
    Some(if is_epoch_time(key) { whole_seconds(ranges) } else { ranges })
}

/// The point of an address.
pub(crate) fn address(address: IpAddr) -> Point {
    match address {
        IpAddr::V4(address) => Point { family: IPV4, value: u128::from(u32::from(address)) },
        IpAddr::V6(address) => Point { family: IPV6, value: u128::from(address) },
    }
}

/// A key's point as a text.
pub(crate) fn spelled(key: &ConditionKey, point: Point) -> String {
    if is_epoch_time(key) { signed_value(point).div_euclid(1000).to_string() } else { show(point) }
}

/// A point as a text.
pub(crate) fn show(point: Point) -> String {
    match point.family {
        NUMBER => decimal(signed_value(point)),
        INSTANT => instant(signed_value(point)),
        IPV4 => Ipv4Addr::from(u32::try_from(point.value).unwrap_or_default()).to_string(),
        _ => Ipv6Addr::from(point.value).to_string(),
    }
}

/// A number of billionths in decimal notation.
fn decimal(billionths: i128) -> String {
    let sign = if billionths < 0 { "-" } else { "" };
    let magnitude = billionths.unsigned_abs();
    let (whole, rest) = (magnitude / 1_000_000_000, magnitude % 1_000_000_000);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{}", format!("{rest:09}").trim_end_matches('0'))
}

/// Milliseconds from 1970 in ISO 8601.
fn instant(milliseconds: i128) -> String {
    let seconds = i64::try_from(milliseconds.div_euclid(1000)).unwrap_or(i64::MAX);
    let Some(date) = narrows_model::date::Date::from_epoch_seconds(seconds) else {
        return format!("{seconds}");
    };
    let of_day = seconds.rem_euclid(86_400);
    let part = match milliseconds.rem_euclid(1000) {
        0 => String::new(),
        part => format!(".{part:03}"),
    };
    format!("{date}T{:02}:{:02}:{:02}{part}Z", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

/// Likely values of a key that has a type, as texts; none for other keys.
pub(crate) fn likely_texts(key: &ConditionKey, as_of: i64) -> Vec<String> {
    let Some(sort) = Sort::of(key) else { return Vec::new() };
    points(key.as_str(), sort, as_of).1.into_iter().map(|point| spelled(key, point)).collect()
}

impl Keys {
    /// The texts of a key of which it is certain what they stand for.
    pub fn certain_texts(&self, key: &ConditionKey) -> Vec<String> {
        let mut texts = self.spellings.get(key).map(|known| known.texts.clone()).unwrap_or_default();
        texts.extend(self.candidates(key));
        if Sort::of(key).is_some() {
            texts.retain(|text| read_as(key, text).is_some());
        }
        texts
    }

    /// What a key is that has `main` as its variable and is compared in another way than its type has it.
    pub(super) fn twin(&mut self, key: &ConditionKey, sort: Sort, main: &Binding) -> Binding {
        match (main, sort) {
            (Binding::Point(point), Sort::Text) => {
                let twin = self.made(key, sort, *point);
                Binding::Spelled { point: *point, text: twin.var }
            }
            (Binding::Text(text), Sort::Number | Sort::Instant | Sort::Address) => {
                match self.made(key, sort, *text) {
                    Twin { var, reads: Some(reads) } => Binding::Read { text: *text, point: var, reads },
                    Twin { reads: None, .. } => Binding::Open,
                }
            }
            _ => Binding::Open,
        }
    }

    /// The second variable of a key for a way to compare it, made on first use.
    fn made(&mut self, key: &ConditionKey, sort: Sort, main: Var) -> Twin {
        let name = (key.clone(), sort);
        if let Some(twin) = self.twins.get(&name) {
            return twin.clone();
        }
        let certain = self.certain_texts(key);
        let globs: Vec<Glob> = certain.iter().map(|text| Glob::literal(text)).collect();
        let (twin, text) = match sort {
            Sort::Text => {
                let any = vec![vec![Glob::any()]];
                let var = self.problem.text(&format!("{key} as a text"), any, false, certain);
                (Twin { var, reads: None }, var)
            }
            _ => {
                let all = everything(sort);
                let var = self.problem.interval_within(&format!("{key} as it reads"), all, false, Vec::new());
                (Twin { var, reads: Some(self.problem.flag("it can be read")) }, main)
            }
        };
        let uncertain = !Formula::matches(text, Pattern::exact(globs));
        let place = self.spellings.get(key).map(|known| known.place.as_str()).filter(|it| !it.is_empty());
        let name_of = narrows_iam::keys::spelled(key.as_str());
        let reason = match (place, sort) {
            (Some(place), Sort::Text) => {
                format!("how AWS spells {name_of} is not documented, and {place} compares it as a text")
            }
            (Some(place), _) => format!("what {place} reads the text of {name_of} as cannot be told here"),
            (None, _) => format!("how AWS spells {name_of} is not documented"),
        };
        self.undecided.push(Undecided { formula: Formula::and([Formula::present(main), uncertain]), reason });
        self.twins.insert(name, twin.clone());
        twin
    }

    /// The formula that the text of a key, read as a point, lies in one of the ranges; open where it cannot be read.
    pub(super) fn reads_within(
        &mut self,
        (text, point, reads): (Var, Var, Var),
        ranges: Vec<(Point, Point)>,
        why: String,
    ) -> Formula {
        let read = Formula::leaf(reads, Predicate::True);
        let inside = Formula::leaf(point, Predicate::Within(ranges));
        let open = self.open(why);
        let matched = Formula::or([Formula::and([read.clone(), inside]), Formula::and([!read, open])]);
        Formula::and([Formula::present(text), matched])
    }
}

/// Every point that a text may be read as.
fn everything(sort: Sort) -> Vec<(Point, Point)> {
    let all = |family, last| (Point { family, value: 0 }, Point { family, value: last });
    match sort {
        Sort::Text | Sort::List => Vec::new(),
        Sort::Number => vec![all(NUMBER, u128::MAX)],
        Sort::Instant => vec![all(INSTANT, u128::MAX)],
        Sort::Address => addresses().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_again() {
        for (sort, text) in [
            (Sort::Number, "0"),
            (Sort::Number, "-1.25"),
            (Sort::Number, "1000"),
            (Sort::Instant, "2027-01-01T00:00:00Z"),
            (Sort::Instant, "2026-12-31T23:59:59.999Z"),
            (Sort::Address, "10.1.2.3"),
            (Sort::Address, "2001:db8::7"),
        ] {
            assert_eq!(read(sort, text).map(show).as_deref(), Some(text));
        }
        let epoch = ConditionKey::new("aws:EpochTime");
        let ranges = read_as(&epoch, "1795392000").unwrap();
        assert_eq!(ranges.len(), 1);
        assert_eq!(spelled(&epoch, ranges[0].0), "1795392000");
        assert_eq!(spelled(&epoch, ranges[0].1), "1795392000");
        assert_eq!(read_as(&ConditionKey::new("aws:SourceIp"), "7"), None);
    }
}
