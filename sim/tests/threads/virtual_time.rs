//! Does virtual time stop at each moment that somebody waits for, and at no moment that nobody does?

use crate::lab::simulate;
use retrip_core::door::{
    Clock, Condvar, Instant, JoinHandle, Mutex, Spawn, SyncPrimitives, WaitOutcome,
};
use retrip_sim::clock::NodeClock;
use retrip_sim::engine::Setup;
use retrip_sim::engine::threads::Failure;
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::Name;
use retrip_sim::plan::{Plan, Schedule};
use retrip_sim::seed::Seed;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn default_rule() -> Setup<'static> {
    Setup { schedule: Schedule::Written(Vec::new()), ..Setup::of(Seed::new(0)) }
}

fn since_start(at: Instant) -> Duration {
    at.saturating_duration_since(Instant::ORIGIN)
}

#[test]
fn sleepers_wake_exactly_on_time_and_those_of_one_moment_in_the_order_they_lay_down() {
    let (ended, woken) = simulate(default_rule(), |sim| {
        let (words, woken) = mpsc::channel();
        let sleepers = [("a", 3), ("b", 1), ("c", 2), ("d", 2), ("e", 3)].map(|(name, length)| {
            let words = words.clone();
            let body = move || {
                sim.sleep(secs(length));
                words.send((name, since_start(sim.now()).as_nanos())).expect("main listens");
            };
            sim.spawn(name, body).expect("room")
        });
        for sleeper in sleepers {
            sleeper.join().expect("it ends");
        }
        woken.try_iter().collect::<Vec<_>>()
    });
    assert_eq!(ended.failure, None);
    let second = 1_000_000_000;
    let wanted = [("b", 1), ("c", 2), ("d", 2), ("a", 3), ("e", 3)];
    assert_eq!(woken, Some(wanted.map(|(name, at)| (name, at * second)).to_vec()));
}

#[test]
fn a_sleep_until_the_past_is_none() {
    let (ended, _) = simulate(default_rule(), |sim| {
        sim.sleep(secs(5));
        sim.sleep_until(Instant::ORIGIN);
        sim.sleep(Duration::ZERO);
        sim.block_on(sim.timer(Instant::from_nanos(7)));
        assert_eq!(since_start(sim.now()), secs(5));
    });
    assert_eq!((ended.failure, ended.elapsed), (None, secs(5)));
}

#[test]
fn a_wait_that_ended_early_leaves_no_timer_behind() {
    let waits: [fn(Sim); 2] = [
        |sim| {
            let slot = Arc::new((sim.mutex(()), sim.condvar()));
            let notifier = Arc::clone(&slot);
            let notifier = sim.spawn("notifier", move || {
                sim.sleep(secs(1));
                notifier.1.notify_one();
            });
            let deadline = sim.now().saturating_add(HOUR);
            let (_, outcome) = slot.1.wait_until(slot.0.lock(), deadline);
            assert_eq!(outcome, WaitOutcome::Woken);
            notifier.expect("room").join().expect("it ends");
        },
        |sim| {
            let main = sim.current();
            let unparker = sim.spawn("unparker", move || {
                sim.sleep(secs(1));
                sim.unpark(&main);
            });
            sim.park_until(sim.now().saturating_add(HOUR));
            unparker.expect("room").join().expect("it ends");
        },
    ];
    for (nth, wait) in waits.into_iter().enumerate() {
        let (ended, _) = simulate(default_rule(), move |sim| {
            wait(sim);
            // Nothing is scheduled any more, so this is seen at once and not an hour later.
            sim.park();
        });
        assert!(
            matches!(ended.failure, Some(Failure::Deadlock { .. })),
            "{nth}: {:?}",
            ended.failure
        );
        assert_eq!(ended.elapsed, secs(1), "{nth}");
    }
}

#[test]
fn a_wait_is_not_ended_by_the_timer_of_an_earlier_one() {
    let (ended, _) = simulate(default_rule(), |sim| {
        let main = sim.current();
        let unparker = sim.spawn("unparker", move || {
            sim.sleep(secs(1));
            sim.unpark(&main);
        });
        sim.park_until(Instant::ORIGIN.saturating_add(HOUR));
        assert_eq!(since_start(sim.now()), secs(1));
        sim.park_until(Instant::ORIGIN.saturating_add(2 * HOUR));
        assert_eq!(since_start(sim.now()), 2 * HOUR);
        unparker.expect("room").join().expect("it ends");
    });
    assert_eq!((ended.failure, ended.elapsed), (None, 2 * HOUR));
}

