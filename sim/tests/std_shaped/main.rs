//! Does code written for std run simulated once its imports say so, and do our shapes behave as std's?
#![expect(clippy::duplicate_mod, reason = "one program is compiled against std and against us")]

mod atomics;
mod channels;
mod clocks;
mod futures;
mod locks;
mod on_std;
mod once;
mod readers;
mod simulated;
mod steps;
mod stuck;
mod threads;

use retrip_sim::engine::{Ended, Setup, run};
use retrip_sim::plan::Schedule;
use retrip_sim::seed::Seed;
use retrip_sim::time::{Duration, Instant};

/// Runs `root` simulated with this seed; nothing may be wrong with the run.
fn simulate(seed: u64, root: impl FnOnce() + Send + 'static) -> Ended {
    let ended = run(Setup::of(Seed::new(seed)), |_| root());
    assert!(ended.failure.is_none(), "seed {seed}: {:?}", ended.failure);
    ended
}

/// Runs `root` simulated under the default schedule, in which no time passes while somebody can run.
fn simulate_in_order(root: impl FnOnce() + Send + 'static) {
    let schedule = Schedule::Written(Vec::new());
    let ended = run(Setup { schedule, ..Setup::of(Seed::new(0)) }, |_| root());
    assert!(ended.failure.is_none(), "{:?}", ended.failure);
}

#[test]
fn one_program_gives_the_same_on_std_and_simulated_in_every_order() {
    let expected = on_std::hand_over(3, 5);
    let mut orders = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let ended = simulate(seed, move || assert_eq!(simulated::hand_over(3, 5), expected));
        orders.insert(ended.schedule.value());
    }
    assert!(orders.len() > 190, "{} orders of 200", orders.len());
}

#[test]
fn each_shape_does_what_std_does() {
    for seed in 0..20 {
        macro_rules! on_both {
            ($($shape:ident)*) => { $(
                on_std::shapes::$shape();
                simulate(seed, simulated::shapes::$shape);
            )* };
        }
        on_both! {
            a_lock_for_readers_and_writers
            once_and_what_is_made_from_it
            barriers_and_pointers
            channels
            threads_that_borrow
            slots_of_threads
        }
    }
}

#[test]
fn a_time_limit_is_kept_to_the_nanosecond_in_no_time() {
    simulate(1, || {
        let day = Duration::from_secs(86_400);
        let queue = simulated::Queue::new(1);
        assert_eq!(queue.take(day), None::<u64>);
        assert_eq!(queue.give(1, day), Ok(()));
        let start = Instant::now();
        assert_eq!(queue.give(2, day), Err(2));
        assert_eq!((start.elapsed(), queue.refused()), (day, 1));
        assert_eq!(queue.take(Duration::ZERO), Some(1));
    });
    let on_std = on_std::Queue::new(1);
    assert_eq!(on_std.take(Duration::ZERO), None::<u64>);
    assert_eq!(on_std.give(1, Duration::ZERO), Ok(()));
    assert_eq!(on_std.give(2, Duration::ZERO), Err(2));
    assert_eq!(on_std.refused(), 1);
}
