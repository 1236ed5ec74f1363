//! When is a run fair, when is it a livelock, and whom does a yield let in?

use crate::lab::simulate;
use retrip_core::door::{Atomic, Clock, JoinHandle, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::Failure;
use retrip_sim::engine::{Setup, Shape, Strategy};
use retrip_sim::log::{Name, ThreadEvent, What};
use retrip_sim::plan::Schedule;
use retrip_sim::seed::Seed;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, mpsc};
use std::time::Duration;

fn default_rule(bound: u64) -> Setup<'static> {
    Setup { schedule: Schedule::Written(Vec::new()), bound, ..Setup::of(Seed::new(0)) }
}

#[test]
fn a_livelock_is_one_after_the_bound_and_exactly_ten_times_more_fair_steps() {
    let loops = |setup: Setup, yields: bool| {
        let (ended, _) = simulate(setup, move |sim| {
            let flag = sim.atomic_bool(false);
            while yields || !flag.load(SeqCst) {
                if yields {
                    sim.yield_now();
                }
            }
        });
        let Some(Failure::Livelock { steps, running }) = ended.failure else { panic!("none") };
        assert_eq!(running, ["main".into()]);
        assert_eq!((steps, ended.leaked), (ended.steps, 0));
        steps
    };
    for yields in [false, true] {
        assert_eq!(loops(default_rule(100), yields), 1_100);
        for seed in 0..10 {
            assert_eq!(loops(Setup { bound: 64, ..Setup::of(Seed::new(seed)) }, yields), 704);
        }
    }
}

#[test]
fn a_run_that_ends_on_its_last_fair_step_is_none() {
    // A root that does `loads` operations ends with step `loads + 1`.
    let ends = |loads: u64| {
        let (ended, done) = simulate(default_rule(10), move |sim| {
            let flag = sim.atomic_bool(false);
            (0..loads).for_each(|_| assert!(!flag.load(SeqCst)));
        });
        (ended.failure.is_none(), done.is_some())
    };
    assert_eq!(ends(109), (true, true));
    assert_eq!(ends(110), (false, false));
}

#[test]
fn the_fair_phase_begins_at_the_bound_and_then_goes_round() {
    // The default rule never lets the other in, so that main's count shows when the turns begin, and who takes them.
    let (ended, counted) = simulate(default_rule(100), |sim| {
        let flag = Arc::new(sim.atomic_bool(false));
        let setter = Arc::clone(&flag);
        let setter = sim.spawn("setter", move || {
            (0..10).for_each(|_| setter.store(false, SeqCst));
            setter.store(true, SeqCst);
        });
        let mut count = 0;
        while !flag.load(SeqCst) {
            count += 1;
        }
        setter.expect("room").join().expect("it ends");
        count
    });
    assert_eq!(ended.failure, None);
    // 99 loads to the bound; then one for each of the setter's eleven stores, the first of which begins the round.
    assert_eq!(counted, Some(110));
}

#[test]
fn in_the_fair_phase_the_longest_waiting_follows_one_that_blocks_whatever_the_seed() {
    for seed in 0..40 {
        for strategy in Strategy::each(&Shape { steps: 20, ..Shape::default() }) {
            let setup =
                Setup { bound: 4, strategy: strategy.clone(), ..Setup::of(Seed::new(seed)) };
            let (ended, said) = simulate(setup, |sim| {
                (0..4).for_each(|_| sim.yield_now());
                let (words, said) = mpsc::channel();
                let main = sim.current();
                for name in ["a", "b", "c"] {
                    let words = words.clone();
                    let body = move || {
                        words.send(name).expect("main listens");
                        if name == "c" {
                            sim.unpark(&main);
                        }
                    };
                    drop(sim.spawn_daemon(name, body));
                }
                sim.park();
                said.try_iter().collect::<String>()
            });
            assert_eq!((ended.failure, said.as_deref()), (None, Some("abc")), "{seed}");
        }
    }
}

#[test]
fn threads_that_still_run_are_named_in_the_order_of_spawning() {
    for seed in 0..20 {
        let (ended, _) = simulate(Setup { bound: 300, ..Setup::of(Seed::new(seed)) }, |sim| {
            let spinners = ["a", "b", "c", "d"].map(|name| {
                let body = move || {
                    let rank = u64::from(name.as_bytes()[0]);
                    sim.sleep(Duration::from_secs(200 - rank));
                    let flag = sim.atomic_bool(false);
                    while !flag.load(SeqCst) {}
                };
                sim.spawn(name, body).expect("room")
            });
            sim.spawn("short", || ()).expect("room").join().expect("it ends");
            for spinner in spinners {
                spinner.join().expect("it ends");
            }
        });
        let Some(Failure::Livelock { running, .. }) = ended.failure else { panic!("no livelock") };
        assert_eq!(running, ["a".into(), "b".into(), "c".into(), "d".into()], "{seed}");
    }
}

