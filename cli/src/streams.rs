use crate::failure::Failure;
use narrows_checks::render::Style;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// Where a run writes to.
pub struct Streams<'a> {
    /// Results.
    pub stdout: Stream<'a>,
    /// Everything else.
    pub stderr: Stream<'a>,
}

/// One output stream and how text is laid out on it.
pub struct Stream<'a> {
    writer: &'a mut dyn Write,
    style: Style,
    closed: bool,
    /// Whether a person watches, so that a line may be replaced by the next.
    live: bool,
    /// Whether a line stands there that is to be replaced.
    pending: bool,
}

impl<'a> Stream<'a> {
    /// A stream with a layout of its own.
    pub fn new(writer: &'a mut dyn Write, style: Style) -> Self {
        Self { writer, style, closed: false, live: false, pending: false }
    }

    /// How text is laid out on it.
    pub fn style(&self) -> Style {
        self.style
    }

    /// Writes text. A reader that has gone away (`narrows check | head`) is no failure: the rest is dropped.
    pub(crate) fn write(&mut self, text: &str) -> Result<(), Failure> {
        self.progress("")?;
        self.put(text)
    }

    /// Where text is written in pieces, as [`Stream::write`] does at once.
    pub(crate) fn pieces(&mut self) -> Result<impl Write, Failure> {
        self.progress("")?;
        Ok(io::BufWriter::with_capacity(PIECE, Pieces(self)))
    }

    /// Shows what is being done, in the place of what was shown before, until something is written; nothing where nobody
    /// watches.
    pub(crate) fn progress(&mut self, text: &str) -> Result<(), Failure> {
        if !self.live || (text.is_empty() && !self.pending) {
            return Ok(());
        }
        self.pending = !text.is_empty();
        self.put(&format!("\r\x1b[2K{text}"))
    }

    fn put(&mut self, text: &str) -> Result<(), Failure> {
        let written = Pieces(self).write_all(text.as_bytes());
        written.map_err(|error| Failure::new(format!("the output cannot be written: {error}")))
    }
}

/// How many bytes of a text are written at once.
const PIECE: usize = 64 << 10;

/// A stream as a writer.
struct Pieces<'s, 'a>(&'s mut Stream<'a>);

impl Write for Pieces<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Stream { writer, closed, .. } = &mut *self.0;
        if !*closed {
            match writer.write_all(bytes).and_then(|()| writer.flush()) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => *closed = true,
                written => written?,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> Streams<'a> {
    /// The streams of this process: coloured on terminals, unless `NO_COLOR` is set or `TERM` is `dumb`.
    pub(crate) fn of_process(
        stdout: &'a mut io::StdoutLock<'static>,
        stderr: &'a mut io::StderrLock<'static>,
    ) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let allowed = !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let style = |terminal: bool, width: Option<usize>| style(terminal, width, allowed);
        let columns = |size: Option<(terminal_size::Width, terminal_size::Height)>| {
            size.map(|(terminal_size::Width(columns), _)| usize::from(columns))
        };
        let out = style(stdout.is_terminal(), columns(terminal_size::terminal_size_of(&*stdout)));
        let err = style(stderr.is_terminal(), columns(terminal_size::terminal_size_of(&*stderr)));
        let live = allowed && stderr.is_terminal();
        Self { stdout: Stream::new(stdout, out), stderr: Stream { live, ..Stream::new(stderr, err) } }
    }
}

/// The layout on a stream: that of the terminal where it is one, but neither too narrow nor too wide to read.
fn style(terminal: bool, width: Option<usize>, colour: bool) -> Style {
    match width.filter(|_| terminal) {
        Some(width) => Style { colour, width: width.clamp(60, 120) },
        None => Style { colour: colour && terminal, ..Style::PLAIN },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_as_wide_as_the_terminal_within_bounds() {
        let width = |columns| style(true, Some(columns), true).width;
        assert_eq!([20, 60, 87, 120, 300].map(width), [60, 60, 87, 120, 120]);
        assert_eq!(style(true, None, true), Style { colour: true, width: 100 });
        // What goes to a file or a pipe is the same on each machine.
        assert_eq!(style(false, Some(87), true), Style::PLAIN);
        assert!(!style(true, Some(87), false).colour);
    }
}
