//! Is an unpark kept for the park that follows it, once, and does nobody else's wait end by it?

use retrip_core::door::{Clock, Condvar, JoinHandle, Mutex, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::{Failure, Sim, WaitsFor};
use retrip_sim::engine::{Ended, Setup, run};
use retrip_sim::seed::Seed;
use std::sync::Arc;
use std::time::Duration;

fn on_every_seed(root: fn(Sim), check: fn(Ended)) {
    (0..40).for_each(|seed| check(run(Setup::of(Seed::new(seed)), root)));
}

fn passes(ended: Ended) {
    assert_eq!(ended.failure, None);
}

#[test]
fn an_unpark_before_its_park_is_not_lost() {
    on_every_seed(
        |sim| {
            let parker = sim.spawn("parker", move || {
                sim.sleep(Duration::from_secs(1));
                sim.park();
            });
            // Whatever the parker does now, it is not parked yet.
            let main = sim.current();
            sim.unpark(&main);
            sim.park();
            parker.expect("room").join().expect("never");
        },
        |ended| {
            let Some(Failure::Deadlock { waits }) = ended.failure else { panic!("no deadlock") };
            assert_eq!(waits[1].on, WaitsFor::Unpark, "main's token is main's: {waits:?}");
            assert_eq!(waits[0].on, WaitsFor::End { of: "parker".into() });
            let line = |nth: usize| waits[nth].at.map_or(0, |at| at.line());
            let (file, main, parker) = (file!(), line(0), line(1));
            // The two lines are a few apart: the join is below the park.
            assert_eq!(main - parker, 6);
            let said = Failure::Deadlock { waits }.to_string();
            let wanted = format!(
                "main waits for the end of parker ({file}:{main})\nparker waits for an unpark ({file}:{parker})"
            );
            assert_eq!(said, wanted);
        },
    );
}

#[test]
fn an_unpark_of_one_that_waits_for_something_else_is_kept_for_later() {
    on_every_seed(
        |sim| {
            let slot = Arc::new((sim.mutex((None, false)), sim.condvar()));
            let inside = Arc::clone(&slot);
            let waiter = sim.spawn("waiter", move || {
                let mut guard = inside.0.lock();
                guard.0 = Some(sim.current());
                while !guard.1 {
                    guard = inside.1.wait(guard);
                }
                drop(guard);
                // The unpark came while this thread waited for the notification.
                sim.park();
            });
            let unit = loop {
                sim.sleep(Duration::from_secs(1));
                if let Some(unit) = slot.0.lock().0 {
                    break unit;
                }
            };
            // It waits: it gave the lock free, but was not notified.
            sim.unpark(&unit);
            slot.0.lock().1 = true;
            slot.1.notify_one();
            waiter.expect("room").join().expect("it ends");
        },
        passes,
    );
}

#[test]
fn two_unparks_make_one_token() {
    on_every_seed(
        |sim| {
            let main = sim.current();
            sim.unpark(&main);
            sim.unpark(&main);
            sim.park();
            sim.park();
        },
        |ended| {
            let Some(Failure::Deadlock { waits }) = ended.failure else { panic!("no deadlock") };
            assert_eq!(waits[0].on, WaitsFor::Unpark);
        },
    );
}

#[test]
fn a_token_ends_a_park_with_a_deadline_at_once_and_only_one() {
    on_every_seed(
        |sim| {
            let main = sim.current();
            sim.unpark(&main);
            let before = sim.now();
            let deadline = before.saturating_add(Duration::from_secs(3600 * 24));
            sim.park_until(deadline);
            assert!(sim.now() < deadline, "the token was there");
            sim.park_until(deadline);
            assert!(sim.now() >= deadline, "the token was spent");
        },
        passes,
    );
}

#[test]
fn an_unpark_of_one_that_has_ended_does_nothing() {
    on_every_seed(
        |sim| {
            let unit = sim.spawn("short", move || sim.current()).expect("room").join();
            sim.unpark(&unit.expect("it ends"));
        },
        passes,
    );
}
