//! The breaker that users hold: the pure machine under one lock, with permits, wrappers and listeners around it.

mod admission;
mod control;
mod counters;
mod gate;
mod inside;
mod lockless;
mod refusing;
mod settling;

use super::delivery::{Delivery, Pending};
use super::listener::Audience;
use super::machine::Protection;
use super::{
    BreakerConfig, ConfigError, Interest, Listener, Machine, Moment, Name, Share, State, Stats,
    plants,
};
use crate::door::{Instant, Mutex, Plant, Platform, Rules, Stream, System, Timestamp};
pub(super) use inside::Watched;
use lockless::Lockless;
use std::fmt;
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A circuit breaker. Share it in an [`Arc`], or borrow it.
///
/// The clock is the platform's monotonic one. What decides anything reads it under the lock, so that decisions are made in the
/// order of the readings; a rejection without the lock reads it as well, and a timed call at its beginning and its end. Nothing of
/// the user's (the call, its classifier, a fallback, a listener) ever runs
/// under the lock: all of them may use the breaker again. A call inside a call of the same breaker is a call of its own, so
/// that both are counted and both need a permit, or a part of it: [`BreakerConfig::nested`] says which. What one breaker rejects inside a call of another is ignored by that other one
/// if it was called by [`call_through`](Self::call_through).
///
/// # A call
/// ```
/// use retrip_core::breaker::{BreakerConfig, CircuitBreaker};
///
/// let breaker = CircuitBreaker::new("parser", BreakerConfig::default())?;
/// let answer = breaker.call(|| "42".parse::<u32>());
/// assert_eq!(answer, Ok(42));
/// assert_eq!(breaker.stats().success, 1);
/// # Ok::<(), retrip_core::breaker::ConfigError>(())
/// ```
///
/// # An async call
/// The future holds its permit: dropped half-way, it gives the permit back.
/// ```
/// use retrip_core::breaker::{BreakerConfig, CircuitBreaker};
/// use std::future::{Future, pending, ready};
/// use std::pin::pin;
/// use std::task::{Context, Poll, Waker};
///
/// let breaker = CircuitBreaker::new("llm", BreakerConfig::default())?;
/// let mut context = Context::from_waker(Waker::noop());
///
/// let mut call = pin!(breaker.call_async(|| ready(Ok::<_, String>("hello"))));
/// assert_eq!(call.as_mut().poll(&mut context), Poll::Ready(Ok("hello")));
///
/// {
///     let mut hangs = pin!(breaker.call_async(|| pending::<Result<(), String>>()));
///     assert!(hangs.as_mut().poll(&mut context).is_pending());
///     assert_eq!(breaker.stats().in_flight, 1);
/// }
/// let stats = breaker.stats();
/// assert_eq!((stats.success, stats.ignored, stats.in_flight), (1, 1, 0));
/// # Ok::<(), retrip_core::breaker::ConfigError>(())
/// ```
///
/// # A fallback
/// ```
/// use retrip_core::breaker::{BreakerConfig, CircuitBreaker};
///
/// let breaker = CircuitBreaker::new("llm", BreakerConfig::default())?;
/// breaker.force_open();
/// let answer = breaker.call_or(
///     |rejected| format!("try later: {rejected}"),
///     || Ok::<_, String>("hello".to_owned()),
/// );
/// assert_eq!(answer.as_deref(), Ok("try later: breaker `llm` is open until it is reset"));
/// assert_eq!(breaker.stats().fallback, 1);
/// # Ok::<(), retrip_core::breaker::ConfigError>(())
/// ```
pub struct CircuitBreaker<P: Platform = System> {
    name: Name,
    config: Arc<BreakerConfig>,
    platform: P,
    audience: Audience,
    lockless: Lockless<P>,
    inner: P::Mutex<Inner>,
}

/// What the jitter of a breaker's open intervals is drawn from.
const JITTER: Stream = Stream::named("breaker.jitter");

/// What the lock protects.
pub(super) struct Inner {
    machine: Machine,
    pub(super) pending: Pending,
}

impl CircuitBreaker {
    /// A closed breaker in production. `name` is for errors and listeners.
    ///
    /// # Errors
    /// As [`BreakerConfig::validate`].
    pub fn new(name: impl Into<Name>, config: BreakerConfig) -> Result<Self, ConfigError> {
        Self::on(System, name, config)
    }
}

impl<P: Platform> CircuitBreaker<P> {
    /// A closed breaker on `platform`. `name` is for errors and listeners.
    ///
    /// # Errors
    /// As [`BreakerConfig::validate`].
    pub fn on(
        platform: P,
        name: impl Into<Name>,
        config: BreakerConfig,
    ) -> Result<Self, ConfigError> {
        Self::before(platform, name.into(), config.into(), Audience::default())
    }

    /// A closed breaker before an audience.
    pub(super) fn before(
        platform: P,
        name: Name,
        config: Arc<BreakerConfig>,
        audience: Audience,
    ) -> Result<Self, ConfigError> {
        let mut machine = Machine::new(config.clone(), moment(&platform))?;
        if config.jitter != Share::NONE {
            machine = machine.seeded(platform.draw(JITTER, NonZeroU64::MAX));
        }
        if platform.broken_by(plants::STARTS_HALF_OPEN) {
            machine = machine.half_open();
        }
        let mut lockless = Lockless::new(&platform, &config, audience.widest_interest());
        tell_rejections(&audience, &mut lockless, &mut machine);
        let mut pending = Pending::for_audience(&audience);
        if platform.broken_by(plants::EVENTS_WAIT_WITHOUT_BOUND) {
            pending.without_bound();
        }
        let inner = platform.mutex(Inner { machine, pending });
        Ok(Self { name, config, platform, audience, lockless, inner })
    }

