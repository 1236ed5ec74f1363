//! What may happen for no reason: does it, in some runs and not in others, and is it recorded, replayed and made smaller?

use retrip_sim::check::{Judgement, always};
use retrip_sim::engine::threads::{Recording, Sim};
use retrip_sim::engine::{Disturbances, Ended, Setup, Spurious, run};
use retrip_sim::log::{Name, What};
use retrip_sim::part::{Live, Operation, Part, Reading};
use retrip_sim::plan::{Plan, Schedule, Turn};
use retrip_sim::run::Request;
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;
use retrip_sim::shrink::shrink;
use retrip_sim::sync::atomic::{AtomicU32, Ordering::SeqCst};
use retrip_sim::sync::{Arc, Condvar, Mutex, RwLock};
use retrip_sim::thread;
use retrip_sim::time::Duration;
use std::sync::mpsc;

/// What came out wrong for no reason, in the order in which it did.
type Wrong = mpsc::Sender<&'static str>;

/// One of everything that can; nobody holds what it tries and nobody wakes it.
fn tries_all(wrong: &Wrong) {
    let says = |what| wrong.send(what).expect("the test listens");
    let (mutex, shared, condvar) = (Mutex::new(()), RwLock::new(()), Condvar::new());
    if mutex.try_lock().is_err() {
        says("try_lock");
    }
    if shared.try_read().is_err() {
        says("try_read");
    }
    if shared.try_write().is_err() {
        says("try_write");
    }
    let number = AtomicU32::new(1);
    match number.compare_exchange_weak(1, 2, SeqCst, SeqCst) {
        Ok(found) => assert_eq!((found, number.load(SeqCst)), (1, 2)),
        Err(found) => {
            assert_eq!((found, number.load(SeqCst)), (1, 1));
            says("exchange");
        }
    }
    let limit = Duration::from_secs(1);
    let guard = mutex.lock().expect("nobody panics");
    let (guard, result) = condvar.wait_timeout(guard, limit).expect("nobody panics");
    drop(guard);
    if !result.timed_out() {
        says("wait");
    }
    let start = retrip_sim::time::Instant::now();
    thread::park_timeout(limit);
    if start.elapsed() < limit {
        says("park");
    }
    // These have to wait until it is their turn, and never fail.
    drop(mutex.lock());
    drop((shared.read(), number.compare_exchange(2, 3, SeqCst, SeqCst)));
}

fn wrong(setup: Setup<'_>) -> (Ended, Vec<&'static str>) {
    let (says, said) = mpsc::channel();
    let ended = run(setup, move |_| tries_all(&says));
    assert_eq!(ended.failure, None);
    (ended, said.try_iter().collect())
}

fn setup(seed: u64, spurious: Spurious) -> Setup<'static> {
    let disturbances = Disturbances::Never;
    Setup { spurious, disturbances, recording: Recording::On, ..Setup::of(Seed::new(seed)) }
}

const ALL: [&str; 6] = ["try_lock", "try_read", "try_write", "exchange", "wait", "park"];

#[test]
fn everything_that_may_does_in_some_runs_and_in_about_half_of_them_nothing() {
    let (mut spared, mut seen) = (0, Vec::new());
    for seed in 0..400 {
        let (ended, wrong) = wrong(setup(seed, Spurious::Drawn));
        let recorded = ended.deviations.iter().filter(|one| one.turn == Turn::Spurious).count();
        assert_eq!(recorded, wrong.len(), "seed {seed}");
        spared += u32::from(wrong.is_empty());
        seen.extend(wrong);
        assert!(crate::wrong(setup(seed, Spurious::Never)).1.is_empty());
    }
    // Of the other half, those where it happens once in 64 times are often spared by chance.
    assert!((200..320).contains(&spared), "{spared} of 400");
    for what in ALL {
        assert!(seen.iter().filter(|&&seen| seen == what).count() > 10, "{what} of {seen:?}");
    }
}

#[test]
fn a_recorded_run_is_the_same_when_its_schedule_is_written() {
    for seed in 0..100 {
        let (drawn, seen) = wrong(setup(seed, Spurious::Drawn));
        let schedule = Schedule::Written(drawn.deviations.clone());
        let (again, seen_again) = wrong(Setup { schedule, ..setup(seed, Spurious::Never) });
        assert_eq!((again.skipped, &again.schedule), (0, &drawn.schedule), "seed {seed}");
        assert_eq!((seen_again, again.deviations), (seen, drawn.deviations));
    }
}

