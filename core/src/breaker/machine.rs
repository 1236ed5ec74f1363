//! The breaker's decisions as a pure machine: what happened and when goes in, the new state and events come out.

use super::interval::OpenInterval;
use super::plants;
use super::stats::Tally;
use super::trials::Trials;
use super::{
    BreakerConfig, Cause, ConfigError, Counted, Ended, Event, EventKind, Generation, Moment,
    Outcome, Refusal, State, Stats, Ticket,
};
use crate::door::{Instant, Rules};
use std::time::Duration;

/// [`State`], with the two kinds of open told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Closed,
    Open,
    ForcedOpen,
    HalfOpen,
}

impl Phase {
    const fn state(self) -> State {
        match self {
            Self::Closed => State::Closed,
            Self::Open | Self::ForcedOpen => State::Open,
            Self::HalfOpen => State::HalfOpen,
        }
    }
}

/// The decisions of one breaker, without a clock and without a lock.
///
/// Every method takes the moment at which it happens, the rules (in production [`Sound`](crate::door::Sound), or the
/// platform), and a journal to which it adds the events in their order: a `Vec`, say.
///
/// The clock may be hostile: readings that repeat, jump ahead or are huge are taken as they are. A reading before the
/// current opening cannot be right; the open interval then begins again at that reading. So a clock that goes back
/// never shortens an opening and never makes it last for ever: it ends at the first reading that is a whole interval
/// after an earlier one.
///
/// ```
/// use retrip_core::breaker::{BreakerConfig, Ended, Machine, Moment, Outcome, State};
/// use retrip_core::door::{Instant, Sound};
/// use std::time::Duration;
///
/// let config = BreakerConfig {
///     failure_threshold: 1,
///     open_for: Duration::from_nanos(10),
///     ..BreakerConfig::default()
/// };
/// let at = |nanos| Moment::at(Instant::from_nanos(nanos));
/// let mut journal = Vec::new();
/// let mut machine = Machine::new(config, at(0))?;
///
/// let ticket = machine.admit(at(0), &Sound, &mut journal).expect("closed");
/// machine.complete(ticket, Outcome::Failure, Ended::Returned, at(5), &Sound, &mut journal);
/// assert_eq!(machine.state(at(14), &Sound), State::Open);
/// // Ten nanoseconds after the opening are exactly enough.
/// assert_eq!(machine.state(at(15), &Sound), State::HalfOpen);
/// assert_eq!(journal.len(), 2, "the call's end and the opening");
/// # Ok::<(), retrip_core::breaker::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Machine {
    config: BreakerConfig,
    phase: Phase,
    generation: Generation,
    /// When the current state began.
    entered: Instant,
    /// The current open interval, or the last one.
    interval: OpenInterval,
    consecutive_successes: u64,
    consecutive_failures: u64,
    trials: Trials,
    /// The order of the next event.
    order: u64,
    tally: Tally,
}

impl Machine {
    /// A closed breaker that has seen nothing yet.
    ///
    /// # Errors
    /// As [`BreakerConfig::validate`].
    pub fn new(config: BreakerConfig, now: Moment) -> Result<Self, ConfigError> {
        config.validate()?;
        let interval = OpenInterval::new(now, config.open_for);
        Ok(Self {
            config,
            phase: Phase::Closed,
            generation: Generation::FIRST,
            entered: now.mono,
            interval,
            consecutive_successes: 0,
            consecutive_failures: 0,
            trials: Trials::default(),
            order: 0,
            tally: Tally::default(),
        })
    }

    /// The same machine, half-open from the start: a planted bug.
    pub(super) fn half_open(mut self) -> Self {
        self.phase = Phase::HalfOpen;
        self
    }

    /// The effective state at `now`: an open breaker whose interval is over is half-open, even before anybody called.
    #[must_use]
    pub fn state(&self, now: Moment, rules: &impl Rules) -> State {
        match self.phase {
            Phase::Open if self.interval.is_over(now, rules) => State::HalfOpen,
            phase => phase.state(),
        }
    }

