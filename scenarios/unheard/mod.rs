//! Situations of a breaker whose calls nobody listens to: it decides without its lock where it can, and is known by its answers
//! alone.

pub(crate) mod a_few_calls_overlap;
pub(crate) mod an_interval_ends_among_a_few_calls;
mod answer;
pub(crate) mod anything_overlaps;
mod breaker;
mod callers;
mod ending;
mod model;
mod operation;
mod promise;
mod readings;
pub(crate) mod results_meet_changes;
pub(crate) mod statistics_are_read_while_calls_overlap;
mod window;
pub(crate) mod windows_fill_while_calls_overlap;
