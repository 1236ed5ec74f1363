//! How benchmarks measure and what they print: paired rounds, ratios, goals, tables.
//!
//! It knows no engine and no breaker. The benchmark of the breaker must not link the simulators: madsim takes the place of the
//! system's functions for time and randomness in the whole process, and what reads the clock would be measured through it.

pub mod goal;
pub mod ratio;
pub mod rounds;
pub mod spent;
pub mod spread;
pub mod table;
