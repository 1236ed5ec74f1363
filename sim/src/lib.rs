//! sim

pub mod clock;
pub mod log;
pub mod plan;
pub mod seed;
pub mod span;
pub mod stream;
pub mod swarm;
