//! The two clocks of one simulated node, as exact functions of the engine's time that faults bend from a moment on.

mod error;
mod segment;
#[cfg(test)]
mod tests;

pub use error::ClockError;

use crate::span::Offset;
use retrip_core::door::{Instant, Timestamp};
use segment::{Segment, Smear};
use std::time::Duration;

/// The wall clock of a node at the start of a run: 2026-01-01T12:00:00Z.
pub const BASE_WALL: Timestamp = Timestamp::from_unix_nanos(1_767_268_800_000_000_000);

/// The monotonic and the wall clock of one node.
///
/// Engine time is nanoseconds since the start of the run. Both clocks are integer nanoseconds, piecewise linear in
/// engine time; each change begins a new piece at the reading where the one before ends, so that no rounding is ever
/// taken back. The monotonic clock never goes back. The wall clock is the monotonic one plus an offset of its own, so
/// that it drifts, stands and leaps with it; steps, drift, freezes and smears of the wall clock move it alone. While
/// either of them stands, the wall clock gains nothing, whatever its drift; only steps and leaps move it.
///
/// Changes are made in the order of engine time; the readings before a change stay what they were.
///
/// ```
/// use retrip_core::door::Instant;
/// use retrip_sim::clock::{BASE_WALL, NodeClock};
/// use retrip_sim::span::Offset;
///
/// let mut clock = NodeClock::new(BASE_WALL);
/// let second = 1_000_000_000;
/// clock.step_wall(12 * second, Offset::from_nanos(-3_600_000_000_000))?;
/// assert_eq!(clock.wall(12 * second).to_string(), "2026-01-01T11:00:12.000000000Z");
/// assert_eq!(clock.mono(12 * second), Instant::from_nanos(12 * second));
///
/// // A clock that gains reaches a deadline earlier; the answer is rounded up to the first moment that is late enough.
/// clock.set_drift(20 * second, 50)?;
/// let reached = clock.engine_at_least(Instant::from_nanos(21 * second), 20 * second);
/// assert_eq!(reached, 20_999_950_003);
/// # Ok::<(), retrip_sim::clock::ClockError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeClock {
    /// Ascending in `from`; the first begins at 0, and the last one never stands still. Pieces after the last change
    /// are the ends of freezes and smears.
    segments: Vec<Segment>,
    /// The engine time of the latest change.
    changed_at: u64,
}

impl NodeClock {
    /// Clocks that run true: the monotonic one from [`Instant::ORIGIN`], the wall clock from `base_wall`.
    #[must_use]
    pub fn new(base_wall: Timestamp) -> Self {
        Self { segments: vec![Segment::first(base_wall)], changed_at: 0 }
    }

    /// The same clocks with the wall clock ahead by `offset` from the start.
    #[must_use]
    pub fn with_offset(mut self, offset: Offset) -> Self {
        for segment in &mut self.segments {
            segment.step_wall(offset);
        }
        self
    }

    /// The monotonic clock at `engine`; [`Instant::MAX`] where it would be past that.
    #[inline]
    #[must_use]
    pub fn mono(&self, engine: u64) -> Instant {
        Instant::from_nanos(self.at(engine).mono(engine))
    }

    /// The wall clock at `engine`.
    #[inline]
    #[must_use]
    pub fn wall(&self, engine: u64) -> Timestamp {
        Timestamp::from_unix_nanos(self.at(engine).wall(engine))
    }

    /// The earliest engine time, not before `from_engine`, at which the monotonic clock reads `mono` or more.
    ///
    /// One nanosecond of engine time earlier it still reads less, so that a sleep is never early and never late.
    /// Where the clock stands still in between, that is after it goes on; where it leaps over `mono`, at the leap.
    /// The answer holds until the next change. It is `u64::MAX` where the reading is never reached.
    #[must_use]
    pub fn engine_at_least(&self, mono: Instant, from_engine: u64) -> u64 {
        // As a rule the last piece has begun, and there is nothing to look for.
        if let Some(last) = self.segments.last().filter(|last| last.from <= from_engine) {
            return last.reaches(mono.as_nanos()).map_or(u64::MAX, |at| at.max(from_engine));
        }
        let first = self.index_at(from_engine);
        self.segments[first..]
            .iter()
            .enumerate()
            .find_map(|(ahead, segment)| {
                let reached = segment.reaches(mono.as_nanos())?.max(from_engine);
                let next = self.segments.get(first + ahead + 1);
                next.is_none_or(|next| reached < next.from).then_some(reached)
            })
            .unwrap_or(u64::MAX)
    }

    /// From `at` on the monotonic clock, and the wall clock with it, gains `ppm` parts per million; 0 runs true again.
    ///
    /// # Errors
    /// [`ClockError::Rate`] for -1,000,000 or less; [`ClockError::OutOfOrder`] before the latest change.
    pub fn set_drift(&mut self, at: u64, ppm: i32) -> Result<(), ClockError> {
        if ppm <= -segment::MILLION {
            return Err(ClockError::Rate { ppm });
        }
        self.change(at, |segment| segment.set_drift(ppm))
    }

