//! May points be passed over that nobody else can tell: is nothing missed, and does nothing hang?

use retrip_core::door::{Atomic, Clock, JoinHandle, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::{Recording, Sim, SimAtomicU64};
use retrip_sim::engine::{Ended, Setup, Shape, Sight, Strategy, run};
use retrip_sim::plan::{Schedule, Turn};
use retrip_sim::seed::Seed;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, mpsc};

type Words = mpsc::Sender<String>;

fn said(setup: Setup<'_>, root: fn(Sim, Words)) -> (Ended, Vec<String>) {
    let (words, said) = mpsc::channel();
    let ended = run(setup, move |sim| root(sim, words));
    assert_eq!(ended.failure, None);
    (ended, said.try_iter().collect())
}

fn setup(seed: u64, strategy: &Strategy, sight: Sight) -> Setup<'static> {
    let strategy = strategy.clone();
    Setup { strategy, sight, recording: Recording::On, ..Setup::of(Seed::new(seed)) }
}

fn strategies() -> [Strategy; 6] {
    Strategy::each(&Shape { steps: 60, ..Shape::default() })
}

/// Thirty stores of its own, between which nobody else need go first, then an update in two steps of what all share.
fn mostly_private(sim: Sim, words: Words) {
    let shared = Arc::new(sim.atomic_u64(0));
    let threads = ["a", "b", "c"].map(|name| {
        let (shared, words) = (Arc::clone(&shared), words.clone());
        let body = move || {
            let own = sim.atomic_u64(0);
            for nth in 0..30 {
                own.store(nth, SeqCst);
                words.send(format!("{name} own")).expect("the test listens");
            }
            let before = shared.load(SeqCst);
            shared.store(before + 1, SeqCst);
        };
        sim.spawn(name, body).expect("room")
    });
    for thread in threads {
        thread.join().expect("it ends");
    }
    words.send(format!("total {}", shared.load(SeqCst))).expect("the test listens");
}

/// How often the thread changes between two stores of one's own.
fn private_switches(said: &[String]) -> usize {
    let own: Vec<&String> = said.iter().filter(|word| word.ends_with("own")).collect();
    let switches = own.windows(2).filter(|pair| pair[0] != pair[1]).count();
    // Each of the three begins once.
    switches - 2
}

/// What a pilot says of `root`.
fn shape(root: fn(Sim, Words)) -> Shape {
    let pilot = Setup {
        recording: Recording::Shape,
        schedule: Schedule::Written(Vec::new()),
        ..Setup::of(Seed::new(0))
    };
    said(pilot, root).0.shape.expect("it was asked for")
}

fn shared(root: fn(Sim, Words)) -> Sight {
    Sight::Shared { private: shape(root).private }
}

#[test]
fn what_only_one_thread_touches_is_no_point_and_what_several_touch_is_one() {
    for strategy in &strategies()[..5] {
        let mut totals = BTreeSet::new();
        for seed in 0..60 {
            let (_, said) = said(setup(seed, strategy, shared(mostly_private)), mostly_private);
            assert_eq!(private_switches(&said), 0, "{strategy} {seed}");
            totals.extend(said.last().cloned());
        }
        assert!(totals.len() >= 2, "{strategy}: no update is ever lost: {totals:?}");
    }
    let (_, all) = said(setup(1, &Strategy::Random, Sight::Everything), mostly_private);
    assert!(private_switches(&all) > 10, "the same program has points where all count");
}

/// Three updates in two steps each by the main thread and by a second one. Between the two steps each looks at the clock.
fn two_update(sim: Sim, words: Words) {
    let value = Arc::new(sim.atomic_u64(0));
    let update = move |value: &SimAtomicU64| {
        let before = value.load(SeqCst);
        sim.now();
        value.store(before + 1, SeqCst);
    };
    let theirs = Arc::clone(&value);
    let second = sim.spawn("second", move || (0..3).for_each(|_| update(&theirs))).expect("room");
    (0..3).for_each(|_| update(&value));
    second.join().expect("it ends");
    words.send(value.load(SeqCst).to_string()).expect("the test listens");
}

