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
