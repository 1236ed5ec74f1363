//! Do the strategies explore: every order, every place for a preemption, nobody favoured?

use retrip_core::door::{Atomic, Instant, JoinHandle, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::{Recording, Sim};
use retrip_sim::engine::{Setup, Strategy, run};
use retrip_sim::plan::Turn;
use retrip_sim::seed::Seed;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering::SeqCst;
use std::sync::mpsc;

type Words = mpsc::Sender<&'static str>;

fn said(strategy: Strategy, seed: u64, root: fn(Sim, Words)) -> String {
    let (words, said) = mpsc::channel();
    let ended = run(Setup { strategy, ..Setup::of(Seed::new(seed)) }, move |sim| root(sim, words));
    assert_eq!(ended.failure, None);
    said.try_iter().collect()
}

/// Three threads that wake at the same moment and say their names.
fn race(sim: Sim, words: Words) {
    let threads = ["a", "b", "c"].map(|name| {
        let words = words.clone();
        let body = move || {
            sim.sleep_until(Instant::from_nanos(u64::MAX / 2));
            words.send(name).expect("the test listens");
        };
        sim.spawn(name, body).expect("room")
    });
    for thread in threads {
        thread.join().expect("it ends");
    }
}

#[test]
fn every_order_of_three_threads_is_found_and_none_is_rare() {
    for strategy in [Strategy::Random, Strategy::Pos, Strategy::Pct { depth: 1, steps: 20 }] {
        let mut orders: BTreeMap<String, u32> = BTreeMap::new();
        for seed in 0..600 {
            *orders.entry(said(strategy.clone(), seed, race)).or_default() += 1;
        }
        assert_eq!(orders.len(), 6, "{strategy:?}: {orders:?}");
        // A fair share is a hundred.
        assert!(orders.values().all(|&count| count >= 70), "{strategy:?}: {orders:?}");
    }
}

/// Two threads that each make many steps.
fn long_pair(sim: Sim, words: Words) {
    let threads = ["a", "b"].map(|name| {
        let words = words.clone();
        let body = move || {
            let own = sim.atomic_u64(0);
            for nth in 0..30 {
                own.store(nth, SeqCst);
                words.send(name).expect("the test listens");
            }
        };
        sim.spawn(name, body).expect("room")
    });
    for thread in threads {
        thread.join().expect("it ends");
    }
}

fn switches(said: &str) -> usize {
    said.as_bytes().windows(2).filter(|pair| pair[0] != pair[1]).count()
}

#[test]
fn pct_switches_no_more_often_than_its_depth_allows() {
    for depth in 1..=4_u32 {
        let strategy = Strategy::Pct { depth, steps: 70 };
        let counts: BTreeSet<usize> = (0..100)
            .filter_map(|seed| calm(strategy.clone(), seed))
            .map(|said| switches(&said))
            .collect();
        // One switch where the first ends; each change point adds at most one more.
        assert!(counts.iter().all(|&count| count <= depth as usize), "{depth}: {counts:?}");
        assert_eq!(counts.last(), Some(&(depth as usize)), "{depth}: {counts:?}");
    }
}

/// What `long_pair` said, where the weather of this seed moved no clock and stalled nobody.
fn calm(strategy: Strategy, seed: u64) -> Option<String> {
    let (words, said) = mpsc::channel();
    let setup = Setup { strategy, recording: Recording::On, ..Setup::of(Seed::new(seed)) };
    let ended = run(setup, move |sim| long_pair(sim, words));
    assert_eq!(ended.failure, None);
    let disturbed = |turn: &Turn| matches!(turn, Turn::Time | Turn::Stall(_));
    let disturbed = ended.deviations.iter().any(|deviation| disturbed(&deviation.turn));
    (!disturbed).then(|| said.try_iter().collect())
}

#[test]
fn the_change_points_of_pct_lie_everywhere_in_the_run() {
    // The first switch between the two is the change point, where it comes before the first of them has ended.
    let places: BTreeSet<usize> = (0..200)
        .filter_map(|seed| calm(Strategy::Pct { depth: 2, steps: 70 }, seed))
        .filter_map(|said| said.as_bytes().windows(2).position(|pair| pair[0] != pair[1]))
        .collect();
    assert!(places.len() > 20, "{places:?}");
    assert!(places.first() < Some(&5) && places.last() > Some(&24), "{places:?}");
}

#[test]
fn a_random_schedule_gives_each_ready_thread_its_share_of_the_turns() {
    // Two that are always ready: a switch at about every other point, and no long runs of one of them.
    let (mut total, mut switched) = (0, 0);
    for seed in 0..40 {
        let said = calm(Strategy::Random, seed);
        let Some(said) = said else { continue };
        let both = said.rfind('a').min(said.rfind('b')).expect("both speak");
        total += both;
        switched += switches(&said[..both]);
    }
    let percent = switched * 100 / total;
    assert!(total > 500 && (40..=60).contains(&percent), "{percent} % of {total}");
}

#[test]
fn half_of_all_schedules_are_calm_and_the_others_disturb_at_many_rates_and_lengths() {
    let (mut calm, mut lengths, mut rates) = (0, BTreeSet::new(), BTreeSet::new());
    for seed in 0..300 {
        let setup = Setup { recording: Recording::On, ..Setup::of(Seed::new(seed)) };
        let ended = run(setup, |sim| {
            let flag = sim.atomic_u64(0);
            (0..600).for_each(|nth| flag.store(nth, SeqCst));
        });
        let stalls: Vec<_> = ended
            .deviations
            .iter()
            .filter_map(|deviation| match deviation.turn {
                Turn::Stall(length) => Some(length),
                _ => None,
            })
            .collect();
        assert_eq!(ended.elapsed, stalls.iter().sum(), "only stalls take time here");
        calm += u32::from(stalls.is_empty());
        rates.insert(stalls.len().checked_ilog2());
        lengths.extend(stalls.iter().map(|length| length.as_nanos().ilog2()));
    }
    // Half are calm, and half of the others never stall.
    assert!((195..=255).contains(&calm), "{calm} of 300");
    assert!(rates.len() >= 6, "{rates:?}");
    assert!(lengths.len() >= 30 && lengths.last() < Some(&37), "{lengths:?}");
}
