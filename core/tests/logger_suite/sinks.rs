//! A file as a sink: durable on flush, and continued after a crash on a line of its own.

use retrip_core::door::System;
use retrip_core::logger::{FileSink, Logger, read_json_log};
use std::path::PathBuf;

fn scratch_file(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = directory.join(format!("{name}-{}.jsonl", std::process::id()));
    if path.exists() {
        std::fs::remove_file(&path).expect("the test owns this file");
    }
    path
}

#[test]
fn a_torn_file_is_continued_on_a_line_of_its_own() {
    let path = scratch_file("torn");
    std::fs::write(&path, b"{\"timestamp\":\"20").expect("the directory is writable");
    for message in ["first", "second"] {
        let sink = FileSink::append(&System, &path).expect("the file opens");
        let logger = Logger::on(System, "llm", sink);
        logger.info(message);
        logger.flush().expect("a real file can be synced");
    }
    let content = std::fs::read(&path).expect("it was written");
    assert!(content.starts_with(b"{\"timestamp\":\"20\n{"));
    let log = read_json_log(&content);
    let messages: Vec<_> = log.records.iter().filter_map(|record| record.message()).collect();
    assert_eq!(messages, ["first", "second"]);
    assert_eq!(log.skipped.len(), 1);
    std::fs::remove_file(&path).expect("the test owns this file");
}

#[test]
fn a_directory_is_no_file_and_says_so() {
    let error = FileSink::append(&System, env!("CARGO_TARGET_TMPDIR").as_ref())
        .expect_err("a directory cannot be appended to");
    assert_eq!(error.kind(), std::io::ErrorKind::IsADirectory);
}
