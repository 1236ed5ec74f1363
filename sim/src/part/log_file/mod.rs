//! A logger that writes to a file of the simulated disk, and what is in that file.

mod contents;
mod files;
mod operation;
pub(crate) mod words;

pub use operation::{LogFileOperation, LogFileOperationError};

use super::tasks::{note, text};
use super::{Live, Operation, Part, Reading, reading};
use crate::engine::threads::Sim;
use crate::log::{Name, Value, What};
use contents::{counted, counted_further, ended, int, tell_lines, told};
use retrip_core::door::{Clock, Instant};
use retrip_core::logger::{
    DropReason, EventType, FileSink, Level, Logger, LoggerBuilder, Queue, RateLimit, Rotation,
    SyncPolicy, read_json_log,
};
use std::path::PathBuf;
use std::sync::Arc;
use words::{
    BEGINS_TO_FLUSH, BEGINS_TO_SHUT_DOWN, COUNTS, FILTERS, FLUSHES, HAS_ROOM, HOLDS_BACK, KEEPS,
    LOSES, LOSES_POWER, OUTLIVES, QUEUES, SHUTS_DOWN, WRITES, field,
};

/// A logger and its file. Each event that an actor logs is told, with its number or why it has none; a reading tells line by line
/// what the file holds, and then what the logger has counted.
#[derive(Clone, Debug)]
pub struct LogFile {
    name: Name,
    path: PathBuf,
    rotation: Option<Rotation>,
    sync: SyncPolicy,
    queue: Option<Queue>,
    limit: Option<RateLimit>,
    /// The name of one more file.
    copy: Option<Name>,
    /// The name of the file of the fallback.
    fallback: Option<Name>,
}

impl LogFile {
    /// A logger called `name`, one word, which appends to `NAME.jsonl` in the folder `logs`.
    ///
    /// # Panics
    /// The name is no word.
    pub fn named(name: impl Into<Name>) -> Self {
        let name = name.into();
        assert!(!name.is_empty() && !name.contains([' ', ';']), "{name:?} is no word");
        let path = path_of(&name);
        let (rotation, sync) = (None, SyncPolicy::default());
        Self { name, path, rotation, sync, queue: None, limit: None, copy: None, fallback: None }
    }

    /// It appends to `NAME.jsonl` instead, as another logger may do at the same time. A reading then tells of the lines of both.
    #[must_use]
    pub fn appends_to(self, name: &str) -> Self {
        Self { path: path_of(name), ..self }
    }

    /// The file is put aside in time. A reading is of all files, in their order.
    #[must_use]
    pub fn rotates(self, rotation: Rotation) -> Self {
        Self { rotation: Some(rotation), ..self }
    }

    /// Lines are made durable as `policy` says.
    #[must_use]
    pub fn syncs(self, policy: SyncPolicy) -> Self {
        Self { sync: policy, ..self }
    }

    /// Lines wait for a thread of their own, which has to be shut down in the end.
    #[must_use]
    pub fn queues(self, queue: Queue) -> Self {
        Self { queue: Some(queue), ..self }
    }

    /// What comes too often is held back.
    #[must_use]
    pub fn limits(self, limit: RateLimit) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// Every line goes to `NAME.jsonl` as well. Its lines and its counts are told of under that name, with the same readings and flushes.
    #[must_use]
    pub fn copies_to(self, name: impl Into<Name>) -> Self {
        Self { copy: Some(name.into()), ..self }
    }

