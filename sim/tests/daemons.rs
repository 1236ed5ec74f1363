//! Does a daemon end with the run, and does nobody's clock move for what nobody waits for any more?

use retrip_core::door::{Clock, Instant, Spawn};
use retrip_sim::clock::NodeClock;
use retrip_sim::engine::threads::{Failure, Sim};
use retrip_sim::engine::{Ended, Setup, run};
use retrip_sim::log::Name;
use retrip_sim::plan::{Plan, Schedule};
use retrip_sim::seed::Seed;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn default_rule(root: fn(Sim)) -> Ended {
    let schedule = Schedule::Written(Vec::new());
    run(Setup { schedule, bound: 10_000, ..Setup::of(Seed::new(0)) }, root)
}

#[test]
fn a_daemon_that_sleeps_again_and_again_ends_with_the_run() {
    let ended = default_rule(|sim| {
        let tick = move || {
            loop {
                sim.sleep(secs(1));
            }
        };
        sim.spawn_daemon("ticker", tick).expect("room");
        sim.sleep(secs(3));
    });
    assert_eq!((ended.failure, ended.elapsed), (None, secs(3)));
}

#[test]
fn a_daemon_that_waits_is_no_part_of_a_deadlock() {
    let ended = default_rule(|sim| {
        sim.spawn_daemon("listener", move || sim.park()).expect("room");
        sim.park();
    });
    let Some(Failure::Deadlock { waits }) = ended.failure else { panic!("{:?}", ended.failure) };
    assert_eq!(waits.iter().map(|wait| &*wait.thread).collect::<Vec<_>>(), ["main"]);
}

#[test]
fn a_daemon_that_sleeps_long_moves_no_clock_after_the_last_actor_has_ended() {
    let ended = default_rule(|sim| {
        sim.spawn_daemon("sleeper", move || sim.sleep(secs(1000))).expect("room");
        sim.sleep(secs(3));
    });
    assert_eq!((ended.failure, ended.elapsed), (None, secs(3)));
}

#[test]
fn a_future_that_was_given_up_moves_no_clock() {
    let ended = default_rule(|sim| {
        sim.block_on(async {
            let mut late = pin!(sim.timer(Instant::ORIGIN.saturating_add(secs(3600))));
            poll_fn(|context| {
                assert!(late.as_mut().poll(context).is_pending());
                Poll::Ready(())
            })
            .await;
            // Whatever wakes futures falls asleep again until the late one, which is given up then.
            sim.timer(Instant::ORIGIN.saturating_add(secs(1))).await;
        });
    });
    assert_eq!((ended.failure, ended.elapsed), (None, secs(1)));
}

#[test]
fn a_wait_by_the_clock_of_another_node_ends_when_that_clock_says_so() {
    let waits: [fn(Sim); 2] = [
        |sim| sim.at_node(1).sleep(secs(10)),
        |sim| sim.at_node(1).park_until(Instant::ORIGIN.saturating_add(secs(10))),
    ];
    for wait in waits {
        let mut fast = NodeClock::default();
        fast.set_drift(0, 1_000_000).expect("a rate above zero");
        let nodes = vec![(Name::from("true"), NodeClock::default()), (Name::from("fast"), fast)];
        let schedule = Schedule::Written(Vec::new());
        let ended = run(Setup { nodes, schedule, ..Setup::of(Seed::new(0)) }, wait);
        assert_eq!((ended.failure, ended.elapsed), (None, secs(5)));
    }
}

#[test]
fn a_written_move_of_the_clock_that_finds_no_timer_is_counted() {
    let plan: Plan = "any 0 schedule written; main@1 -> time".parse().expect("it is a plan");
    let setup = Setup { schedule: plan.schedule, ..Setup::of(Seed::new(0)) };
    let ended = run(setup, |sim| assert_eq!(sim.now(), Instant::ORIGIN));
    assert_eq!(ended.skipped, 1);
    let ended = default_rule(|sim| assert_eq!(sim.now(), Instant::ORIGIN));
    assert_eq!(ended.skipped, 0);
}
