//! Configurations of breakers, as scenarios say them.

use retrip_core::breaker::BreakerConfig;

/// A breaker that closes after `successes` trials and admits no more of them than that.
pub(crate) fn closes_after(successes: u32) -> BreakerConfig {
    BreakerConfig {
        success_threshold: successes,
        half_open_permits: successes,
        ..BreakerConfig::default()
    }
}
