//! Fuzz targets that run on stable Rust: a corpus, and mutations of it that follow from a seed.
//!
//! A target takes any bytes, so that a coverage-guided fuzzer can call it as well, and panics on a finding.

mod cedar;
mod manifest;
mod matching;
mod parser;
mod pulumi;
mod semantic;
mod template;
mod terraform;

pub use cedar::agree;

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// A function under test.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of its corpus, a folder of `tests/fuzz/corpus`.
    pub name: &'static str,
    /// How many mutations a run of the tests makes.
    pub count: u64,
    /// Words that mutations put in.
    pub words: &'static [&'static str],
    /// The function.
    pub run: fn(&[u8]),
}

/// All targets.
pub const TARGETS: [Target; 9] = [
    Target { name: "iam-parser", count: 6_000, words: parser::WORDS, run: parser::iam_parser },
    Target { name: "arn-matcher", count: 6_000, words: matching::WORDS, run: matching::arn_matcher },
    Target { name: "glob-matcher", count: 2_000, words: matching::WORDS, run: matching::glob_matcher },
    Target { name: "cedar-lowering", count: 1_500, words: cedar::WORDS, run: cedar::cedar_lowering },
    Target { name: "manifest", count: 4_000, words: manifest::WORDS, run: manifest::manifest },
    Target { name: "cloudformation", count: 3_000, words: template::WORDS, run: template::template },
    Target { name: "pulumi", count: 4_000, words: pulumi::WORDS, run: pulumi::pulumi },
    Target { name: "terraform", count: 2_000, words: terraform::WORDS, run: terraform::terraform },
    Target { name: "semantic", count: 150, words: &[], run: semantic::semantic },
];

/// The target with this name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|target| target.name == name)
}

/// Runs a target on its corpus, then on `count` mutations of it, and gives how many inputs that were.
///
/// # Errors
/// What the file system says of the corpus; or the inputs on which the target panicked, each with the file it was written to.
pub fn drive(target: Target, count: u64) -> io::Result<usize> {
    let folder = crate::harness::crate_folder().join("fuzz/corpus").join(target.name);
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    files.sort();
    let corpus: Vec<Vec<u8>> = files.iter().map(fs::read).collect::<io::Result<_>>()?;
    if corpus.is_empty() {
        return Err(io::Error::other(format!("{} is empty: a fuzz target needs seeds", folder.display())));
    }
    let mutations = (0..count).map(|seed| mutated(&corpus, seed, target.words));
    let mut inputs = 0;
    for input in corpus.iter().cloned().chain(mutations) {
        inputs += 1;
        if catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).is_err() {
            let mut hasher = DefaultHasher::new();
            input.hash(&mut hasher);
            let file = std::env::temp_dir().join(format!("{}-{:016x}", target.name, hasher.finish()));
            fs::write(&file, &input)?;
            let text = format!(
                "{} fails on input {inputs}, written to {}: correct the fault, and keep the input in {}",
                target.name,
                file.display(),
                folder.display()
            );
            return Err(io::Error::other(text));
        }
    }
    Ok(inputs)
}

/// One input of the corpus with up to eight edits.
fn mutated(corpus: &[Vec<u8>], seed: u64, words: &[&str]) -> Vec<u8> {
    let mut random = Numbers(crate::generate::bytes(seed, 256), 0);
    let pick = |random: &mut Numbers| corpus.get(random.below(corpus.len())).cloned().unwrap_or_default();
    let mut input = pick(&mut random);
    for _ in 0..=random.below(8) {
        let at = random.below(input.len() + 1);
        let end = (at + 1 + random.below(16)).min(input.len());
        match random.below(7) {
            0 => input.insert(at, random.byte()),
            1 if at < input.len() => input[at] ^= 1 << random.below(8),
            2 if at < end => drop(input.drain(at..end)),
            3 if at < end => {
                let part = input[at..end].to_vec();
                let to = random.below(input.len() + 1);
                input.splice(to..to, part);
            }
            4 => {
                let other = pick(&mut random);
                let from = random.below(other.len() + 1);
                let until = (from + random.below(64)).min(other.len());
                input.splice(at..at, other[from..until].iter().copied());
            }
            _ => match words.get(random.below(words.len().max(1))) {
                Some(word) => drop(input.splice(at..at, word.bytes())),
                None => input.push(random.byte()),
            },
        }
    }
    input.truncate(4096);
    input
}

/// Numbers out of bytes.
struct Numbers(Vec<u8>, usize);

impl Numbers {
    fn byte(&mut self) -> u8 {
        self.1 += 1;
        self.0.get(self.1 % self.0.len().max(1)).copied().unwrap_or_default()
    }

    fn below(&mut self, end: usize) -> usize {
        usize::from(u16::from_le_bytes([self.byte(), self.byte()])) % end.max(1)
    }
}
