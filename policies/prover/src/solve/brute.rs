//! The solver against definitions: every word up to a length, every world that a symbol allows.

use proptest::prelude::*;

use super::*;

const A: char = '\u{F0000}';
const B: char = '\u{F0001}';

/// Whether a glob matches, by definition.
fn is_match(glob: &[Token], text: &[char]) -> bool {
    let Some((&token, rest)) = glob.split_first() else { return text.is_empty() };
    match token {
        Token::Many => (0..=text.len()).any(|n| is_match(rest, &text[n..])),
        Token::ManyInField => {
            (0..=text.len()).take_while(|&n| !text[..n].contains(&':')).any(|n| is_match(rest, &text[n..]))
        }
        Token::ManyInSegment => (0..=text.len())
            .take_while(|&n| !text[..n].iter().any(|c| [':', '/'].contains(c)))
            .any(|n| is_match(rest, &text[n..])),
        Token::ManyWithin(class) => {
            let run = text.iter().take_while(|&&c| class.contains(c)).count();
            (0..=run).any(|n| is_match(rest, &text[n..]))
        }
        one => text.split_first().is_some_and(|(&c, tail)| {
            let here = match one {
                Token::Char(x) => x == c,
                Token::Fold(x) => x == c.to_ascii_lowercase(),
                Token::OneInField => c != ':',
                Token::OneInSegment => c != ':' && c != '/',
                Token::Within(class) => class.contains(c),
                _ => true,
            };
            here && is_match(rest, tail)
        }),
    }
}

fn any_match(globs: &[Glob], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    globs.iter().any(|glob| is_match(&glob.0, &text))
}

fn token() -> impl Strategy<Value = Token> {
    prop_oneof![
        4 => prop_oneof![Just('a'), Just('b'), Just('A'), Just(':')].prop_map(Token::Char),
        1 => prop_oneof![Just('a'), Just('b')].prop_map(Token::Fold),
        1 => Just(Token::One),
        1 => Just(Token::OneInField),
        3 => Just(Token::Many),
        1 => Just(Token::ManyInField),
        1 => prop_oneof![Just(Token::OneInSegment), Just(Token::ManyInSegment), Just(Token::Char('/'))],
        1 => proptest::sample::select(Class::ALL.to_vec()).prop_map(Token::Within),
        1 => proptest::sample::select(Class::ALL.to_vec()).prop_map(Token::ManyWithin),
    ]
}

fn glob() -> impl Strategy<Value = Glob> {
    prop::collection::vec(token(), 0..5).prop_map(Glob)
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let globs = || prop::collection::vec(glob(), 0..3);
    prop_oneof![
        3 => globs().prop_map(Pattern::exact),
        1 => (globs(), globs()).prop_map(|(lo, more)| {
            let hi: Vec<Glob> = lo.iter().chain(&more).cloned().collect();
            Pattern::bounds(lo, hi)
        }),
    ]
}

/// A formula over the texts 0 and 1 (optional), the set 2, the flag 3 and the point 4.
fn formula(pattern: impl Strategy<Value = Pattern> + 'static) -> impl Strategy<Value = Formula> {
    let pattern = pattern.boxed();
    let at = |value: u8| Point { family: 0, value: value.into() };
    let leaf = prop_oneof![
        6 => (0..2u32, pattern.clone()).prop_map(|(var, pattern)| Formula::matches(Var(var), pattern)),
        1 => pattern.clone().prop_map(|p| Formula::leaf(Var(2), Predicate::AnyElement(p))),
        1 => pattern.prop_map(|p| Formula::leaf(Var(2), Predicate::AllElements(p))),
        1 => Just(Formula::leaf(Var(2), Predicate::Empty)),
        2 => (1..3u32).prop_map(|var| Formula::present(Var(var))),
        1 => Just(Formula::leaf(Var(3), Predicate::True)),
        1 => (0..2u32, 0..2u32).prop_map(|(one, two)| Formula::leaf(Var(one), Predicate::SameAs(Var(two)))),
        1 => (0..9u8, 0..4u8).prop_map(move |(from, more)| {
            Formula::leaf(Var(4), Predicate::Within(vec![(at(from), at(from + more))]))
        }),
        1 => Just(Formula::Open(0)),
        1 => any::<bool>().prop_map(Formula::Const),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Formula::And),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Formula::Or),
            inner.prop_map(|inner| Formula::Not(Box::new(inner))),
        ]
    })
}

