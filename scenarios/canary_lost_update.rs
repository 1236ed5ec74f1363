//! A bug that everybody knows, left in on purpose: a sweep that does not find it finds nothing.
//!
//! Two threads add to a counter by reading it and writing it back. Where one reads between the other's read and write,
//! an update is lost.

use retrip_core::door::{Atomic, SyncPrimitives};
use retrip_sim::check::{Judgement, always};
use retrip_sim::engine::threads::{Sim, SimAtomicU64};
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading};
use retrip_sim::scenario::Scenario;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

const INCREMENT: &str = "increment";
const INCREMENTS: &str = "increments";

pub(crate) fn scenario() -> Scenario {
    let about =
        "two threads add to a counter by reading it and writing it back, which must be found";
    Scenario::new("canary_lost_update", about, |s| {
        s.part(Counter);
        for name in ["first", "second"] {
            s.actor(name).does(Operation::new(INCREMENT)).does(Operation::new(INCREMENT)).ends();
        }

        let mut increments = 0;
        let every = "the n-th addition makes the counter n";
        s.check(always("no_update_lost", every, move |event| match &event.what {
            What::Note { verb, fields } if &**verb == INCREMENTS => {
                increments += 1;
                let found = fields.first().map_or_else(String::new, |(_, to)| to.to_string());
                Judgement::equal(increments.to_string(), found)
            }
            _ => Judgement::NotConcerned,
        }));
    })
    // In the first nothing is lost; in the others the third or the fourth addition is.
    .in_full()
    .must_break("no_update_lost")
}

/// A counter that anybody may lose.
#[derive(Clone, Copy, Debug)]
struct Counter;

struct LiveCounter(SimAtomicU64);

impl Part for Counter {
    fn reads(&self, operation: &str) -> Reading {
        if operation == INCREMENT { Reading::Understood } else { Reading::NotMine }
    }

    fn forms(&self) -> Vec<String> {
        vec![INCREMENT.to_owned()]
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        Arc::new(LiveCounter(sim.atomic_u64(0)))
    }
}

impl Live for LiveCounter {
    fn perform(&self, sim: &Sim, _operation: &str) {
        let value = self.0.load(SeqCst) + 1;
        self.0.store(value, SeqCst);
        let to = i64::try_from(value).expect("a counter of a few additions is small");
        let fields = vec![(Name::from("to"), Value::Int(to))];
        sim.record(&Name::from("counter"), What::Note { verb: Name::from(INCREMENTS), fields });
    }
}
