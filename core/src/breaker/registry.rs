//! Breakers by name, so that all callers of one service share one.

use super::listener::Audience;
use super::{BreakerConfig, CircuitBreaker, ConfigError, Listener, Name, Stats, plants};
use crate::door::{Mutex, Platform, Rules, System};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Breakers by name. It is a value: make one, and give it to whoever needs it.
///
/// ```
/// use retrip_core::breaker::{BreakerConfig, Registry, RegistryError};
///
/// let registry = Registry::new();
/// let here = registry.get_or_create("llm", BreakerConfig::default())?;
/// here.force_open();
/// // Everywhere else the same name gives the same breaker.
/// let there = registry.get_or_create("llm", BreakerConfig::default())?;
/// assert!(there.acquire().is_err());
///
/// // Another configuration under the same name is a mistake, and is not ignored.
/// let eager = BreakerConfig { failure_threshold: Some(1), ..BreakerConfig::default() };
/// let error = registry.get_or_create("llm", eager).expect_err("it exists with threshold 5");
/// assert!(matches!(error, RegistryError::Conflict { field: "failure_threshold", .. }));
/// # Ok::<(), RegistryError>(())
/// ```
pub struct Registry<P: Platform = System> {
    platform: P,
    audience: Audience,
    breakers: P::Mutex<Breakers<P>>,
}

type Breakers<P> = BTreeMap<Name, Arc<CircuitBreaker<P>>>;

impl Registry {
    /// An empty registry in production.
    #[must_use]
    pub fn new() -> Self {
        Self::on(System)
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Platform> Registry<P> {
    /// An empty registry of breakers on `platform`.
    #[must_use]
    pub fn on(platform: P) -> Self {
        let breakers = platform.mutex(BTreeMap::new());
        Self { platform, audience: Audience::default(), breakers }
    }

    /// Adds a listener to every breaker that will be created.
    #[must_use]
    pub fn listen(mut self, listener: Arc<dyn Listener>) -> Self {
        self.audience.add(listener);
        self
    }

    /// The breaker named `name`; where there is none, a new one.
    ///
    /// It is built under the registry's lock, in which the platform's clock may be read: a clock of one's own must not ask
    /// this registry.
    ///
    /// # Errors
    /// `config` cannot work, or the breaker exists with another one.
    pub fn get_or_create(
        &self,
        name: impl Into<Name>,
        config: BreakerConfig,
    ) -> Result<Arc<CircuitBreaker<P>>, RegistryError> {
        config.validate().map_err(RegistryError::Config)?;
        let name = name.into();
        let mut breakers = self.breakers.lock();
        let Some(existing) = self.found(&breakers, &name) else {
            // Nothing of the user's runs in here, but for the platform's clock where that is the user's.
            let (platform, audience) = (self.platform.clone(), self.audience.clone());
            let new = CircuitBreaker::before(platform, name.clone(), config.into(), audience);
            let new = Arc::new(new.map_err(RegistryError::Config)?);
            if self.platform.broken_by(plants::SLOWER_ONE_REPLACES) {
                drop(breakers);
                breakers = self.breakers.lock();
            }
            breakers.insert(name, new.clone());
            return Ok(new);
        };
        match existing.config().first_difference(&config) {
            None => Ok(existing.clone()),
            Some(_) if self.platform.broken_by(plants::CONFLICT_IGNORED) => Ok(existing.clone()),
            Some(field) => Err(RegistryError::Conflict { name: existing.name_of(), field }),
        }
    }

    /// The breaker of this name, and of no other one, but for a planted bug.
    fn found<'a>(
        &self,
        breakers: &'a Breakers<P>,
        name: &str,
    ) -> Option<&'a Arc<CircuitBreaker<P>>> {
        if self.platform.broken_by(plants::NAMES_WITHOUT_CASE) {
            return breakers.values().find(|breaker| breaker.name().eq_ignore_ascii_case(name));
        }
        breakers.get(name)
    }

    /// The breaker named `name`, if it was created.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Arc<CircuitBreaker<P>>> {
        self.breakers.lock().get(name).cloned()
    }

    /// All breakers, in the order of their names.
    #[must_use]
    pub fn breakers(&self) -> Vec<Arc<CircuitBreaker<P>>> {
        self.breakers.lock().values().cloned().collect()
    }

    /// How many breakers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.breakers.lock().len()
    }

    /// Whether there is no breaker.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the breaker named `name` out, if it was created. Whoever holds it may go on with it; who asks for the name
    /// from now on gets a new one, which knows nothing of it and may have another configuration.
    pub fn remove(&self, name: &str) -> Option<Arc<CircuitBreaker<P>>> {
        self.breakers.lock().remove(name)
    }

    /// The statistics of all breakers by name. Each is consistent in itself; they are read one after the other.
    #[must_use]
    pub fn stats(&self) -> BTreeMap<Name, Stats> {
        self.breakers().iter().map(|breaker| (breaker.name_of(), breaker.stats())).collect()
    }

    /// Resets all breakers, in the order of their names.
    pub fn reset(&self) {
        // Listeners run while a breaker is reset, so the registry's lock is given back first.
        for breaker in self {
            breaker.reset();
        }
    }
}

