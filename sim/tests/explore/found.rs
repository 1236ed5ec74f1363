//! Are known bugs found, and is a found one a plan that replays and shrinks?

use crate::lab::PLENTY;
use retrip_core::door::{Atomic, WaitOutcome};
use retrip_core::door::{Clock, Condvar, Mutex, SyncPrimitives};
use retrip_sim::check::{Judgement, always};
use retrip_sim::engine::threads::{Sim, SimAtomicU64, SimCondvar, SimMutex};
use retrip_sim::explore::{Explored, Extent, Limits, explore};
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading};
use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;
use retrip_sim::shrink::shrink;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

const DEEDS: [&str; 6] = ["increment", "add", "ab", "ba", "work", "give up"];

/// A counter, two locks and a message, and what can be done wrong with them.
#[derive(Clone, Copy, Debug)]
struct Shop;

struct LiveShop {
    counter: SimAtomicU64,
    locked: SimMutex<u64>,
    a: SimMutex<()>,
    b: SimMutex<()>,
    done: SimMutex<bool>,
    changed: SimCondvar,
}

impl Part for Shop {
    fn reads(&self, operation: &str) -> Reading {
        if DEEDS.contains(&operation) { Reading::Understood } else { Reading::NotMine }
    }

    fn forms(&self) -> Vec<String> {
        DEEDS.map(str::to_owned).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        Arc::new(LiveShop {
            counter: sim.atomic_u64(0),
            locked: sim.mutex(0),
            a: sim.mutex(()),
            b: sim.mutex(()),
            done: sim.mutex(false),
            changed: sim.condvar(),
        })
    }
}

impl Live for LiveShop {
    fn perform(&self, sim: &Sim, operation: &str) {
        let value = match operation {
            "increment" => {
                let value = self.counter.load(SeqCst) + 1;
                self.counter.store(value, SeqCst);
                value
            }
            "add" => {
                let mut value = self.locked.lock();
                *value += 1;
                return counted(sim, *value);
            }
            "ab" => {
                let _a = self.a.lock();
                let _b = self.b.lock();
                return;
            }
            "ba" => {
                let _b = self.b.lock();
                let _a = self.a.lock();
                return;
            }
            "work" => {
                *self.done.lock() = true;
                return self.changed.notify_all();
            }
            _ => {
                let until = sim.now().saturating_add(Duration::from_secs(1));
                let mut done = self.done.lock();
                while !*done {
                    let (again, outcome) = self.changed.wait_until(done, until);
                    done = again;
                    if outcome == WaitOutcome::TimedOut {
                        break;
                    }
                }
                // Nobody has thought of the timeout.
                if *done { 1 } else { 0 }
            }
        };
        counted(sim, value);
    }
}

fn counted(sim: &Sim, value: u64) {
    let fields = vec![(Name::from("to"), Value::Int(value.cast_signed()))];
    sim.record(&Name::from("shop"), What::Note { verb: Name::from("counts"), fields });
}

/// Each actor with what it does.
fn shop(actors: &'static [(&'static str, &'static [&'static str])]) -> Scenario {
    Scenario::new("shop", "what can be done wrong", move |s| {
        s.part(Shop);
        for (name, deeds) in actors {
            let actor = s.actor(*name);
            deeds.iter().fold(actor, |actor, deed| actor.does(Operation::new(deed))).ends();
        }
        let mut count = 0;
        s.check(always("no_update_lost", "the n-th count is n", move |event| match &event.what {
            What::Note { fields, .. } => {
                count += 1;
                let found = fields.first().map_or_else(String::new, |(_, to)| to.to_string());
                Judgement::equal(count.to_string(), found)
            }
            _ => Judgement::NotConcerned,
        }));
    })
}

fn explored(scenario: &Scenario, limits: Limits) -> Explored {
    let plan = Plan::drawn("shop", Seed::new(0)).expect("it is a name");
    explore(scenario, &Request::of(&plan), limits, PLENTY).expect("it can be run")
}

/// The failure is found, its plan replays to the same log, and shrinks.
fn finds(scenario: &Scenario, limits: Limits, promise: &str) {
    let explored = explored(scenario, limits);
    let found = explored.failure.expect("it is found");
    assert_eq!(found.breach.as_ref().map(|breach| breach.promise), Some(promise));
    assert!(matches!(explored.tally.extent, Extent::Bounded(_)), "it ends at the first");

    let plan: Plan = found.written_plan().to_string().parse().expect("what prints also parses");
    let again = run(scenario, &Request::of(&plan)).expect("it can be run");
    assert_eq!(again.breach, found.breach, "{plan}");
    assert_eq!(again.log.text().to_string(), found.log.text().to_string());
    assert_eq!((again.skipped, again.schedule), (0, found.schedule), "{plan}");

    let shrunk = shrink(scenario, &plan, &[], &[]).expect("it can be run").expect("it fails");
    assert_eq!(shrunk.run.breach.map(|breach| breach.promise), Some(promise));
}

#[test]
fn a_lost_update_is_found() {
    let racing = shop(&[("a", &["increment", "increment"]), ("b", &["increment"])]);
    finds(&racing, Limits::NONE, "no_update_lost");
    finds(&racing, Limits { preemptions: Some(1), ..Limits::NONE }, "no_update_lost");
    let no_preemption = Limits { preemptions: Some(0), ..Limits::NONE };
    assert!(explored(&racing, no_preemption).failure.is_none(), "it takes a preemption");
}

#[test]
fn two_locks_in_two_orders_are_found() {
    finds(&shop(&[("a", &["ab"]), ("b", &["ba"])]), Limits::NONE, "no_deadlock");
}

#[test]
fn a_timeout_that_nobody_thought_of_is_found_where_time_may_move_early() {
    let shop = shop(&[("waiter", &["give up"]), ("worker", &["work"])]);
    assert!(explored(&shop, Limits::NONE).failure.is_none(), "the worker is always in time");
    finds(&shop, Limits { time_moves: 1, ..Limits::NONE }, "no_update_lost");
}

#[test]
fn what_is_done_right_holds_in_all_orders() {
    let right = shop(&[("a", &["add", "ab"]), ("b", &["add", "ab"]), ("c", &["add"])]);
    let explored = explored(&right, Limits::NONE);
    assert_eq!(explored.tally.extent, Extent::Complete);
    assert!(explored.failure.is_none());
    assert!(explored.tally.interleavings > 40, "{}", explored.tally);
}
