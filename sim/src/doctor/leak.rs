//! What a run must not be able to see, planted on purpose.

use crate::determinism::Suspect;
use crate::engine::EngineName;
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

/// A way in which a program can depend on more than its seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Leak {
    /// The clock of the machine is read.
    RealClock,
    /// The order of a `HashMap` decides in which order things are done.
    MapOrder,
    /// A select looks at its branches in an order that no seed decides, and nothing is logged of it.
    UnseededSelect,
    /// The operating system gives a random number.
    OsRandom,
    /// A static counts through all runs of the process.
    Static,
}

/// How many keys the map has, and how many times the select chooses: that two runs agree by chance is less likely than once in 2^63.
const MANY: u64 = 64;

impl Leak {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::RealClock, Self::MapOrder, Self::UnseededSelect, Self::OsRandom, Self::Static];

    /// Its name, as `doctor --plant` takes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RealClock => "real_clock",
            Self::MapOrder => "map_order",
            Self::UnseededSelect => "unseeded_select",
            Self::OsRandom => "os_random",
            Self::Static => "static",
        }
    }

    /// What the determinism check has to call it.
    #[must_use]
    pub const fn suspect(self) -> Suspect {
        match self {
            Self::RealClock => Suspect::RealClock,
            Self::MapOrder => Suspect::MapOrder,
            Self::UnseededSelect => Suspect::HiddenOrder,
            Self::OsRandom => Suspect::Randomness,
            Self::Static => Suspect::Leftover,
        }
    }

    /// Whether `engine` simulates it, so that it comes from the seed. A static outlives the run on every engine.
    #[must_use]
    pub const fn is_simulated_on(self, engine: EngineName) -> bool {
        match self {
            Self::Static => false,
            Self::UnseededSelect => !matches!(engine, EngineName::Threads),
            Self::RealClock | Self::MapOrder | Self::OsRandom => engine.simulates_std(),
        }
    }

    /// What code under test sees of it, in its order.
    pub(super) fn readings(self) -> Vec<u64> {
        match self {
            Self::RealClock => vec![real_clock()],
            Self::MapOrder => map_order(),
            Self::UnseededSelect => (0..MANY).map(|_| select()).collect(),
            // One bit less, because a log holds signed numbers.
            Self::OsRandom => vec![os_random() >> 1],
            Self::Static => vec![left_over()],
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "planted: the real clock is what leaks")]
fn real_clock() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    // A clock before 1970 or after 2554 stands still for this purpose, and is found out by that.
    now.map_or(0, |now| u64::try_from(now.as_nanos()).unwrap_or(0))
}

#[expect(clippy::disallowed_types, reason = "planted: the order of the map is what leaks")]
fn map_order() -> Vec<u64> {
    let map: std::collections::HashMap<u64, ()> = (0..MANY).map(|key| (key, ())).collect();
    map.into_keys().collect()
}

/// std takes the keys of its hashers from the operating system.
#[expect(clippy::disallowed_types, reason = "planted: the system's random keys are what leaks")]
fn os_random() -> u64 {
    use std::hash::BuildHasher;
    std::hash::RandomState::new().hash_one(0)
}

/// Takes one of two branches that are ready, as tokio's macro does.
#[cfg(all(tokio_unstable, any(feature = "madsim", feature = "turmoil")))]
fn select() -> u64 {
    use std::future::{Future, ready};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    let takes = async {
        tokio::select! {
            () = ready(()) => 0,
            () = ready(()) => 1,
        }
    };
    match pin!(takes).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(branch) => branch,
        Poll::Pending => unreachable!("both are ready"),
    }
}

/// Without tokio: as its macro would, by a number that the operating system gives.
#[cfg(not(all(tokio_unstable, any(feature = "madsim", feature = "turmoil"))))]
fn select() -> u64 {
    os_random() % 2
}

fn left_over() -> u64 {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    RUNS.fetch_add(1, Ordering::Relaxed)
}

/// The text names no leak.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no leak `{name}`; there are {}", Leak::ALL.map(Leak::as_str).join(", "))]
pub struct LeakError {
    /// What was read.
    pub name: String,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Leak {
    type Err = LeakError;

    fn from_str(name: &str) -> Result<Self, LeakError> {
        let named = Self::ALL.into_iter().find(|leak| leak.as_str() == name);
        named.ok_or_else(|| LeakError { name: name.to_owned() })
    }
}
