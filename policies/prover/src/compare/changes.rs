//! What access a change adds and removes.

use super::alike::asked;
use super::assumed::{assumptions, in_common, not_compared};
use super::callers::{Callers, Named};
use super::classes::classes;
use super::{Beyond, Difference, Kinship, Pair, Place, Side, Which, align};
use crate::access::{AccessModel, Bucket, Mrap, Subject};
use crate::question::{Route, Scope};
use std::collections::BTreeSet;

/// What a change of a deployment means for who may do what, bucket by bucket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Access that is added or removed: of each, some request is shown that was replayed on both states.
    pub found: Vec<Change>,
    /// What is not decided.
    pub unknown: Vec<Undecided>,
    /// How many buckets were compared.
    pub buckets: usize,
    /// What was taken for granted.
    pub assumptions: BTreeSet<String>,
}

/// Access that a change adds or removes.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Whether it is added; removed otherwise.
    pub added: bool,
    /// The bucket.
    pub bucket: Subject,
    /// How requests reach it.
    pub way: Way,
    /// Who asks.
    pub callers: Callers,
    /// What kind of action it is.
    pub group: Group,
    /// The actions: of each, some request of these callers is added or removed.
    pub actions: Vec<String>,
    /// One of the requests.
    pub example: Difference,
}

/// Something about a bucket that is not decided.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undecided {
    /// The bucket.
    pub bucket: Subject,
    /// Why.
    pub reason: String,
}

/// How requests reach a bucket, in either state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// At the bucket's own endpoint.
    Direct,
    /// Through this MRAP.
    Mrap(Subject),
    /// Through an access point that is not in the input.
    OtherAccessPoint,
}

/// A kind of action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Reads objects, or what belongs to them.
    DataRead,
    /// Writes objects, or what belongs to them.
    DataWrite,
    /// Deletes objects, or what belongs to them.
    DataDelete,
    /// Lists objects and uploads.
    Listing,
    /// Reads or changes the bucket itself.
    Configuration,
}

impl Group {
    /// The group of an action, by name (`s3:GetObject`).
    pub fn of(action: &str) -> Self {
        let known = narrows_iam::actions::find(action);
        let name = action.strip_prefix("s3:").unwrap_or(action);
        match known {
            Some(known) if known.is_object_action() => match known.access_level {
                "Read" | "List" => Self::DataRead,
                _ if name.contains("Delete") || name.starts_with("Abort") => Self::DataDelete,
                _ => Self::DataWrite,
            },
            Some(known) if known.is_data_action() => Self::Listing,
            _ => Self::Configuration,
        }
    }

    /// The group in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::DataRead => "data read",
            Self::DataWrite => "data write",
            Self::DataDelete => "data delete",
            Self::Listing => "listing",
            Self::Configuration => "configuration",
        }
    }
}

/// What a change of a deployment adds and removes; `after` must have been built by [`AccessModel::build_after`].
///
/// Buckets are the same if their names are, MRAPs if their ARNs are. A bucket or an MRAP that only one state has allows
/// nothing in the other.
pub fn changes(before: &AccessModel, after: &AccessModel) -> Changes {
    let in_common = in_common(before, after);
    let (before, after) = align(before, after);
    let mut changes = Changes::default();
    let names: BTreeSet<&str> =
        before.buckets.iter().chain(&after.buckets).map(|bucket| bucket.name.as_str()).collect();
    changes.buckets = names.len();
    changes.assumptions = assumptions(&before, &after, in_common);
    if let Some(reason) = known_in_one(&before, &after) {
        let all = before.buckets.iter().chain(&after.buckets);
        let undecided =
            |bucket: &Bucket| Undecided { bucket: bucket.subject.clone(), reason: reason.clone() };
        changes.unknown = all.map(undecided).collect::<BTreeSet<_>>().into_iter().collect();
        return changes;
    }
    for name in names {
        let places = [&before, &after].map(|model| model.buckets.iter().position(|it| it.name == name));
        let mut comparison = Comparison { models: [&before, &after], places, changes: &mut changes };
        comparison.run();
    }
    for (unused, why) in not_compared(&before, &after) {
        let all = before.buckets.iter().chain(&after.buckets);
        let about: Vec<&Bucket> = all.clone().filter(|it| Some(&it.name) == unused.bucket.as_ref()).collect();
        let about = if about.is_empty() { all.collect() } else { about };
        changes.unknown.extend(
            about.into_iter().map(|it| Undecided { bucket: it.subject.clone(), reason: why.clone() }),
        );
    }
    for undecided in &mut changes.unknown {
        undecided.reason = after.show(&undecided.reason);
    }
    changes.unknown.sort();
    changes.unknown.dedup();
    changes
}

/// A value that exists only after deployment and that one state knows: it is not known to be the same.
fn known_in_one(before: &AccessModel, after: &AccessModel) -> Option<String> {
    let one_knows = |one: &str, other: &str| {
        one != other && [one, other].iter().any(|text| text.chars().any(narrows_model::is_symbol))
    };
    let mraps = before.mraps.iter().filter_map(|it| {
        let of = |other: &&Mrap| other.subject.name == it.subject.name && other.account == it.account;
        let other = after.mraps.iter().find(of)?;
        one_knows(&it.arn, &other.arn).then(|| format!("the ARN of {} {}", it.subject.kind, it.subject.name))
    });
    let endpoints = before.endpoints.iter().filter_map(|it| {
        let other = after.endpoints.iter().find(|other| other.resource == it.resource)?;
        let named = [&it.subject.address, &it.subject.name].into_iter().find(|text| !text.is_empty());
        one_knows(&it.id, &other.id)
            .then(|| format!("the id of {}", named.map_or("an endpoint", String::as_str)))
    });
    let what = mraps.chain(endpoints).next()?;
    Some(format!("{what} is known in one of the two states only; compare two plans, or two configurations"))
}

