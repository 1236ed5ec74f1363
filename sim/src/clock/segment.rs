//! One piece of a node's clocks: from an engine time on, at which rates both of them go.

use crate::span::Offset;
use retrip_core::door::Timestamp;
use std::time::Duration;

/// Parts per million of a rate that runs true.
pub(super) const MILLION: i32 = 1_000_000;

/// The end of a freeze that has none.
pub(super) const FOR_EVER: u64 = u64::MAX;

/// Both clocks from one engine time on, until the next piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// The engine time at which the piece begins.
    pub(super) from: u64,
    /// The monotonic clock. Its line may have begun earlier: a change of the wall clock leaves it as it is, so that
    /// not even a rounding tells that there was one.
    mono: Line,
    /// The monotonic reading at `from`.
    mono_at_from: u64,
    /// The wall reading at `from`, in nanoseconds since the Unix epoch.
    wall: i128,
    /// What the wall clock gains on the monotonic one, in parts per million.
    pub(super) wall_drift: i32,
    /// Where the wall clock stands still: until when.
    pub(super) wall_frozen_until: Option<u64>,
    /// What the wall clock gains for a while.
    pub(super) smear: Option<Smear>,
}

impl Segment {
    /// True clocks at the start of a run.
    pub(super) const fn first(base_wall: Timestamp) -> Self {
        Self {
            from: 0,
            mono: Line { since: 0, reading: 0, drift: 0, frozen_until: None },
            mono_at_from: 0,
            wall: base_wall.as_unix_nanos(),
            wall_drift: 0,
            wall_frozen_until: None,
            smear: None,
        }
    }

    /// The monotonic reading at `engine`, which is not before the piece; `u64::MAX` where it would be past that.
    #[inline]
    pub(super) fn mono(&self, engine: u64) -> u64 {
        self.mono.at(engine)
    }

    /// The wall reading at `engine`, which is not before the piece.
    #[inline]
    pub(super) fn wall(&self, engine: u64) -> i128 {
        if self.wall_frozen_until.is_some() || self.mono.frozen_until.is_some() {
            return self.wall;
        }
        let mut wall =
            self.wall.saturating_add(i128::from(self.mono.at(engine) - self.mono_at_from));
        if self.wall_drift != 0 {
            let gained = i128::from(engine - self.from) * i128::from(self.wall_drift);
            wall = wall.saturating_add(gained.div_euclid(i128::from(MILLION)));
        }
        if let Some(smear) = self.smear {
            wall = wall.saturating_add(smear.gained(engine) - smear.gained(self.from));
        }
        wall
    }

    /// The earliest engine time at which the monotonic clock would read `mono` or more if the piece never ended; `None`
    /// where it never would. Earlier than the piece only where a piece before it has the answer.
    #[inline]
    pub(super) fn reaches(&self, mono: u64) -> Option<u64> {
        self.mono.reaches(mono)
    }

    /// This piece begun anew at `at`, where it reads the same, without what is over by then.
    pub(super) fn rebased(&self, at: u64) -> Self {
        let mono = match self.mono.frozen_until {
            Some(until) if until <= at => Line { frozen_until: None, ..self.mono.rebased(at) },
            _ => self.mono,
        };
        Self {
            from: at,
            mono,
            mono_at_from: mono.at(at),
            wall: self.wall(at),
            wall_drift: self.wall_drift,
            wall_frozen_until: self.wall_frozen_until.filter(|&until| until > at),
            smear: self.smear.filter(|smear| smear.end() > at),
        }
    }

    /// The first time after the beginning at which something is over, if anything is to be.
    pub(super) fn end(&self) -> Option<u64> {
        let wall = self.wall_frozen_until.filter(|&until| until != FOR_EVER);
        let smear = self.smear.map(|smear| smear.end());
        let ends = [self.mono.frozen_until, wall, smear];
        ends.into_iter().flatten().filter(|&end| end > self.from).min()
    }

    /// Makes the monotonic clock gain `ppm` from the beginning of the piece.
    pub(super) fn set_drift(&mut self, ppm: i32) {
        self.mono = Line { drift: ppm, ..self.mono.rebased(self.from) };
    }

