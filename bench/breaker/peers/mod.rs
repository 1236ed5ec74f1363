//! Breakers as their crates publish them, unmodified, in the situations that they can be in.

pub(crate) mod circuitbreaker_rs;
pub(crate) mod failsafe;
pub(crate) mod recloser;
pub(crate) mod tower_resilience;

use std::time::Duration;

/// Longer than anything is measured here.
const HOUR: Duration = Duration::from_secs(3600);
