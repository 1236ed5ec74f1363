//! Situations in which many read what few write.

mod archive;
mod promise;
pub(crate) mod readers_let_a_writer_in;
mod shelf;
