//! The part whose sink and whose values log through the logger that runs them, panic and take their time: `app logs what panics`.

use retrip_core::logger::{DropCause, DropReason, EventType, Logger, Sink};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use std::fmt;
use std::io;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// An event begins, its line is written, it is over.
pub(super) const BEGINS: &str = "begins";
pub(super) const WRITES: &str = "writes";
pub(super) const ENDS: &str = "ends";
/// Something that was logged from within has no line.
pub(super) const IS_REFUSED: &str = "is refused";
/// How many the logger has refused.
pub(super) const COUNTS: &str = "counts";

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MirrorOperation {
    Logs(Kind),
    Counts,
}

/// What the value of an event does when it prints itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Prints,
    Logs,
    Panics,
    /// Takes its time.
    Blocks,
}

pub(super) const KINDS: [(Kind, &str); 4] = [
    (Kind::Prints, "prints"),
    (Kind::Logs, "logs"),
    (Kind::Panics, "panics"),
    (Kind::Blocks, "blocks"),
];

impl fmt::Display for MirrorOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Logs(kind) => {
                let word = KINDS.iter().find(|(own, _)| own == kind).map_or("", |(_, word)| word);
                write!(f, "app logs what {word}")
            }
            Self::Counts => f.write_str("app counts"),
        }
    }
}

/// The text is none of the forms of [`MirrorOperation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotDone;

impl FromStr for MirrorOperation {
    type Err = NotDone;

    fn from_str(text: &str) -> Result<Self, NotDone> {
        if text == "app counts" {
            return Ok(Self::Counts);
        }
        let word = text.strip_prefix("app logs what ").ok_or(NotDone)?;
        let kind = KINDS.iter().find(|(_, own)| *own == word).ok_or(NotDone)?.0;
        Ok(Self::Logs(kind))
    }
}

/// A logger whose sink logs too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mirror;

type Own = Arc<OnceLock<Logger<Sim>>>;

/// Logs once for each line that it is given.
struct LoggingSink {
    sim: Sim,
    /// The logger that it serves; empty once the run is over, so that neither keeps the other.
    logger: std::sync::Weak<OnceLock<Logger<Sim>>>,
}

struct LiveMirror {
    logger: Own,
}

/// A value that does something when it prints itself.
struct Acting<'l> {
    sim: Sim,
    kind: Kind,
    logger: &'l Logger<Sim>,
}

/// The payload of a panic that a script asks for.
struct PlannedPanic;

impl Mirror {
    pub(super) fn does(self, operation: MirrorOperation) -> Operation {
        Operation::new(operation)
    }
}

impl Part for Mirror {
    fn reads(&self, operation: &str) -> Reading {
        reading::<MirrorOperation>(operation, operation.split(' ').next() == Some("app"))
    }

    fn forms(&self) -> Vec<String> {
        ["app logs what prints|logs|panics|blocks", "app counts"].map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let logger = Own::default();
        let sink = LoggingSink { sim: *sim, logger: Arc::downgrade(&logger) };
        let own = Logger::on(*sim, "app", sink);
        logger.set(own).expect("it is set once");
        Arc::new(LiveMirror { logger })
    }
}

impl Sink for LoggingSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        tell(&self.sim, WRITES, Value::Text(Name::from(line.trim_end_matches('\n'))));
        if let Some(logger) = self.logger.upgrade()
            && let Some(logger) = logger.get()
        {
            try_from_within(&self.sim, logger);
        }
        Ok(bytes.len())
    }
}

impl fmt::Display for Acting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("so far")?;
        match self.kind {
            Kind::Prints => {}
            Kind::Logs => try_from_within(&self.sim, self.logger),
            Kind::Panics => std::panic::panic_any(PlannedPanic),
            Kind::Blocks => self.sim.sleep(Duration::from_millis(20)),
        }
        f.write_str(", and done")
    }
}

/// Logs through a logger that is running the caller.
fn try_from_within(sim: &Sim, logger: &Logger<Sim>) {
    refused(sim, logger.event(EventType::Custom).message("from within").try_log());
}

fn refused(sim: &Sim, result: Result<u64, DropReason>) {
    if let Err(reason) = result {
        let cause = match reason {
            DropReason::Dropped(cause @ DropCause::Reentrant) => cause.to_string(),
            other => other.to_string(),
        };
        tell(sim, IS_REFUSED, Value::Text(Name::from(cause)));
    }
}

impl Live for LiveMirror {
    fn perform(&self, sim: &Sim, operation: &str) {
        let logger = self.logger.get().expect("it is set when the run begins");
        match operation.parse().expect("an operation is read before it is performed") {
            MirrorOperation::Logs(kind) => {
                let prints = if kind == Kind::Panics { "<panicked>" } else { "so far, and done" };
                tell(sim, BEGINS, Value::Text(Name::from(prints)));
                let acting = Acting { sim: *sim, kind, logger };
                let value = retrip_core::logger::Value::display(&acting);
                let event = logger.event(EventType::Custom).message("acts").field("what", value);
                refused(sim, event.try_log());
                tell(sim, ENDS, Value::Text(Name::from(prints)));
            }
            MirrorOperation::Counts => {
                let dropped = logger.stats().dropped;
                let count = dropped.get(&DropCause::Reentrant).copied().unwrap_or(0);
                tell(sim, COUNTS, Value::Int(i64::try_from(count).expect("a run logs little")));
            }
        }
    }
}

fn tell(sim: &Sim, verb: &str, what: Value) {
    let fields = vec![(Name::from(""), what)];
    sim.record(&Name::from("app"), What::Note { verb: Name::from(verb), fields });
}
