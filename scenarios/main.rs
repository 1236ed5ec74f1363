//! The command line of the catalogue.

use std::process::ExitCode;

fn main() -> ExitCode {
    retrip_sim::cli::main(retrip::catalogue())
}
