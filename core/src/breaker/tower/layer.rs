//! What puts a breaker before a service.

use super::{BreakerService, ByResult};
use crate::breaker::CircuitBreaker;
use crate::door::{Platform, System};
use std::fmt;
use std::sync::Arc;
use tower_layer::Layer;

/// Puts a breaker before services, with the feature `tower`. All of them share it, and so do their clones.
///
/// ```
/// use retrip_core::breaker::{BreakerConfig, BreakerLayer, CallError, CircuitBreaker};
/// use std::time::Duration;
/// use tower::{BoxError, ServiceBuilder, ServiceExt, service_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// let config = BreakerConfig::builder().failure_threshold(1).build()?;
/// let service = ServiceBuilder::new()
///     .layer(BreakerLayer::new(CircuitBreaker::new("llm", config)?))
///     .timeout(Duration::from_secs(30))
///     .service(service_fn(async |_question: &str| Err::<String, _>("the model is down")));
///
/// let answer = service.clone().oneshot("are you there?").await;
/// assert!(matches!(answer, Err(CallError::Inner(_))));
/// // One failure was one too many: nobody is asked any more.
/// let answer = service.oneshot("and now?").await;
/// assert!(matches!(answer, Err(CallError::Rejected(_))));
/// # Ok(())
/// # }
/// ```
///
/// # The order of layers
/// A timeout below the breaker, as above, is an error of the call, and so a failure. One above it drops the call's future, which
/// counts as [`cancelled`](crate::breaker::BreakerConfig::cancelled). A retry above the breaker asks it each time, and can stop
/// at a rejection; one below it is a single call. A limit above the breaker is in the way of rejections too, and a service
/// below it that is not ready is waited for, however long, before the breaker is asked.
///
/// # A fallback
/// ```
/// use retrip_core::breaker::{BreakerConfig, BreakerLayer, CallError, CircuitBreaker};
/// use std::io;
/// use std::sync::Arc;
/// use tower::{ServiceBuilder, ServiceExt, service_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let breaker = Arc::new(CircuitBreaker::new("llm", BreakerConfig::default())?);
/// let service = ServiceBuilder::new()
///     .map_result(|answer: Result<String, CallError<io::Error>>| match answer {
///         Err(CallError::Rejected(rejected)) => Ok(format!("try later: {rejected}")),
///         other => other,
///     })
///     .layer(BreakerLayer::new(breaker.clone()))
///     .service(service_fn(async |question: String| Ok(question)));
///
/// breaker.force_open();
/// let answer = service.oneshot("hello".to_owned()).await?;
/// assert_eq!(answer, "try later: breaker `llm` is open until it is reset");
/// # Ok(())
/// # }
/// ```
///
/// # Errors of any kind
/// Layers that take any error, such as tower's timeout and buffer, take a `CallError<E>` where `E` is an error. A boxed error is
/// none to Rust: where such a layer is below the breaker, and another one above, say `.map_err(CallError::boxed)` in between.
/// ```
/// use retrip_core::breaker::{
///     BreakerConfig, BreakerLayer, CallError, CircuitBreaker, Rejected,
/// };
/// use std::sync::Arc;
/// use std::time::Duration;
/// use tower::{BoxError, ServiceBuilder, ServiceExt, service_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// let breaker = Arc::new(CircuitBreaker::new("llm", BreakerConfig::default())?);
/// let service = ServiceBuilder::new()
///     .timeout(Duration::from_secs(60))
///     .map_err(CallError::boxed)
///     .layer(BreakerLayer::new(breaker.clone()))
///     .timeout(Duration::from_secs(10))
///     .service(service_fn(async |question: String| Ok::<_, BoxError>(question)));
///
/// breaker.force_open();
/// let error = service.oneshot("hello".to_owned()).await.expect_err("forced open");
/// assert!(error.is::<Rejected>());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a layer does nothing without a service"]
pub struct BreakerLayer<C = ByResult, P: Platform = System> {
    breaker: Arc<CircuitBreaker<P>>,
    classify: C,
}

impl<P: Platform> BreakerLayer<ByResult, P> {
    /// Puts `breaker` before services; give an [`Arc`] of it to keep hold of it. `Ok` is a success, every `Err` a failure.
    pub fn new(breaker: impl Into<Arc<CircuitBreaker<P>>>) -> Self {
        Self { breaker: breaker.into(), classify: ByResult }
    }
}

impl<C, P: Platform> BreakerLayer<C, P> {
    /// The same layer, with another rule for what answers count as: see [`Classify`](super::Classify). The rule is cloned
    /// for each call.
    ///
    /// ```
    /// use retrip_core::breaker::{BreakerConfig, BreakerLayer, CircuitBreaker, Outcome};
    /// use std::sync::Arc;
    /// use tower::{ServiceBuilder, ServiceExt, service_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let breaker = Arc::new(CircuitBreaker::new("http", BreakerConfig::default())?);
    /// let by_status = |answer: &Result<u16, std::io::Error>| match answer {
    ///     Ok(400..500) => Outcome::Ignored,
    ///     Ok(500..) | Err(_) => Outcome::Failure,
    ///     Ok(_) => Outcome::Success,
    /// };
    /// let service = ServiceBuilder::new()
    ///     .layer(BreakerLayer::new(breaker.clone()).classify(by_status))
    ///     .service(service_fn(async |status: u16| Ok(status)));
    ///
    /// for status in [200, 404, 503] {
    ///     assert_eq!(service.clone().oneshot(status).await?, status);
    /// }
    /// let stats = breaker.stats();
    /// assert_eq!((stats.success, stats.ignored, stats.failure), (1, 1, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn classify<D>(self, classify: D) -> BreakerLayer<D, P> {
        BreakerLayer { breaker: self.breaker, classify }
    }

    /// The breaker.
    #[must_use]
    pub const fn breaker(&self) -> &Arc<CircuitBreaker<P>> {
        &self.breaker
    }
}

impl<S, C: Clone, P: Platform> Layer<S> for BreakerLayer<C, P> {
    type Service = BreakerService<S, C, P>;

    fn layer(&self, inner: S) -> Self::Service {
        BreakerService::new(inner, self.breaker.clone(), self.classify.clone())
    }
}

impl<C, P: Platform> fmt::Debug for BreakerLayer<C, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BreakerLayer").field("breaker", &self.breaker).finish_non_exhaustive()
    }
}
