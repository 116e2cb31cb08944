//! How long the decision procedure takes: a typical question, and patterns that overlap badly.
#![allow(
    missing_docs,
    clippy::indexing_slicing,
    reason = "criterion's macros make public items; a bench may panic"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use narrows_prover::solve::{
    Bound, Formula, Glob, Limits, Outcome, Pattern, Point, Predicate, Problem, Shape, Symbols, Var,
};

const ALIAS: char = '\u{F0000}';

fn wild(text: &str) -> Pattern {
    Glob::wildcards(text).into()
}

/// One variable with the patterns that are asked of it.
type Asked<'a> = (&'a str, &'a [&'a str]);

/// Ten texts with about forty globs, as a bucket policy with ten statements gives them.
fn typical() -> (Problem, Var, String) {
    let mut symbols = Symbols::new();
    let word = Shape::Word { first: vec![('a', 'z')], rest: vec![('a', 'z'), ('0', '9')], min: 13, max: 13 };
    symbols.created(ALIAS, word);
    let mut p = Problem::new(Limits::default(), symbols);
    let mrap = format!("arn:aws:s3::123456789012:accesspoint/{ALIAS}.mrap");
    let texts: [Asked<'_>; 10] = [
        (
            "action",
            &["s3:Get*", "s3:PutObject", "s3:DeleteObject*", "s3:List*", "s3:*", "s3:GetObjectVersion"],
        ),
        ("key", &["home/*", "*/private/*", "logs/*", "logs/*.gz", "data/2024-??-??/*", "*"]),
        (
            "aws:PrincipalArn",
            &[
                "arn:aws:iam::123456789012:role/app",
                "arn:aws:iam::123456789012:role/replication",
                "arn:aws:iam::123456789012:role/break-glass/*",
                "arn:aws:iam::*:role/aws-service-role/*",
                "arn:aws:sts::123456789012:assumed-role/app/*",
                "arn:aws:iam::123456789012:root",
            ],
        ),
        ("aws:PrincipalAccount", &["123456789012", "210987654321", "anonymous"]),
        ("s3:DataAccessPointArn", &[&mrap, "arn:aws:s3:eu-west-1:123456789012:accesspoint/*", "*.mrap"]),
        ("aws:SourceVpce", &["vpce-0123456789abcdef0", "vpce-0fedcba9876543210", "vpce-*"]),
        ("aws:PrincipalOrgID", &["o-exampleorgid", "o-*"]),
        ("aws:userid", &["AROAEXAMPLEEXAMPLE123:*", "AIDA*", "*:session"]),
        ("s3:x-amz-server-side-encryption", &["aws:kms", "AES256"]),
        (
            "aws:PrincipalServiceName",
            &["logging.s3.amazonaws.com", "*.amazonaws.com", "cloudtrail.amazonaws.com"],
        ),
    ];
    let tls = p.flag("aws:SecureTransport");
    let ip = p.interval("aws:SourceIp", true);
    let (mut allows, mut denies) = (Vec::new(), Vec::new());
    let vars: Vec<_> = texts
        .iter()
        .map(|(name, globs)| (p.text(name, vec![], *name != "action" && *name != "key", vec![]), globs))
        .collect();
    for n in 0..6 {
        let pick = |var: usize| {
            let (var, globs) = &vars[var];
            Formula::matches(*var, wild(globs[n % globs.len()]))
        };
        allows.push(Formula::and([pick(0), pick(1), Formula::or([pick(2), pick(3)]), pick(9)]));
        denies.push(Formula::and([!pick(4), !pick(5), !pick(2), Formula::or([pick(0), pick(7)])]));
        denies.push(Formula::and([pick(1), !pick(6), !pick(8)]));
    }
    let range = |from, to| vec![(Point { family: 4, value: from }, Point { family: 4, value: to })];
    denies.push(!Formula::leaf(tls, Predicate::True));
    denies.push(Formula::leaf(ip, Predicate::Within(range(0x0A00_0000, 0x0AFF_FFFF))));
    p.assert(Formula::or(allows), Bound::Hi);
    p.assert(!Formula::or(denies), Bound::Hi);
    p.assert(!Formula::matches(vars[4].0, wild(&mrap)), Bound::Hi);
    let arn = vars[4].0;
    (p, arn, mrap)
}

/// The typical question, where what is asked for is denied.
fn proved() -> Problem {
    let (mut p, arn, mrap) = typical();
    let denied = !Formula::matches(arn, wild(&mrap));
    p.assert(!denied, Bound::Hi);
    p
}

/// `k` patterns that overlap in 2^k ways.
fn overlapping(k: u32) -> Problem {
    let mut p = Problem::new(Limits::default(), Symbols::new());
    let key = p.text("key", vec![], false, vec![]);
    for n in 0..k {
        let c = char::from_u32('a' as u32 + n).unwrap_or('a');
        p.assert(Formula::matches(key, wild(&format!("*{c}*"))), Bound::Hi);
    }
    p
}

fn solve(c: &mut Criterion) {
    let (typical, proved) = (typical().0, proved());
    assert!(matches!(typical.solve(&[]), Outcome::Sat(_)));
    assert!(matches!(proved.solve(&[]), Outcome::Unsat));
    c.bench_function("typical/refuted", |b| b.iter(|| black_box(&typical).solve(&[])));
    c.bench_function("typical/proved", |b| b.iter(|| black_box(&proved).solve(&[])));
    let mut group = c.benchmark_group("overlapping");
    group.sample_size(10);
    for k in [8, 10, 12, 16, 24] {
        let p = overlapping(k);
        assert!(matches!(p.solve(&[]), Outcome::Sat(_)));
        group.bench_function(k.to_string(), |b| b.iter(|| black_box(&p).solve(&[])));
    }
    group.finish();
}

criterion_group!(benches, solve);
criterion_main!(benches);
