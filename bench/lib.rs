//! The programs that the engine and its peers run, each written once for ours and once for theirs, and how they are timed.

#[cfg(feature = "peers")]
pub mod goal;
#[cfg(feature = "peers")]
pub mod peers;
pub mod programs;
#[cfg(feature = "peers")]
pub mod ratio;
#[cfg(feature = "peers")]
pub mod swarm;
