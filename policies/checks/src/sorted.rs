//! Records in order, however many there are: what passes a bound is written out in sorted runs, which are merged when read.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::io;

/// Room outside of memory: bytes that are added at its end and read back anywhere.
pub trait Store {
    /// Adds bytes, and says where they begin: right after those that were added before.
    ///
    /// # Errors
    /// Those of the system.
    fn append(&self, bytes: &[u8]) -> io::Result<u64>;

    /// Reads bytes from a place on until the buffer is full.
    ///
    /// # Errors
    /// Those of the system, and where fewer were added.
    fn read(&self, at: u64, into: &mut [u8]) -> io::Result<()>;
}

/// Something that is sorted.
pub(crate) trait Record: Clone + Serialize + DeserializeOwned {
    /// Which of two comes first; of equals, the one that was added first.
    fn order(&self, other: &Self) -> Ordering;

    /// About how many bytes of memory it takes.
    fn weight(&self) -> usize;
}

/// How much is held in memory before it is written out, in bytes. Tests write out most of what they have.
pub(crate) const MOST: usize = if cfg!(test) { 1_000 } else { 2 << 20 };

/// How many runs there are before they become one.
const MOST_RUNS: usize = 64;

/// How much of a run is read at once.
const BLOCK: usize = 16 << 10;

/// Records that are read in their order.
pub(crate) struct Sorted<'s, T> {
    held: Vec<T>,
    weight: usize,
    runs: Vec<Run>,
    /// Where there is none, all are held.
    store: Option<&'s dyn Store>,
}

/// Sorted records as lines of JSON.
#[derive(Clone, Copy)]
struct Run {
    from: u64,
    to: u64,
}

impl<'s, T: Record> Sorted<'s, T> {
    /// None yet.
    pub fn new(store: Option<&'s dyn Store>) -> Self {
        Self { held: Vec::new(), weight: 0, runs: Vec::new(), store }
    }

    /// About how many bytes are held in memory.
    #[cfg(test)]
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// Adds one.
    pub fn add(&mut self, record: T) -> io::Result<()> {
        let weight = record.weight();
        if let Some(store) = self.store.filter(|_| self.weight + weight > MOST) {
            self.write_out(store)?;
        }
        self.weight += weight;
        self.held.push(record);
        Ok(())
    }

    fn write_out(&mut self, store: &dyn Store) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        self.held.sort_by(T::order);
        let run = written(store, self.held.iter().map(|it| Ok(Cow::Borrowed(it))))?;
        // The room is given back too.
        self.held = Vec::new();
        self.weight = 0;
        self.runs.push(run);
        if self.runs.len() >= MOST_RUNS {
            let all = written(store, self.in_order()?)?;
            self.runs = vec![all];
        }
        Ok(())
    }

    /// No more are added.
    pub fn finish(mut self) -> Finished<'s, T> {
        self.held.sort_by(T::order);
        Finished(self)
    }

    /// All of them, if those that are held are sorted.
    fn in_order(&self) -> io::Result<InOrder<'_, T>> {
        let mut lists = Vec::with_capacity(self.runs.len() + 1);
        if let Some(store) = self.store {
            let runs =
                self.runs.iter().map(|run| List::Run(Lines { store, run: *run, read: Vec::new(), at: 0 }));
            lists.extend(runs);
        }
        lists.push(List::Held(self.held.iter()));
        let mut all = InOrder { lists, heads: BinaryHeap::new() };
        for list in 0..all.lists.len() {
            all.advance(list)?;
        }
        Ok(all)
    }
}

/// Records that can be read, as often as is wished.
pub(crate) struct Finished<'s, T>(Sorted<'s, T>);

impl<T: Record> Finished<'_, T> {
    pub fn iter(&self) -> Records<'_, T> {
        match self.0.in_order() {
            Ok(all) => Box::new(all),
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    }
}

/// Records in their order.
pub(crate) type Records<'a, T> = Box<dyn Iterator<Item = io::Result<Cow<'a, T>>> + 'a>;

/// Writes records as one run.
fn written<'a, T: Record + 'a>(
    store: &dyn Store,
    records: impl Iterator<Item = io::Result<Cow<'a, T>>>,
) -> io::Result<Run> {
    let mut bytes = Vec::with_capacity(BLOCK * 2);
    let mut run: Option<Run> = None;
    let mut flush = |bytes: &mut Vec<u8>| -> io::Result<Run> {
        let from = store.append(bytes)?;
        let to = from + bytes.len() as u64;
        bytes.clear();
        let whole = Run { from: run.map_or(from, |run| run.from), to };
        run = Some(whole);
        Ok(whole)
    };
    for record in records {
        // No line break is in it: JSON escapes them in texts.
        serde_json::to_writer(&mut bytes, record?.as_ref())?;
        bytes.push(b'\n');
        if bytes.len() >= BLOCK {
            flush(&mut bytes)?;
        }
    }
    flush(&mut bytes)
}

/// The lines of a run, read block by block.
struct Lines<'a> {
    store: &'a dyn Store,
    /// What is still to be read.
    run: Run,
    read: Vec<u8>,
    /// Where the next line begins in what was read.
    at: usize,
}