#[test]
fn in_the_fair_phase_everybody_has_many_turns_between_two_moves_of_the_clock() {
    let (ended, _) = simulate(default_rule(1_000), |sim| {
        let ticker = sim.spawn("ticker", move || {
            loop {
                sim.sleep(Duration::from_secs(1));
                sim.record(&Name::from("ticker"), What::Thread(ThreadEvent::Starts));
            }
        });
        let spinners = [0; 9].map(|_| {
            let spin = move || {
                let flag = sim.atomic_bool(false);
                while !flag.load(SeqCst) {}
            };
            sim.spawn("spinner", spin).expect("room")
        });
        for spinner in spinners {
            spinner.join().expect("it ends");
        }
        ticker.expect("room").join()
    });
    let Some(Failure::Livelock { .. }) = ended.failure else { panic!("no livelock") };
    // Ten thousand fair steps among nine that spin: 64 turns for each of them, then a tick.
    let ticks = ended.log.events().len();
    assert!((14..=18).contains(&ticks), "{ticks} ticks");
}

#[test]
fn one_that_yields_alone_lets_time_come() {
    let (ended, times) = simulate(default_rule(1_000), |sim| {
        let flag = Arc::new(sim.atomic_bool(false));
        let setter = Arc::clone(&flag);
        let setter = sim.spawn("setter", move || {
            sim.sleep(Duration::from_secs(3600));
            setter.store(true, SeqCst);
        });
        while !flag.load(SeqCst) {
            sim.yield_now();
        }
        setter.expect("room").join().expect("it ends");
    });
    assert_eq!((ended.failure, times), (None, Some(())));
    assert_eq!(ended.elapsed, Duration::from_secs(3600));
    assert!(ended.steps < 20, "{} steps for one hour of waiting", ended.steps);
}

#[test]
fn those_who_yield_among_each_other_move_no_clock() {
    let (ended, order) = simulate(default_rule(1_000), |sim| {
        let (words, order) = mpsc::channel();
        let sleeper = sim.spawn("sleeper", move || sim.sleep(Duration::from_secs(1)));
        let pair = ["a", "b"].map(|name| {
            let words = words.clone();
            let body = move || {
                for _ in 0..3 {
                    words.send(name).expect("main listens");
                    sim.yield_now();
                }
                sim.now().as_nanos()
            };
            sim.spawn(name, body).expect("room")
        });
        let [a, b] = pair.map(|thread| thread.join().expect("it ends"));
        sleeper.expect("room").join().expect("it ends");
        (a, b, order.try_iter().collect::<String>())
    });
    assert_eq!(ended.failure, None);
    let (a, b, order) = order.expect("the root returns");
    assert_eq!((a, &*order), (0, "ababab"), "{b}");
}

#[test]
fn a_loop_around_a_yield_lets_the_others_in_under_pct_long_before_the_bound() {
    for seed in 0..40 {
        let strategy = Strategy::Pct { depth: 1, steps: 100 };
        let setup = Setup { strategy, ..Setup::of(Seed::new(seed)) };
        let (ended, _) = simulate(setup, |sim| {
            let flag = Arc::new(sim.atomic_bool(false));
            let setter = Arc::clone(&flag);
            let setter = sim.spawn("setter", move || setter.store(true, SeqCst));
            while !flag.load(SeqCst) {
                sim.yield_now();
            }
            setter.expect("room").join().expect("it ends");
        });
        assert_eq!(ended.failure, None);
        assert!(ended.steps < 30, "{seed}: {} steps", ended.steps);
    }
}

#[test]
fn nobody_stalls_once_a_run_has_turned_fair() {
    let hour = Duration::from_secs(3600);
    for (bound, elapsed) in [(1_000, hour), (100, Duration::ZERO)] {
        let (ended, _) = simulate(default_rule(bound), move |sim| {
            let flag = sim.atomic_bool(false);
            for _ in 0..200 {
                flag.load(SeqCst);
            }
            sim.stall(hour);
        });
        assert_eq!((ended.failure, ended.elapsed), (None, elapsed), "bound {bound}");
    }
}
