//! Where the policies of a file stand, and their annotations: Cedar's trees do not tell.

use std::ops::Range;

/// The place of a policy, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its annotations, such as `@id("x")`, by their names without `@`.
    pub annotations: Vec<(String, Range<usize>)>,
    /// What follows them: the word `permit` or `forbid`.
    pub effect: Range<usize>,
}

impl Place {
    /// The place of an annotation; that of the policy where it has none of this name.
    pub fn of(&self, annotation: &str) -> Range<usize> {
        let named = self.annotations.iter().find(|(name, _)| name == annotation);
        named.map_or_else(|| self.effect.clone(), |(_, place)| place.clone())
    }
}

/// The places of the policies of a text that Cedar has parsed, in their order.
pub(crate) fn places(text: &str) -> Vec<Place> {
    let mut found = Vec::new();
    let mut place = Place::default();
    let mut rest = text;
    let at = |rest: &str| text.len() - rest.len();
    while let Some(c) = rest.chars().next() {
        let start = at(rest);
        rest = match c {
            '/' if rest.starts_with("//") => rest.trim_start_matches(|c| c != '\n'),
            '"' => after_string(rest),
            '@' => {
                let (name, after) = word(rest.trim_start_matches('@').trim_start());
                // A value stands in parentheses; without one there is nothing.
                let value =
                    after.trim_start().strip_prefix('(').map(|value| after_string(value.trim_start()));
                let end = value.and_then(|it| it.trim_start().strip_prefix(')')).unwrap_or(after);
                place.annotations.push((name.to_owned(), start..at(end)));
                end
            }
            ';' => {
                found.push(std::mem::take(&mut place));
                rest.get(1..).unwrap_or_default()
            }
            c if c.is_ascii_alphabetic() => {
                let (_, after) = word(rest);
                if place.effect == (0..0) {
                    place.effect = start..at(after);
                }
                after
            }
            c => rest.get(c.len_utf8()..).unwrap_or_default(),
        };
    }
    found
}

/// The word that a text begins with, and the rest.
fn word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    text.split_at(end)
}

/// What follows the string that a text begins with.
fn after_string(text: &str) -> &str {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '"' => return text.get(at + 1..).unwrap_or_default(),
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_and_annotations_are_found_where_they_stand() {
        let text = "// @not(\"one\"); forbid\n@id(\"a \\\" @no(\\\"\")\n@each ( \"bucket\" )\n@later\nforbid (principal, \
                    action, resource) when { resource.name == \"@x(;\" };\npermit(principal, action, resource);\n@id(\"é\")";
        let found = places(text);
        let shown: Vec<Vec<&str>> = found
            .iter()
            .map(|it| {
                it.annotations
                    .iter()
                    .map(|(_, place)| place)
                    .chain([&it.effect])
                    .map(|at| text.get(at.clone()).unwrap())
                    .collect()
            })
            .collect();
        assert_eq!(
            shown,
            [vec!["@id(\"a \\\" @no(\\\"\")", "@each ( \"bucket\" )", "@later", "forbid"], vec!["permit"]]
        );
        assert_eq!(text.get(found[0].of("each")).unwrap(), "@each ( \"bucket\" )");
        assert_eq!(text.get(found[0].of("severity")).unwrap(), "forbid");
    }
}