impl Lines<'_> {
    fn next(&mut self) -> io::Result<Option<&[u8]>> {
        loop {
            let rest = self.read.get(self.at..).unwrap_or_default();
            if let Some(length) = rest.iter().position(|byte| *byte == b'\n') {
                let from = self.at;
                self.at += length + 1;
                return Ok(self.read.get(from..from + length));
            }
            let left = usize::try_from(self.run.to - self.run.from).unwrap_or(usize::MAX).min(BLOCK);
            if left == 0 {
                return Ok(None);
            }
            self.read.drain(..self.at);
            self.at = 0;
            let known = self.read.len();
            self.read.resize(known + left, 0);
            self.store.read(self.run.from, self.read.get_mut(known..).unwrap_or_default())?;
            self.run.from += left as u64;
        }
    }
}

/// Sorted records, in memory or outside.
enum List<'a, T> {
    Held(std::slice::Iter<'a, T>),
    Run(Lines<'a>),
}

/// The first record of a list that was not read yet.
struct Head<'a, T: Clone> {
    record: Cow<'a, T>,
    /// Lists are in the order in which their records were added.
    list: usize,
}

/// All lists as one.
struct InOrder<'a, T: Record> {
    lists: Vec<List<'a, T>>,
    heads: BinaryHeap<Head<'a, T>>,
}

impl<T: Record> InOrder<'_, T> {
    fn advance(&mut self, list: usize) -> io::Result<()> {
        let record = match self.lists.get_mut(list) {
            Some(List::Held(records)) => records.next().map(Cow::Borrowed),
            Some(List::Run(lines)) => lines.next()?.map(serde_json::from_slice).transpose()?.map(Cow::Owned),
            None => None,
        };
        self.heads.extend(record.map(|record| Head { record, list }));
        Ok(())
    }
}

impl<'a, T: Record> Iterator for InOrder<'a, T> {
    type Item = io::Result<Cow<'a, T>>;

    fn next(&mut self) -> Option<Self::Item> {
        let Head { record, list } = self.heads.pop()?;
        if let Err(error) = self.advance(list) {
            self.heads.clear();
            return Some(Err(error));
        }
        Some(Ok(record))
    }
}

impl<T: Record> Ord for Head<'_, T> {
    /// A heap gives the greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.record.order(&self.record).then(other.list.cmp(&self.list))
    }
}

impl<T: Record> PartialOrd for Head<'_, T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Record> PartialEq for Head<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T: Record> Eq for Head<'_, T> {}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::cell::RefCell;

    /// Room outside of memory, in memory.
    #[derive(Default)]
    pub(crate) struct Bytes(pub RefCell<Vec<u8>>);

    impl Store for Bytes {
        fn append(&self, bytes: &[u8]) -> io::Result<u64> {
            let mut all = self.0.borrow_mut();
            let from = all.len() as u64;
            all.extend(bytes);
            Ok(from)
        }

        fn read(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
            let (from, length) = (usize::try_from(at).unwrap(), into.len());
            let all = self.0.borrow();
            into.copy_from_slice(all.get(from..from + length).ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        }
    }

    impl Record for (u32, String) {
        fn order(&self, other: &Self) -> Ordering {
            self.0.cmp(&other.0)
        }

        fn weight(&self) -> usize {
            self.1.len()
        }
    }

    fn records(count: u32) -> impl Iterator<Item = (u32, String)> {
        // A text that says when it was added, with a line break in it.
        (0..count)
            .map(|number| (number.wrapping_mul(2_654_435_761) % 97, format!("{number}\n{}", "x".repeat(90))))
    }

    #[test]
    fn what_is_written_out_comes_back_in_its_place() {
        // Among them as many as are written out once, and as make runs become one.
        for count in [0, 1, 9, 10, 11, 700, 5_000] {
            let store = Bytes::default();
            let mut sorted = Sorted::new(Some(&store));
            let mut expected: Vec<_> = records(count).collect();
            for record in records(count) {
                sorted.add(record).unwrap();
                assert!(sorted.weight() <= 1_000 && sorted.held.len() <= 10, "{} held", sorted.weight());
            }
            assert!(sorted.runs.len() < MOST_RUNS);
            assert_eq!(store.0.borrow().is_empty(), count <= 10, "{count}");
            expected.sort_by_key(|(number, _)| *number);
            let finished = sorted.finish();
            for _ in 0..2 {
                let found: Vec<_> = finished.iter().map(|it| it.unwrap().into_owned()).collect();
                assert!(found == expected, "{count}: {found:?}");
            }
        }
    }

    #[test]
    fn without_room_elsewhere_all_are_held() {
        let mut sorted = Sorted::new(None);
        for record in records(100) {
            sorted.add(record).unwrap();
        }
        assert_eq!(sorted.finish().iter().filter_map(Result::ok).count(), 100);
    }

    #[test]
    fn what_cannot_be_written_or_read_is_an_error() {
        struct Refusing;
        impl Store for Refusing {
            fn append(&self, _: &[u8]) -> io::Result<u64> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn read(&self, _: u64, _: &mut [u8]) -> io::Result<()> {
                Err(io::ErrorKind::UnexpectedEof.into())
            }
        }
        let mut sorted = Sorted::new(Some(&Refusing));
        sorted.add((1, "a".repeat(MOST))).unwrap();
        let error = sorted.add((1, "b".to_owned())).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);

        let store = Bytes::default();
        let mut sorted = Sorted::new(Some(&store));
        for record in records(30) {
            sorted.add(record).unwrap();
        }
        let finished = sorted.finish();
        store.0.borrow_mut().truncate(10);
        assert!(finished.iter().any(|it| it.is_err()));
    }
}
