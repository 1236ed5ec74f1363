//! Is a run the same however the build switches between threads: on stacks of one operating system thread, or with one each?
//!
//! A build has one of the two, so the digests are written here, and the test is run in both builds.

use retrip_core::breaker::BreakerConfig;
use retrip_core::door::{JoinHandle, Random, Spawn, Stream};
use retrip_sim::engine::threads::{Failure, Sim};
use retrip_sim::engine::{Ended, Setup, Shape, Spurious, Strategy, run};
use retrip_sim::log::{Digest, Name, ThreadEvent, What};
use retrip_sim::part::waits;
use retrip_sim::plan::Plan;
use retrip_sim::run::{self, Request};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;
use retrip_sim::sync::{Condvar, Mutex, mpsc};
use retrip_sim::thread;
use std::cell::RefCell;
use std::fmt::Write;
use std::hash::Hasher;
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

type Program = fn(Sim);

const DICE: Stream = Stream::named("dice");

fn few(sim: Sim) -> u64 {
    sim.draw(DICE, NonZeroU64::new(4).expect("four is above zero"))
}

fn says(sim: Sim, who: &str) {
    sim.record(&Name::from(who), What::Thread(ThreadEvent::Starts));
}

/// Says so when it is dropped, between two scheduling points.
struct Says(Sim, &'static str);

impl Drop for Says {
    fn drop(&mut self) {
        thread::yield_now();
        says(self.0, self.1);
        thread::yield_now();
    }
}

/// Locks, notifications, channels, sleep and time limits.
fn waiting(sim: Sim) {
    let shared = Arc::new((Mutex::new(0), Condvar::new()));
    let (sender, receiver) = mpsc::channel();
    let threads = [1, 2, 3].map(|own| {
        let (shared, sender) = (Arc::clone(&shared), sender.clone());
        thread::spawn(move || {
            for _ in 0..3 {
                thread::sleep(Duration::from_nanos(few(sim)));
                let guard = shared.0.lock().expect("nobody panics");
                let limit = Duration::from_nanos(1 + few(sim));
                let (mut count, waited) =
                    shared.1.wait_timeout(guard, limit).expect("nobody panics");
                *count += 1;
                says(sim, if waited.timed_out() { "late" } else { "notified" });
                shared.1.notify_one();
                sender.send(own).expect("main receives");
            }
        })
    });
    drop(sender);
    receiver.iter().take(7).for_each(|own| says(sim, ["one", "two", "three"][own - 1]));
    threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
}

/// Panics that are caught, forwarded and joined, while others run.
fn panicking(sim: Sim) {
    let threads = ["a", "b"].map(|name| {
        sim.spawn(name, move || {
            for round in 0..3 {
                let caught = catch_unwind(|| {
                    let _says = Says(sim, name);
                    if round == 1 {
                        resume_unwind(Box::new("forwarded"));
                    }
                    panic!("caught");
                });
                assert!(caught.is_err() && !thread::panicking());
                thread::yield_now();
            }
            thread::yield_now();
        })
        .expect("there is room")
    });
    for thread in threads {
        thread.join().expect("it catches what it throws");
    }
}

retrip_sim::thread_local! {
    static SLOT: RefCell<Option<Says>> = const { RefCell::new(None) };
}

/// Threads that borrow, with slots of their own; one of them panics, and its scope goes on with that.
fn borrowing(sim: Sim) {
    let counts = Mutex::new(0);
    let scope = AssertUnwindSafe(|| {
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    SLOT.set(Some(Says(sim, "slot")));
                    let count = counts.lock().map(|mut count| {
                        *count += 1;
                        *count
                    });
                    assert_ne!(count.unwrap_or(0), 1 + few(sim), "one that drew its own number");
                });
            }
        });
    });
    let caught = catch_unwind(scope);
    says(sim, if caught.is_err() { "panicked" } else { "passed" });
}

