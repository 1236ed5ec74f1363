//! A search through all orders of the steps of a case, by running it again and again.
//!
//! The search keeps no state of the case: each run repeats the decisions of the one before up to the last place at which
//! something is left to be tried, tries that, and then goes on by the default rule. Orders that differ only in steps which
//! commute are tried once: a thread whose step has been tried *sleeps* in what is tried after it, until a step is taken
//! that does not commute with its own (the sleep sets of Godefroid, "Partial-Order Methods for the Verification of
//! Concurrent Systems", 1996).

mod footprint;
mod limits;
mod path;
mod turns;

pub use limits::{Limits, Orders};
pub(super) use path::Choice;

use super::access::{Access, Touched};
use super::kernel::Operation;
use super::thread::{Role, ThreadId};
use footprint::Footprint;
use limits::Spent;
use path::{Decision, Fork};

/// A search, between two runs or in the middle of one. Each run takes it with its setup and gives it back at its end.
#[derive(Debug)]
pub struct Search {
    limits: Limits,
    path: Vec<Decision>,
    /// What the limits have kept from being tried so far.
    withheld: Withheld,
    strayed: bool,
    here: Here,
}

/// Where the search is in the present run.
#[derive(Debug, Default)]
struct Here {
    /// Decisions taken.
    depth: usize,
    /// The place in the path of the decision that began the present step.
    fork: Option<usize>,
    /// What the present step has touched so far.
    step: Footprint,
    /// By thread: what its next step touches at its very beginning. Of a thread that waits, what the step touched with which
    /// it began to wait: it will look there again without a scheduling point.
    pending: Vec<Footprint>,
    spent: Spent,
    /// Events in the log when the present step began.
    events: usize,
    has_daemons: bool,
    /// Whoever has just asked that others run first.
    yielded: Option<ThreadId>,
    /// Whether the run was ended because all that could go on slept.
    cut: bool,
}

/// What the limits of a search have kept from being tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Withheld {
    /// A thread that could have gone on was not preempted.
    pub preemption: bool,
    /// The clock was not moved while somebody could go on.
    pub time_move: bool,
    /// A run came to its bound of steps, from where on there is nothing to decide.
    pub steps: bool,
}

/// What a decision depends on.
struct Situation<'a> {
    ready: &'a [ThreadId],
    /// Whoever could go on without a switch.
    running: Option<ThreadId>,
    /// Whoever goes on where the plan does not say.
    default: ThreadId,
    /// Whether somebody waits for a moment.
    has_timer: bool,
    /// Events in the log.
    events: usize,
}