    /// Stops the monotonic clock from the beginning of the piece until `until`, or until a later end that it has.
    pub(super) fn freeze(&mut self, until: u64) {
        let until = self.mono.frozen_until.max(Some(until));
        self.mono = Line { frozen_until: until, ..self.mono.rebased(self.from) };
    }

    /// Stops the wall clock from the beginning of the piece until `until`, or until a later end that it has; with
    /// `None` for ever.
    pub(super) fn freeze_wall(&mut self, until: Option<u64>) {
        self.wall_frozen_until = self.wall_frozen_until.max(Some(until.unwrap_or(FOR_EVER)));
    }

    /// Moves both clocks forward, also where they stand.
    pub(super) fn leap(&mut self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        let landed = self.mono_at_from.saturating_add(by);
        self.wall = self.wall.saturating_add(i128::from(landed - self.mono_at_from));
        self.mono = Line { reading: landed, ..self.mono.rebased(self.from) };
        self.mono_at_from = landed;
    }

    /// Moves the wall clock.
    pub(super) fn step_wall(&mut self, by: Offset) {
        self.wall = self.wall.saturating_add(i128::from(by.as_nanos()));
    }
}

/// A monotonic clock from one engine time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    /// The engine time at which the line begins.
    since: u64,
    /// The reading there.
    reading: u64,
    /// What is gained on engine time, in parts per million; above minus one million.
    drift: i32,
    /// Where the clock stands still: until when.
    frozen_until: Option<u64>,
}

impl Line {
    #[inline]
    fn at(&self, engine: u64) -> u64 {
        let elapsed = engine - self.since;
        let gone = if self.frozen_until.is_some() {
            0
        } else if self.drift == 0 {
            elapsed
        } else {
            let gone = u128::from(elapsed) * u128::from(self.rate()) / u128::from(PER_MILLION);
            u64::try_from(gone).unwrap_or(u64::MAX)
        };
        self.reading.saturating_add(gone)
    }

    /// The earliest engine time on this line with a reading of `reading` or more.
    #[inline]
    fn reaches(&self, reading: u64) -> Option<u64> {
        let missing = reading.saturating_sub(self.reading);
        if missing == 0 {
            return Some(self.since);
        }
        if self.frozen_until.is_some() {
            return None;
        }
        if self.drift == 0 {
            return self.since.checked_add(missing);
        }
        // Rounded up: at the quotient rounded down the clock would still be short of the reading.
        let elapsed =
            (u128::from(missing) * u128::from(PER_MILLION)).div_ceil(u128::from(self.rate()));
        self.since.checked_add(u64::try_from(elapsed).ok()?)
    }

    /// The same line begun anew at `at`.
    fn rebased(self, at: u64) -> Self {
        Self { since: at, reading: self.at(at), ..self }
    }

    /// Nanoseconds per million of engine time; above zero.
    fn rate(&self) -> u64 {
        u64::try_from(i64::from(MILLION) + i64::from(self.drift))
            .expect("a drift is checked to be above -1,000,000 ppm")
    }
}

const PER_MILLION: u64 = 1_000_000;

/// An offset that a wall clock gains evenly over a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Smear {
    /// The engine time at which it begins.
    pub(super) at: u64,
    /// How long it takes; above zero.
    pub(super) over: u64,
    /// What is gained in the end, in nanoseconds; lost where negative.
    pub(super) offset: i128,
}

impl Smear {
    /// What is still to be gained at `engine`.
    pub(super) fn left(&self, engine: u64) -> i128 {
        self.offset - self.gained(engine)
    }

    /// What has been gained by `engine`, rounded down.
    fn gained(&self, engine: u64) -> i128 {
        let over = i128::from(self.over);
        let elapsed = i128::from(engine.saturating_sub(self.at)).min(over);
        // Only centuries of offset over centuries of time reach the end of the numbers.
        self.offset.saturating_mul(elapsed).div_euclid(over)
    }

    fn end(&self) -> u64 {
        self.at.saturating_add(self.over)
    }
}
