//! Texts that stand in for what a provider makes up: the same digits in two alphabets that share no character.
//!
//! The hashes and numbers that they are made of are the same in each version and on each machine.

/// FNV-1a with 64 bits, of parts that are told apart by their lengths.
#[derive(Clone, Copy, Debug)]
pub struct Hash(u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    /// The hash of these parts.
    pub fn of(parts: &[&[u8]]) -> u64 {
        let mut hash = Self::default();
        parts.iter().for_each(|part| hash.part(part));
        hash.finish()
    }

    /// Adds a part.
    pub fn part(&mut self, bytes: &[u8]) {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes();
        for byte in length.iter().chain(bytes) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// The hash of all parts so far.
    pub fn finish(self) -> u64 {
        self.0
    }
}

/// Numbers from a seed: splitmix64.
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// The numbers of a seed.
    pub fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(1).max(1);
        usize::try_from(self.draw() % bound).unwrap_or_default()
    }
}

/// Which of two alphabets, that share no character, a token is written in.
///
/// The order of two tokens is reversed as well, so that what is computed from a token (a part of it, its hash, the first of
/// several when sorted) differs between the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// Digits `0` to `7`, letters `a` to `m`.
    First,
    /// Digits `8` to `f`, letters `n` to `z`.
    Second,
}

/// What a token looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// So many hexadecimal digits.
    Hex(usize),
    /// 32 hexadecimal digits in the groups of a UUID.
    Uuid,
    /// 12 decimal digits.
    Account,
    /// So many lower case letters.
    Letters(usize),
    /// What follows the partition in an ARN: service, Region, account and resource.
    Arn,
    /// Nothing is known. The two alphabets differ in length, case and separators as well.
    Any,
}

/// A source of digits.
struct Digits {
    numbers: Numbers,
    alphabet: Alphabet,
}

impl Digits {
    /// So many characters of the alphabet; the second one runs backwards, so that the order of two tokens is reversed.
    ///
    /// The first is the least of the first alphabet and the greatest of the second, so that a token sorts before most
    /// other text with one alphabet and after it with the other. Every other one comes next, if there is room, so that nothing
    /// can be taken out of one token that is not in all.
    fn run(&mut self, length: usize, (first, second): (&str, &str)) -> String {
        let characters: Vec<char> = match self.alphabet {
            Alphabet::First => first.chars().collect(),
            Alphabet::Second => second.chars().rev().collect(),
        };
        let mut others: Vec<usize> = (1..characters.len()).collect();
        let mut digits = vec![0];
        while !others.is_empty() {
            let at = self.numbers.below(others.len());
            digits.push(others.swap_remove(at));
        }
        while digits.len() < length {
            digits.push(self.numbers.below(characters.len()));
        }
        digits.iter().take(length).filter_map(|digit| characters.get(*digit)).collect()
    }
}

const HEX: (&str, &str) = ("01234567", "89abcdef");
const DECIMAL: (&str, &str) = ("01234", "56789");
const LETTERS: (&str, &str) = ("abcdefghijklm", "nopqrstuvwxyz");

