//! Time that waits move: what a moment brings about is over before the next one begins, however close it is.

use super::{note, told};
use crate::perform;
use retrip_core::door::{Clock, Instant, Spawn};
use retrip_sim::engine::Failure;
use retrip_sim::engine::hosts::{Cluster, Ended, Host, Setup, Time, Transit};
use retrip_sim::seed::Seed;
use std::future::{Future, pending, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// Runs `root` on two hosts whose time is what somebody waited for.
fn waited<F>(seed: u64, root: impl FnOnce(Cluster) -> F + Send + 'static) -> Ended
where
    F: Future<Output = ()> + 'static,
{
    let idle = Duration::from_secs(60);
    let transit = Transit { latency: Duration::ZERO..=Duration::ZERO, loss_ppm: 0 };
    let setup = Setup::of(Seed::new(seed), &["client", "server"]);
    perform(Setup { time: Time::Waits, transit, idle, bound: 200_000, ..setup }, root)
}

/// Answers whatever it is asked.
async fn echoes(host: Host) {
    let socket = host.socket(7).await.expect("the port is free");
    while let Ok(message) = socket.receive().await {
        socket.send(&message.from, message.port, &message.bytes).await.expect("it is open");
    }
}

/// Each event: its moment and what it tells.
fn moments(ended: &Ended) -> Vec<(u64, String)> {
    let at = ended.log.events().iter().map(|event| event.engine);
    at.zip(told(ended)).collect()
}

#[test]
fn three_calls_are_over_before_who_wakes_a_nanosecond_later() {
    for seed in 0..20 {
        let ended = waited(seed, |cluster| async move {
            cluster.boots(1, "echoes", echoes);
            let (client, server) = (cluster.host(0), cluster.host(1));
            let (at, clock) = (client.clone(), server.clone());
            let speaks = client.start("speaks", async move {
                let socket = at.socket(0).await.expect("a port is free");
                at.sleep(SECOND).await;
                for number in 1..=3 {
                    socket.send(&server, 7, b"x").await.expect("it is open");
                    socket.receive().await.expect("it is open");
                    at.record(&at.name(), note("is answered", number));
                }
            });
            for later in 1..=3 {
                let clock = clock.clone();
                drop(cluster.host(1).start("ticks", async move {
                    clock.sleep(SECOND + Duration::from_nanos(later)).await;
                    clock.record(&clock.name(), note("ticks", 1));
                }));
            }
            speaks.await.expect("it does not panic");
            cluster.host(0).sleep(SECOND).await;
        });
        assert_eq!(ended.failure, None);
        let answered = (1_000_000_000, "client is answered".to_owned());
        let mut wanted = vec![answered; 3];
        wanted.extend((1..=3).map(|later| (1_000_000_000 + later, "server ticks".to_owned())));
        assert_eq!(moments(&ended), wanted, "seed {seed}");
    }
}

#[test]
fn units_that_wake_each_other_are_done_before_who_wakes_a_nanosecond_later() {
    for seed in 0..20 {
        let ended = waited(seed, |cluster| async move {
            let (client, server) = (cluster.host(0), cluster.host(1));
            let clock = server.clone();
            let ticks = server.start("ticks", async move {
                clock.sleep(SECOND + Duration::from_nanos(1)).await;
                clock.record(&clock.name(), note("ticks", 1));
            });
            let first = client.clone();
            let mut last = client.start("woken", async move { first.sleep(SECOND).await });
            for place in [1, 0].into_iter().cycle().take(40) {
                let (host, before) = (cluster.host(place), last);
                last = cluster.host(place).start("woken", async move {
                    before.await.expect("it does not panic");
                    host.record(&host.name(), note("is woken", 1));
                });
            }
            ticks.await.expect("it does not panic");
        });
        assert_eq!(ended.failure, None);
        let at: Vec<u64> = moments(&ended).into_iter().map(|(at, _)| at).collect();
        let mut wanted = vec![1_000_000_000; 40];
        wanted.push(1_000_000_001);
        assert_eq!(at, wanted, "seed {seed}");
    }
}

#[test]
fn who_talks_on_and_on_while_no_time_passes_is_not_waited_for_for_ever() {
    let ended = waited(3, |cluster| async move {
        cluster.boots(1, "echoes", echoes);
        let (client, server) = (cluster.host(0), cluster.host(1));
        let enough = Arc::new(AtomicBool::new(false));
        let (at, is_enough) = (client.clone(), Arc::clone(&enough));
        let speaks = client.start("speaks", async move {
            let socket = at.socket(0).await.expect("a port is free");
            at.sleep(SECOND).await;
            while !is_enough.load(SeqCst) {
                socket.send(&server, 7, b"x").await.expect("it is open");
                socket.receive().await.expect("it is open");
            }
            at.record(&at.name(), note("has had enough", 1));
        });
        cluster.host(0).sleep(SECOND * 2).await;
        enough.store(true, SeqCst);
        speaks.await.expect("it does not panic");
    });
    assert_eq!(moments(&ended), [(2_000_000_000, "client has had enough".to_owned())]);
    assert_eq!(ended.failure, None);
}

#[test]
fn who_goes_on_and_on_without_time_is_a_livelock_and_not_waited_for_either() {
    let ended = waited(3, |cluster| async move {
        let at = cluster.host(0);
        drop(cluster.host(0).start("spins", async move {
            loop {
                at.give_way().await;
            }
        }));
        cluster.host(1).sleep(SECOND * 3600).await;
    });
    assert!(matches!(ended.failure, Some(Failure::Livelock { .. })), "{:?}", ended.failure);
}

#[test]
fn five_hundred_calls_that_lie_closer_than_one_takes_are_each_over_in_their_moment() {
    let ended = waited(1, |cluster| async move {
        cluster.boots(1, "echoes", echoes);
        let (client, server) = (cluster.host(0), cluster.host(1));
        let at = client.clone();
        let clock = cluster.host(1);
        drop(cluster.host(1).start("ticks", async move {
            clock.sleep(SECOND + Duration::from_nanos(801)).await;
        }));
        let speaks = client.start("speaks", async move {
            let socket = at.socket(0).await.expect("a port is free");
            at.sleep(SECOND).await;
            for _ in 0..500 {
                let before = at.now();
                socket.send(&server, 7, b"x").await.expect("it is open");
                socket.receive().await.expect("it is open");
                assert_eq!(at.now(), before);
                at.sleep(Duration::from_nanos(1)).await;
            }
        });
        speaks.await.expect("it does not panic");
    });
    assert_eq!(ended.failure, None);
    assert_eq!(ended.elapsed, SECOND + Duration::from_nanos(500));
}

#[test]
fn who_was_given_up_is_not_waited_for() {
    for seed in 0..2 {
        let ended = waited(seed, |cluster| async move {
            let (host, at) = (cluster.host(0), cluster.host(0));
            let gives_up = host.within(SECOND, async move {
                at.sleep(SECOND * 1000).await;
            });
            assert_eq!(gives_up.await, None);
            pending::<()>().await;
        });
        assert!(matches!(ended.failure, Some(Failure::Deadlock { .. })), "{:?}", ended.failure);
        // The sleep that was given up moves no clock.
        assert_eq!(ended.elapsed, SECOND);
    }
}

#[test]
fn a_timer_that_is_handed_on_wakes_who_has_it() {
    let ended = waited(1, |cluster| async move {
        let host = cluster.host(0);
        let mut timer = Box::pin(host.timer(Instant::from_nanos(1_000_000_000)));
        // The root asks it once and gives it away.
        let asked = poll_fn(|context| Poll::Ready(timer.as_mut().poll(context)));
        assert_eq!(asked.await, Poll::Pending);
        let at = cluster.host(1);
        let waits = cluster.host(1).start("waits", async move {
            timer.await;
            at.record(&at.name(), note("is woken", 1));
        });
        waits.await.expect("it does not panic");
    });
    assert_eq!(ended.failure, None);
    assert_eq!(moments(&ended), [(1_000_000_000, "server is woken".to_owned())]);
}
