//! How symbols are spelled: the same digits in two alphabets that share no character.

use super::Salt;

/// What a token looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// So many hexadecimal digits.
    Hex(usize),
    /// 32 hexadecimal digits in the groups of a UUID.
    Uuid,
    /// 12 decimal digits.
    Account,
    /// So many lower case letters.
    Letters(usize),
    /// Nothing is known: the two differ in length, case and separators as well.
    Any,
}

/// FNV-1a with 64 bits, of parts that are told apart by their lengths.
pub(super) fn hash(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes();
        for byte in length.iter().chain(*part) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// A source of digits: splitmix64.
struct Digits {
    state: u64,
    salt: Salt,
}

impl Digits {
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let bound = u64::try_from(bound).unwrap_or(1).max(1);
        usize::try_from(mixed % bound).unwrap_or_default()
    }

    /// So many characters of the alphabet of the salt; the second alphabet runs backwards, so that the order of two tokens is
    /// reversed.
    ///
    /// The first is the least of the first alphabet and the greatest of the second, so that a token sorts before most
    /// other text in one preview and after it in the other. Every other one comes next, if there is room, so that nothing
    /// can be taken out of one token that is not in all.
    fn run(&mut self, length: usize, (first, second): (&str, &str)) -> String {
        let alphabet: Vec<char> = match self.salt {
            Salt::First => first.chars().collect(),
            Salt::Second => second.chars().rev().collect(),
        };
        let mut others: Vec<usize> = (1..alphabet.len()).collect();
        let mut digits = vec![0];
        while !others.is_empty() {
            let at = self.below(others.len());
            digits.push(others.swap_remove(at));
        }
        while digits.len() < length {
            digits.push(self.below(alphabet.len()));
        }
        digits.iter().take(length).filter_map(|digit| alphabet.get(*digit)).collect()
    }
}

const HEX: (&str, &str) = ("01234567", "89abcdef");
const DECIMAL: (&str, &str) = ("01234", "56789");
const LETTERS: (&str, &str) = ("abcdefghijklm", "nopqrstuvwxyz");

/// The token of a seed.
pub(super) fn write(shape: Shape, seed: u64, salt: Salt) -> String {
    let mut digits = Digits { state: seed, salt };
    match shape {
        Shape::Hex(length) => digits.run(length, HEX),
        Shape::Uuid => {
            let mut run = digits.run(32, HEX);
            [20, 16, 12, 8].into_iter().for_each(|at| run.insert(at, '-'));
            run
        }
        Shape::Account => digits.run(12, DECIMAL),
        Shape::Letters(length) => digits.run(length, LETTERS),
        Shape::Any => {
            let (one, two) = (digits.run(16, LETTERS), digits.run(24, LETTERS));
            match salt {
                Salt::First => format!("{one}{two}"),
                Salt::Second => format!("https://{one}.Q-_@,;:/{two}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [Shape; 5] = [Shape::Hex(17), Shape::Uuid, Shape::Account, Shape::Letters(16), Shape::Any];

    #[test]
    fn the_two_salts_share_no_letter_or_digit_and_reverse_the_order() {
        for shape in SHAPES {
            for seed in 0..200 {
                let both = |seed| (write(shape, seed, Salt::First), write(shape, seed, Salt::Second));
                let ((first, second), (other_first, other_second)) = (both(seed), both(seed + 1000));
                let bare = second.trim_start_matches("https://");
                assert!(!first.chars().any(|c| c.is_alphanumeric() && bare.contains(c)), "{first} {second}");
                assert_eq!(first.cmp(&other_first), other_second.cmp(&second), "{shape:?} {seed}");
                assert_ne!(first, other_first);
                assert_eq!(first.len() == second.len(), shape != Shape::Any, "{first} {second}");
            }
        }
    }

    #[test]
    fn a_token_sorts_before_other_text_in_one_preview_and_after_it_in_the_other() {
        for (shape, others) in [
            (Shape::Hex(17), ["1", "9", "a", "e"]),
            (Shape::Account, ["1", "4", "5", "8"]),
            (Shape::Letters(16), ["b", "m", "n", "y"]),
        ] {
            for seed in 0..50 {
                let (first, second) = (write(shape, seed, Salt::First), write(shape, seed, Salt::Second));
                for other in others {
                    assert!(first.as_str() < other && other < second.as_str(), "{first} {other} {second}");
                }
            }
        }
    }

    #[test]
    fn a_token_has_every_character_of_its_alphabet() {
        for (shape, (first, second)) in
            [(Shape::Hex(17), HEX), (Shape::Account, DECIMAL), (Shape::Letters(16), LETTERS)]
        {
            for seed in 0..50 {
                let has =
                    |salt, alphabet: &str| alphabet.chars().all(|c| write(shape, seed, salt).contains(c));
                assert!(has(Salt::First, first) && has(Salt::Second, second), "{shape:?}");
            }
        }
    }

    #[test]
    fn parts_of_a_hash_do_not_run_together() {
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
        assert_ne!(hash(&[b"a"]), hash(&[b"a", b""]));
    }
}
