//! What becomes of trials that nobody ever ends: their lease gives the permit to somebody else.

use crate::manual::Manual;
use retrip_core::breaker::{BreakerConfig, CircuitBreaker, Permit, State, plants};
use std::mem::forget;
use std::sync::Arc;
use std::time::Duration;

/// Half-open since the second 30, with one permit and a lease of ten seconds.
fn half_open(platform: &Manual) -> Arc<CircuitBreaker<Manual>> {
    let config = BreakerConfig {
        failure_threshold: Some(1),
        open_for: Duration::from_secs(30),
        success_threshold: 1,
        half_open_permits: 1,
        trial_lease: Some(Duration::from_secs(10)),
        ..BreakerConfig::default()
    };
    let breaker = CircuitBreaker::on(platform.clone(), "llm", config).expect("valid");
    breaker.acquire().expect("closed").failure();
    platform.set_seconds(30);
    Arc::new(breaker)
}

/// Whether a breaker whose only trial is `lost` rejects everybody until its lease is over, and then goes on to close.
fn heals(platform: &Manual, lost: impl FnOnce(&Arc<CircuitBreaker<Manual>>)) -> bool {
    let breaker = half_open(platform);
    lost(&breaker);
    platform.set_seconds(39);
    let is_taken = breaker.acquire().is_err();
    platform.set_seconds(40);
    let is_given = breaker.acquire().map(Permit::success).is_ok();
    let stats = breaker.stats();
    is_taken && is_given && breaker.state() == State::Closed && stats.reclaimed == 1
}

#[test]
fn a_permit_that_is_forgotten_is_given_to_somebody_else_when_its_lease_is_over() {
    assert!(heals(&Manual::default(), |breaker| {
        forget(breaker.acquire().expect("a permit is free"));
    }));
    assert!(heals(&Manual::default(), |breaker| {
        forget(breaker.acquire_owned().expect("a permit is free"));
    }));
    let never = Manual::planted_with(plants::LEASE_NEVER_ENDS);
    assert!(!heals(&never, |breaker| forget(breaker.acquire().expect("a permit is free"))));
}

#[test]
fn a_forgotten_call_of_a_closed_breaker_is_in_flight_for_ever_and_keeps_nobody_out() {
    let platform = Manual::default();
    let breaker = half_open(&platform);
    breaker.acquire().expect("a permit is free").success();
    for _ in 0..100 {
        forget(breaker.acquire_owned().expect("closed"));
    }
    platform.set_seconds(1_000);
    assert!(breaker.acquire().map(Permit::success).is_ok());
    assert_eq!((breaker.stats().in_flight, breaker.state()), (100, State::Closed));
}