/// All that `two_update` can come to.
fn totals(sight: &Sight) -> BTreeSet<String> {
    let total = |seed| said(setup(seed, &Strategy::Random, sight.clone()), two_update).1;
    (0..3_000).flat_map(total).collect()
}

#[test]
fn what_several_threads_touch_in_the_pilot_has_its_points_before_the_second_one_comes() {
    let all = totals(&Sight::Everything);
    assert_eq!(all, ["2", "3", "4", "5", "6"].map(String::from).into());
    let private = shape(two_update).private;
    assert_eq!(totals(&Sight::Shared { private }), all);
}

#[test]
fn an_object_gets_its_points_back_when_a_second_thread_comes_after_all() {
    // The atomic is the first object of the main thread; the pilot is said to have seen it touched by one thread only.
    let totals = totals(&Sight::Shared { private: Arc::new([1]) });
    assert_eq!(totals, ["2", "3", "4", "5", "6"].map(String::from).into());
}

/// A thread that waits in a loop for a flag, which as long as it waits nobody else has touched.
fn spins(sim: Sim, _words: Words) {
    let flag = Arc::new(sim.atomic_bool(false));
    let theirs = Arc::clone(&flag);
    let setter = sim.spawn("setter", move || theirs.store(true, SeqCst)).expect("room");
    while !flag.load(SeqCst) {}
    setter.join().expect("it ends");
}

#[test]
fn a_loop_that_waits_for_somebody_else_lets_it_in_though_its_flag_looks_private() {
    for strategy in [Strategy::Random, Strategy::Pos, Strategy::Sticky { one_in: 10 }] {
        let private = Arc::new([1]);
        for sight in [Sight::Shared { private }, Sight::One(u64::MAX)] {
            for seed in 0..40 {
                let (ended, _) = said(setup(seed, &strategy, sight.clone()), spins);
                assert!(ended.steps < 20_000, "{strategy} {sight:?} {seed}: {}", ended.steps);
            }
        }
    }
}

#[test]
fn who_looks_at_one_object_decides_nowhere_else() {
    let shape = shape(mostly_private);
    let [(shared, lengths)] = &shape.objects[..] else { panic!("one object is shared") };
    let points: Vec<(&str, u64)> =
        lengths.iter().map(|length| (&*length.name, length.own)).collect();
    assert_eq!(points, [("main", 1), ("a", 2), ("b", 2), ("c", 2)]);
    assert_eq!(shape.all[1].own - shape.shared[1].own, 30, "private stores");
    let mut totals = BTreeSet::new();
    for seed in 0..60 {
        let (_, said) = said(setup(seed, &Strategy::Random, Sight::One(*shared)), mostly_private);
        assert_eq!(private_switches(&said), 0, "{seed}");
        totals.extend(said.last().cloned());
    }
    assert!(totals.len() >= 2, "{totals:?}");
}

#[test]
fn what_was_recorded_with_points_passed_over_is_replayed_with_all_of_them() {
    for strategy in &strategies() {
        for seed in 0..30 {
            let (drawn, first) =
                said(setup(seed, strategy, shared(mostly_private)), mostly_private);
            let schedule = Schedule::Written(drawn.deviations.clone());
            let (written, second) =
                said(Setup { schedule, ..Setup::of(Seed::new(999)) }, mostly_private);
            assert_eq!((first, drawn.schedule), (second, written.schedule), "{strategy} {seed}");
            assert_eq!(written.skipped, 0);
        }
    }
}

fn one_thread(sim: Sim, _words: Words) {
    let own = sim.atomic_u64(0);
    (0..40).for_each(|nth| own.store(nth, SeqCst));
}

#[test]
fn nothing_disturbs_where_a_point_is_passed_over() {
    let mut disturbed = 0;
    for seed in 0..200 {
        let (ended, _) = said(setup(seed, &Strategy::Random, shared(one_thread)), one_thread);
        let disturbs = |turn: &Turn| matches!(turn, Turn::Time | Turn::Stall(_));
        disturbed += ended.deviations.iter().filter(|found| disturbs(&found.turn)).count();
    }
    assert_eq!(disturbed, 0);
}