#[test]
fn a_wait_is_not_ended_at_the_moment_of_an_earlier_one_either_when_another_is_due_there() {
    let (ended, _) = simulate(default_rule(), |sim| {
        let main = sim.current();
        let due = sim.spawn("due", move || sim.sleep_until(Instant::ORIGIN.saturating_add(HOUR)));
        let unparker = sim.spawn("unparker", move || {
            sim.sleep(secs(1));
            sim.unpark(&main);
        });
        // The other one's timer is set first.
        sim.sleep(Duration::from_nanos(1));
        sim.park_until(Instant::ORIGIN.saturating_add(HOUR));
        assert_eq!(since_start(sim.now()), secs(1));
        sim.park_until(Instant::ORIGIN.saturating_add(2 * HOUR));
        assert_eq!(since_start(sim.now()), 2 * HOUR);
        due.expect("room").join().expect("it ends");
        unparker.expect("room").join().expect("it ends");
    });
    assert_eq!(ended.failure, None);
}

#[test]
fn time_that_moves_early_passes_over_moments_that_nobody_waits_for_any_more() {
    // The ninth point of main comes while the worker waits until the second hour and no longer until the first.
    let plan: Plan = "any 0 schedule written; main@9 -> time".parse().expect("it is a plan");
    let (ended, at) = simulate(Setup { schedule: plan.schedule, ..default_rule() }, |sim| {
        let (sender, unit) = mpsc::channel();
        let worker = sim.spawn("worker", move || {
            sender.send(sim.current()).expect("main listens");
            sim.park_until(Instant::ORIGIN.saturating_add(HOUR));
            sim.park_until(Instant::ORIGIN.saturating_add(2 * HOUR));
        });
        let worker = worker.expect("room");
        sim.sleep(secs(1));
        sim.unpark(&unit.try_recv().expect("the worker has parked"));
        sim.sleep(secs(1));
        let at = since_start(sim.now());
        worker.join().expect("it ends");
        at
    });
    assert_eq!((ended.failure, ended.skipped, at), (None, 0, Some(2 * HOUR)));
}

#[test]
fn a_future_that_was_given_up_wakes_nobody() {
    let (ended, _) = simulate(default_rule(), |sim| {
        sim.block_on(async {
            let mut late = pin!(sim.timer(Instant::ORIGIN.saturating_add(HOUR)));
            poll_fn(|context| {
                assert!(late.as_mut().poll(context).is_pending());
                Poll::Ready(())
            })
            .await;
        });
        sim.park_until(Instant::ORIGIN.saturating_add(2 * HOUR));
        assert_eq!(since_start(sim.now()), 2 * HOUR);
        sim.sleep(secs(1));
    });
    assert_eq!((ended.failure, ended.elapsed), (None, 2 * HOUR + secs(1)));
}

#[test]
fn all_futures_of_a_node_are_woken_by_one_thread() {
    let (ended, _) = simulate(default_rule(), |sim| {
        let sleeper = sim.spawn("sleeper", move || {
            sim.block_on(sim.timer(Instant::from_nanos(5)));
            sim.block_on(sim.timer(Instant::from_nanos(50)));
        });
        sim.block_on(sim.timer(Instant::from_nanos(9)));
        sleeper.expect("room").join().expect("it ends");
    });
    assert_eq!((ended.failure, ended.threads), (None, 3));
}

#[test]
fn a_wait_with_a_deadline_ends_exactly_there() {
    let (ended, times) = simulate(default_rule(), |sim| {
        let slot = (sim.mutex(()), sim.condvar());
        let (guard, outcome) = slot.1.wait_until(slot.0.lock(), Instant::from_nanos(500));
        drop(guard);
        assert_eq!(outcome, WaitOutcome::TimedOut);
        let condvar = sim.now().as_nanos();
        sim.park_until(Instant::from_nanos(800));
        let park = sim.now().as_nanos();
        sim.stall(Duration::from_nanos(33));
        [condvar, park, sim.now().as_nanos()]
    });
    assert_eq!((ended.failure, times), (None, Some([500, 800, 833])));
}

