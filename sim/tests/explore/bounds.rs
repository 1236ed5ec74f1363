//! Does a bound withhold orders, and does a search say so only where it did?

use crate::lab::{ALL, DISTINCT, Deed, PLENTY, every_order, orders, promise};
use retrip_core::door::Spawn;
use retrip_sim::engine::threads::Sim;
use retrip_sim::engine::{Flow, Setup, run};
use retrip_sim::explore::{Bound, Extent, Limits, each_order};
use retrip_sim::seed::Seed;
use std::collections::BTreeSet;
use std::time::Duration;

fn preempted_at_most(preemptions: u32) -> Limits {
    Limits { preemptions: Some(preemptions), ..DISTINCT }
}

fn bounded(bound: Bound) -> Extent {
    Extent::Bounded(BTreeSet::from([bound]))
}

#[test]
fn more_preemptions_are_more_orders_until_there_are_no_more() {
    let programs = vec![vec![Deed::Store(0); 2]; 2];
    let (all, _) = orders(ALL, &programs);
    let mut counts = Vec::new();
    for most in 0.. {
        let (tally, _) = orders(preempted_at_most(most), &programs);
        counts.push(tally.interleavings);
        if tally.extent == Extent::Complete {
            break;
        }
        assert_eq!(tally.extent, bounded(Bound::Preemptions(most)));
    }
    assert!(counts.len() > 3 && counts.is_sorted_by(|few, more| few < more), "{counts:?}");
    assert_eq!(counts.last(), Some(&all.interleavings));
}

#[test]
fn without_a_preemption_each_thread_runs_to_its_end() {
    let programs = vec![vec![Deed::Store(0); 3]; 3];
    let (tally, orders) = orders(preempted_at_most(0), &programs);
    // The root ends first; then they take their turns as wholes.
    assert_eq!(tally.to_string(), "bounded: 6 interleavings; no preemption");
    for order in orders {
        let turns = order.chunks(3).all(|turn| turn.iter().all(|deed| deed.0 == turn[0].0));
        assert!(turns, "{order:?}");
    }
}

#[test]
fn a_number_of_runs_is_a_bound_where_something_is_left() {
    let runs = |most| {
        each_order(ALL, most, |search| {
            let setup = Setup { search: Some(search), ..Setup::of(Seed::new(0)) };
            let ended = run(setup, |sim| {
                for _ in 0..2 {
                    sim.spawn("worker", move || sim.yield_now()).expect("there is room");
                }
            });
            (ended.search.expect("it was given"), Flow::Continue)
        })
    };
    let all = runs(PLENTY);
    assert_eq!(all.extent, Extent::Complete);
    assert_eq!(runs(1).extent, bounded(Bound::Runs(1)));
    assert_eq!(runs(all.runs), all);
}

#[test]
fn time_that_could_have_moved_and_did_not_is_a_bound() {
    let sleeps = |time_moves| {
        let root = || {
            |sim: Sim| {
                sim.spawn("sleeper", move || sim.sleep(Duration::from_secs(1)))
                    .expect("there is room");
                sim.yield_now();
            }
        };
        let mut early = 0;
        let tally = every_order(Limits { time_moves, ..ALL }, root, |ended| {
            assert_eq!(ended.elapsed, Duration::from_secs(1));
            early += 1;
        });
        assert_eq!(tally.interleavings, early);
        tally
    };
    assert_eq!(sleeps(0).extent, bounded(Bound::TimeMoves(0)));
    assert_eq!(sleeps(1).extent, Extent::Complete);
    assert!(sleeps(0).interleavings < sleeps(1).interleavings);
}

#[test]
fn a_loop_without_end_is_a_bound_of_steps() {
    let root = || {
        |sim: Sim| loop {
            sim.yield_now();
        }
    };
    let mut failures = Vec::new();
    let tally = every_order(DISTINCT, root, |ended| failures.push(promise(ended.failure.as_ref())));
    assert_eq!(tally.extent, bounded(Bound::Steps));
    assert_eq!(failures, [Some("no_livelock")]);
}