impl Search {
    /// A search that has tried nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Box<Self> {
        let withheld = Withheld::default();
        Box::new(Self { limits, path: Vec::new(), withheld, strayed: false, here: Here::default() })
    }

    /// Goes on to the next order, to be run. False where all have been tried.
    pub fn advance(&mut self) -> bool {
        self.again();
        while let Some(last) = self.path.last_mut() {
            if last.advance() {
                return true;
            }
            self.path.pop();
        }
        false
    }

    /// Goes back to the beginning of the order that was run last, to run it again.
    pub fn again(&mut self) {
        self.here = Here::default();
    }

    /// Whether the run was cut short: what it would have come to is the same as something that has been tried.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.here.cut
    }

    /// What the limits have kept from being tried so far.
    #[must_use]
    pub fn withheld(&self) -> Withheld {
        self.withheld
    }

    /// Whether a run that repeated the decisions of an earlier one did not come to the same places: the code under test is
    /// not deterministic, and the search means nothing.
    #[must_use]
    pub fn has_strayed(&self) -> bool {
        self.strayed
    }

    /// A thread that is ready and has not begun. Its first step touches nothing before it has begun.
    pub(super) fn arrives(&mut self, role: Role) {
        self.here.pending.push(Footprint::default());
        self.touch(Touched::Sequence(Operation::Spawn));
        if role == Role::Daemon {
            // From now on it matters in which order the others end: a daemon goes on for as long as one is left.
            self.here.has_daemons = true;
            self.touch_everything();
        }
    }

    /// The present step changes what is `touched`.
    pub(super) fn touch(&mut self, touched: Touched) {
        self.here.step.touch(Access { touched, reads_only: false });
    }

    /// The order of the present step and any other one may matter.
    pub(super) fn touch_everything(&mut self) {
        self.here.step.touch_everything();
    }

    /// The present step ends with a wait of `me`, for a moment at most or not.
    pub(super) fn blocks(&mut self, me: ThreadId, is_timed: bool) {
        if is_timed {
            // It may now be the one that the clock moves to.
            self.here.step.touch(TIME_READ);
        }
        self.here.pending[me.index()].merge(&self.here.step);
    }

    /// The present step ends before `me` does `operation` on `object`.
    fn reaches(&mut self, me: ThreadId, operation: Operation, object: u64) {
        let access = match operation {
            Operation::Clock | Operation::Sleep => TIME_READ,
            _ => Access::of(operation, object, me.0),
        };
        self.here.pending[me.index()].touch(access);
    }

    /// The present step ends because `me` asks that others run first: whether there are others, every step can change.
    pub(super) fn yields(&mut self, me: ThreadId) {
        self.touch_everything();
        self.here.yielded = Some(me);
    }

    /// The present step ends with `me`.
    pub(super) fn finishes(&mut self, me: ThreadId) {
        self.touch(Touched::Thread(u64::from(me.0)));
        if self.here.has_daemons {
            self.touch_everything();
        }
    }

    /// The run is over.
    pub(super) fn ends(&mut self, events: usize, is_fair: bool) {
        if is_fair {
            self.withheld.steps = true;
            self.touch_everything();
        }
        if !self.here.cut {
            self.step_ends(events);
            self.strayed |= self.here.depth < self.path.len();
        }
    }

    /// Which of `count` waiters is woken.
    pub(super) fn waiter(&mut self, count: usize) -> usize {
        let depth = self.here.depth;
        self.here.depth += 1;
        match self.path.get(depth) {
            Some(&Decision::Waiter { count: before, at }) if before == count => at,
            None => {
                self.path.push(Decision::Waiter { count, at: 0 });
                0
            }
            Some(_) => {
                self.strayed = true;
                0
            }
        }
    }

    /// Who goes on; none where all that could sleep, or where the run is not the one that is repeated: it ends here.
    fn decide(&mut self, situation: &Situation<'_>) -> Option<Choice> {
        let yielded = self.here.yielded.take();
        self.step_ends(situation.events);
        let depth = self.here.depth;
        if depth == self.path.len() {
            let fork = self.fork(situation, yielded);
            let Some(fork) = fork else {
                self.here.cut = true;
                return None;
            };
            self.path.push(Decision::Fork(fork));
        }
        let choice = match &self.path[depth] {
            Decision::Fork(fork) => Some(fork.choice()),
            Decision::Waiter { .. } => None,
        };
        let possible = |choice: &Choice| match choice {
            Choice::Thread(thread) => situation.ready.contains(thread),
            Choice::Time => situation.has_timer,
        };
        let Some(choice) = choice.filter(possible).filter(|_| !self.strayed) else {
            (self.strayed, self.here.cut) = (true, true);
            return None;
        };
        self.here.depth += 1;
        self.here.fork = Some(depth);
        self.here.spent.take(choice, situation.running);
        self.here.step.clear();
        match choice {
            Choice::Thread(thread) => {
                std::mem::swap(&mut self.here.step, &mut self.here.pending[thread.index()]);
            }
            Choice::Time => self.touch(Touched::Time),
        }
        Some(choice)
    }

    /// The present step is over, at so many events.
    fn step_ends(&mut self, events: usize) {
        if events > self.here.events {
            self.here.events = events;
            self.touch(Touched::Log);
            // An event says when it happened.
            self.here.step.touch(TIME_READ);
        }
        if let Some(Decision::Fork(fork)) = self.here.fork.map(|place| &mut self.path[place]) {
            fork.step_ends(&self.here.step);
        }
    }

    /// The choices of a place that no run has come to before; none where there is none.
    fn fork(&mut self, situation: &Situation<'_>, yielded: Option<ThreadId>) -> Option<Fork> {
        let &Situation { ready, running, default, has_timer, .. } = situation;
        let asleep = match self.here.fork.map(|place| &self.path[place]) {
            Some(Decision::Fork(before)) if self.limits.reduces() => {
                before.asleep_after(&self.here.step)
            }
            _ => Vec::new(),
        };
        debug_assert!(
            asleep.iter().all(|(thread, _)| ready.contains(thread)),
            "who sleeps is ready"
        );
        let may_go_on = |thread: &ThreadId| {
            let gives_way = ready.len() > 1 && yielded == Some(*thread);
            !gives_way && !asleep.iter().any(|(sleeper, _)| sleeper == thread)
        };
        let mut threads: Vec<ThreadId> = ready.iter().copied().filter(may_go_on).collect();
        threads.sort_unstable_by_key(|&thread| (thread != default, thread));
        let mut choices = Vec::with_capacity(threads.len() + 1);
        for thread in threads {
            let choice = Choice::Thread(thread);
            if self.here.spent.allows(choice, running, &self.limits) {
                choices.push(choice);
            } else {
                self.withheld.preemption = true;
            }
        }
        // Last, so that of two orders of which one moves the clock and the other waits until nobody can go on the second is
        // the one that is tried.
        if has_timer {
            if self.here.spent.allows(Choice::Time, running, &self.limits) {
                choices.push(Choice::Time);
            } else {
                self.withheld.time_move = true;
            }
        }
        (!choices.is_empty()).then(|| Fork::new(choices, asleep))
    }
}

const TIME_READ: Access = Access { touched: Touched::Time, reads_only: true };
