//! Does `logs` show what log files hold, and say what is wrong with them?

use crate::command::{RETRIP, Said, command, say};
use retrip_core::door::System;
use retrip_core::logger::{EventType, FileSink, Level, LogContext, LogField, Logger, MemorySink};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use tempfile::TempDir;

/// A log file of five lines, which the logger writes.
fn log(path: &Path) -> Logger {
    let sink = FileSink::append(&System, path).expect("the folder is writable");
    let logger = Logger::named("llm").threshold(Level::Debug).to(sink);
    let context = LogContext::new().with(LogField::RequestId, "r-1");
    let context = context.with(LogField::Component, "search");
    logger.debug("begins");
    {
        let _scope = logger.enter(&context);
        logger.event(EventType::McpToolInvoked).message("asking").field("words", "two words").log();
        logger.event(EventType::McpToolFailed).message("no\nanswer").field("attempt", 2).log();
    }
    logger.message(Level::Warning, "slow");
    logger.message(Level::Critical, "ends");
    logger
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("app.jsonl");
    (folder, path)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("it is text")
}

fn logs(path: &Path, more: &[&str]) -> Said {
    say(RETRIP, &[&["logs", text(path)][..], more].concat())
}

/// The lines without the time, which nobody knows.
fn untimed(said: &Said) -> Vec<&str> {
    said.out.lines().map(|line| line.split_once("Z  ").expect("a time comes first").1).collect()
}

#[test]
fn records_are_printed_for_people() {
    let (_folder, path) = folder();
    log(&path);
    let said = logs(&path, &[]);
    assert_eq!((said.code, &*said.err), (Some(0), ""), "{}", said.out);
    let wanted = [
        "DEBUG     llm  custom  begins  seq=1",
        "INFO      llm  mcp.tool.invoked  asking  seq=2 request_id=r-1 component=search words=\"two words\"",
        "ERROR     llm  mcp.tool.failed  no\\nanswer  seq=3 request_id=r-1 component=search attempt=2",
        "WARNING   llm  custom  slow  seq=4",
        "CRITICAL  llm  custom  ends  seq=5",
    ];
    assert_eq!(untimed(&said), wanted);
    let raw = logs(&path, &["--json"]);
    assert_eq!(raw.out, fs::read_to_string(&path).expect("it is there"));
}

