//! Who goes on, when does time move, and is the same schedule the same run?

use crate::lab::{lost_update, seeds, simulate};
use retrip_core::door::{
    Atomic, AtomicInteger, Clock, Condvar, JoinHandle, Mutex, Spawn, SyncPrimitives, WaitOutcome,
};
use retrip_sim::engine::threads::Recording;
use retrip_sim::engine::{Setup, Shape, Strategy};
use retrip_sim::plan::Schedule;
use retrip_sim::seed::Seed;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

fn strategies() -> [Strategy; 6] {
    Strategy::each(&Shape { steps: 100, ..Shape::default() })
}

/// The strategies that draw who is next: everybody in turn is one schedule.
fn drawing(steps: u64) -> impl Iterator<Item = Strategy> {
    let each = Strategy::each(&Shape { steps, ..Shape::default() }).into_iter();
    each.filter(|strategy| !matches!(strategy, Strategy::RoundRobin { .. }))
}

#[test]
fn an_update_without_a_lock_is_lost_in_some_schedules_only() {
    for strategy in drawing(12) {
        let results: BTreeSet<u64> = seeds(100)
            .map(|seed| {
                let (ended, result) =
                    simulate(Setup { strategy: strategy.clone(), ..Setup::of(seed) }, lost_update);
                assert_eq!(ended.failure, None);
                result.expect("the root returns")
            })
            .collect();
        assert_eq!(results, BTreeSet::from([1, 2]), "{strategy:?}");
    }
}

#[test]
fn a_mutex_lets_one_thread_in_at_a_time() {
    for strategy in strategies() {
        for seed in seeds(50) {
            let (ended, total) =
                simulate(Setup { strategy: strategy.clone(), ..Setup::of(seed) }, |sim| {
                    let counter = Arc::new(sim.mutex(0_u64));
                    let threads: Vec<_> = (0..5)
                        .map(|_| {
                            let counter = Arc::clone(&counter);
                            sim.spawn("adder", move || {
                                for _ in 0..4 {
                                    let mut guard = counter.lock();
                                    let before = *guard;
                                    sim.yield_now();
                                    *guard = before + 1;
                                }
                            })
                            .expect("room")
                        })
                        .collect();
                    for thread in threads {
                        thread.join().expect("it ends");
                    }
                    *counter.lock()
                });
            assert_eq!(ended.failure, None);
            assert_eq!(total, Some(20));
        }
    }
}

#[test]
fn time_jumps_when_all_are_blocked_and_a_year_costs_nothing() {
    let year = Duration::from_secs(365 * 86_400);
    let (ended, slept) = simulate(Setup::of(Seed::new(1)), move |sim| {
        let start = sim.now();
        sim.sleep(year);
        sim.now().saturating_duration_since(start)
    });
    assert_eq!(slept, Some(year));
    assert_eq!(ended.elapsed, year);
}

#[test]
fn time_may_move_while_threads_are_runnable() {
    // A deadline of a second against work that takes no time: in some schedules the deadline passes first.
    let outcomes: BTreeSet<bool> = seeds(400)
        .map(|seed| {
            let (ended, in_time) = simulate(Setup::of(seed), |sim| {
                let clock = sim.spawn("clock", move || sim.sleep(Duration::from_secs(1)));
                let deadline = sim.now().saturating_add(Duration::from_secs(1));
                let flag = sim.atomic_bool(false);
                for _ in 0..20 {
                    flag.store(true, SeqCst);
                }
                let in_time = sim.now() < deadline;
                clock.expect("room").join().expect("it ends");
                in_time
            });
            assert_eq!(ended.failure, None);
            in_time.expect("the root returns")
        })
        .collect();
    assert_eq!(outcomes.len(), 2, "{outcomes:?}");
}

#[test]
fn a_notification_and_a_timeout_of_one_instant_come_in_both_orders() {
    let outcomes: BTreeSet<bool> = seeds(200)
        .map(|seed| {
            let (ended, timed_out) = simulate(Setup::of(seed), |sim| {
                let slot = Arc::new((sim.mutex(false), sim.condvar()));
                let deadline = sim.now().saturating_add(Duration::from_secs(5));
                let replier = {
                    let slot = Arc::clone(&slot);
                    sim.spawn("replier", move || {
                        sim.sleep_until(deadline);
                        *slot.0.lock() = true;
                        slot.1.notify_one();
                    })
                    .expect("room")
                };
                let mut guard = slot.0.lock();
                let mut outcome = WaitOutcome::Woken;
                while !*guard && outcome == WaitOutcome::Woken {
                    (guard, outcome) = slot.1.wait_until(guard, deadline);
                }
                let received = *guard;
                drop(guard);
                replier.join().expect("it ends");
                !received
            });
            assert_eq!(ended.failure, None);
            timed_out.expect("the root returns")
        })
        .collect();
    assert_eq!(outcomes.len(), 2, "{outcomes:?}");
}

#[test]
fn a_recorded_schedule_repeats_the_run_without_drawing() {
    for seed in seeds(200) {
        for strategy in strategies() {
            let setup =
                Setup { strategy: strategy.clone(), recording: Recording::On, ..Setup::of(seed) };
            let (drawn, first) = simulate(setup, lost_update);
            let schedule = Schedule::Written(drawn.deviations.clone());
            let (written, second) =
                simulate(Setup { schedule, ..Setup::of(Seed::new(999)) }, lost_update);
            assert_eq!(first, second);
            assert_eq!(drawn.schedule, written.schedule, "{seed} {strategy:?}");
            assert_eq!(written.skipped, 0);
        }
    }
}

#[test]
fn futures_wait_for_virtual_time() {
    let (ended, elapsed) = simulate(Setup::of(Seed::new(1)), |sim| {
        let start = sim.now();
        sim.block_on(async {
            sim.timer(start.saturating_add(Duration::from_secs(2))).await;
            sim.timer(start.saturating_add(Duration::from_secs(1))).await;
            sim.timer(start.saturating_add(Duration::from_secs(3600))).await;
        });
        sim.now().saturating_duration_since(start)
    });
    assert_eq!(ended.failure, None);
    assert_eq!(elapsed, Some(Duration::from_secs(3600)));
}

#[test]
fn a_thousand_threads_finish_and_the_count_is_exact() {
    let (ended, total) = simulate(Setup::of(Seed::new(5)), |sim| {
        let counter = Arc::new(sim.atomic_u64(0));
        let threads: Vec<_> = (0..1000)
            .map(|_| {
                let counter = Arc::clone(&counter);
                let add =
                    move || (0..10).for_each(|_| assert!(counter.fetch_add(1, SeqCst) < 10_000));
                sim.spawn("adder", add).expect("room")
            })
            .collect();
        for thread in threads {
            thread.join().expect("it ends");
        }
        counter.load(SeqCst)
    });
    assert_eq!(ended.failure, None);
    assert_eq!(total, Some(10_000));
}
