//! From IAM patterns to the solver's globs.

use crate::solve::{Glob, Pattern, Shape, Symbols, Token as Glyph};
use narrows_iam::{Family, Pattern as Source, Token};
use narrows_model::is_symbol;

/// How a pattern's text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Matters,
    Folded,
}

/// What a text of a policy is matched as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rule {
    /// `StringEquals`: no wildcards.
    Text,
    /// `StringLike`.
    Glob,
    /// `StringEqualsIgnoreCase`.
    TextInAnyCase,
    /// ARN operators.
    Arn,
    /// `Resource` and `NotResource`.
    Resource,
}

impl Rule {
    /// What an operator's values are matched as.
    pub fn of(family: Family) -> Self {
        match family {
            Family::StringEqualsIgnoreCase => Self::TextInAnyCase,
            Family::StringLike => Self::Glob,
            Family::Arn { .. } => Self::Arn,
            _ => Self::Text,
        }
    }

    /// Whether `*` and `?` are wildcards.
    pub fn has_wildcards(self) -> bool {
        !matches!(self, Self::Text | Self::TextInAnyCase)
    }
}

/// The pattern that a text is.
pub(super) fn lowered(source: &Source, rule: Rule) -> Pattern {
    match rule {
        Rule::Text | Rule::Glob => text(source),
        Rule::TextInAnyCase => text_in_any_case(source),
        Rule::Arn => arn(source),
        Rule::Resource => resource(source),
    }
}

/// The same, where a text without wildcards that is a value which is wholly unknown equals itself: what it equals in a request is
/// an ARN, so that it has all its fields.
pub(super) fn lowered_with(source: &Source, rule: Rule, symbols: &Symbols) -> Pattern {
    let pattern = lowered(source, rule);
    let is_any = |token: &Token| match token {
        Token::Char(c) => symbols.shape(*c) == Some(&Shape::Any),
        _ => false,
    };
    let is_literal = source.tokens().iter().all(|token| matches!(token, Token::Char(_)));
    if !matches!(rule, Rule::Arn | Rule::Resource) || !pattern.lo().is_empty() || !is_literal {
        return pattern;
    }
    match source.tokens().iter().any(is_any) {
        true => Pattern::bounds(vec![whole(source.tokens(), Case::Matters)], pattern.hi().to_vec()),
        false => pattern,
    }
}

/// All that a text may match, whatever its variables stand for.
///
/// Their values may hold colons, so that no wildcard of an ARN is sure to stay in its field.
pub(super) fn loosest(source: &Source, rule: Rule) -> Vec<Glob> {
    let plain = whole(source.tokens(), Case::Matters);
    match rule {
        Rule::Text | Rule::Glob => vec![plain],
        Rule::TextInAnyCase => text_in_any_case(source).hi().to_vec(),
        Rule::Arn | Rule::Resource => {
            let mut completed = plain.0.clone();
            completed.extend([Glyph::Char(':'), Glyph::Many]);
            vec![plain, Glob(completed)]
        }
    }
}

/// Whether a pattern has a policy variable, whose value a glob cannot know.
pub(super) fn has_variable(source: &Source) -> bool {
    source.tokens().iter().any(|token| matches!(token, Token::Variable(_)))
}

/// Why a pattern with a policy variable is not decided.
pub(super) fn variable_reason(source: &Source) -> String {
    format!("what `{}` stands for cannot be told here ({})", source.spelled, source.location)
}

/// The glyphs of a run of tokens; `field` tells whether wildcards stop at a colon.
fn glyphs(tokens: &[Token], case: Case, field: bool, out: &mut Vec<Glyph>) {
    out.extend(tokens.iter().map(|token| match token {
        Token::Char(c) if case == Case::Folded && c.is_ascii_alphabetic() => {
            Glyph::Fold(c.to_ascii_lowercase())
        }
        Token::Char(c) => Glyph::Char(*c),
        Token::One if field => Glyph::OneInField,
        Token::One => Glyph::One,
        Token::Many if field => Glyph::ManyInField,
        // A variable's value may be any text; whoever asks takes the match as open.
        Token::Many | Token::Variable(_) => Glyph::Many,
    }));
}

fn whole(tokens: &[Token], case: Case) -> Glob {
    let mut out = Vec::with_capacity(tokens.len());
    glyphs(tokens, case, false, &mut out);
    Glob(out)
}

/// `String…` operators other than the one that ignores case: wildcards only where the parser left some.
fn text(source: &Source) -> Pattern {
    Pattern::exact(vec![whole(source.tokens(), Case::Matters)])
}

/// `StringEqualsIgnoreCase`.
///
/// How AWS folds letters outside ASCII is not documented: only the exact letters match for sure, any letter may.
fn text_in_any_case(source: &Source) -> Pattern {
    let lo = whole(source.tokens(), Case::Folded);
    let foreign = |c: &char| !c.is_ascii() && !is_symbol(*c) && c.is_alphabetic();
    if !source.tokens().iter().any(|token| matches!(token, Token::Char(c) if foreign(c))) {
        return Pattern::exact(vec![lo]);
    }
    let loosened = lo.0.iter().map(|glyph| match glyph {
        Glyph::Char(c) if foreign(c) => Glyph::Many,
        other => *other,
    });
    let hi = vec![Glob(loosened.collect())];
    Pattern::bounds(vec![lo], hi)
}

/// Actions: matched in any case.
pub(super) fn action(source: &Source) -> Pattern {
    Pattern::exact(vec![whole(source.tokens(), Case::Folded)])
}

/// ARN operators: six fields, each matched by itself; the last may contain colons.
///
/// An ARN of fewer fields may be completed by AWS or match nothing: open.
fn arn(source: &Source) -> Pattern {
    let Some((last, first)) = source.fields().map(split) else { return short_arn(source) };
    Pattern::exact(vec![in_fields(&first, last, false)])
}

/// Resources: wildcards of the first five fields stay inside them, except that a `*` at a field's end may run on.
fn resource(source: &Source) -> Pattern {
    if source.is_everything() {
        return Pattern::exact(vec![Glob::any()]);
    }
    let Some((last, first)) = source.fields().map(split) else { return short_arn(source) };
    let lo = in_fields(&first, last, false);
    if !first.iter().any(|field| field.last() == Some(&Token::Many)) {
        return Pattern::exact(vec![lo]);
    }
    let hi = vec![in_fields(&first, last, true)];
    Pattern::bounds(vec![lo], hi)
}

fn split(fields: [&[Token]; 6]) -> (&[Token], [&[Token]; 5]) {
    let [a, b, c, d, e, last] = fields;
    (last, [a, b, c, d, e])
}

fn in_fields(first: &[&[Token]; 5], last: &[Token], runs_on: bool) -> Glob {
    let mut out = Vec::new();
    for field in first {
        glyphs(field, Case::Matters, true, &mut out);
        if runs_on && out.last() == Some(&Glyph::ManyInField) {
            out.pop();
            out.push(Glyph::Many);
        }
        out.push(Glyph::Char(':'));
    }
    glyphs(last, Case::Matters, false, &mut out);
    Glob(out)
}

/// An ARN of fewer than six fields: matches nothing, or what it matches as text, or what it matches once completed with
/// `*` fields.
fn short_arn(source: &Source) -> Pattern {
    let plain = whole(source.tokens(), Case::Matters);
    if source.is_everything() {
        // ARN operators: `*` is documented to match any ARN.
        return Pattern::exact(vec![plain]);
    }
    let mut completed = plain.0.clone();
    completed.extend([Glyph::Char(':'), Glyph::Many]);
    Pattern::bounds(Vec::new(), vec![plain, Glob(completed)])
}
