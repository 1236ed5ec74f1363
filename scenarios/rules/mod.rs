//! Every rule by which a breaker opens, tries and closes: windows of calls and of time, slow calls, backoff, leases, the longest half-open
//! period, and what is done to it by hand.

pub(crate) mod a_slow_service_is_tried;
pub(crate) mod a_trial_is_silent;
mod config;
pub(crate) mod done_by_hand;
pub(crate) mod every_rule_swarm;
mod moments;
pub(crate) mod windows_swarm;
