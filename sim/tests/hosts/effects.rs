//! A fault counts as one that happened where it did what it is for, and not where it only began.

use super::faults::tried;
use crate::{ENGINE, held, perform};
use retrip_core::breaker::BreakerConfig;
use retrip_sim::engine::hosts::{Cluster, Effect, HostFault, LinkFault, Post, Setup, Transit};
use retrip_sim::plan::{FaultKind, Way};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;
use retrip_sim::sweep::{SweepRequest, sweep};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// What faults did in a run with a call before 10s, one after 20s, and whatever else `statements` say.
fn did(statements: &str) -> Vec<(Effect, u64)> {
    let run = tried(&format!("1s call llm; 21s call llm; {statements}")).expect("it can be run");
    assert_eq!(run.breach, None);
    run.effects.into_iter().collect()
}

/// Asserts that `fault`, from 10s until 20s, does `effect` once where somebody calls in between, and else nothing.
fn only_where_somebody_calls(fault: &str, effect: Effect) {
    assert_eq!(did(fault), [], "{fault}");
    assert_eq!(did(&format!("11s call llm; {fault}")), [(effect, 1)], "{fault}");
}

#[test]
fn a_partition_did_something_where_a_message_was_sent_into_it() {
    only_where_somebody_calls("fault 10s..20s partition local from llm", Effect::CutOff);
    only_where_somebody_calls("fault 10s..20s partition llm to local", Effect::CutOff);
}

#[test]
fn a_loss_did_something_where_a_message_was_lost() {
    only_where_somebody_calls("fault 10s..20s messages lost 1000000ppm", Effect::Lost);
    assert_eq!(did("11s call llm; fault 10s..20s messages lost 1ppm"), []);
}

#[test]
fn messages_that_take_long_were_late_where_one_came_no_sooner() {
    only_where_somebody_calls("fault 10s..12s messages take 3s..4s", Effect::Late);
}

#[test]
fn a_doubled_message_counts_where_it_has_come_twice() {
    let fault = "fault 10s..20s messages doubled 1000000ppm";
    assert_eq!(did(fault), []);
    let [(Effect::Doubled, 1..)] = did(&format!("11s call llm; {fault}"))[..] else {
        panic!("{:?}", did(&format!("11s call llm; {fault}")));
    };
}

#[test]
fn a_hold_did_something_where_what_it_held_was_let_through() {
    if ENGINE.can_befall_link(LinkFault::Holds) {
        only_where_somebody_calls("fault 10s..12s hold local to llm", Effect::LetThrough);
        assert_eq!(did("11s call llm; fault 10s hold local to llm"), []);
    }
}

#[test]
fn a_pause_did_something_where_the_host_had_something_to_do() {
    if ENGINE.can_befall(HostFault::Pauses) {
        only_where_somebody_calls("fault 10s..12s llm pauses", Effect::StoodStill);
    }
}

#[test]
fn a_crash_ends_the_units_that_are_there_and_a_restart_begins_anew() {
    assert_eq!(did("fault 10s..20s llm crashes"), [(Effect::UnitEnded, 1)]);
    assert_eq!(did("fault 10s llm restarts"), [(Effect::Booted, 1)]);
    let ended = held(1, |cluster| async move {
        cluster.crash(1);
        cluster.restart(1);
        cluster.restart(1);
        cluster.host(0).sleep(SECOND).await;
    });
    assert!(ended.effects.is_empty(), "nobody was there: {:?}", ended.effects);
}

/// Sends fifty messages from the first host to the second, a millisecond from each to the next.
async fn speaks(cluster: Cluster) {
    let (client, server) = (cluster.host(0), cluster.host(1));
    cluster.boots(1, "listens", |host| async move {
        let socket = host.socket(7).await.expect("the port is free");
        while socket.receive().await.is_ok() {}
    });
    let at = client.clone();
    let speaks = client.start("speaks", async move {
        let socket = at.socket(1).await.expect("the port is free");
        at.sleep(SECOND).await;
        for _ in 0..50 {
            socket.send(&server, 7, b"x").await.expect("it is open");
            at.sleep(Duration::from_millis(1)).await;
        }
        at.sleep(SECOND).await;
    });
    speaks.await.expect("it does not panic");
}