/// One bucket in both states.
struct Comparison<'a, 'c> {
    models: [&'a AccessModel; 2],
    places: [Option<usize>; 2],
    changes: &'c mut Changes,
}

impl<'a> Comparison<'a, '_> {
    fn buckets(&self) -> [Option<&'a Bucket>; 2] {
        let [before, after] = self.models;
        let [first, second] = self.places;
        [first.and_then(|it| before.buckets.get(it)), second.and_then(|it| after.buckets.get(it))]
    }

    fn run(&mut self) {
        let buckets = self.buckets();
        let Some(subject) = buckets.iter().rev().flatten().next().map(|bucket| bucket.subject.clone()) else {
            return;
        };
        let arns: BTreeSet<&str> = buckets
            .iter()
            .zip(self.models)
            .flat_map(|(bucket, model)| {
                bucket.iter().flat_map(|it| &it.mraps).filter_map(|it| model.mraps.get(*it))
            })
            .map(|mrap| mrap.arn.as_str())
            .collect();
        let [before, after] = self.models;
        let mrap = |arn: &str, model: &AccessModel| model.mraps.iter().position(|it| it.arn == arn);
        let direct = (Way::Direct, [Some(Route::Direct); 2]);
        let other = (Way::OtherAccessPoint, [Some(Route::OtherAccessPoint); 2]);
        let through = arns.iter().filter_map(|arn| {
            let found = [mrap(arn, before), mrap(arn, after)];
            let named = found[1]
                .and_then(|it| after.mraps.get(it))
                .or(found[0].and_then(|it| before.mraps.get(it)))?;
            Some((Way::Mrap(named.subject.clone()), found.map(|it| it.map(Route::Mrap))))
        });
        let ways: Vec<_> = [direct].into_iter().chain(through).chain([other]).collect();
        for (way, routes) in ways {
            let place = |index: usize| {
                let bucket = (*self.places.get(index)?)?;
                let route = (*routes.get(index)?)?;
                let of = buckets.get(index).copied().flatten()?;
                let leads = match route {
                    Route::Mrap(mrap) => of.mraps.contains(&mrap),
                    _ => true,
                };
                leads.then_some(Place { bucket, route })
            };
            let sides = [Side { model: before, place: place(0) }, Side { model: after, place: place(1) }];
            for object in [true, false] {
                self.compare(sides, &way, object, &subject);
            }
        }
    }

    fn compare(&mut self, sides: [Side<'a>; 2], way: &Way, object: bool, subject: &Subject) {
        let Some(route) = sides.iter().find_map(|side| Some(side.place?.route)) else { return };
        let actions = asked(object, route);
        let undecided = |changes: &mut Changes, reason: String| {
            changes.unknown.push(Undecided { bucket: subject.clone(), reason });
        };
        let mut pair = match Pair::new(sides, Kinship::SameBucket, object, &actions) {
            Ok(Some(pair)) => pair,
            Ok(None) => return,
            Err(reason) => return undecided(self.changes, reason),
        };
        if pair.is_same() {
            return;
        }
        let everything = Scope::everything();
        let accounts: BTreeSet<String> =
            self.buckets().iter().flatten().filter_map(|it| it.account.clone()).collect();
        let named = Named::of(&sides, &accounts);
        let classes = classes(&sides, &actions);
        for (which, added) in [(Which::Second, true), (Which::First, false)] {
            let mut left = actions.to_vec();
            // One class of actions after the other, as examples of them are found.
            loop {
                let first = match pair.beyond(which, &left, &everything) {
                    Beyond::Something(first) => *first,
                    Beyond::Unknown(reason) => {
                        undecided(self.changes, reason);
                        break;
                    }
                    Beyond::NoRequest | Beyond::Nothing => break,
                };
                let class = classes.iter().find(|class| class.actions.contains(&first.allowed.action));
                let Some(class) = class else { break };
                let mut seen = BTreeSet::new();
                let mut next = Beyond::Something(Box::new(first));
                loop {
                    let found = match next {
                        Beyond::Something(found) => *found,
                        Beyond::Unknown(reason) => {
                            undecided(self.changes, reason);
                            break;
                        }
                        Beyond::NoRequest | Beyond::Nothing => break,
                    };
                    let callers = named.kind_of(&found.allowed.principal);
                    let scope = named.scope(&callers);
                    for (group, actions) in class.groups() {
                        let of_group = match actions.contains(&found.allowed.action) {
                            true => None,
                            false => Some(pair.beyond(which, &actions, &scope)),
                        };
                        let example = match of_group {
                            Some(Beyond::Something(other)) => *other,
                            _ => found.clone(),
                        };
                        let (bucket, way, callers) = (subject.clone(), way.clone(), callers.clone());
                        self.changes.found.push(Change {
                            added,
                            bucket,
                            way,
                            callers,
                            group,
                            actions,
                            example,
                        });
                    }
                    // A caller of a kind that was there before would come again and again.
                    if !seen.insert(callers) {
                        break;
                    }
                    let rest = seen.iter().map(|kind| Scope::not(named.scope(kind))).collect();
                    next = pair.beyond(which, &class.actions, &Scope::All(rest));
                }
                left.retain(|action| !class.actions.contains(action));
            }
        }
    }
}
