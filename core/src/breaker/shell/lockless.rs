//! What a breaker does with calls that need not take its lock.

use super::counters::Counters;
use super::gate::{Gate, Way, Word};
use crate::breaker::machine::Standing;
use crate::breaker::stats::Kept;
use crate::breaker::ticket::StripeNumber;
use crate::breaker::{
    BreakerConfig, Counting, Interest, Machine, Nested, Outcome, Refusal, Span, State, Stats,
    Ticket, Timing, Window, plants,
};
use crate::door::{Atomic, Platform, Rules};
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// Calls of a closed or disabled breaker pass, and calls of an open one are rejected, without the lock, where nobody listens to every
/// event. Where no call is timed and failures in a row are the only rule, their results need no lock either. Whatever may
/// change the state is decided by the machine, under the lock.
pub(super) struct Lockless<P: Platform> {
    reach: Reach,
    counting: Counting,
    reads: Reads,
    sums: Sums,
    /// The failures in a row that open the breaker, where it is here that they are counted.
    threshold: u32,
    gate: Gate<P>,
    counters: Counters<P>,
    /// How many successes there had been when the present row of them began.
    row_began: P::AtomicU64,
    /// When the last call failed that the machine does not know of, as it is [kept](Kept).
    last_failure: P::AtomicU64,
}

/// What of a call needs no lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
enum Reach {
    Nothing,
    /// Whether it passes. Its result is the machine's: in a window, or timed.
    Admissions,
    /// Its result too. Whether it is inside another one is looked at before it passes.
    Results,
    /// All of it.
    Everything,
}

/// When the clock is read of a call that a closed breaker lets pass. Of failures it always is, at their end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    Never,
    /// For the place in a window of time.
    AtTheEnd,
    /// For how long it took.
    Twice,
}

impl Reads {
    const fn of(config: &BreakerConfig) -> Self {
        let timed = matches!(config.timing, Timing::Calls);
        match config.window {
            _ if timed => Self::Twice,
            Some(Window { slow_calls: Some(_), .. }) => Self::Twice,
            Some(Window { span: Span::Time { .. }, .. }) => Self::AtTheEnd,
            _ => Self::Never,
        }
    }
}

/// Whether somebody hears how many calls are rejected here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sums {
    Unheard,
    Heard,
}

/// A call that is rejected here.
pub(super) struct Rejection {
    pub(super) refusal: Refusal,
    /// Whether to look under the lock if it is time to tell how many there are.
    pub(super) is_looked_at: bool,
}

/// Of so many rejections of a stripe, one looks if it is time to tell of them.
const LOOKS: u64 = 64;

impl<P: Platform> Lockless<P> {
    pub(super) fn new(platform: &P, config: &BreakerConfig, interest: Option<Interest>) -> Self {
        let counts = config
            .failure_threshold
            .is_some_and(|failures| u64::from(failures) <= Word::MOST_FAILURES);
        // A bug in the decisions is the machine's, so that it makes all of them.
        let bugs = plants::OF_DECISIONS.iter().chain([&plants::EVERY_REJECTION_TOLD]);
        let of_clocks = plants::OF_CLOCKS.iter();
        let of_clocks = of_clocks.filter(|bug| **bug != plants::GATE_BELIEVES_ITS_CLOCK);
        let is_bugged = P::PLANTS && bugs.chain(of_clocks).any(|bug| platform.planted(*bug));
        let reads = Reads::of(config);
        let reach = if interest == Some(Interest::Everything) || is_bugged {
            Reach::Nothing
        } else if counts && config.window.is_none() && reads == Reads::Never {
            match config.nested {
                Nested::Twice => Reach::Everything,
                Nested::Once => Reach::Results,
            }
        } else {
            Reach::Admissions
        };
        Self {
            reach,
            counting: config.counting,
            reads,
            sums: Sums::Unheard,
            threshold: config.failure_threshold.unwrap_or(0),
            gate: Gate::new(platform),
            counters: Counters::new(platform),
            row_began: platform.atomic_u64(0),
            last_failure: platform.atomic_u64(0),
        }
    }

    #[inline]
    fn is_on(&self) -> bool {
        self.reach != Reach::Nothing
    }

    /// Whether the results of calls that pass here are the machine's to count.
    pub(super) fn leaves_results(&self) -> bool {
        self.reach == Reach::Admissions
    }

    /// When the clock is read of a call that passes here.
    pub(super) const fn reads(&self) -> Reads {
        self.reads
    }

    #[inline]
    fn counts_calls(&self) -> bool {
        self.counting == Counting::Calls
    }

