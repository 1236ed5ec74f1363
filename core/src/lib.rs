//! Production circuit breaker and structured logger behind one injected [`door`].
//!
//! Everything that is not a function of its inputs (clocks, randomness, locks, threads, the context slot, the disk)
//! comes through a [`door::Platform`]. In production that is [`door::System`], the default type parameter; in a
//! simulation it is the simulator's. This crate does not know that a simulator exists.
//!
//! # Features
//! Both are off unless asked for.
//! - `serde`: a [`BreakerConfig`](breaker::BreakerConfig) is read from a file and written to one.
//! - `tower`: `BreakerLayer` puts a breaker before tower's services.

pub mod breaker;
pub mod door;
pub mod logger;
