//! Who is woken by a release and by a notification: one, the longest waiting, or one that the seed draws?

use retrip_core::door::{Condvar, JoinHandle, Mutex, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::{Failure, Recording, Sim, WaitsFor};
use retrip_sim::engine::{Ended, Setup, Shape, Strategy, run};
use retrip_sim::plan::{Plan, Schedule, Turn};
use retrip_sim::seed::Seed;
use std::collections::BTreeSet;
use std::sync::{Arc, mpsc};
use std::time::Duration;

type Words = mpsc::Sender<&'static str>;
/// How many have begun to wait, and what they wait for.
type Slot = (<Sim as SyncPrimitives>::Mutex<usize>, <Sim as SyncPrimitives>::Condvar);

/// Of a run of forty steps.
fn shape() -> Shape {
    Shape { steps: 40, ..Shape::default() }
}

/// The strategies that draw whom to wake: everybody in turn is the one that does not.
fn drawing() -> impl Iterator<Item = Strategy> {
    let each = Strategy::each(&shape()).into_iter();
    each.filter(|strategy| !matches!(strategy, Strategy::RoundRobin { .. }))
}

const NAMES: [&str; 3] = ["a", "b", "c"];

fn written(deviations: &str) -> Setup<'static> {
    let plan: Plan = format!("any 0 schedule written; {deviations}").parse().expect("it is a plan");
    Setup { schedule: plan.schedule, ..Setup::of(Seed::new(0)) }
}

fn said(setup: Setup, root: fn(Sim, Words)) -> (Ended, String) {
    let (words, said) = mpsc::channel();
    let ended = run(setup, move |sim| root(sim, words));
    (ended, said.try_iter().collect())
}

/// Three threads wait for a lock that main gives free at its point 8.
fn at_a_lock(sim: Sim, words: Words) {
    let mutex = Arc::new(sim.mutex(()));
    let guard = mutex.lock();
    let threads = NAMES.map(|name| {
        let (mutex, words) = (Arc::clone(&mutex), words.clone());
        let body = move || {
            let _guard = mutex.lock();
            words.send(name).expect("the test listens");
        };
        sim.spawn(name, body).expect("room")
    });
    sim.sleep(Duration::from_secs(1));
    drop(guard);
    for thread in threads {
        thread.join().expect("it ends");
    }
}

/// Three threads that wait for one notification each and then say their names. All of them wait when this returns.
fn waiters(sim: Sim, words: &Words) -> (Arc<Slot>, [<Sim as Spawn>::JoinHandle<()>; 3]) {
    let slot = Arc::new((sim.mutex(0), sim.condvar()));
    let threads = NAMES.map(|name| {
        let (slot, words) = (Arc::clone(&slot), words.clone());
        let body = move || {
            let mut guard = slot.0.lock();
            *guard += 1;
            drop(slot.1.wait(guard));
            words.send(name).expect("the test listens");
        };
        sim.spawn(name, body).expect("room")
    });
    loop {
        sim.sleep(Duration::from_secs(1));
        if *slot.0.lock() == NAMES.len() {
            return (slot, threads);
        }
    }
}

/// Three threads wait for a notification; main notifies one of them at its point 9, and then the others.
fn at_a_condvar(sim: Sim, words: Words) {
    let (slot, threads) = waiters(sim, &words);
    for _ in NAMES {
        slot.1.notify_one();
        sim.sleep(Duration::from_secs(100));
    }
    for thread in threads {
        thread.join().expect("it ends");
    }
}

#[test]
fn the_longest_waiting_is_woken_unless_the_plan_says_another() {
    for (root, point) in [(at_a_lock as fn(Sim, Words), 8), (at_a_condvar, 9)] {
        for (age, wanted, skipped) in
            [(0, "abc", 0), (1, "bac", 0), (2, "cab", 0), (3, "abc", 1), (9, "abc", 1)]
        {
            let (ended, said) = said(written(&format!("main@{point} wakes {age}")), root);
            assert_eq!((&*said, ended.skipped), (wanted, skipped), "main@{point} wakes {age}");
            assert_eq!(ended.failure, None);
        }
        assert_eq!(said(written(""), root).1, "abc");
    }
}

#[test]
fn waiters_are_woken_in_every_order_in_some_schedule() {
    for root in [at_a_lock as fn(Sim, Words), at_a_condvar] {
        for strategy in drawing() {
            let orders: BTreeSet<String> = (0..150)
                .map(|seed| {
                    said(Setup { strategy: strategy.clone(), ..Setup::of(Seed::new(seed)) }, root).1
                })
                .filter(|order| order.len() == NAMES.len())
                .collect();
            assert_eq!(orders.len(), 6, "{strategy:?}: {orders:?}");
        }
    }
}

