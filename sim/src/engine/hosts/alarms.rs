//! Who waits for a moment of the run, and when it comes.

use std::collections::VecDeque;
use std::task::Waker;

/// Whoever takes so many times longer than a conversation should is not waited for any more.
const PATIENCE: u64 = 500;

/// All who wait for a moment, in its order.
#[derive(Default)]
pub(super) struct Alarms {
    /// Ascending. There are few, and as a rule the first one goes and a new one is among the last.
    waiting: VecDeque<Alarm>,
    tickets: u64,
}

/// The moment, in engine time, and a number that tells those of one moment apart.
pub(super) type Ticket = (u64, u64);

struct Alarm {
    ticket: Ticket,
    /// Whose clock the moment is of. None where it is one of engine time.
    host: Option<u32>,
    waker: Waker,
    /// When the simulator comes back for it, in its own time: at or after the moment.
    comes_at: u64,
}

impl Alarms {
    /// From now on `waker` waits for `at`, which is looked at from `look_at` on. Says when the simulator has to come back for it, where
    /// it would not anyway: whoever waits for moments that are no further apart than `together` is woken at once.
    pub(super) fn add(
        &mut self,
        (at, look_at, together): (u64, u64, u64),
        host: Option<u32>,
        waker: Waker,
    ) -> (Ticket, Option<u64>) {
        self.tickets += 1;
        let ticket = (at, self.tickets);
        let place = match self.waiting.back() {
            Some(last) if last.ticket > ticket => self.place(ticket),
            _ => self.waiting.len(),
        };
        let before = place.checked_sub(1).and_then(|before| self.waiting.get(before));
        let anyway = before.map(|before| before.comes_at).filter(|&comes_at| comes_at >= look_at);
        let comes_at = anyway.unwrap_or_else(|| look_at.saturating_add(together));
        self.waiting.insert(place, Alarm { ticket, host, waker, comes_at });
        (ticket, if anyway.is_none() && at < u64::MAX { Some(comes_at) } else { None })
    }

    /// Whether the simulator comes back for the next moment at `look_at` or later.
    pub(super) fn comes_back(&self, look_at: u64) -> bool {
        self.waiting.front().is_some_and(|first| first.comes_at >= look_at)
    }

    /// Where the ticket is, or would be.
    fn place(&self, ticket: Ticket) -> usize {
        self.waiting.partition_point(|alarm| alarm.ticket < ticket)
    }

    /// Whether that is what `waker` waits for already.
    pub(super) fn has(&self, ticket: Ticket, at: u64, waker: &Waker) -> bool {
        let alarm = self.waiting.get(self.place(ticket));
        alarm.is_some_and(|it| it.ticket == ticket && ticket.0 == at && it.waker.will_wake(waker))
    }

    /// Nobody waits for that any more. The waker is foreign: it is dropped outside of every lock.
    pub(super) fn remove(&mut self, ticket: Ticket) -> Option<Waker> {
        // As a rule it was woken.
        self.waiting.front().filter(|first| first.ticket <= ticket)?;
        let place = self.place(ticket);
        self.waiting.get(place).filter(|alarm| alarm.ticket == ticket)?;
        self.waiting.remove(place).map(|alarm| alarm.waker)
    }

    /// The next moment that somebody waits for. The last of all moments never comes.
    pub(super) fn next(&self) -> Option<u64> {
        let (at, _) = self.waiting.front()?.ticket;
        (at < u64::MAX).then_some(at)
    }

    /// Whether whoever has this ticket still waits.
    pub(super) fn waits(&self, ticket: Ticket) -> bool {
        self.waiting.get(self.place(ticket)).is_some_and(|alarm| alarm.ticket == ticket)
    }

    /// Moves the one to `due` who is next: of those who wait for one moment the first who began to.
    pub(super) fn next_due(&mut self, due: &mut impl FnMut(Waker)) {
        self.waiting.pop_front().into_iter().for_each(|next| due(next.waker));
    }

    /// Moves those to `due` who waited for `now` or an earlier moment, in the order of moments.
    pub(super) fn due(&mut self, now: u64, due: &mut impl FnMut(Waker)) {
        while let Some(next) = self.waiting.pop_front_if(|next| next.ticket.0 <= now) {
            due(next.waker);
        }
    }

    /// Those who wait for moments of the clock of `host`, which is not what it was.
    pub(super) fn of(&mut self, host: u32) -> Vec<Waker> {
        let (of, others) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition::<VecDeque<_>, _>(|alarm| alarm.host == Some(host));
        self.waiting = others;
        of.into_iter().map(|alarm| alarm.waker).collect()
    }

    /// All of them.
    pub(super) fn take(&mut self) -> Vec<Waker> {
        self.waiting.drain(..).map(|alarm| alarm.waker).collect()
    }
}

/// Those who are woken together. As a rule that is one, for whom there is room without asking for memory.
#[derive(Default)]
pub(super) struct Due {
    first: Option<Waker>,
    others: Vec<Waker>,
}

