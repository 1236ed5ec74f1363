//! Those who ask: functions and tasks that go through a breaker again and again.

use retrip_core::breaker::{BreakerConfig, CallError, CircuitBreaker, Nested};
use retrip_core::door::{Clock, Spawn};
use retrip_sim::engine::threads::Sim;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// What a call panics with.
struct PlannedPanic;

type Answer = Result<(), CallError<()>>;

/// Breakers that count a call inside a call of their own once, each for those who ask in one way.
pub(crate) struct Asking {
    sim: Sim,
    chain: CircuitBreaker<Sim>,
    /// Of one name.
    twins: [CircuitBreaker<Sim>; 2],
    tasks: CircuitBreaker<Sim>,
}

/// How many calls each breaker has counted; the twins together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) chain: u64,
    pub(crate) twins: u64,
    pub(crate) tasks: u64,
}

impl Asking {
    pub(crate) fn new(sim: Sim) -> Self {
        let breaker = |name| {
            // However much fails: what is open counts nothing.
            let config = BreakerConfig::builder().failure_threshold(1_000).nested(Nested::Once);
            let config = config.build().expect("it is valid");
            CircuitBreaker::on(sim, name, config).expect("it is valid")
        };
        Self {
            sim,
            chain: breaker("chain"),
            twins: [breaker("twin"), breaker("twin")],
            tasks: breaker("tasks"),
        }
    }

    /// A call, in it another one, and so on, so many in all, the innermost of which takes a while.
    pub(crate) fn ask(&self, deep: u32, takes: Duration) {
        self.chain(deep, &|| self.sim.sleep(takes)).expect("nothing fails");
    }

    /// The same, and the innermost one panics, which is caught around all of them.
    pub(crate) fn ask_and_panic(&self, deep: u32, takes: Duration) {
        let panics = || {
            self.sim.sleep(takes);
            panic_any(PlannedPanic);
        };
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| self.chain(deep, &panics)))
            && !payload.is::<PlannedPanic>()
        {
            resume_unwind(payload);
        }
    }

    /// A call of one of two breakers of one name, in it one of the other, and in that one of the first.
    pub(crate) fn ask_twins(&self, takes: Duration) {
        let [one, other] = &self.twins;
        let innermost = || {
            self.sim.sleep(takes);
            Ok(())
        };
        let answer: Answer = one.call_through(|| other.call_through(|| one.call(innermost)));
        answer.expect("nothing fails");
    }

    /// Two tasks of this thread at once, each with a call that waits, and another one in it that waits as well.
    pub(crate) fn ask_together(&self, takes: Duration) {
        let task = || {
            self.tasks.call_async_through(|| async {
                self.wait(takes).await;
                let inner = async || {
                    self.wait(takes).await;
                    Ok::<(), ()>(())
                };
                self.tasks.call_async(inner).await
            })
        };
        let (mut one, mut other) = (pin!(task()), pin!(task()));
        let mut open = [true, true];
        self.sim.block_on(poll_fn(|context| {
            let [one_is_open, other_is_open] = &mut open;
            *one_is_open = *one_is_open && one.as_mut().poll(context).is_pending();
            *other_is_open = *other_is_open && other.as_mut().poll(context).is_pending();
            if *one_is_open || *other_is_open { Poll::Pending } else { Poll::Ready(()) }
        }));
    }

    pub(crate) fn count(&self) -> Counted {
        let attempts = |breaker: &CircuitBreaker<Sim>| breaker.stats().attempts();
        Counted {
            chain: attempts(&self.chain),
            twins: self.twins.iter().map(attempts).sum(),
            tasks: attempts(&self.tasks),
        }
    }

    fn chain(&self, deep: u32, innermost: &dyn Fn()) -> Answer {
        self.chain.call_through(|| {
            if deep > 1 {
                return self.chain(deep - 1, innermost);
            }
            innermost();
            Ok(())
        })
    }

    async fn wait(&self, time: Duration) {
        self.sim.timer(self.sim.now().saturating_add(time)).await;
    }
}
