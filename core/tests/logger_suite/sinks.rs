//! A file as a sink: durable on flush, and continued after a crash on a line of its own.

use crate::lab::Lab;
use retrip_core::door::System;
use retrip_core::logger::{
    EventType, FileSink, Level, Logger, MemorySink, Record, Rotation, SyncPolicy, read_json_log,
};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

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

#[test]
fn a_log_that_has_to_begin_leaves_a_file_that_is_there_as_it_is() {
    let path = scratch_file("begins");
    let sink = FileSink::create_new(&System, &path).expect("there is none");
    let logger = Logger::on(System, "llm", sink);
    logger.info("one");
    logger.flush().expect("a real file can be synced");
    let error = FileSink::create_new(&System, &path).expect_err("there is one");
    assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
    logger.info("two");
    let log = read_json_log(&std::fs::read(&path).expect("it is there"));
    let messages: Vec<_> = log.records.iter().filter_map(|record| record.message()).collect();
    assert_eq!(messages, ["one", "two"]);
    std::fs::remove_file(&path).expect("the test owns this file");
}

/// An empty folder of this test.
fn scratch_folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let folder = folder.join(format!("{name}-{}", std::process::id()));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the test owns this folder");
    }
    std::fs::create_dir(&folder).expect("the directory is writable");
    folder
}

