//! Situations in which those who listen to a breaker call it back, panic and are slow.

pub(crate) mod a_listener_panics_while_others_go_on;
pub(crate) mod a_slow_listener_is_told_in_order;
pub(crate) mod a_slow_listener_misses_events;
mod audience;
pub(crate) mod listeners_swarm;
mod operation;
mod promise;
mod sometimes;
mod told;