    /// Counts the beginning of a call, and says where its end is to be counted.
    #[inline]
    fn count_admission(&self, platform: &P) -> StripeNumber {
        if !self.counts_calls() && !platform.broken_by(plants::UNCOUNTED_CALLS_STAY_IN_FLIGHT) {
            return StripeNumber::default();
        }
        let own = self.counters.own(platform);
        self.counters.admit(own);
        own
    }

    /// Lets a call pass that comes now and whose result needs no lock; nothing where it is not for the gate to say, or
    /// something else is looked at before.
    #[inline]
    pub(super) fn pass(&self, platform: &P) -> Option<Ticket> {
        if self.reach != Reach::Everything {
            return None;
        }
        let word = self.gate.word();
        let passes = || Ticket::to_pass(word.generation(), None, self.count_admission(platform));
        (word.way() == Way::Passes).then(passes)
    }

    /// What a call meets that is not [let pass](Self::pass): it passes, and its result is the machine's; it is rejected; or
    /// nothing, where the lock has to decide.
    #[inline]
    pub(super) fn meet(&self, platform: &P) -> Option<Result<Ticket, Rejection>> {
        if !self.is_on() {
            return None;
        }
        let word = self.gate.word();
        match word.way() {
            Way::Locked => None,
            Way::Passes | Way::PassesFreely => {
                let own = self.count_admission(platform);
                let admitted_at = (self.reads == Reads::Twice).then(|| platform.now());
                Some(Ok(Ticket::to_pass(word.generation(), admitted_at, own)))
            }
            Way::Rejected => {
                let left = self.gate.left(word, platform.now(), platform)?;
                Some(Err(self.reject(Some(left), platform)))
            }
            Way::RejectedForGood => Some(Err(self.reject(None, platform))),
        }
    }

    #[inline]
    fn reject(&self, retry_after: Option<Duration>, platform: &P) -> Rejection {
        let count = self.counters.reject(self.counters.own(platform));
        let is_looked_at = self.sums == Sums::Heard && count.is_multiple_of(LOOKS);
        Rejection { refusal: Refusal { state: State::Open, retry_after }, is_looked_at }
    }

    /// From now on somebody hears how many calls are rejected.
    pub(super) const fn tell_rejections(&mut self) {
        self.sums = Sums::Heard;
    }

    /// Counts a success that ends no row of failures. False where more has to be done for it.
    #[inline]
    pub(super) fn succeed(&self, ticket: &Ticket) -> bool {
        let ends_no_row =
            self.reach >= Reach::Results && self.gate.has_no_failures(ticket.generation());
        if ends_no_row && self.counts_calls() {
            self.counters.succeed(ticket.stripe());
        }
        ends_no_row
    }

    /// Counts the end of a call. False where the lock has to decide.
    pub(super) fn settle(&self, platform: &P, ticket: &Ticket, outcome: Outcome) -> bool {
        if !self.is_on() || ticket.trial().is_some() {
            return false;
        }
        if self.reads != Reads::Twice && self.gate.is_free(ticket.generation()) {
            self.end_freely(platform, ticket, outcome);
            return true;
        }
        match outcome {
            Outcome::Ignored => self.ignore(platform, ticket),
            Outcome::Success | Outcome::Failure if self.leaves_results() => false,
            Outcome::Success => {
                let counts = self.gate.succeed(ticket.generation(), platform);
                if counts && self.counts_calls() {
                    self.counters.succeed(ticket.stripe());
                }
                counts
            }
            Outcome::Failure => self.fail(platform, ticket),
        }
    }

    /// Counts the end of a call of a disabled breaker.
    fn end_freely(&self, platform: &P, ticket: &Ticket, outcome: Outcome) {
        if outcome == Outcome::Failure {
            self.last_failure.store(Kept::of(Some(platform.now())).word(), Relaxed);
        }
        if self.counts_calls() {
            match outcome {
                Outcome::Success => self.counters.succeed(ticket.stripe()),
                Outcome::Failure => self.counters.fail(ticket.stripe(), platform),
                Outcome::Ignored => self.counters.ignore(ticket.stripe()),
            }
        }
    }

    fn ignore(&self, platform: &P, ticket: &Ticket) -> bool {
        let counts = self.gate.word().counts(ticket.generation(), platform);
        if counts && self.counts_calls() {
            self.counters.ignore(ticket.stripe());
        }
        counts
    }

