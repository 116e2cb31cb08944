//! Patterns with their variables filled in, and what they match.

use super::facts::{Facts, Filling};
use super::text::{Bounds, Case, Glyph, matches};
use crate::{Pattern, Token, Truth};
use narrows_model::{Shape, is_symbol};

/// How a pattern is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// `StringEquals`: no wildcards.
    Literal,
    /// `StringEqualsIgnoreCase`.
    LiteralInAnyCase,
    /// `StringLike`.
    Glob,
    /// An action: a glob in any case.
    Action,
    /// ARN operators.
    Arn,
    /// `Resource` and `NotResource`.
    Resource,
}

/// Whether a pattern matches, on one reading of its variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Is(Truth),
    /// A variable's key is absent.
    Void,
}

/// One element of a pattern whose variables are filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Char(char),
    One,
    Many,
    /// `*` or `?` in a variable's value, where wildcards have a meaning: open whether it is one.
    MaybeWild(char),
    Anything,
}

/// More readings than this are taken as one open one.
const MOST_READINGS: usize = 16;

/// Whether a text matches a pattern, once for each reading of its variables.
pub(super) fn readings(pattern: &Pattern, text: &str, rule: Rule, facts: &Facts<'_>) -> Vec<Reading> {
    let Some(filled) = fill(pattern.tokens(), rule, facts) else {
        return vec![Reading::Is(Truth::Maybe), Reading::Void];
    };
    let case = match rule {
        Rule::Action | Rule::LiteralInAnyCase => Case::Folded,
        _ => Case::Matters,
    };
    let one = |pieces: &Option<Vec<Piece>>| match pieces {
        None => Reading::Void,
        Some(pieces) => Reading::Is(matches(&bounds(pieces, rule, facts), text, case, facts.symbols)),
    };
    filled.iter().map(one).collect()
}

/// The pattern with its variables filled in, once for each reading; `None` stands for a void one.
fn fill(tokens: &[Token], rule: Rule, facts: &Facts<'_>) -> Option<Vec<Option<Vec<Piece>>>> {
    let wildcards = !matches!(rule, Rule::Literal | Rule::LiteralInAnyCase);
    let mut all: Vec<Option<Vec<Piece>>> = vec![Some(Vec::with_capacity(tokens.len()))];
    for token in tokens {
        let plain = match token {
            Token::Char(c) => Ok(Piece::Char(*c)),
            Token::One => Ok(Piece::One),
            Token::Many => Ok(Piece::Many),
            Token::Variable(variable) => Err(variable),
        };
        let variable = match plain {
            Ok(piece) => {
                all.iter_mut().flatten().for_each(|sofar| sofar.push(piece));
                continue;
            }
            Err(variable) => variable,
        };
        let piece =
            |c| if wildcards && matches!(c, '*' | '?') { Piece::MaybeWild(c) } else { Piece::Char(c) };
        let filled = |filling| match filling {
            Filling::Nothing => None,
            Filling::Open => Some(vec![Piece::Anything]),
            Filling::Text(text) => Some(text.chars().map(piece).collect()),
        };
        let pieces: Vec<Option<Vec<Piece>>> = facts.fillings(variable).into_iter().map(filled).collect();
        if let [Some(pieces)] = pieces.as_slice() {
            all.iter_mut().flatten().for_each(|sofar| sofar.extend(pieces));
            continue;
        }
        let longer = |sofar: &Option<Vec<Piece>>, next: &Option<Vec<Piece>>| {
            sofar.as_ref().zip(next.as_ref()).map(|(sofar, next)| [sofar.as_slice(), next].concat())
        };
        all = all.iter().flat_map(|sofar| pieces.iter().map(move |next| longer(sofar, next))).collect();
        if all.len() > MOST_READINGS {
            return None;
        }
    }
    Some(all)
}

