//! What a breaker tells about itself: events, stamped and in one total order.

use super::{Ended, Generation, Interest, Outcome, State};
use crate::door::{Instant, UnitNumber};
use std::time::Duration;

/// One thing that happened to a breaker.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// Its place among the events of this breaker: 0, 1, 2 ... For a listener that hears
    /// [everything](Interest::Everything) without gaps, but for those that it is told to have [missed](EventKind::Missed). Where
    /// nobody does, calls that decide nothing are no events.
    pub order: u64,
    /// The reading of the monotonic clock with which it was decided.
    pub at: Instant,
    /// The unit that brought it about, which need not be the one that delivers it.
    pub by: UnitNumber,
    /// The generation after it.
    pub generation: Generation,
    /// What happened.
    pub kind: EventKind,
}

/// What happened to a breaker.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// The state changed; a new generation begins.
    Transition {
        /// The state before.
        from: State,
        /// The state now, never the same.
        to: State,
        /// The time spent in `from`.
        after: Duration,
        /// The open interval, where `to` is [`State::Open`] and it ends by itself; `None` when forced open.
        open_for: Option<Duration>,
        /// Why.
        cause: Cause,
    },
    /// A manual command met the state that it asks for: the state stays, a new generation begins.
    ///
    /// A reset while closed forgets the failures in a row; forcing an open breaker makes it forced open.
    Renewed {
        /// The state before and now.
        state: State,
        /// As in [`EventKind::Transition`], for a breaker that is isolated.
        open_for: Option<Duration>,
        /// [`Cause::Forced`] to [`Cause::Reset`].
        cause: Cause,
    },
    /// A half-open breaker admitted a call.
    TrialBegins {
        /// Trials in flight and succeeded in this generation, this one included: 1 for the first.
        trial: u32,
        /// The most that may be.
        permits: u32,
    },
    /// A trial was silent for longer than its lease: its permit is free again, and its result will be too late to count.
    TrialReclaimed {
        /// The reading with which it was admitted.
        admitted_at: Instant,
    },
    /// An admitted call ended.
    Completed {
        /// The generation that admitted it.
        admitted_in: Generation,
        /// The reading with which it was admitted; `None` where no clock was read for it.
        admitted_at: Option<Instant>,
        /// What it says about the service. A trial that succeeds and is [slow](super::SlowCalls) counts as one that
        /// failed all the same.
        outcome: Outcome,
        /// How long the service [asked to be left alone](super::Verdict::retry_after), where it did.
        asked: Option<Duration>,
        /// Whether it could decide anything.
        counted: Counted,
        /// How it ended.
        ended: Ended,
    },
    /// A call was refused.
    Rejected {
        /// The state that refused.
        state: State,
        /// As in [`Rejected::retry_after`](super::Rejected::retry_after).
        retry_after: Option<Duration>,
    },
    /// Calls were refused since the generation began, or since somebody listens: how many. Where somebody hears
    /// [`Interest::Notable`], it is told of the first one, of [every so many](super::Listener::rejections_between) after it, and
    /// of all when the generation ends.
    Rejections {
        /// The state that refused.
        state: State,
        /// How many. All together of all generations are exactly those that [`Stats::rejected`](super::Stats::rejected) has counted
        /// since somebody listens, unless some were [missed](EventKind::Missed); one that is refused while the generation ends may
        /// be counted in the next.
        count: u64,
        /// Whether there may be more.
        sum: Sum,
    },
    /// The event of this place and some after it were missed, because [as many as may](super::Listener::backlog) were waiting for
    /// a listener that was slow. Everybody hears of it, whatever those were.
    Missed {
        /// How many. For a listener that hears [everything](Interest::Everything) the next event has the place
        /// [`order`](Event::order)` + count`.
        count: u64,
    },
}

/// Whether calls that are counted may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sum {
    /// They do.
    SoFar {
        /// As in [`Rejected::retry_after`](super::Rejected::retry_after), for the last of them.
        retry_after: Option<Duration>,
    },
    /// The generation ends with this.
    InAll,
}

impl EventKind {
    /// The least interest of a listener that hears this.
    pub(super) const fn interest(&self) -> Interest {
        match self {
            Self::Transition { .. } | Self::Renewed { .. } | Self::Missed { .. } => {
                Interest::Transitions
            }
            Self::Rejections { .. } | Self::TrialReclaimed { .. } => Interest::Notable,
            Self::TrialBegins { .. } | Self::Completed { .. } | Self::Rejected { .. } => {
                Interest::Everything
            }
        }
    }
}

/// Why a breaker changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// As many failures in a row as the threshold.
    Threshold,
    /// The rate of failures in the window reached its limit.
    FailureRate,
    /// The rate of slow calls in the window reached its limit.
    SlowRate,
    /// The open interval is over, and a call or a refresh came.
    IntervalOver,
    /// A trial failed, and no more may.
    TrialFailed,
    /// The half-open period took as long as it may.
    NotClosedInTime,
    /// As many successful trials as the threshold.
    TrialsSucceeded,
    /// Somebody forced it open.
    Forced,
    /// Somebody isolated it.
    Isolated,
    /// Somebody disabled it.
    Disabled,
    /// Somebody lets it measure only.
    MetricsOnly,
    /// Somebody lifted what was done to it by hand.
    Lifted,
    /// Somebody reset it.
    Reset,
    /// A trial succeeded and was [slow](super::SlowCalls), and no more may fail or be slow.
    TrialSlow,
}

impl Cause {
    /// The word for it in a log: `trial_failed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Threshold => "threshold",
            Self::FailureRate => "failure_rate",
            Self::SlowRate => "slow_rate",
            Self::IntervalOver => "interval_over",
            Self::TrialFailed => "trial_failed",
            Self::TrialSlow => "trial_slow",
            Self::NotClosedInTime => "not_closed_in_time",
            Self::TrialsSucceeded => "trials_succeeded",
            Self::Forced => "forced",
            Self::Isolated => "isolated",
            Self::Disabled => "disabled",
            Self::MetricsOnly => "metrics_only",
            Self::Lifted => "lifted",
            Self::Reset => "reset",
        }
    }
}

/// Whether a result could decide anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    /// Yes: the generation that admitted the call is the current one.
    Yes,
    /// No: another generation has begun since, or the trial was silent for longer than its lease. The result is in the statistics, and nowhere else.
    Stale,
}
