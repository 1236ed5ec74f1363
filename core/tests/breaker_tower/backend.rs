//! The service behind the breaker, which does what it is asked to and knows how it was treated.

use retrip_core::breaker::{BreakerConfig, BreakerConfigBuilder, BreakerLayer, CircuitBreaker};
use std::future::{Future, pending, ready};
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};
use tower::{Layer, Service};

/// What the service is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    Answer,
    Fail,
    /// It never answers.
    Hang,
    /// Its future panics.
    Panic,
    /// It panics before it has a future.
    PanicAtOnce,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the backend is down")]
pub(crate) struct Down;

/// Clones count together, and each has to be ready by itself.
#[derive(Debug, Default)]
pub(crate) struct Backend {
    seen: Arc<Seen>,
    is_ready: bool,
}

#[derive(Debug, Default)]
struct Seen {
    polls: AtomicU32,
    calls: AtomicU32,
}

impl Backend {
    /// How often somebody has asked whether it is ready, and called it.
    pub(crate) fn seen(&self) -> (u32, u32) {
        (self.seen.polls.load(Relaxed), self.seen.calls.load(Relaxed))
    }
}

impl Clone for Backend {
    fn clone(&self) -> Self {
        Self { seen: self.seen.clone(), is_ready: false }
    }
}

impl Service<Ask> for Backend {
    type Response = &'static str;
    type Error = Down;
    type Future = Pin<Box<dyn Future<Output = Result<&'static str, Down>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Down>> {
        self.seen.polls.fetch_add(1, Relaxed);
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, ask: Ask) -> Self::Future {
        assert!(self.is_ready, "a service is called once it has said that it is ready");
        self.is_ready = false;
        self.seen.calls.fetch_add(1, Relaxed);
        match ask {
            Ask::Answer => Box::pin(ready(Ok("hello"))),
            Ask::Fail => Box::pin(ready(Err(Down))),
            Ask::Hang => Box::pin(pending()),
            Ask::Panic => Box::pin(async { resume_unwind(Box::new("planned")) }),
            Ask::PanicAtOnce => resume_unwind(Box::new("planned")),
        }
    }
}

/// A breaker that opens at the third failure.
pub(crate) fn breaker() -> Arc<CircuitBreaker> {
    configured(|config| config)
}

/// Like [`breaker`], with more to say.
pub(crate) fn configured(
    more: impl FnOnce(BreakerConfigBuilder) -> BreakerConfigBuilder,
) -> Arc<CircuitBreaker> {
    let config = more(BreakerConfig::builder().failure_threshold(3)).build().expect("valid");
    Arc::new(CircuitBreaker::new("llm", config).expect("valid"))
}

/// The backend behind `breaker`.
pub(crate) fn behind<S>(
    breaker: &Arc<CircuitBreaker>,
    service: S,
) -> <BreakerLayer as Layer<S>>::Service {
    BreakerLayer::new(breaker.clone()).layer(service)
}
