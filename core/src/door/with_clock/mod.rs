//! A platform that is another one in everything but its clocks.

mod spawn;
mod sync;

use super::{Carried, Clock, Context, Disk, Instant, Plant, Plants, Random, Stream, Timestamp};
use std::io;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

/// The platform `P` with the clocks of `C`: a coarse clock in production, one that lies in a simulation.
///
/// Whatever waits does so until `C` shows the deadline: it waits with `P` for as long as `C` says is left, looks again, and
/// waits for the rest if there is any. While `C` stands still such a wait does not end, and where `C` goes faster than the
/// clock of `P` it ends late.
///
/// `C` is read under the locks of whoever uses the platform: it must not call a breaker, a registry or a logger itself.
///
/// ```
/// use retrip_core::breaker::{BreakerConfig, CircuitBreaker};
/// use retrip_core::door::{Clock, Instant, System, Timestamp, WithClock};
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// /// Shows what a ticker of the service's event loop has stored last.
/// #[derive(Clone)]
/// struct Ticked(&'static AtomicU64);
///
/// impl Clock for Ticked {
///     fn now(&self) -> Instant {
///         Instant::from_nanos(self.0.load(Ordering::Relaxed))
///     }
///
///     fn wall(&self) -> Timestamp {
///         System.wall()
///     }
/// }
///
/// static TICKS: AtomicU64 = AtomicU64::new(0);
/// let platform = WithClock::new(System, Ticked(&TICKS));
/// let breaker = CircuitBreaker::on(platform, "llm", BreakerConfig::default())?;
/// assert!(breaker.call(|| Ok::<_, ()>(1)).is_ok());
/// # Ok::<(), retrip_core::breaker::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WithClock<P, C> {
    platform: P,
    clock: C,
}

impl<P, C> WithClock<P, C> {
    /// `platform`, but for its clocks, which are those of `clock`.
    pub const fn new(platform: P, clock: C) -> Self {
        Self { platform, clock }
    }

    /// The platform that gives all but the clocks.
    pub const fn platform(&self) -> &P {
        &self.platform
    }

    /// The clocks.
    pub const fn clock(&self) -> &C {
        &self.clock
    }
}

impl<P: Clock, C: Clock> WithClock<P, C> {
    fn is_over(&self, deadline: Instant) -> bool {
        self.clock.now() >= deadline
    }

    /// The moment of the platform's own clock at which as much time has passed as `deadline` is away.
    fn on_the_platform(&self, deadline: Instant) -> Instant {
        let left = deadline.saturating_duration_since(self.clock.now());
        self.platform.now().saturating_add(left)
    }
}

impl<P, C: Clock> Clock for WithClock<P, C> {
    #[inline]
    fn now(&self) -> Instant {
        self.clock.now()
    }

    #[inline]
    fn wall(&self) -> Timestamp {
        self.clock.wall()
    }
}

impl<P: Plants, C> Plants for WithClock<P, C> {
    const PLANTS: bool = P::PLANTS;

    #[inline]
    fn planted(&self, plant: Plant) -> bool {
        self.platform.planted(plant)
    }
}

impl<P: Random, C> Random for WithClock<P, C> {
    fn draw(&self, stream: Stream, bound: NonZeroU64) -> u64 {
        self.platform.draw(stream, bound)
    }
}

impl<P: Context, C> Context for WithClock<P, C> {
    #[inline]
    fn swap(&self, carried: Carried) -> Carried {
        self.platform.swap(carried)
    }
}

impl<P: Disk, C> Disk for WithClock<P, C> {
    type File = P::File;

    fn append(&self, path: &Path) -> io::Result<Self::File> {
        self.platform.append(path)
    }

    fn create_new(&self, path: &Path) -> io::Result<Self::File> {
        self.platform.create_new(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.platform.read(path)
    }

    fn read_at(&self, path: &Path, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        self.platform.read_at(path, offset, most)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.platform.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.platform.remove(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.platform.list(folder)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.platform.sync_folder(folder)
    }
}
