//! Numbers for things that repeat: a small hash index, and lists of numbers stored once.

/// A hash table from things the caller stores to their numbers.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// (hash, number + 1); 0 is free. The length is a power of two.
    slots: Vec<(u32, u32)>,
    used: usize,
}

impl Index {
    /// A hash of some words, the same on every run.
    pub(super) fn hash(words: impl Iterator<Item = u32>) -> u32 {
        const SEED: u64 = 0x517c_c1b7_2722_0a95;
        let mixed = words.fold(SEED, |hash, word| (hash.rotate_left(5) ^ u64::from(word)).wrapping_mul(SEED));
        (mixed >> 32) as u32
    }

    /// The number of the thing with this hash for which `same` holds; `number` is stored if there is none.
    pub(super) fn find_or_insert(
        &mut self,
        hash: u32,
        number: u32,
        same: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        match self.probe(hash, same) {
            Ok(found) => Some(found),
            Err(free) => {
                if let Some(slot) = self.slots.get_mut(free) {
                    *slot = (hash, number + 1);
                }
                self.used += 1;
                None
            }
        }
    }

    /// The number of the thing with this hash for which `same` holds.
    pub(super) fn find(&self, hash: u32, same: impl Fn(u32) -> bool) -> Option<u32> {
        if self.slots.is_empty() { None } else { self.probe(hash, same).ok() }
    }

    fn probe(&self, hash: u32, same: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.slots.get(at) {
                Some(&(_, 0)) | None => return Err(at),
                Some(&(other, number)) if other == hash && same(number - 1) => return Ok(number - 1),
                Some(_) => at = (at + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 4).max(64);
        let old = std::mem::replace(&mut self.slots, vec![(0, 0); size]);
        for (hash, number) in old.into_iter().filter(|&(_, number)| number != 0) {
            if let Err(free) = self.probe(hash, |_| false)
                && let Some(slot) = self.slots.get_mut(free)
            {
                *slot = (hash, number);
            }
        }
    }
}

/// Lists of numbers, each stored once and numbered from 0 in the order they came.
#[derive(Debug, Default)]
pub(super) struct Lists {
    data: Vec<u32>,
    /// Where each list ends in `data`.
    ends: Vec<u32>,
    index: Index,
}

impl Lists {
    /// The number of `list`, and whether it is new.
    pub(super) fn intern(&mut self, list: &[u32]) -> (u32, bool) {
        let hash = Index::hash(list.iter().copied());
        let number = self.ends.len() as u32;
        let (data, ends) = (&self.data, &self.ends);
        if let Some(found) = self.index.find_or_insert(hash, number, |other| get(data, ends, other) == list) {
            return (found, false);
        }
        self.data.extend_from_slice(list);
        self.ends.push(self.data.len() as u32);
        (number, true)
    }

    /// The number of `list`, if it is there.
    pub(super) fn find(&self, list: &[u32]) -> Option<u32> {
        self.index.find(Index::hash(list.iter().copied()), |other| self.get(other) == list)
    }

    /// The list of a number.
    pub(super) fn get(&self, number: u32) -> &[u32] {
        get(&self.data, &self.ends, number)
    }

    /// How many lists there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

fn get<'a>(data: &'a [u32], ends: &[u32], number: u32) -> &'a [u32] {
    let at = number as usize;
    let from = at.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let to = ends.get(at).copied().unwrap_or(from);
    data.get(from as usize..to as usize).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_number() {
        let mut lists = Lists::default();
        for round in 0..2 {
            for n in 0..1000u32 {
                assert_eq!(lists.intern(&[n, n / 2, 7]), (n, round == 0));
            }
        }
        assert_eq!(lists.get(10), [10, 5, 7]);
        assert_eq!(lists.find(&[11, 5, 7]), Some(11));
        assert_eq!(lists.find(&[11]), None);
        assert_eq!(lists.intern(&[]), (1000, true));
        assert_eq!(lists.get(1000), &[] as &[u32]);
        assert_eq!(lists.len(), 1001);
    }
}