/// What the variables of [`formula`] are.
#[derive(Debug)]
struct Request {
    texts: [Option<String>; 2],
    set: Option<Vec<String>>,
    flag: bool,
    point: u128,
}

/// Whether a formula holds, by definition.
fn holds(formula: &Formula, bound: Bound, request: &Request) -> bool {
    let globs = |pattern: &Pattern, text: &str| {
        any_match(if bound == Bound::Lo { pattern.lo() } else { pattern.hi() }, text)
    };
    match formula {
        Formula::Const(value) => *value,
        Formula::Open(_) => bound == Bound::Hi,
        Formula::Not(inner) => !holds(inner, !bound, request),
        Formula::And(parts) => parts.iter().all(|part| holds(part, bound, request)),
        Formula::Or(parts) => parts.iter().any(|part| holds(part, bound, request)),
        Formula::Leaf(Leaf { var, predicate }) => {
            let elements = || request.set.as_deref().unwrap_or_default();
            let text = request.texts.get(var.0 as usize).and_then(Option::as_deref);
            match predicate {
                Predicate::Present if var.0 == 2 => request.set.is_some(),
                Predicate::Present => text.is_some(),
                Predicate::Matches(pattern) => text.is_some_and(|text| globs(pattern, text)),
                Predicate::Within(ranges) => {
                    ranges.iter().any(|&(from, to)| from.value <= request.point && request.point <= to.value)
                }
                Predicate::True => request.flag,
                Predicate::AnyElement(pattern) => elements().iter().any(|text| globs(pattern, text)),
                Predicate::AllElements(pattern) => elements().iter().all(|text| globs(pattern, text)),
                Predicate::Empty => elements().is_empty(),
                Predicate::SameAs(other) => {
                    text.is_some() && text == request.texts[other.0 as usize].as_deref()
                }
            }
        }
    }
}

/// Every word over `letters` up to a length.
fn words(letters: &[char], most: usize) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut from = 0;
    for _ in 0..most {
        let to = words.len();
        for at in from..to {
            for letter in letters {
                let longer = format!("{}{letter}", words[at]);
                words.push(longer);
            }
        }
        from = to;
    }
    words
}

fn problem(language: &[Vec<Glob>], symbols: Symbols) -> Problem {
    let mut p = Problem::new(Limits::default(), symbols);
    p.text("t", language.to_vec(), false, vec!["ab".to_owned(), "b:".to_owned()]);
    p.text("u", vec![], true, vec![]);
    p.set("s", vec![], true, vec!["a".to_owned()]);
    p.flag("f");
    p.interval("p", false);
    p
}

