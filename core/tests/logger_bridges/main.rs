//! What is told through `tracing` and `log` becomes lines of the logger.

mod allocations;
mod crates;
mod desk;
mod events;
mod inside;
mod limits;
mod panics;
mod records;
mod spans;
mod tasks;
mod threshold;
