//! Any bytes, read as a plan: `cargo fuzz run plan_parser`.

#![no_main]

#[path = "../promises/plan_parser.rs"]
mod plan_parser;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| plan_parser::promise(bytes));