#[test]
fn a_filter_chooses_and_filters_go_together() {
    let (_folder, path) = folder();
    log(&path);
    for (flags, seqs) in [
        (&["--level", "error"][..], &["3"][..]),
        (&["--at-least", "WARNING"], &["3", "4", "5"]),
        (&["--event", "mcp.tool.invoked"], &["2"]),
        (&["--component", "search"], &["2", "3"]),
        (&["--request", "r-1"], &["2", "3"]),
        (&["--request", "r-1", "--at-least", "error"], &["3"]),
        (&["--request", "r-2"], &[]),
        (&["--seq", "2..4"], &["2", "3"]),
        (&["--seq", "2..=4"], &["2", "3", "4"]),
        (&["--seq", "5"], &["5"]),
        (&["--since", "2020-01-01"], &["1", "2", "3", "4", "5"]),
        (&["--until", "2020-01-01T12:00:00+01:00"], &[]),
        (&["--since", "9999-12-31"], &[]),
    ] {
        let said = logs(&path, flags);
        assert_eq!((said.code, &*said.err), (Some(0), ""), "{flags:?}");
        let seq = |line: &str| line.split_once("seq=").map(|(_, rest)| rest[..1].to_owned());
        let found: Vec<_> = said.out.lines().filter_map(seq).collect();
        assert_eq!(found, seqs, "{flags:?}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said_whatever_the_filter() {
    let (_folder, path) = folder();
    log(&path);
    let whole = fs::read(&path).expect("it is there");
    let lines: Vec<_> = whole.split_inclusive(|&byte| byte == b'\n').collect();
    // The second line is torn and glued to the third, the fourth is gone, and the file ends within a line.
    let file = [lines[0], &lines[1][..20], lines[2], lines[4], b"{\"time"].concat();
    fs::write(&path, &file).expect("it is writable");
    let said = logs(&path, &["--level", "critical"]);
    assert_eq!(said.code, Some(1));
    assert_eq!(untimed(&said), ["CRITICAL  llm  custom  ends  seq=5"]);
    let (name, second) = (text(&path), lines[0].len());
    let tail = file.len() - 6;
    let wanted = format!(
        "skipped: 20 bytes in 1 place\n  \
           {name}, line 2, byte {second}: 20 bytes: the line is not JSON: byte 22 does not belong there\n\
         torn: the last line of 1 file\n  \
           {name}, line 4, byte {tail}: 6 bytes\n\
         missing: 2 numbers, and no line says that they are lost\n  \
           {name}: 2\n  \
           {name}: 4\n"
    );
    assert_eq!(said.err, wanted);
}

#[test]
fn announced_losses_are_named_with_their_causes_and_are_no_damage() {
    let (_folder, path) = folder();
    let line = concat!(
        r#"{"seq":4,"event_type":"log.dropped","message":"events were lost","first_seq":2,"last_seq":3,"#,
        r#""count":2,"by_cause":{"sink_error(StorageFull)":2}}"#,
    );
    fs::write(&path, format!("{{\"seq\":1}}\n{line}\n")).expect("it is writable");
    let said = logs(&path, &[]);
    assert_eq!(said.code, Some(0));
    assert_eq!(said.err, "announced: 2 events lost: 2 sink_error(StorageFull)\n");
    assert!(said.out.starts_with("-  -         -  -  -  seq=1\n"), "{}", said.out);
    // Without the number that it announces, it is one.
    let fewer = line.replace("\"first_seq\":2", "\"first_seq\":3");
    fs::write(&path, format!("{{\"seq\":1}}\n{fewer}\n")).expect("it is writable");
    assert_eq!(logs(&path, &[]).code, Some(1));
}

#[test]
fn a_hundred_places_are_counted_and_the_first_ten_are_named() {
    let (_folder, path) = folder();
    fs::write(&path, "not JSON\n".repeat(100)).expect("it is writable");
    let said = logs(&path, &[]);
    assert_eq!((said.code, &*said.out), (Some(1), ""));
    assert!(said.err.starts_with("skipped: 800 bytes in 100 places\n"), "{}", said.err);
    assert!(said.err.contains(", line 10, byte 81: 8 bytes: "), "{}", said.err);
    assert!(said.err.ends_with("\n  and 90 more\n"), "{}", said.err);
    assert_eq!(said.err.lines().count(), 12, "{}", said.err);
}

#[test]
fn files_are_read_in_their_order_and_an_archive_is_continued() {
    let (folder, path) = folder();
    let archive = folder.path().join("app.jsonl.000001");
    let other = folder.path().join("other.jsonl");
    fs::write(&archive, "{\"seq\":1}\n{\"seq\":2}\n").expect("it is writable");
    fs::write(&path, "{\"seq\":4}\n").expect("it is writable");
    fs::write(&other, "{\"seq\":9}\n").expect("it is writable");
    let read = |files: &[&Path]| {
        let files: Vec<&str> = files.iter().map(|path| text(path)).collect();
        say(RETRIP, &[&["logs", "--json"][..], &files].concat())
    };
    let said = read(&[&archive, &path, &other]);
    assert_eq!(said.out, "{\"seq\":1}\n{\"seq\":2}\n{\"seq\":4}\n{\"seq\":9}\n");
    assert_eq!(said.code, Some(1));
    let missing =
        format!("missing: 1 number, and no line says that they are lost\n  {}: 3\n", text(&path));
    assert_eq!(said.err, missing);
    let said = read(&[&path, &archive]);
    assert_eq!((said.code, &*said.err), (Some(0), ""), "{}", said.out);
    assert_eq!(said.out, "{\"seq\":4}\n{\"seq\":1}\n{\"seq\":2}\n");
}

#[test]
fn the_standard_input_is_a_file_too() {
    let mut child = command(RETRIP, &["logs", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(b"{\"seq\":1}\n{\"seq\"").expect("it reads");
    drop(input);
    let said = Said::from(child.wait_with_output().expect("it ends"));
    assert_eq!((said.code, &*said.out), (Some(1), "{\"seq\":1}\n"));
    assert!(said.err.ends_with("  standard input, line 2, byte 10: 6 bytes\n"), "{}", said.err);
}

#[test]
fn a_wrong_name_or_value_is_named_and_nothing_is_printed() {
    let (folder, path) = folder();
    log(&path);
    let refused = |arguments: &[&str], words: &[&str]| {
        let said = say(RETRIP, &[&["logs"][..], arguments].concat());
        assert_eq!((said.code, &*said.out), (Some(2), ""), "{}", said.err);
        for word in words {
            assert!(said.err.contains(word), "`{word}` is not in: {}", said.err);
        }
    };
    let good = text(&path);
    let missing = folder.path().join("missing");
    refused(&[good, text(&missing)], &["missing`", "name a file, or -"]);
    refused(&[good, text(folder.path())], &[text(folder.path()), "directory", "name a file"]);
    refused(&[], &["<FILE>"]);
    refused(&["-", "-"], &["named twice", "leave out one `-`"]);
    refused(&[good, "-", "--follow"], &["leave out --follow"]);
    refused(&[good, "--level", "warn"], &["warn", "DEBUG, INFO, WARNING, ERROR, CRITICAL"]);
    refused(&[good, "--level", "info", "--at-least", "info"], &["--level", "--at-least"]);
    refused(&[good, "--event", "tool"], &["\"tool\" is no event type", "mcp.tool.invoked"]);
    refused(&[good, "--since", "noon"], &["`noon` is no time", "2026-01-31T12:00:00Z"]);
    refused(&[good, "--until", "2026-02-30"], &["`2026-02-30` is no time"]);
    refused(&[good, "--seq", "20..10"], &["`20..10` holds no number"]);
    refused(&[good, "--seq", "many"], &["`many` names no sequence numbers", "10..20"]);
}

#[test]
fn a_log_that_nobody_reads_to_its_end_keeps_its_verdict() {
    let (_folder, path) = folder();
    // Longer than what a pipe holds.
    fs::write(&path, "{\"seq\":1}\n".repeat(50_000) + "torn").expect("it is writable");
    let mut child = command(RETRIP, &["logs", "--json", text(&path)])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    out.read_line(&mut line).expect("it says something");
    drop(out);
    assert_eq!((&*line, child.wait().expect("it ends").code()), ("{\"seq\":1}\n", Some(1)));
}

/// A process that follows `path`, and what it prints.
fn following(path: &Path) -> (Child, BufReader<ChildStdout>) {
    let mut child = command(RETRIP, &["logs", "--json", "--follow", text(path)])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let out = BufReader::new(child.stdout.take().expect("it is piped"));
    (child, out)
}

fn next(out: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    out.read_line(&mut line).expect("it is read");
    line
}

fn append(path: &Path, text: &str) {
    let mut file = File::options().append(true).open(path).expect("it is there");
    file.write_all(text.as_bytes()).expect("it is writable");
}

#[test]
fn a_file_is_followed_into_the_one_that_takes_its_place_until_an_interrupt() {
    let (folder, path) = folder();
    fs::write(&path, "{\"seq\":1}\n{\"seq\"").expect("it is writable");
    let (child, mut out) = following(&path);
    assert_eq!(next(&mut out), "{\"seq\":1}\n");
    append(&path, ":2}\n");
    assert_eq!(next(&mut out), "{\"seq\":2}\n");
    // What comes to the file after it was moved away is read before the new one, and the numbers go on.
    fs::rename(&path, folder.path().join("moved")).expect("it is there");
    append(&folder.path().join("moved"), "{\"seq\":3}\n");
    assert_eq!(next(&mut out), "{\"seq\":3}\n");
    let new = folder.path().join("new");
    // It is longer than all that was read, so that its length does not tell that it is another one.
    let fifth = format!("{{\"seq\":5,\"message\":\"{}\"}}\n", "long".repeat(20));
    fs::write(&new, &fifth).expect("it is writable");
    fs::rename(&new, &path).expect("it is there");
    assert_eq!(next(&mut out), fifth);
    // It is cut, as `copytruncate` does, and begins anew.
    fs::write(&path, "").expect("it is writable");
    append(&path, "{}\n");
    assert_eq!(next(&mut out), "{}\n");
    append(&path, "[]\n{\"seq\":6}\n");
    assert_eq!(next(&mut out), "{\"seq\":6}\n");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
    let said = Said::from(child.wait_with_output().expect("it ends"));
    // That a number is missing outweighs that it was interrupted.
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.err.ends_with(&format!("\n  {}: 4\n", text(&path))), "{}", said.err);
}

#[test]
fn a_file_that_is_put_aside_again_and_again_is_followed_through_all_of_its_archives() {
    let (_folder, path) = folder();
    let archive = |number: u32| path.with_added_extension(format!("{number:06}"));
    // It was there before, and is not read.
    fs::write(archive(7), "{\"seq\":1}\n").expect("it is writable");
    fs::write(&path, "{\"seq\":2}\n").expect("it is writable");
    let (child, mut out) = following(&path);
    assert_eq!(next(&mut out), "{\"seq\":2}\n");
    // It moves on only to what is there when it looks again: three files at once come to the folder, the last one under the name that it
    // follows.
    fs::write(archive(9), "{\"seq\":4}\n").expect("it is writable");
    fs::write(archive(10), "{\"seq\":5}\n").expect("it is writable");
    append(&path, "{\"seq\":3}\n");
    fs::rename(&path, archive(8)).expect("it is there");
    let new = path.with_added_extension("new");
    fs::write(&new, "{\"seq\":6}\n").expect("it is writable");
    fs::rename(&new, &path).expect("it is there");
    for seq in 3..=6 {
        assert_eq!(next(&mut out), format!("{{\"seq\":{seq}}}\n"));
    }
    // And once more, from the file that it came to last.
    append(&path, "{\"seq\":7}\n");
    fs::rename(&path, archive(11)).expect("it is there");
    fs::write(&path, "{\"seq\":8}\n").expect("it is writable");
    for seq in 7..=8 {
        assert_eq!(next(&mut out), format!("{{\"seq\":{seq}}}\n"));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
    let said = Said::from(child.wait_with_output().expect("it ends"));
    assert_eq!(said.code, Some(75), "no number is missing: {}", said.err);
}

#[test]
fn loggers_that_share_a_file_have_numbers_of_their_own() {
    let (_folder, path) = folder();
    let (one, other) = (log(&path), log(&path));
    for logger in [&one, &other, &one] {
        logger.info("goes on");
    }
    let said = logs(&path, &[]);
    assert_eq!((said.code, &*said.err), (Some(0), ""), "{}", said.out);
}

#[test]
fn a_file_of_some_events_may_lack_numbers_where_that_is_said() {
    let (_folder, path) = folder();
    let least = FileSink::append(&System, &path).expect("the folder is writable");
    let logger = Logger::named("llm").also_to_at(Level::Error, least).to(MemorySink::new());
    for level in [Level::Error, Level::Info, Level::Error] {
        logger.message(level, "m");
    }
    let said = logs(&path, &[]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains(": 2\n"), "{}", said.err);
    let said = logs(&path, &["--sparse"]);
    assert_eq!((said.code, &*said.err), (Some(0), ""), "{}", said.out);
    append(&path, "{\"torn");
    assert_eq!(logs(&path, &["--sparse"]).code, Some(1), "that is all it says");
}

#[test]
fn a_file_that_is_followed_and_sound_ends_as_interrupted() {
    let (_folder, path) = folder();
    fs::write(&path, "{\"seq\":1}\n{\"unfinished\"").expect("it is writable");
    let (child, mut out) = following(&path);
    assert_eq!(next(&mut out), "{\"seq\":1}\n");
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
    let said = Said::from(child.wait_with_output().expect("it ends"));
    // A line that somebody may be writing is not torn.
    assert_eq!(said.code, Some(75), "{}", said.err);
    assert!(!said.err.contains("torn"), "{}", said.err);
}

#[test]
fn nobody_is_followed_for_whom_nobody_reads() {
    let (_folder, path) = folder();
    fs::write(&path, "{\"seq\":1}\n").expect("it is writable");
    let (mut child, mut out) = following(&path);
    assert_eq!(next(&mut out), "{\"seq\":1}\n");
    drop(out);
    // A process that another test is just starting has this end of the pipe as well until it has begun, and what is written meanwhile is not
    // missed by anybody.
    let mut seq = 1;
    let ended = loop {
        seq += 1;
        append(&path, &format!("{{\"seq\":{seq}}}\n"));
        if let Some(ended) = child.try_wait().expect("it is a child") {
            break ended;
        }
        std::thread::yield_now();
    };
    assert_eq!(ended.code(), Some(0));
}
