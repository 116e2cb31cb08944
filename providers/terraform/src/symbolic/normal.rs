//! Texts of two plans in which symbols are spelled alike.

use super::owner::{Owner, Symbol};
use super::settle::SettleError;
use super::{Finder, Piece, order};
use std::collections::BTreeMap;

/// The characters that stand for symbols: the private use plane 15, but for its last two.
const FIRST: u32 = 0xF_0000;
const LAST: u32 = 0xF_FFFB;
/// What stands for anything that cannot be told, in each plan another character, so that it is never the same.
const UNTOLD: [char; 2] = ['\u{FFFFC}', '\u{FFFFD}'];

/// The symbols of one plan, as characters.
#[derive(Debug)]
pub(super) struct Normal {
    finder: Finder,
    characters: Vec<char>,
    untold: char,
}

impl Normal {
    /// The text with each symbol as the character of its owner.
    pub(super) fn text(&self, text: &str) -> String {
        let character = |c: char| if (FIRST..=0xF_FFFF).contains(&u32::from(c)) { self.untold } else { c };
        let mut out = String::with_capacity(text.len());
        for piece in self.finder.split(text) {
            match piece {
                Piece::Between(text) => out.extend(text.chars().map(character)),
                Piece::Found(number, _) => {
                    out.push(self.characters.get(number).copied().unwrap_or(self.untold))
                }
            }
        }
        out
    }
}

/// The symbols of two plans.
#[derive(Debug)]
pub(super) struct Both {
    pub(super) first: Normal,
    pub(super) second: Normal,
    /// How the settled plan spells each.
    spelled: BTreeMap<char, String>,
    /// What the settled plan says of them.
    pub(super) told: Vec<Symbol>,
}

/// How the symbols of a settled plan are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As in the first plan, for a comparison with a further one.
    First,
    /// From what they are the value of, whichever number the engine gave it.
    Settled,
}

impl Both {
    pub(super) fn of(first: &[Symbol], second: &[Symbol], spelling: Spelling) -> Result<Self, SettleError> {
        let hidden = order::not_reversed(first, second);
        let tokens = match spelling {
            Spelling::First => order::own(first),
            Spelling::Settled => order::settled(first),
        };
        let mut characters: BTreeMap<&Owner, char> = BTreeMap::new();
        let mut both = Self {
            first: Normal { finder: Finder::default(), characters: Vec::new(), untold: UNTOLD[0] },
            second: Normal { finder: Finder::default(), characters: Vec::new(), untold: UNTOLD[1] },
            spelled: BTreeMap::new(),
            told: Vec::new(),
        };
        let mut next = FIRST;
        for symbol in first {
            let Some(token) = tokens.get(&symbol.owner).filter(|_| !hidden.contains(&symbol.owner)) else {
                continue;
            };
            let character = Some(next).filter(|number| *number <= LAST).and_then(char::from_u32);
            let character = character.ok_or(SettleError::TooMany)?;
            next += 1;
            characters.insert(&symbol.owner, character);
            both.spelled.insert(character, token.clone());
            both.told.push(Symbol {
                token: token.clone(),
                text: symbol.text.replace(symbol.token.as_str(), token),
                ..symbol.clone()
            });
        }
        for (normal, symbols) in [(&mut both.first, first), (&mut both.second, second)] {
            normal.finder = Finder::new(symbols.iter().map(|symbol| symbol.token.as_str()));
            let character = |symbol: &Symbol| characters.get(&symbol.owner).copied().unwrap_or(normal.untold);
            normal.characters = symbols.iter().map(character).collect();
        }
        Ok(both)
    }

    /// A text with its symbols as the settled plan spells them.
    pub(super) fn spell(&self, normal: &str) -> String {
        let mut out = String::with_capacity(normal.len());
        for c in normal.chars() {
            match self.spelled.get(&c) {
                Some(token) => out.push_str(token),
                None => out.push(c),
            }
        }
        out
    }
}
