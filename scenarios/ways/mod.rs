//! Ways to go through a breaker, and past it: by a wrapper, with a fallback, plainly.

pub(crate) mod a_plain_function_beside_a_breaker;
pub(crate) mod a_wrapped_function_is_a_call;
mod desk;
mod operation;
mod promise;
pub(crate) mod rejected_callers_get_the_fallback;
pub(crate) mod the_failure_rate_is_exact;
