//! Results go to standard output; a reader that has seen enough (`| head`) is no error.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

use crate::problem::Problem;

/// Prints a line of the result.
///
/// # Errors
/// Where the output cannot be written, such as to a full disk.
pub(in crate::cli) fn line(text: impl Display) -> Result<(), Problem> {
    write(&mut std::io::stdout().lock(), text)
}

fn write(out: &mut impl Write, text: impl Display) -> Result<(), Problem> {
    match writeln!(out, "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Problem::new("cannot write the result", "standard output", error, "give it a place with room"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Refuses every byte for one reason.
    struct Closed(ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_is_written_and_a_reader_may_leave() {
        let mut out = Vec::new();
        write(&mut out, 7).unwrap();
        assert_eq!(out, b"7\n");
        assert_eq!(write(&mut Closed(ErrorKind::BrokenPipe), "text"), Ok(()));
        let problem = write(&mut Closed(ErrorKind::StorageFull), "text").unwrap_err();
        assert_eq!(problem.place, "standard output");
    }
}