    /// The current generation.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// One more call wants to be made.
    ///
    /// # Errors
    /// The breaker is open and its interval is not over, or it is forced open, or half-open and out of permits.
    pub fn admit(
        &mut self,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) -> Result<Ticket, Refusal> {
        self.refresh(now, rules, journal);
        let is_trial = match self.phase {
            Phase::Closed => false,
            Phase::HalfOpen if self.has_permit(rules) => {
                self.trials.begin(now.mono);
                let (trial, permits) = (self.trials.begun(), self.config.half_open_permits);
                self.record(now, EventKind::TrialBegins { trial, permits }, journal);
                true
            }
            Phase::Open | Phase::ForcedOpen | Phase::HalfOpen => {
                let retry_after = self.retry_after(now, rules);
                let refusal = Refusal { state: self.phase.state(), retry_after };
                self.tally.rejected += u64::from(!rules.broken_by(plants::REJECTIONS_UNCOUNTED));
                self.record(
                    now,
                    EventKind::Rejected { state: refusal.state, retry_after },
                    journal,
                );
                return Err(refusal);
            }
        };
        self.tally.in_flight += 1;
        Ok(Ticket { generation: self.generation, admitted_at: now.mono, is_trial })
    }

    /// The call that `ticket` admitted has ended. A result of another generation changes statistics only.
    ///
    /// # Panics
    /// The ticket is another machine's, and this one has no call in flight.
    pub fn complete(
        &mut self,
        ticket: Ticket,
        outcome: Outcome,
        ended: Ended,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        if ended == Ended::Panicked && rules.broken_by(plants::PERMIT_LEAKED_BY_PANIC) {
            return;
        }
        self.observe(now);
        let Ticket { generation: admitted_in, admitted_at, .. } = ticket;
        let current =
            admitted_in == self.generation || rules.broken_by(plants::UNFENCED_LATE_RESULT);
        let counted = if current { Counted::Yes } else { Counted::Stale };
        // A clock that went back counts as no time at all.
        let nanos = now.mono.as_nanos().saturating_sub(admitted_at.as_nanos());
        let in_microseconds = rules.broken_by(plants::LATENCY_IN_MICROSECONDS);
        let latency = if in_microseconds { nanos / 1000 } else { nanos };
        self.tally.completed(outcome, latency, now.mono);
        let kind = EventKind::Completed { admitted_in, admitted_at, outcome, counted, ended };
        self.record(now, kind, journal);
        match counted {
            Counted::Yes => self.count(admitted_at, outcome, now, rules, journal),
            Counted::Stale => self.tally.stale += 1,
        }
    }

    /// Makes the transition to half-open an event, if the open interval is over.
    pub fn refresh(&mut self, now: Moment, rules: &impl Rules, journal: &mut impl Extend<Event>) {
        self.observe(now);
        if self.phase == Phase::Open && self.interval.is_over(now, rules) {
            let trusting = rules.broken_by(plants::CLOSES_WITHOUT_TRIALS);
            let next = if trusting { Phase::Closed } else { Phase::HalfOpen };
            self.enter(next, Cause::IntervalOver, now, rules, journal);
        }
    }

    /// Closes the breaker, also one that is forced open, and forgets the results in a row. Totals stay.
    pub fn reset(&mut self, now: Moment, rules: &impl Rules, journal: &mut impl Extend<Event>) {
        self.observe(now);
        self.consecutive_successes = 0;
        self.consecutive_failures = 0;
        self.enter(Phase::Closed, Cause::Reset, now, rules, journal);
    }

    /// Opens the breaker until somebody resets it, whatever its timer and late results say.
    pub fn force_open(
        &mut self,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        self.observe(now);
        self.enter(Phase::ForcedOpen, Cause::Forced, now, rules, journal);
    }

    /// Counts a rejected call that got a fallback's value.
    pub fn fell_back(&mut self) {
        self.tally.fallback += 1;
    }

    /// Everything counted so far, as seen at `now`.
    #[must_use]
    pub fn stats(&self, now: Moment, rules: &impl Rules) -> Stats {
        Stats {
            state: self.state(now, rules),
            entered: self.phase.state(),
            since: self.entered,
            generation: self.generation,
            success: self.tally.success,
            failure: self.tally.failure,
            ignored: self.tally.ignored,
            rejected: self.tally.rejected,
            fallback: self.tally.fallback,
            stale: self.tally.stale,
            in_flight: self.tally.in_flight,
            consecutive_successes: self.consecutive_successes,
            consecutive_failures: self.consecutive_failures,
            transitions: self.tally.transitions,
            last_success: self.tally.last_success,
            last_failure: self.tally.last_failure,
            last_change: self.tally.last_change,
            latencies: self.tally.latencies.clone(),
            retry_after: match self.phase {
                Phase::Closed => None,
                Phase::Open | Phase::ForcedOpen | Phase::HalfOpen => self.retry_after(now, rules),
            },
            oldest_trial_age: self.trials.oldest_age(now.mono),
        }
    }

