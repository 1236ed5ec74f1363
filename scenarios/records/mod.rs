//! Situations in which somebody compares what a log says, byte for byte, with what was logged.

pub(crate) mod a_failed_operation_is_measured;
mod author;
mod content;
pub(crate) mod every_type_at_every_level;
mod golden;
mod operation;
mod promise;
pub(crate) mod records_read_back;
pub(crate) mod sinks_of_their_own;
mod told;
