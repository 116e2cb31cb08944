use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// What became of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Turned {
    /// It was read; its report as JSON.
    Read(Value),
    /// It was refused, with this message.
    Refused(String),
    /// It is none of the inputs that Narrows reads.
    Foreign,
    /// The program panicked.
    Panicked,
}

impl Turned {
    /// A refusal by the text on standard error.
    pub(super) fn refused(stderr: &str, file: &Path) -> Self {
        let text = stderr.replace(&file.display().to_string(), "FILE");
        // The message is broken into lines for a terminal.
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if ["expected a plan or a state", "expected `Resources` in it"]
            .iter()
            .any(|what| words.contains(what))
        {
            return Self::Foreign;
        }
        Self::Refused(text)
    }
}

/// Counts over many files.
#[derive(Debug, Default)]
pub struct Tally {
    files: usize,
    foreign: usize,
    read: usize,
    without_question: usize,
    verdicts: BTreeMap<String, usize>,
    /// Reasons of unknown verdicts, without what differs from file to file; with the first file.
    unknown: BTreeMap<String, (usize, PathBuf)>,
    refused: BTreeMap<String, (usize, PathBuf)>,
    panicked: Vec<PathBuf>,
}

impl Tally {
    /// Counts a file.
    pub fn add(&mut self, file: &Path, turned: &Turned) {
        self.files += 1;
        let note = |map: &mut BTreeMap<String, (usize, PathBuf)>, what: String| {
            map.entry(what).or_insert_with(|| (0, file.to_owned())).0 += 1;
        };
        match turned {
            Turned::Foreign => self.foreign += 1,
            Turned::Panicked => self.panicked.push(file.to_owned()),
            Turned::Refused(message) => note(&mut self.refused, first_line(message)),
            Turned::Read(report) => {
                self.read += 1;
                let verdicts =
                    report.get("verdicts").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                self.without_question += usize::from(verdicts.is_empty());
                for verdict in verdicts {
                    let text = |name: &str| verdict.get(name).and_then(Value::as_str);
                    *self.verdicts.entry(text("verdict").unwrap_or("?").to_owned()).or_default() += 1;
                    if let Some(reason) = text("reason") {
                        note(&mut self.unknown, general(reason));
                    }
                }
            }
        }
    }

    /// Whether a file made the program panic.
    pub fn panicked(&self) -> bool {
        !self.panicked.is_empty()
    }
}

/// How many reasons are listed.
const MOST: usize = 25;

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused: usize = self.refused.values().map(|(count, _)| count).sum();
        writeln!(f, "{:>7} files", self.files)?;
        writeln!(f, "{:>7} are no input", self.foreign)?;
        writeln!(f, "{:>7} read, {} of them with nothing to ask about", self.read, self.without_question)?;
        writeln!(f, "{refused:>7} refused")?;
        writeln!(f, "{:>7} panicked", self.panicked.len())?;
        for (verdict, count) in &self.verdicts {
            writeln!(f, "{count:>7} verdicts {verdict}")?;
        }
        list(f, "reasons of unknown verdicts", &self.unknown)?;
        list(f, "reasons of refusals", &self.refused)?;
        for file in &self.panicked {
            writeln!(f, "panicked: {}", file.display())?;
        }
        Ok(())
    }
}

fn list(
    f: &mut fmt::Formatter<'_>,
    heading: &str,
    found: &BTreeMap<String, (usize, PathBuf)>,
) -> fmt::Result {
    if found.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{heading}, most frequent first:")?;
    let mut sorted: Vec<_> = found.iter().collect();
    sorted.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(b.0)));
    for (what, (count, file)) in sorted.iter().take(MOST) {
        writeln!(f, "{count:>7} {what}\n        first in {}", file.display())?;
    }
    if sorted.len() > MOST {
        writeln!(f, "        and {} others", sorted.len() - MOST)?;
    }
    Ok(())
}

/// The first line that says something.
fn first_line(message: &str) -> String {
    let mut lines = message.lines().map(|line| line.trim_start_matches([' ', '×', '│', 'x', '|']).trim());
    general(lines.find(|line| !matches!(*line, "" | "FILE:")).unwrap_or_default())
}

/// A text without what differs from file to file: quoted names, ARNs and numbers.
fn general(text: &str) -> String {
    let mut out = String::new();
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '`' => {
                if !quoted {
                    out.push_str("`…`");
                }
                quoted = !quoted;
            }
            _ if quoted => {}
            c => out.push(c),
        }
    }
    let words = out.split_whitespace().map(|word| {
        let named = ["arn:", "aws_", "AWS::", "s3:", "FILE"].iter().any(|start| word.starts_with(start));
        if named && word.len() > 12 || word.chars().any(|c| c.is_ascii_digit()) { "…" } else { word }
    });
    let mut words: Vec<&str> = words.collect();
    words.dedup_by(|a, b| a == b && *a == "…");
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn counts_and_reasons_are_gathered() {
        let mut tally = Tally::default();
        let unknown = |name: &str| json!({"verdicts": [{"verdict": "unknown", "reason": format!("the policy of `{name}` is not known")}]});
        tally.add(Path::new("a.json"), &Turned::Read(unknown("one")));
        tally.add(Path::new("b.json"), &Turned::Read(unknown("two")));
        tally.add(Path::new("c.json"), &Turned::Read(json!({"verdicts": []})));
        tally.add(
            Path::new("d.json"),
            &Turned::refused("  × unexpected `x` in line 7\n  help: y", Path::new("d.json")),
        );
        // A long name of a file stands in a line of its own.
        tally.add(
            Path::new("g.json"),
            &Turned::refused("  × g.json:\n  │ unexpected `y` in line 8", Path::new("g.json")),
        );
        tally.add(Path::new("e.json"), &Turned::Foreign);
        insta::assert_snapshot!(tally.to_string(), @r"
              6 files
              1 are no input
              3 read, 1 of them with nothing to ask about
              2 refused
              0 panicked
              2 verdicts unknown

        reasons of unknown verdicts, most frequent first:
              2 the policy of `…` is not known
                first in a.json

        reasons of refusals, most frequent first:
              2 unexpected `…` in line …
                first in d.json
        ");
        assert!(!tally.panicked());
        tally.add(Path::new("f.json"), &Turned::Panicked);
        assert!(tally.panicked());
    }
}
