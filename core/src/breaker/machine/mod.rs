//! The breaker's decisions as a pure machine: what happened and when goes in, the new state and events come out.

mod control;
mod past;
mod phase;
mod protection;
mod refusals;
mod results;
mod standing;
mod time;

pub(super) use protection::Protection;
pub(super) use results::Settled;
pub(super) use standing::Standing;

use super::interval::OpenInterval;
use super::plants;
use super::stats::{Kept, Tally};
use super::window::Results;
use super::{
    BreakerConfig, Cause, ConfigError, Counting, Event, EventKind, Generation, Moment, Refusal,
    State, Stats, Ticket,
};
use crate::door::{Instant, Rules};
use past::{Past, Totals};
use phase::Phase;
use std::sync::Arc;
use std::time::Duration;

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
///     failure_threshold: Some(1),
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
    config: Arc<BreakerConfig>,
    phase: Phase,
    generation: Generation,
    /// When the current state began.
    entered: Instant,
    consecutive_successes: u64,
    consecutive_failures: u64,
    /// Calls that ever succeeded as whoever counts in the machine's place has told.
    succeeded_elsewhere: u64,
    /// What is in the window, where there is one.
    results: Option<Box<Results>>,
    has_begun: bool,
    /// The order of the next event.
    order: u64,
    tally: Tally,
    past: Option<Box<Past>>,
}

impl Machine {
    /// A closed breaker that has seen nothing yet.
    ///
    /// # Errors
    /// As [`BreakerConfig::validate`].
    pub fn new(config: impl Into<Arc<BreakerConfig>>, now: Moment) -> Result<Self, ConfigError> {
        let config = config.into();
        config.validate()?;
        let results = config.window.map(Results::new).map(Box::new);
        Ok(Self {
            config,
            phase: Phase::Closed,
            generation: Generation::FIRST,
            entered: now.mono,
            consecutive_successes: 0,
            consecutive_failures: 0,
            succeeded_elsewhere: 0,
            results,
            has_begun: false,
            order: 0,
            tally: Tally::default(),
            past: None,
        })
    }

    /// The same machine, with what the [jitter](BreakerConfig::jitter) of its intervals is made of: those of two machines with
    /// the same seed are alike. Without it the seed is 0.
    #[must_use]
    pub fn seeded(mut self, seed: u64) -> Self {
        self.past_mut().seed = seed;
        self
    }

    /// The same machine, half-open from the start: a planted bug.
    pub(super) fn half_open(mut self) -> Self {
        self.phase = Phase::HalfOpen;
        self
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
        let too_early = rules.broken_by(plants::RECLAIMED_PERMIT_COMES_LATE)
            && self.phase == Phase::HalfOpen
            && !self.has_permit(rules);
        self.refresh(now, rules, journal);
        let trial = match self.phase {
            Phase::Closed | Phase::Disabled | Phase::MetricsOnly => None,
            Phase::HalfOpen if self.has_permit(rules) && !too_early => {
                let number = self.past_mut().trials.begin(now.mono);
                let (trial, permits) = (self.past().trials.begun(), self.config.half_open_permits);
                self.record(now, EventKind::TrialBegins { trial, permits }, journal);
                Some(number)
            }
            Phase::Open | Phase::HalfOpen | Phase::ForcedOpen | Phase::Isolated => {
                let retry_after = self.retry_after(now, rules);
                let refusal = Refusal { state: self.phase.state(), retry_after };
                let counted = !rules.broken_by(plants::REJECTIONS_UNCOUNTED);
                self.past_mut().totals.rejected += u64::from(counted);
                self.record(
                    now,
                    EventKind::Rejected { state: refusal.state, retry_after },
                    journal,
                );
                self.sum_up(now, rules, journal);
                if self.phase == Phase::HalfOpen && rules.broken_by(plants::REJECTION_IS_IN_FLIGHT)
                {
                    self.tally.begin();
                }
                return Err(refusal);
            }
        };
        self.tally.begin();
        Ok(Ticket::decided(self.generation, now.timed_by(rules), trial))
    }

    /// Counts a rejected call that got a fallback's value.
    pub fn fell_back(&mut self) {
        self.past_mut().totals.fallback += 1;
    }

