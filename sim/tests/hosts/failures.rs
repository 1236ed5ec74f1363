//! What goes wrong in a run is its failure, with names, and never a hang or a silent success.

use crate::{held, note, perform, run, told};
use retrip_core::door::{Clock, Condvar, JoinError, Mutex, Random, Spawn, Stream, SyncPrimitives};
use retrip_sim::engine::hosts::{Host, Setup};
use retrip_sim::engine::{Failure, Flow, Observer};
use retrip_sim::log::{Event, Name};
use retrip_sim::seed::Seed;
use std::any::Any;
use std::future::{Future, pending, poll_fn};
use std::num::NonZeroU64;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

fn panicked(failure: Option<Failure>) -> (Name, String, String) {
    match failure {
        Some(Failure::Panic { thread, message, at }) => (thread, message, at),
        other => panic!("it should have panicked: {other:?}"),
    }
}

#[test]
fn a_panic_in_a_unit_that_nobody_awaits_fails_the_run() {
    let ended = run(1, |cluster| async move {
        let host = cluster.host(1);
        drop(host.start("worker", async { panic!("a worker's own fault") }));
        host.sleep(Duration::from_secs(1)).await;
        host.record(&Name::from("main"), note("goes on", 1));
    });
    let (thread, message, at) = panicked(ended.failure.clone());
    assert_eq!((&*thread, &*message), ("worker", "a worker's own fault"));
    assert!(at.starts_with(&format!("{}:", file!())), "{at}");
    assert!(told(&ended).is_empty(), "the run ends where it fails");
}

#[test]
fn whoever_waits_for_ever_is_named() {
    let ended = run(2, |cluster| async move {
        drop(cluster.host(1).start("forgotten", pending::<()>()));
        pending::<()>().await;
    });
    let said = ended.failure.expect("nobody can go on").to_string();
    assert_eq!(said, "main waits for somebody to wake it\nforgotten waits for somebody to wake it");
}

#[test]
fn units_that_are_ready_for_ever_are_a_livelock() {
    let mut setup = Setup::of(Seed::new(3), &["only"]);
    setup.bound = 5_000;
    let ended = perform(setup, |cluster| async move {
        let spins = poll_fn(|context| {
            context.waker().wake_by_ref();
            Poll::<()>::Pending
        });
        let _ = cluster.host(0).start("spinner", spins).await;
    });
    let said = ended.failure.expect("it never ends").to_string();
    assert_eq!(said, "no end after 5000 steps; still running: main, spinner");
}

#[test]
fn each_poll_counts_towards_the_bound_and_none_comes_after_it() {
    let polls = |bound| {
        let mut setup = Setup::of(Seed::new(3), &["only"]);
        setup.bound = bound;
        let polls = Arc::new(AtomicU64::new(0));
        let counts = Arc::clone(&polls);
        let ended = perform(setup, |cluster| async move {
            let spins = poll_fn(move |context| {
                counts.fetch_add(1, SeqCst);
                context.waker().wake_by_ref();
                Poll::<()>::Pending
            });
            let _ = cluster.host(0).start("spinner", spins).await;
        });
        assert!(ended.failure.is_some());
        polls.load(SeqCst)
    };
    let first = polls(50);
    assert!((30..50).contains(&first), "{first}");
    for more in 1..40 {
        assert_eq!(polls(50 + more), first + more);
    }
}

#[test]
fn a_loop_within_one_poll_is_bounded_too() {
    let mut setup = Setup::of(Seed::new(4), &["only"]);
    setup.bound = 5_000;
    let ended = perform(setup, |cluster| async move {
        let host = cluster.host(0);
        // It never awaits, so that the simulator would look at a limit of its own never.
        loop {
            host.yield_now();
        }
    });
    let failure = ended.failure;
    assert!(matches!(failure, Some(Failure::Livelock { steps: 5_000, .. })), "{failure:?}");
}

/// Something that would block.
type Blocks = fn(Host);

#[test]
#[should_panic(expected = "a run has at least one host")]
fn a_run_without_hosts_is_refused() {
    let _ = perform(Setup::of(Seed::new(1), &[]), |_| async {});
}

#[test]
fn a_unit_that_computes_on_and_on_is_given_up() {
    let mut setup = Setup::of(Seed::new(9), &["only"]);
    setup.patience = Duration::from_millis(300);
    let given_up = Arc::new(AtomicU64::new(0));
    let ends = Arc::clone(&given_up);
    let ended = perform(setup, |cluster| async move {
        cluster.host(0).record(&Name::from("main"), note("begins", 1));
        // Neither the simulator nor the platform hears of it.
        while ends.load(SeqCst) == 0 {
            std::hint::spin_loop();
        }
    });
    given_up.store(1, SeqCst);
    assert_eq!(told(&ended), ["only begins"]);
    let failure = ended.failure.expect("it was given up");
    assert_eq!(failure.promise(), "no_livelock");
    assert!(failure.to_string().ends_with("still running: main"), "{failure}");
}