fn request(model: &Model) -> Request {
    Request {
        texts: [model.text(Var(0)), model.text(Var(1))],
        set: model.elements(Var(2)),
        flag: model.flag(Var(3)),
        point: model.point(Var(4)).unwrap().value,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_model_satisfies_the_formula(
        f in formula(pattern()),
        wish in formula(pattern()),
        language in prop::collection::vec(prop::collection::vec(glob(), 1..3), 0..3),
        hi in any::<bool>(),
    ) {
        let bound = if hi { Bound::Hi } else { Bound::Lo };
        let mut p = problem(&language, Symbols::new());
        p.assert(f.clone(), bound);
        let wishes = [(wish.clone(), Bound::Hi)];
        let outcome = p.solve(&wishes);
        prop_assert_eq!(&p.solve(&wishes), &outcome);
        // Hardly any automaton fits: texts are searched lazily.
        let mut tight = p.clone();
        tight.limits.states = 3;
        match tight.solve(&[]) {
            Outcome::Sat(model) => prop_assert!(holds(&f, bound, &request(&model))),
            Outcome::Unsat => prop_assert_eq!(&outcome, &Outcome::Unsat),
            Outcome::TooLarge { .. } => {}
        }
        let mut both = p.clone();
        both.assert(wish.clone(), Bound::Hi);
        match outcome {
            Outcome::Sat(model) => {
                let request = request(&model);
                prop_assert!(holds(&f, bound, &request), "{:?}", request);
                let text = request.texts[0].as_deref().unwrap();
                prop_assert!(language.iter().all(|union| any_match(union, text)), "{:?}", text);
                let granted = holds(&wish, Bound::Hi, &request);
                prop_assert_eq!(granted, both.solve(&[]) != Outcome::Unsat, "{:?}", request);
            }
            Outcome::Unsat => prop_assert_eq!(both.solve(&[]), Outcome::Unsat),
            Outcome::TooLarge { what } => panic!("{what}"),
        }
    }

    #[test]
    fn no_model_means_no_word(f in formula(pattern()), language in prop::collection::vec(glob(), 1..3)) {
        let mut p = problem(std::slice::from_ref(&language), Symbols::new());
        p.assert(f.clone(), Bound::Hi);
        if p.solve(&[]) == Outcome::Unsat {
            let words = words(&['a', 'b', 'A', ':', '/', '7'], 3);
            for text in words.iter().filter(|text| any_match(&language, text)).step_by(3) {
                for other in [None, Some("")].into_iter().chain(words.iter().map(|w| Some(w.as_str())).step_by(7)) {
                    for (set, flag, point) in [
                        (None, true, 0),
                        (Some(vec![]), false, 3),
                        (Some(vec!["a".to_owned(), "b:".to_owned()]), true, 7),
                    ] {
                        let request = Request {
                            texts: [Some(text.clone()), other.map(str::to_owned)], set, flag, point,
                        };
                        prop_assert!(!holds(&f, Bound::Hi, &request), "{:?}", request);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_given_holds_of_every_request(
        f in formula(pattern()),
        text in prop::collection::vec(prop_oneof![Just('a'), Just('b'), Just(':'), Just('/')], 0..3),
        whole in any::<bool>(),
        hi in any::<bool>(),
    ) {
        let bound = if hi { Bound::Hi } else { Bound::Lo };
        let text: String = text.into_iter().collect();
        let given = if whole { Given::Text(&text) } else { Given::Start(&text) };
        if let Some(known) = f.given(bound, &|var| (var == Var(0)).then_some(given), &Symbols::new()) {
            let rests = if whole { vec![String::new()] } else { words(&['a', 'b', ':', '/', '7'], 2) };
            for rest in rests {
                for (other, set, flag, point) in [
                    (None, None, true, 0),
                    (Some("ab".to_owned()), Some(vec![]), false, 3),
                    (Some(format!("{text}{rest}")), Some(vec!["a".to_owned(), "b:".to_owned()]), true, 7),
                ] {
                    let request = Request { texts: [Some(format!("{text}{rest}")), other], set, flag, point };
                    prop_assert_eq!(holds(&f, bound, &request), known, "{:?}", request);
                }
            }
        }
    }

    #[test]
    fn a_text_that_is_given_decides_its_patterns(
        pattern in pattern(),
        text in prop::collection::vec(prop_oneof![Just('a'), Just('b'), Just(':'), Just('/')], 0..5),
    ) {
        let text: String = text.into_iter().collect();
        let f = Formula::matches(Var(0), pattern.clone());
        for (bound, globs) in [(Bound::Lo, pattern.lo()), (Bound::Hi, pattern.hi())] {
            let given = f.given(bound, &|_| Some(Given::Text(&text)), &Symbols::new());
            prop_assert_eq!(given, Some(any_match(globs, &text)));
        }
    }

    #[test]
    fn a_guess_is_a_model(
        f in formula(pattern()),
        language in prop::collection::vec(prop::collection::vec(glob(), 1..3), 0..3),
        hi in any::<bool>(),
    ) {
        let bound = if hi { Bound::Hi } else { Bound::Lo };
        let mut p = problem(&language, Symbols::new());
        p.assert(f.clone(), bound);
        if let Some(model) = p.guess(&f) {
            let request = request(&model);
            prop_assert!(holds(&f, bound, &request), "{:?}", request);
            let text = request.texts[0].as_deref().unwrap();
            prop_assert!(language.iter().all(|union| any_match(union, text)), "{:?}", text);
        }
    }

    #[test]
    fn a_memo_says_what_was_found(
        questions in prop::collection::vec((formula(pattern()), formula(pattern()), any::<bool>(), any::<bool>()), 1..12),
    ) {
        let memo = Memo::default();
        for (f, wish, hi, more) in &questions {
            let language: &[Vec<Glob>] = if *more { &[] } else { &[vec![Glob::wildcards("a*")]] };
            let mut p = problem(language, Symbols::new());
            p.assert(f.clone(), if *hi { Bound::Hi } else { Bound::Lo });
            let wishes = [(wish.clone(), Bound::Hi)];
            for _ in 0..2 {
                prop_assert_eq!(memo.decide(&p, &wishes), p.decide(&wishes));
            }
        }
    }

    #[test]
    fn a_quotient_matches_what_follows(
        pattern in pattern(),
        prefix in prop::collection::vec(prop_oneof![Just('a'), Just('b'), Just(':'), Just('/')], 0..4),
    ) {
        let prefix: String = prefix.into_iter().collect();
        let quotient = pattern.quotient(&prefix, &Symbols::new());
        for rest in words(&['a', 'b', ':', '/', '7'], 3) {
            let whole = format!("{prefix}{rest}");
            prop_assert_eq!(any_match(quotient.lo(), &rest), any_match(pattern.lo(), &whole));
            prop_assert_eq!(any_match(quotient.hi(), &rest), any_match(pattern.hi(), &whole));
        }
    }
}

/// What the symbols may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    /// Names of two created resources.
    Created,
    /// Values from elsewhere.
    Foreign,
    /// The first may be any text.
    Any,
}

fn symbols(case: Case) -> Symbols {
    let mut symbols = Symbols::new();
    let word = Shape::Word { first: vec![('a', 'a')], rest: vec![('a', 'b')], min: 1, max: 3 };
    match case {
        Case::Created => {
            symbols.created(A, word.clone());
            symbols.created(B, word);
        }
        Case::Foreign => {
            symbols.foreign(A, word.clone());
            symbols.foreign(B, word);
        }
        Case::Any => {
            symbols.foreign(A, Shape::Any);
            symbols.foreign(B, word);
        }
    }
    symbols
}

/// Pairs of texts that the symbols may stand for together.
fn worlds(case: Case) -> Vec<(String, String)> {
    let word: Vec<String> = words(&['a', 'b'], 3).into_iter().filter(|word| word.starts_with('a')).collect();
    let first = if case == Case::Any { words(&['a', 'b', ':'], 2) } else { word.clone() };
    let pairs = first.iter().flat_map(|a| word.iter().map(move |b| (a.clone(), b.clone())));
    pairs.filter(|(a, b)| case != Case::Created || a != b).collect()
}

fn put(text: &str, (a, b): &(String, String)) -> String {
    text.replace(A, a).replace(B, b)
}

fn put_glob(glob: &Glob, world: &(String, String)) -> Glob {
    Glob(
        glob.0
            .iter()
            .flat_map(|&token| match token {
                Token::Char(A) => world.0.chars().map(Token::Char).collect(),
                Token::Char(B) => world.1.chars().map(Token::Char).collect(),
                token => vec![token],
            })
            .collect(),
    )
}

fn symbolic_glob() -> impl Strategy<Value = Glob> {
    let token = prop_oneof![
        3 => token(),
        1 => Just(Token::Char(A)),
        1 => Just(Token::Char(B)),
    ];
    prop::collection::vec(token, 0..5).prop_map(Glob)
}

fn symbolic_text() -> impl Strategy<Value = String> {
    let letter = prop_oneof![Just('a'), Just('b'), Just(':'), Just(A), Just(B)];
    prop::collection::vec(letter, 0..4).prop_map(|letters| letters.into_iter().collect())
}

fn case() -> impl Strategy<Value = Case> {
    prop_oneof![Just(Case::Created), Just(Case::Foreign), Just(Case::Any)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn readings_bound_every_world(
        globs in prop::collection::vec(symbolic_glob(), 0..3), text in symbolic_text(), case in case(),
    ) {
        let reading = |bound| {
            let mut p = Problem::new(Limits::default(), symbols(case));
            let var = p.enumerated("t", vec![text.clone()]);
            p.assert(Formula::matches(var, Pattern::exact(globs.clone())), bound);
            p.solve(&[]) != Outcome::Unsat
        };
        let (lo, hi) = (reading(Bound::Lo), reading(Bound::Hi));
        // A name that is to be created equals no text but itself.
        let apart = case == Case::Created
            && globs.iter().any(|glob| glob.0.iter().any(|t| matches!(t, Token::Char(A | B))));
        for world in worlds(case) {
            let globs: Vec<Glob> = globs.iter().map(|glob| put_glob(glob, &world)).collect();
            let matches = any_match(&globs, &put(&text, &world));
            prop_assert!(!lo || matches, "lo, yet not in {:?}", world);
            prop_assert!(hi || apart || !matches, "not hi, yet in {:?}", world);
        }
    }

    #[test]
    fn what_is_given_holds_in_every_world(
        glob in symbolic_glob(), text in symbolic_text(), more in symbolic_text(), case in case(), whole in any::<bool>(),
    ) {
        let f = Formula::matches(Var(0), Pattern::exact([glob.clone()]));
        let given = if whole { Given::Text(&text) } else { Given::Start(&text) };
        if let Some(known) = f.given(Bound::Hi, &|_| Some(given), &symbols(case)) {
            let text = if whole { text.clone() } else { format!("{text}{more}") };
            for world in worlds(case) {
                let matches = any_match(&[put_glob(&glob, &world)], &put(&text, &world));
                prop_assert_eq!(matches, known, "{:?} in {:?}", text, world);
            }
        }
    }

    #[test]
    fn no_model_means_no_world(
        f in formula(prop::collection::vec(symbolic_glob(), 0..2).prop_map(Pattern::exact)), case in case(),
    ) {
        let mut p = problem(&[], symbols(case));
        p.assert(f.clone(), Bound::Hi);
        if p.solve(&[]) == Outcome::Unsat {
            let texts = words(&['a', 'b', ':'], 4);
            for world in worlds(case) {
                let real = put_formula(&f, &world);
                for text in texts.iter().step_by(2) {
                    let request = Request {
                        texts: [Some(text.clone()), None], set: None, flag: true, point: 0,
                    };
                    prop_assert!(!holds(&real, Bound::Hi, &request), "{:?} in {:?}", text, world);
                }
            }
        }
    }
}

fn put_formula(formula: &Formula, world: &(String, String)) -> Formula {
    let put = |pattern: &Pattern| {
        Pattern::exact(pattern.lo().iter().map(|glob| put_glob(glob, world)).collect::<Vec<_>>())
    };
    let all = |parts: &[Formula]| parts.iter().map(|part| put_formula(part, world)).collect();
    match formula {
        Formula::And(parts) => Formula::And(all(parts)),
        Formula::Or(parts) => Formula::Or(all(parts)),
        Formula::Not(inner) => Formula::Not(Box::new(put_formula(inner, world))),
        Formula::Leaf(Leaf { var, predicate }) => Formula::leaf(
            *var,
            match predicate {
                Predicate::Matches(pattern) => Predicate::Matches(put(pattern)),
                Predicate::AnyElement(pattern) => Predicate::AnyElement(put(pattern)),
                Predicate::AllElements(pattern) => Predicate::AllElements(put(pattern)),
                other => other.clone(),
            },
        ),
        other => other.clone(),
    }
}