    /// Lets a result of the current generation decide.
    fn count(
        &mut self,
        admitted_at: Instant,
        outcome: Outcome,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        if self.phase == Phase::HalfOpen {
            self.trials.end(admitted_at);
        }
        match outcome {
            Outcome::Ignored => {}
            Outcome::Success => {
                self.consecutive_successes += 1;
                if !rules.broken_by(plants::FAILURES_NEED_NO_ROW) {
                    self.consecutive_failures = 0;
                }
                if self.phase == Phase::HalfOpen {
                    self.trials.succeed();
                    if self.enough_successes(rules) {
                        self.enter(Phase::Closed, Cause::TrialsSucceeded, now, rules, journal);
                    }
                }
            }
            Outcome::Failure => {
                self.consecutive_failures += 1;
                self.consecutive_successes = 0;
                match self.phase {
                    Phase::Closed if self.too_many_failures(rules) => {
                        self.enter(Phase::Open, Cause::Threshold, now, rules, journal);
                    }
                    Phase::HalfOpen => {
                        self.enter(Phase::Open, Cause::TrialFailed, now, rules, journal);
                    }
                    Phase::Closed | Phase::Open | Phase::ForcedOpen => {}
                }
            }
        }
    }

    fn too_many_failures(&self, rules: &impl Rules) -> bool {
        let threshold = u64::from(self.config.failure_threshold);
        if rules.broken_by(plants::THRESHOLD_OFF_BY_ONE) {
            return self.consecutive_failures > threshold;
        }
        self.consecutive_failures >= threshold
    }

    fn enough_successes(&self, rules: &impl Rules) -> bool {
        if rules.broken_by(plants::SUCCESS_THRESHOLD_OFF_BY_ONE) {
            return self.trials.succeeded() > self.config.success_threshold;
        }
        self.trials.succeeded() >= self.config.success_threshold
    }

    fn has_permit(&self, rules: &impl Rules) -> bool {
        rules.broken_by(plants::UNLIMITED_TRIALS)
            || self.trials.begun() < self.config.half_open_permits
    }

    /// Begins a new generation in `phase`.
    fn enter(
        &mut self,
        phase: Phase,
        cause: Cause,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        let (from, to) = (self.phase.state(), phase.state());
        self.phase = phase;
        self.generation = self.generation.next();
        self.trials.abandon();
        match phase {
            Phase::Open => {
                let keeps =
                    cause == Cause::TrialFailed && rules.broken_by(plants::INTERVAL_NOT_RESTARTED);
                if !keeps {
                    self.interval.restart(now);
                }
            }
            Phase::HalfOpen => {
                if !rules.broken_by(plants::SUCCESS_STREAK_SURVIVES_OPENING) {
                    self.trials.forget_successes();
                }
            }
            Phase::Closed => {
                if rules.broken_by(plants::TOTALS_LOST_BY_CLOSING) {
                    self.tally.clear();
                }
            }
            Phase::ForcedOpen => {}
        }
        if from == to {
            self.record(now, EventKind::Renewed { state: to, cause }, journal);
            return;
        }
        let after = now.mono.saturating_duration_since(self.entered);
        let open_for = (phase == Phase::Open).then_some(self.interval.length());
        self.entered = now.mono;
        self.tally.transitions += 1;
        self.tally.last_change = Some(now.mono);
        self.record(now, EventKind::Transition { from, to, after, open_for, cause }, journal);
    }

    /// Takes note of a clock that went back: what began after `now` begins at `now`.
    fn observe(&mut self, now: Moment) {
        self.entered = self.entered.min(now.mono);
        if self.phase == Phase::Open {
            self.interval.observe(now);
        }
    }

    /// How long until the next admission may succeed, as far as the clock tells; `None` when forced open.
    fn retry_after(&self, now: Moment, rules: &impl Rules) -> Option<Duration> {
        match self.phase {
            Phase::ForcedOpen => None,
            Phase::Open => Some(self.interval.left(now, rules)),
            Phase::Closed | Phase::HalfOpen => Some(Duration::ZERO),
        }
    }

    fn record(&mut self, now: Moment, kind: EventKind, journal: &mut impl Extend<Event>) {
        let (at, by) = (now.mono, now.by);
        let event = Event { order: self.order, at, by, generation: self.generation, kind };
        self.order += 1;
        journal.extend([event]);
    }
}