/// The token of a seed.
pub fn write(shape: Shape, seed: u64, alphabet: Alphabet) -> String {
    let mut digits = Digits { numbers: Numbers::from_seed(seed), alphabet };
    match shape {
        Shape::Hex(length) => digits.run(length, HEX),
        Shape::Uuid => {
            let mut run = digits.run(32, HEX);
            [20, 16, 12, 8].into_iter().for_each(|at| run.insert(at, '-'));
            run
        }
        Shape::Account => digits.run(12, DECIMAL),
        Shape::Letters(length) => digits.run(length, LETTERS),
        Shape::Arn => {
            let [service, region, account] = [5, 9, 12].map(|length| digits.run(length, LETTERS));
            let resource = digits.run(20, LETTERS);
            match alphabet {
                Alphabet::First => format!("{service}:{region}:{account}:{resource}"),
                Alphabet::Second => {
                    format!("{service}Q:{region}-Q:{account}:Q_.-/{resource}:{resource}")
                }
            }
        }
        Shape::Any => {
            let (one, two) = (digits.run(16, LETTERS), digits.run(24, LETTERS));
            match alphabet {
                Alphabet::First => format!("{one}{two}"),
                Alphabet::Second => format!("https://{one}.Q-_@,;:/{two}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_hash_do_not_run_together() {
        assert_ne!(Hash::of(&[b"ab", b"c"]), Hash::of(&[b"a", b"bc"]));
        assert_ne!(Hash::of(&[b"a"]), Hash::of(&[b"a", b""]));
    }

    #[test]
    fn numbers_are_those_of_the_published_generator() {
        let mut numbers = Numbers::from_seed(1_234_567);
        let first = [numbers.draw(), numbers.draw()];
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    const SHAPES: [Shape; 6] =
        [Shape::Hex(17), Shape::Uuid, Shape::Account, Shape::Letters(16), Shape::Arn, Shape::Any];

    fn both(shape: Shape, seed: u64) -> (String, String) {
        (write(shape, seed, Alphabet::First), write(shape, seed, Alphabet::Second))
    }

    #[test]
    fn the_two_alphabets_share_no_letter_or_digit() {
        for shape in SHAPES {
            for seed in 0..200 {
                let (first, second) = both(shape, seed);
                let second = second.trim_start_matches("https://");
                let shared = first.chars().find(|c| c.is_alphanumeric() && second.contains(*c));
                assert_eq!(shared, None, "{shape:?}: {first} {second}");
            }
        }
    }

    #[test]
    fn a_token_of_known_shape_has_it_in_both_alphabets() {
        for (shape, length) in
            [(Shape::Hex(17), 17), (Shape::Uuid, 36), (Shape::Account, 12), (Shape::Letters(16), 16)]
        {
            let (first, second) = both(shape, 7);
            assert_eq!((first.len(), second.len()), (length, length), "{shape:?}");
        }
        for token in <[String; 2]>::from(both(Shape::Account, 7)) {
            assert!(token.parse::<crate::AccountId>().is_ok(), "{token}");
        }
    }

    #[test]
    fn a_token_of_unknown_shape_differs_in_length_case_and_separators() {
        for shape in [Shape::Any, Shape::Arn] {
            let (first, second) = both(shape, 7);
            assert_ne!(first.len(), second.len());
            assert_eq!(first.to_lowercase(), first);
            assert_ne!(second.to_lowercase(), second);
            for separator in [':', '/', '-', '_', '.'] {
                assert_ne!(
                    first.matches(separator).count(),
                    second.matches(separator).count(),
                    "{separator}"
                );
            }
        }
    }

    #[test]
    fn a_token_has_every_character_of_its_alphabet() {
        for (shape, alphabet) in [
            (Shape::Hex(17), HEX),
            (Shape::Uuid, HEX),
            (Shape::Account, DECIMAL),
            (Shape::Letters(16), LETTERS),
            (Shape::Arn, LETTERS),
            (Shape::Any, LETTERS),
        ] {
            for seed in 0..50 {
                let (first, second) = both(shape, seed);
                assert!(alphabet.0.chars().all(|c| first.contains(c)), "{shape:?}: {first}");
                assert!(alphabet.1.chars().all(|c| second.contains(c)), "{shape:?}: {second}");
            }
        }
    }

    #[test]
    fn the_order_of_two_tokens_is_reversed() {
        for shape in SHAPES {
            for seed in 0..200 {
                let ((one_first, one_second), (two_first, two_second)) =
                    (both(shape, seed), both(shape, seed + 1000));
                assert_eq!(one_first.cmp(&two_first), two_second.cmp(&one_second), "{shape:?} {seed}");
                assert_ne!(one_first, two_first);
            }
        }
    }

    #[test]
    fn a_token_sorts_before_other_text_in_one_alphabet_and_after_it_in_the_other() {
        for (shape, others) in [
            (Shape::Hex(17), ["1", "9", "a", "e"]),
            (Shape::Account, ["1", "4", "5", "8"]),
            (Shape::Letters(16), ["b", "m", "n", "y"]),
        ] {
            for seed in 0..50 {
                let (first, second) =
                    (write(shape, seed, Alphabet::First), write(shape, seed, Alphabet::Second));
                for other in others {
                    assert!(first.as_str() < other && other < second.as_str(), "{first} {other} {second}");
                }
            }
        }
    }
}
