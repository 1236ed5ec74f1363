//! The part with a logger whose sink and fallback fail as the script says: `app logs ERROR hello`, `main fails EPIPE after 20`,
//! `spare works`, `app counts`.

use retrip_core::door::{Guard, Mutex, SyncPrimitives};
use retrip_core::logger::{DropReason, EventType, Level, Logger, LoggerBuilder, Sink};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use std::fmt;
use std::io;
use std::str::FromStr;
use std::sync::Arc;

/// The two sinks.
pub(super) const MAIN: &str = "main";
pub(super) const SPARE: &str = "spare";
/// Whoever logs.
pub(super) const APP: &str = "app";

/// The errors that a sink can end with, all of them, by name.
pub(super) const KINDS: [(&str, io::ErrorKind); 8] = [
    ("storage_full", io::ErrorKind::StorageFull),
    ("quota", io::ErrorKind::QuotaExceeded),
    ("broken_pipe", io::ErrorKind::BrokenPipe),
    ("read_only", io::ErrorKind::ReadOnlyFilesystem),
    ("denied", io::ErrorKind::PermissionDenied),
    ("not_found", io::ErrorKind::NotFound),
    ("timed_out", io::ErrorKind::TimedOut),
    ("other", io::ErrorKind::Other),
];

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PairOperation {
    /// An event with this number as its message.
    Logs(Level, u32),
    /// The sink takes so many bytes of a line, and fails in this way from then on.
    Fails(Which, &'static str, usize),
    /// The sink panics from now on.
    Panics(Which),
    Works(Which),
    Counts,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Main,
    Spare,
}

impl Which {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Main => MAIN,
            Self::Spare => SPARE,
        }
    }
}

impl fmt::Display for PairOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Logs(level, number) => write!(f, "{APP} logs {level} {number}"),
            Self::Fails(which, kind, after) => {
                write!(f, "{} fails {kind} after {after}", which.as_str())
            }
            Self::Panics(which) => write!(f, "{} panics", which.as_str()),
            Self::Works(which) => write!(f, "{} works", which.as_str()),
            Self::Counts => write!(f, "{APP} counts"),
        }
    }
}

/// The text is none of the forms of [`PairOperation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotDone;

impl FromStr for PairOperation {
    type Err = NotDone;

    fn from_str(text: &str) -> Result<Self, NotDone> {
        let words: Vec<_> = text.split(' ').collect();
        let which = |word: &str| match word {
            MAIN => Ok(Which::Main),
            SPARE => Ok(Which::Spare),
            _ => Err(NotDone),
        };
        match words[..] {
            [APP, "logs", level, number] => Ok(Self::Logs(
                level.parse().map_err(|_| NotDone)?,
                number.parse().map_err(|_| NotDone)?,
            )),
            [APP, "counts"] => Ok(Self::Counts),
            [sink, "fails", kind, "after", bytes] => {
                let kind = KINDS.iter().find(|(name, _)| *name == kind).ok_or(NotDone)?.0;
                Ok(Self::Fails(which(sink)?, kind, bytes.parse().map_err(|_| NotDone)?))
            }
            [sink, "panics"] => Ok(Self::Panics(which(sink)?)),
            [sink, "works"] => Ok(Self::Works(which(sink)?)),
            _ => Err(NotDone),
        }
    }
}

/// A logger with two sinks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair;

/// What is wrong with a sink.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    None,
    Fails(io::ErrorKind, usize),
    Panics,
}

type Shared = Arc<<Sim as SyncPrimitives>::Mutex<Trouble>>;

/// A sink that says what it takes and what it refuses.
struct Flaky {
    sim: Sim,
    who: &'static str,
    trouble: Shared,
}

/// The payload of a panic that a script asks for.
struct PlannedPanic;

struct LivePair {
    logger: Logger<Sim>,
    main: Shared,
    spare: Shared,
}

impl Pair {
    pub(super) fn does(self, operation: PairOperation) -> Operation {
        Operation::new(operation)
    }
}

impl Part for Pair {
    fn reads(&self, operation: &str) -> Reading {
        let who = operation.split(' ').next().unwrap_or_default();
        reading::<PairOperation>(operation, [APP, MAIN, SPARE].contains(&who))
    }

