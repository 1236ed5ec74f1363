//! Does what names a run tell everything apart: operations, objects, threads, and the numbers that were drawn?

use retrip_core::door::{
    Atomic, AtomicInteger, Clock, Condvar, Disk, JoinHandle, Random, Spawn, Stream, SyncPrimitives,
};
use retrip_sim::engine::threads::{Recording, Sim};
use retrip_sim::engine::{Ended, Setup, run};
use retrip_sim::log::{Name, ThreadEvent, What};
use retrip_sim::plan::{Choice, Plan, Schedule};
use retrip_sim::seed::Seed;
use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::path::Path;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, mpsc};

const DICE: Stream = Stream::named("dice");
const COIN: Stream = Stream::named("coin");

type Program = fn(Sim);

fn default_rule() -> Setup<'static> {
    Setup { schedule: Schedule::Written(Vec::new()), ..Setup::of(Seed::new(0)) }
}

#[test]
fn every_kind_of_operation_gives_a_schedule_digest_of_its_own() {
    // Each makes exactly one step more than nothing, on its first object or on none.
    let operations: [(&str, Program); 13] = [
        ("nothing", |_| ()),
        ("load", |sim| assert_eq!(sim.atomic_u64(0).load(SeqCst), 0)),
        ("store", |sim| sim.atomic_u64(0).store(0, SeqCst)),
        ("swap", |sim| assert_eq!(sim.atomic_u64(0).swap(0, SeqCst), 0)),
        ("compare", |sim| {
            assert_eq!(sim.atomic_u64(0).compare_exchange(0, 0, SeqCst, SeqCst), Ok(0));
        }),
        ("add", |sim| assert_eq!(sim.atomic_u64(0).fetch_add(0, SeqCst), 0)),
        ("sub", |sim| assert_eq!(sim.atomic_u64(0).fetch_sub(0, SeqCst), 0)),
        ("max", |sim| assert_eq!(sim.atomic_u64(0).fetch_max(0, SeqCst), 0)),
        ("notify", |sim| sim.condvar().notify_one()),
        ("yield", |sim| sim.yield_now()),
        ("now", |sim| assert_eq!(sim.now().as_nanos(), 0)),
        ("draw", |sim| assert_eq!(sim.draw(DICE, NonZeroU64::MIN), 0)),
        ("disk", |sim| assert!(sim.read(Path::new("none")).is_err())),
    ];
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (name, operation) in operations {
        let ended = run(default_rule(), operation);
        assert_eq!(ended.steps, 1 + u64::from(name != "nothing"), "{name}");
        let same = seen.insert(ended.schedule.to_string(), name);
        assert_eq!(same, None, "{name} has the same digest");
    }
}

#[test]
fn the_same_operation_on_another_object_or_thread_or_clock_is_another_step() {
    let programs: [Program; 7] = [
        |sim| {
            let store = move || sim.atomic_u64(0).store(1, SeqCst);
            sim.spawn("other", store).expect("room").join().expect("it ends");
        },
        |sim| {
            let (a, _b) = (sim.atomic_u64(0), sim.atomic_u64(0));
            a.store(1, SeqCst);
        },
        |sim| {
            let (_a, b) = (sim.atomic_u64(0), sim.atomic_u64(0));
            b.store(1, SeqCst);
        },
        |sim| {
            let a = sim.atomic_u64(0);
            sim.spawn("other", move || a.store(1, SeqCst)).expect("room").join().expect("it ends");
        },
        |sim| {
            let a = Arc::new(sim.atomic_u64(0));
            let other = sim.spawn("other", || ()).expect("room");
            a.store(1, SeqCst);
            other.join().expect("it ends");
        },
        |sim| assert_eq!(sim.now().as_nanos(), 0),
        |sim| assert!(sim.wall().as_unix_nanos() > 0),
    ];
    let digests: Vec<String> =
        programs.map(|program| run(default_rule(), program).schedule.to_string()).to_vec();
    for (nth, digest) in digests.iter().enumerate() {
        assert!(!digests[..nth].contains(digest), "program {nth}");
    }
}

#[test]
fn the_same_steps_by_other_threads_are_another_schedule() {
    // Two threads do the same to the same object; which of them is first is all that differs.
    let steps = |deviation: &str| {
        let plan: Plan =
            format!("any 0 schedule written; {deviation}").parse().expect("it is a plan");
        let ended = run(Setup { schedule: plan.schedule, ..default_rule() }, |sim| {
            let shared = Arc::new(sim.atomic_u64(0));
            let pair = ["a", "b"].map(|name| {
                let shared = Arc::clone(&shared);
                sim.spawn(name, move || shared.store(1, SeqCst)).expect("room")
            });
            for thread in pair {
                thread.join().expect("it ends");
            }
        });
        assert_eq!((ended.failure, ended.skipped), (None, 0));
        (ended.steps, ended.schedule)
    };
    let (first, second) = (steps(""), steps("main@4 -> b"));
    assert_eq!((first.0, &first.1), (steps("").0, &steps("").1));
    assert_eq!(first.0, second.0);
    assert_ne!(first.1, second.1);
}

