//! Situations in which what a logger runs does something unexpected: its sink, its fallback, a value that prints itself.

pub(crate) mod a_sink_and_a_value_log;
pub(crate) mod a_value_waits_for_another_unit;
mod meeting;
mod mirror;
mod pair;
mod promise;
pub(crate) mod sink_and_fallback_fail_together;
