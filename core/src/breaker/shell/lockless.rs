//! What a breaker does with calls that need not take its lock.

use super::counters::Counters;
use super::gate::{Gate, Way, Word};
use crate::breaker::machine::Standing;
use crate::breaker::stats::Counts;
use crate::breaker::ticket::StripeNumber;
use crate::breaker::{
    BreakerConfig, Counting, Generation, Interest, Machine, Nested, Outcome, Refusal, Span, State,
    Ticket, Timing, Window, plants,
};
use crate::door::{Platform, Rules};
use std::time::Duration;

/// Calls of a closed or disabled breaker pass, and calls of an open one are rejected, without the lock, where nobody listens to every
/// event. Where no call is timed and failures in a row are the only rule, a success needs no lock either, but for one that ends a
/// row of failures. Whatever may change the state is decided by the machine, under the lock.
pub(super) struct Lockless<P: Platform> {
    reach: Reach,
    counting: Counting,
    reads: Reads,
    sums: Sums,
    gate: Gate<P>,
    counters: Counters<P>,
}

/// What of a call needs no lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
enum Reach {
    Nothing,
    /// Whether it passes. Its result is the machine's: in a window, or timed.
    Admissions,
    /// Its success too. Whether it is inside another one is looked at before it passes.
    Successes,
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

/// So often counts that move are read before those who count have to wait.
const COLLECTS: u32 = 2;

/// Of so many rejections of a stripe, one looks if it is time to tell of them.
const LOOKS: u64 = 64;

impl<P: Platform> Lockless<P> {
    pub(super) fn new(platform: &P, config: &BreakerConfig, interest: Option<Interest>) -> Self {
        // A bug in the decisions is the machine's, so that it makes all of them.
        let bugs = plants::OF_DECISIONS.iter().chain([&plants::EVERY_REJECTION_TOLD]);
        let of_clocks = plants::OF_CLOCKS.iter();
        let of_clocks = of_clocks.filter(|bug| **bug != plants::GATE_BELIEVES_ITS_CLOCK);
        let is_bugged = P::PLANTS && bugs.chain(of_clocks).any(|bug| platform.planted(*bug));
        let reads = Reads::of(config);
        let reach = if interest == Some(Interest::Everything) || is_bugged {
            Reach::Nothing
        } else if config.window.is_none() && reads == Reads::Never {
            match config.nested {
                Nested::Twice => Reach::Everything,
                Nested::Once => Reach::Successes,
            }
        } else {
            Reach::Admissions
        };
        Self {
            reach,
            counting: config.counting,
            reads,
            sums: Sums::Unheard,
            gate: Gate::new(platform),
            counters: Counters::new(platform),
        }
    }