    /// Everything counted so far, as seen at `now`.
    #[must_use]
    pub fn stats(&self, now: Moment, rules: &impl Rules) -> Stats {
        let Past { trials, totals, openings, .. } = self.past();
        let (latencies, last_success) = self.tally.timed();
        let stats = Stats {
            state: self.state(now, rules),
            control: self.phase.control(),
            entered: self.phase.state(),
            since: self.entered,
            generation: self.generation,
            success: self.tally.success,
            failure: self.tally.failure,
            ignored: self.tally.ignored,
            rejected: totals.rejected,
            fallback: totals.fallback,
            stale: totals.stale,
            reclaimed: totals.reclaimed,
            in_flight: self.tally.in_flight,
            consecutive_successes: self.consecutive_successes,
            consecutive_failures: self.consecutive_failures,
            transitions: totals.transitions,
            last_success,
            last_failure: self.tally.last_failure.instant(),
            last_change: totals.last_change.instant(),
            latencies,
            retry_after: match self.phase.state() {
                State::Closed => None,
                State::Open | State::HalfOpen => self.retry_after(now, rules),
            },
            oldest_trial_age: trials.oldest_age(now.mono, self.config.trial_lease),
            openings: *openings,
            window: self.results.as_ref().map(|results| results.counts(now.mono)),
        };
        match self.config.counting {
            Counting::Calls => stats,
            Counting::Rejections => stats.without_calls(),
        }
    }

    fn has_permit(&self, rules: &impl Rules) -> bool {
        if rules.broken_by(plants::UNLIMITED_TRIALS) {
            return true;
        }
        let mut permits = self.config.half_open_permits;
        if rules.broken_by(plants::LATE_RESULT_GIVES_A_PERMIT) && self.past().totals.stale > 0 {
            permits = permits.saturating_add(1);
        }
        if rules.broken_by(plants::LAST_PERMIT_IS_KEPT) && permits > 1 {
            permits -= 1;
        }
        let Past { trials, .. } = self.past();
        let kept = rules.broken_by(plants::FAILED_TRIAL_KEEPS_ITS_PERMIT);
        let failed = if kept { trials.failed() } else { 0 };
        trials.begun().saturating_add(failed) < permits
    }

    /// Opens for an interval that began at `began`; `asked` is how long a failure asks for.
    pub(super) fn open(
        &mut self,
        cause: Cause,
        began: Moment,
        asked: Option<Duration>,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        let length = self.next_interval(asked, rules);
        let past = self.past_mut();
        past.openings = past.openings.saturating_add(1);
        if cause == Cause::TrialFailed && rules.broken_by(plants::INTERVAL_NOT_RESTARTED) {
            past.interval.lasts(length);
        } else {
            past.interval = OpenInterval::new(began, length);
        }
        self.enter(Phase::Open, cause, now, rules, journal);
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
        self.sum_up_all(now, rules, journal);
        let (from, to) = (self.phase.state(), phase.state());
        self.phase = phase;
        if from != to || !rules.broken_by(plants::COMMAND_BEGINS_NO_GENERATION) {
            self.generation = self.generation.next();
        }
        self.past_mut().trials.abandon();
        match phase {
            Phase::HalfOpen => {
                if !rules.broken_by(plants::SUCCESS_STREAK_SURVIVES_OPENING) {
                    self.past_mut().trials.forget_results();
                }
            }
            Phase::Closed | Phase::Disabled | Phase::MetricsOnly => self.begin_afresh(rules),
            Phase::Open | Phase::ForcedOpen | Phase::Isolated => {}
        }
        let open_for = phase.ends_by_itself().then_some(self.past().interval.length());
        if from == to {
            self.record(now, EventKind::Renewed { state: to, open_for, cause }, journal);
            return;
        }
        let after = now.mono.saturating_duration_since(self.entered);
        self.entered = now.mono;
        let totals = &mut self.past_mut().totals;
        totals.transitions += 1;
        totals.last_change = Kept::of(Some(now.mono));
        self.record(now, EventKind::Transition { from, to, after, open_for, cause }, journal);
    }

    /// A closed breaker has seen nothing yet.
    fn begin_afresh(&mut self, rules: &impl Rules) {
        if !rules.broken_by(plants::BACKOFF_SURVIVES_CLOSING) {
            self.past_mut().openings = 0;
        }
        if let Some(results) = &mut self.results
            && !rules.broken_by(plants::WINDOW_SURVIVES_CLOSING)
        {
            results.clear();
        }
        if rules.broken_by(plants::TOTALS_LOST_BY_CLOSING) {
            self.tally.clear();
            self.past_mut().totals = Totals::NONE;
        }
    }

    fn record(&mut self, now: Moment, kind: EventKind, journal: &mut impl Extend<Event>) {
        let (at, by) = (now.mono, now.by);
        let event = Event { order: self.order, at, by, generation: self.generation, kind };
        self.order += 1;
        journal.extend([event]);
    }
}
