//! Situations in which items are handed over through a queue that has a size.

pub(crate) mod a_full_queue_refuses_in_time;
mod bounded;
mod counter;
mod promise;
