//! Lines that are read back, beside a parser of JSON that knows nothing of logs.

use crate::happening::Happening;
use crate::ours;
use retrip_core::logger::{JsonLogReader, Level, LogItem, Logger, MemorySink};
use retrip_figures::rounds::{Rounds, in_turn};
use retrip_figures::spent::timed;
use retrip_figures::spread::{Hundredths, Spread};
use retrip_figures::table;
use std::hint::black_box;

/// How many rounds.
const ROUNDS: usize = 51;
/// Lines of a round.
const LINES: u64 = 1_000;

/// What came out.
pub(crate) struct Reading {
    rounds: Rounds,
}

impl Reading {
    /// Reads the same lines by both.
    pub(crate) fn measured() -> Self {
        let sink = MemorySink::new();
        let logger = Logger::named("llm").to(sink.clone());
        let scope = logger.enter(&ours::context());
        for _ in 0..LINES {
            ours::happened(&logger, Level::Info, &Happening::again());
        }
        drop(scope);
        let bytes = sink.bytes();
        let measured = in_turn(ROUNDS, 2, |side| {
            let spent = timed(|| {
                let lines = if side == 0 { by_ours(&bytes) } else { by_serde(&bytes) };
                assert_eq!(lines, LINES, "each line is read");
            });
            spent.as_nanos() * 1_000 / u128::from(LINES)
        });
        Self { rounds: Rounds::of(&measured, |picoseconds| *picoseconds) }
    }

    /// serde_json's time over ours.
    pub(crate) fn ratio(&self) -> Spread {
        self.rounds.ratio(1, 0)
    }

    /// How many lines the reader reads in a second of the processor's.
    pub(crate) fn lines_a_second(&self) -> u128 {
        a_second(&self.rounds, 0)
    }

    /// Prints the table.
    pub(crate) fn print(&self) {
        table::title(&format!(
            "Lines of the same events that are read back: ns of the processor's for a line, and how many that makes in a second. The \
             median of {ROUNDS} rounds."
        ));
        table::head(["", "ns", "lines a second"].map(str::to_owned));
        for (side, name) in ["JsonLogReader", "serde_json's Value, line by line"].iter().enumerate()
        {
            let nanoseconds = self.rounds.nanoseconds(side).median();
            table::row([
                (*name).to_owned(),
                Hundredths(nanoseconds).to_string(),
                a_second(&self.rounds, side).to_string(),
            ]);
        }
    }
}

/// How many lines a side reads in a second, by its median.
fn a_second(rounds: &Rounds, side: usize) -> u128 {
    100_000_000_000 / rounds.nanoseconds(side).median().max(1)
}

fn by_ours(bytes: &[u8]) -> u64 {
    let records = JsonLogReader::new(bytes)
        .map(|item| item.expect("memory can be read"))
        .filter(|item| matches!(black_box(item), LogItem::Record(_)));
    records.count() as u64
}

fn by_serde(bytes: &[u8]) -> u64 {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let values = lines.map(|line| {
        black_box(serde_json::from_slice::<serde_json::Value>(line).expect("a line is JSON"))
    });
    values.filter(serde_json::Value::is_object).count() as u64
}
