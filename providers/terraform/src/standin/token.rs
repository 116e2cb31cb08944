//! How symbols are spelled: the same digits in two alphabets that share no character.

use super::Salt;
use crate::digits::Numbers;

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
    /// What follows the partition in an ARN: service, Region, account and resource.
    Arn,
    /// Nothing is known. The two alphabets differ in length, case and separators as well.
    Any,
}

/// A source of digits.
struct Digits {
    numbers: Numbers,
    salt: Salt,
}

impl Digits {
    /// So many characters of the alphabet of the salt; the second alphabet runs backwards.
    ///
    /// The first is the least of the first alphabet and the greatest of the second, so that a token sorts before most
    /// other text in one plan and after it in the other. Every other one comes next, if there is room, so that nothing
    /// can be taken out of one token that is not in all.
    fn run(&mut self, length: usize, (first, second): (&str, &str)) -> String {
        let alphabet: Vec<char> = match self.salt {
            Salt::First => first.chars().collect(),
            Salt::Second | Salt::Third => second.chars().rev().collect(),
        };
        let mut others: Vec<usize> = (1..alphabet.len()).collect();
        let mut digits = vec![0];
        while !others.is_empty() {
            let at = self.numbers.below(others.len());
            digits.push(others.swap_remove(at));
        }
        while digits.len() < length {
            digits.push(self.numbers.below(alphabet.len()));
        }
        digits.iter().take(length).filter_map(|digit| alphabet.get(*digit)).collect()
    }
}

const HEX: (&str, &str) = ("01234567", "89abcdef");
const DECIMAL: (&str, &str) = ("01234", "56789");
const LETTERS: (&str, &str) = ("abcdefghijklm", "nopqrstuvwxyz");

/// The token of a seed.
pub(super) fn write(shape: Shape, seed: u64, salt: Salt) -> String {
    let mut digits = Digits { numbers: Numbers::from_seed(seed), salt };
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
            match salt {
                Salt::First => format!("{service}:{region}:{account}:{resource}"),
                Salt::Second | Salt::Third => {
                    format!("{service}Q:{region}-Q:{account}:Q_.-/{resource}:{resource}")
                }
            }
        }
        Shape::Any => {
            let (one, two) = (digits.run(16, LETTERS), digits.run(24, LETTERS));
            match salt {
                Salt::First => format!("{one}{two}"),
                Salt::Second | Salt::Third => format!("https://{one}.Q-_@,;:/{two}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [Shape; 6] =
        [Shape::Hex(17), Shape::Uuid, Shape::Account, Shape::Letters(16), Shape::Arn, Shape::Any];

    fn both(shape: Shape, seed: u64) -> (String, String) {
        (write(shape, seed, Salt::First), write(shape, seed, Salt::Second))
    }

    #[test]
    fn the_two_salts_share_no_letter_or_digit() {
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
    fn a_token_of_known_shape_has_it_in_both_salts() {
        for (shape, length) in
            [(Shape::Hex(17), 17), (Shape::Uuid, 36), (Shape::Account, 12), (Shape::Letters(16), 16)]
        {
            let (first, second) = both(shape, 7);
            assert_eq!((first.len(), second.len()), (length, length), "{shape:?}");
        }
        for token in <[String; 2]>::from(both(Shape::Account, 7)) {
            assert!(token.parse::<narrows_model::AccountId>().is_ok(), "{token}");
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
}
