//! The breaker under loom: what the simulator cannot see because its memory is sequentially consistent.
//!
//! The breaker that runs here is the shipped one; only the platform is loom's. A load returns every value that its memory ordering
//! lets it return, in every order of the threads' steps (within a bound on preemptions where a model says so). What loom itself does
//! not know: a load never returns what is stored later (no load buffering), and a read-modify-write always reads the newest value.
//! It chooses the orders that it tries by the last access to each atomic: a thread that loads one before it stores into it hides another's
//! load of it. So where a model has a thread that changes something, it has one that does not look first.

mod atomic;
pub mod models;
mod platform;
mod site;

pub use platform::Loom;
pub use site::{Site, Weakening};

use retrip_core::door::Plant;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// What threads do to a breaker, and what they may see of it.
#[derive(Clone, Copy)]
pub struct Model {
    /// The promise.
    pub name: &'static str,
    /// How often at most a thread that could go on has to wait; without a bound every order is tried.
    pub preemptions: Option<usize>,
    /// One run: what was seen that must not be, if anything was.
    pub run: fn(&Loom) -> Result<(), String>,
}

/// What is wrong with the breaker that a model looks at.
#[derive(Clone, Copy, Debug)]
pub enum Wrong {
    /// Nothing.
    Nothing,
    /// One memory ordering.
    Ordering(Weakening),
    /// A planted bug.
    Planted(Plant),
}

impl Model {
    /// Tries all that can happen.
    ///
    /// # Errors
    /// What one of the runs has seen.
    ///
    /// # Panics
    /// A run panics, or loom gives up: the model is too large for it.
    pub fn check(self, wrong: Wrong) -> Result<(), String> {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound = self.preemptions;
        let run = move || {
            let loom = Loom::with(wrong);
            // Told when everything is dropped: a permit that unwinding drops would take a step of the run that has failed.
            if let Err(seen) = (self.run)(&loom) {
                resume_unwind(Box::new(Seen(seen)));
            }
        };
        let ended = catch_unwind(AssertUnwindSafe(|| builder.check(run)));
        ended.or_else(|payload| match payload.downcast::<Seen>() {
            Ok(seen) => Err(seen.0),
            Err(payload) => resume_unwind(payload),
        })
    }
}

/// How a run ends that has seen what must not be.
struct Seen(String);
