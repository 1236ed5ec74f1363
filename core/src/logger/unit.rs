//! What the logger keeps for each unit of execution, all of it in the one slot that the door gives.

use super::LogContext;
use super::entries::Entries;
use super::line::Line;
use crate::door::{Context, parts};

/// The most scratch buffers a unit keeps: events that are built at the same time, one inside the other's argument.
const POOL: usize = 4;

/// The state of one unit of execution.
#[derive(Default)]
pub(super) struct Unit {
    pub(super) own: Own,
    /// How deep this unit is in foreign code that the logger runs: a `Display`, or the sink.
    pub(super) busy: u32,
    #[expect(clippy::vec_box, reason = "a buffer moves between pool and event by its pointer")]
    pool: Vec<Box<Scratch>>,
}

/// What belongs to whoever runs as a unit: a future that is polled here and there takes it along.
#[derive(Default)]
pub(super) struct Own {
    pub(super) context: LogContext,
    /// The scope that set the context; zero is none.
    pub(super) scope: u64,
    /// How many scopes were entered, which names the next one.
    pub(super) scopes: u64,
    /// Scopes that ended before one inside of them: which, and what to restore in their place.
    pub(super) ended_early: Vec<(u64, Found)>,
    /// How many scopes ended out of order.
    pub(super) out_of_order: u64,
}

/// What a scope found when it was entered.
pub(super) struct Found {
    pub(super) context: LogContext,
    pub(super) scope: u64,
}

/// Buffers for one event.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The message as JSON; empty where there is none.
    pub(super) message: Vec<u8>,
    pub(super) message_cut: bool,
    /// What surrounds the context of the unit: the fields of foreign spans.
    pub(super) outer: LogContext,
    pub(super) fields: Entries,
    pub(super) line: Line,
}

impl Unit {
    /// An empty buffer.
    pub(super) fn scratch(&mut self) -> Box<Scratch> {
        self.pool.pop().unwrap_or_default()
    }

    /// Takes a buffer back.
    pub(super) fn give_back(&mut self, mut scratch: Box<Scratch>) {
        if self.pool.len() < POOL {
            scratch.message.clear();
            scratch.message_cut = false;
            scratch.outer = LogContext::new();
            scratch.fields.clear();
            self.pool.push(scratch);
        }
    }
}

/// Lends the state of the unit that asks to `body`, which must not come back here. On a unit that is being torn down each call
/// finds a fresh state.
pub(super) fn with<P: Context, R>(platform: &P, body: impl FnOnce(&mut Unit) -> R) -> R {
    parts::with(platform, body)
}

/// Runs code of the caller's while the unit is marked as busy, so that what it logs is refused; not where the unit is marked already.
/// `body` must not unwind.
#[cfg(feature = "tracing")]
pub(super) fn while_busy<P: Context, R>(platform: &P, body: impl FnOnce() -> R) -> Option<R> {
    let entered = with(platform, |unit| {
        let entered = unit.busy == 0;
        unit.busy += u32::from(entered);
        entered
    });
    entered.then(|| {
        let result = body();
        with(platform, |unit| unit.busy = unit.busy.saturating_sub(1));
        result
    })
}

/// The calling unit has other state of its own, until this is dropped; then what was its own is back, and the other has what it is by then.
pub(super) struct Swapped<'s, P: Context> {
    platform: &'s P,
    own: &'s mut Own,
}

impl<'s, P: Context> Swapped<'s, P> {
    pub(super) fn new(platform: &'s P, own: &'s mut Own) -> Self {
        let mut swapped = Self { platform, own };
        swapped.swap();
        swapped
    }

    fn swap(&mut self) {
        with(self.platform, |unit| std::mem::swap(&mut unit.own, self.own));
    }
}

impl<P: Context> Drop for Swapped<'_, P> {
    fn drop(&mut self) {
        self.swap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_comes_back_empty_and_no_more_are_kept_than_there_is_room_for() {
        let mut unit = Unit::default();
        let mut used = unit.scratch();
        used.message.extend_from_slice(b"said");
        used.message_cut = true;
        unit.give_back(used);
        assert_eq!(unit.pool.len(), 1);
        let again = unit.scratch();
        assert!(again.message.is_empty() && !again.message_cut);
        assert!(again.message.capacity() >= 4, "it is the one of before");
        for _ in 0..=POOL {
            unit.give_back(Box::default());
        }
        assert_eq!(unit.pool.len(), POOL);
    }
}
