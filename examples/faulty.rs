//! A thread that panics, one that overflows its stack, two that block each other, one that spins for ever, and one that
//! nobody waits for.
//!
//! `cargo run --example faulty -- run two_locks_in_two_orders` shows what is said about the third.

use retrip_core::door::{Atomic, Clock, Mutex, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::Sim;
use retrip_sim::part::{Live, Operation, Part, Reading};
use retrip_sim::scenario::{Catalogue, Scenario};
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

fn main() -> ExitCode {
    let scenarios = Fault::ALL.map(|(name, about, fault)| scenario(name, about, fault));
    retrip_sim::cli::main(Catalogue::new(scenarios.into()).expect("each fault has its own name"))
}

/// What goes wrong on a simulated thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Panics,
    Overflows,
    Deadlocks,
    Spins,
    Leaks,
}

impl Fault {
    const ALL: [(&'static str, &'static str, Self); 5] = [
        ("careless_caller", "a thread panics", Self::Panics),
        ("deep_recursion", "a thread overflows its stack", Self::Overflows),
        ("two_locks_in_two_orders", "two threads wait for each other", Self::Deadlocks),
        ("flag_that_nobody_sets", "a thread spins for ever", Self::Spins),
        ("forgotten_thread", "a thread waits after everybody has gone", Self::Leaks),
    ];
}

fn scenario(name: &'static str, about: &'static str, fault: Fault) -> Scenario {
    Scenario::new(name, about, move |s| {
        s.part(Work(fault));
        for (actor, operation) in [("ada", "work forwards"), ("bob", "work backwards")] {
            s.actor(actor).does(Operation::new(operation)).ends();
        }
    })
    .bound(10_000)
}

/// The part on which both actors work.
#[derive(Clone, Copy, Debug)]
struct Work(Fault);

struct Desk {
    fault: Fault,
    locks: [<Sim as SyncPrimitives>::Mutex<()>; 2],
    flag: <Sim as SyncPrimitives>::AtomicBool,
}

impl Part for Work {
    fn reads(&self, operation: &str) -> Reading {
        match operation {
            "work forwards" | "work backwards" => Reading::Understood,
            _ => Reading::NotMine,
        }
    }

    fn forms(&self) -> Vec<String> {
        ["work forwards", "work backwards"].map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let locks = [sim.mutex(()), sim.mutex(())];
        Arc::new(Desk { fault: self.0, locks, flag: sim.atomic_bool(false) })
    }
}

impl Live for Desk {
    fn perform(&self, sim: &Sim, operation: &str) {
        let forwards = operation == "work forwards";
        match self.fault {
            Fault::Panics => assert!(forwards, "bob works backwards"),
            Fault::Overflows if !forwards => assert_eq!(descend(sim, u64::MAX), 0),
            Fault::Overflows => {}
            Fault::Deadlocks => {
                let (first, second) = if forwards { (0, 1) } else { (1, 0) };
                let _first = self.locks[first].lock();
                let _second = self.locks[second].lock();
            }
            Fault::Spins => while !self.flag.load(SeqCst) {},
            Fault::Leaks => {
                let sim = *sim;
                let leaked = sim.spawn("forgotten", move || sim.park());
                drop(leaked.expect("there is room"));
            }
        }
    }
}

#[expect(unconditional_recursion, reason = "it is the point")]
fn descend(sim: &Sim, depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    if depth.is_multiple_of(100) {
        black_box(sim.now());
    }
    descend(sim, depth - 1) + frame[usize::from(depth == 7)]
}