/// A run that ends before its threads do: some unwind, one is left in its destructor, one never begins.
fn ending(sim: Sim) {
    let lock = Arc::new(Mutex::new(()));
    let held = lock.lock().expect("nobody panics");
    for name in ["unwinds", "waits", "parks"] {
        let lock = Arc::clone(&lock);
        let body = move || {
            let _says = Says(sim, name);
            let _stays = (name == "parks").then(|| Parks(sim));
            drop(lock.lock());
        };
        drop(sim.spawn(name, body).expect("there is room"));
    }
    for _ in 0..few(sim) {
        thread::yield_now();
    }
    let _says = Says(sim, "main");
    std::mem::forget(held);
    sim.park();
}

struct Parks(Sim);

impl Drop for Parks {
    fn drop(&mut self) {
        self.0.park();
    }
}

/// What tells two runs apart, as text; no line of code, which moves.
fn told(ended: &Ended) -> String {
    format!(
        "{} {} {} {} {:?} {:?} {:?}",
        ended.log.digest(),
        ended.schedule,
        ended.steps,
        ended.leaked,
        ended.elapsed,
        ended.streams,
        ended.failure.as_ref().map(Failure::promise)
    )
}

const SEEDS: u64 = 10;

/// What every build says of every seed.
const PINNED: &str = "\
waiting 80b0d653db3efba9e1358b42a76ca3da
panicking d6788696ed0a888db15c65bdba250a45
borrowing 2c0cfb3bc52157987f39a6bdc395f747
ending 8f7a58524827ab1d8eac11a5aa63a7f9
callers c7a24bffa9785c785148e08a1d253846
";

/// The digest of what `program` does under each strategy, from each seed.
fn digest_of(program: Program) -> String {
    let mut digest = Digest::default();
    for strategy in Strategy::each(&Shape { steps: 40, ..Shape::default() }) {
        for seed in 0..SEEDS {
            let (strategy, spurious) = (strategy.clone(), Spurious::Drawn);
            let setup = || Setup { strategy, spurious, ..Setup::of(Seed::new(seed)) };
            // A stack that is left behind marks its operating system thread, so each run has a fresh one.
            let told = std::thread::scope(|scope| {
                let run = scope.spawn(|| told(&run(setup(), program)));
                run.join().expect("a run does not panic")
            });
            digest.write(told.as_bytes());
        }
    }
    digest.to_string()
}

/// The digest of a whole scenario, from plan to verdict.
fn digest_of_scenario() -> String {
    let scenario = Scenario::new("callers", "callers share a breaker whose calls fail", |s| {
        let open_for = s.draw_duration("open_for", Duration::from_secs(1)..=Duration::from_secs(3));
        let config =
            BreakerConfig { failure_threshold: Some(2), open_for, ..BreakerConfig::default() };
        let llm = s.guarded("llm", config);
        for name in ["a", "b", "c"] {
            let calls =
                [llm.call(), llm.call_and_fail(), llm.call_and_panic(), llm.call_and_fail()];
            let mut actor = s.actor(name);
            for call in calls {
                actor = actor.does(call).does(waits(Duration::from_secs(1)));
            }
            actor.ends();
        }
    });
    let mut digest = Digest::default();
    for seed in 0..SEEDS {
        let plan = Plan::drawn(scenario.name(), Seed::new(seed)).expect("it is a name");
        let run = run::run(&scenario, &Request::of(&plan)).expect("a drawn plan can be run");
        let broken = run.breach.map(|breach| breach.promise);
        let told = format!("{} {} {} {broken:?}", run.log.digest(), run.schedule, run.steps);
        digest.write(told.as_bytes());
    }
    digest.to_string()
}

#[test]
fn a_seed_names_the_same_run_whichever_way_threads_are_switched() {
    let programs: [(&str, Program); 4] = [
        ("waiting", waiting),
        ("panicking", panicking),
        ("borrowing", borrowing),
        ("ending", ending),
    ];
    let mut digests = String::new();
    for (name, program) in programs {
        writeln!(digests, "{name} {}", digest_of(program)).expect("text can be written");
    }
    writeln!(digests, "callers {}", digest_of_scenario()).expect("text can be written");
    assert_eq!(digests, PINNED);
}
