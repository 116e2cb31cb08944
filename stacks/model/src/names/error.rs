use std::fmt;

/// A text that is not the name it should be: what was expected, what came, and the nearest valid name where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    what: &'static str,
    got: String,
    expected: String,
    nearest: Option<String>,
}

impl NameError {
    pub(crate) fn new(what: &'static str, got: &str, expected: impl Into<String>) -> Self {
        Self { what, got: got.to_owned(), expected: expected.into(), nearest: None }
    }

    pub(crate) fn with_nearest(mut self, nearest: Option<String>) -> Self {
        self.nearest = nearest;
        self
    }

    /// The valid name that is nearest to what came, where one is near enough to suggest.
    pub fn nearest(&self) -> Option<&str> {
        self.nearest.as_deref()
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not {}: expected {}", self.got, self.what, self.expected)?;
        match &self.nearest {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for NameError {}

/// The candidate nearest to a misspelt word, if one is near enough to be meant.
///
/// Case is ignored; at most a third of the word (and at least two letters) may differ. Ties go to the first candidate.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(2);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