    /// Adds a listener, before the breaker is shared. It hears what happens from now on.
    #[must_use]
    pub fn listen(mut self, listener: Arc<dyn Listener>) -> Self {
        self.audience.add(listener);
        let mut inner = self.inner.lock();
        let Inner { machine, pending } = &mut *inner;
        pending.widen(&self.audience);
        if self.platform.broken_by(plants::EVENTS_WAIT_WITHOUT_BOUND) {
            pending.without_bound();
        }
        tell_rejections(&self.audience, &mut self.lockless, machine);
        if self.audience.widest_interest() == Some(Interest::Everything) {
            self.lockless.turn_off(machine, &self.platform);
        } else if machine.has_begun() {
            // The next call that is rejected may be the first that somebody hears of.
            self.lockless.close(machine, &self.platform);
            self.lockless.open(machine, &self.platform);
        }
        drop(inner);
        self
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &BreakerConfig {
        &self.config
    }

    /// The effective state now: half-open as soon as the open interval is over, even before anybody called.
    #[must_use]
    pub fn state(&self) -> State {
        if self.lockless.is_closed() {
            return State::Closed;
        }
        let inner = self.inner.lock();
        inner.machine.state(moment(&self.platform), &self.platform)
    }

    /// Everything counted so far, in one consistent reading.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let mut inner = self.inner.lock();
        let counts = self.lockless.read(&mut inner.machine, &self.platform);
        let mut stats = inner.machine.stats(moment(&self.platform), &self.platform);
        counts.add_to(&mut stats);
        stats
    }

    /// Makes the transition to half-open an event, if the open interval is over, and returns the state.
    pub fn refresh(&self) -> State {
        self.operate(|machine, now, rules, journal| {
            machine.refresh(now, rules, journal);
            machine.state(now, rules)
        })
    }

    pub(super) fn audience(&self) -> &Audience {
        &self.audience
    }

    pub(super) fn inner(&self) -> &P::Mutex<Inner> {
        &self.inner
    }

    /// What would be lost with this breaker.
    pub(super) fn protection(&self) -> Protection {
        if self.lockless.is_closed() {
            return Protection::Counts;
        }
        let mut inner = self.inner.lock();
        inner.machine.protection(moment(&self.platform), &self.platform)
    }

    /// How [`Delivery`] asks for planted bugs.
    pub(super) fn broken_by(&self, plant: Plant) -> bool {
        self.platform.broken_by(plant)
    }

    /// Whether a call that is rejected runs all the same: a planted bug.
    pub(super) fn runs_rejected_calls(&self) -> bool {
        self.platform.broken_by(plants::REJECTED_CALL_RUNS)
    }

    pub(super) fn name_of(&self) -> Name {
        self.name.clone()
    }

    fn operate<R>(&self, act: impl FnOnce(&mut Machine, Moment, &P, &mut Pending) -> R) -> R {
        let (result, delivery) = self.decide(act);
        self.deliver(delivery);
        result
    }

    /// One operation of the machine under the lock. Whoever gets a delivery runs it after that.
    fn decide<R>(
        &self,
        act: impl FnOnce(&mut Machine, Moment, &P, &mut Pending) -> R,
    ) -> (R, Option<Delivery<'_, P>>) {
        let mut inner = self.inner.lock();
        self.decide_in(&mut inner, || moment(&self.platform), act)
    }

    /// One operation of the machine, whose lock the caller holds.
    fn decide_in<R>(
        &self,
        Inner { machine, pending }: &mut Inner,
        now: impl FnOnce() -> Moment,
        act: impl FnOnce(&mut Machine, Moment, &P, &mut Pending) -> R,
    ) -> (R, Option<Delivery<'_, P>>) {
        self.lockless.close(machine, &self.platform);
        let result = act(machine, now(), &self.platform, pending);
        self.lockless.open(machine, &self.platform);
        let delivery = pending.claim(self);
        (result, delivery)
    }

    fn deliver(&self, delivery: Option<Delivery<'_, P>>) {
        let Some(delivery) = delivery else { return };
        if self.platform.panicking() {
            // A listener's panic on top of this one would abort the process. Its delivery is handed on all the same.
            let _ = catch_unwind(AssertUnwindSafe(|| delivery.run()));
        } else {
            delivery.run();
        }
    }
}

impl<P: Platform> fmt::Debug for CircuitBreaker<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CircuitBreaker")
            .field("name", &self.name)
            .field("config", &self.config)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

/// Lets those who count rejections tell of them, if somebody in the audience hears it.
fn tell_rejections<P: Platform>(
    audience: &Audience,
    lockless: &mut Lockless<P>,
    machine: &mut Machine,
) {
    if let Some(every) = audience.rejections_between() {
        let elsewhere = lockless.tell_rejections();
        machine.tell_refusals(every, elsewhere);
    }
}

/// Reads the clocks; the wall clock only where a planted bug decides by it.
fn moment<P: Platform>(platform: &P) -> Moment {
    moment_at(platform, platform.now())
}

/// The moment of a reading of the monotonic clock.
fn moment_at<P: Platform>(platform: &P, mono: Instant) -> Moment {
    let by = platform.number();
    let by_wall = platform.broken_by(plants::WALL_CLOCK_INTERVAL)
        || platform.broken_by(plants::LATENCY_BY_THE_WALL_CLOCK);
    let wall = if by_wall { platform.wall() } else { Timestamp::EPOCH };
    Moment { mono, wall, by }
}
