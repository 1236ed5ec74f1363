//! The logger through its public interface, on a platform whose clocks and locks the test holds.

mod accounting;
mod context;
mod damage;
mod failing;
mod futures;
mod golden;
mod lab;
mod measuring;
mod memory;
mod panics;
mod pieces;
mod plants;
mod queue;
mod rate;
mod reading;
mod reentrancy;
mod rescued;
mod round_trip;
mod several_sinks;
mod sinks;
mod teller;
