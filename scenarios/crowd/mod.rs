//! Situations in which a hundred callers and more share one breaker.

pub(crate) mod a_hundred_callers_make_a_hundred_calls;
pub(crate) mod a_thousand_callers_share_a_breaker;
mod callers;
mod promise;