    fn fail(&self, platform: &P, ticket: &Ticket) -> bool {
        if !self.gate.fail(ticket.generation(), self.threshold.into(), platform) {
            return false;
        }
        self.row_began.store(self.counters.successes(), Relaxed);
        self.last_failure.store(Kept::of(Some(platform.now())).word(), Relaxed);
        if self.counts_calls() {
            self.counters.fail(ticket.stripe(), platform);
        }
        true
    }

    /// Counts a rejected call that got a fallback's value. False where that is the machine's.
    pub(super) fn fall_back(&self, platform: &P) -> bool {
        if self.is_on() {
            self.counters.fall_back(self.counters.own(platform));
        }
        self.is_on()
    }

    /// Whether calls pass at present.
    pub(super) fn is_closed(&self) -> bool {
        self.is_on() && self.gate.word().way() == Way::Passes
    }

    /// Sends all calls to the lock, which the caller holds, and tells the machine what it has missed.
    pub(super) fn close(&self, machine: &mut Machine, platform: &P) {
        if self.is_on() {
            let word = self.gate.close(platform);
            if self.sums == Sums::Heard {
                machine.refused_elsewhere(self.counters.rejections());
            }
            let rows = self.rows(word).filter(|_| !platform.broken_by(plants::GATE_ROW_FORGOTTEN));
            if let Some((successes, failures)) = rows {
                machine.catch_up(successes, failures);
            }
            if rows.is_some() || word.way() == Way::PassesFreely {
                machine.failed_elsewhere(Kept::of_word(self.last_failure.swap(0, Relaxed)));
            }
        }
    }

    /// Lets calls go the way that the machine has decided. The caller holds the lock.
    pub(super) fn open(&self, machine: &Machine, platform: &P) {
        if !self.is_on() {
            return;
        }
        let word = |way, failures| Word::new(machine.generation(), way, failures);
        match machine.standing() {
            Standing::Closed { successes, failures } => {
                let began = self.counters.successes().wrapping_sub(successes);
                self.row_began.store(began, Relaxed);
                self.gate.open(word(Way::Passes, failures), None, platform);
            }
            // The first call that is rejected is told of, and takes the lock for that.
            Standing::Open { .. } | Standing::OpenForGood if machine.awaits_first_refusal() => {}
            Standing::Open { began, until } => {
                self.gate.open(word(Way::Rejected, 0), Some((began, until)), platform);
            }
            Standing::OpenForGood => self.gate.open(word(Way::RejectedForGood, 0), None, platform),
            Standing::Disabled => self.gate.open(word(Way::PassesFreely, 0), None, platform),
            Standing::Undecided => {}
        }
    }

    /// From now on every call takes the lock, and the machine counts it, also what was counted here.
    pub(super) fn turn_off(&mut self, machine: &mut Machine, platform: &P) {
        if self.is_on() && machine.has_begun() {
            self.close(machine, platform);
            machine.add(self.counters.read(platform));
        }
        self.reach = Reach::Nothing;
    }

    /// Successes and failures in a row, where it is here that they are counted.
    fn rows(&self, word: Word) -> Option<(u64, u64)> {
        if word.way() != Way::Passes || self.reach < Reach::Results {
            return None;
        }
        let failures = word.failures();
        let in_row = self.counters.successes().wrapping_sub(self.row_began.load(Relaxed));
        // A call that has failed since the successes were read may have begun the row after more of them.
        let in_row = if in_row > u64::MAX / 2 { 0 } else { in_row };
        Some((if failures == 0 { in_row } else { 0 }, failures))
    }

    /// Adds what was counted here to what the machine has counted. The caller holds the lock.
    pub(super) fn add_to(&self, stats: &mut Stats, platform: &P) {
        if !self.is_on() {
            return;
        }
        let counted = self.counters.read(platform);
        stats.success += counted.success;
        stats.failure += counted.failure;
        stats.ignored += counted.ignored;
        stats.rejected += counted.rejected;
        stats.fallback += counted.fallback;
        if let Some((successes, failures)) = self.rows(self.gate.word()) {
            // A call may have succeeded since the successes were added up.
            let successes = successes.min(stats.success);
            (stats.consecutive_successes, stats.consecutive_failures) =
                (if self.counts_calls() { successes } else { 0 }, failures);
        }
        // Either side may have seen more ends than beginnings: a call begins here and ends under the lock, or the other way.
        stats.in_flight = stats.in_flight.wrapping_add(counted.in_flight());
        let last_failure = Kept::of_word(self.last_failure.load(Relaxed)).instant();
        stats.last_failure = last_failure.or(stats.last_failure);
    }
}
