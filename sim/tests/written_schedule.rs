//! Does a written schedule do exactly what it says, count what did not apply, and record as itself?

use retrip_core::door::{
    Atomic, AtomicInteger, Clock, Condvar, JoinHandle, Mutex, Random, Spawn, Stream, SyncPrimitives,
};
use retrip_sim::engine::threads::{Recording, Sim};
use retrip_sim::engine::{Disturbances, Ended, Setup, Shape, Strategy, run};
use retrip_sim::plan::{Plan, Schedule};
use retrip_sim::seed::Seed;
use std::num::NonZeroU64;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, mpsc};
use std::time::Duration;

type Words = mpsc::Sender<String>;

/// Runs `root` under the default rule and `deviations`; also what was said, in order.
fn written(deviations: &str, root: fn(Sim, Words)) -> (Ended, Vec<String>) {
    let plan: Plan = format!("any 0 schedule written; {deviations}").parse().expect("it is a plan");
    let (words, said) = mpsc::channel();
    let setup =
        Setup { schedule: plan.schedule, recording: Recording::On, ..Setup::of(Seed::new(0)) };
    let ended = run(setup, move |sim| root(sim, words));
    (ended, said.try_iter().collect())
}

/// Three threads that speak at each of their two atomic operations; main spawns at its points 1 to 3, then joins.
fn three(sim: Sim, words: Words) {
    let threads = ["a", "b", "c"].map(|name| {
        let (words, flag) = (words.clone(), sim.atomic_bool(false));
        let body = move || {
            for nth in 1..=2 {
                flag.store(true, SeqCst);
                words.send(format!("{name}{nth}")).expect("the test listens");
            }
        };
        sim.spawn(name, body).expect("room")
    });
    words.send("main".to_owned()).expect("the test listens");
    for thread in threads {
        thread.join().expect("it ends");
    }
}

fn three_say(deviations: &str, wanted: &str, skipped: u64) {
    let (ended, said) = written(deviations, three);
    assert_eq!(said.join(" "), wanted, "`{deviations}`");
    assert_eq!((ended.skipped, ended.failure), (skipped, None), "`{deviations}`");
    // What was applied is recorded, and nothing else: the default rule is no deviation.
    let recorded: Vec<String> = ended.deviations.iter().map(ToString::to_string).collect();
    assert!(recorded.iter().all(|one| deviations.contains(one.as_str())), "{recorded:?}");
    let written = deviations.split("; ").filter(|one| !one.is_empty()).count() as u64;
    assert_eq!(recorded.len() as u64, written - skipped, "`{deviations}`");
}

#[test]
fn of_two_turns_for_one_point_the_first_listed_is_taken() {
    three_say("main@4 -> c; main@4 -> b", "main c1 c2 a1 a2 b1 b2", 1);
    three_say("main@4 -> b; main@4 -> c", "main b1 b2 a1 a2 c1 c2", 1);
}

#[test]
fn the_default_rule_keeps_running_and_then_takes_the_longest_waiting() {
    three_say("", "main a1 a2 b1 b2 c1 c2", 0);
}

#[test]
fn a_deviation_happens_at_its_point_and_nowhere_else() {
    three_say("main@2 -> a", "a1 a2 main b1 b2 c1 c2", 0);
    // A thread that was made to wait keeps its age: main is the oldest of those who are ready.
    three_say("main@3 -> b", "b1 b2 main a1 a2 c1 c2", 0);
    three_say("a@1 -> c", "main c1 c2 a1 a2 b1 b2", 0);
    three_say("a@2 -> c", "main a1 c1 c2 a2 b1 b2", 0);
    // The fifth point of main is its wait, the third of a thread its end: somebody else than the longest waiting follows.
    three_say("main@5 -> c", "main c1 c2 a1 a2 b1 b2", 0);
    three_say("a@3 -> c", "main a1 a2 c1 c2 b1 b2", 0);
}

#[test]
fn a_deviation_that_does_not_apply_is_counted_and_changes_nothing() {
    for stale in [
        "main@2 -> main",
        "main@2 -> nobody",
        "main@2 -> b",
        "main@5 -> main",
        "a@1 -> main",
        "b@1 -> a",
        "b@3 -> a",
        "b@3 -> time",
        "b@3 -> stall 1s",
        "main@2 wakes 1",
        "b@3 wakes 1",
        "b@99 -> c",
        "nobody@1 -> a",
    ] {
        three_say(stale, "main a1 a2 b1 b2 c1 c2", 1);
    }
    three_say("main@2 -> main; b@1 -> a; b@99 -> c", "main a1 a2 b1 b2 c1 c2", 3);
    // A stale one takes nothing from the one that follows it.
    three_say("a@1 -> a; a@2 -> c", "main a1 c1 c2 a2 b1 b2", 1);
    three_say("a@1 wakes 3; a@2 -> c", "main a1 c1 c2 a2 b1 b2", 1);
}

