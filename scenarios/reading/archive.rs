//! The part that logs lines and then asks its log for some of them: `app logs INFO custom of api for r-1`, `app finds level=INFO`,
//! `app finds level=INFO seqs=2..5`.

use super::criterion::{Criterion, Row};
use retrip_core::door::{Clock, Timestamp};
use retrip_core::logger::{
    EventType, Filter, Level, LogField, Logger, LoggerBuilder, MemorySink, read_json_log,
};
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

const APP: &str = "app";
const LOGS: &str = "logs";
const FINDS: &str = "finds";

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ArchiveOperation {
    Logs(Level, EventType, String, String),
    /// One criterion or two.
    Finds(Vec<Criterion>),
}

impl fmt::Display for ArchiveOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Logs(level, event_type, component, request) => {
                write!(f, "{APP} logs {level} {event_type} of {component} for {request}")
            }
            Self::Finds(criteria) => {
                write!(f, "{APP} finds")?;
                criteria.iter().try_for_each(|criterion| write!(f, " {criterion}"))
            }
        }
    }
}

/// The text is neither of the forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotDone;

impl FromStr for ArchiveOperation {
    type Err = NotDone;

    fn from_str(text: &str) -> Result<Self, NotDone> {
        match text.split(' ').collect::<Vec<_>>()[..] {
            [APP, "logs", level, event_type, "of", component, "for", request] => Ok(Self::Logs(
                level.parse().map_err(|_| NotDone)?,
                event_type.parse().map_err(|_| NotDone)?,
                component.to_owned(),
                request.to_owned(),
            )),
            [APP, "finds", ref criteria @ ..] if !criteria.is_empty() => {
                let criteria = criteria.iter().map(|text| text.parse().map_err(|_| NotDone));
                Ok(Self::Finds(criteria.collect::<Result<_, _>>()?))
            }
            _ => Err(NotDone),
        }
    }
}

/// A logger that keeps its lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Archive;

struct LiveArchive {
    origin: Timestamp,
    sink: MemorySink<Sim>,
    logger: Logger<Sim>,
}

impl Archive {
    pub(super) fn does(self, operation: &ArchiveOperation) -> Operation {
        Operation::new(operation)
    }
}

impl Part for Archive {
    fn reads(&self, operation: &str) -> Reading {
        reading::<ArchiveOperation>(operation, operation.split(' ').next() == Some(APP))
    }

    fn forms(&self) -> Vec<String> {
        ["app logs LEVEL TYPE of COMPONENT for REQUEST", "app finds CRITERION .."]
            .map(String::from)
            .to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let sink = MemorySink::on(sim);
        let builder = LoggerBuilder::new(*sim, APP).threshold(Level::Debug);
        let logger = builder.to(sink.clone());
        Arc::new(LiveArchive { origin: sim.wall(), sink, logger })
    }
}

impl Live for LiveArchive {
    fn perform(&self, sim: &Sim, operation: &str) {
        let read = operation.parse().expect("an operation is read before it is performed");
        let text = |text: &str| Value::Text(Name::from(text));
        match read {
            ArchiveOperation::Logs(level, event_type, component, request) => {
                let event = self.logger.event(event_type).level(level);
                let event = event.field(LogField::Component, &component);
                let seq = event.field(LogField::RequestId, &request).try_log().unwrap_or(0);
                let passed = sim.wall().as_unix_nanos() - self.origin.as_unix_nanos();
                let at = Duration::from_nanos(u64::try_from(passed).expect("no clock jumps back"));
                let seq = Value::Int(i64::try_from(seq).expect("a run logs little"));
                tell(sim, LOGS, [("", text(operation)), ("seq", seq), ("at", Value::Duration(at))]);
            }
            ArchiveOperation::Finds(criteria) => {
                let add = |filter, criterion: &Criterion| criterion.added_to(filter, self.origin);
                let filter = criteria.iter().fold(Filter::new(), add);
                let log = read_json_log(&self.sink.bytes());
                let found = log.records.iter().filter(|record| filter.passes_on(sim, record));
                let found: Vec<u64> = found.filter_map(|record| record.seq()).collect();
                tell(sim, FINDS, [("", text(operation)), ("lines", text(&format!("{found:?}")))]);
            }
        }
    }
}

fn tell<const N: usize>(sim: &Sim, verb: &str, fields: [(&str, Value); N]) {
    let fields = fields.map(|(name, value)| (Name::from(name), value)).to_vec();
    sim.record(&Name::from(APP), What::Note { verb: Name::from(verb), fields });
}

/// A filter chooses the lines that a look at each of them chooses, by one criterion and by two.
pub(super) fn chosen_as_by_hand() -> impl Promise {
    let mut rows: Vec<Row> = Vec::new();
    let statement = "a filter finds the lines that meet all of its criteria, in their order";
    always("chosen_as_by_hand", statement, move |event| {
        let What::Note { verb, fields } = &event.what else { return Judgement::NotConcerned };
        match (&**verb, &fields[..]) {
            (LOGS, [(_, Value::Text(text)), (_, Value::Int(seq)), (_, Value::Duration(at))]) => {
                if let Ok(ArchiveOperation::Logs(level, event_type, component, request)) =
                    text.parse()
                {
                    let seq = u64::try_from(*seq).unwrap_or(0);
                    rows.push(Row { seq, level, event_type, component, request, at: *at });
                }
                Judgement::NotConcerned
            }
            (FINDS, [(_, Value::Text(text)), (_, Value::Text(found))]) => {
                let Ok(ArchiveOperation::Finds(criteria)) = text.parse() else {
                    return Judgement::NotConcerned;
                };
                let meets = |row: &&Row| criteria.iter().all(|criterion| criterion.is_met(row));
                let wanted: Vec<u64> = rows.iter().filter(meets).map(|row| row.seq).collect();
                Judgement::equal(format!("{wanted:?}"), found.to_string())
            }
            _ => Judgement::NotConcerned,
        }
    })
}
