//! Our strategies as the tables list them, each with the scheduler of shuttle's that it is held against.

use crate::by_shuttle::Chooser;
use retrip_sim::engine::{Shape, Strategy};
use std::sync::Arc;

/// A strategy of ours, and theirs.
#[derive(Clone, Debug)]
pub struct Pairing {
    /// Ours.
    pub ours: Strategy,
    /// The same of theirs where they have it, else random.
    pub theirs: Chooser,
}

/// Every strategy, with parameters for a program of this shape. PCT is there twice, because its depth could cost something.
#[must_use]
pub fn lineup(shape: &Shape) -> [Pairing; 7] {
    let pct = |depth| Strategy::Pct { depth, steps: shape.steps };
    let pair = |ours, theirs| Pairing { ours, theirs };
    [
        pair(Strategy::Random, Chooser::Random),
        pair(Strategy::Urw { lengths: Arc::clone(&shape.all) }, Chooser::Urw),
        pair(Strategy::Pos, Chooser::Random),
        pair(pct(3), Chooser::Pct { depth: 3 }),
        pair(pct(10), Chooser::Pct { depth: 10 }),
        pair(Strategy::Sticky { one_in: 10 }, Chooser::Random),
        // Theirs takes one step of each.
        pair(Strategy::RoundRobin { quantum: 1 }, Chooser::RoundRobin),
    ]
}
