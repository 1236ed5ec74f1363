//! Does a registry build a breaker when nobody has its name, and only then?

use crate::manual::Manual;
use retrip_core::breaker::{BreakerConfig, Registry, RegistryError, Share};

#[test]
fn a_name_that_is_there_draws_nothing_and_reads_no_clock() {
    let clock = Manual::default();
    let registry = Registry::on(clock.clone());
    let config = BreakerConfig { jitter: Share::percent(20), ..BreakerConfig::default() };
    registry.get_or_create("llm", config.clone()).expect("valid");
    // Whoever draws for the next breaker gets what comes next, however often this one was looked up.
    assert_eq!(clock.draws(), 1, "the jitter of the first one");
    let before = clock.readings();
    registry.get_or_create("llm", config).expect("the same");
    let other = BreakerConfig { jitter: Share::percent(30), ..BreakerConfig::default() };
    let conflict = registry.get_or_create("llm", other.clone()).expect_err("another one");
    assert!(matches!(conflict, RegistryError::Conflict { field: "jitter", .. }));
    assert_eq!((clock.draws(), clock.readings()), (1, before));
    registry.get_or_create("index", other).expect("valid");
    assert_eq!(clock.draws(), 2, "the jitter of the second one");
}