    /// Whether calls pass here.
    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.reach != Reach::Nothing
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
        word.passes().then(passes)
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
            Way::Passes | Way::PassesAfterFailures | Way::PassesFreely => {
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

    /// From now on somebody hears how many calls are rejected, of which there have been so many here.
    pub(super) fn tell_rejections(&mut self) -> u64 {
        self.sums = Sums::Heard;
        self.counters.rejections()
    }

    /// Counts a success that ends no row of failures. False where more has to be done for it.
    #[inline]
    pub(super) fn succeed(&self, ticket: &Ticket, platform: &P) -> bool {
        let ends_no_row = self.reach >= Reach::Successes
            && self.gate.word() == Word::new(ticket.generation(), Way::Passes);
        if ends_no_row && self.counts_calls() {
            self.counters.succeed(ticket.stripe(), platform);
        }
        ends_no_row
    }

    /// Counts the end of a call that says nothing about the service, or did so while that does not matter. False where it is for the
    /// machine to count.
    #[inline]
    pub(super) fn settle(&self, platform: &P, ticket: &Ticket, outcome: Outcome) -> bool {
        if !self.is_on() || ticket.trial().is_some() {
            return false;
        }
        let word = self.gate.word();
        let is_free = || word == Word::new(ticket.generation(), Way::PassesFreely);
        let counts = match outcome {
            Outcome::Ignored => {
                word.counts(ticket.generation()) || self.reads != Reads::Twice && is_free()
            }
            Outcome::Success => self.reads != Reads::Twice && is_free(),
            Outcome::Failure => false,
        };
        if counts && self.counts_calls() {
            match outcome {
                Outcome::Ignored => self.counters.ignore(ticket.stripe()),
                _ => self.counters.succeed(ticket.stripe(), platform),
            }
        }
        counts
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
        self.is_on() && self.gate.word().passes()
    }

    /// Sends all calls to the lock, which the caller holds, and tells the machine what it has missed.
    pub(super) fn close(&self, machine: &mut Machine, platform: &P) {
        if self.is_on() {
            self.gate.close(platform);
            if self.sums == Sums::Heard {
                machine.refused_elsewhere(self.counters.rejections());
            }
            self.catch_up(machine);
        }
    }

    /// Tells the machine of the successes that were counted here. The caller holds the lock.
    pub(super) fn catch_up(&self, machine: &mut Machine) {
        if self.reach >= Reach::Successes {
            machine.succeeded_elsewhere(self.counters.successes());
        }
    }

    /// Lets calls know whether a success of theirs would end failures in a row, as the machine has just counted. The caller holds the
    /// lock.
    pub(super) fn turn(&self, machine: &Machine, platform: &P) {
        let Standing::Closed { failures } = machine.standing() else { return };
        if self.reach >= Reach::Successes && !platform.broken_by(plants::GATE_ROW_FORGOTTEN) {
            self.gate.turn(Word::new(machine.generation(), way_after(failures)));
        }
    }

    /// A success ends the row without the lock: a planted bug.
    pub(super) fn end_row(&self, generation: Generation) {
        if self.gate.word().counts(generation) {
            self.gate.turn(Word::new(generation, Way::Passes));
        }
    }

    /// Lets calls go the way that the machine has decided. The caller holds the lock.
    pub(super) fn open(&self, machine: &Machine, platform: &P) {
        if !self.is_on() {
            return;
        }
        let word = |way| Word::new(machine.generation(), way);
        match machine.standing() {
            Standing::Closed { failures } => {
                self.gate.open(word(way_after(failures)), None, platform)
            }
            // The first call that is rejected is told of, and takes the lock for that.
            Standing::Open { .. } | Standing::OpenForGood if machine.awaits_first_refusal() => {}
            Standing::Open { began, length } => {
                // An interval of centuries is told by the machine.
                let Ok(nanos) = u64::try_from(length.as_nanos()) else { return };
                self.gate.open(word(Way::Rejected), Some((began, nanos)), platform);
            }
            Standing::OpenForGood => self.gate.open(word(Way::RejectedForGood), None, platform),
            Standing::Disabled => self.gate.open(word(Way::PassesFreely), None, platform),
            Standing::Undecided => {}
        }
    }

    /// From now on every call takes the lock, and the machine counts it, also what was counted here.
    pub(super) fn turn_off(&mut self, machine: &mut Machine, platform: &P) {
        if self.is_on() && machine.has_begun() {
            self.close(machine, platform);
            let counts = self.read(machine, platform);
            machine.add(counts);
        }
        self.reach = Reach::Nothing;
    }

    /// What was counted here, all of it at one moment, which the machine is told of too. The caller holds the lock.
    pub(super) fn read(&self, machine: &mut Machine, platform: &P) -> Counts {
        if !self.is_on() {
            return Counts::default();
        }
        let at_once = (0..COLLECTS).find_map(|_| self.counters.at_once(platform));
        let counts = at_once.unwrap_or_else(|| {
            // From here on a thread counts what it is about to, and then waits for the lock.
            self.close(machine, platform);
            let counts = self.counters.held_still(platform);
            self.open(machine, platform);
            counts
        });
        if self.reach >= Reach::Successes {
            machine.succeeded_elsewhere(counts.success);
        }
        counts
    }
}

/// What calls of a closed breaker do after so many failures in a row.
const fn way_after(failures: u64) -> Way {
    if failures == 0 { Way::Passes } else { Way::PassesAfterFailures }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breaker::Moment;
    use crate::door::{Instant, System};

    #[test]
    fn who_reads_counts_that_hold_still_sends_nobody_to_the_lock() {
        let lockless = Lockless::new(&System, &BreakerConfig::default(), None);
        let now = Moment::at(Instant::ORIGIN);
        let mut machine = Machine::new(BreakerConfig::default(), now).expect("valid");
        lockless.open(&machine, &System);
        // Whoever closes the gate opens it again for what the machine says, which is another word.
        let left_alone = Word::new(machine.generation(), Way::PassesAfterFailures);
        lockless.gate.turn(left_alone);
        assert_eq!(lockless.read(&mut machine, &System), Counts::default());
        assert_eq!(lockless.gate.word(), left_alone);
        lockless.close(&mut machine, &System);
        lockless.open(&machine, &System);
        assert_eq!(lockless.gate.word(), Word::new(machine.generation(), Way::Passes));
    }
}
