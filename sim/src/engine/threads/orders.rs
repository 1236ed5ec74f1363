//! Which orders of a run's steps mattered: one number for all schedules that nobody can tell apart.

use super::access::{Access, Touched};
use super::kernel::Operation;
use super::ledger::Ledger;
use super::thread::ThreadId;

/// The canonical order of a run: for each thing that several steps touch, who touched it after whom.
///
/// Two schedules that differ only in the order of steps that do not race have the same happens-before relation (Mazurkiewicz,
/// "Trace Theory", 1987), and so the same number here: a sum over all steps, each hashed with the last one that raced with
/// it. A hash of 64 bits: among a million different orders two are taken for the same once in some thirty million sweeps.
#[derive(Debug, Default)]
pub(super) struct Orders {
    /// By thread: its next step, and how many it has taken.
    threads: Vec<(Access, u64)>,
    /// By what is touched: who came last.
    touched: Ledger<Last>,
    sum: u64,
    /// The step taken last, to be taken back: what it touched, what was there before, and its hash.
    latest: Option<(ThreadId, Touched, Last, u64)>,
}

/// The last steps at one thing.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    /// The last one that changed it, and through it all before.
    change: u64,
    /// Those that have read it since, in whichever order.
    reads: u64,
}

impl Last {
    /// `step` comes after them; its hash.
    #[inline]
    fn and(&mut self, step: u64, reads_only: bool) -> u64 {
        let hash = mix(step, self.change);
        if reads_only {
            self.reads = self.reads.wrapping_add(hash);
            return hash;
        }
        let hash = mix(hash, self.reads);
        *self = Self { change: hash, reads: 0 };
        hash
    }
}

impl Orders {
    fn of(&mut self, thread: ThreadId) -> &mut (Access, u64) {
        if self.threads.len() <= thread.index() {
            let begins = Access::of(Operation::Yield, 0, thread.0);
            self.threads.resize(thread.index() + 1, (begins, 0));
        }
        &mut self.threads[thread.index()]
    }

    /// `thread` is before the step that is `access`.
    pub(super) fn reaches(&mut self, thread: ThreadId, access: Access) {
        self.of(thread).0 = access;
    }

    /// `thread` takes its step, at the engine's time `now`.
    pub(super) fn takes(&mut self, thread: ThreadId, now: u64) {
        let (access, nth) = self.of(thread);
        *nth += 1;
        let (access, step) = (*access, u64::from(thread.0) << 40 | *nth);
        let (before, hash) = match self.touched.entry(access.touched) {
            // What it sees is the time.
            None => (Last::default(), mix(step, now)),
            Some(last) => (*last, last.and(step, access.reads_only)),
        };
        self.sum = self.sum.wrapping_add(hash);
        self.latest = Some((thread, access.touched, before, hash));
    }

    /// The step taken last did not come about: its thread waits, and takes it when it goes on. To have waited for a lock
    /// or an end is no other order than to have come later.
    pub(super) fn takes_back(&mut self) {
        let Some((thread, touched, before, hash)) = self.latest.take() else { return };
        self.of(thread).1 -= 1;
        self.sum = self.sum.wrapping_sub(hash);
        if let Some(last) = self.touched.entry(touched) {
            *last = before;
        }
    }

    /// The number of all steps so far.
    pub(super) fn number(&self) -> u64 {
        self.sum
    }
}

/// Two numbers as one: the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
fn mix(one: u64, other: u64) -> u64 {
    let mut mixed = one.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(other);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of the steps `steps`, each of a thread at an object, a capital letter for one that only reads.
    fn number(steps: &[(u32, char)]) -> u64 {
        let mut orders = Orders::default();
        for &(thread, object) in steps {
            let operation = if object.is_uppercase() { Operation::Load } else { Operation::Store };
            let object = u64::from(u32::from(object.to_ascii_lowercase()));
            orders.reaches(ThreadId(thread), Access::of(operation, object, thread));
            orders.takes(ThreadId(thread), 0);
        }
        orders.number()
    }

    #[test]
    fn steps_that_do_not_race_may_come_in_any_order() {
        assert_eq!(number(&[(1, 'x'), (2, 'y')]), number(&[(2, 'y'), (1, 'x')]));
        assert_eq!(
            number(&[(1, 'x'), (2, 'X'), (3, 'X')]),
            number(&[(1, 'x'), (3, 'X'), (2, 'X')])
        );
    }

    #[test]
    fn steps_that_race_make_a_different_order() {
        assert_ne!(number(&[(1, 'x'), (2, 'x')]), number(&[(2, 'x'), (1, 'x')]));
        assert_ne!(number(&[(1, 'x'), (2, 'X')]), number(&[(2, 'X'), (1, 'x')]));
        // A change after two readings, and one between them.
        assert_ne!(
            number(&[(1, 'X'), (2, 'X'), (3, 'x')]),
            number(&[(1, 'X'), (3, 'x'), (2, 'X')])
        );
    }

    #[test]
    fn who_waits_for_a_lock_has_come_no_earlier() {
        let lock = |thread| Access::of(Operation::Lock, 7, thread);
        let waits = |waits: bool| {
            let mut orders = Orders::default();
            orders.reaches(ThreadId(1), lock(1));
            orders.takes(ThreadId(1), 0);
            orders.reaches(ThreadId(2), lock(2));
            if waits {
                orders.takes(ThreadId(2), 0);
                orders.takes_back();
            }
            orders.reaches(ThreadId(1), Access::of(Operation::Unlock, 7, 1));
            orders.takes(ThreadId(1), 0);
            orders.takes(ThreadId(2), 0);
            orders.number()
        };
        assert_eq!(waits(true), waits(false));
    }

    #[test]
    fn two_threads_have_as_many_orders_as_their_racing_steps_can_be_mixed() {
        // Every way to mix three steps of one with three of the other: 20 orders where all race, and 1 where none do; where
        // only the middle ones race, 2.
        let mixed = |objects: [[char; 3]; 2]| {
            let mut numbers = std::collections::BTreeSet::new();
            for places in (0_u32..64).filter(|places| places.count_ones() == 3) {
                let mut next = [0; 2];
                let steps: Vec<(u32, char)> = (0..6)
                    .map(|at| {
                        let who = (places >> at & 1) as usize;
                        next[who] += 1;
                        (if who == 0 { 1 } else { 2 }, objects[who][next[who] - 1])
                    })
                    .collect();
                numbers.insert(number(&steps));
            }
            numbers.len()
        };
        assert_eq!(mixed([['x', 'x', 'x'], ['x', 'x', 'x']]), 20);
        assert_eq!(mixed([['a', 'b', 'c'], ['d', 'e', 'f']]), 1);
        assert_eq!(mixed([['a', 'x', 'c'], ['d', 'x', 'f']]), 2);
        assert_eq!(mixed([['X', 'X', 'X'], ['X', 'X', 'X']]), 1);
    }
}