/// The names in a folder, each with the messages of the file.
fn files(folder: &Path) -> Vec<(String, Vec<String>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| {
            let entry = entry.expect("it can be read");
            let read = read_json_log(&std::fs::read(entry.path()).expect("it is a file"));
            assert_eq!(read.skipped.len(), 0);
            let messages = read.records.iter().filter_map(Record::message).map(str::to_owned);
            (entry.file_name().to_string_lossy().into_owned(), messages.collect())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn a_file_that_would_be_too_long_is_put_aside_and_the_oldest_are_removed() {
    let folder = scratch_folder("rotation");
    let path = folder.join("app.jsonl");
    // What an earlier try has left behind is in nobody's way.
    std::fs::write(folder.join("app.jsonl.new"), b"left behind").expect("it is writable");
    let size = NonZeroU64::new(400).expect("it is not zero");
    let sink = FileSink::append(&System, &path).expect("the file opens");
    let sink = sink.rotate(Rotation::at_size(size).keeping(2)).sync(SyncPolicy::Every);
    let logger = Logger::on(System, "llm", sink);
    for number in 1..=9 {
        // Two of them are within 400 bytes, three are not.
        logger.info(&format!("{number}"));
    }
    let wanted = [
        ("app.jsonl", vec!["9"]),
        ("app.jsonl.000003", vec!["5", "6"]),
        ("app.jsonl.000004", vec!["7", "8"]),
    ];
    let found = files(&folder);
    let found: Vec<_> = found
        .iter()
        .map(|(name, messages)| (&name[..], messages.iter().map(|text| &text[..]).collect()))
        .collect::<Vec<(&str, Vec<&str>)>>();
    assert_eq!(found, wanted);
    let stats = logger.stats();
    assert_eq!((stats.written, stats.failed_rotations, stats.failed_syncs), (9, 0, 0));
    std::fs::remove_dir_all(&folder).expect("the test owns this folder");
}

#[test]
fn a_file_that_somebody_moves_away_is_opened_anew_when_asked() {
    let folder = scratch_folder("reopen");
    let path = folder.join("app.jsonl");
    let hang_up = Arc::new(AtomicBool::new(false));
    let sink = FileSink::append(&System, &path).expect("the file opens");
    let logger = Logger::on(System, "llm", sink.reopen_when(hang_up.clone()));
    logger.info("before");
    std::fs::rename(&path, folder.join("moved")).expect("it is there");
    logger.info("nobody has asked yet");
    hang_up.store(true, SeqCst);
    logger.info("after");
    assert!(!hang_up.load(SeqCst), "it is done");
    let found = files(&folder);
    assert_eq!(found[0], ("app.jsonl".to_owned(), vec!["after".to_owned()]));
    assert_eq!(found[1].1, ["before", "nobody has asked yet"]);
    std::fs::remove_dir_all(&folder).expect("the test owns this folder");
}

#[test]
fn the_newline_that_ends_a_torn_line_counts_for_the_size() {
    let whole = MemorySink::new();
    Logger::on(Lab::new(), "llm", whole.clone()).info("first");
    let line = whole.bytes().len();
    // With the newline the file is one byte too long for one more line.
    for (size, names) in [(line + 4, 2), (line + 5, 1)] {
        let folder = scratch_folder("newline");
        let path = folder.join("app.jsonl");
        std::fs::write(&path, b"torn").expect("it is writable");
        let size = NonZeroU64::new(size as u64).expect("it is not zero");
        let lab = Lab::new();
        let sink = FileSink::append(&lab, &path).expect("the file opens");
        Logger::on(lab, "llm", sink.rotate(Rotation::at_size(size))).info("first");
        let found = std::fs::read_dir(&folder).expect("the folder is there").count();
        assert_eq!(found, names, "at {size} bytes");
        std::fs::remove_dir_all(&folder).expect("the test owns this folder");
    }
}

#[test]
fn a_file_that_cannot_be_put_aside_is_written_on_and_tried_again() {
    let folder = scratch_folder("refused");
    let path = folder.join("app.jsonl");
    let lab = Lab::new();
    let sink = FileSink::append(&lab, &path).expect("the file opens");
    let size = NonZeroU64::new(1).expect("it is not zero");
    let logger = Logger::on(lab.clone(), "llm", sink.rotate(Rotation::at_size(size)));
    logger.info("1");
    lab.refuses_the_next_rename();
    for message in ["2", "3"] {
        logger.info(message);
    }
    assert_eq!(
        files(&folder),
        [("app.jsonl".to_owned(), ["1", "2", "3"].map(str::to_owned).into())]
    );
    lab.advance(10_000_000);
    logger.info("4");
    let found: Vec<_> = files(&folder).into_iter().map(|(_, messages)| messages).collect();
    assert_eq!(found, [vec!["4"], vec!["1", "2", "3"]]);
    assert_eq!(logger.stats().failed_rotations, 1);
    std::fs::remove_dir_all(&folder).expect("the test owns this folder");
}

#[test]
fn an_old_file_that_cannot_be_removed_is_counted_and_costs_no_line() {
    let folder = scratch_folder("kept");
    let path = folder.join("app.jsonl");
    let in_the_way = folder.join("app.jsonl.000001");
    std::fs::create_dir(&in_the_way).expect("it is writable");
    let lab = Lab::new();
    let sink = FileSink::append(&lab, &path).expect("the file opens");
    let size = NonZeroU64::new(1).expect("it is not zero");
    let logger = Logger::on(lab, "llm", sink.rotate(Rotation::at_size(size).keeping(0)));
    logger.info("1");
    logger.info("2");
    assert_eq!(logger.stats().failed_rotations, 1);
    std::fs::remove_dir(&in_the_way).expect("it is still there");
    assert_eq!(files(&folder), [("app.jsonl".to_owned(), vec!["2".to_owned()])]);
    std::fs::remove_dir_all(&folder).expect("the test owns this folder");
}

#[test]
fn lines_are_made_durable_when_the_policy_says_so_and_before_their_file_is_put_aside() {
    let folder = scratch_folder("durable");
    // A sync of a name fails each time, and is counted.
    let syncs = |policy, rotation: Option<Rotation>| {
        let lab = Lab::new();
        lab.refuses_folder_syncs();
        let path = folder.join("app.jsonl");
        let sink = FileSink::append(&lab, &path).expect("the file opens").sync(policy);
        let sink = rotation.into_iter().fold(sink, FileSink::rotate);
        let logger = Logger::on(lab, "llm", sink);
        let levels = [Level::Info, Level::Error, Level::Critical];
        let syncs = levels.map(|level| {
            logger.event(EventType::Custom).level(level).log();
            logger.stats().failed_syncs
        });
        let flushed = logger.flush().is_ok();
        std::fs::remove_file(path).expect("the test owns this file");
        (syncs, logger.stats().failed_syncs, flushed)
    };
    assert_eq!(syncs(SyncPolicy::Never, None), ([0, 0, 0], 0, true));
    assert_eq!(syncs(SyncPolicy::OnFlush, None), ([0, 0, 0], 1, false));
    assert_eq!(syncs(SyncPolicy::AtLevel(Level::Error), None), ([0, 1, 2], 3, false));
    assert_eq!(syncs(SyncPolicy::Every, None), ([1, 2, 3], 4, false));
    let each = Some(Rotation::at_size(NonZeroU64::MIN));
    assert_eq!(syncs(SyncPolicy::OnFlush, each), ([0, 1, 2], 3, false));
    assert_eq!(syncs(SyncPolicy::Never, each), ([0, 0, 0], 0, true));
    std::fs::remove_dir_all(&folder).expect("the test owns this folder");
}

#[test]
fn a_file_is_put_aside_with_each_hour_also_where_the_program_began_anew() {
    const MINUTE: u64 = 60_000_000_000;
    let folder = scratch_folder("hours");
    let path = folder.join("app.jsonl");
    let lab = Lab::new();
    let start = || {
        let sink = FileSink::append(&lab, &path).expect("the file opens");
        let hourly = Rotation::every(std::time::Duration::from_secs(3600));
        Logger::on(lab.clone(), "llm", sink.rotate(hourly))
    };
    let logger = start();
    logger.info("12:00");
    lab.advance(59 * MINUTE);
    logger.info("12:59");
    lab.advance(MINUTE);
    logger.info("13:00");
    lab.advance(MINUTE);
    logger.info("13:01");
    drop(logger);
    // In the same hour it goes on with the file, and in the next one it does not.
    let logger = start();
    logger.info("13:01, again");
    drop(logger);
    lab.advance(59 * MINUTE);
    let logger = start();
    logger.info("14:00");
    assert_eq!(logger.stats().failed_rotations, 0);
    let wanted: [(&str, &[&str]); 3] = [
        ("app.jsonl", &["14:00"]),
        ("app.jsonl.000001", &["12:00", "12:59"]),
        ("app.jsonl.000002", &["13:00", "13:01", "13:01, again"]),
    ];
    let told = |(name, messages): &(&str, &[&str])| {
        ((*name).to_owned(), messages.iter().map(|message| (*message).to_owned()).collect())
    };
    assert_eq!(files(&folder), wanted.iter().map(told).collect::<Vec<_>>());
    std::fs::remove_dir_all(&folder).expect("the test owns this folder");
}

#[cfg(unix)]
#[test]
fn a_file_whose_name_is_no_text_is_put_aside_as_others() {
    use std::os::unix::ffi::OsStrExt;
    let folder = scratch_folder("no-text");
    let path = folder.join(std::ffi::OsStr::from_bytes(b"app\xff.jsonl"));
    let sink = FileSink::append(&System, &path).expect("the file opens");
    let each = Rotation::at_size(NonZeroU64::MIN).keeping(2);
    let logger = Logger::on(System, "llm", sink.rotate(each));
    for message in ["1", "2", "3", "4", "5"] {
        logger.info(message);
    }
    assert_eq!(logger.stats().failed_rotations, 0);
    let messages: Vec<_> = files(&folder).into_iter().map(|(_, messages)| messages).collect();
    assert_eq!(messages, [["5"], ["3"], ["4"]]);
    std::fs::remove_dir_all(&folder).expect("the test owns this folder");
}
