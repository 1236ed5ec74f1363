//! The part that makes a damaged log, piece by piece, and reads it: `ruin adds line`, `ruin adds cut 20`, `ruin breaks off 20`, `ruin is read`.

use retrip_core::door::{Guard, Mutex, SyncPrimitives};
use retrip_core::logger::{Logger, MemorySink, read_json_log_on};
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

const RUIN: &str = "ruin";
const ADDS: &str = "adds";
const IS_READ: &str = "is read";

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RuinOperation {
    Adds(Piece),
    IsRead,
}

/// A piece of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A line as it should be.
    Line,
    /// Words that are no JSON.
    Words,
    /// JSON that is no object.
    Array,
    /// Bytes that are no text.
    Bytes,
    /// Nothing but a newline.
    Blank,
    /// So many bytes of a line, and a newline.
    Cut(usize),
    /// So many bytes of a line, and a line behind them without a newline between.
    Glued(usize),
    /// So many bytes of a line, with nothing behind them. What comes next begins on a line of its own.
    BreaksOff(usize),
}

/// The least bytes that any line of the part has before its last brace.
pub(super) const LEAST: usize = 100;

impl fmt::Display for RuinOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IsRead => write!(f, "{RUIN} is read"),
            Self::Adds(Piece::Line) => write!(f, "{RUIN} adds line"),
            Self::Adds(Piece::Words) => write!(f, "{RUIN} adds words"),
            Self::Adds(Piece::Array) => write!(f, "{RUIN} adds array"),
            Self::Adds(Piece::Bytes) => write!(f, "{RUIN} adds bytes"),
            Self::Adds(Piece::Blank) => write!(f, "{RUIN} adds blank"),
            Self::Adds(Piece::Cut(count)) => write!(f, "{RUIN} adds cut {count}"),
            Self::Adds(Piece::Glued(count)) => write!(f, "{RUIN} adds glued {count}"),
            Self::Adds(Piece::BreaksOff(count)) => write!(f, "{RUIN} breaks off {count}"),
        }
    }
}

/// The text is none of the forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotDone;

impl FromStr for RuinOperation {
    type Err = NotDone;

    fn from_str(text: &str) -> Result<Self, NotDone> {
        let count = |text: &str| match text.parse() {
            Ok(count @ 1..=LEAST) => Ok(count),
            _ => Err(NotDone),
        };
        let piece = match text.split(' ').collect::<Vec<_>>()[..] {
            [RUIN, "is", "read"] => return Ok(Self::IsRead),
            [RUIN, "adds", "line"] => Piece::Line,
            [RUIN, "adds", "words"] => Piece::Words,
            [RUIN, "adds", "array"] => Piece::Array,
            [RUIN, "adds", "bytes"] => Piece::Bytes,
            [RUIN, "adds", "blank"] => Piece::Blank,
            [RUIN, "adds", "cut", bytes] => Piece::Cut(count(bytes)?),
            [RUIN, "adds", "glued", bytes] => Piece::Glued(count(bytes)?),
            [RUIN, "breaks", "off", bytes] => Piece::BreaksOff(count(bytes)?),
            _ => return Err(NotDone),
        };
        Ok(Self::Adds(piece))
    }
}

/// A file that is made of pieces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ruin;

struct LiveRuin {
    /// The file so far.
    file: <Sim as SyncPrimitives>::Mutex<Vec<u8>>,
    sink: MemorySink<Sim>,
    logger: Logger<Sim>,
}

impl Ruin {
    pub(super) fn adds(self, piece: Piece) -> Operation {
        Operation::new(RuinOperation::Adds(piece))
    }

    pub(super) fn is_read(self) -> Operation {
        Operation::new(RuinOperation::IsRead)
    }
}

impl Part for Ruin {
    fn reads(&self, operation: &str) -> Reading {
        reading::<RuinOperation>(operation, operation.split(' ').next() == Some(RUIN))
    }

    fn forms(&self) -> Vec<String> {
        let forms = [
            "ruin adds line|words|array|bytes|blank",
            "ruin adds cut|glued BYTES",
            "ruin breaks off BYTES",
            "ruin is read",
        ];
        forms.map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let sink = MemorySink::on(sim);
        let logger = Logger::on(*sim, RUIN, sink.clone());
        Arc::new(LiveRuin { file: sim.mutex(Vec::new()), sink, logger })
    }
}

