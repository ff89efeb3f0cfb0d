//! The `visavis` program: parse, run.

use std::process::ExitCode;

fn main() -> ExitCode {
    visavis::cli::run()
}
