//! Any bytes, read as a log file: `cargo fuzz run log_reader`.

#![no_main]

#[path = "../promises/log_reader.rs"]
mod log_reader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    log_reader::promise(bytes);
    // Not each time, because it is slow.
    if bytes.len().is_multiple_of(64) {
        log_reader::promise_behind_a_long_stretch(bytes);
    }
});
