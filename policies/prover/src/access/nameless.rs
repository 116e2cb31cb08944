//! Buckets that differ in names only: what is proved with symbols in the place of names holds for every name.
//!
//! The prover takes a symbol for any value of its shape. So a proof about a model in which some names are symbols is a proof
//! about each model that comes of it when the symbols are replaced by names, whichever texts the symbols were put for.

use super::{AccessModel, Bucket, BucketAcl, Cache, Mrap, Policy, Subject};
use narrows_iam::Names;
use narrows_model::{Attribute, Kind, ResourceId, Shape, Symbol, Symbols, is_symbol};
use std::collections::BTreeSet;
use std::io::Write;

/// More buckets, or MRAPs, than this are not looked at together.
const MOST: usize = 8;

/// Symbols that can stand for names, and the symbols of the model.
#[derive(Debug)]
pub(super) struct Base {
    symbols: Symbols,
    buckets: Vec<Pair>,
    mraps: Vec<Pair>,
    /// The buckets that others replicate to, which their keys are asked for.
    destinations: BTreeSet<usize>,
    /// Whether the names of all buckets of the MRAPs in the input are known, or are their own.
    is_named: bool,
}

/// Symbols for one name: of a name that is known, and of one that nobody knows before a resource of the input exists.
#[derive(Clone, Copy, Debug)]
struct Pair {
    known: Symbol,
    made: Symbol,
}

impl Base {
    fn of(model: &AccessModel) -> Self {
        let mut symbols = model.symbols.clone();
        let mut pairs = |kind: &Kind, attribute: Attribute, shape: Shape| {
            let one = |number: usize| {
                let name = format!("nameless {number}");
                let owner = ResourceId::new(kind.clone(), name.as_str()).attribute(attribute.clone());
                Pair {
                    known: symbols.nameless(&format!("{kind} {name}"), shape, None),
                    made: symbols.nameless(&format!("{kind} {name}"), shape, Some(owner)),
                }
            };
            (0..MOST).map(one).collect()
        };
        let buckets = pairs(&Kind::Bucket, Attribute::Id, Shape::BUCKET_NAME);
        let mraps = pairs(&Kind::MultiRegionAccessPoint, Attribute::Alias, Shape::MRAP_ALIAS_STEM);
        let replications = model.buckets.iter().filter_map(|bucket| bucket.replication.as_ref());
        let destinations = replications
            .flat_map(|it| it.destinations.iter().copied().chain(it.keys.iter().map(|(to, _)| *to)))
            .collect();
        let is_named = model
            .buckets
            .iter()
            .all(|bucket| bucket.mraps.is_empty() || bucket.name_is_known || !model.has_unknown_name(bucket));
        Self { symbols, buckets, mraps, destinations, is_named }
    }

    /// The symbol for a name; `None` where the name does not look as one does.
    fn symbol(&self, pair: Pair, name: &str) -> Option<Symbol> {
        let shape = self.symbols.shape(pair.known)?;
        let mut chars = name.chars();
        match (chars.next(), chars.next()) {
            (Some(symbol), None) if is_symbol(symbol) => {
                let same = self.symbols.shape(symbol) == Some(shape) && self.symbols.owner(symbol).is_some();
                same.then_some(pair.made)
            }
            _ => fits(shape, name).then_some(pair.known),
        }
    }
}

/// Whether a text is of a shape.
fn fits(shape: Shape, text: &str) -> bool {
    let Shape::Word { first, rest, min, max } = shape else { return true };
    let within =
        |ranges: &[(char, char)], c: char| ranges.iter().any(|(low, high)| (*low..=*high).contains(&c));
    let mut chars = text.chars();
    let begins = chars.next().is_some_and(|c| within(first, c));
    begins && chars.all(|c| within(rest, c)) && (min..=max).contains(&text.chars().count())
}

/// Some buckets and their MRAPs, and the symbols for their names.
#[derive(Clone, Debug)]
pub struct Nameless {
    buckets: Vec<usize>,
    mraps: Vec<usize>,
    names: Names,
    is_named: bool,
}

impl Nameless {
    /// Some buckets of a model; `None` where they have more in their names, or about them, than symbols can stand for.
    pub fn of(model: &AccessModel, buckets: &[usize]) -> Option<Self> {
        let base = model.cache.nameless(|| Base::of(model));
        let mut names = Vec::new();
        let mut mraps: Vec<usize> = Vec::new();
        for (index, pair) in buckets.iter().zip(&base.buckets) {
            let bucket = model.buckets.get(*index)?;
            // A replication and a key tie a bucket to more than its MRAPs.
            let is_tied = bucket.replication.is_some() || bucket.encryption.is_some();
            if is_tied || base.destinations.contains(index) {
                return None;
            }
            names.push((bucket.name.clone(), base.symbol(*pair, &bucket.name)?));
            mraps.extend(
                bucket.mraps.iter().filter(|mrap| !mraps.contains(mrap)).copied().collect::<Vec<_>>(),
            );
        }
        if buckets.len() > MOST || mraps.len() > MOST {
            return None;
        }
        for (index, pair) in mraps.iter().zip(&base.mraps) {
            let stem = stem(&model.mraps.get(*index)?.arn)?;
            names.push((stem.to_owned(), base.symbol(*pair, stem)?));
        }
        let is_named = base.is_named;
        Some(Self { buckets: buckets.to_vec(), mraps, names: Names::new(names), is_named })
    }

