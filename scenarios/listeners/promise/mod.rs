//! What is promised to those who listen, and of those who call: each in a file of its own.

mod every_call_is_counted;
mod everything_is_told;
mod few_wait;
mod last_reading;
mod told_in_order;
mod told_once;

pub(super) use every_call_is_counted::every_call_is_counted;
pub(super) use everything_is_told::everything_is_told;
pub(super) use few_wait::few_wait;
pub(super) use told_in_order::told_in_order;
pub(super) use told_once::told_once;
