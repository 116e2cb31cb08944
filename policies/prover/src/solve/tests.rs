//! Whole problems.

use super::*;

fn wild(text: &str) -> Pattern {
    Glob::wildcards(text).into()
}

fn problem() -> Problem {
    Problem::new(Limits::default(), Symbols::new())
}

fn model(problem: &Problem) -> Model {
    match problem.solve(&[]) {
        Outcome::Sat(model) => model,
        other => panic!("expected a model, got {other:?}"),
    }
}

#[test]
fn a_text_between_patterns() {
    let mut p = problem();
    let key = p.text("key", vec![], false, vec![]);
    p.assert(Formula::matches(key, wild("home/*")), Bound::Hi);
    p.assert(!Formula::matches(key, wild("home/alice/*")), Bound::Hi);
    p.assert(Formula::matches(key, wild("*/report")), Bound::Hi);
    assert_eq!(model(&p).text(key).as_deref(), Some("home/report"));
    p.assert(!Formula::matches(key, wild("home/?*")), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

#[test]
fn a_preferred_text_is_used_where_it_fits() {
    let mut p = problem();
    let preferred = ["photos/cat.jpg", "home/bob/report.txt"].map(str::to_owned).to_vec();
    let key = p.text("key", vec![], false, preferred);
    assert_eq!(model(&p).text(key).as_deref(), Some("photos/cat.jpg"));
    p.assert(Formula::matches(key, wild("home/*")), Bound::Hi);
    assert_eq!(model(&p).text(key).as_deref(), Some("home/bob/report.txt"));
}

#[test]
fn a_language_limits_a_text() {
    let mut p = problem();
    let arn = p.text("arn", vec![vec![Glob::wildcards("arn:aws:*"), Glob::literal("*")]], false, vec![]);
    p.assert(!Formula::matches(arn, wild("arn:*")), Bound::Hi);
    assert_eq!(model(&p).text(arn).as_deref(), Some("*"));
    p.assert(!Formula::matches(arn, wild("?")), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

#[test]
fn an_absent_text_matches_nothing() {
    let mut p = problem();
    let key = p.text("key", vec![], true, vec![]);
    p.assert(!Formula::matches(key, wild("*")), Bound::Hi);
    assert_eq!(model(&p).text(key), None);
    p.assert(Formula::present(key), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

#[test]
fn an_enumerated_variable_takes_the_first_value_that_fits() {
    let mut p = problem();
    let values = ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"].map(str::to_owned).to_vec();
    let action = p.enumerated("action", values);
    assert_eq!(model(&p).text(action).as_deref(), Some("s3:GetObject"));
    p.assert(Formula::matches(action, Glob::wildcards_in_any_case("s3:put*").into()), Bound::Hi);
    assert_eq!(model(&p).text(action).as_deref(), Some("s3:PutObject"));
    let mut none = problem();
    none.enumerated("nothing", vec![]);
    assert_eq!(none.solve(&[]), Outcome::Unsat);
}

#[test]
fn points_lie_between_ranges() {
    let mut p = problem();
    let at = |family, value| Point { family, value };
    let ip = p.interval_within(
        "ip",
        vec![(at(4, 0), at(4, 255)), (at(6, 0), at(6, u128::MAX))],
        true,
        vec![at(4, 7)],
    );
    p.assert(Formula::present(ip), Bound::Hi);
    assert_eq!(model(&p).point(ip), Some(at(4, 7)));
    p.assert(!Formula::leaf(ip, Predicate::Within(vec![(at(4, 0), at(4, 254))])), Bound::Hi);
    assert_eq!(model(&p).point(ip), Some(at(4, 255)));
    p.assert(!Formula::leaf(ip, Predicate::Within(vec![(at(4, 255), at(4, 255))])), Bound::Hi);
    assert_eq!(model(&p).point(ip), Some(at(6, 0)));
    p.assert(!Formula::leaf(ip, Predicate::Within(vec![(at(6, 0), at(6, u128::MAX))])), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

#[test]
fn flags_and_wishes() {
    let mut p = problem();
    let (tls, forwarded) = (p.flag("tls"), p.flag("forwarded"));
    let is = |var| Formula::leaf(var, Predicate::True);
    p.assert(Formula::or([is(tls), is(forwarded)]), Bound::Hi);
    p.assert(!Formula::and([is(tls), is(forwarded)]), Bound::Hi);
    let wishes = [(is(forwarded), Bound::Hi), (is(tls), Bound::Hi)];
    let Outcome::Sat(found) = p.solve(&wishes) else { panic!() };
    assert_eq!((found.flag(tls), found.flag(forwarded)), (false, true));
    let wishes = [(is(tls), Bound::Hi), (is(forwarded), Bound::Hi)];
    let Outcome::Sat(found) = p.solve(&wishes) else { panic!() };
    assert_eq!((found.flag(tls), found.flag(forwarded)), (true, false));
}

#[test]
fn what_is_open_depends_on_the_bound() {
    for (bound, negated, holds) in [
        (Bound::Lo, false, false),
        (Bound::Hi, false, true),
        (Bound::Lo, true, false),
        (Bound::Hi, true, true),
    ] {
        let mut p = problem();
        let open = Formula::Open(3);
        p.assert(if negated { !open } else { open }, bound);
        assert_eq!(p.solve(&[]) != Outcome::Unsat, holds, "{bound:?} {negated}");
        let mut p = problem();
        let text = p.enumerated("text", vec!["x".to_owned()]);
        let open = Formula::matches(text, Pattern::bounds([], [Glob::any()]));
        p.assert(if negated { !open } else { open }, bound);
        assert_eq!(p.solve(&[]) != Outcome::Unsat, holds, "{bound:?} {negated}");
    }
}

#[test]
fn a_set_holds_elements_of_several_cells() {
    let mut p = problem();
    let tags = p.set("tags", vec![], true, vec!["team".to_owned()]);
    let any = |text| Formula::leaf(tags, Predicate::AnyElement(wild(text)));
    let all = |text| Formula::leaf(tags, Predicate::AllElements(wild(text)));
    p.assert(all("t*"), Bound::Hi);
    assert_eq!(model(&p).elements(tags), None);
    p.assert(Formula::present(tags), Bound::Hi);
    assert_eq!(model(&p).elements(tags), Some(vec![]));
    p.assert(any("te*"), Bound::Hi);
    p.assert(any("*x"), Bound::Hi);
    p.assert(!any("te*x"), Bound::Hi);
    assert_eq!(model(&p).elements(tags), Some(vec!["team".to_owned(), "tx".to_owned()]));
    p.assert(Formula::leaf(tags, Predicate::Empty), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

/// What a symbol stands for may overlap with itself: "aaa" begins and ends with "aa".
#[test]
fn symbols_may_overlap() {
    let name = '\u{F0000}';
    let mut symbols = Symbols::new();
    symbols.created(name, Shape::Word { first: vec![('a', 'z')], rest: vec![('a', 'z')], min: 2, max: 9 });
    let mut p = Problem::new(Limits::default(), symbols);
    let key = p.text("key", vec![], false, vec![]);
    p.assert(Formula::matches(key, wild(&format!("a{name}"))), Bound::Hi);
    p.assert(Formula::matches(key, wild(&format!("{name}a"))), Bound::Hi);
    assert!(p.solve(&[]).model().is_some());
}

/// The texts that a symbol decides are those written with it: a plain text is another one.
#[test]
fn a_text_is_what_a_symbol_stands_for_or_it_is_not() {
    let alias = '\u{F0000}';
    let mut symbols = Symbols::new();
    symbols.created(alias, Shape::Word { first: vec![('a', 'z')], rest: vec![('a', 'z')], min: 1, max: 99 });
    let arn = wild(&format!("arn:aws:s3::123456789012:accesspoint/{alias}.mrap"));
    let mut p = Problem::new(Limits::default(), symbols);
    let key = p.text("key", vec![], true, vec![]);
    // A policy that denies whatever is not the symbol lets nothing else through.
    p.assert(Formula::matches(key, arn.clone()), Bound::Hi);
    p.assert(Formula::matches(key, wild("arn:aws:s3::*:accesspoint/*")), Bound::Hi);
    assert_eq!(model(&p).text(key), Some(format!("arn:aws:s3::123456789012:accesspoint/{alias}.mrap")));
    p.assert(!Formula::matches(key, arn), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

#[test]
fn a_predicate_of_another_kind_is_open() {
    let mut p = problem();
    let flag = p.flag("flag");
    p.assert(Formula::matches(flag, wild("*")), Bound::Hi);
    assert!(p.solve(&[]).model().is_some());
    p.assert(Formula::matches(flag, wild("*")), Bound::Lo);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

#[test]
fn equal_texts_lie_in_one_cell() {
    let mut p = problem();
    let user = p.text("user", vec![], true, vec!["alice".to_owned(), "bob".to_owned()]);
    let owner = p.text("owner", vec![], true, vec![]);
    let same = || Formula::leaf(user, Predicate::SameAs(owner));
    p.assert(Formula::and([Formula::present(user), Formula::present(owner)]), Bound::Hi);
    let mut different = p.clone();
    p.assert(same(), Bound::Hi);
    p.assert(Formula::matches(user, wild("b*")), Bound::Hi);
    let found = model(&p);
    assert_eq!((found.text(user), found.text(owner)), (Some("bob".to_owned()), Some("bob".to_owned())));
    p.assert(!Formula::matches(owner, wild("b*")), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);

    different.assert(!same(), Bound::Hi);
    let found = model(&different);
    assert_eq!((found.text(user), found.text(owner)), (Some("alice".to_owned()), Some("bob".to_owned())));
    different.assert(Formula::matches(user, wild("x")), Bound::Hi);
    different.assert(Formula::matches(owner, wild("?")), Bound::Hi);
    assert!(different.solve(&[]).model().is_some());
    different.assert(Formula::matches(owner, wild("x")), Bound::Hi);
    assert_eq!(different.solve(&[]), Outcome::Unsat);
}

#[test]
fn an_absent_text_equals_nothing() {
    let mut p = problem();
    let (one, two) = (p.text("one", vec![], true, vec![]), p.text("two", vec![], true, vec![]));
    p.assert(!Formula::present(one), Bound::Hi);
    assert!(p.solve(&[]).model().is_some());
    p.assert(Formula::leaf(one, Predicate::SameAs(two)), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

#[test]
fn three_texts_need_room_to_differ() {
    let mut p = problem();
    let any_case = || vec![vec![Glob::literal_in_any_case("a")]];
    let vars = ["one", "two", "three"].map(|name| p.text(name, any_case(), false, vec![]));
    let differ = |a: usize, b: usize| !Formula::leaf(vars[a], Predicate::SameAs(vars[b]));
    p.assert(differ(0, 1), Bound::Hi);
    p.assert(differ(1, 2), Bound::Hi);
    let found = model(&p);
    assert_eq!(vars.map(|var| found.text(var).unwrap()), ["a", "A", "a"]);
    p.assert(differ(0, 2), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

#[test]
fn an_enumerated_variable_can_be_compared() {
    let mut p = problem();
    let action = p.enumerated("action", vec!["get".to_owned(), "put".to_owned()]);
    let tag = p.text("tag", vec![], true, vec![]);
    p.assert(Formula::leaf(tag, Predicate::SameAs(action)), Bound::Hi);
    p.assert(!Formula::matches(tag, wild("g*")), Bound::Hi);
    let found = model(&p);
    assert_eq!((found.text(action), found.text(tag)), (Some("put".to_owned()), Some("put".to_owned())));
    p.assert(!Formula::matches(action, wild("p*")), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

/// Patterns that overlap in 2^k ways.
fn infix(k: u32) -> Vec<Pattern> {
    (0..k).map(|n| wild(&format!("*{}*", char::from_u32('a' as u32 + n).unwrap()))).collect()
}

#[test]
fn overlapping_patterns_are_searched_lazily() {
    let mut p = Problem::new(Limits { states: 2_000, ..Limits::default() }, Symbols::new());
    let key = p.text("key", vec![], true, vec![]);
    for pattern in infix(16) {
        p.assert(Formula::matches(key, pattern), Bound::Hi);
    }
    let text = model(&p).text(key).unwrap();
    assert!(('a'..='p').all(|c| text.contains(c)), "{text}");
    p.assert(!Formula::matches(key, wild("*b*")), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

#[test]
fn a_lazy_variable_may_be_absent() {
    let mut p = Problem::new(Limits { states: 500, ..Limits::default() }, Symbols::new());
    let key = p.text("key", vec![], true, vec!["abcdefghijklmnop".to_owned()]);
    p.assert(Formula::or(infix(16).into_iter().map(|pattern| !Formula::matches(key, pattern))), Bound::Hi);
    assert_eq!(model(&p).text(key), None);
    let Outcome::Sat(found) = p.solve(&[(Formula::present(key), Bound::Hi)]) else { panic!() };
    assert!(found.text(key).is_some());
    p.assert(Formula::and(infix(16).into_iter().map(|pattern| Formula::matches(key, pattern))), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

#[test]
fn too_large_says_what_and_ends() {
    let mut p = Problem::new(Limits { states: 2_000, ..Limits::default() }, Symbols::new());
    let tags = p.set("aws:TagKeys", vec![], true, vec![]);
    for pattern in infix(16) {
        p.assert(Formula::leaf(tags, Predicate::AnyElement(pattern)), Bound::Hi);
    }
    let Outcome::TooLarge { what } = p.solve(&[]) else { panic!() };
    assert_eq!(
        what,
        "aws:TagKeys: 16 patterns overlap in more ways than 2000 states can tell apart; \
         ask about fewer statements at a time"
    );
    let mut p = Problem::new(Limits { states: 2_000, ..Limits::default() }, Symbols::new());
    let key = p.text("key", vec![], false, vec![]);
    for pattern in infix(16) {
        p.assert(Formula::matches(key, pattern), Bound::Hi);
    }
    p.assert(!Formula::matches(key, wild("????????*")), Bound::Hi);
    assert!(matches!(p.solve(&[]), Outcome::TooLarge { .. }));
}

#[test]
fn a_class_of_characters_holds_its_members_only() {
    let twelve = Glob(vec![Token::Within(Class::Digit); 12]);
    let mut name = vec![Token::Within(Class::Name), Token::ManyWithin(Class::Name)];
    name.extend(".mrap".chars().map(Token::Char));
    let symbols = Symbols::new();
    let mut problem = Problem::new(Limits::default(), symbols);
    let account = problem.text("account", vec![vec![twelve]], false, vec![]);
    let alias = problem.text("alias", vec![vec![Glob(name)]], false, vec!["mother.mrap".to_owned()]);
    // Every account begins with a digit, so this leaves none.
    let mut none = problem.clone();
    for digit in '0'..='9' {
        none.assert(!Formula::matches(account, Glob::wildcards(&format!("{digit}*")).into()), Bound::Hi);
    }
    assert_eq!(none.solve(&[]), Outcome::Unsat);
    let mut some = problem.clone();
    for digit in '1'..='9' {
        some.assert(!Formula::matches(account, Glob::wildcards(&format!("*{digit}*")).into()), Bound::Hi);
    }
    some.assert(!Formula::matches(alias, Glob::wildcards_in_any_case("M*").into()), Bound::Hi);
    let outcome = some.solve(&[]);
    let model = outcome.model().unwrap();
    assert_eq!(model.text(account).unwrap(), "000000000000");
    assert_eq!(model.text(alias).unwrap(), "a.mrap");
    assert_eq!(problem.solve(&[]).model().unwrap().text(alias).unwrap(), "mother.mrap");
}

/// Ways through an automaton that are not followed may not hide what a symbol could stand for.
#[test]
fn a_symbol_may_stand_for_the_end_of_a_literal() {
    let name = '\u{F0000}';
    let mut symbols = Symbols::new();
    symbols.created(name, Shape::Word { first: vec![('a', 'z')], rest: vec![('a', 'z')], min: 1, max: 9 });
    let mut p = Problem::new(Limits::default(), symbols);
    let key = p.text("key", vec![], false, vec![]);
    p.assert(Formula::matches(key, wild(&format!("*{name}"))), Bound::Hi);
    p.assert(Formula::matches(key, wild(":ab")), Bound::Hi);
    assert_eq!(model(&p).text(key), Some(format!(":{name}")));
}

/// A text that leaves a literal half-way is not always one that never began it.
#[test]
fn the_start_of_a_literal_may_say_something() {
    let mut p = problem();
    let key = p.text("key", vec![], false, vec![]);
    let no_colon = Pattern::from(Glob(vec![Token::OneInField, Token::Many]));
    p.assert(Formula::matches(key, wild("??")), Bound::Hi);
    p.assert(!Formula::matches(key, wild(":ab")), Bound::Hi);
    p.assert(!Formula::matches(key, no_colon), Bound::Hi);
    assert_eq!(model(&p).text(key).unwrap().chars().next(), Some(':'));
}

#[test]
fn a_text_that_cannot_be_may_still_be_absent() {
    let mut p = Problem::new(Limits { states: 20, ..Limits::default() }, Symbols::new());
    let (key, flag) = (p.text("key", vec![], true, vec![]), p.flag("flag"));
    let empty = || Formula::matches(key, wild(""));
    let overlapping = Formula::or(infix(9).into_iter().map(|pattern| Formula::matches(key, pattern)));
    p.assert(!Formula::matches(key, wild("?*")), Bound::Hi);
    p.assert(!empty(), Bound::Hi);
    let set = Formula::leaf(flag, Predicate::True);
    let wishes = [(Formula::present(key), Bound::Hi), (overlapping, Bound::Hi), (set, Bound::Hi)];
    let Outcome::Sat(found) = p.solve(&wishes) else { panic!() };
    assert_eq!((found.text(key), found.flag(flag)), (None, true));
}

#[test]
fn what_equals_the_same_is_the_same() {
    let mut p = problem();
    let vars = ["one", "two", "three"].map(|name| p.text(name, vec![], false, vec![]));
    let same = |a: usize, b: usize| Formula::leaf(vars[a], Predicate::SameAs(vars[b]));
    p.assert(same(0, 1), Bound::Hi);
    p.assert(same(2, 1), Bound::Hi);
    assert!(p.solve(&[]).model().is_some());
    p.assert(!same(0, 2), Bound::Hi);
    assert_eq!(p.solve(&[]), Outcome::Unsat);
}

#[test]
fn every_part_of_a_domain_is_tried() {
    for (wanted, wished) in [("a*", "b*"), ("b*", "a*")] {
        let mut p = problem();
        let key = p.text("key", vec![], false, vec![]);
        p.assert(Formula::matches(key, wild(wanted)), Bound::Hi);
        let Outcome::Sat(found) = p.solve(&[(Formula::matches(key, wild(wished)), Bound::Hi)]) else {
            panic!()
        };
        assert_eq!(found.text(key).as_deref(), wanted.strip_suffix('*'));
    }
}
