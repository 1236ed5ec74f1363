//! std's `time`, for code that cannot be given a platform: both clocks of the node that the calling thread runs on.
//!
//! See [`sync`](crate::sync) for what is different. Reading a clock is a scheduling point. [`SystemTime`] and its error are
//! types of ours, because only std can make std's.

pub use std::time::Duration;

use crate::engine::threads::Sim;
use retrip_core::door::{self, Clock, Timestamp};
use std::error::Error;
use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};

/// As [`std::time::Instant`]: a reading of the node's monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(door::Instant);

/// As [`std::time::SystemTime`]: a reading of the node's wall clock, which may jump either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SystemTime(Timestamp);

/// As [`std::time::UNIX_EPOCH`].
pub const UNIX_EPOCH: SystemTime = SystemTime::UNIX_EPOCH;

/// The later of two times came first: how much later it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemTimeError(Duration);

const NEVER: &str = "overflow when a duration is added to or taken from an instant";

impl Instant {
    /// Now.
    ///
    /// # Panics
    /// Outside of a run.
    #[must_use]
    #[track_caller]
    pub fn now() -> Self {
        Self(Sim::here().now())
    }

    /// The time since then; zero where it is still to come.
    #[must_use]
    #[track_caller]
    pub fn elapsed(&self) -> Duration {
        Self::now().duration_since(*self)
    }

    /// The time since `earlier`; zero where that is later.
    #[must_use]
    pub fn duration_since(&self, earlier: Self) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }

    /// The time since `earlier`; zero where that is later.
    #[must_use]
    pub fn saturating_duration_since(&self, earlier: Self) -> Duration {
        self.duration_since(earlier)
    }

    /// The time since `earlier`; none where that is later.
    #[must_use]
    pub fn checked_duration_since(&self, earlier: Self) -> Option<Duration> {
        (earlier <= *self).then(|| self.duration_since(earlier))
    }

    /// `duration` later; none where no clock goes that far.
    #[must_use]
    pub fn checked_add(&self, duration: Duration) -> Option<Self> {
        let nanos = u64::try_from(duration.as_nanos()).ok()?;
        self.0.as_nanos().checked_add(nanos).map(|nanos| Self(door::Instant::from_nanos(nanos)))
    }

    /// `duration` earlier; none before the start of the run.
    #[must_use]
    pub fn checked_sub(&self, duration: Duration) -> Option<Self> {
        let nanos = u64::try_from(duration.as_nanos()).ok()?;
        self.0.as_nanos().checked_sub(nanos).map(|nanos| Self(door::Instant::from_nanos(nanos)))
    }

    pub(crate) fn reading(self) -> door::Instant {
        self.0
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    /// # Panics
    /// No clock goes that far.
    fn add(self, duration: Duration) -> Self {
        self.checked_add(duration).expect(NEVER)
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;

    /// # Panics
    /// Before the start of the run.
    fn sub(self, duration: Duration) -> Self {
        self.checked_sub(duration).expect(NEVER)
    }
}

impl SubAssign<Duration> for Instant {
    fn sub_assign(&mut self, duration: Duration) {
        *self = *self - duration;
    }
}

impl Sub for Instant {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        self.duration_since(earlier)
    }
}

impl SystemTime {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self(Timestamp::from_unix_nanos(0));

    /// Now, by the wall clock.
    ///
    /// # Panics
    /// Outside of a run.
    #[must_use]
    #[track_caller]
    pub fn now() -> Self {
        Self(Sim::here().wall())
    }

    /// The time since `earlier`.
    ///
    /// # Errors
    /// `earlier` is later; the error says by how much.
    pub fn duration_since(&self, earlier: Self) -> Result<Duration, SystemTimeError> {
        let nanos = self.0.as_unix_nanos() - earlier.0.as_unix_nanos();
        let duration = Duration::from_nanos_u128(nanos.unsigned_abs());
        if nanos >= 0 { Ok(duration) } else { Err(SystemTimeError(duration)) }
    }

    /// The time since then.
    ///
    /// # Errors
    /// It is still to come, perhaps because the clock was set back; the error says by how much.
    #[track_caller]
    pub fn elapsed(&self) -> Result<Duration, SystemTimeError> {
        Self::now().duration_since(*self)
    }

    /// `duration` later; none where that cannot be said.
    #[must_use]
    pub fn checked_add(&self, duration: Duration) -> Option<Self> {
        self.moved(i128::try_from(duration.as_nanos()).ok()?)
    }

    /// `duration` earlier; none where that cannot be said.
    #[must_use]
    pub fn checked_sub(&self, duration: Duration) -> Option<Self> {
        self.moved(i128::try_from(duration.as_nanos()).ok()?.checked_neg()?)
    }

    fn moved(self, by: i128) -> Option<Self> {
        self.0.as_unix_nanos().checked_add(by).map(|nanos| Self(Timestamp::from_unix_nanos(nanos)))
    }
}

impl Add<Duration> for SystemTime {
    type Output = Self;

    /// # Panics
    /// That cannot be said.
    fn add(self, duration: Duration) -> Self {
        self.checked_add(duration).expect(NEVER)
    }
}

impl AddAssign<Duration> for SystemTime {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl Sub<Duration> for SystemTime {
    type Output = Self;

    /// # Panics
    /// That cannot be said.
    fn sub(self, duration: Duration) -> Self {
        self.checked_sub(duration).expect(NEVER)
    }
}

impl SubAssign<Duration> for SystemTime {
    fn sub_assign(&mut self, duration: Duration) {
        *self = *self - duration;
    }
}

impl SystemTimeError {
    /// How much later the earlier time was.
    #[must_use]
    pub const fn duration(&self) -> Duration {
        self.0
    }
}

impl fmt::Display for SystemTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "second time provided was later than self by {:?}", self.0)
    }
}

impl Error for SystemTimeError {}
