//! Situations in which a call through a breaker is made inside another one.

mod asking;
pub(crate) mod calls_inside_calls;
mod client;
mod promise;
