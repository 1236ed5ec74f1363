//! The programs that the engine and its peers run, each written once, and how they are timed.
#![cfg_attr(
    feature = "peers",
    expect(
        clippy::duplicate_mod,
        reason = "one source is compiled against us and against each peer"
    )
)]

#[cfg(feature = "peers")]
pub mod by_loom;
#[cfg(feature = "peers")]
pub mod by_shuttle;
#[cfg(feature = "peers")]
pub mod case;
#[cfg(feature = "peers")]
pub mod curve;
#[cfg(feature = "peers")]
pub mod exhaustive;
#[cfg(feature = "peers")]
pub mod hosts;
#[cfg(feature = "peers")]
pub mod lineup;
pub mod load;
#[cfg(feature = "peers")]
pub mod primitives;
pub mod programs;
#[cfg(feature = "peers")]
pub mod strategies;
#[cfg(feature = "peers")]
pub mod swarm;
