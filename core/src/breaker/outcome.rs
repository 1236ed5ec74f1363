//! What a call says about the service behind the breaker, and how the call ended.

/// What a finished call says about the health of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The service is healthy: ends a run of failures; enough of them as trials close the breaker.
    Success,
    /// The service is not healthy: enough of them in a row open the breaker, and one as a trial does.
    Failure,
    /// Nothing about the service, for example a bad request: only gives the permit back.
    Ignored,
}

impl Outcome {
    /// The rule of [`CircuitBreaker::call`](super::CircuitBreaker::call): `Ok` is a success, every `Err` a failure.
    #[must_use]
    pub fn of<T, E>(result: &Result<T, E>) -> Self {
        if result.is_ok() { Self::Success } else { Self::Failure }
    }
}

/// How an admitted call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ended {
    /// Its result was told.
    Returned,
    /// Its permit was dropped without a result: a cancelled future, an early return.
    Cancelled,
    /// Its permit was dropped by a panic.
    Panicked,
}
