//! The nodes engine: async units on the nodes of a cluster, moved by madsim.
//!
//! Which of the ready units goes on is drawn from the seed, and time jumps to the next event when none is. Nodes can be killed,
//! restarted and paused, and cut off from each other. Within a run `std::time`, the order of a `HashMap` and the random numbers of
//! the operating system come from the seed as well, also for code that was not written for it. So do the branches of
//! `tokio::select!`, in a build with `--cfg tokio_unstable`; a task that is given to `tokio::spawn` fails the run, as nobody would run it, and a
//! runtime of one's own cannot be blocked on, which panics.
//!
//! madsim defines functions of the C library for the whole process: `clock_gettime`, `gettimeofday`, `getrandom`, `getentropy`,
//! `sysconf`, `sched_getaffinity`, `gethostname` and `pthread_attr_init`. Outside of a run they ask the system as before. Within one
//! a thread of the operating system cannot be started, and clocks other than real, monotonic and boot time panic.
//!
//! It needs the feature `madsim` and a compiler flag: without `--cfg madsim` madsim is a library for real networks in real time.
//! [`available`] says which one is missing.
//!
//! ```
//! use retrip_core::door::Clock;
//! use retrip_sim::engine::hosts::Setup;
//! use retrip_sim::engine::nodes;
//! use retrip_sim::seed::Seed;
//! use std::time::Duration;
//!
//! let setup = Setup::of(Seed::new(7), &["client", "server"]);
//! let ended = nodes::run(setup, |cluster| async move {
//!     let server = cluster.host(1);
//!     let naps = server.start("naps", {
//!         let server = server.clone();
//!         async move {
//!             let before = server.now();
//!             server.sleep(Duration::from_secs(3600)).await;
//!             server.now().saturating_duration_since(before)
//!         }
//!     });
//!     assert!(naps.await.expect("it does not panic") >= Duration::from_secs(3600));
//! });
//! // An hour of virtual time, or the reason why there is no such engine in this build.
//! match ended {
//!     Ok(ended) => assert_eq!(ended.failure, None),
//!     Err(unavailable) => assert!(!unavailable.to_string().is_empty()),
//! }
//! ```

#[cfg(all(madsim, feature = "madsim"))]
mod bell;
#[cfg(all(madsim, feature = "madsim"))]
mod machine;
#[cfg(all(madsim, feature = "madsim"))]
mod simulator;

use super::hosts::{Cluster, Ended, Setup};
use std::future::Future;

/// Why this build has no nodes engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The crate was built without its feature.
    #[error("retrip-sim was built without its feature `madsim`: ask for it in Cargo.toml")]
    Feature,
    /// madsim was built as a library for real networks.
    #[error(
        "this build has no `--cfg madsim`, without which madsim runs in real time on real networks: say so in the project's \
         `.cargo/config.toml`, below [target.'cfg(all())'] as rustflags = [\"--cfg\", \"madsim\"], and leave the variable RUSTFLAGS \
         unset, which takes its place even where it is empty"
    )]
    Cfg,
}

/// Whether this build has the engine.
///
/// # Errors
/// What is missing.
pub const fn available() -> Result<(), Unavailable> {
    if !cfg!(feature = "madsim") {
        return Err(Unavailable::Feature);
    }
    if !cfg!(madsim) {
        return Err(Unavailable::Cfg);
    }
    Ok(())
}

/// Runs what `root` returns, and everything that it starts, on simulated nodes: one for each host of `setup`.
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
/// `setup` has no hosts, or the system refuses a thread.
pub fn run<F>(
    setup: Setup,
    root: impl FnOnce(Cluster) -> F + Send + 'static,
) -> Result<Ended, Unavailable>
where
    F: Future<Output = ()> + 'static,
{
    available()?;
    #[cfg(all(madsim, feature = "madsim"))]
    return Ok(simulator::run(setup, super::hosts::starting(root)));
    #[cfg(not(all(madsim, feature = "madsim")))]
    {
        drop((setup, root));
        unreachable!("it was just found to be unavailable")
    }
}
