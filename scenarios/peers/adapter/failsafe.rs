//! failsafe 1.3, with its policy of consecutive failures and a constant backoff. It has no number of trials to set.

use super::{Answer, Answering, Breaker, Call, Settings};
use failsafe::futures::CircuitBreaker;
use failsafe::{Config, Error, backoff, failure_policy};

/// Its type of a breaker can be made and used, and has no name outside of the crate.
struct Failsafe<B>(B);

pub(super) fn breaker(settings: Settings) -> Box<dyn Breaker> {
    let backoff = backoff::constant(settings.open_for);
    let policy = failure_policy::consecutive_failures(settings.failures, backoff);
    Box::new(Failsafe(Config::new().failure_policy(policy).build()))
}

impl<B> Breaker for Failsafe<B>
where
    B: CircuitBreaker + Send + Sync,
    B::FailurePolicy: 'static,
    B::Instrument: 'static,
{
    fn call(&self, call: Call) -> Answering<'_> {
        let answering = self.0.call(call);
        Box::pin(async {
            match answering.await {
                Ok(()) => Answer::Ok,
                Err(Error::Inner(_)) => Answer::Failed,
                Err(Error::Rejected) => Answer::Rejected,
            }
        })
    }
}
