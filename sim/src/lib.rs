//! sim

pub mod seed;
pub mod span;
pub mod stream;
pub mod swarm;
