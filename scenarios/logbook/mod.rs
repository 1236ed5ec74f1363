//! Situations in which a breaker and a log have to do with each other.

pub(crate) mod a_breaker_is_heard_in_a_log;
pub(crate) mod a_protected_call_is_measured;
pub(crate) mod logging_goes_on_while_a_breaker_is_open;
mod operation;
mod promise;
mod station;
pub(crate) mod threads_log_while_a_breaker_opens;
mod traffic;
