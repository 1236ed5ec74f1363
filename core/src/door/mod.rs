//! The one door through which core meets the world: a [`Platform`] is a bundle of small traits.
//!
//! Code under test is generic over `P: Platform` and asks it for everything that is not a function of its inputs. One
//! build holds both worlds: [`System`] for production and whatever simulator implements the same traits, so that the
//! tested code is the shipped code.
//!
//! ```
//! use retrip_core::door::{Clock, Instant, Platform, System};
//! use std::time::Duration;
//!
//! /// True from exactly `open_for` after `opened_at`.
//! fn interval_is_over<P: Platform>(platform: &P, opened_at: Instant, open_for: Duration) -> bool {
//!     platform.now().saturating_duration_since(opened_at) >= open_for
//! }
//!
//! assert!(interval_is_over(&System, System.now(), Duration::ZERO));
//! ```

mod clock;
mod context;
mod disk;
pub(crate) mod parts;
mod plant;
mod random;
mod rfc3339;
mod spawn;
mod sync;
mod system;
mod with_clock;

pub use clock::{Clock, Instant, Timestamp};
pub use context::{Carried, Context};
pub use disk::{Disk, DiskFile};
pub use plant::{Plant, Plants, Rules, Sound};
pub use random::{Random, Stream};
pub use rfc3339::TimestampError;
pub(crate) use rfc3339::write_nanos;
pub use spawn::{JoinError, JoinHandle, Spawn, SpawnError, UnitNumber};
pub use sync::{Atomic, AtomicInteger, Condvar, Guard, Mutex, SyncPrimitives, WaitOutcome};
pub use system::{System, SystemFile};
pub(crate) use system::{keep_for_process, kept_of_process};
pub use with_clock::WithClock;

/// Everything that core needs from the world, as one type parameter.
///
/// `dyn Platform` is impossible on purpose: the locks are generic associated types. Where one object must hide its
/// platform, write an object-safe trait of your own and implement it for every `P: Platform`.
pub trait Platform:
    Clock + Random + SyncPrimitives + Spawn + Context + Disk + Plants + Clone + Send + Sync + 'static
{
}

impl<P> Platform for P where
    P: Clock
        + Random
        + SyncPrimitives
        + Spawn
        + Context
        + Disk
        + Plants
        + Clone
        + Send
        + Sync
        + 'static
{
}