    /// What is lost and matters goes to `NAME.jsonl`, on the same disk. Its lines are told of under that name, with the same readings.
    #[must_use]
    pub fn falls_back_to(self, name: impl Into<Name>) -> Self {
        Self { fallback: Some(name.into()), ..self }
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

    /// Somebody shuts the logger down.
    #[must_use]
    pub fn shuts_down(&self) -> Operation {
        self.does(&LogFileOperation::ShutsDown)
    }

    /// Whatever else is on the disk leaves room for so many bytes more, or all there may be where nothing is said.
    #[must_use]
    pub fn has_room(&self, bytes: Option<u64>) -> Operation {
        self.does(&LogFileOperation::HasRoom(bytes))
    }

    /// Somebody reads the file.
    #[must_use]
    pub fn is_read(&self) -> Operation {
        self.does(&LogFileOperation::IsRead)
    }

    /// Somebody looks at what would be left of the file if the power failed now.
    #[must_use]
    pub fn loses_power(&self) -> Operation {
        self.does(&LogFileOperation::LosesPower)
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
        operation::FORMS.map(|form| format!("{} {form}", self.name)).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let sink = FileSink::append(sim, &self.path)
            .expect("nothing goes wrong with a disk before the run has begun")
            .sync(self.sync);
        let sink = match self.rotation {
            Some(rotation) => sink.rotate(rotation),
            None => sink,
        };
        let mut builder = LoggerBuilder::new(*sim, &self.name);
        if let Some(limit) = self.limit {
            builder = builder.rate_limit(limit);
        }
        if let Some(copy) = &self.copy {
            let sink = FileSink::append(sim, &path_of(copy));
            builder = builder.also_to(sink.expect("nothing goes wrong with a disk yet"));
        }
        if let Some(fallback) = &self.fallback {
            let sink = FileSink::append(sim, &path_of(fallback));
            builder = builder.fallback(sink.expect("nothing goes wrong with a disk yet"));
        }
        let logger = match self.queue {
            None => builder.to(sink),
            Some(queue) => {
                builder.to_queue(sink, queue).expect("a run has room for one thread more")
            }
        };
        Arc::new(LiveLogFile { logger, part: self.clone() })
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
                let result = event.message(&message).try_log();
                self.tell(sim, self.logged(&message, began, result));
            }
            LogFileOperation::Flushes => {
                self.tell(sim, note(BEGINS_TO_FLUSH, Vec::new()));
                self.tell_all(sim, &ended(FLUSHES, self.logger.flush()));
            }
            LogFileOperation::ShutsDown => {
                self.tell(sim, note(BEGINS_TO_SHUT_DOWN, Vec::new()));
                self.tell_all(sim, &ended(SHUTS_DOWN, self.logger.shutdown()));
            }
            LogFileOperation::HasRoom(bytes) => {
                sim.change_disk(|disk| {
                    disk.limit_bytes(bytes.map(|bytes| disk.taken().saturating_add(bytes)));
                });
                let bytes = bytes.map(|bytes| (Name::from(field::BYTES), int(bytes)));
                self.tell(sim, note(HAS_ROOM, bytes.into_iter().collect()));
            }
            LogFileOperation::IsRead => self.is_read(sim),
            LogFileOperation::LosesPower => self.loses_power(sim),
        }
    }
}

impl LiveLogFile {
    fn tell(&self, sim: &Sim, what: What) {
        sim.record(&self.part.name, what);
    }

    /// Tells it of both files.
    fn tell_all(&self, sim: &Sim, what: &What) {
        for name in [Some(&self.part.name), self.part.copy.as_ref()].into_iter().flatten() {
            sim.record(name, what.clone());
        }
    }

    /// What became of an event.
    fn logged(&self, message: &str, began: Instant, result: Result<u64, DropReason>) -> What {
        let message = (Name::from(""), text(message));
        let began = (Name::from(field::BEGAN), Value::Instant(began));
        match result {
            Ok(seq) => {
                let verb = if self.part.queue.is_some() { QUEUES } else { WRITES };
                note(verb, vec![message, (Name::from(field::SEQ), int(seq)), began])
            }
            Err(DropReason::Dropped(cause)) => {
                let cause = (Name::from(field::CAUSE), text(&cause.to_string()));
                note(LOSES, vec![message, cause, began])
            }
            Err(DropReason::RateLimited) => note(HOLDS_BACK, vec![message, began]),
            Err(_) => note(FILTERS, vec![message]),
        }
    }

    fn is_read(&self, sim: &Sim) {
        let rescued = self.part.fallback.as_ref().map(|fallback| {
            // Before its lines are looked at: who rescues one meanwhile has counted it later.
            let rescued = self.logger.stats().rescued;
            tell_lines(sim, fallback, &path_of(fallback));
            rescued
        });
        tell_lines(sim, &self.part.name, &self.part.path);
        let stats = self.logger.stats();
        let mut counts = counted(&stats);
        if self.part.queue.is_none() {
            counts.retain(|(name, _)| &**name != field::MOST_BYTES);
        }
        if self.part.limit.is_none() {
            counts.retain(|(name, _)| &**name != field::NOTICES);
        }
        if let Some(rescued) = rescued {
            counts.push((Name::from(field::RESCUED), int(rescued)));
        }
        self.tell(sim, note(COUNTS, counts));
        if let (Some(copy), Some(further)) = (&self.part.copy, stats.further.first()) {
            tell_lines(sim, copy, &path_of(copy));
            sim.record(copy, note(COUNTS, counted_further(&stats, further)));
        }
    }

    fn loses_power(&self, sim: &Sim) {
        // What is promised at this moment has to outlive what comes after it.
        self.tell(sim, note(LOSES_POWER, Vec::new()));
        let contents = files::in_order(&sim.disk_after_power_failure(), &self.part.path);
        let mut lines = 0;
        for record in contents.iter().flat_map(|content| read_json_log(content).records) {
            if record.event_type() != Some(EventType::LogDropped) {
                self.tell(sim, note(KEEPS, told(&record)));
                lines += 1;
            }
        }
        self.tell(sim, note(OUTLIVES, vec![(Name::from(field::COUNT), int(lines))]));
    }
}

fn path_of(name: &str) -> PathBuf {
    PathBuf::from(format!("logs/{name}.jsonl"))
}
