//! Which types a configuration may use, as far as its text tells without being understood.

use std::collections::BTreeSet;

/// The words of a configuration's files.
#[derive(Clone, Debug, Default)]
pub struct Used<'t> {
    /// All words, of which some are types.
    words: BTreeSet<&'t str>,
    /// Those that stand where a block or a reference has its type.
    labels: BTreeSet<&'t str>,
}

/// The words after which a type stands, in HCL and in JSON.
const BEFORE_TYPES: [&str; 3] = ["resource", "data", "ephemeral"];

impl<'t> Used<'t> {
    /// Reads the files of a configuration with all its modules.
    pub fn of(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut used = Self::default();
        for text in texts {
            let mut before = "";
            for word in text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))) {
                if word.is_empty() {
                    continue;
                }
                used.words.insert(word);
                if BEFORE_TYPES.contains(&before) {
                    used.labels.insert(word);
                }
                before = word;
            }
        }
        used
    }

    /// Whether a type may be used.
    pub(super) fn has(&self, type_name: &str) -> bool {
        self.words.contains(type_name)
    }

    /// Whether a type of a provider is written that it does not have: then an engine says which one it is like, for which it
    /// must know them all.
    pub(super) fn is_misspelt(&self, source: &str, has_type: impl Fn(&str) -> bool) -> bool {
        let provider = source.rsplit('/').next().unwrap_or(source);
        let is_of_it = |word: &str| word.strip_prefix(provider).is_some_and(|rest| rest.starts_with('_'));
        self.labels.iter().any(|label| is_of_it(label) && !has_type(label))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_words_wherever_they_stand() {
        let used = Used::of([
            "resource \"aws_s3_bucket\" \"data\" {\n  bucket = aws_vpc.main.id\n}",
            r#"{"data": {"aws_region": {}}}"#,
        ]);
        for name in ["aws_s3_bucket", "aws_vpc", "aws_region"] {
            assert!(used.has(name), "{name}");
        }
        assert!(!used.has("aws_s3"));
    }

    #[test]
    fn a_type_that_a_provider_does_not_have_is_noticed_where_types_stand() {
        let is_misspelt = |text| {
            Used::of([text])
                .is_misspelt("registry.terraform.io/hashicorp/aws", |name| name == "aws_s3_bucket")
        };
        assert!(is_misspelt("resource \"aws_s3_buket\" \"data\" {}"));
        assert!(is_misspelt("x = data.aws_regoin.here"));
        assert!(!is_misspelt("resource \"aws_s3_bucket\" \"aws_data\" {}\nvariable \"aws_region\" {}"));
        assert!(!is_misspelt("resource \"awsx_thing\" \"x\" {}\nresource \"random_pet\" \"x\" {}"));
    }
}
