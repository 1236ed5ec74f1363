//! The command line over the catalogue of this crate.

fn main() {}