fn bounds(pieces: &[Piece], rule: Rule, facts: &Facts<'_>) -> Bounds {
    let all =
        |lenient: bool| -> Vec<Glyph> { pieces.iter().map(|piece| glyph(*piece, true, lenient)).collect() };
    match rule {
        Rule::LiteralInAnyCase => {
            // How AWS folds letters outside ASCII is not documented: any text may stand for one.
            let loosen = |glyph| match glyph {
                Glyph::Char(c) if !c.is_ascii() && !is_symbol(c) && c.is_alphabetic() => {
                    Glyph::Many { colon: true }
                }
                other => other,
            };
            Bounds { lo: Some(all(false)), hi: vec![all(true).into_iter().map(loosen).collect()] }
        }
        Rule::Literal | Rule::Glob | Rule::Action => Bounds { lo: Some(all(false)), hi: vec![all(true)] },
        Rule::Arn | Rule::Resource if pieces == [Piece::Many] => {
            Bounds { lo: Some(all(false)), hi: vec![all(true)] }
        }
        Rule::Arn | Rule::Resource => {
            let colons = pieces.iter().filter(|piece| **piece == Piece::Char(':')).count();
            if colons < 5 {
                return short(pieces, facts);
            }
            let unknown = pieces.contains(&Piece::Anything);
            let hi = if unknown { all(true) } else { in_fields(pieces, rule == Rule::Resource, true) };
            Bounds { lo: Some(in_fields(pieces, false, false)), hi: vec![hi] }
        }
    }
}

/// An ARN of fewer than six fields: matches nothing, or what it matches as text, or what it matches once completed.
fn short(pieces: &[Piece], facts: &Facts<'_>) -> Bounds {
    let plain = |lenient| -> Vec<Glyph> { pieces.iter().map(|piece| glyph(*piece, true, lenient)).collect() };
    let mut completed = plain(true);
    completed.extend([Glyph::Char(':'), Glyph::Many { colon: true }]);
    let hi = vec![plain(true), completed];
    // A value that is wholly unknown may have all its fields, and then equals itself.
    let any = |piece: &Piece| match piece {
        Piece::Char(c) if is_symbol(*c) => !matches!(facts.symbols.shape(*c), Some(Shape::Word { .. })),
        _ => false,
    };
    let literal = pieces.iter().all(|piece| matches!(piece, Piece::Char(_)));
    let lo = (literal && pieces.iter().any(any)).then(|| plain(false));
    Bounds { lo, hi }
}

/// Wildcards stay in their field up to the fifth colon; `runs_on` lets a `*` at a field's end go past its colon.
fn in_fields(pieces: &[Piece], runs_on: bool, lenient: bool) -> Vec<Glyph> {
    let mut colons = 0;
    let mut glyphs = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.iter().enumerate() {
        if *piece == Piece::Char(':') {
            colons += 1;
        }
        let last_of_field = pieces.get(index + 1) == Some(&Piece::Char(':'));
        let colon = colons >= 5 || (runs_on && last_of_field && *piece == Piece::Many);
        glyphs.push(glyph(*piece, colon, lenient));
    }
    glyphs
}

fn glyph(piece: Piece, colon: bool, lenient: bool) -> Glyph {
    match piece {
        Piece::Char(c) => Glyph::Char(c),
        Piece::One => Glyph::One { colon },
        Piece::Many => Glyph::Many { colon },
        Piece::MaybeWild('*') if lenient => Glyph::Many { colon },
        Piece::MaybeWild(_) if lenient => Glyph::One { colon },
        Piece::MaybeWild(c) => Glyph::Char(c),
        Piece::Anything => Glyph::Anything,
    }
}

/// Whether something holds, from whether it holds on each reading.
pub(super) fn join(readings: impl IntoIterator<Item = Truth>) -> Truth {
    let mut readings = readings.into_iter();
    let first = readings.next().unwrap_or(Truth::Maybe);
    if readings.all(|next| next == first) { first } else { Truth::Maybe }
}

/// Whether the pattern matches; what is void does not.
pub(super) fn positive(readings: &[Reading]) -> Truth {
    join(readings.iter().map(|reading| match reading {
        Reading::Is(truth) => *truth,
        Reading::Void => Truth::No,
    }))
}

/// Whether a clause matches, from the readings of each of its patterns.
pub(super) fn clause(negated: bool, readings: impl Iterator<Item = Vec<Reading>>) -> Truth {
    match negated {
        true => readings.fold(Truth::Yes, |all, one| all.and(negative(&one))),
        false => readings.fold(Truth::No, |any, one| any.or(positive(&one))),
    }
}

/// Whether the pattern does not match, under a negated operator or `NotResource`, where it is open what a void one does.
pub(super) fn negative(readings: &[Reading]) -> Truth {
    join(readings.iter().map(|reading| match reading {
        Reading::Is(truth) => !*truth,
        Reading::Void => Truth::Maybe,
    }))
}