#[test]
fn what_would_block_is_refused_by_name() {
    let cases: [(&str, Blocks); 5] = [
        ("parking", |host| host.park()),
        ("sleeping without an await", |host| host.sleep_until(host.now())),
        ("a lock that is held already", |host| {
            let lock = host.mutex(0);
            let _first = lock.lock();
            drop(lock.lock());
        }),
        ("waiting for a condition variable", |host| {
            let lock = host.mutex(0);
            drop(host.condvar().wait(lock.lock()));
        }),
        ("joining what has not ended", |host| {
            use retrip_core::door::JoinHandle;
            let _ = host.spawn("body", || ()).expect("there is room").join();
        }),
    ];
    for (what, blocks) in cases {
        let ended = run(5, move |cluster| async move { blocks(cluster.host(0)) });
        let (_, message, at) = panicked(ended.failure);
        assert!(message.starts_with(what) && message.contains("would block"), "{message}");
        assert!(at.starts_with(&format!("{}:", file!())), "{what} at {at}");
    }
}

#[test]
fn nobody_acts_once_a_run_has_failed() {
    for seed in 0..50 {
        let late = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&late);
        let ended = run(seed, move |cluster| async move {
            let over = Arc::new(AtomicU64::new(0));
            for nth in 0..10 {
                let (over, late) = (Arc::clone(&over), Arc::clone(&late));
                drop(cluster.host(nth % 2).start("unit", async move {
                    late.fetch_add(over.load(SeqCst), SeqCst);
                    if nth == 5 {
                        over.store(1, SeqCst);
                        panic!("over");
                    }
                }));
            }
            pending::<()>().await;
        });
        assert_eq!(&*panicked(ended.failure).1, "over");
        assert_eq!(seen.load(SeqCst), 0, "seed {seed}");
    }
}

/// Stops the run at the first event that it sees.
struct Stops;

impl Observer for Stops {
    fn observe(&mut self, _event: &Event) -> Flow {
        Flow::Stop
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

#[test]
fn a_run_ends_where_its_observer_says_so() {
    let mut setup = Setup::of(Seed::new(6), &["only"]);
    setup.observer = Box::new(Stops);
    let ended = perform(setup, |cluster| async move {
        let host = cluster.host(0);
        for number in 0..10 {
            host.record(&Name::from("main"), note("counts", number));
            host.record(&Name::from("main"), note("goes on", number));
            host.sleep(Duration::from_secs(1)).await;
        }
    });
    assert_eq!(ended.failure, None);
    assert_eq!(told(&ended), ["only counts"]);
    assert!(ended.elapsed < Duration::from_secs(1));
}

/// Counts how often it is dropped.
struct Counted(Arc<AtomicU64>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[test]
fn nothing_of_a_run_is_left_when_it_is_over_however_it_ends() {
    let asleep =
        |seconds| move |host: Host| async move { host.sleep(Duration::from_secs(seconds)).await };
    for (seconds, failed) in [(1, false), (u64::MAX, true)] {
        let dropped = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&dropped);
        let ended = run(7, move |cluster| async move {
            let counted = || Counted(Arc::clone(&counter));
            let (client, server) = (cluster.host(0), cluster.host(1));
            let (never, awaits, sleeps, mine) = (counted(), counted(), counted(), counted());
            let waits = client.start("never", async move {
                pending::<()>().await;
                drop(never);
            });
            drop(client.start("awaits", async move {
                let _ = waits.await;
                drop(awaits);
            }));
            if failed {
                // Nobody sleeps: nothing is to come.
                pending::<()>().await;
            }
            let sleeper = server.clone();
            drop(server.start("sleeps", async move {
                asleep(3600)(sleeper).await;
                drop(sleeps);
            }));
            asleep(seconds)(client).await;
            drop(mine);
        });
        assert_eq!(ended.failure.is_some(), failed);
        assert_eq!(dropped.load(SeqCst), 4, "failed: {failed}");
    }
}

#[test]
fn a_platform_is_dead_once_its_run_is_over() {
    let (sender, receiver) = std::sync::mpsc::channel();
    held(8, move |cluster| async move {
        let host = cluster.host(0);
        host.sleep(Duration::from_secs(1)).await;
        let _ = sender.send((host.now(), host));
    });
    let (ended_at, host) = receiver.recv().expect("the root sent it");
    // What it still answers harms nobody: time stands, and what is started is gone before it begins.
    assert!(host.now().saturating_duration_since(ended_at) < Duration::from_millis(1));
    let mut late = pin!(host.start("late", async { unreachable!("the run is over") }));
    let polled = late.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(polled, Poll::Ready(Err(JoinError::Gone)));
    let bound = NonZeroU64::new(10).expect("it is not zero");
    assert!(host.draw(Stream::named("late"), bound) < 10);
}

/// Whoever is woken through it panics.
struct Refuses;

impl Wake for Refuses {
    fn wake(self: Arc<Self>) {
        panic!("not to be woken");
    }
}

#[test]
fn a_waker_that_panics_fails_the_run() {
    let ended = run(1, |cluster| async move {
        let host = cluster.host(0);
        let waits = cluster.host(0).start("waits", async move {
            let waker = Waker::from(Arc::new(Refuses));
            let mut sleep = pin!(host.sleep(Duration::from_secs(1)));
            assert!(sleep.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            host.sleep(Duration::from_secs(2)).await;
        });
        let _ = waits.await;
    });
    let (_, message, _) = panicked(ended.failure);
    assert_eq!(message, "not to be woken");
}

#[test]
fn the_last_moments_of_all_are_no_trouble() {
    // Far enough for an engine that goes step by step to call it never; the other one comes there.
    let ended = run(1, |cluster| async move {
        cluster.host(0).sleep(Duration::from_nanos(u64::MAX - 1)).await;
    });
    let is_never = matches!(ended.failure, Some(Failure::Deadlock { .. }));
    assert!(is_never || ended.failure.is_none(), "{:?}", ended.failure);
}