    fn forms(&self) -> Vec<String> {
        let forms = ["app logs LEVEL NUMBER", "app counts"].into_iter();
        let sinks = ["main", "spare"].into_iter().flat_map(|sink| {
            ["fails KIND after BYTES", "panics", "works"].map(|form| format!("{sink} {form}"))
        });
        forms.map(String::from).chain(sinks).collect()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let [main, spare] = [(); 2].map(|()| Arc::new(sim.mutex(Trouble::None)));
        let sink = |who, trouble: &Shared| Flaky { sim: *sim, who, trouble: Arc::clone(trouble) };
        let logger =
            LoggerBuilder::new(*sim, APP).fallback(sink(SPARE, &spare)).to(sink(MAIN, &main));
        Arc::new(LivePair { logger, main, spare })
    }
}

impl Sink for Flaky {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = {
            let mut trouble: Guard<'_, Sim, Trouble> = self.trouble.lock();
            match &mut *trouble {
                Trouble::None => bytes.len(),
                Trouble::Fails(kind, 0) => {
                    let kind = *kind;
                    tell(&self.sim, self.who, "refuses", [("", words(&format!("{kind:?}")))]);
                    return Err(kind.into());
                }
                Trouble::Fails(_, left) => {
                    let count = bytes.len().min(*left);
                    *left -= count;
                    count
                }
                Trouble::Panics => {
                    let other = format!("{:?}", io::ErrorKind::Other);
                    tell(&self.sim, self.who, "refuses", [("", words(&other))]);
                    drop(trouble);
                    std::panic::panic_any(PlannedPanic);
                }
            }
        };
        let taken = String::from_utf8_lossy(&bytes[..count]);
        tell(&self.sim, self.who, "takes", [("", words(&taken))]);
        Ok(count)
    }
}

impl Live for LivePair {
    fn perform(&self, sim: &Sim, operation: &str) {
        let trouble = |which| match which {
            Which::Main => &self.main,
            Which::Spare => &self.spare,
        };
        match operation.parse().expect("an operation is read before it is performed") {
            PairOperation::Logs(level, number) => {
                tell(sim, APP, "begins", [("", int(number.into()))]);
                let event = self.logger.event(EventType::Custom).level(level);
                let outcome = match event.message_of(&number).try_log() {
                    Ok(_) => "written".to_owned(),
                    Err(DropReason::Dropped(cause)) => cause.to_string(),
                    Err(reason) => reason.to_string(),
                };
                let fields = [
                    ("", int(number.into())),
                    ("became", words(&outcome)),
                    ("urgent", Value::Flag(level >= Level::Error)),
                ];
                tell(sim, APP, "logs", fields);
            }
            PairOperation::Fails(which, kind, after) => {
                let found = KINDS.iter().find(|(name, _)| *name == kind);
                let (_, kind) = found.expect("it was read");
                *trouble(which).lock() = Trouble::Fails(*kind, after);
            }
            PairOperation::Panics(which) => *trouble(which).lock() = Trouble::Panics,
            PairOperation::Works(which) => *trouble(which).lock() = Trouble::None,
            PairOperation::Counts => {
                let stats = self.logger.stats();
                let dropped = stats.dropped.iter().map(|(cause, count)| format!("{cause} {count}"));
                let fields = [
                    ("written", int(stats.written)),
                    ("dropped", words(&dropped.collect::<Vec<_>>().join(", "))),
                    ("rescued", int(stats.rescued)),
                ];
                tell(sim, APP, "counts", fields);
            }
        }
    }
}

fn tell<const N: usize>(sim: &Sim, who: &str, verb: &str, fields: [(&str, Value); N]) {
    let fields = fields.map(|(name, value)| (Name::from(name), value)).to_vec();
    sim.record(&Name::from(who), What::Note { verb: Name::from(verb), fields });
}

fn words(text: &str) -> Value {
    Value::Text(Name::from(text))
}

fn int(number: u64) -> Value {
    Value::Int(i64::try_from(number).expect("a run logs little"))
}
