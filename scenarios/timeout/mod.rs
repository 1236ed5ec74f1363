//! Situations in which an answer races with the end of patience.

mod mailbox;
mod post;
mod promise;
pub(crate) mod reply_as_the_caller_begins_to_wait;
pub(crate) mod reply_in_the_same_nanosecond_as_its_timeout;
