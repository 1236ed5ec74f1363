//! In what state a breaker is measured, how it is called, and what that is compared with.

use crate::floor::Floor;

/// A state and a way to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Situation {
    /// Closed, as configured by default where that counts failures in a row; every call succeeds.
    Closed,
    /// The same, where rejections alone are counted.
    Uncounted,
    /// Closed, by a permit that is asked for and completed.
    Permit,
    /// Closed; a call that fails and one that succeeds, which are timed together.
    FailureAndSuccess,
    /// Closed, by the rate of failures among the last hundred calls.
    WindowOfCalls,
    /// Closed, by the rate of failures in the last ten seconds.
    WindowOfTime,
    /// Half-open for as long as it is measured; every call succeeds.
    HalfOpen,
    /// Open, for an hour: every call is rejected.
    Open,
    /// The same, on a clock that is read fast and moves in steps of milliseconds.
    OpenCoarse,
    /// Opened by hand.
    ForcedOpen,
    /// Closed; a call of a future that is ready.
    Async,
    /// Half-open; such a call.
    AsyncHalfOpen,
    /// Open; such a call.
    AsyncOpen,
    /// Closed, before a service of tower's whose answer is ready.
    Tower,
    /// Half-open for as long as it is measured, before such a service.
    TowerHalfOpen,
    /// Open, before such a service.
    TowerOpen,
}

impl Situation {
    pub(crate) const ALL: [Self; 16] = [
        Self::Closed,
        Self::Uncounted,
        Self::Permit,
        Self::FailureAndSuccess,
        Self::WindowOfCalls,
        Self::WindowOfTime,
        Self::HalfOpen,
        Self::Open,
        Self::OpenCoarse,
        Self::ForcedOpen,
        Self::Async,
        Self::AsyncHalfOpen,
        Self::AsyncOpen,
        Self::Tower,
        Self::TowerHalfOpen,
        Self::TowerOpen,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Uncounted => "closed, calls not counted",
            Self::Permit => "closed, by permit",
            Self::FailureAndSuccess => "closed, a failure and a success",
            Self::WindowOfCalls => "closed, window of 100 calls",
            Self::WindowOfTime => "closed, window of 10 s",
            Self::HalfOpen => "half-open",
            Self::Open => "open",
            Self::OpenCoarse => "open, coarse clock",
            Self::ForcedOpen => "opened by hand",
            Self::Async => "async, closed",
            Self::AsyncHalfOpen => "async, half-open",
            Self::AsyncOpen => "async, open",
            Self::Tower => "tower, closed",
            Self::TowerHalfOpen => "tower, half-open",
            Self::TowerOpen => "tower, open",
        }
    }

    /// What could hardly be done with less: exact counts of what is admitted and of what has succeeded are two additions.
    pub(crate) const fn floor(self) -> Floor {
        match self {
            Self::Closed | Self::Permit | Self::Async => Floor::TwoAdds,
            Self::Uncounted => Floor::Load,
            Self::FailureAndSuccess => Floor::FourAdds,
            Self::WindowOfCalls => Floor::Lock,
            Self::WindowOfTime | Self::HalfOpen | Self::AsyncHalfOpen | Self::TowerHalfOpen => {
                Floor::LockAndClock
            }
            Self::Open | Self::AsyncOpen | Self::TowerOpen => Floor::Clock,
            Self::OpenCoarse => Floor::CoarseClock,
            Self::ForcedOpen => Floor::Add,
            Self::Tower => Floor::Service,
        }
    }
}
