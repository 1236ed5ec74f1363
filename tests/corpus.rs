//! Do the log reader and the plan parser keep what the fuzz targets ask, for each file of their corpora?

#[path = "../fuzz/promises/log_reader.rs"]
mod log_reader;
#[path = "../fuzz/promises/plan_parser.rs"]
mod plan_parser;

use retrip_core::logger::{LogItem, LogScanner, SkipReason, Told};
use retrip_sim::plan::Plan;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

/// The files of a target's corpus, by name.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).expect("each target has a corpus");
    let file = |entry: fs::DirEntry| {
        let bytes = fs::read(entry.path()).expect("a corpus has files alone");
        (entry.file_name().to_string_lossy().into_owned(), bytes)
    };
    let mut files: Vec<_> = entries.map(|entry| file(entry.expect("it can be listed"))).collect();
    files.sort();
    assert!(!files.is_empty(), "nothing is in {}", folder.display());
    files
}

/// The files for which a promise is broken.
fn broken(target: &str, promise: impl Fn(&[u8]) + std::panic::RefUnwindSafe) -> Vec<String> {
    let breaks = |bytes: &[u8]| catch_unwind(|| promise(bytes)).is_err();
    corpus(target).into_iter().filter(|(_, bytes)| breaks(bytes)).map(|(name, _)| name).collect()
}

#[test]
fn the_log_reader_keeps_its_promises() {
    assert_eq!(broken("log_reader", log_reader::promise), [""; 0]);
    assert_eq!(broken("log_reader", log_reader::promise_behind_a_long_stretch), [""; 0]);
}

#[test]
fn the_plan_parser_keeps_its_promises() {
    assert_eq!(broken("plan_parser", plan_parser::promise), [""; 0]);
}

/// The name of a variant.
fn name(of: &impl Debug) -> String {
    format!("{of:?}").chars().take_while(|c| c.is_alphanumeric()).collect()
}

/// Everything that the reader can say of a file, but that a line is too long: what is checked in is small.
#[test]
fn the_corpus_of_the_log_reader_has_every_kind_of_damage() {
    let mut found = BTreeSet::new();
    for (_, bytes) in corpus("log_reader") {
        let mut scanner = LogScanner::new();
        scanner.push(&bytes);
        scanner.end();
        found.extend(std::iter::from_fn(|| scanner.take()).map(|item| match item {
            LogItem::Skipped(skipped) => match skipped.reason {
                SkipReason::NotJson(error) => name(&error),
                reason => name(&reason),
            },
            LogItem::Gap(gap) => match gap.told {
                Told::Announced => "Gap, announced".to_owned(),
                Told::Nowhere => "Gap".to_owned(),
            },
            item => name(&item),
        }));
    }
    let wanted = [
        "Announcement",
        "Ended",
        "Gap",
        "Gap, announced",
        "NoNewline",
        "NotAlone",
        "NotAnObject",
        "NotUtf8",
        "Record",
        "TooDeep",
        "TornTail",
        "Unexpected",
    ];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
}

/// Every reason for which a text is no plan.
#[test]
fn the_corpus_of_the_plan_parser_has_every_mistake() {
    let found: BTreeSet<String> = corpus("plan_parser")
        .iter()
        .filter_map(|(_, bytes)| String::from_utf8_lossy(bytes).parse::<Plan>().err())
        .map(|error| name(&error))
        .collect();
    let wanted = [
        "Bytes",
        "Choice",
        "Contradiction",
        "Crossed",
        "Deviation",
        "Drift",
        "Driver",
        "EndsTooEarly",
        "Engine",
        "Fault",
        "FaultWords",
        "Head",
        "Itself",
        "Name",
        "NeedlessEnd",
        "NoEnd",
        "NoOperation",
        "NoPoint",
        "Nothing",
        "Operation",
        "Rate",
        "Seed",
        "Share",
        "Time",
        "Twice",
        "Unknown",
        "Value",
        "Word",
    ];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
}