#[test]
fn whom_a_notification_wakes_is_drawn_among_all_who_wait_also_where_they_are_two() {
    for strategy in drawing() {
        let mut turns = BTreeSet::new();
        for seed in 0..60 {
            let recording = Recording::On;
            let setup =
                Setup { strategy: strategy.clone(), recording, ..Setup::of(Seed::new(seed)) };
            let (ended, _) = said(setup, at_a_condvar);
            assert_eq!(ended.failure, None);
            let wakes = ended.deviations.iter().filter_map(|deviation| match deviation.turn {
                Turn::Wakes(age) => Some(age),
                _ => None,
            });
            turns.insert(wakes.collect::<Vec<_>>());
        }
        // Of three the second or third oldest, then of two the younger one, or not, in every combination.
        let wanted: [&[u32]; 5] = [&[], &[1], &[1, 1], &[2], &[2, 1]];
        assert!(wanted.iter().all(|&wanted| turns.contains(wanted)), "{strategy:?}: {turns:?}");
    }
}

#[test]
fn in_the_fair_phase_the_longest_waiting_is_woken_whatever_the_seed() {
    for seed in 0..40 {
        for strategy in Strategy::each(&shape()) {
            let setup =
                Setup { strategy: strategy.clone(), bound: 20, ..Setup::of(Seed::new(seed)) };
            let (_, said) = said(setup, |sim, words| {
                // The bound is used up before anybody waits.
                (0..20).for_each(|_| sim.yield_now());
                at_a_condvar(sim, words);
            });
            assert_eq!(said, "abc", "{seed} {strategy:?}");
        }
    }
}

#[test]
fn one_notification_wakes_one_and_no_more() {
    for seed in 0..30 {
        let (ended, said) = said(Setup::of(Seed::new(seed)), |sim, words| {
            let (slot, threads) = waiters(sim, &words);
            drop(threads);
            slot.1.notify_one();
        });
        let Some(Failure::LeakedThreads { waits }) = ended.failure else { panic!("two are left") };
        assert_eq!((said.len(), waits.len()), (1, 2), "{said} and {waits:?}");
        assert!(waits.iter().all(|wait| wait.on == WaitsFor::Notification), "{waits:?}");
        assert!(waits.iter().all(|wait| *wait.thread != *said), "{said} and {waits:?}");
    }
}

#[test]
fn a_notification_of_all_wakes_all_and_one_that_nobody_waits_for_is_lost() {
    for seed in 0..30 {
        let (ended, said) = said(Setup::of(Seed::new(seed)), |sim, words| {
            let lost = sim.condvar();
            lost.notify_all();
            lost.notify_one();
            let (slot, threads) = waiters(sim, &words);
            words.send("!").expect("the test listens");
            slot.1.notify_all();
            for thread in threads {
                thread.join().expect("it ends");
            }
        });
        assert_eq!(ended.failure, None);
        assert!(said.len() == 4 && said.starts_with('!'), "{said}");
    }
}

#[test]
fn a_release_wakes_one_so_that_the_steps_grow_with_the_waiters_and_not_with_their_square() {
    let steps = |threads: usize| {
        let ended = run(
            Setup { schedule: Schedule::Written(Vec::new()), ..Setup::of(Seed::new(0)) },
            move |sim| {
                let mutex = Arc::new(sim.mutex(()));
                let guard = mutex.lock();
                let threads: Vec<_> = (0..threads)
                    .map(|_| {
                        let mutex = Arc::clone(&mutex);
                        sim.spawn("waiter", move || drop(mutex.lock())).expect("room")
                    })
                    .collect();
                sim.sleep(Duration::from_secs(1));
                drop(guard);
                threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
            },
        );
        assert_eq!(ended.failure, None);
        ended.steps
    };
    let (ten, twenty, thirty) = (steps(10), steps(20), steps(30));
    assert_eq!(thirty - twenty, twenty - ten, "{ten} {twenty} {thirty}");
}

#[test]
fn a_lock_is_tried_and_refused_only_while_somebody_holds_it() {
    let (ended, said) = said(written(""), |sim, words| {
        let mutex = Arc::new(sim.mutex(()));
        let tried = |word: [&'static str; 2]| {
            words.send(word[usize::from(mutex.try_lock().is_some())]).expect("the test listens");
        };
        tried(["held ", "free "]);
        let guard = mutex.lock();
        tried(["held ", "free "]);
        drop(guard);
        tried(["held ", "free "]);
    });
    assert_eq!(said, "free held free ");
    assert_eq!(ended.failure, None);
}
