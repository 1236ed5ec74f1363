//! Breakers that other crates publish, unmodified and in virtual time, in situations that ours is in as well.
//!
//! Where one of them breaks a promise that anybody would expect of a breaker, its scenario must fail; ours, through the same
//! adapter and the same part, must hold. What each of them says of itself is in the head of its scenario.
//!
//! They wait on `std::time::Instant`, which is virtual on nodes. A crate that waits on tokio's timers cannot be run here: those are
//! the real ones.

mod adapter;
pub(crate) mod circuitbreaker_rs_everyone_calls_while_half_open;
pub(crate) mod circuitbreaker_rs_late_success_during_a_trial;
pub(crate) mod circuitbreaker_rs_trials_are_given_up;
pub(crate) mod failsafe_everyone_calls_while_half_open;
pub(crate) mod failsafe_late_success_during_a_trial;
mod operation;
mod payments;
mod promise;
pub(crate) mod recloser_late_success_during_a_trial;
pub(crate) mod retrip_everyone_calls_while_half_open;
pub(crate) mod retrip_late_success_during_a_trial;
pub(crate) mod retrip_trials_are_given_up;
mod service;
mod situation;
