//! Is each way to fail told apart from the others, and does it end its own run only?

use crate::lab::{lost_update, seeds, simulate};
use retrip_core::door::{
    Atomic, Clock, Instant, JoinError, JoinHandle, Mutex, Spawn, SyncPrimitives,
};
use retrip_sim::engine::threads::{Failure, Sim, WaitsFor};
use retrip_sim::engine::{Setup, Strategy};
use retrip_sim::seed::Seed;
use std::panic::{panic_any, resume_unwind};
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, mpsc};
use std::time::Duration;

#[test]
fn a_deadlock_names_who_waits_for_what() {
    let mut deadlocks = 0;
    for seed in seeds(100) {
        let (ended, _) = simulate(Setup::of(seed), |sim| {
            let locks = Arc::new((sim.mutex(()), sim.mutex(())));
            let other = Arc::clone(&locks);
            let ab = sim.spawn("ab", move || {
                let _a = locks.0.lock();
                let _b = locks.1.lock();
            });
            let ba = sim.spawn("ba", move || {
                let _b = other.1.lock();
                let _a = other.0.lock();
            });
            ab.expect("room").join().expect("it ends");
            ba.expect("room").join().expect("it ends");
        });
        assert_eq!(ended.leaked, 0);
        let Some(failure) = ended.failure else { continue };
        deadlocks += 1;
        let Failure::Deadlock { waits } = failure else { panic!("{failure}") };
        let held_by = |name: &str| WaitsFor::Lock { held_by: Some(name.into()) };
        assert_eq!(waits[0].on, WaitsFor::End { of: "ab".into() });
        assert_eq!((&*waits[1].thread, &waits[1].on), ("ab", &held_by("ba")));
        assert_eq!((&*waits[2].thread, &waits[2].on), ("ba", &held_by("ab")));
    }
    assert!(deadlocks > 5 && deadlocks < 95, "{deadlocks}");
}

#[test]
fn a_panic_without_text_says_what_it_has_and_where_it_began() {
    let failure = |body: fn()| {
        let (ended, _) = simulate(Setup::of(Seed::new(0)), move |_| body());
        ended.failure.expect("it panics").to_string()
    };
    let number = failure(|| panic_any(7_i32));
    let here = "main panicked at sim/tests/threads/failures.rs:";
    assert!(number.starts_with(here), "{number}");
    assert!(number.ends_with(": no text but the i32 7"), "{number}");
    let unknown = failure(|| panic_any(Duration::ZERO));
    assert!(unknown.ends_with(": no text but a payload of a type that is not known here"));
    // No panic begins here, so there is no place.
    let forwarded = failure(|| resume_unwind(Box::new("elsewhere")));
    assert_eq!(forwarded, "main forwarded a panic: elsewhere");
}

#[test]
fn a_loop_that_waits_for_nothing_is_a_livelock_and_one_that_waits_for_somebody_is_not() {
    let setup = || Setup { bound: 2_000, ..Setup::of(Seed::new(3)) };
    let (ended, _) = simulate(setup(), |sim| {
        let flag = sim.atomic_bool(false);
        while !flag.load(SeqCst) {}
    });
    let Some(Failure::Livelock { running, .. }) = ended.failure else { panic!("no livelock") };
    assert_eq!(running, ["main".into()]);

    // PCT of depth 1 never lets the other thread in before the bound; the fair phase does.
    let strategy = Strategy::Pct { depth: 1, steps: 100 };
    for seed in seeds(20) {
        let setup = Setup { bound: 2_000, strategy: strategy.clone(), ..Setup::of(seed) };
        let (ended, done) = simulate(setup, |sim| {
            let flag = Arc::new(sim.atomic_bool(false));
            let setter = {
                let flag = Arc::clone(&flag);
                sim.spawn("setter", move || {
                    sim.sleep(Duration::from_secs(1));
                    flag.store(true, SeqCst);
                })
            };
            while !flag.load(SeqCst) {}
            setter.expect("room").join().expect("it ends");
        });
        assert_eq!(ended.failure, None);
        assert_eq!(done, Some(()));
    }
}

#[test]
fn a_thread_that_outlives_the_root_for_ever_is_a_leak_and_not_a_deadlock() {
    let (ended, _) = simulate(Setup::of(Seed::new(1)), |sim| {
        sim.spawn("forgotten", move || sim.park()).map(drop).expect("room");
    });
    let Some(Failure::LeakedThreads { waits }) = ended.failure else { panic!("no leak") };
    let said = waits[0].to_string();
    assert!(said.starts_with(&format!("forgotten waits for an unpark ({}:", file!())), "{said}");
}

