//! The sink of the tasks' logger: keeps the lines in memory and writes into the event log what each one says.

use super::words::{GARBLES, LOGS, SEQ};
use crate::engine::threads::Sim;
use crate::log::{Name, Value, What};
use retrip_core::logger::{Json, LogField, MemorySink, Record, Sink, read_json_log};
use std::io;

/// Whether events carry the line's sequence number. A number that counts all lines makes one more line a change of
/// every one after it, so only those who promise something about it want it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    Left,
    Taken,
}

pub(super) struct Heard {
    pub(super) sim: Sim,
    pub(super) memory: MemorySink<Sim>,
    pub(super) who: Name,
    pub(super) numbers: Numbers,
}

/// What the line has of its own; everything else is the context.
const OWN: [LogField; 7] = [
    LogField::Timestamp,
    LogField::SchemaVersion,
    LogField::Level,
    LogField::Logger,
    LogField::Seq,
    LogField::EventType,
    LogField::Message,
];

impl Sink for Heard {
    /// Takes all of `bytes`, as the thread that logs.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.memory.write(bytes)?;
        let log = read_json_log(bytes);
        let what = match &log.records[..] {
            [record] if taken == bytes.len() => self.logs(record),
            _ => note(GARBLES, vec![(Name::from(""), text(&String::from_utf8_lossy(bytes)))]),
        };
        self.sim.record(&self.who, what);
        Ok(taken)
    }
}

impl Heard {
    fn logs(&self, record: &Record) -> What {
        let mut fields = vec![(Name::from(""), text(record.message().unwrap_or_default()))];
        if self.numbers == Numbers::Taken
            && let Some(seq) = record.seq().and_then(|seq| i64::try_from(seq).ok())
        {
            fields.push((Name::from(SEQ), Value::Int(seq)));
        }
        let own = |key: &str| OWN.iter().any(|own| own.as_str() == key);
        let context = record.members().iter().filter(|(key, _)| !own(key));
        fields.extend(context.map(told));
        note(LOGS, fields)
    }
}

pub(in crate::part) fn note(verb: &str, fields: Vec<(Name, Value)>) -> What {
    What::Note { verb: Name::from(verb), fields }
}

pub(in crate::part) fn text(text: &str) -> Value {
    Value::Text(Name::from(text))
}

/// A member of a context. Tasks have texts only; anything else is shown as what it is.
pub(super) fn told((key, value): &(String, Json)) -> (Name, Value) {
    let value = value.as_str().map_or_else(|| text(&format!("{value:?}")), text);
    (Name::from(key.as_str()), value)
}