impl Live for LiveRuin {
    fn perform(&self, sim: &Sim, operation: &str) {
        match operation.parse().expect("an operation is read before it is performed") {
            RuinOperation::Adds(piece) => self.adds(sim, piece, operation),
            RuinOperation::IsRead => self.is_read(sim),
        }
    }
}

impl LiveRuin {
    fn adds(&self, sim: &Sim, piece: Piece, operation: &str) {
        let bytes = match piece {
            Piece::Line => self.next_line(),
            Piece::Words => b"Segmentation fault\n".to_vec(),
            Piece::Array => b"[1, 2]\n".to_vec(),
            Piece::Bytes => b"{\"a\":\"\xFF\xFE\"}\n".to_vec(),
            Piece::Blank => b"\n".to_vec(),
            Piece::Cut(count) => [&self.next_line()[..count], b"\n"].concat(),
            Piece::Glued(count) => {
                let line = self.next_line();
                [&line[..count], &line].concat()
            }
            Piece::BreaksOff(count) => self.next_line()[..count].to_vec(),
        };
        let mut file: Guard<'_, Sim, Vec<u8>> = self.file.lock();
        if file.last().is_some_and(|&last| last != b'\n') {
            file.push(b'\n');
        }
        let at = file.len();
        file.extend_from_slice(&bytes);
        drop(file);
        tell(sim, ADDS, [("", text(operation)), ("at", text(&at.to_string()))]);
    }

    /// The line that the logger writes next.
    fn next_line(&self) -> Vec<u8> {
        let before = self.sink.bytes().len();
        self.logger.info("a line as it should be");
        self.sink.bytes().split_off(before)
    }

    fn is_read(&self, sim: &Sim) {
        let file = self.file.lock().clone();
        let log = read_json_log_on(sim, &file);
        let records = log.records.iter().map(|record| record.line).collect();
        let skipped = log.skipped.iter().map(|skipped| skipped.line).collect();
        tell(sim, IS_READ, [("", text(&found(records, skipped, log.torn_tail)))]);
    }
}

/// What a reading finds.
fn found(records: Vec<usize>, skipped: Vec<usize>, torn: Option<usize>) -> String {
    format!("records in lines {records:?}, bad lines {skipped:?}, torn from {torn:?}")
}

fn text(text: &str) -> Value {
    Value::Text(Name::from(text))
}

fn tell<const N: usize>(sim: &Sim, verb: &str, fields: [(&str, Value); N]) {
    let fields = fields.map(|(name, value)| (Name::from(name), value)).to_vec();
    sim.record(&Name::from(RUIN), What::Note { verb: Name::from(verb), fields });
}

/// A reader finds every record, names every bad line by its number, and tells a file that breaks off from one that is damaged.
pub(super) fn damage_is_told() -> impl Promise {
    let mut pieces: Vec<(Piece, usize)> = Vec::new();
    let statement = "a damaged file is read to its end, with the number of each bad line";
    always("damage_is_told", statement, move |event| {
        let What::Note { verb, fields } = &event.what else { return Judgement::NotConcerned };
        match (&**verb, &fields[..]) {
            (ADDS, [(_, Value::Text(operation)), (_, Value::Text(at))]) => {
                if let (Ok(RuinOperation::Adds(piece)), Ok(at)) = (operation.parse(), at.parse()) {
                    pieces.push((piece, at));
                }
                Judgement::NotConcerned
            }
            (IS_READ, [(_, Value::Text(read))]) => {
                Judgement::equal(wanted(&pieces), read.to_string())
            }
            _ => Judgement::NotConcerned,
        }
    })
}

fn wanted(pieces: &[(Piece, usize)]) -> String {
    let (mut records, mut skipped, mut torn) = (Vec::new(), Vec::new(), None);
    for ((piece, at), line) in pieces.iter().zip(1..) {
        match piece {
            Piece::Line => records.push(line),
            Piece::Blank => {}
            Piece::Glued(_) => {
                skipped.push(line);
                records.push(line);
            }
            Piece::BreaksOff(_) if line == pieces.len() => torn = Some(*at),
            _ => skipped.push(line),
        }
    }
    found(records, skipped, torn)
}