#[test]
fn threads_of_one_name_are_told_apart_by_numbers_that_nobody_else_has() {
    let (words, said) = mpsc::channel();
    let ended = run(default_rule(), move |sim| {
        for name in ["worker", "worker", "worker-3", "worker", "worker", "main"] {
            let words = words.clone();
            let body = move || {
                sim.record(&Name::from("test"), What::Thread(ThreadEvent::Starts));
                words.send(()).expect("the test listens");
            };
            sim.spawn(name, body).expect("room").join().expect("it ends");
        }
    });
    assert_eq!((ended.failure, said.iter().count()), (None, 6));
    let names: Vec<&str> = ended.log.events().iter().map(|event| &*event.thread).collect();
    assert_eq!(names, ["worker", "worker-2", "worker-3", "worker-4", "worker-5", "main-2"]);
}

fn bound(bound: u64) -> NonZeroU64 {
    NonZeroU64::new(bound).expect("a bound is above zero")
}

fn dice(choices: &[&str], rolls: u64) -> (Ended, Vec<u64>) {
    let choices = choices
        .iter()
        .map(|choice| {
            let (value, of) = choice.split_once('/').expect("value/bound");
            let number = |text: &str| text.parse().expect("a number");
            Choice::new("node=local/dice", number(value), number(of)).expect("it is a choice")
        })
        .collect();
    let (words, said) = mpsc::channel();
    let setup = Setup { choices, recording: Recording::On, ..Setup::of(Seed::new(9)) };
    let ended = run(setup, move |sim| {
        (0..rolls).for_each(|_| words.send(sim.draw(DICE, bound(1000))).expect("the test listens"));
    });
    (ended, said.try_iter().collect())
}

#[test]
fn a_planned_number_takes_the_place_of_the_drawn_one_and_moves_none_after_it() {
    let (drawn, numbers) = dice(&[], 4);
    let (planned, changed) = dice(&["7/1000", "8/1000"], 4);
    assert_eq!(changed, [7, 8, numbers[2], numbers[3]]);
    assert_eq!((drawn.stale, planned.stale), (0, 0));
    assert_ne!(drawn.streams[0].digest, planned.streams[0].digest);
    let recorded: Vec<String> = planned.choices.iter().map(ToString::to_string).collect();
    assert_eq!(recorded[..2], ["choice node=local/dice 7/1000", "choice node=local/dice 8/1000"]);
    assert_eq!(recorded.len(), 4);
}

#[test]
fn planned_numbers_that_do_not_fit_or_are_not_asked_for_are_stale() {
    let (_, numbers) = dice(&[], 3);
    let (other_bound, changed) = dice(&["7/999", "8/1000"], 3);
    assert_eq!(changed, [numbers[0], 8, numbers[2]]);
    assert_eq!(other_bound.stale, 1);
    let made_by_hand = Choice { stream: "node=local/dice".into(), value: 6, bound: 6 };
    let ended = run(Setup { choices: vec![made_by_hand], ..Setup::of(Seed::new(9)) }, |sim| {
        assert!(sim.draw(DICE, bound(6)) < 6, "a number is below its bound, whoever wrote it");
    });
    assert_eq!((ended.failure, ended.stale), (None, 1));
    assert_eq!(dice(&["1/1000", "2/1000", "3/1000"], 1).0.stale, 2);
    assert_eq!(dice(&["1/1000", "2/1000", "3/1000"], 0).0.stale, 3);
    assert_eq!(dice(&["1/5", "2/1000", "3/1000"], 2).0.stale, 2);
}

#[test]
fn each_stream_is_counted_and_digested_by_its_own_draws() {
    let of = |coins: u64| {
        run(Setup::of(Seed::new(9)), move |sim| {
            (0..coins).for_each(|_| assert!(sim.draw(COIN, bound(2)) < 2));
            (0..3).for_each(|_| assert!(sim.draw(DICE, bound(6)) < 6));
        })
        .streams
    };
    let (one, two) = (of(1), of(2));
    let names: Vec<&str> = two.iter().map(|stream| &*stream.stream).collect();
    assert_eq!(names, ["node=local/coin", "node=local/dice"]);
    assert_eq!((one[0].draws, two[0].draws, two[1].draws), (1, 2, 3));
    assert_ne!(one[0].digest, two[0].digest);
    assert_eq!(one[1], two[1], "one more coin changes no die");
}