#[test]
fn a_timed_out_waiter_takes_the_lock_again_before_it_goes_on() {
    let (ended, order) = simulate(default_rule(), |sim| {
        let (words, order) = mpsc::channel();
        let slot = Arc::new((sim.mutex(()), sim.condvar()));
        let (waiter, said) = (Arc::clone(&slot), words.clone());
        let waiter = sim.spawn("waiter", move || {
            let (_guard, outcome) = waiter.1.wait_until(waiter.0.lock(), Instant::from_nanos(10));
            said.send((outcome, sim.now().as_nanos())).expect("main listens");
        });
        sim.sleep(Duration::from_nanos(1));
        let guard = slot.0.lock();
        sim.sleep(Duration::from_nanos(99));
        drop(guard);
        waiter.expect("room").join().expect("it ends");
        order.try_iter().collect::<Vec<_>>()
    });
    assert_eq!((ended.failure, order), (None, Some(vec![(WaitOutcome::TimedOut, 100)])));
}

#[test]
fn futures_that_wait_on_several_threads_complete_each_on_time() {
    for seed in 0..20 {
        let setup = if seed == 0 { default_rule() } else { Setup::of(Seed::new(seed)) };
        let (ended, times) = simulate(setup, |sim| {
            let sleepers = [9, 4, 6, 4, 1].map(|length| {
                let body = move || {
                    sim.block_on(sim.timer(Instant::ORIGIN.saturating_add(secs(length))));
                    since_start(sim.now())
                };
                sim.spawn("sleeper", body).expect("room")
            });
            sleepers.map(|sleeper| sleeper.join().expect("it ends"))
        });
        assert_eq!(ended.failure, None);
        let times = times.expect("the root returns");
        for (at, length) in times.into_iter().zip([9, 4, 6, 4, 1]) {
            assert!(at >= secs(length), "{seed}: {times:?}");
            assert!(seed > 0 || at == secs(length), "{times:?}");
        }
    }
}

fn two_nodes() -> Setup<'static> {
    let mut fast = NodeClock::default();
    fast.set_drift(0, 1_000_000).expect("a rate above zero");
    let nodes = vec![(Name::from("true"), NodeClock::default()), (Name::from("fast"), fast)];
    Setup { nodes, ..default_rule() }
}

#[test]
fn each_node_waits_on_its_own_clock() {
    let (ended, _) = simulate(two_nodes(), |sim| {
        let fast = sim.at_node(1);
        let thread = fast.spawn("there", move || {
            fast.sleep(secs(10));
            assert_eq!((since_start(sim.now()), since_start(fast.now())), (secs(5), secs(10)));
            let ahead = fast.wall().as_unix_nanos() - sim.wall().as_unix_nanos();
            assert_eq!(ahead, 5_000_000_000);
            fast.park_until(fast.now().saturating_add(secs(10)));
            fast.block_on(fast.timer(fast.now().saturating_add(secs(10))));
        });
        sim.sleep(secs(1));
        thread.expect("room").join().expect("it ends");
        assert_eq!(since_start(sim.now()), secs(15));
    });
    assert_eq!((ended.failure, ended.elapsed), (None, secs(15)));
}

#[test]
fn a_node_that_the_run_does_not_have_is_refused_by_number() {
    let (ended, _) = simulate(two_nodes(), |sim| sim.at_node(2));
    let failure = ended.failure.expect("it panics").to_string();
    assert!(failure.contains("node 2 of a run that has 2"), "{failure}");
}

#[test]
fn a_daemon_ends_with_the_run_whatever_it_waits_for() {
    let (ended, _) = simulate(default_rule(), |sim| {
        let lock = Arc::new(sim.mutex(()));
        sim.spawn_daemon("parked", move || sim.park()).expect("room");
        sim.spawn_daemon("waits", move || drop((lock.lock(), sim.park()))).expect("room");
        sim.sleep(secs(1));
    });
    assert_eq!((ended.failure, ended.elapsed, ended.leaked), (None, secs(1), 0));
}
