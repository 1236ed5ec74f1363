//! What a logger promises of its file, as [`LogFile`](crate::part::LogFile) tells of both.

mod accounting_is_exact;
mod calls_end_in_time;
mod copy_is_accounted;
mod counted_is_in_the_file;
mod every_line_in_its_place;
mod failing_sink_is_left_alone;
mod flush_waits_for_the_queue;
mod flushed_is_durable;
mod held_back_is_told;
mod lines_stand_alone;
mod losses_are_announced;
mod losses_have_their_cause;
mod nothing_waits_after_the_end;
mod only_a_failing_write_loses;
mod queue_is_bounded;
mod rate_is_kept;
mod rescued_is_in_the_fallback;
mod room_comes_back;
mod shutdown_is_patient;
mod sink_is_tried_again;
mod written_is_in_the_file;

pub use accounting_is_exact::{AccountingIsExact, accounting_is_exact};
pub use calls_end_in_time::{CallsEndInTime, calls_end_in_time, somebody_waits_to_the_end};
pub use copy_is_accounted::{CopyIsAccounted, copy_is_accounted};
pub use counted_is_in_the_file::{CountedIsInTheFile, counted_is_in_the_file};
pub use every_line_in_its_place::{EveryLineInItsPlace, every_line_in_its_place};
pub use failing_sink_is_left_alone::{FailingSinkIsLeftAlone, failing_sink_is_left_alone};
pub use flush_waits_for_the_queue::{FlushWaitsForTheQueue, flush_waits_for_the_queue};
pub use flushed_is_durable::{FlushedIsDurable, flushed_is_durable};
pub use held_back_is_told::{HeldBackIsTold, held_back_is_told};
pub use lines_stand_alone::{LinesStandAlone, lines_stand_alone};
pub use losses_are_announced::{LossesAreAnnounced, losses_are_announced};
pub use losses_have_their_cause::{LossesHaveTheirCause, losses_have_their_cause};
pub use nothing_waits_after_the_end::{NothingWaitsAfterTheEnd, nothing_waits_after_the_end};
pub use only_a_failing_write_loses::{OnlyAFailingWriteLoses, only_a_failing_write_loses};
pub use queue_is_bounded::{QueueIsBounded, queue_is_bounded};
pub use rate_is_kept::{RateIsKept, rate_is_kept};
pub use rescued_is_in_the_fallback::{RescuedIsInTheFallback, rescued_is_in_the_fallback};
pub use room_comes_back::{RoomComesBack, room_comes_back};
pub use shutdown_is_patient::{
    ShutdownIsPatient, shutdown_ends_by_its_own_clock, shutdown_is_patient,
};
pub use sink_is_tried_again::{SinkIsTriedAgain, sink_is_tried_again};
pub use written_is_in_the_file::{WrittenIsInTheFile, written_is_in_the_file};

use super::is_about;
use crate::log::{Event, Name, Value, What};
use retrip_core::door::Instant;
use retrip_core::logger::FlushError;
use std::io;

/// What is told of the logger `who`: the verb, and what it says.
fn told<'e>(event: &'e Event, who: &Name) -> Option<(&'e str, Fields<'e>)> {
    match &event.what {
        What::Note { verb, fields } if is_about(event, who) => Some((verb, Fields(fields))),
        _ => None,
    }
}

/// How the shutdowns of a logger have come out so far.
#[derive(Debug, Default)]
struct Ending {
    /// The unit that writes has come to its end.
    is_over: bool,
    /// The sink has failed in the end.
    has_failed: bool,
}

impl Ending {
    /// Hears how a shutdown has ended: with no error, or with this one. One that runs out of patience says nothing of the unit that writes.
    fn hear(&mut self, error: &str) {
        let is_of_the_sink = error.starts_with(&sink_error_begins());
        self.has_failed |= is_of_the_sink;
        let says_so = error.is_empty() || error == FlushError::Closed.to_string();
        self.is_over |= says_so || is_of_the_sink;
    }

    /// Everything that was lost before has been announced.
    fn is_good(&self) -> bool {
        self.is_over && !self.has_failed
    }
}

/// What a sink has failed with, before that is said.
fn sink_error_begins() -> String {
    FlushError::Sink(io::Error::other("")).to_string()
}

/// What an event says, by name.
#[derive(Clone, Copy)]
struct Fields<'e>(&'e [(Name, Value)]);

impl<'e> Fields<'e> {
    fn number(self, name: &str) -> u64 {
        match self.value(name) {
            Some(Value::Int(number)) => u64::try_from(*number).unwrap_or_default(),
            _ => 0,
        }
    }

    fn flag(self, name: &str) -> bool {
        matches!(self.value(name), Some(Value::Flag(true)))
    }

    fn moment(self, name: &str) -> Option<Instant> {
        match self.value(name) {
            Some(Value::Instant(moment)) => Some(*moment),
            _ => None,
        }
    }

    fn text(self, name: &str) -> &'e str {
        match self.value(name) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    fn value(self, name: &str) -> Option<&'e Value> {
        self.0.iter().find(|(own, _)| &**own == name).map(|(_, value)| value)
    }
}