#[test]
fn a_deviation_that_does_not_apply_says_why() {
    let why = |deviations: &str| {
        let (ended, _) = written(deviations, three);
        assert_eq!(ended.skipped, ended.unmet.len() as u64, "`{deviations}`");
        ended.unmet.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    for (deviation, reason) in [
        ("nobody@1 -> a", "no thread is called nobody; there are main, a, b, c"),
        ("main@2 -> nobody", "no thread is called nobody; there are main, a, b, c"),
        ("b@99 -> c", "the last point of b is 3"),
        ("main@2 -> c", "c begins only later"),
        ("main@2 -> main", "main is the thread that runs there"),
        ("a@1 -> main", "main waits there"),
        ("b@1 -> a", "a has ended by then"),
        ("main@2 -> time", "nobody waits for a moment that the clock could move to"),
        ("b@3 -> stall 1s", "b gives way there, so that only a thread can be named"),
        ("main@2 wakes 1", "not as many wait there to be woken"),
        ("b@3 wakes 1", "not as many wait there to be woken"),
    ] {
        assert_eq!(why(deviation), [format!("{deviation}: {reason}")]);
    }
    // In the order of the plan, whatever is known first.
    assert_eq!(
        why("b@99 -> c; main@4 -> b; main@4 -> c; nobody@1 -> a; main@2 -> main"),
        [
            "b@99 -> c: the last point of b is 3",
            "main@4 -> c: another turn for that point is listed before",
            "nobody@1 -> a: no thread is called nobody; there are main, a, b, c",
            "main@2 -> main: main is the thread that runs there",
        ]
    );
    let root = |sim: Sim, _: Words| {
        let threads = [(); 9].map(|()| sim.spawn("worker", || ()).expect("room"));
        threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
    };
    // At its end the last thread has nobody left to hand over to.
    let (alone, _) = written("main@1 -> time; ada@1 -> main", |_, _| ());
    let alone: Vec<String> = alone.unmet.iter().map(ToString::to_string).collect();
    assert_eq!(alone[0], "main@1 -> time: nothing is decided at point 1 of main");
    assert_eq!(alone[1], "ada@1 -> main: no thread is called ada; there are main");
    let (many, _) = written("nobody@1 -> time", root);
    let many = many.unmet[0].to_string();
    assert!(many.ends_with("there are main, worker, worker-2, worker-3, worker-4, worker-5, worker-6, worker-7 and 2 more"), "{many}");
}

#[test]
fn a_stall_lasts_exactly_as_long_as_written() {
    let (ended, said) = written("b@2 -> stall 3.000000001s", three);
    assert_eq!(said.join(" "), "main a1 a2 b1 c1 c2 b2");
    assert_eq!(ended.elapsed, Duration::from_nanos(3_000_000_001));
    assert_eq!((ended.skipped, ended.failure), (0, None));
}

/// A sleeper for 5 s and one for 7 s; main reads the clock until they have ended.
fn sleepers(sim: Sim, words: Words) {
    let sleepers = [7, 5].map(|secs| {
        sim.spawn("sleeper", move || sim.sleep(Duration::from_secs(secs))).expect("room")
    });
    sim.yield_now();
    for _ in 0..3 {
        words.send(format!("{:?}", sim.now())).expect("the test listens");
    }
    for sleeper in sleepers {
        sleeper.join().expect("it ends");
    }
}

#[test]
fn time_moves_to_the_next_timer_and_not_beyond() {
    let times = |deviations| {
        let (ended, said) = written(deviations, sleepers);
        assert_eq!((ended.elapsed, ended.failure), (Duration::from_secs(7), None));
        assert_eq!(ended.skipped, 0, "`{deviations}`");
        said.join(" ")
    };
    // main: two spawns, a yield, then the clock.
    assert_eq!(times(""), "0.000000000s 0.000000000s 0.000000000s");
    assert_eq!(times("main@5 -> time"), "0.000000000s 5.000000000s 5.000000000s");
    assert_eq!(times("main@4 -> time; main@6 -> time"), "5.000000000s 5.000000000s 7.000000000s");
}

/// Locks with several waiters, notifications, timeouts, sleeps, yields, parks and draws.
fn busy(sim: Sim, words: Words) {
    const NOISE: Stream = Stream::named("noise");
    let shared = Arc::new((sim.mutex(0_u64), sim.condvar(), sim.atomic_u64(0)));
    let workers: Vec<_> = (0..4_u64)
        .map(|worker| {
            let (shared, words) = (Arc::clone(&shared), words.clone());
            let body = move || {
                let (mutex, condvar, count) = &*shared;
                for round in 0..3 {
                    let mut guard = mutex.lock();
                    count.fetch_add(1, SeqCst);
                    *guard += sim.draw(NOISE, NonZeroU64::MIN.saturating_add(worker + round));
                    drop(guard);
                    match (worker + round) % 4 {
                        0 => sim.sleep(Duration::from_micros(round)),
                        1 => sim.yield_now(),
                        2 => sim.park_until(sim.now().saturating_add(Duration::from_micros(2))),
                        _ => condvar.notify_one(),
                    }
                }
                let deadline = sim.now().saturating_add(Duration::from_micros(3));
                let (guard, outcome) = condvar.wait_until(mutex.lock(), deadline);
                words.send(format!("{worker} {} {outcome:?}", *guard)).expect("the test listens");
            };
            sim.spawn("worker", body).expect("room")
        })
        .collect();
    for _ in 0..6 {
        drop(shared.0.lock());
        shared.1.notify_one();
    }
    for worker in workers {
        worker.join().expect("it ends");
    }
}

#[test]
fn a_recorded_run_repeated_from_its_deviations_records_the_same_deviations() {
    let strategies = Strategy::each(&Shape { steps: 80, ..Shape::default() });
    let mut kinds = [0_u32; 4];
    for seed in 0..150 {
        for strategy in &strategies {
            let play = |schedule| {
                let (words, said) = mpsc::channel();
                let setup = Setup {
                    schedule,
                    strategy: strategy.clone(),
                    recording: Recording::On,
                    ..Setup::of(Seed::new(seed))
                };
                let ended = run(setup, move |sim| busy(sim, words));
                assert_eq!(ended.failure, None);
                (ended, said.try_iter().collect::<Vec<_>>())
            };
            let (drawn, first) = play(Schedule::Drawn);
            let (written, second) = play(Schedule::Written(drawn.deviations.clone()));
            assert_eq!(first, second, "{seed} {strategy:?}");
            assert_eq!(drawn.deviations, written.deviations, "{seed} {strategy:?}");
            assert_eq!(drawn.schedule, written.schedule, "{seed} {strategy:?}");
            assert_eq!((drawn.steps, drawn.elapsed), (written.steps, written.elapsed));
            assert_eq!((drawn.skipped, drawn.stale), (0, 0), "{seed} {strategy:?}");
            assert_eq!((written.skipped, written.stale), (0, 0), "{seed} {strategy:?}");
            for deviation in &drawn.deviations {
                let text = deviation.to_string();
                let kind = ["wakes", "time", "stall"].iter().position(|kind| text.contains(kind));
                kinds[kind.unwrap_or(3)] += 1;
            }
        }
    }
    // The law says something only where each kind of turn was taken.
    assert!(kinds.iter().all(|&count| count > 20), "{kinds:?}");
}

/// Two threads take a hundred turns each, while a third one is ready.
fn turns(sim: Sim, words: Words) {
    let shared = Arc::new((sim.mutex(0_u64), sim.condvar()));
    let takes_turns = |nth: u64| {
        let shared = Arc::clone(&shared);
        let body = move || {
            let (turn, changed) = &*shared;
            for _ in 0..100 {
                let mut turn = turn.lock();
                while *turn % 2 != nth {
                    turn = changed.wait(turn);
                }
                *turn += 1;
                changed.notify_one();
            }
        };
        sim.spawn("turns", body).expect("room")
    };
    let both = [takes_turns(0), takes_turns(1)];
    let looks = Arc::clone(&shared);
    let ready = sim.spawn("ready", move || {
        words.send(looks.0.lock().to_string()).expect("the test listens");
    });
    for thread in both {
        thread.join().expect("it ends");
    }
    ready.expect("room").join().expect("it ends");
}

#[test]
fn whoever_has_been_ready_for_longest_is_known_however_often_others_become_ready_meanwhile() {
    let mut latest = 0;
    for seed in 0..20 {
        let play = |schedule| {
            let (words, said) = mpsc::channel();
            let setup = Setup {
                schedule,
                strategy: Strategy::Pct { depth: 1, steps: 1_000 },
                recording: Recording::On,
                disturbances: Disturbances::Never,
                ..Setup::of(Seed::new(seed))
            };
            let ended = run(setup, move |sim| turns(sim, words));
            assert_eq!(ended.failure, None, "seed {seed}");
            (ended, said.try_iter().collect::<Vec<_>>())
        };
        let (drawn, first) = play(Schedule::Drawn);
        let (written, second) = play(Schedule::Written(drawn.deviations.clone()));
        assert_eq!((first.clone(), drawn.schedule), (second, written.schedule), "seed {seed}");
        assert_eq!(drawn.deviations, written.deviations, "seed {seed}");
        latest = latest.max(first[0].parse().expect("it is a number"));
    }
    // In some runs the third one was made to wait until the others had nearly ended.
    assert!(latest > 150, "{latest}");
}