#[test]
fn a_panic_fails_its_own_run_only_and_says_where() {
    for seed in seeds(20) {
        let (ended, _) = simulate(Setup::of(seed), |sim| {
            let lock = Arc::new(sim.mutex(0));
            let held = Arc::clone(&lock);
            let doomed = sim.spawn("doomed", move || {
                let _guard = held.lock();
                panic!("planned {}", 7);
            });
            let error = doomed.expect("room").join().expect_err("it panicked");
            assert_eq!(error, JoinError::Panicked { message: "planned 7".into() });
        });
        let Some(Failure::Panic { thread, message, at }) = ended.failure else {
            panic!("no panic")
        };
        assert_eq!((&*thread, &*message), ("doomed", "planned 7"));
        assert!(at.contains("failures.rs:"), "{at}");
        let (next, total) = simulate(Setup::of(seed), lost_update);
        assert_eq!(next.failure, None);
        assert!(total.is_some());
    }
}

#[test]
fn a_panic_that_then_waits_for_ever_in_a_destructor_is_reported_as_the_panic() {
    struct WaitsForEver(Sim);
    impl Drop for WaitsForEver {
        fn drop(&mut self) {
            self.0.park();
        }
    }
    // The stack cannot be unwound and stays behind, so this run gets an operating system thread of its own.
    let failure = std::thread::scope(|scope| {
        let run = scope.spawn(|| {
            let (ended, _) = simulate(Setup::of(Seed::new(1)), |sim| {
                let _waits = WaitsForEver(sim);
                panic!("first");
            });
            assert_eq!(ended.leaked, 1);
            ended.failure
        });
        run.join().expect("the harness survives")
    });
    assert!(matches!(failure, Some(Failure::Panic { .. })), "{failure:?}");
}

#[test]
fn whether_a_thread_panics_is_its_own_affair() {
    struct Looks(Sim, mpsc::Sender<(&'static str, bool)>);
    impl Drop for Looks {
        fn drop(&mut self) {
            // Blocks while it unwinds: the neighbour runs meanwhile, on the same operating system thread.
            self.0.sleep_until(self.0.now().saturating_add(Duration::from_secs(1)));
            let _ = self.1.send(("unwinder", self.0.panicking()));
        }
    }
    for seed in seeds(20) {
        let (sender, receiver) = mpsc::channel();
        let (ended, _) = simulate(Setup::of(seed), move |sim| {
            let looks = Looks(sim, sender.clone());
            let unwinder = sim.spawn("unwinder", move || {
                let _looks = looks;
                let caught = std::panic::catch_unwind(|| panic!("caught here"));
                assert!(caught.is_err());
                let _ = sender.send(("caught", sim.panicking()));
                panic!("not caught");
            });
            let neighbour = sim.spawn("neighbour", move || {
                sim.sleep(Duration::from_millis(500));
                sim.panicking()
            });
            let panicking = neighbour.expect("room").join().expect("it ends");
            assert!(!panicking, "the neighbour does not panic");
            let _ = unwinder.expect("room").join();
        });
        let failure = ended.failure.expect("the unwinder's panic");
        assert!(failure.to_string().contains("not caught"), "{failure}");
        let seen: Vec<_> = receiver.try_iter().collect();
        assert_eq!(seen, [("caught", false), ("unwinder", true)]);
    }
}

#[test]
fn foreign_and_dead_runs_are_refused_in_a_sentence() {
    let (sender, receiver) = mpsc::channel();
    simulate(Setup::of(Seed::new(1)), move |sim| {
        let _ = sender.send((sim, sim.mutex(1)));
    });
    let (sim, mutex) = receiver.recv().expect("the run sent it");
    let refused = |action: &dyn Fn()| {
        let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(action));
        let payload = payload.expect_err("it must be refused");
        payload.downcast_ref::<&str>().copied().unwrap_or_default().to_owned()
    };
    assert!(refused(&|| drop(mutex.lock())).contains("outside of its run"));
    assert!(refused(&|| assert_eq!(sim.now(), Instant::ORIGIN)).contains("outside of its run"));
    let (ended, _) = simulate(Setup::of(Seed::new(1)), move |_| {
        assert_eq!(sim.now(), Instant::ORIGIN);
    });
    let Some(Failure::Panic { message, .. }) = ended.failure else { panic!("it must be refused") };
    assert!(message.contains("does not belong to"), "{message}");
}

#[test]
fn a_run_has_a_bound_on_threads() {
    let (_, error) = simulate(Setup { most_threads: 2, ..Setup::of(Seed::new(1)) }, |sim| {
        let first = sim.spawn("first", || ()).expect("room for one");
        let error = sim.spawn("second", || ()).map(drop).expect_err("no room for two");
        first.join().expect("it ends");
        error.to_string()
    });
    assert_eq!(error.as_deref(), Some("the run has reached its bound of 2 threads"));
}
