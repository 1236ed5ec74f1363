//! What is left when a run stops early: does everything unwind, and does nobody act or speak after the stop?

use retrip_core::door::{Atomic, Instant, JoinHandle, Mutex, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::{Failure, Sim};
use retrip_sim::engine::{Ended, Flow, Observer, Setup, run};
use retrip_sim::log::{Event, Name, ThreadEvent, What};
use retrip_sim::plan::Schedule;
use retrip_sim::seed::Seed;
use std::any::Any;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// Stops the run at the event about `stop`.
struct Stops;

impl Observer for Stops {
    fn observe(&mut self, event: &Event) -> Flow {
        if &*event.who == "stop" { Flow::Stop } else { Flow::Continue }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// Says so when it is dropped, after a few operations that would be scheduling points.
struct Dropped(Sim, Arc<retrip_sim::engine::threads::SimAtomicU64>, mpsc::Sender<Name>, Name);

impl Drop for Dropped {
    fn drop(&mut self) {
        (0..4).for_each(|nth| self.1.store(nth, SeqCst));
        let _ = self.2.send(Name::clone(&self.3));
        self.0.record(&self.3, What::Thread(ThreadEvent::Ends));
    }
}

fn stopped(seed: u64, bound: u64) -> (Ended, Vec<Name>) {
    let (sender, dropped) = mpsc::channel();
    let setup = Setup { observer: Box::new(Stops), bound, ..Setup::of(Seed::new(seed)) };
    let ended = run(setup, move |sim| {
        let shared = Arc::new(sim.atomic_u64(0));
        let mutex = Arc::new(sim.mutex(()));
        let workers = ["a", "b", "c"].map(|name| {
            let name = Name::from(name);
            let (shared, mutex, sender) = (Arc::clone(&shared), Arc::clone(&mutex), sender.clone());
            let body = move || {
                let dropped = Dropped(sim, shared, sender, name);
                for nth in 0.. {
                    let _guard = mutex.lock();
                    dropped.1.store(nth, SeqCst);
                    sim.record(&dropped.3, What::Thread(ThreadEvent::Starts));
                    sim.sleep(Duration::from_nanos(nth % 3));
                }
            };
            sim.spawn("worker", body).expect("room")
        });
        sim.sleep(Duration::from_nanos(20));
        sim.record(&Name::from("stop"), What::Thread(ThreadEvent::Ends));
        sim.sleep(Duration::from_nanos(20));
        for worker in workers {
            let _ = worker.join();
        }
        unreachable!("the run was stopped");
    });
    (ended, dropped.try_iter().collect())
}

#[test]
fn a_run_that_was_stopped_says_nothing_more_and_unwinds_everything() {
    for bound in [100, 1_000_000] {
        for seed in 0..40 {
            let (ended, mut dropped) = stopped(seed, bound);
            let last = ended.log.events().last().expect("something happened");
            assert_eq!(&*last.who, "stop", "{seed} {bound}");
            assert_eq!((ended.failure, ended.leaked), (None, 0), "{seed} {bound}");
            dropped.sort();
            let started = ended.log.events().iter().filter(|event| event.who.len() == 1);
            let mut started: Vec<Name> = started.map(|event| Name::clone(&event.who)).collect();
            started.sort();
            started.dedup();
            assert!(started.iter().all(|name| dropped.contains(name)), "{seed} {bound}");
            assert!(dropped.is_sorted_by(|a, b| a < b), "each once: {dropped:?}");
        }
    }
}

#[test]
fn what_is_left_unwinds_children_before_parents() {
    let (sender, dropped) = mpsc::channel();
    let ended = run(Setup::of(Seed::new(1)), move |sim| {
        let shared = Arc::new(sim.atomic_u64(0));
        for name in ["a", "b", "c"] {
            let own = Dropped(sim, Arc::clone(&shared), sender.clone(), Name::from(name));
            drop(sim.spawn(name, move || {
                let _own = own;
                sim.park();
            }));
        }
        let _last = Dropped(sim, shared, sender, Name::from("main"));
        sim.park();
    });
    assert!(matches!(ended.failure, Some(Failure::Deadlock { .. })), "{:?}", ended.failure);
    let dropped: Vec<Name> = dropped.try_iter().collect();
    assert_eq!(dropped, ["c", "b", "a", "main"].map(Name::from));
}

#[test]
fn a_thread_that_has_not_begun_when_the_run_stops_never_begins() {
    let (sender, said) = mpsc::channel();
    let default_rule = Schedule::Written(Vec::new());
    let setup =
        Setup { observer: Box::new(Stops), schedule: default_rule, ..Setup::of(Seed::new(1)) };
    let ended = run(setup, move |sim| {
        let owned = Dropped(sim, Arc::new(sim.atomic_u64(0)), sender.clone(), Name::from("owned"));
        drop(sim.spawn("late", move || {
            let _owned = owned;
            let _ = sender.send(Name::from("began"));
        }));
        sim.record(&Name::from("stop"), What::Thread(ThreadEvent::Ends));
        sim.park();
    });
    assert_eq!((ended.failure, ended.leaked, ended.threads), (None, 0, 2));
    let said: Vec<Name> = said.try_iter().collect();
    assert_eq!(said, [Name::from("owned")], "what it would have used is dropped");
}

#[test]
fn a_stop_in_the_destructors_of_a_panic_leaves_no_stack_behind() {
    struct Stop(Sim, Arc<retrip_sim::engine::threads::SimAtomicU64>);
    impl Drop for Stop {
        fn drop(&mut self) {
            self.1.store(1, SeqCst);
            self.0.record(&Name::from("stop"), What::Thread(ThreadEvent::Ends));
            (0..4).for_each(|nth| self.1.store(nth, SeqCst));
            self.0.yield_now();
        }
    }
    for bound in [1, 1_000_000] {
        for seed in 0..20 {
            let setup = Setup { observer: Box::new(Stops), bound, ..Setup::of(Seed::new(seed)) };
            let ended = run(setup, |sim| {
                let doomed = sim.spawn("doomed", move || {
                    let _stop = Stop(sim, Arc::new(sim.atomic_u64(0)));
                    panic!("on purpose");
                });
                let _ = doomed.expect("room").join();
            });
            assert_eq!(ended.leaked, 0, "{seed} {bound}");
            let failure = ended.failure.expect("the panic");
            assert!(failure.to_string().contains("on purpose"), "{failure}");
        }
    }
}

#[test]
fn while_one_unwinds_the_others_wait_so_that_none_of_them_sees_std_panicking() {
    struct Slow(Sim, Arc<retrip_sim::engine::threads::SimAtomicU64>);
    impl Drop for Slow {
        fn drop(&mut self) {
            (0..8).for_each(|nth| {
                self.1.store(nth, SeqCst);
                self.0.yield_now();
            });
        }
    }
    for bound in [5, 1_000_000] {
        for seed in 0..30 {
            let (sender, seen) = mpsc::channel();
            let setup = Setup { bound, ..Setup::of(Seed::new(seed)) };
            let ended = run(setup, move |sim| {
                let shared = Arc::new(sim.atomic_u64(0));
                let slow = Arc::clone(&shared);
                let unwinder = sim.spawn("unwinder", move || {
                    for _ in 0..3 {
                        let slow = Arc::clone(&slow);
                        let caught = std::panic::catch_unwind(move || {
                            let _slow = Slow(sim, slow);
                            panic!("caught");
                        });
                        assert!(caught.is_err());
                    }
                });
                let neighbour = sim.spawn("neighbour", move || {
                    for _ in 0..10 {
                        shared.store(9, SeqCst);
                        sender.send(std::thread::panicking()).expect("the test listens");
                        sim.yield_now();
                    }
                });
                unwinder.expect("room").join().expect("it catches its panics");
                neighbour.expect("room").join().expect("it ends");
            });
            assert_eq!(ended.failure, None);
            let seen: Vec<bool> = seen.try_iter().collect();
            assert_eq!(seen, [false; 10], "{seed} {bound}");
        }
    }
}

#[test]
fn after_a_caught_panic_the_others_get_their_turns_again() {
    for bound in [1, 1_000_000] {
        let ended = run(Setup { bound, ..Setup::of(Seed::new(1)) }, |sim| {
            let flag = Arc::new(sim.atomic_bool(false));
            let setter = Arc::clone(&flag);
            let setter = sim.spawn("setter", move || setter.store(true, SeqCst));
            assert!(std::panic::catch_unwind(|| panic!("caught")).is_err());
            assert!((0..200).any(|_| flag.load(SeqCst)), "the setter never ran");
            setter.expect("room").join().expect("it ends");
        });
        assert_eq!(ended.failure, None, "{bound}");
    }
    let default_rule = Setup { schedule: Schedule::Written(Vec::new()), ..Setup::of(Seed::new(1)) };
    let ended = run(default_rule, |sim| {
        let flag = Arc::new(sim.atomic_bool(false));
        let setter = Arc::clone(&flag);
        let setter = sim.spawn("setter", move || setter.store(true, SeqCst));
        assert!(std::panic::catch_unwind(|| panic!("caught")).is_err());
        sim.yield_now();
        assert!(flag.load(SeqCst), "a yield right after the catch lets the setter in");
        setter.expect("room").join().expect("it ends");
    });
    assert_eq!(ended.failure, None);
}

#[test]
fn a_stop_right_after_a_caught_panic_ends_the_run_too() {
    let setup = Setup { observer: Box::new(Stops), ..Setup::of(Seed::new(1)) };
    let ended = run(setup, |sim| {
        let shared = sim.atomic_u64(0);
        assert!(std::panic::catch_unwind(|| panic!("caught")).is_err());
        sim.record(&Name::from("stop"), What::Thread(ThreadEvent::Ends));
        shared.store(1, SeqCst);
        sim.record(&Name::from("after"), What::Thread(ThreadEvent::Ends));
    });
    assert_eq!(ended.log.events().len(), 1);
    assert_eq!((ended.failure, ended.leaked), (None, 0));
}

#[test]
fn one_that_catches_the_end_of_its_run_meets_it_again_and_cannot_disturb_the_others() {
    struct Stores(Arc<retrip_sim::engine::threads::SimAtomicU64>, mpsc::Sender<&'static str>);
    impl Drop for Stores {
        fn drop(&mut self) {
            self.0.store(1, SeqCst);
            let _ = self.1.send("unwound");
        }
    }
    let endings: [fn(Sim); 2] = [|sim| sim.park(), |_| panic!("after the end")];
    for ending in endings {
        let (sender, said) = mpsc::channel();
        let ended = run(Setup::of(Seed::new(1)), move |sim| {
            let shared = Arc::new(sim.atomic_u64(0));
            let stores = Stores(Arc::clone(&shared), sender.clone());
            drop(sim.spawn("before", move || {
                let _stores = stores;
                sim.park();
            }));
            // It is unwound first, because it was started last.
            drop(sim.spawn("catches", move || {
                let _stores = Stores(shared, sender);
                let park = std::panic::AssertUnwindSafe(|| sim.park());
                assert!(std::panic::catch_unwind(park).is_err());
                ending(sim);
                unreachable!("the run is over");
            }));
        });
        assert!(
            matches!(ended.failure, Some(Failure::LeakedThreads { .. })),
            "{:?}",
            ended.failure
        );
        assert_eq!(ended.leaked, 0);
        assert_eq!(said.try_iter().collect::<Vec<_>>(), ["unwound", "unwound"]);
    }
}

#[test]
fn one_that_waits_in_a_destructor_at_the_end_is_left_behind_alone() {
    struct Parks(Sim);
    impl Drop for Parks {
        fn drop(&mut self) {
            self.0.park();
        }
    }
    // The stack stays behind, so this run gets an operating system thread of its own.
    let left = std::thread::scope(|scope| {
        let run = scope.spawn(|| {
            let (sender, dropped) = mpsc::channel();
            let ended = run(Setup::of(Seed::new(1)), move |sim| {
                let shared = Arc::new(sim.atomic_u64(0));
                let name = Name::from("other");
                let other = Dropped(sim, shared, sender, name);
                drop(sim.spawn("other", move || {
                    let _other = other;
                    sim.park();
                }));
                drop(sim.spawn("waits", move || {
                    let _parks = Parks(sim);
                    sim.park();
                }));
            });
            (ended.leaked, dropped.try_iter().count())
        });
        run.join().expect("the harness survives")
    });
    assert_eq!(left, (1, 1));
}

#[test]
fn the_first_failure_is_the_one_that_is_reported() {
    for seed in 0..20 {
        let ended = run(Setup::of(Seed::new(seed)), |sim| {
            let second = sim.spawn("second", move || {
                sim.sleep_until(Instant::from_nanos(5));
                panic!("second");
            });
            let first = sim.spawn("first", || panic!("first"));
            let _ = first.map(JoinHandle::join);
            let _ = second.map(JoinHandle::join);
        });
        let Some(Failure::Panic { thread, message, .. }) = ended.failure else { panic!("none") };
        assert_eq!((ended.leaked, &*thread), (0, &*message));
    }
}
