//! A log file that is put aside once it is large: `cargo run -p retrip-core --example log_to_a_file`.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use retrip_core::door::System;
use retrip_core::logger::{EventType, FileSink, Logger, Rotation, StreamSink, read_json_log};
use std::num::NonZeroU64;
use std::{error::Error, fs, io, process, time::Duration};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("log_to_a_file-{}", process::id()));
    fs::create_dir_all(&folder)?;
    // Aside at two thousand bytes, and no more than two old files. While the disk is full, errors go to standard error.
    let size = NonZeroU64::new(2000).ok_or("a size is above zero")?;
    let file = FileSink::append(&System, &folder.join("app.jsonl"))?;
    let file = file.rotate(Rotation::at_size(size).keeping(2));
    let logger = Logger::named("app").fallback(StreamSink::new(io::stderr())).to(file);

    for page in 1..=40 {
        let event = logger.event(EventType::McpToolCompleted).message("page read");
        event.field("page", page).field("duration_ms", Duration::from_micros(1500)).log();
    }
    logger.error(&io::Error::from(io::ErrorKind::TimedOut));
    // Whoever wants to know that it is on the disk asks for that.
    logger.flush()?;

    let mut names: Vec<_> = fs::read_dir(&folder)?.collect::<Result<_, _>>()?;
    names.sort_by_key(fs::DirEntry::file_name);
    for name in names {
        let records = read_json_log(&fs::read(name.path())?).records;
        println!("{}: {} lines", name.file_name().display(), records.len());
    }
    println!("{} written, {} lost", logger.stats().written, logger.stats().dropped_in_all());
    fs::remove_dir_all(folder)?;
    Ok(())
}
