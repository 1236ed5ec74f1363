//! Random small programs that use one kind of primitive, in all orders and in those that a search leaves over.

use crate::lab::{ALL, DISTINCT, PLENTY, at_most, promise};
use retrip_core::door::Spawn;
use retrip_sim::engine::Ended;
use retrip_sim::engine::threads::Sim;
use retrip_sim::explore::{Bound, Extent, Limits, Tally};
use retrip_sim::log::{Name, What};
use retrip_sim::seed::Seed;
use retrip_sim::stream::{Generator, Streams};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One kind of primitive, and what threads do with it.
pub(crate) struct Family<H, D: 'static> {
    /// What each of so many threads holds when it begins; it drops that at its end.
    pub(crate) hands: fn(usize) -> Vec<H>,
    /// What a thread may do, by its number.
    pub(crate) deeds: fn(usize) -> &'static [D],
    /// Does it, and says what was seen.
    pub(crate) does: fn(&mut H, D) -> u64,
}

/// How many programs are drawn, and what they must come to for the comparison to mean something.
pub(crate) struct Trial {
    /// Early moves of the clock in one run.
    pub(crate) time_moves: u32,
    /// How many programs are drawn. Those with too many orders are passed over.
    pub(crate) programs: u64,
    /// How many of them must have several outcomes.
    pub(crate) telling: usize,
}

/// Drawn programs with so many orders are too large.
const MOST: u64 = 300;

/// All that a run comes to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Outcome {
    /// What each thread has seen, by its number.
    pub(crate) seen: Vec<Vec<u64>>,
    promise: Option<&'static str>,
    elapsed: Duration,
    log: String,
}

impl<H, D> Family<H, D>
where
    H: Send + 'static,
    D: Copy + Debug + Send + 'static,
{
    /// Two threads of up to two deeds, or three of one.
    fn program(&self, seed: u64) -> Vec<Vec<D>> {
        let mut generator = Streams::of(Seed::new(seed)).generator("program");
        let threads = if generator.chance(2, 3) { 2 } else { 3 };
        let most = if threads == 2 { 2 } else { 1 };
        let deeds = |thread: usize, generator: &mut Generator| {
            let count = generator.within(1..=most);
            (0..count).map(|_| *generator.pick((self.deeds)(thread))).collect()
        };
        (0..threads).map(|thread| deeds(thread, &mut generator)).collect()
    }

    /// What `program` can come to within `limits`. The root is the last thread: each one more has many orders more.
    pub(crate) fn outcomes(
        &self,
        limits: Limits,
        most: u64,
        program: &[Vec<D>],
    ) -> (Tally, BTreeSet<Outcome>) {
        let seen: Arc<Mutex<Vec<Vec<u64>>>> = Arc::default();
        let (hands, does) = (self.hands, self.does);
        let root = || {
            let (program, seen) = (program.to_vec(), Arc::clone(&seen));
            *seen.lock().expect("nobody panics here") = vec![Vec::new(); program.len()];
            move |sim: Sim| {
                let hands = hands(program.len());
                let bodies = program.into_iter().zip(hands).enumerate();
                let mut bodies: Vec<_> = bodies
                    .map(|(thread, (deeds, mut hand))| {
                        let seen = Arc::clone(&seen);
                        move || {
                            for deed in deeds {
                                let value = does(&mut hand, deed);
                                seen.lock().expect("nobody panics here")[thread].push(value);
                            }
                        }
                    })
                    .collect();
                let last = bodies.pop().expect("a program has threads");
                for body in bodies {
                    sim.spawn("worker", body).expect("there is room");
                }
                last();
            }
        };
        let mut outcomes = BTreeSet::new();
        let tally = at_most(most, limits, root, |ended: &Ended| {
            outcomes.insert(Outcome {
                seen: seen.lock().expect("nobody panics here").clone(),
                promise: promise(ended.failure.as_ref()),
                elapsed: ended.elapsed,
                log: ended.log.text().to_string(),
            });
        });
        (tally, outcomes)
    }

    /// Compares the outcomes of one program in all orders with those in distinct ones; none where it has more than `most`.
    fn compared(
        &self,
        time_moves: u32,
        most: u64,
        program: &[Vec<D>],
    ) -> Option<BTreeSet<Outcome>> {
        let (all, wanted) = self.outcomes(Limits { time_moves, ..ALL }, most, program);
        let too_many = |bounds: &BTreeSet<Bound>| bounds.contains(&Bound::Runs(most));
        if matches!(&all.extent, Extent::Bounded(bounds) if too_many(bounds)) {
            return None;
        }
        let (few, found) = self.outcomes(Limits { time_moves, ..DISTINCT }, PLENTY, program);
        assert_eq!(few.extent, all.extent, "{program:?}");
        let missing: Vec<&Outcome> = wanted.difference(&found).collect();
        let invented: Vec<&Outcome> = found.difference(&wanted).collect();
        assert!(missing.is_empty(), "{program:?}: a search misses {missing:#?}");
        assert!(invented.is_empty(), "{program:?}: only a search finds {invented:#?}");
        Some(found)
    }

    /// Draws programs and compares the outcomes of each.
    pub(crate) fn every_outcome_is_found(&self, trial: &Trial) {
        let outcomes = (0..trial.programs)
            .filter_map(|seed| self.compared(trial.time_moves, MOST, &self.program(seed)));
        let telling = outcomes.filter(|outcomes| outcomes.len() > 1).count();
        assert!(telling >= trial.telling, "only {telling} programs have several outcomes");
    }

    /// Compares the outcomes of one program that matters, and returns what its threads have seen.
    pub(crate) fn seen(&self, program: &[Vec<D>]) -> BTreeSet<Vec<Vec<u64>>> {
        let outcomes = self.compared(0, PLENTY, program).expect("it has few orders");
        outcomes.into_iter().map(|outcome| outcome.seen).collect()
    }
}

/// One value for so many threads.
pub(crate) fn shared<T>(threads: usize, value: T) -> Vec<Arc<T>> {
    let one = Arc::new(value);
    vec![one; threads]
}

/// Writes into the log, which is no scheduling point: it tells when a thread goes on from a wait.
pub(crate) fn says(what: &str) {
    let verb = Name::from("speaks");
    Sim::here().record(&Name::from(what), What::Note { verb, fields: Vec::new() });
}

/// Whether `body` panicked; it is caught.
pub(crate) fn slips(body: impl FnOnce()) -> bool {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).is_err()
}
