//! circuitbreaker-rs 0.1, with its default policy. The rate of failures never trips it here: so many calls are never made.

use super::{Answer, Answering, Breaker, Call, Failed, Settings};
use circuitbreaker_rs::{BreakerError, CircuitBreaker, DefaultPolicy};

pub(super) struct Probing(CircuitBreaker<DefaultPolicy, Failed>);

impl Probing {
    pub(super) fn new(settings: Settings) -> Self {
        let breaker = CircuitBreaker::<DefaultPolicy, Failed>::builder()
            .min_throughput(u64::MAX)
            .cooldown(settings.open_for)
            .probe_interval(settings.trials)
            .consecutive_failures(settings.failures.into())
            .consecutive_successes(settings.trials.into())
            .build();
        Self(breaker)
    }
}

impl Breaker for Probing {
    fn call(&self, call: Call) -> Answering<'_> {
        Box::pin(async {
            match self.0.call_async(|| call).await {
                Ok(()) => Answer::Ok,
                Err(BreakerError::Operation(Failed)) => Answer::Failed,
                Err(BreakerError::Open) => Answer::Rejected,
                Err(error @ BreakerError::Internal(_)) => {
                    panic!("its own sources never say {error}")
                }
            }
        })
    }
}
