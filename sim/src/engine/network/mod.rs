//! The network engine: async units on hosts with real protocol stacks, moved by turmoil.
//!
//! Each host is a tokio runtime of its own, and code on it may use [`turmoil::net`](https://docs.rs/turmoil) with whatever is built
//! on that: a message over TCP or UDP takes its time, is lost where its way is cut, and waits where it is held. Hosts crash and
//! restart. The branches of `tokio::select!`, the order of hosts within a step, the time of a message and who is woken first come
//! from the seed.
//!
//! # Time
//! turmoil moves all hosts step by step and never jumps: a long wait costs as much as the steps within it. Engine time is the time
//! at which the step began, the same for every host that is moved in it, so that it never goes back whichever comes first. That is
//! its resolution: [`Setup::step`]. A sleep on a host's clock ends in the first step that is late enough; one of
//! `tokio::time`, which is not of a host's clock, may end within a longer step and look as early as that by the host's clock.
//!
//! What crashes or restarts a host is done by turmoil between two steps. From that moment in the log on no unit of it is polled any
//! more; a task that was started with `tokio::spawn`, about which nobody here knows, goes on to the end of the step.
//!
//! # Who waits for ever
//! Where no unit was polled for [`Setup::idle`] and the longest time of a message, and nobody sleeps on a host's clock, whoever is
//! left waits for ever. A sleep of `tokio::time` cannot be seen: where all of them are longer than that, the run is taken for one
//! that is stuck. A sleep on a host's clock for more than 2,592,000,000 steps, thirty days of a millisecond each, is one that never
//! ends.
//!
//! # What comes from outside of the seed
//! `std::time`, the order of a `HashMap` and random numbers of the operating system are the real ones here, as in production: code
//! that uses them differs from run to run. So does what `tokio::task::spawn_blocking` does on threads of its own, and a panic there
//! is seen only by whoever awaits it. Every other panic fails the run, also where a task beside the units catches it.
//!
//! It needs the feature `turmoil` and a compiler flag: without `--cfg tokio_unstable` tokio's `select!` cannot be seeded.
//! [`available`] says which one is missing.
//!
//! ```
//! use retrip_core::door::Clock;
//! use retrip_sim::engine::hosts::Setup;
//! use retrip_sim::engine::network;
//! use retrip_sim::seed::Seed;
//! use std::time::Duration;
//!
//! let setup = Setup::of(Seed::new(7), &["client", "server"]);
//! let ended = network::run(setup, |cluster| async move {
//!     let server = cluster.host(1);
//!     let naps = server.start("naps", {
//!         let server = server.clone();
//!         async move {
//!             let before = server.now();
//!             server.sleep(Duration::from_secs(2)).await;
//!             server.now().saturating_duration_since(before)
//!         }
//!     });
//!     assert_eq!(naps.await, Ok(Duration::from_secs(2)));
//! });
//! // Two seconds of virtual time, or the reason why there is no such engine in this build.
//! match ended {
//!     Ok(ended) => assert_eq!(ended.failure, None),
//!     Err(unavailable) => assert!(!unavailable.to_string().is_empty()),
//! }
//! ```

#[cfg(all(tokio_unstable, feature = "turmoil"))]
mod here;
#[cfg(all(tokio_unstable, feature = "turmoil"))]
mod machine;
#[cfg(all(tokio_unstable, feature = "turmoil"))]
mod runtime;
#[cfg(all(tokio_unstable, feature = "turmoil"))]
mod simulator;
#[cfg(all(tokio_unstable, feature = "turmoil"))]
mod socket;
#[cfg(all(tokio_unstable, feature = "turmoil"))]
mod ways;

use super::hosts::{Cluster, Ended, Setup};
use std::future::Future;

/// Why this build has no network engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The crate was built without its feature.
    #[error("retrip-sim was built without its feature `turmoil`: ask for it in Cargo.toml")]
    Feature,
    /// tokio was built so that it draws from the operating system.
    #[error(
        "this build has no `--cfg tokio_unstable`, without which tokio's `select!` differs from run to run: say so in the project's \
         `.cargo/config.toml`, below [target.'cfg(all())'] as rustflags = [\"--cfg\", \"tokio_unstable\"], and leave the variable \
         RUSTFLAGS unset, which takes its place even where it is empty"
    )]
    Cfg,
}

/// Whether this build has the engine.
///
/// # Errors
/// What is missing.
pub const fn available() -> Result<(), Unavailable> {
    if !cfg!(feature = "turmoil") {
        return Err(Unavailable::Feature);
    }
    if !cfg!(tokio_unstable) {
        return Err(Unavailable::Cfg);
    }
    Ok(())
}

/// Runs what `root` returns, and everything that it starts, on simulated hosts: one for each of `setup`. The root is on none of them
/// and goes on between two steps: what needs a host, as a socket or a sleep of `tokio::time` does, belongs into a unit of one.
///
/// The run has an operating system thread of its own, on which nothing of an earlier one can be seen. It ends with the root, or
/// with the first failure: units that are left then are dropped where they are. A unit that computes for longer than the
/// setup's patience, of real time, without one use of the platform is taken for one that never ends: the run is a livelock, and its
/// thread is left behind.
///
/// # Errors
/// This build has no such engine.
///
/// # Panics
/// `setup` has no hosts, its step is not a whole number of milliseconds above zero, or the system refuses a thread.
pub fn run<F>(
    setup: Setup,
    root: impl FnOnce(Cluster) -> F + Send + 'static,
) -> Result<Ended, Unavailable>
where
    F: Future<Output = ()> + 'static,
{
    available()?;
    #[cfg(all(tokio_unstable, feature = "turmoil"))]
    return Ok(simulator::run(setup, super::hosts::starting(root)));
    #[cfg(not(all(tokio_unstable, feature = "turmoil")))]
    {
        drop((setup, root));
        unreachable!("it was just found to be unavailable")
    }
}
