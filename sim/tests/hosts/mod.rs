//! What does every engine with hosts do? Each of them has these tests among its own.

mod befalls;
mod clocks;
mod effects;
mod failures;
mod faults;
mod messages;
mod moments;
mod production;
mod same_again;
mod shrinking;
mod stalls;
mod telling;
mod tokio;

pub(crate) use telling::{held, note, run, told};
