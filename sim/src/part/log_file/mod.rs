//! A logger that writes to a file of the simulated disk, and what is in that file.

mod operation;
pub(crate) mod words;

pub use operation::{LogFileOperation, LogFileOperationError};

use super::tasks::{note, text};
use super::{Live, Operation, Part, Reading, reading};
use crate::engine::threads::Sim;
use crate::log::{Name, Value, What};
use retrip_core::door::{Clock, Disk, Instant};
use retrip_core::logger::{
    DropReason, EventType, FileSink, Level, Logger, Record, Stats, read_json_log,
};
use std::path::PathBuf;
use std::sync::Arc;
use words::{ANNOUNCES, COUNTS, FILTERS, FLUSHES, HOLDS, LOSES, READ, SKIPS, WRITES, field};

/// A logger and its file. Each event that an actor logs is told, with its number or why it has none; a reading tells line by line
/// what the file holds, and then what the logger has counted.
#[derive(Clone, Debug)]
pub struct LogFile {
    name: Name,
    path: PathBuf,
}

impl LogFile {
    /// A logger called `name`, one word, which appends to `NAME.jsonl` in the folder `logs`.
    ///
    /// # Panics
    /// The name is no word.
    pub fn named(name: impl Into<Name>) -> Self {
        let name = name.into();
        assert!(!name.is_empty() && !name.contains([' ', ';']), "{name:?} is no word");
        let path = PathBuf::from(format!("logs/{name}.jsonl"));
        Self { name, path }
    }

    /// Somebody logs `message` at `level`.
    #[must_use]
    pub fn logs(&self, level: Level, message: &str) -> Operation {
        self.does(&LogFileOperation::Logs(level, message.to_owned()))
    }

    /// Somebody flushes the logger.
    #[must_use]
    pub fn flushes(&self) -> Operation {
        self.does(&LogFileOperation::Flushes)
    }

    /// Somebody reads the file.
    #[must_use]
    pub fn is_read(&self) -> Operation {
        self.does(&LogFileOperation::IsRead)
    }

    fn does(&self, operation: &LogFileOperation) -> Operation {
        Operation::new(format_args!("{} {operation}", self.name))
    }

    /// What is said of this logger in `operation`.
    fn own<'o>(&self, operation: &'o str) -> Option<&'o str> {
        operation.strip_prefix(&*self.name)?.strip_prefix(' ')
    }
}

impl Part for LogFile {
    fn reads(&self, operation: &str) -> Reading {
        match self.own(operation) {
            Some(own) => reading::<LogFileOperation>(own, true),
            None => Reading::NotMine,
        }
    }

    fn forms(&self) -> Vec<String> {
        ["logs LEVEL TEXT", "flushes", "is read"]
            .map(|form| format!("{} {form}", self.name))
            .to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let sink = FileSink::append(sim, &self.path)
            .expect("nothing goes wrong with a disk before the run has begun");
        Arc::new(LiveLogFile { logger: Logger::on(*sim, &self.name, sink), part: self.clone() })
    }
}

struct LiveLogFile {
    logger: Logger<Sim>,
    part: LogFile,
}

impl Live for LiveLogFile {
    fn perform(&self, sim: &Sim, operation: &str) {
        let own = self.part.own(operation).expect("an operation is read before it is performed");
        match own.parse().expect("an operation is read before it is performed") {
            LogFileOperation::Logs(level, message) => {
                let began = sim.now();
                let event = self.logger.event(EventType::Custom).level(level);
                self.tell(sim, logged(&message, began, event.message(&message).try_log()));
            }
            LogFileOperation::Flushes => {
                let error = self.logger.flush().err();
                let error = error.map(|error| (Name::from(field::ERROR), text(&error.to_string())));
                self.tell(sim, note(FLUSHES, error.into_iter().collect()));
            }
            LogFileOperation::IsRead => self.is_read(sim),
        }
    }
}

impl LiveLogFile {
    fn tell(&self, sim: &Sim, what: What) {
        sim.record(&self.part.name, what);
    }

    fn is_read(&self, sim: &Sim) {
        // Where it cannot be read there is nothing in it, which whoever promises something of it will say.
        let content = Disk::read(sim, &self.part.path).unwrap_or_default();
        let log = read_json_log(&content);
        self.tell(sim, note(READ, vec![(Name::from(field::COUNT), int(content.len() as u64))]));
        for record in &log.records {
            let before = content[..record.offset].last();
            let is_glued = before.is_some_and(|&byte| byte != b'\n');
            self.tell(sim, held(record, is_glued));
        }
        let torn = log.torn_tail.map(|at| at as u64);
        let skipped = log.skipped.iter().map(|skipped| skipped.offset as u64);
        for at in skipped.chain(torn) {
            self.tell(sim, note(SKIPS, vec![(Name::from(field::AT), int(at))]));
        }
        self.tell(sim, counted(&self.logger.stats()));
    }
}

/// What became of an event.
fn logged(message: &str, began: Instant, result: Result<u64, DropReason>) -> What {
    let message = (Name::from(""), text(message));
    let began = (Name::from(field::BEGAN), Value::Instant(began));
    match result {
        Ok(seq) => note(WRITES, vec![message, (Name::from(field::SEQ), int(seq)), began]),
        Err(DropReason::Dropped(cause)) => {
            note(LOSES, vec![message, (Name::from(field::CAUSE), text(&cause.to_string())), began])
        }
        Err(_) => note(FILTERS, vec![message]),
    }
}

/// A line of the file, and whether it stands behind something else.
fn held(record: &Record, is_glued: bool) -> What {
    let number = |key: &str| int(record.get(key).and_then(|value| value.as_u64()).unwrap_or(0));
    let (verb, mut fields) = if record.event_type() == Some(EventType::LogDropped) {
        let numbers = [
            (field::SEQ, number("seq")),
            (field::FIRST, number("first_seq")),
            (field::LAST, number("last_seq")),
            (field::COUNT, number("count")),
        ];
        (ANNOUNCES, Vec::from(numbers.map(|(name, value)| (Name::from(name), value))))
    } else {
        let message = (Name::from(""), text(record.message().unwrap_or_default()));
        (HOLDS, vec![message, (Name::from(field::SEQ), number("seq"))])
    };
    if is_glued {
        fields.push((Name::from(field::GLUED), Value::Flag(true)));
    }
    note(verb, fields)
}

/// What the logger has counted.
fn counted(stats: &Stats) -> What {
    let counts = [
        (field::OFFERED, stats.offered),
        (field::FILTERED, stats.filtered),
        (field::RATE_LIMITED, stats.rate_limited),
        (field::ACCEPTED, stats.accepted),
        (field::WRITTEN, stats.written),
        (field::DROPPED, stats.dropped_in_all()),
        (field::BUFFERED, stats.buffered),
        (field::ANNOUNCED, stats.announced),
    ];
    note(COUNTS, counts.map(|(name, count)| (Name::from(name), int(count))).into())
}

fn int(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
