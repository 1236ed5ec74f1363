//! The promise that lines stand in the order of their numbers.

use super::{Judgement, Promise, is_about};
use crate::log::{Event, Name, Value, What};
use crate::part::tasks::words::{LOGS, SEQ};

/// See [`seq_is_file_order`].
#[derive(Debug)]
pub struct SeqIsFileOrder {
    logger: Name,
    last: i64,
}

/// Where nothing is lost, the lines of `logger` are numbered 1, 2, 3, .. in the order in which they are written, so that
/// a gap is a proof of loss. Judges lines whose event has a number.
#[must_use]
pub fn seq_is_file_order(logger: impl Into<Name>) -> SeqIsFileOrder {
    SeqIsFileOrder { logger: logger.into(), last: 0 }
}

impl Promise for SeqIsFileOrder {
    fn name(&self) -> &'static str {
        "seq_is_file_order"
    }

    fn statement(&self) -> String {
        "lines are written in the order of their numbers, without a gap".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let What::Note { verb, fields } = &event.what else { return Judgement::NotConcerned };
        if &**verb != LOGS || !is_about(event, &self.logger) {
            return Judgement::NotConcerned;
        }
        let number = fields.iter().find(|(name, _)| &**name == SEQ);
        let Some((_, Value::Int(seq))) = number else { return Judgement::NotConcerned };
        let wanted = self.last + 1;
        self.last = *seq;
        Judgement::equal(format!("line {wanted}"), format!("line {seq}"))
    }
}
