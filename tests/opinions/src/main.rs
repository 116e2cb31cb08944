//! The differential runs, as long as wanted: `cargo run --release -p narrows-opinions -- --cases 100000 --questions 3000`.

use narrows_opinions::compare;
use narrows_opinions::peer::IamSimulate;
use narrows_opinions::symbolic::{self, SymCc};
use std::process::ExitCode;
use std::time::Instant;

const USAGE: &str = "usage: narrows-opinions [--cases COUNT] [--questions COUNT] [--first SEED]
  --cases      requests that are decided by other evaluators too; default 100000
  --questions  questions that are answered by Cedar's symbolic compiler too; default 1000
  --first      the first seed of both; default 0";

/// No more differences than this are printed of each run.
const SHOWN: usize = 20;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(text) => {
            eprintln!("{text}");
            ExitCode::from(2)
        }
    }
}

/// Whether all sides agree.
fn run() -> Result<bool, String> {
    let (mut cases, mut questions, mut first) = (100_000, 1_000, 0);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().and_then(|text| text.parse().ok()).ok_or(USAGE)?;
        match name.as_str() {
            "--cases" => cases = value,
            "--questions" => questions = value,
            "--first" => first = value,
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(decisions(first, cases)? & verdicts(first, questions)?)
}

fn decisions(first: u64, cases: u64) -> Result<bool, String> {
    if cases == 0 {
        return Ok(true);
    }
    let mut simulate = IamSimulate::start().map_err(|skip| skip.to_string())?;
    let start = Instant::now();
    let table = compare::run(first, cases, Some(&mut simulate), |done| {
        if done.is_multiple_of(10_240) {
            eprintln!("{done} of {cases} cases, {} s", start.elapsed().as_secs());
        }
    })
    .map_err(|error| format!("a peer's process: {error}"))?;
    println!("{table}\n\n{cases} cases from seed {first} on, {:.1} s", start.elapsed().as_secs_f64());
    let mut agreed = true;
    for (peer, tally) in &table.0 {
        agreed &= tally.disagreements.is_empty();
        for (seed, disagreement) in tally.disagreements.iter().take(SHOWN) {
            println!("\nseed {seed}, {peer}: {disagreement}");
        }
    }
    Ok(agreed)
}

fn verdicts(first: u64, questions: u64) -> Result<bool, String> {
    if questions == 0 {
        return Ok(true);
    }
    let mut solver = SymCc::start().map_err(|skip| skip.to_string())?;
    let start = Instant::now();
    let tally = symbolic::run(first, questions, &mut solver, |done| {
        if done.is_multiple_of(100) {
            eprintln!("{done} of {questions} questions, {} s", start.elapsed().as_secs());
        }
    })?;
    println!("\n{tally}\n{questions} questions from seed {first} on, {:.1} s", start.elapsed().as_secs_f64());
    for (seed, own, peer) in tally.disagreements.iter().take(SHOWN) {
        let case = symbolic::case(*seed);
        println!("\nseed {seed}: we say {own:?}, the peer {peer:?}\n{case:#?}\n{}", symbolic::cedar(&case));
    }
    Ok(tally.disagreements.is_empty())
}