impl Due {
    /// The wakers are foreign and may do anything: outside of every lock.
    pub(super) fn wake(self) {
        if let Some(first) = self.first {
            first.wake();
        }
        if !self.others.is_empty() {
            self.others.into_iter().for_each(Waker::wake);
        }
    }

    /// One more, who goes last.
    #[inline]
    pub(super) fn push(&mut self, waker: Waker) {
        match &self.first {
            None => self.first = Some(waker),
            Some(_) => self.others.push(waker),
        }
    }
}

/// How long a simulator takes, in its own time, until everything has come to rest that a moment brought about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct Rest {
    /// After those who waited for a moment were woken: until units that wake each other have done so.
    pub(in crate::engine) woken: u64,
    /// Without a step of anybody, where no host has an open port.
    pub(in crate::engine) alone: u64,
    /// Without a step of anybody, where messages may be on their way.
    pub(in crate::engine) talking: u64,
    /// Moments that are no further apart than this are not told apart.
    pub(in crate::engine) together: u64,
}

/// Whether a run has come to rest. Times are the simulator's.
#[derive(Default)]
pub(super) struct Quiet {
    pub(super) rest: Rest,
    /// Whether a host has ever opened a port.
    pub(super) talks: bool,
    /// When somebody was last woken.
    woken_at: Option<u64>,
    /// How many steps there were when it was last looked at, and when these were first seen.
    seen: u64,
    seen_at: u64,
}

impl Quiet {
    pub(super) fn new(rest: Rest) -> Self {
        Self { rest, ..Self::default() }
    }

    /// When it is worth while to look whether the moment `at` has come.
    pub(super) fn look_at(&self, at: u64) -> u64 {
        self.woken_at.map_or(at, |woken| at.max(woken.saturating_add(self.rest.woken)))
    }

    /// When to look again, where the run has not come to rest before the moment `at`, which is past; it is `now`, and there were
    /// `steps`.
    ///
    /// Those who talk on and on while no time passes are waited for, but not for ever.
    pub(super) fn not_before(&mut self, at: u64, now: u64, steps: u64) -> Option<u64> {
        let rest = if self.talks { self.rest.talking } else { self.rest.alone };
        if std::mem::replace(&mut self.seen, steps) != steps {
            self.seen_at = now;
        }
        let rests_at = self.look_at(self.seen_at.saturating_add(rest));
        let patience = rest.max(self.rest.woken).saturating_mul(PATIENCE);
        // It could not begin before the last one was over, which may have taken longer than the two lie apart.
        let overdue = now.saturating_sub(self.look_at(at)) > patience;
        (now < rests_at && !overdue).then_some(rests_at)
    }

    /// Somebody is woken.
    pub(super) fn wakes(&mut self, now: u64) {
        self.woken_at = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::task::Wake;

    /// Has to be woken as the one at this place.
    struct Nth(usize, Arc<AtomicUsize>);

    impl Wake for Nth {
        fn wake(self: Arc<Self>) {
            assert_eq!(self.1.fetch_add(1, SeqCst), self.0);
        }
    }

    #[test]
    fn those_who_are_woken_together_are_woken_in_the_order_of_their_moments() {
        let woken = Arc::new(AtomicUsize::new(0));
        let mut alarms = Alarms::default();
        for (nth, at) in [(1, 20), (0, 10), (3, 30), (2, 20)] {
            let waker = Waker::from(Arc::new(Nth(nth, Arc::clone(&woken))));
            alarms.add((at, at, 0), None, waker);
        }
        let mut due = Due::default();
        alarms.due(20, &mut |waker| due.push(waker));
        due.wake();
        assert_eq!(woken.load(SeqCst), 3);
        assert_eq!(alarms.next(), Some(30));
    }

    fn add(alarms: &mut Alarms, at: u64) -> Option<u64> {
        let (_, comes_at) = alarms.add((at, at, 1_000), None, Waker::noop().clone());
        comes_at
    }

    #[test]
    fn the_last_of_all_moments_never_comes_and_none_comes_after_it() {
        let mut alarms = Alarms::default();
        assert_eq!(add(&mut alarms, u64::MAX), None);
        assert_eq!((alarms.next(), alarms.comes_back(u64::MAX)), (None, true));
        assert_eq!(add(&mut alarms, u64::MAX - 1), Some(u64::MAX));
        assert_eq!(alarms.next(), Some(u64::MAX - 1));
    }

    #[test]
    fn at_the_end_of_time_a_run_is_looked_at_no_later_than_that() {
        let rest = Rest { woken: 10, alone: 20, talking: 30, together: 0 };
        let mut quiet = Quiet::new(rest);
        assert_eq!(quiet.not_before(u64::MAX - 10, u64::MAX - 4, 1), Some(u64::MAX));
        quiet.wakes(u64::MAX - 5);
        assert_eq!(quiet.look_at(7), u64::MAX);
        // Whoever rests for half of all time has the patience of all of it.
        let mut patient = Quiet::new(Rest { alone: 1 << 63, ..rest });
        assert_eq!(patient.not_before(0, 1_000, 1), Some((1 << 63) + 1_000));
    }
}
