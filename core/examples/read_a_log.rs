//! A log with damage in it is read to its end: `cargo run -p retrip-core --example read_a_log`.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use retrip_core::logger::{
    Filter, JsonLogReader, Level, LogItem, Logger, MemorySink, read_json_log,
};
use std::{error::Error, fs, process};

fn main() -> Result<(), Box<dyn Error>> {
    let kept = MemorySink::new();
    let logger = Logger::named("app").to(kept.clone());
    for text in ["one", "two", "three"] {
        logger.info(text);
    }
    logger.critical("four");
    let lines = kept.lines();
    // The second line is lost, there is something between, and the last one is torn by a crash.
    let file = format!("{}\nnoise\n{}\n{}\n{{\"timest", lines[0], lines[2], lines[3]);
    let path = std::env::temp_dir().join(format!("read_a_log-{}.jsonl", process::id()));
    fs::write(&path, file)?;

    // Item by item, in bounded memory, however long the file is.
    for item in JsonLogReader::new(fs::File::open(&path)?) {
        match item? {
            LogItem::Record(record) => println!("{}", record.message().unwrap_or_default()),
            LogItem::Announcement(said) => println!("lost, and said so: {:?}", said.seqs),
            LogItem::Gap(gap) => println!("missing: {:?}", gap.seqs),
            LogItem::Skipped(skipped) => println!("no record in line {}", skipped.line),
            LogItem::TornTail(tail) => println!("line {} is torn", tail.line),
            _ => println!("something that this program does not know"),
        }
    }
    // All at once, and what passes a filter.
    let log = read_json_log(&fs::read(&path)?);
    let grave = Filter::new().least_level(Level::Error).choose(&log.records);
    println!("{} of {} are errors", grave.len(), log.records.len());
    fs::remove_file(path)?;
    Ok(())
}
