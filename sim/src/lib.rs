//! Deterministic simulation testing: one seed in, one event log out.
//!
//! Data goes one way: scenario -> plan -> engine -> event log -> checks -> report. [`run`](run::run) is the one function
//! that knows every stage.

pub mod check;
pub mod cli;
pub mod clock;
pub mod conformance;
pub mod determinism;
pub mod disk;
pub mod doctor;
pub mod engine;
pub mod explore;
mod fault;
pub mod log;
mod names;
mod nearest;
mod one_line;
pub mod part;
pub mod plan;
mod play;
pub mod portfolio;
pub mod replay;
pub mod report;
pub mod run;
pub mod scenario;
pub mod seed;
pub mod shrink;
pub mod snapshot;
pub mod span;
pub mod stream;
pub mod swarm;
pub mod sweep;
pub mod sync;
pub mod thread;
pub mod time;