#[test]
fn the_plan_says_what_goes_wrong_and_where_nothing_can_it_is_skipped() {
    let written = |deviations: &str| {
        let plan = format!("any 0 schedule written; {deviations}");
        let plan: Plan = plan.parse().expect("it is a plan");
        let (ended, wrong) = wrong(Setup { schedule: plan.schedule, ..setup(0, Spurious::Drawn) });
        (wrong, ended.skipped)
    };
    assert_eq!(written("main@1 spuriously"), (vec!["try_lock"], 0));
    assert_eq!(written("main@1 spuriously; main@1 spuriously").1, 1, "it happens once");
    // Its second point unlocks, which always succeeds.
    assert_eq!(written("main@2 spuriously"), (vec![], 1));
    assert_eq!(written("nobody@1 spuriously"), (vec![], 1));
}

#[test]
fn who_was_woken_for_no_reason_takes_no_notification_from_one_who_waits() {
    let plan: Plan = "any 0 schedule written; main@2 spuriously".parse().expect("it is a plan");
    let ended = run(Setup { schedule: plan.schedule, ..setup(0, Spurious::Never) }, |_| {
        let shared = Arc::new((Mutex::new(()), Condvar::new()));
        drop(shared.1.wait(shared.0.lock().expect("nobody panics")));
        let theirs = Arc::clone(&shared);
        let patient = thread::spawn(move || {
            drop(theirs.1.wait(theirs.0.lock().expect("nobody panics")));
        });
        thread::sleep(Duration::from_secs(1));
        shared.1.notify_one();
        patient.join().expect("it ends");
    });
    assert_eq!((ended.failure, ended.skipped), (None, 0));
}

#[test]
fn a_fair_run_is_spared() {
    for seed in 0..50 {
        let (says, said) = mpsc::channel();
        let ended = run(Setup { bound: 60, ..setup(seed, Spurious::Drawn) }, move |_| {
            (0..60).for_each(|_| thread::yield_now());
            (0..10).for_each(|_| tries_all(&says));
        });
        assert_eq!((ended.failure, said.try_iter().count()), (None, 0), "seed {seed}");
    }
}

/// Hands something over, and trusts that whoever wakes has been woken.
#[derive(Clone)]
struct Trusting;

impl Part for Trusting {
    fn reads(&self, operation: &str) -> Reading {
        if operation == "hand over" { Reading::Understood } else { Reading::NotMine }
    }

    fn forms(&self) -> Vec<String> {
        vec!["hand over".to_owned()]
    }

    fn enter(&self, _sim: &Sim) -> Arc<dyn Live> {
        Arc::new(Self)
    }
}

impl Live for Trusting {
    fn perform(&self, sim: &Sim, _operation: &str) {
        let shared = Arc::new((Mutex::new(None), Condvar::new()));
        let guard = shared.0.lock().expect("nobody panics");
        let theirs = Arc::clone(&shared);
        let gives = thread::spawn(move || {
            *theirs.0.lock().expect("nobody panics") = Some(7);
            theirs.1.notify_one();
        });
        let guard = shared.1.wait(guard).expect("nobody panics");
        let verb = if guard.is_some() { "takes" } else { "finds nothing" };
        drop(guard);
        sim.record(&Name::from("taker"), What::Note { verb: Name::from(verb), fields: Vec::new() });
        gives.join().expect("it ends");
    }
}

#[test]
fn code_that_trusts_one_wake_up_is_found_and_one_line_of_its_schedule_is_left() {
    let scenario = Scenario::new("trusting", "a wait without a loop", |draft| {
        draft.part(Trusting);
        draft.actor("taker").does(Operation::new("hand over")).ends();
        draft.check(always("handed", "what is taken is there", |event| match &event.what {
            What::Note { verb, .. } if &**verb == "finds nothing" => {
                Judgement::broken("takes", verb.to_string())
            }
            _ => Judgement::Holds,
        }));
    });
    let mut found = 0;
    for seed in 0..400 {
        let plan: Plan = format!("trusting {seed}").parse().expect("it is a plan");
        let request = Request { recording: Recording::On, ..Request::of(&plan) };
        let first = retrip_sim::run::run(&scenario, &request).expect("it runs");
        if first.breach.is_none() {
            continue;
        }
        found += 1;
        let shrunk = shrink(&scenario, &plan, &[], &[]).expect("it runs").expect("it fails");
        let Schedule::Written(deviations) = &shrunk.plan.schedule else { panic!("it is written") };
        let turns: Vec<&Turn> = deviations.iter().map(|one| &one.turn).collect();
        assert!(turns.contains(&&Turn::Spurious) && turns.len() <= 2, "{}", shrunk.plan);
        assert_eq!(shrunk.plan.to_string().parse(), Ok(shrunk.plan.clone()));
    }
    assert!((5..60).contains(&found), "{found} of 400");
}
