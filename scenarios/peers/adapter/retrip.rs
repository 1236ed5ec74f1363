//! The breaker of this project, as an application uses it: the sibling that the others are measured by.

use super::{Answer, Answering, Breaker, Call, Settings};
use retrip_core::breaker::{BreakerConfig, CallError, CircuitBreaker};
use retrip_sim::engine::hosts::Host;

pub(super) struct Ours(CircuitBreaker<Host>);

impl Ours {
    pub(super) fn new(host: Host, settings: Settings) -> Self {
        let Settings { failures, open_for, trials } = settings;
        let config = BreakerConfig {
            failure_threshold: Some(failures),
            open_for,
            success_threshold: trials,
            half_open_permits: trials,
            ..BreakerConfig::default()
        };
        let breaker = CircuitBreaker::on(host, "payments", config);
        Self(breaker.expect("situations draw no setting that cannot work"))
    }
}

impl Breaker for Ours {
    fn call(&self, call: Call) -> Answering<'_> {
        Box::pin(async {
            match self.0.call_async(|| call).await {
                Ok(()) => Answer::Ok,
                Err(CallError::Inner(_)) => Answer::Failed,
                Err(CallError::Rejected(_)) => Answer::Rejected,
            }
        })
    }
}
