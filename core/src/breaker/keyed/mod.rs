//! A breaker for each key, such as a host or a tenant, in bounded memory.

mod bounds;
mod shelf;

pub use bounds::{Bounds, Full};

use super::listener::Audience;
use super::machine::Protection;
use super::{BreakerConfig, CircuitBreaker, ConfigError, Listener, Name, Stats, plants};
use crate::door::{Guard, Instant, Mutex, Platform, Rules, System};
use shelf::{Place, Shelf, Taken};
use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// A breaker for each key, made when it is first asked for, all with one configuration.
///
/// The memory is bounded: when a new key comes, breakers go that nobody has asked for in the [idle](Bounds::idle) time, and
/// where all places are taken, the one that was asked for longest ago. No service loses its protection by that:
///
/// - A breaker that somebody holds never goes: an [`Arc`] of it (or a [`Weak`](std::sync::Weak)), and so any call in flight. A
///   key never has two breakers, but by [`remove`](Self::remove).
/// - One that is open, or controlled by hand, never goes before that is over, however long nobody asks.
/// - One whose open interval is over, so that it waits for trials, goes only once it is idle. Its key begins with a closed
///   breaker again.
/// - A closed one goes with what it has counted.
///
/// Where none may go, a new key is refused with [`Full`]. So ask for the breaker with each call, and do not keep it.
///
/// A breaker is named as its key is written. Keys that are written alike have breakers of one name, and are still two.
///
/// To find a breaker takes one lock, one reading of the monotonic clock, and no memory. Under that lock run the order of keys ([`Ord`])
/// and the platform's clock, and nothing else of the user's: neither may come back here. Keys are written, cloned and dropped, and breakers built
/// and dropped, outside of it. To make a breaker where many may not go takes longer, as each of them is looked at.
///
/// ```
/// use retrip_core::breaker::{Bounds, BreakerConfig, KeyedBreakers, State};
///
/// let config = BreakerConfig { failure_threshold: Some(1), ..BreakerConfig::default() };
/// let hosts: KeyedBreakers<String> = KeyedBreakers::new(config, Bounds::of(2))?;
///
/// let down = hosts.get("a.example")?.call(|| Err::<(), _>("no route"));
/// assert!(down.is_err());
/// assert_eq!(hosts.get("a.example")?.state(), State::Open);
/// assert_eq!(hosts.get("b.example")?.state(), State::Closed);
///
/// // Two are the most: the closed one goes, and the open one stays, which was asked for longer ago.
/// hosts.get("c.example")?;
/// let names: Vec<_> = hosts.breakers().iter().map(|breaker| breaker.name().to_owned()).collect();
/// assert_eq!(names, ["a.example", "c.example"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct KeyedBreakers<K: Ord + Send + 'static, P: Platform = System> {
    platform: P,
    config: Arc<BreakerConfig>,
    bounds: Bounds,
    audience: Audience,
    shelf: P::Mutex<Breakers<K, P>>,
}

type Breakers<K, P> = Shelf<K, Arc<CircuitBreaker<P>>>;
type Evicted<K, P> = Vec<Taken<K, Arc<CircuitBreaker<P>>>>;

impl<K: Ord + Send + 'static> KeyedBreakers<K> {
    /// No breaker yet, in production. Each will have `config`.
    ///
    /// # Errors
    /// As [`BreakerConfig::validate`].
    pub fn new(config: BreakerConfig, bounds: Bounds) -> Result<Self, ConfigError> {
        Self::on(System, config, bounds)
    }
}

