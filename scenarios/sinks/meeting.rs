//! The part whose values wait, while they print themselves, until others have logged: `app logs what waits for 2`, `app logs and comes`.

use retrip_core::door::{Condvar, Guard, Mutex, SyncPrimitives};
use retrip_core::logger::{EventType, Logger, Sink};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use std::fmt;
use std::io;
use std::str::FromStr;
use std::sync::Arc;

/// A value has met whom it waited for.
pub(super) const MEETS: &str = "meets";
/// A line is written, with its text.
pub(super) const WRITES: &str = "writes";
/// An event has a line, with the number that its caller was told.
pub(super) const LOGS: &str = "logs";

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MeetingOperation {
    /// Logs a value that waits, while it prints itself, until so many have come.
    Waits(u32),
    /// Logs, and comes.
    Comes,
}

impl fmt::Display for MeetingOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waits(count) => write!(f, "app logs what waits for {count}"),
            Self::Comes => f.write_str("app logs and comes"),
        }
    }
}

/// The text is none of the forms of [`MeetingOperation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotDone;

impl FromStr for MeetingOperation {
    type Err = NotDone;

    fn from_str(text: &str) -> Result<Self, NotDone> {
        if text == "app logs and comes" {
            return Ok(Self::Comes);
        }
        let count = text.strip_prefix("app logs what waits for ").ok_or(NotDone)?;
        count.parse().map(Self::Waits).map_err(|_| NotDone)
    }
}

/// A logger whose values wait for those who log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meeting;

/// How many have come.
struct Place {
    come: <Sim as SyncPrimitives>::Mutex<u32>,
    more: <Sim as SyncPrimitives>::Condvar,
}

struct LiveMeeting {
    logger: Logger<Sim>,
    place: Arc<Place>,
}

/// Tells of each line.
struct TellingSink {
    sim: Sim,
}

/// A value that waits when it prints itself.
struct Waiting<'p> {
    sim: Sim,
    place: &'p Place,
    count: u32,
}

impl Meeting {
    pub(super) fn does(self, operation: MeetingOperation) -> Operation {
        Operation::new(operation)
    }
}

impl Part for Meeting {
    fn reads(&self, operation: &str) -> Reading {
        reading::<MeetingOperation>(operation, operation.split(' ').next() == Some("app"))
    }

    fn forms(&self) -> Vec<String> {
        ["app logs what waits for COUNT", "app logs and comes"].map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let place = Place { come: sim.mutex(0), more: sim.condvar() };
        let logger = Logger::on(*sim, "app", TellingSink { sim: *sim });
        Arc::new(LiveMeeting { logger, place: Arc::new(place) })
    }
}

impl Sink for TellingSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        tell(&self.sim, WRITES, Value::Text(Name::from(&*line)));
        Ok(bytes.len())
    }
}

impl fmt::Display for Waiting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("waits, ")?;
        let mut come: Guard<'_, Sim, u32> = self.place.come.lock();
        while *come < self.count {
            come = self.place.more.wait(come);
        }
        drop(come);
        tell(&self.sim, MEETS, Value::Int(self.count.into()));
        write!(f, "and meets {}", self.count)
    }
}

impl Live for LiveMeeting {
    fn perform(&self, sim: &Sim, operation: &str) {
        let event = self.logger.event(EventType::Custom);
        let result = match operation.parse().expect("an operation is read before it is performed") {
            MeetingOperation::Waits(count) => {
                let value = Waiting { sim: *sim, place: &self.place, count };
                event.message_of(&value).try_log()
            }
            MeetingOperation::Comes => {
                let result = event.message("comes").try_log();
                *self.place.come.lock() += 1;
                self.place.more.notify_all();
                result
            }
        };
        let seq = result.ok().and_then(|seq| i64::try_from(seq).ok());
        tell(sim, LOGS, Value::Int(seq.unwrap_or(-1)));
    }
}

fn tell(sim: &Sim, verb: &str, what: Value) {
    let fields = vec![(Name::from(""), what)];
    sim.record(&Name::from("app"), What::Note { verb: Name::from(verb), fields });
}