/// The breakers that there are now, in the order of their names. What is created or removed meanwhile changes nothing of it.
impl<P: Platform> IntoIterator for &Registry<P> {
    type Item = Arc<CircuitBreaker<P>>;
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.breakers().into_iter()
    }
}

impl<P: Platform> fmt::Debug for Registry<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("audience", &self.audience).finish_non_exhaustive()
    }
}

/// Why a registry gives no breaker.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The configuration cannot work.
    #[error("a new breaker cannot work: {0}")]
    Config(#[source] ConfigError),
    /// The breaker exists with another configuration.
    #[error(
        "breaker `{name}` exists with another {field}: ask for it with the configuration it has, or choose another name"
    )]
    Conflict {
        /// The name of the breaker.
        name: Name,
        /// The first field that differs.
        field: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breaker::State;

    #[test]
    fn one_name_is_one_breaker() {
        let registry = Registry::new();
        let first = registry.get_or_create("a", BreakerConfig::default()).expect("valid");
        let again = registry.get_or_create("a", BreakerConfig::default()).expect("the same");
        assert!(Arc::ptr_eq(&first, &again));
        assert!(Arc::ptr_eq(&first, &registry.get("a").expect("created")));
        assert!(registry.get("b").is_none());
    }

    #[test]
    fn a_conflict_names_the_breaker_and_the_field() {
        let registry = Registry::new();
        registry.get_or_create("a", BreakerConfig::default()).expect("valid");
        let other = BreakerConfig { half_open_permits: 3, ..BreakerConfig::default() };
        let error = registry.get_or_create("a", other).expect_err("another number of permits");
        let conflict = RegistryError::Conflict { name: "a".into(), field: "half_open_permits" };
        assert_eq!(error, conflict);
        assert!(
            error.to_string().contains("`a`") && error.to_string().contains("half_open_permits")
        );
    }

    #[test]
    fn an_impossible_configuration_creates_nothing() {
        let registry = Registry::new();
        let never = BreakerConfig { success_threshold: 0, ..BreakerConfig::default() };
        let error = registry.get_or_create("a", never).expect_err("zero successes");
        assert_eq!(error, RegistryError::Config(ConfigError::ZeroSuccessThreshold));
        assert!(registry.breakers().is_empty());
    }

    #[test]
    fn a_name_that_was_removed_is_free_for_another_configuration() {
        let registry = Registry::new();
        let first = registry.get_or_create("a", BreakerConfig::default()).expect("valid");
        first.force_open();
        let removed = registry.remove("a").expect("created");
        assert!(Arc::ptr_eq(&first, &removed) && registry.remove("a").is_none());
        assert!(registry.is_empty());

        let other = BreakerConfig { half_open_permits: 3, ..BreakerConfig::default() };
        let second = registry.get_or_create("a", other).expect("the name is free");
        assert_eq!((first.state(), second.state()), (State::Open, State::Closed));
    }

    #[test]
    fn breakers_come_by_name_while_others_are_removed() {
        let registry = Registry::new();
        for name in ["c", "a", "b"] {
            registry.get_or_create(name, BreakerConfig::default()).expect("valid");
        }
        assert_eq!(registry.len(), 3);
        let mut names = Vec::new();
        for breaker in &registry {
            registry.remove(breaker.name());
            names.push(breaker.name().to_owned());
        }
        assert_eq!((names, registry.len()), (vec!["a".into(), "b".into(), "c".into()], 0));
    }

    #[test]
    fn reset_and_stats_reach_all_breakers() {
        let registry = Registry::new();
        for name in ["b", "a"] {
            registry.get_or_create(name, BreakerConfig::default()).expect("valid").force_open();
        }
        let states = |registry: &Registry| -> Vec<(String, State)> {
            let stats = registry.stats();
            stats.iter().map(|(name, stats)| (name.to_string(), stats.state)).collect()
        };
        assert_eq!(states(&registry), [("a".into(), State::Open), ("b".into(), State::Open)]);
        registry.reset();
        assert_eq!(states(&registry), [("a".into(), State::Closed), ("b".into(), State::Closed)]);
    }
}
