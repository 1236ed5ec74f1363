//! Code that was written for std: a bounded queue whose imports are ours, and in which some order of its threads is stuck.
//!
//! `cargo run --example queue -- run queue` finds that order, with the fewest steps that show it: the queue has one
//! condition variable for two reasons to wait, and wakes one waiter, sometimes one who waits for the other reason.

use retrip_sim::check::{Judgement, always};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading};
use retrip_sim::scenario::{Catalogue, Scenario};
// In production these two lines say `std`.
use retrip_sim::sync::{Arc, Condvar, Mutex};
use retrip_sim::thread::{self, JoinHandle};
use std::collections::VecDeque;
use std::process::ExitCode;

/// Holds at most one item.
struct Queue {
    items: Mutex<VecDeque<u32>>,
    changed: Condvar,
    wakes: Wakes,
}

/// Who is woken when something was given or taken.
#[derive(Clone, Copy)]
enum Wakes {
    One,
    All,
}

impl Queue {
    fn give(&self, item: u32) {
        let items = self.items.lock().expect("nobody panics");
        let full = |items: &mut VecDeque<u32>| !items.is_empty();
        let mut items = self.changed.wait_while(items, full).expect("nobody panics");
        items.push_back(item);
        self.wake();
    }

    fn take(&self) -> u32 {
        let items = self.items.lock().expect("nobody panics");
        let empty = |items: &mut VecDeque<u32>| items.is_empty();
        let mut items = self.changed.wait_while(items, empty).expect("nobody panics");
        let item = items.pop_front().expect("it waited for one");
        self.wake();
        item
    }

    fn wake(&self) {
        match self.wakes {
            Wakes::One => self.changed.notify_one(),
            Wakes::All => self.changed.notify_all(),
        }
    }
}

fn main() -> ExitCode {
    let catalogue = vec![
        used("queue", "a bounded queue that wakes one waiter", Wakes::One),
        used("queue_that_wakes_all", "a bounded queue that wakes every waiter", Wakes::All),
    ];
    let catalogue = Catalogue::new(catalogue).expect("each name is unique");
    retrip_sim::cli::main(catalogue.started_by("cargo run --example queue --"))
}

/// As many threads that give as threads that take, each as often; the seed says how many and how often.
fn used(name: &'static str, about: &'static str, wakes: Wakes) -> Scenario {
    Scenario::new(name, about, move |draft| {
        let (pairs, each) = (draft.draw("pairs", 1..=3), draft.draw("each", 1..=3));
        draft.part(Queues { wakes, pairs, each });
        draft.actor("program").does(Operation::new(RUNS)).ends();
        let given = (0..pairs * each).sum::<u32>().to_string();
        draft.check(always("all_arrives", "what is taken is what was given", move |event| {
            match &event.what {
                What::Note { fields, .. } => {
                    let taken = fields.first().map_or_else(String::new, |(_, sum)| sum.to_string());
                    Judgement::equal(given.clone(), taken)
                }
                _ => Judgement::NotConcerned,
            }
        }));
    })
}

/// The program, as it would stand in production: nothing in it knows of a simulation.
fn hand_over(queue: &Arc<Queue>, pairs: u32, each: u32) -> u32 {
    let givers: Vec<JoinHandle<()>> = (0..pairs)
        .map(|giver| {
            let queue = Arc::clone(queue);
            thread::spawn(move || (0..each).for_each(|nth| queue.give(giver * each + nth)))
        })
        .collect();
    let takers: Vec<JoinHandle<u32>> = (0..pairs)
        .map(|_| {
            let queue = Arc::clone(queue);
            thread::spawn(move || (0..each).map(|_| queue.take()).sum())
        })
        .collect();
    givers.into_iter().for_each(|giver| giver.join().expect("no giver panics"));
    takers.into_iter().map(|taker| taker.join().expect("no taker panics")).sum()
}

/// The one operation of a plan.
const RUNS: &str = "hand over";

/// The part: what an operation acts on.
#[derive(Clone, Copy)]
struct Queues {
    wakes: Wakes,
    pairs: u32,
    each: u32,
}

impl Part for Queues {
    fn reads(&self, operation: &str) -> Reading {
        if operation == RUNS { Reading::Understood } else { Reading::NotMine }
    }

    fn forms(&self) -> Vec<String> {
        vec![RUNS.to_owned()]
    }

    fn enter(&self, _sim: &Sim) -> Arc<dyn Live> {
        Arc::new(*self)
    }
}

impl Live for Queues {
    fn perform(&self, sim: &Sim, _operation: &str) {
        let (items, changed) = (Mutex::default(), Condvar::new());
        let queue = Arc::new(Queue { items, changed, wakes: self.wakes });
        let sum = hand_over(&queue, self.pairs, self.each);
        let fields = vec![(Name::from("sum"), Value::Int(sum.into()))];
        sim.record(&Name::from("queue"), What::Note { verb: Name::from("is done"), fields });
    }
}