#[test]
fn messages_are_overtaken_by_a_fault_only_where_it_holds_them_back() {
    // As long as it takes one or another, messages overtake each other by themselves: that is no fault's doing.
    let by_themselves = held(2, speaks);
    assert!(by_themselves.effects.is_empty(), "{:?}", by_themselves.effects);
    let shuffled = held(2, |cluster| async move {
        cluster.post(Post { shuffled: SECOND / 10, ..Post::default() });
        speaks(cluster).await;
    });
    let [(&Effect::Overtaken, &overtaken)] = shuffled.effects.iter().collect::<Vec<_>>()[..] else {
        panic!("{:?}", shuffled.effects);
    };
    assert!((10..50).contains(&overtaken), "{overtaken} of 50");
}

#[test]
fn a_doubled_message_of_which_one_has_come_is_not_counted() {
    let ended = held(4, |cluster| async move {
        // Of four copies three come only when the run is over.
        cluster.post(Post { doubled_ppm: 1_000_000, shuffled: SECOND * 4 });
        speaks(cluster).await;
    });
    let doubled = ended.effects.get(&Effect::Doubled).copied().unwrap_or_default();
    assert!(doubled < 10, "{doubled} of 50");
}

#[test]
fn what_would_have_been_lost_without_the_fault_is_not_its_doing() {
    let lost = |calm: u32, with_fault: u32| {
        let transit = move |loss_ppm| Transit { loss_ppm, ..Transit::default() };
        let setup =
            Setup { transit: transit(calm), ..Setup::of(Seed::new(3), &["client", "server"]) };
        let ended = perform(setup, move |cluster| async move {
            cluster.transit(&transit(with_fault));
            speaks(cluster).await;
        });
        assert_eq!(ended.failure, None);
        ended.effects.get(&Effect::Lost).copied().unwrap_or_default()
    };
    assert_eq!(lost(0, 1_000_000), 50);
    assert_eq!(lost(1_000_000, 1_000_000), 0);
    let half = lost(500_000, 1_000_000);
    assert!((10..40).contains(&half), "{half} of 50");
}

#[test]
fn what_is_held_back_is_cut_off_or_not_when_it_is_sent() {
    let ended = held(5, |cluster| async move {
        cluster.post(Post { shuffled: SECOND, ..Post::default() });
        let faults = cluster.clone();
        let heals = cluster.host(0).start("heals", async move {
            faults.partition(0, 1);
            faults.host(0).sleep(SECOND * 3 / 2).await;
            faults.heal(0, 1);
        });
        speaks(cluster).await;
        heals.await.expect("it does not panic");
    });
    let cut_off = ended.effects.get(&Effect::CutOff).copied().unwrap_or_default();
    assert!((10..40).contains(&cut_off), "{cut_off} of 50");
}

#[test]
fn which_message_is_lost_can_be_written_in_a_plan() {
    let run = |number: &str| {
        let plan = format!(
            "1s call llm; fault 0.5s messages lost 2ppm; choice node=local/net.lost {number}/1000000"
        );
        let run = tried(&plan).expect("it can be run");
        assert_eq!((run.breach, run.stale), (None, 0), "{plan}");
        run.effects.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(run("1"), [(Effect::Lost, 1)]);
    assert_eq!(run("2"), []);
}

#[test]
fn a_sweep_misses_a_fault_that_began_and_did_nothing() {
    let scenario = Scenario::new("calls", "whoever is cut off has nothing to say", |s| {
        let llm = s.guarded("llm", BreakerConfig::default());
        s.at(SECOND, llm.call());
        s.at(SECOND * 9, llm.call());
        let (from, until) = (SECOND * 5, Some(SECOND * 6));
        s.fault_between(["local", "llm"], from, until, FaultKind::Partitions(Way::Both));
        s.fault_of("llm", from, None, FaultKind::Restarts);
    })
    .on(ENGINE);
    let request = SweepRequest::of("0..4".parse().expect("a range"));
    let found = sweep(&scenario, &request).expect("it can be run");
    assert_eq!((found.runs, found.faults["partition"], found.faults["host restarts"]), (4, 0, 4));
}
