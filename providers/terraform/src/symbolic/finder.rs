use std::collections::HashMap;

/// Finds known texts in a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Finder {
    /// The texts by their first bytes, the longest first.
    by_start: HashMap<[u8; Finder::LEAST], Vec<(String, usize)>>,
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    /// What lies between.
    Between(&'t str),
    /// A text that was looked for, by its number.
    Found(usize, &'t str),
}

impl Finder {
    /// The least length of a text that can be found, in bytes.
    pub(crate) const LEAST: usize = 4;

    /// A finder of texts, numbered by their places; shorter ones than [`Self::LEAST`] are never found.
    pub(crate) fn new<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut by_start: HashMap<_, Vec<(String, usize)>> = HashMap::new();
        for (number, text) in texts.into_iter().enumerate() {
            if let Some(start) = start(text.as_bytes()) {
                by_start.entry(start).or_default().push((text.to_owned(), number));
            }
        }
        for texts in by_start.values_mut() {
            texts.sort_by(|(one, a), (other, b)| other.len().cmp(&one.len()).then(a.cmp(b)));
        }
        Self { by_start }
    }

    /// Whether any of the texts is in a text.
    pub(crate) fn finds_in(&self, text: &str) -> bool {
        self.split(text).iter().any(|piece| matches!(piece, Piece::Found(..)))
    }

    /// The pieces of a text in order: the leftmost of the texts, of several at one place the longest, and so on.
    pub(crate) fn split<'t>(&self, text: &'t str) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        let (mut from, mut at) = (0, 0);
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let known = start(rest.as_bytes()).and_then(|start| self.by_start.get(&start));
            let found = known.into_iter().flatten().find(|(known, _)| rest.starts_with(known.as_str()));
            match found {
                Some((known, number)) => {
                    pieces.extend(text.get(from..at).filter(|text| !text.is_empty()).map(Piece::Between));
                    at += known.len();
                    pieces.extend(rest.get(..known.len()).map(|found| Piece::Found(*number, found)));
                    from = at;
                }
                None => at += rest.chars().next().map_or(1, char::len_utf8),
            }
        }
        pieces.extend(text.get(from..).filter(|text| !text.is_empty()).map(Piece::Between));
        pieces
    }
}

fn start(bytes: &[u8]) -> Option<[u8; Finder::LEAST]> {
    bytes.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(texts: &[&str], text: &str) -> Vec<String> {
        let pieces = Finder::new(texts.iter().copied()).split(text);
        let spelled = |piece: &Piece<'_>| match piece {
            Piece::Between(text) => (*text).to_owned(),
            Piece::Found(number, text) => format!("<{number}:{text}>"),
        };
        pieces.iter().map(spelled).collect()
    }

    #[test]
    fn texts_are_found_wherever_they_stand() {
        assert_eq!(found(&["token"], "a token, é token"), ["a ", "<0:token>", ", é ", "<0:token>"]);
        assert_eq!(found(&["1234", "5678"], "12345678"), ["<0:1234>", "<1:5678>"]);
        assert_eq!(found(&["1234", "123456"], "1234567"), ["<1:123456>", "7"]);
        assert_eq!(found(&["1234"], "123"), ["123"]);
        assert_eq!(found(&["123"], "123"), ["123"]);
        assert_eq!(found(&["1234"], ""), Vec::<String>::new());
    }
}
