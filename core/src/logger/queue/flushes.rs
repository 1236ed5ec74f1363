//! Who waits for a flush, up to which number, and what came of it.

use super::super::FlushError;
use std::collections::BTreeMap;
use std::io;

/// All who wait.
#[derive(Debug, Default)]
pub(super) struct Flushes {
    last: u64,
    waiting: BTreeMap<Ticket, Flush>,
}

/// Names a flush.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

#[derive(Debug)]
enum Flush {
    /// Wanted once everything up to this number is written.
    Wanted {
        up_to: u64,
    },
    Done(Result<(), FlushError>),
}

impl Flushes {
    pub(super) fn want(&mut self, up_to: u64) -> Ticket {
        self.last += 1;
        let ticket = Ticket(self.last);
        self.waiting.insert(ticket, Flush::Wanted { up_to });
        ticket
    }

    /// Whether anybody waits.
    pub(super) fn are_wanted(&self) -> bool {
        self.waiting.values().any(|flush| matches!(flush, Flush::Wanted { .. }))
    }

    /// Whether anybody waits for nothing but the flush, where `next` is the first number that is not written yet.
    pub(super) fn are_due(&self, next: Option<u64>) -> bool {
        self.waiting.values().any(|flush| is_due(flush, next))
    }

    /// All who wait for nothing but the flush have its result.
    pub(super) fn are_done(&mut self, next: Option<u64>, result: &io::Result<()>) {
        for flush in self.waiting.values_mut().filter(|flush| is_due(flush, next)) {
            *flush = Flush::Done(copy(result));
        }
    }

    /// None that waits will be done.
    pub(super) fn fail(&mut self, error: &mut dyn FnMut() -> FlushError) {
        for flush in self.waiting.values_mut() {
            if let Flush::Wanted { .. } = flush {
                *flush = Flush::Done(Err(error()));
            }
        }
    }

    /// What came of a flush, once that is known. It is forgotten then.
    pub(super) fn take(&mut self, ticket: Ticket) -> Option<Result<(), FlushError>> {
        match self.waiting.remove(&ticket)? {
            Flush::Done(result) => Some(result),
            wanted @ Flush::Wanted { .. } => {
                self.waiting.insert(ticket, wanted);
                None
            }
        }
    }

    /// Nobody waits for it any more.
    pub(super) fn give_up(&mut self, ticket: Ticket) {
        self.waiting.remove(&ticket);
    }
}

fn is_due(flush: &Flush, next: Option<u64>) -> bool {
    match flush {
        Flush::Wanted { up_to } => next.is_none_or(|next| next > *up_to),
        Flush::Done(_) => false,
    }
}

/// An error cannot be cloned: each who waits has its kind and its words.
fn copy(result: &io::Result<()>) -> Result<(), FlushError> {
    match result {
        Ok(()) => Ok(()),
        Err(error) => Err(FlushError::Sink(io::Error::new(error.kind(), error.to_string()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flush_is_due_once_nothing_up_to_its_number_is_left_to_write() {
        let mut flushes = Flushes::default();
        let ticket = flushes.want(3);
        for (next, due) in [(Some(2), false), (Some(3), false), (Some(4), true), (Some(9), true)] {
            assert_eq!(flushes.are_due(next), due, "{next:?}");
        }
        assert!(flushes.are_due(None) && flushes.are_wanted());
        flushes.are_done(Some(3), &Ok(()));
        assert!(flushes.take(ticket).is_none(), "it is not due");
        flushes.are_done(Some(5), &Ok(()));
        assert!(!flushes.are_wanted() && !flushes.are_due(None));
        assert!(matches!(flushes.take(ticket), Some(Ok(()))));
        assert!(flushes.take(ticket).is_none(), "it is told once");
    }

    #[test]
    fn who_waits_at_the_same_time_waits_for_a_result_of_their_own() {
        let mut flushes = Flushes::default();
        let (first, second) = (flushes.want(1), flushes.want(2));
        flushes.are_done(Some(2), &Err(io::ErrorKind::StorageFull.into()));
        assert!(flushes.take(second).is_none());
        let Some(Err(FlushError::Sink(error))) = flushes.take(first) else { panic!("it failed") };
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        flushes.fail(&mut || FlushError::Closed);
        assert!(matches!(flushes.take(second), Some(Err(FlushError::Closed))));
        let third = flushes.want(3);
        flushes.give_up(third);
        assert!(!flushes.are_wanted());
    }
}