    /// Whether the model without names lets no request through that the whole model does not.
    ///
    /// Else it allows more, from which a proof that none is allowed follows, and none that there is one.
    pub fn is_exact(&self) -> bool {
        self.is_named
    }

    /// A text with symbols in the place of the names.
    pub fn text(&self, text: &str) -> String {
        self.names.replace_in(text)
    }

    /// The place of a bucket in the model without names.
    pub fn bucket(&self, index: usize) -> Option<usize> {
        self.buckets.iter().position(|bucket| *bucket == index)
    }

    /// The place of an MRAP in the model without names.
    pub fn mrap(&self, index: usize) -> Option<usize> {
        self.mraps.iter().position(|mrap| *mrap == index)
    }

    /// Bytes that buckets share only if they, and their MRAPs, differ in names only; `None` where a policy is not known.
    pub fn key(&self, model: &AccessModel) -> Option<Vec<u8>> {
        let mut key = Vec::new();
        for index in &self.buckets {
            let bucket = model.buckets.get(*index)?;
            let own: Vec<Option<usize>> = bucket.mraps.iter().map(|mrap| self.mrap(*mrap)).collect();
            let Bucket { account, account_assumed, ownership, acl, public_access_block, region, .. } = bucket;
            let acl = match acl {
                BucketAcl::Grants(grants) => format!("{grants:?}"),
                other => format!("{other:?}"),
            };
            let _ = write!(
                key,
                "\nbucket {} {account:?} {account_assumed} {ownership:?} {acl} {public_access_block:?} {region:?} {own:?}",
                self.text(&bucket.arn)
            );
            self.write(&bucket.policy, &mut key)?;
        }
        for index in &self.mraps {
            let mrap = model.mraps.get(*index)?;
            let _ = write!(key, "\nmrap {} {:?} {}", self.text(&mrap.arn), mrap.account, mrap.in_input);
            self.write(&mrap.policy, &mut key)?;
        }
        Some(key)
    }

    fn write(&self, policy: &Policy, key: &mut Vec<u8>) -> Option<()> {
        match policy {
            Policy::None => key.extend(b" none"),
            Policy::Document { document, .. } => {
                key.extend(b" document ");
                document.write_key(&self.names, key);
            }
            Policy::Unknown { .. } | Policy::Several { .. } => return None,
        }
        Some(())
    }

    /// The model of the buckets alone, in their order, with symbols in the place of names.
    ///
    /// All else is as in the whole model, so that it allows no less; the MRAPs of the buckets come first.
    pub fn model(&self, model: &AccessModel) -> Option<AccessModel> {
        let base = model.cache.nameless(|| Base::of(model));
        let policy = |policy: &Policy| match policy {
            Policy::Document { name, document } => {
                Policy::Document { name: name.clone(), document: document.without_names(&self.names) }
            }
            other => other.clone(),
        };
        let subject = |subject: &Subject, name: &str| Subject {
            kind: subject.kind.clone(),
            name: base.symbols.show(name),
            address: String::new(),
        };
        let mut buckets = Vec::new();
        for index in &self.buckets {
            let bucket = model.buckets.get(*index)?;
            let name = self.text(&bucket.name);
            buckets.push(Bucket {
                subject: subject(&bucket.subject, &name),
                arn: self.text(&bucket.arn),
                name,
                policy: policy(&bucket.policy),
                mraps: bucket.mraps.iter().filter_map(|mrap| self.mrap(*mrap)).collect(),
                name_is_known: self.is_named,
                ..bucket.clone()
            });
        }
        let mut mraps = Vec::new();
        for index in &self.mraps {
            let mrap = model.mraps.get(*index)?;
            let arn = self.text(&mrap.arn);
            let subject = subject(&mrap.subject, &arn);
            mraps.push(Mrap { subject, arn, policy: policy(&mrap.policy), ..mrap.clone() });
        }
        let others = model.mraps.iter().enumerate().filter(|(index, _)| !self.mraps.contains(index));
        mraps.extend(others.map(|(_, mrap)| mrap.clone()));
        Some(AccessModel {
            symbols: base.symbols.clone(),
            partition: model.partition,
            buckets,
            mraps,
            endpoints: model.endpoints.clone(),
            identities: model.identities.clone(),
            controls: model.controls.clone(),
            keys: model.keys.clone(),
            remarks: model.remarks.clone(),
            unused: Vec::new(),
            findings: Vec::new(),
            as_of: model.as_of,
            cache: Cache::default(),
        })
    }
}

/// What an MRAP's alias begins with, before `.mrap`.
fn stem(arn: &str) -> Option<&str> {
    arn.split_once(":accesspoint/")?.1.strip_suffix(".mrap")
}
