//! A catalogue of its own, as another crate would have it: a counter that several threads add to.
//!
//! `cargo run --example counter` runs it; `cargo run --example counter -- run --plant lost_update` shows a failure.

use retrip_core::door::{Atomic, Mutex, Plant, Plants, SyncPrimitives};
use retrip_sim::check::{Judgement, Sometimes, always, never};
use retrip_sim::engine::threads::{Sim, SimAtomicU64, SimMutex};
use retrip_sim::log::{Event, Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading, waits};
use retrip_sim::scenario::{Catalogue, Draft, Scenario};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

/// Reads the counter, and writes it back without having held the lock in between.
const LOST_UPDATE: Plant = Plant::named("lost_update");
/// A bug that changes nothing, so that nothing can find it.
const NO_BUG_AT_ALL: Plant = Plant::named("no_bug_at_all");

fn main() -> ExitCode {
    let catalogue = vec![counter(), quiet(), canary(), blind()];
    retrip_sim::cli::main(Catalogue::new(catalogue).expect("each name is unique"))
}

/// Several adders; whoever reads the sum never sees less than has been added before.
fn counter() -> Scenario {
    Scenario::new("counter", "several threads add to one counter", |draft| {
        let adders = draft.draw("adders", 2..=4);
        adding(draft, adders);
        draft.check(always("sums_up", "after each addition the sum is what was added", sums_up()));
    })
    .finds(LOST_UPDATE, "sums_up")
}

/// The seed changes nothing here.
fn quiet() -> Scenario {
    Scenario::new("quiet", "one thread adds and waits", |draft| {
        let counter = draft.part(Counter);
        draft.at(Duration::ZERO, counter.adds(1));
        draft.at(Duration::from_secs(1), waits(Duration::from_secs(30)));
        draft.at(Duration::from_secs(2), counter.adds(2));
        draft.check(always("sums_up", "after each addition the sum is what was added", sums_up()));
    })
}

/// It says what is not true, so that the harness can show that it finds that out.
fn canary() -> Scenario {
    Scenario::new("canary", "a promise that cannot be kept", |draft| {
        adding(draft, 2);
        draft.check(never("never_adds", "nobody ever adds", |event| {
            sum(event).map(|sum| format!("a sum of {sum}"))
        }));
    })
    .must_break("never_adds")
}

/// It claims to find a bug that it cannot find, and waits to see what it cannot see.
fn blind() -> Scenario {
    Scenario::new("blind", "finds nothing", |draft| {
        adding(draft, 2);
        draft.check(always("looks_away", "nothing is wrong", |_| Judgement::Holds));
        draft.sometimes(Sometimes::new("a_sum_of_a_thousand", |event| sum(event) == Some(1000)));
    })
    .finds(NO_BUG_AT_ALL, "looks_away")
    .enough(200)
}

fn adding(draft: &mut Draft<'_>, adders: u32) {
    let counter = draft.part(Counter);
    for adder in 1..=adders {
        draft.actor(format!("adder-{adder}")).does(counter.adds(1)).does(counter.adds(1)).ends();
    }
}

/// The sum that an event of the counter says.
fn sum(event: &Event) -> Option<i64> {
    match &event.what {
        What::Note { fields, .. } => fields.iter().find_map(|(name, value)| match value {
            Value::Int(sum) if &**name == "to" => Some(*sum),
            _ => None,
        }),
        _ => None,
    }
}

/// Keeps a sum of its own, from what the events say was added.
fn sums_up() -> impl FnMut(&Event) -> Judgement {
    let mut wanted = 0;
    move |event| {
        let Some(found) = sum(event) else { return Judgement::NotConcerned };
        let What::Note { fields, .. } = &event.what else { return Judgement::NotConcerned };
        let Some((_, Value::Int(added))) = fields.first() else { return Judgement::NotConcerned };
        wanted += added;
        Judgement::equal(wanted, found)
    }
}

/// The part: `add 2`.
#[derive(Clone, Copy, Debug)]
struct Counter;

impl Counter {
    fn adds(self, number: u32) -> Operation {
        Operation::new(format_args!("add {number}"))
    }
}

impl Part for Counter {
    fn reads(&self, operation: &str) -> Reading {
        let Some(number) = operation.strip_prefix("add ") else { return Reading::NotMine };
        reading::<u32>(number, true)
    }

    fn forms(&self) -> Vec<String> {
        vec!["add NUMBER".to_owned()]
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        Arc::new(LiveCounter { sum: sim.atomic_u64(0), lock: sim.mutex(()) })
    }
}

/// The counter within a run.
struct LiveCounter {
    sum: SimAtomicU64,
    lock: SimMutex<()>,
}

impl Live for LiveCounter {
    fn perform(&self, sim: &Sim, operation: &str) {
        let number = operation.strip_prefix("add ").and_then(|number| number.parse::<u64>().ok());
        let number = number.expect("an operation is read before it is performed");
        if sim.planted(LOST_UPDATE) {
            self.add(sim, number);
        } else {
            let _guard = self.lock.lock();
            self.add(sim, number);
        }
    }
}

impl LiveCounter {
    fn add(&self, sim: &Sim, number: u64) {
        let sum = self.sum.load(SeqCst) + number;
        self.sum.store(sum, SeqCst);
        let value = |number| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
        let fields = vec![(Name::from(""), value(number)), (Name::from("to"), value(sum))];
        sim.record(&Name::from("counter"), What::Note { verb: "adds".into(), fields });
    }
}
