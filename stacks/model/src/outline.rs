use crate::Span;
use crate::json::push_name;

/// The members and items of a text, each before those inside it, with the ranges that they cover.
///
/// It answers for any number of places what a text must be parsed for once.
#[derive(Debug, Default)]
pub struct Outline(Vec<Node>);

#[derive(Debug)]
struct Node {
    step: Step,
    span: Span,
    /// The place of the first node that is not inside it.
    next: usize,
}

#[derive(Debug)]
enum Step {
    Member(Box<str>),
    Item(usize),
}

impl Outline {
    /// Adds a member of an object, and what `inside` adds as what its value holds.
    pub fn member(&mut self, name: &str, span: Span, inside: impl FnOnce(&mut Self)) {
        self.node(Step::Member(name.into()), span, inside);
    }

    /// Adds an item of a list, and what `inside` adds as what it holds.
    pub fn item(&mut self, index: usize, span: Span, inside: impl FnOnce(&mut Self)) {
        self.node(Step::Item(index), span, inside);
    }

    fn node(&mut self, step: Step, span: Span, inside: impl FnOnce(&mut Self)) {
        let at = self.0.len();
        self.0.push(Node { step, span, next: at + 1 });
        inside(self);
        let next = self.0.len();
        if let Some(node) = self.0.get_mut(at) {
            node.next = next;
        }
    }

    /// Appends the path of the innermost member or item that covers a range, as `resource.x.policy.Statement[1]`.
    pub fn path(&self, span: Span, path: &mut String) {
        let (mut at, mut end) = (0, self.0.len());
        while let Some(node) = self.0.get(at).filter(|_| at < end) {
            if node.span.start > span.start || span.end > node.span.end {
                at = node.next;
                continue;
            }
            match &node.step {
                Step::Member(name) => push_name(path, name),
                Step::Item(index) => path.push_str(&format!("[{index}]")),
            }
            (at, end) = (at + 1, node.next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_that_covers_a_range_is_named() {
        let span = |start, end| Span { start, end };
        let mut outline = Outline::default();
        outline.member("a", span(0, 10), |it| it.member("b.c", span(2, 4), |_| ()));
        outline.member("d", span(12, 30), |it| {
            it.item(0, span(14, 16), |_| ());
            it.item(1, span(18, 28), |it| it.member("e", span(20, 26), |_| ()));
        });
        let path = |start, end| {
            let mut path = String::new();
            outline.path(span(start, end), &mut path);
            path
        };
        assert_eq!(path(2, 4), "a[\"b.c\"]");
        assert_eq!(path(5, 6), "a");
        assert_eq!(path(15, 15), "d[0]");
        assert_eq!(path(21, 22), "d[1].e");
        assert_eq!(path(16, 19), "d");
        assert_eq!(path(9, 13), "");
    }
}