impl<K: Ord + Send + 'static, P: Platform> KeyedBreakers<K, P> {
    /// No breaker yet, on `platform`. Each will have `config`.
    ///
    /// # Errors
    /// As [`BreakerConfig::validate`].
    pub fn on(platform: P, config: BreakerConfig, bounds: Bounds) -> Result<Self, ConfigError> {
        config.validate()?;
        let shelf = platform.mutex(Shelf::new());
        let config = config.into();
        Ok(Self { platform, config, bounds, audience: Audience::default(), shelf })
    }

    /// Adds a listener to every breaker that will be made.
    #[must_use]
    pub fn listen(mut self, listener: Arc<dyn Listener>) -> Self {
        self.audience.add(listener);
        self
    }

    /// The breaker of `key`; where there is none, a new one. Any borrowed form of the key will do, such as `&str` for a
    /// `String`.
    ///
    /// # Errors
    /// The key is new, and none of the others may go for it.
    pub fn get<Q>(&self, key: &Q) -> Result<Arc<CircuitBreaker<P>>, Full>
    where
        K: Borrow<Q>,
        Q: Ord + ToOwned<Owned = K> + fmt::Display + ?Sized,
    {
        match self.find(key) {
            Some(breaker) => Ok(breaker),
            None => self.make(key),
        }
    }

    /// The breaker of `key`, if it is there. Whoever asks has used it, as with [`get`](Self::get).
    pub fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Option<Arc<CircuitBreaker<P>>>
    where
        K: Borrow<Q>,
    {
        let mut shelf = self.shelf.lock();
        let now = self.observe(&mut shelf);
        self.used(&mut shelf, key, now)
    }

    /// Takes the breaker of `key` out, in whatever state it is. Whoever holds it may go on with it; who asks for the key from
    /// now on gets a new one.
    pub fn remove<Q: Ord + ?Sized>(&self, key: &Q) -> Option<Arc<CircuitBreaker<P>>>
    where
        K: Borrow<Q>,
    {
        let taken = {
            let mut shelf = self.shelf.lock();
            let place = shelf.find(key)?;
            shelf.take(place)
        };
        Some(taken.value)
    }

    /// Lets go what is idle and may go, as the next new key would, and says how many went.
    pub fn evict_idle(&self) -> usize {
        let mut evicted = Vec::new();
        {
            let mut shelf = self.shelf.lock();
            let now = self.observe(&mut shelf);
            self.evict_since(&mut shelf, now, &mut evicted);
        }
        evicted.len()
    }

    /// How many breakers there are: at most the capacity.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shelf.lock().len()
    }

    /// Whether there is no breaker.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The configuration of each breaker.
    #[must_use]
    pub fn config(&self) -> &BreakerConfig {
        &self.config
    }

    /// How many breakers are kept, and for how long.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// All breakers, in the order of their keys. None of them goes while the list lasts, and none counts as used.
    #[must_use]
    pub fn breakers(&self) -> Vec<Arc<CircuitBreaker<P>>> {
        let shelf = self.shelf.lock();
        shelf.by_key().map(|place| shelf.entry(place).value.clone()).collect()
    }

    /// The names of all breakers and their statistics, in the order of their keys. Each is consistent in itself; they are read
    /// one after the other.
    #[must_use]
    pub fn stats(&self) -> Vec<(Name, Stats)> {
        self.breakers().iter().map(|breaker| (breaker.name_of(), breaker.stats())).collect()
    }

    /// Resets all breakers, in the order of their keys.
    pub fn reset(&self) {
        // Listeners run while a breaker is reset, so the lock is given back first.
        for breaker in self.breakers() {
            breaker.reset();
        }
    }

    /// Builds a breaker outside the lock, and puts it in unless somebody was faster: then it is thrown away.
    #[cold]
    fn make<Q>(&self, key: &Q) -> Result<Arc<CircuitBreaker<P>>, Full>
    where
        K: Borrow<Q>,
        Q: Ord + ToOwned<Owned = K> + fmt::Display + ?Sized,
    {
        let name = Name::from(key.to_string());
        let (platform, config) = (self.platform.clone(), self.config.clone());
        let new = CircuitBreaker::before(platform, name, config, self.audience.clone())
            .expect("a configuration that was valid once is valid");
        let (new, keys) = (Arc::new(new), [key.to_owned(), key.to_owned()]);
        // Dropped after the lock, as all that is built here.
        let mut evicted = Vec::new();
        let mut shelf = self.shelf.lock();
        let now = self.observe(&mut shelf);
        if self.platform.broken_by(plants::SLOWER_ONE_REPLACES) {
            evicted.extend(shelf.find(key).map(|place| shelf.take(place)));
        } else if let Some(existing) = self.used(&mut shelf, key, now) {
            return Ok(existing);
        }
        self.make_room(&mut shelf, now, &mut evicted)?;
        shelf.add(keys, new.clone(), now);
        Ok(new)
    }

    /// Reads the clock under the lock, so that uses are in the order of their readings.
    fn observe(&self, shelf: &mut Guard<'_, P, Breakers<K, P>>) -> Instant {
        let now = self.platform.now();
        shelf.observe(now);
        now
    }

    /// The breaker of `key`, which is used now.
    fn used<Q: Ord + ?Sized>(
        &self,
        shelf: &mut Breakers<K, P>,
        key: &Q,
        now: Instant,
    ) -> Option<Arc<CircuitBreaker<P>>>
    where
        K: Borrow<Q>,
    {
        let place = shelf.find(key)?;
        if !self.platform.broken_by(plants::EVICTION_BY_AGE) {
            shelf.touch(place);
        }
        let entry = shelf.entry_mut(place);
        if !self.platform.broken_by(plants::IDLE_BY_CREATION_TIME) {
            entry.used = now;
        }
        Some(entry.value.clone())
    }

    /// Lets go what is idle, and one more where all places are taken still.
    fn make_room(
        &self,
        shelf: &mut Breakers<K, P>,
        now: Instant,
        evicted: &mut Evicted<K, P>,
    ) -> Result<(), Full> {
        self.evict_since(shelf, now, evicted);
        let capacity = self.bounds.capacity;
        let spare = usize::from(self.platform.broken_by(plants::CAPACITY_OFF_BY_ONE));
        if shelf.len() < capacity.get() + spare {
            return Ok(());
        }
        let mut next = shelf.oldest();
        while let Some(place) = next {
            if self.may_go(shelf, place, Protection::Counts) {
                evicted.push(shelf.take(place));
                return Ok(());
            }
            next = shelf.newer(place);
            if self.platform.broken_by(plants::ONLY_THE_OLDEST_IS_ASKED_TO_GO) {
                break;
            }
        }
        Err(Full { capacity })
    }

    /// Lets go what is idle at `now` and may go.
    fn evict_since(&self, shelf: &mut Breakers<K, P>, now: Instant, evicted: &mut Evicted<K, P>) {
        let late = self.platform.broken_by(plants::IDLE_LATE_BY_ONE_NANOSECOND);
        let is_idle = |shelf: &Breakers<K, P>, place| {
            let idle = now.saturating_duration_since(shelf.entry(place).used);
            if late { idle > self.bounds.idle } else { idle >= self.bounds.idle }
        };
        let mut next = shelf.oldest();
        // Uses are in order: behind the first that is not idle, none is.
        while let Some(place) = next.filter(|place| is_idle(shelf, *place)) {
            next = shelf.newer(place);
            if self.may_go(shelf, place, Protection::Trials) {
                evicted.push(shelf.take(place));
            }
        }
    }

    /// Whether the breaker may go that protects its service by no more than `most`.
    fn may_go(&self, shelf: &mut Breakers<K, P>, place: Place, most: Protection) -> bool {
        let breaker = &mut shelf.entry_mut(place).value;
        // Where this one is the only one, nobody can get another but through this lock, or make a call without one. What those
        // did who had one before is seen from here on.
        let is_held = Arc::get_mut(breaker).is_none();
        if is_held && !self.platform.broken_by(plants::EVICTION_OF_CALLS_IN_FLIGHT) {
            return false;
        }
        breaker.protection() <= most || self.platform.broken_by(plants::EVICTION_FORGETS_OPEN)
    }
}

impl<K: Ord + Send + 'static, P: Platform> fmt::Debug for KeyedBreakers<K, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedBreakers")
            .field("config", &self.config)
            .field("bounds", &self.bounds)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}
