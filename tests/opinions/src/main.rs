//! The differential run, as long as wanted: `cargo run --release -p narrows-opinions -- --cases 100000`.

use narrows_opinions::compare;
use narrows_opinions::peer::IamSimulate;
use std::process::ExitCode;
use std::time::Instant;

const USAGE: &str = "usage: narrows-opinions [--cases COUNT] [--first SEED]";

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

fn run() -> Result<bool, String> {
    let (mut cases, mut first) = (100_000, 0);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().and_then(|text| text.parse().ok()).ok_or(USAGE)?;
        match name.as_str() {
            "--cases" => cases = value,
            "--first" => first = value,
            _ => return Err(USAGE.to_owned()),
        }
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
    let mut differing =
        table.0.iter().flat_map(|(peer, tally)| tally.disagreements.iter().map(move |it| (peer, it)));
    let any = differing.next();
    for (peer, (seed, disagreement)) in any.into_iter().chain(differing).take(20) {
        println!("\nseed {seed}, {peer}: {disagreement}");
    }
    Ok(any.is_none())
}