    /// The monotonic clock, and the wall clock with it, stands still from `at` until `until`, then goes on from there.
    ///
    /// A freeze under way ends at the later of its ends.
    ///
    /// # Errors
    /// [`ClockError::EmptyFreeze`] unless `until` is later than `at`; [`ClockError::OutOfOrder`] before the latest
    /// change.
    pub fn freeze(&mut self, at: u64, until: u64) -> Result<(), ClockError> {
        if until <= at {
            return Err(ClockError::EmptyFreeze { at, until });
        }
        self.change(at, |segment| segment.freeze(until))
    }

    /// At `at` the monotonic clock, and the wall clock with it, leaps forward: the machine was suspended for `by`. One
    /// that stands still goes on standing, at the new reading.
    ///
    /// # Errors
    /// [`ClockError::OutOfOrder`] before the latest change.
    pub fn suspend(&mut self, at: u64, by: Duration) -> Result<(), ClockError> {
        self.change(at, |segment| segment.leap(by))
    }

    /// At `at` the wall clock steps by `by`, either way. One that stands still goes on standing, at the new reading.
    ///
    /// # Errors
    /// [`ClockError::OutOfOrder`] before the latest change.
    pub fn step_wall(&mut self, at: u64, by: Offset) -> Result<(), ClockError> {
        self.change(at, |segment| segment.step_wall(by))
    }

    /// From `at` on the wall clock gains `ppm` parts per million on the monotonic one; 0 follows it again.
    ///
    /// # Errors
    /// [`ClockError::OutOfOrder`] before the latest change.
    pub fn set_wall_drift(&mut self, at: u64, ppm: i32) -> Result<(), ClockError> {
        self.change(at, |segment| segment.wall_drift = ppm)
    }

    /// The wall clock stands still from `at` until `until`, then goes on from there, late by what it missed; with
    /// `None` it stands for ever.
    ///
    /// A freeze under way ends at the later of its ends.
    ///
    /// # Errors
    /// [`ClockError::EmptyFreeze`] unless `until` is later than `at`; [`ClockError::OutOfOrder`] before the latest
    /// change.
    pub fn freeze_wall(&mut self, at: u64, until: Option<u64>) -> Result<(), ClockError> {
        match until {
            Some(until) if until <= at => Err(ClockError::EmptyFreeze { at, until }),
            _ => self.change(at, |segment| segment.freeze_wall(until)),
        }
    }

    /// From `at` on the wall clock gains `offset` spread evenly over `over` of engine time, as time servers do with a
    /// leap second. What is left of a smear under way is added to this one.
    ///
    /// While the wall clock stands still the smear goes on unseen and is lost.
    ///
    /// # Errors
    /// [`ClockError::EmptySmear`] where `over` is zero; [`ClockError::OutOfOrder`] before the latest change.
    pub fn smear_wall(
        &mut self,
        at: u64,
        offset: Offset,
        over: Duration,
    ) -> Result<(), ClockError> {
        if over.is_zero() {
            return Err(ClockError::EmptySmear { offset });
        }
        let over = u64::try_from(over.as_nanos()).unwrap_or(u64::MAX);
        self.change(at, |segment| {
            let left = segment.smear.map_or(0, |smear| smear.left(at));
            let offset = i128::from(offset.as_nanos()) + left;
            segment.smear = Some(Smear { at, over, offset });
        })
    }

    /// The piece that holds at `engine`. Engines mostly ask about now, which is the last piece.
    #[inline]
    fn at(&self, engine: u64) -> &Segment {
        match self.segments.last() {
            Some(last) if last.from <= engine => last,
            _ => &self.segments[self.index_at(engine)],
        }
    }

    fn index_at(&self, engine: u64) -> usize {
        self.segments.partition_point(|segment| segment.from <= engine) - 1
    }

    /// Begins a new piece at `at`, changed by `change`, and plans the pieces that follow from it.
    fn change(&mut self, at: u64, change: impl FnOnce(&mut Segment)) -> Result<(), ClockError> {
        if at < self.changed_at {
            return Err(ClockError::OutOfOrder { at, latest: self.changed_at });
        }
        self.changed_at = at;
        let index = self.index_at(at);
        let mut segment = self.segments[index].rebased(at);
        change(&mut segment);
        // A piece that begins at this very moment is replaced; planned ends may move.
        self.segments.truncate(if self.segments[index].from == at { index } else { index + 1 });
        while let Some(end) = segment.end() {
            self.segments.push(segment);
            segment = segment.rebased(end);
        }
        self.segments.push(segment);
        Ok(())
    }
}

impl Default for NodeClock {
    /// Clocks that run true from [`BASE_WALL`].
    fn default() -> Self {
        Self::new(BASE_WALL)
    }
}
